// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// checkAll compares ign-check with ignition-validate.
func checkAll(s *settings, filesDir, scratch string) error {
	all, err := configs(s, filesDir)
	if err != nil {
		return err
	}
	p := s.program("ign-check", filesDir, scratch)
	if _, err := os.Stat(p.binary); err != nil {
		return err
	}
	c, t := newCoverage(specs), &tap{}
	var found []*difference
	var mu sync.Mutex
	const batch = 20
	inParallel((len(all)+batch-1)/batch, s.jobs, func(k int) {
		docs := all[k*batch : min((k+1)*batch, len(all))]
		ours := p.check(docs, k)
		for i, d := range docs {
			a := validate([]byte(d.text))
			differences := compareCheck(d, a, ours[i])
			mu.Lock()
			c.see(d, a)
			found = append(found, differences...)
			mu.Unlock()
		}
	})
	t.diag("%d configs", len(all))
	c.print(t)
	s.corpusLines(t, c)
	s.differenceLines(t, found, checkAspects, checkAgreements)
	return t.done()
}

// check runs ign-check on some configs at once.  Its status must match the findings.
func (p *program) check(docs []*doc, k int) []*answer {
	args := append(append([]string(nil), p.options...), "--json")
	answers := map[string]*answer{}
	var all []*answer
	for i, d := range docs {
		file := filepath.Join(p.scratch, fmt.Sprintf("%d-%d.ign", k, i))
		a := &answer{stage: stageOK}
		if err := os.WriteFile(file, []byte(d.text), 0o600); err != nil {
			a.stage, a.err = stagePanic, err.Error()
		}
		defer os.Remove(file)
		args = append(args, file)
		answers[file] = a
		all = append(all, a)
	}
	out, errs, code := p.run(args...)
	bad := 0
	for _, line := range bytes.Split(bytes.TrimSpace(out), []byte("\n")) {
		var f struct {
			Input, Severity, Message string
			Path                     *string
			Line                     int
		}
		if len(line) == 0 {
			continue
		}
		if err := json.Unmarshal(line, &f); err != nil || answers[f.Input] == nil {
			errs += fmt.Sprintf("not understood: %s\n", line)
			code = -1
			continue
		}
		a := answers[f.Input]
		made := finding{warning: f.Severity != "error", line: f.Line, text: f.Message}
		if f.Path != nil {
			made.path = *f.Path
		}
		a.findings = append(a.findings, made)
		if !made.warning {
			a.stage = stageGenerated
			bad++
		}
	}
	if code != 0 && code != 1 && code != 2 || (code == 0) != (bad == 0) {
		for _, a := range all {
			a.code, a.err = -1, fmt.Sprintf("status %d with %d errors: %s", code, bad, errs)
		}
	}
	return all
}

func compareCheck(d *doc, a, b *answer) []*difference {
	var all []*difference
	add := func(what aspect, path, theirs, ours string) {
		all = append(all, &difference{what, path, theirs, ours, d, a, b})
	}
	align(b.findings, a.findings)
	if b.code != 0 || a.stage == stagePanic {
		add(aspectSound, "", stageNames[a.stage]+a.err, b.err)
		return all
	}
	if a.accepted() != b.accepted() {
		path, text := firstError(a)
		ourPath, ourText := firstError(b)
		if path == "" {
			path = ourPath
		}
		add(aspectVerdict, path, text, ourText)
		return all
	}
	theirs, ours := pathSet(a.findings, false, true), pathSet(b.findings, false, true)
	if _, parse := theirs["error "]; a.accepted() || len(theirs) > 0 && !parse {
		for _, key := range sortedKeys(theirs) {
			if _, ok := ours[key]; !ok {
				add(aspectErrors, theirs[key].path, theirs[key].text, "nothing there")
			}
		}
		for _, key := range sortedKeys(ours) {
			if _, ok := theirs[key]; !ok {
				add(aspectExtra, ours[key].path, "nothing there", ours[key].text)
			}
		}
		ours = pathSet(b.findings, true, true)
		for key, f := range pathSet(a.findings, true, false) {
			if _, ok := ours[key]; !ok {
				add(aspectWarnings, f.path, class(f.text), "nothing there")
			}
		}
	}
	return all
}
