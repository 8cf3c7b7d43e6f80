// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

func agreedOn(d *difference, agreements []*agreed) bool {
	for _, a := range agreements {
		if a.covers(d) {
			a.count++
			return true
		}
	}
	return false
}

func oracleOnly(s *settings, filesDir string) error {
	all, err := corpus(s)
	if err != nil {
		return err
	}
	answers := make([]*answer, len(all))
	inParallel(len(all), s.jobs, func(i int) { answers[i] = theirs(all[i], filesDir) })
	t, c := &tap{}, newCoverage(versions)
	for i, d := range all {
		c.see(d, answers[i])
	}
	t.diag("%d documents", len(all))
	c.print(t)
	s.corpusLines(t, c)
	return t.done()
}

// Is the corpus complete?  A sample cannot cover everything.
func (s *settings) corpusLines(t *tap, c *coverage) {
	fields, messages := c.missed()
	if s.n > 0 || s.groups != "" {
		fields, messages = nil, nil
	} else {
		t.ok(len(fields) == 0, "every field of every version is in an accepted and in a refused document")
		if c.versions[0].json {
			messages = nil // only documents for Butane come in pairs
		} else {
			t.ok(len(messages) == 0, "Butane gives every message, and accepts a neighbour without it")
		}
	}
	t.ok(len(c.wrong) == 0, "Butane and Ignition report what was expected")
	for _, x := range append(append(fields, messages...), c.wrong...) {
		t.diag("%s", short2(x, 1500))
	}
}

func compareAll(s *settings, filesDir, scratch string) error {
	all, err := corpus(s)
	if err != nil {
		return err
	}
	p := s.program("ign-gen", filesDir, scratch)
	if _, err := os.Stat(p.binary); err != nil {
		return err
	}
	c, t := newCoverage(versions), &tap{}
	var found []*difference
	var mu sync.Mutex
	taken, same := 0, 0
	samples := []string{}
	inParallel(len(all), s.jobs, func(i int) {
		d := all[i]
		a, b := theirs(d, filesDir), p.ours(d, i)
		differences := compare(d, a, b)
		mu.Lock()
		defer mu.Unlock()
		c.see(d, a)
		found = append(found, differences...)
		if a.accepted() && b.accepted() {
			taken++
			if string(a.json)+"\n" == string(b.json) {
				same++
			}
			if s.validator != "" && taken%40 == 1 {
				file := filepath.Join(scratch, fmt.Sprintf("%d.ign", i))
				if err := os.WriteFile(file, b.json, 0o600); err == nil {
					samples = append(samples, file)
				}
			}
		}
	})
	t.diag("%d documents, %d taken by both, %d of these byte by byte the same", len(all), taken, same)
	c.print(t)
	s.corpusLines(t, c)
	s.differenceLines(t, found, genAspects, genAgreements)
	if s.validator != "" {
		s.validatorLine(t, samples)
	}
	return t.done()
}

// One line of TAP for each aspect, and the agreed differences.
func (s *settings) differenceLines(t *tap, found []*difference, names map[aspect]string, agreements []*agreed) {
	var left []*difference
	var counts [aspects]int
	for _, d := range found {
		if !agreedOn(d, agreements) {
			left = append(left, d)
			counts[d.aspect]++
		}
	}
	for what := aspect(0); what < aspects; what++ {
		name := names[what]
		if name == "" {
			continue
		}
		t.ok(counts[what] == 0, "%s", name)
		if counts[what] > 0 {
			t.diag("%d differences", counts[what])
		}
	}
	idle, all := 0, map[int]bool{}
	for _, a := range append(append([]*agreed(nil), genAgreements...), checkAgreements...) {
		all[a.id] = true // some are in both
	}
	for _, a := range agreements {
		t.diag("agreed, %d: %d documents: %s", a.id, a.count, a.reason)
		if a.count == 0 {
			idle++
		}
	}
	t.ok(len(all) <= 10 && (idle == 0 || s.n > 0 || s.groups != ""), "at most ten differences are agreed on, and all of them occur")
	if len(left) > 0 {
		s.byGroup(t, left)
	}
}

func (s *settings) validatorLine(t *tap, samples []string) {
	bad := 0
	p := &program{binary: s.validator, limit: s.limit}
	for _, file := range samples {
		if out, errs, code := p.run(file); code != 0 {
			bad++
			t.diag("%s%s", out, errs)
		}
	}
	t.ok(bad == 0 && len(samples) > 0, "the real ignition-validate accepts %d of them", len(samples))
}
