// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	butane "github.com/coreos/butane/config"
	"github.com/coreos/butane/config/common"
	ignition "github.com/coreos/ignition/v2/config"
	"github.com/coreos/vcontext/report"
)

// A finding, theirs or ours: path without "$.", "" for the document as a whole.  Both
// are escaped (visible).
type finding struct {
	warning bool
	path    string
	line    int
	text    string
}

func (f finding) severity() string {
	if f.warning {
		return "warning"
	}
	return "error"
}

// How far a document got before it was refused.
type stage int

const (
	stageYAML      stage = iota // not YAML, or wrong types
	stageHeader                 // variant and version
	stageSource                 // Butane's own rules
	stageGenerated              // Ignition's rules, the last
	stageOK
	stagePanic
)

var stageNames = []string{"YAML", "header", "source", "generated", "accepted", "panic"}

type answer struct {
	stage    stage
	json     []byte
	findings []finding
	err      string // what it printed besides the findings
	code     int    // ours: exit status
}

func (a *answer) accepted() bool { return a.stage == stageOK }

// theirs is the library's answer to a document.
func theirs(d *doc, filesDir string) *answer {
	done := make(chan *answer, 1)
	go func() { done <- translate(d, filesDir) }()
	select {
	case a := <-done:
		return a
	case <-time.After(60 * time.Second):
		return &answer{stage: stagePanic, err: "no answer in a minute"}
	}
}

func translate(d *doc, filesDir string) (a *answer) {
	a = &answer{stage: stageOK}
	defer func() {
		if r := recover(); r != nil {
			a = &answer{stage: stagePanic, err: fmt.Sprint(r)}
		}
	}()
	options := common.TranslateBytesOptions{}
	if !d.noDir {
		options.FilesDir = filesDir
	}
	out, r, err := butane.TranslateBytes([]byte(d.text), options)
	a.findings = entries(r)
	if err == nil {
		a.json = out
		return a
	}
	a.err = err.Error()
	switch err.(type) {
	case common.ErrUnmarshal:
		a.stage = stageYAML
		return a
	case common.ErrUnknownVersion:
		a.stage = stageHeader
		return a
	}
	switch err {
	case common.ErrNoVariant, common.ErrInvalidVersion, common.ErrRhcosVariantUnsupported:
		a.stage = stageHeader
	case common.ErrInvalidSourceConfig:
		a.stage = stageSource
	case common.ErrInvalidGeneratedConfig:
		a.stage = stageGenerated
	default:
		a.stage = stageYAML
	}
	return a
}

func entries(r report.Report) []finding {
	var all []finding
	for _, e := range r.Entries {
		f := finding{warning: !e.Kind.IsFatal(), text: e.Message}
		f.path = strings.TrimPrefix(strings.TrimPrefix(e.Context.String(), "$"), ".")
		if key, ok := strings.CutPrefix(e.Message, "unused key "); ok {
			f.path = strings.TrimSuffix(f.path, key) + shownKey(key)
		}
		f.path = visible(f.path)
		if e.Marker.StartP != nil {
			f.line = int(e.Marker.StartP.Line)
		}
		all = append(all, f)
	}
	return all
}

// shownKey is what our messages show of an unknown key: at most 60 bytes, in whole
// characters (vs_path_unknown).
func shownKey(key string) string {
	if len(key) <= 60 {
		return key
	}
	n := 60
	for n > 57 && !utf8.RuneStart(key[n]) {
		n--
	}
	return key[:n]
}

// validate is Ignition's answer to a config, as ignition-validate gives it.
func validate(config []byte) (a *answer) {
	defer func() {
		if r := recover(); r != nil {
			a = &answer{stage: stagePanic, err: fmt.Sprint(r)}
		}
	}()
	_, r, err := ignition.Parse(config)
	a = &answer{stage: stageOK, findings: entries(r)}
	if r.IsFatal() || err != nil {
		a.stage = stageGenerated
	}
	if err != nil {
		a.err = err.Error()
	}
	return a
}

// One of our programs, run on one document.
type program struct {
	binary  string
	options []string
	dir     string // the files-dir
	scratch string
	limit   time.Duration
}

// ours runs ign-gen.  A status other than 0, 2 and 3, or a timeout, is returned as it is.
func (p *program) ours(d *doc, n int) *answer {
	file := filepath.Join(p.scratch, fmt.Sprintf("%d.bu", n))
	if err := os.WriteFile(file, []byte(d.text), 0o600); err != nil {
		return &answer{stage: stagePanic, err: err.Error()}
	}
	defer os.Remove(file)
	args := append([]string(nil), p.options...)
	if !d.noDir {
		args = append(args, "-d", p.dir)
	}
	out, errs, code := p.run(append(args, file)...)
	a := &answer{stage: stageOK, json: out, err: errs, code: code}
	if code != 0 {
		a.stage = stageGenerated
		a.json = nil
	}
	a.findings = read(errs, file)
	return a
}

