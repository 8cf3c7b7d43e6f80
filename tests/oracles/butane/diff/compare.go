// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
)

// What can differ, one line of TAP each.
type aspect int

const (
	aspectSound aspect = iota
	aspectVerdict
	aspectConfig
	aspectLength
	aspectIgnition
	aspectWarnings
	aspectErrors
	aspectLines
	aspectLast
	aspectExtra
	aspects
)

// The names of the lines for ign-gen.
var genAspects = map[aspect]string{
	aspectSound:    "every document gets an answer, with status 0 or 2",
	aspectVerdict:  "both accept it, or both refuse it",
	aspectConfig:   "accepted by both: the same config, once data URLs are decoded",
	aspectLength:   "no data URL is longer than the plain or the base64 form",
	aspectIgnition: "accepted by both: Ignition finds no error in ours",
	aspectWarnings: "accepted by both: warnings at the same paths",
	aspectErrors:   "refused by both: each of Butane's errors is one of ours",
	aspectLines:    "refused as YAML: at the same lines",
	aspectLast:     "refused by Ignition's rules: the same errors and warnings",
}

// The names of the lines for ign-check.
var checkAspects = map[aspect]string{
	aspectSound:    "every config gets an answer, with the matching status",
	aspectVerdict:  "both accept it, or both refuse it",
	aspectErrors:   "each of Ignition's errors is one of ours, at its path",
	aspectExtra:    "and we have no others",
	aspectWarnings: "each of Ignition's warnings is one of ours, at its path",
}

type difference struct {
	aspect       aspect
	path         string // as Butane reports it
	theirs, ours string
	doc          *doc
	a, b         *answer // Butane's, ours
}

func (d *difference) group() string {
	who := "Butane"
	if d.doc.v.json {
		who = "Ignition"
	}
	return fmt.Sprintf("%s | %s | %s: %s | ours: %s", shortNames[d.aspect], fieldPath(d.path), who, class(d.theirs), gist(d.ours))
}

var shortNames = [aspects]string{"sound", "verdict", "config", "length", "ignition", "warnings", "errors", "lines", "last stage", "extra"}

var (
	index   = regexp.MustCompile(`\.[0-9]+`)
	quotedT = regexp.MustCompile(`'[^']*'|"[^"]*"`)
	numbers = regexp.MustCompile(`[0-9]+`)
)

func fieldPath(p string) string { return index.ReplaceAllString(p, ".N") }
func gist(s string) string {
	return short2(numbers.ReplaceAllString(quotedT.ReplaceAllString(s, "'_'"), "N"), 110)
}

func short2(s string, n int) string {
	if len(s) > n {
		return s[:n] + "..."
	}
	return s
}

// A set of severities and paths.
func pathSet(all []finding, warnings, errors bool) map[string]finding {
	set := map[string]finding{}
	for _, f := range all {
		if f.warning && warnings || !f.warning && errors {
			set[f.severity()+" "+f.path] = f
		}
	}
	return set
}

// A path with blanks or colons in a key cannot be told from the text after it.  If
// Butane reports such a path, ours is taken for the same.
func align(ours, theirs []finding) {
	for i := range ours {
		full := ours[i].path + ": " + ours[i].text
		if ours[i].path == "" {
			full = ours[i].text
		}
		for _, t := range theirs {
			if !strange.MatchString(t.path) {
				continue
			}
			if text, ok := strings.CutPrefix(full, t.path+": "); ok {
				ours[i].path, ours[i].text = t.path, text
			}
		}
	}
}

var strange = regexp.MustCompile(`[^a-zA-Z0-9_.-]`)

