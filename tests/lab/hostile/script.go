// SPDX-License-Identifier: Apache-2.0

// Package hostile sends answers that no good server sends: too many headers, bodies
// without an end, a byte every few seconds. A script is a list of words, carried out in
// order; Usage explains them.
package hostile

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Usage is the part of the help of "lab ctl" about scripts.
const Usage = `  A script is a list of words, carried out in order. N: a number, 64K, 2M or *, without end
     status=N  header=NAME:TEXT   of the answer; at first 200
     headers=N                    N more headers of 100 bytes
     gzip  close  length=N        how the body is sent: compressed; until the connection is
                                  closed; with this Content-Length. Without: in chunks
     pace=DUR                     between all that follows and is repeated
     continue=N                   an interim answer, 100 Continue, N times, with the headers
                                  so far
     text=TEXT  file=FILE         a part of the body
     repeat=N:TEXT                TEXT N times; {n} in it counts from 0
     soap  /soap                  the envelope of a SOAP answer up to, and from, its content
     replace=REGEXP=>TEXT         in the answer that is sent by own
     own                          the call is carried out, and this is its answer
     pause=DUR  hold              waits; waits until the client disconnects
     cut                          closes the connection
`

// Endless is the N of "*".
const Endless = -1

// A Script is an answer, word by word.
type Script struct {
	words      []word
	body, wire atomic.Int64 // bytes of all bodies so far; the same, compressed if they are
}

type word struct {
	key, text string
	n         int64
	d         time.Duration
	re        *regexp.Regexp
}

// What a word takes.
type takes int

const (
	takesNothing takes = iota
	takesText
	takesNumber
	takesTime
	takesCounted // N:TEXT
	takesFile
	takesReplacement // REGEXP=>TEXT
)

var words = map[string]takes{
	"status": takesNumber, "header": takesText, "headers": takesNumber,
	"gzip": takesNothing, "close": takesNothing, "length": takesNumber,
	"pace": takesTime, "continue": takesNumber,
	"text": takesText, "file": takesFile, "repeat": takesCounted,
	"soap": takesNothing, "/soap": takesNothing,
	"replace": takesReplacement, "own": takesNothing,
	"pause": takesTime, "hold": takesNothing, "cut": takesNothing,
}

// Parse reads a script. It reads the files that the script names.
func Parse(args []string) (*Script, error) {
	if len(args) == 0 {
		return nil, errors.New("a script without words")
	}
	s := &Script{}
	for _, arg := range args {
		key, val, has := strings.Cut(arg, "=")
		what, known := words[key]
		if !known || has != (what != takesNothing) {
			return nil, fmt.Errorf("'%s' is not a word of a script, or has or lacks a value", arg)
		}
		w := word{key: key}
		if err := w.take(what, val); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		s.words = append(s.words, w)
	}
	return s, nil
}

func (w *word) take(what takes, val string) (err error) {
	w.text = val
	switch what {
	case takesNumber:
		w.n, err = number(val)
	case takesTime:
		w.d, err = time.ParseDuration(val)
	case takesCounted:
		n, text, ok := strings.Cut(val, ":")
		if !ok {
			return errors.New("N:TEXT")
		}
		w.text = text
		w.n, err = number(n)
	case takesFile:
		var b []byte
		b, err = os.ReadFile(val)
		w.text = string(b)
	case takesReplacement:
		re, text, ok := strings.Cut(val, "=>")
		if !ok {
			return errors.New("REGEXP=>TEXT")
		}
		w.text = text
		w.re, err = regexp.Compile("(?s)" + re)
	}
	return err
}

func number(s string) (int64, error) {
	if s == "*" {
		return Endless, nil
	}
	shift := 0
	switch digits := strings.TrimRight(s, "KMG"); s[len(digits):] {
	case "":
	case "K":
		s, shift = digits, 10
	case "M":
		s, shift = digits, 20
	case "G":
		s, shift = digits, 30
	}
	n, err := strconv.ParseUint(s, 10, 32)
	return int64(n) << shift, err
}

// String tells how many bytes of bodies were sent so far, and on the wire: those may be
// compressed.
func (s *Script) String() string {
	return fmt.Sprintf("body=%d wire=%d", s.body.Load(), s.wire.Load())
}