func (p *program) run(args ...string) (stdout []byte, stderr string, code int) {
	var out, errs bytes.Buffer
	cmd := exec.Command(p.binary, args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		return nil, err.Error(), -1
	}
	timer := time.AfterFunc(p.limit, func() { cmd.Process.Kill() })
	cmd.Wait()
	if !timer.Stop() {
		return nil, "no answer in " + p.limit.String(), -1
	}
	return out.Bytes(), errs.String(), cmd.ProcessState.ExitCode()
}

var (
	ourLine = regexp.MustCompile(`^ign-gen: (warning: )?(.*)$`)
	ourPath = regexp.MustCompile(`^([^ :]+): (.*)$`)
)

// read parses the findings of ign-gen: "FILE:14:9: storage.files.2.mode: text"
func read(stderr, file string) []finding {
	var all []finding
	for _, line := range strings.Split(stderr, "\n") {
		m := ourLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		f := finding{warning: m[1] != "", text: m[2]}
		if rest, ok := strings.CutPrefix(f.text, file+":"); ok {
			var col int
			fmt.Sscanf(rest, "%d:%d:", &f.line, &col)
			if _, after, ok := strings.Cut(rest, ": "); ok {
				f.text = after
			}
			if m := ourPath.FindStringSubmatch(f.text); m != nil {
				f.path, f.text = m[1], m[2]
			}
		}
		all = append(all, f)
	}
	return all
}

var classes = []struct {
	re   *regexp.Regexp
	text string
}{
	{regexp.MustCompile(`^unused key `), "unused key K"},
	{regexp.MustCompile(`^context tree does not match`), "context tree does not match"},
	{regexp.MustCompile(`^unit ".*" is enabled, but has no install section`), "enabled, but has no install section"},
	{regexp.MustCompile(`^template unit ".*" for`), "template unit doesn't have Install section"},
	{regexp.MustCompile(`^invalid unit content: found garbage after section name`), "unit: found garbage after section name"},
	{regexp.MustCompile(`^invalid unit content: (.*)`), "unit: $1"},
	{regexp.MustCompile(`^(open|read|stat|lstat|readlink) .*: ([a-zA-Z ]+)$`), "$1: $2"},
	{regexp.MustCompile(`^No translator exists.*`), "No translator exists"},
	{regexp.MustCompile(`(?s).*yaml: .*cannot unmarshal.*`), "yaml: cannot unmarshal"},
	{regexp.MustCompile(`(?s).*yaml: .*mapping key .* already defined.*`), "yaml: mapping key already defined"},
	{regexp.MustCompile(`(?s).*yaml: .*unknown anchor.*`), "yaml: unknown anchor"},
	{regexp.MustCompile(`(?s).*yaml: .*excessive aliasing.*`), "yaml: excessive aliasing"},
	{regexp.MustCompile(`(?s).*yaml: .*contains itself.*`), "yaml: anchor contains itself"},
	{regexp.MustCompile(`(?s).*yaml: .*map merge requires.*`), "yaml: map merge"},
	{regexp.MustCompile(`(?s).*yaml: .*`), "yaml: not well-formed"},
	{regexp.MustCompile(`^illegal base64 data at input byte.*`), "data: illegal base64 data at input byte N"},
	{regexp.MustCompile(`^rfc2396: .*`), "data: rfc2396"},
	{regexp.MustCompile(`^(missing data prefix|missing comma before data|invalid character (after|for) .*|missing media type slash|invalid media type|incomplete media type|expected semicolon or comma|unterminated parameter sequence|expected base64.*|unclosed quoted string|unexpected eof|invalid escaped character|invalid data character)$`), "data: $1"},
	{regexp.MustCompile(`^json: cannot unmarshal.*`), "json: cannot unmarshal"},
	{regexp.MustCompile(`^(unexpected end of JSON input|invalid character .*)$`), "json: syntax"},
}

// class is a message without the parts that are specific to a document.
func class(text string) string {
	for _, c := range classes {
		if m := c.re.FindStringSubmatchIndex(text); m != nil {
			return string(c.re.ExpandString(nil, c.text, text, m))
		}
	}
	return text
}

// messages of an answer, each once
func (a *answer) messages() []string {
	seen := map[string]bool{}
	for _, f := range a.findings {
		seen[class(f.text)] = true
	}
	if a.stage == stageYAML || a.stage == stageHeader {
		seen[class(a.err)] = true
	}
	var all []string
	for m := range seen {
		all = append(all, m)
	}
	sort.Strings(all)
	return all
}
