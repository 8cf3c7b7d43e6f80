// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"sort"
	"strings"
)

// What the corpus has covered so far, by the answers of Butane and Ignition.
type coverage struct {
	versions []*version
	fields   map[string]map[string]*[2]int // version, path: documents refused, accepted
	bad      map[*situation]int            // its first document got the message at that place
	good     map[*situation]int            // its second document was accepted without it
	wrong    []string                      // situations in which Butane reports something else
	said     map[string]int                // class of message: documents
	without  map[string]int                // class of message: situations with a neighbour
	stages   map[stage]int
	groups   map[string]*[2]int
}

func newCoverage(versions []*version) *coverage {
	c := &coverage{versions: versions, fields: map[string]map[string]*[2]int{}, bad: map[*situation]int{}, good: map[*situation]int{},
		said: map[string]int{}, without: map[string]int{}, stages: map[stage]int{}, groups: map[string]*[2]int{}}
	for _, v := range versions {
		c.fields[v.name] = map[string]*[2]int{}
		for path := range fieldPaths(v) {
			c.fields[v.name][path] = &[2]int{}
		}
	}
	return c
}

func (c *coverage) see(d *doc, a *answer) {
	k := 0
	if a.accepted() {
		k = 1
	}
	seen := map[string]bool{}
	for _, path := range hits([]byte(d.text), d.v) {
		if n := c.fields[d.v.name][path]; n != nil && !seen[path] {
			n[k]++
			seen[path] = true
		}
	}
	c.stages[a.stage]++
	if c.groups[d.group] == nil {
		c.groups[d.group] = &[2]int{}
	}
	c.groups[d.group][k]++
	for _, m := range a.messages() {
		c.said[m]++
	}
	if d.valid && !a.accepted() {
		c.wrong = append(c.wrong, fmt.Sprintf("made to be valid, but %s: %s %v\n%s", d.name, a.err, a.findings, d.text))
	}
	if d.situation != nil {
		c.situation(d, a)
	}
}

func (c *coverage) situation(d *doc, a *answer) {
	s := d.situation
	there := s.says != "" && s.saidIn(a)
	switch {
	case d.bad && there:
		c.bad[s]++
	case !d.bad && !there && a.accepted():
		c.good[s]++
		c.without[s.message()]++
	default:
		c.wrong = append(c.wrong, fmt.Sprintf("%q at %q (flatcar %s): Butane says %s %v\n%s", s.message(), s.path, d.v.name, a.err, a.findings, d.text))
	}
}

func (s *situation) saidIn(a *answer) bool {
	if class(a.err) == s.message() {
		return true
	}
	for _, f := range a.findings {
		if class(f.text) == s.message() && f.path == s.path {
			return true
		}
	}
	return false
}

// missed: fields and messages that no document has covered.
func (c *coverage) missed() (fields, messages []string) {
	for _, v := range c.versions {
		for path, n := range c.fields[v.name] {
			switch {
			case n[0] == 0:
				fields = append(fields, v.name+" "+path+": in no refused document")
			case n[1] == 0 && !refusedByVariant(v, path):
				fields = append(fields, v.name+" "+path+": in no accepted document")
			}
		}
	}
	for i := range situations {
		s := &situations[i]
		if s.bad != "" && c.bad[s] == 0 {
			messages = append(messages, fmt.Sprintf("%q at %q: never reported", s.message(), s.path))
		}
		if c.good[s] == 0 {
			messages = append(messages, fmt.Sprintf("%q at %q: no neighbour without it", s.message(), s.path))
		}
	}
	sort.Strings(fields)
	sort.Strings(messages)
	return fields, messages
}

func (c *coverage) fieldCounts() (hit, all int) {
	for _, paths := range c.fields {
		for _, n := range paths {
			all++
			if n[0] > 0 && (n[1] > 0) {
				hit++
			}
		}
	}
	return hit, all
}

func (c *coverage) listed() map[string]bool {
	all := map[string]bool{}
	for i := range situations {
		if m := situations[i].message(); m != "" {
			all[m] = true
		}
	}
	return all
}

// print as lines of a TAP file
func (c *coverage) print(t *tap) {
	for _, g := range sortedKeys(c.groups) {
		t.diag("%-10s %5d documents: taken %d, refused %d", g, c.groups[g][0]+c.groups[g][1], c.groups[g][1], c.groups[g][0])
	}
	var stages []string
	for s := stageYAML; s <= stagePanic; s++ {
		stages = append(stages, fmt.Sprintf("%s %d", stageNames[s], c.stages[s]))
	}
	t.diag("how far they got: %s", strings.Join(stages, ", "))
	hit, all := c.fieldCounts()
	t.diag("fields of the structs: %d in %d versions, %d both in accepted and in refused documents", all, len(c.versions), hit)
	listed := c.listed()
	t.diag("messages, with documents (and accepted neighbours):")
	for _, m := range sortedKeys(c.said) {
		if listed[m] {
			t.diag("  %5d (%d)  %s", c.said[m], c.without[m], m)
		}
	}
	for _, m := range sortedKeys(c.said) {
		if !listed[m] {
			t.diag("  %5d       %s", c.said[m], short(m))
		}
	}
}
