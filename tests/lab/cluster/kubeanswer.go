// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"

	"vsutils/lab/hostile"
)

// A kubeAnswer replaces answers to requests of one kind by a script.
type kubeAnswer struct {
	what         string // as kube-requests counts them: "list nodes"; "*": all
	match        string // part of the URL
	count, after int
	hits         int
	script       *hostile.Script
}

// addAnswer reads REQUEST [match=TEXT] [count=N] [after=N] SCRIPT.
func (k *kube) addAnswer(args []string) error {
	a := &kubeAnswer{what: args[0]}
	for args = args[1:]; len(args) > 0; args = args[1:] {
		key, val, _ := strings.Cut(args[0], "=")
		var err error
		switch key {
		case "match":
			a.match = val
			continue
		case "count":
			a.count, err = strconv.Atoi(val)
		case "after":
			a.after, err = strconv.Atoi(val)
		default:
			if a.script, err = hostile.Parse(args); err != nil {
				return err
			}
			k.mu.Lock()
			k.answers = append(k.answers, a)
			k.mu.Unlock()
			return nil
		}
		if err != nil {
			return err
		}
	}
	return errors.New("no script")
}

// answer finds the script for a request; nil: there is none.
func (k *kube) answer(what string, r *http.Request) *hostile.Script {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, a := range k.answers {
		if a.what != what && a.what != "*" || !strings.Contains(r.URL.String(), a.match) ||
			a.count > 0 && a.hits >= a.count {
			continue
		}
		if a.after > 0 {
			a.after--
			continue
		}
		a.hits++
		return a.script
	}
	return nil
}

// play sends a script; its word own is not for watches, which do not end.
func (k *kube) play(s *hostile.Script, w http.ResponseWriter, r *http.Request) {
	s.Send(w, r, hostile.Call{Type: "application/json", Own: func() (int, http.Header, []byte) {
		own := httptest.NewRecorder()
		k.serve(own, r)
		return own.Code, nil, own.Body.Bytes()
	}})
}

// ctlAnswer adds a script, lists all, or removes all.
func (c *Cluster) ctlAnswer(args []string) (lines []string, err error) {
	k := c.kube
	switch {
	case len(args) > 1:
		return nil, k.addAnswer(args)
	case len(args) == 1 && args[0] != "off":
		return nil, errUsage
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(args) == 1 {
		k.answers = nil
	}
	for _, a := range k.answers {
		lines = append(lines, fmt.Sprintf("%s hits=%d %s", a.what, a.hits, a.script))
	}
	return lines, nil
}

// changing passes on a response whose answers another function has changed.
type changing struct {
	http.ResponseWriter
	change func([]byte) []byte
	lines  bool // each line is an answer
	text   []byte
	err    error
}

func (c *changing) Write(b []byte) (int, error) {
	c.text = append(c.text, b...)
	for c.lines && c.err == nil {
		line, rest, whole := bytes.Cut(c.text, []byte("\n"))
		if !whole {
			break
		}
		_, c.err = c.ResponseWriter.Write(append(c.change(line), '\n'))
		c.text = append([]byte(nil), rest...)
	}
	return len(b), c.err
}

// Unwrap is for http.ResponseController.
func (c *changing) Unwrap() http.ResponseWriter { return c.ResponseWriter }

func (k *kube) serveChanged(what string, w http.ResponseWriter, r *http.Request) {
	c := &changing{ResponseWriter: w, lines: watching(r),
		change: func(b []byte) []byte { return k.change(what, b) }}
	k.serve(c, r)
	if len(c.text) > 0 {
		w.Header().Del("Content-Length")
		_, _ = w.Write(c.change(c.text))
	}
}