func compare(d *doc, a, b *answer) []*difference {
	var all []*difference
	add := func(what aspect, path, theirs, ours string) {
		all = append(all, &difference{what, path, theirs, ours, d, a, b})
	}
	align(b.findings, a.findings)
	if b.code != 0 && b.code != 2 {
		add(aspectSound, "", stageNames[a.stage], fmt.Sprintf("status %d: %s", b.code, short2(b.err, 2000)))
		return all
	}
	if a.stage == stagePanic {
		if b.accepted() {
			add(aspectVerdict, "", "crashes: "+a.err, "accepted")
		}
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
	if a.accepted() {
		compareConfigs(d, a, b, add)
		compareSets(pathSet(a.findings, true, true), pathSet(b.findings, true, true), func(p, t, o string) { add(aspectWarnings, p, t, o) })
		return all
	}
	switch a.stage {
	case stageYAML:
		if !sameLines(a, b) {
			add(aspectLines, "", a.err, firstText(b))
		}
	case stageSource:
		ours := pathSet(b.findings, false, true)
		for key, f := range pathSet(a.findings, false, true) {
			if _, ok := ours[key]; !ok {
				add(aspectErrors, f.path, f.text, firstText(b))
			}
		}
	case stageGenerated:
		compareSets(pathSet(a.findings, true, true), pathSet(b.findings, true, true), func(p, t, o string) { add(aspectLast, p, t, o) })
	}
	return all
}

// sameLines: for each of their type errors there is one of ours in the same line.  For
// invalid YAML and duplicate keys, where we stop, it is enough that we refuse it.
func sameLines(a, b *answer) bool {
	twice := strings.Contains(a.err, "already defined")
	for _, f := range b.findings {
		if !f.warning && f.path == "" {
			return true
		}
	}
	for _, line := range typeErrorLines(a.err) {
		if !hasLine(b, line) && !twice {
			return false
		}
	}
	return true
}

func compareSets(theirs, ours map[string]finding, add func(path, theirs, ours string)) {
	for _, key := range sortedKeys(theirs) {
		if _, ok := ours[key]; !ok {
			add(theirs[key].path, theirs[key].severity()+": "+class(theirs[key].text), "nothing there")
		}
	}
	for _, key := range sortedKeys(ours) {
		if _, ok := theirs[key]; !ok {
			add(ours[key].path, "nothing there", ours[key].severity()+": "+ours[key].text)
		}
	}
}

func compareConfigs(d *doc, a, b *answer, add func(what aspect, path, theirs, ours string)) {
	theirs, err := decoded(a.json)
	if err != nil {
		add(aspectSound, "", "JSON: "+err.Error(), "")
		return
	}
	ours, err := decoded(b.json)
	if err != nil {
		add(aspectConfig, "", "", "JSON: "+err.Error())
		return
	}
	if where, what := differs(theirs, ours, ""); what != "" {
		add(aspectConfig, strings.TrimPrefix(where, "."), what, "")
	}
	if at := tooLong(b.json, scalarsOf(d.text)); at != "" {
		add(aspectLength, strings.TrimPrefix(at, "."), "", "too long")
	}
	if v := validate(b.json); !v.accepted() {
		path, text := firstError(v)
		add(aspectIgnition, path, text, "")
	}
}

func firstError(a *answer) (path, text string) {
	if a.accepted() {
		return "", "accepted"
	}
	for _, f := range a.findings {
		if !f.warning {
			return f.path, f.text
		}
	}
	return "", a.err
}

func firstText(a *answer) string {
	_, text := firstError(a)
	return text
}

var typeError = regexp.MustCompile(`(?m)^\s*line ([0-9]+): (cannot unmarshal|mapping key)`)

func typeErrorLines(err string) []int {
	var all []int
	for _, m := range typeError.FindAllStringSubmatch(err, -1) {
		if n, e := strconv.Atoi(m[1]); e == nil {
			all = append(all, n)
		}
	}
	return all
}

func hasLine(a *answer, line int) bool {
	for _, f := range a.findings {
		if f.line == line && !f.warning {
			return true
		}
	}
	return false
}

// inParallel runs f for each of n, some at a time.
func inParallel(n, jobs int, f func(i int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for j := 0; j < jobs; j++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range next {
				f(i)
			}
		}()
	}
	for i := 0; i < n; i++ {
		next <- i
	}
	close(next)
	wg.Wait()
}

func (s *settings) program(name, filesDir, scratch string) *program {
	return &program{binary: filepath.Join(s.bin, name), options: strings.Fields(s.options), dir: filesDir, scratch: scratch, limit: s.limit}
}

func one(s *settings, file, filesDir, scratch string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	d := &doc{text: string(text), v: versions[1], name: file}
	a, b := theirs(d, filesDir), s.program("ign-gen", filesDir, scratch).ours(d, 0)
	fmt.Print(bothAnswers(d, a, b))
	for _, x := range compare(d, a, b) {
		fmt.Printf("DIFFERENT: %s\n", x.group())
	}
	return nil
}

func bothAnswers(d *doc, a, b *answer) string {
	var t strings.Builder
	for _, x := range []struct {
		name string
		a    *answer
	}{{"Butane", a}, {"ours", b}} {
		fmt.Fprintf(&t, "--- %s: %s (%s)\n", x.name, map[bool]string{true: "accepted", false: "refused"}[x.a.accepted()], stageNames[x.a.stage])
		if x.a.err != "" {
			fmt.Fprintf(&t, "%s\n", x.a.err)
		}
		for _, f := range x.a.findings {
			fmt.Fprintf(&t, "%s at %q, line %d: %s\n", f.severity(), f.path, f.line, f.text)
		}
		if x.a.json != nil {
			fmt.Fprintf(&t, "%s\n", short2(string(x.a.json), 20000))
		}
	}
	return t.String()
}

// byGroup prints differences, the most frequent first, with one example each.
func (s *settings) byGroup(t *tap, all []*difference) {
	groups := map[string][]*difference{}
	for _, d := range all {
		groups[d.group()] = append(groups[d.group()], d)
	}
	keys := sortedKeys(groups)
	sort.SliceStable(keys, func(i, j int) bool { return len(groups[keys[i]]) > len(groups[keys[j]]) })
	t.diag("%d differences in %d groups", len(all), len(groups))
	for i, k := range keys {
		if i == 40 && !s.verbose {
			t.diag("... and %d groups more: -v", len(keys)-i)
			break
		}
		d := groups[k][0]
		for _, e := range groups[k] {
			if len(e.doc.text) < len(d.doc.text) {
				d = e
			}
		}
		t.diag("%d times: %s", len(groups[k]), k)
		t.diag("    such as %s/%s: %s", d.doc.group, d.doc.name, strings.ReplaceAll(short2(d.doc.text, 400), "\n", "\n    | "))
		if s.keep != "" {
			s.save(i, len(groups[k]), d)
		}
	}
}

func (s *settings) save(i, count int, d *difference) {
	base := filepath.Join(s.keep, fmt.Sprintf("%03d-%s", i, shortNames[d.aspect]))
	if err := os.MkdirAll(s.keep, 0o755); err != nil {
		fmt.Fprintf(os.Stderr, "butane-diff: %v\n", err)
		return
	}
	os.WriteFile(base+".bu", []byte(d.doc.text), 0o644)
	os.WriteFile(base+".txt", []byte(fmt.Sprintf("%d times: %s\n%s: %s\n%s", count, d.group(), d.doc.group, d.doc.name, bothAnswers(d.doc, d.a, d.b))), 0o644)
}
