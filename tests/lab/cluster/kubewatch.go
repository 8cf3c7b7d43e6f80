// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A watcher is one watch request in progress.
type watcher struct {
	w     http.ResponseWriter
	flush func()
	name  string
	match func(object) bool
	table bool // the client asked for rows
}

func (x *watcher) send(kind string, o object) error {
	if x.table {
		o = nodeTable([]object{o}, meta(o))
	}
	line, err := json.Marshal(object{"type": kind, "object": o})
	if err != nil {
		return err
	}
	// On the wire, chunks and lines are unrelated.
	half := len(line) / 2
	if _, err := x.w.Write(line[:half]); err != nil {
		return err
	}
	x.flush()
	_, err = x.w.Write(append(line[half:], '\n'))
	x.flush()
	return err
}

func (x *watcher) wants(o object) bool {
	return o != nil && (x.name == "" || meta(o)["name"] == x.name) && x.match(o)
}

// tell sends a change as this watch sees it: an object that leaves the selection
// is deleted for it, one that enters it is new.
func (x *watcher) tell(c change) error {
	before, after := x.wants(c.was), x.wants(c.now)
	switch {
	case c.kind == "DELETED":
		if before {
			return x.send("DELETED", c.now)
		}
	case before && after:
		return x.send("MODIFIED", c.now)
	case after:
		return x.send("ADDED", c.now)
	case before:
		last := clone(c.was)
		meta(last)["resourceVersion"] = strconv.FormatInt(c.rv, 10)
		return x.send("DELETED", last)
	}
	return nil
}

func bookmark(rv int64, initialEnd bool) object {
	metadata := object{"resourceVersion": strconv.FormatInt(rv, 10), "creationTimestamp": nil}
	if initialEnd {
		metadata["annotations"] = object{"k8s.io/initial-events-end": "true"}
	}
	return object{"kind": "Node", "apiVersion": "v1", "metadata": metadata}
}

// fail ends a watch whose version has expired.
func (x *watcher) fail() {
	x.table = false
	x.send("ERROR", statusObject(http.StatusGone, "Expired", "too old resource version"))
}

// awake waits while watches are stalled: the connections stay up and silent.
// False: the watch has ended.
func (k *kube) awake(ctx context.Context, dropped <-chan struct{}) bool {
	k.mu.Lock()
	stalled := k.stalled
	k.mu.Unlock()
	if stalled == nil {
		return true
	}
	select {
	case <-stalled:
		return true
	case <-dropped:
		panic(http.ErrAbortHandler)
	case <-ctx.Done():
		return false
	}
}

// stall stops all watches from sending, or lets them continue.
func (k *kube) stall(on bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.stalled != nil && !on {
		close(k.stalled)
		k.stalled = nil
	} else if k.stalled == nil && on {
		k.stalled = make(chan struct{})
	}
}

// watch streams changes until timeoutSeconds have passed, the client leaves, or
// the control API ends it.
func (k *kube) watch(w http.ResponseWriter, r *http.Request, name string) {
	query := r.URL.Query()
	match, err := parseSelectors(query.Get("labelSelector"), query.Get("fieldSelector"))
	if err != nil {
		sendError(w, err, "")
		return
	}
	k.mu.Lock()
	gone, dropped := k.gone, k.drop
	k.gone = ""
	k.mu.Unlock()
	if gone == "status" {
		sendStatus(w, http.StatusGone, "Expired", "too old resource version")
		return
	}
	controller := http.NewResponseController(w)
	x := &watcher{w: w, flush: func() { controller.Flush() }, name: name, match: match, table: wantsTable(r)}
	all, current := k.store.list()
	from := query.Get("resourceVersion")
	initial := query.Get("sendInitialEvents") == "true"
	rv := current
	if from != "" && from != "0" && !initial {
		if rv, err = strconv.ParseInt(from, 10, 64); err != nil {
			sendError(w, badVersion(from), "")
			return
		} else if rv > current {
			sendError(w, futureVersion(rv, current), "")
			return
		}
	} else {
		initial = true
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	x.flush()
	if gone == "event" {
		x.fail()
		return
	}
	bookmarks := query.Get("allowWatchBookmarks") == "true"
	if initial {
		for _, o := range all {
			if x.wants(o) && x.send("ADDED", o) != nil {
				return
			}
		}
		if query.Get("sendInitialEvents") == "true" && bookmarks && x.send("BOOKMARK", bookmark(rv, true)) != nil {
			return
		}
	}
	k.stream(x, r, rv, bookmarks, dropped)
}

// stream is the part of a watch that waits.
func (k *kube) stream(x *watcher, r *http.Request, rv int64, bookmarks bool, dropped <-chan struct{}) {
	seconds, err := strconv.Atoi(r.URL.Query().Get("timeoutSeconds"))
	if err != nil || seconds <= 0 {
		seconds = 1800
	}
	end := time.NewTimer(time.Duration(seconds) * time.Second)
	defer end.Stop()
	mark := time.NewTicker(k.bookmarkEvery)
	defer mark.Stop()
	for starts := true; ; starts = false {
		if !k.awake(r.Context(), dropped) {
			return
		}
		news, upto, more, ok := k.store.since(rv, starts)
		if !ok {
			x.fail()
			return
		}
		for _, c := range news {
			if x.tell(c) != nil {
				return
			}
		}
		rv = upto
		select {
		case <-more:
		case <-mark.C:
			if !k.awake(r.Context(), dropped) {
				return
			}
			if bookmarks && x.send("BOOKMARK", bookmark(rv, false)) != nil {
				return
			}
		case <-end.C:
			if bookmarks {
				x.send("BOOKMARK", bookmark(rv, false))
			}
			return
		case <-dropped:
			panic(http.ErrAbortHandler) // the connection breaks in the middle of the response
		case <-r.Context().Done():
			return
		}
	}
}

// parseSelectors returns a filter for a label and a field selector.
func parseSelectors(labels, fields string) (func(object) bool, error) {
	var tests []func(object) bool
	for _, term := range splitSelector(labels) {
		test, err := labelTerm(term)
		if err != nil {
			return nil, err
		}
		tests = append(tests, func(o object) bool {
			have, _ := meta(o)["labels"].(object)
			return test(have)
		})
	}
	for _, term := range splitSelector(fields) {
		test, err := fieldTerm(term)
		if err != nil {
			return nil, err
		}
		tests = append(tests, test)
	}
	return func(o object) bool {
		return !slices.ContainsFunc(tests, func(test func(object) bool) bool { return !test(o) })
	}, nil
}

// splitSelector splits at commas outside parentheses.
func splitSelector(s string) []string {
	var terms []string
	depth, start := 0, 0
	for i := 0; i <= len(s); i++ {
		if i == len(s) || (s[i] == ',' && depth == 0) {
			if term := strings.TrimSpace(s[start:i]); term != "" {
				terms = append(terms, term)
			}
			start = i + 1
		} else if s[i] == '(' {
			depth++
		} else if s[i] == ')' {
			depth--
		}
	}
	return terms
}

var setTerm = regexp.MustCompile(`^(\S+)\s+(in|notin)\s*\(([^()]*)\)$`)

func labelTerm(term string) (func(object) bool, error) {
	if m := setTerm.FindStringSubmatch(term); m != nil {
		var values []string
		for value := range strings.SplitSeq(m[3], ",") {
			values = append(values, strings.TrimSpace(value))
		}
		return func(have object) bool {
			value, ok := have[m[1]].(string)
			return (ok && slices.Contains(values, value)) == (m[2] == "in")
		}, nil
	}
	if key, value, not, ok := cutTerm(term); ok {
		return func(have object) bool {
			v, there := have[key].(string)
			return (there && v == value) != not
		}, nil
	}
	key, absent := strings.CutPrefix(term, "!")
	if why := checkLabel(key, ""); why != "" {
		return nil, &apiError{http.StatusBadRequest, "BadRequest", "unable to parse requirement: " + why}
	}
	return func(have object) bool {
		_, there := have[key]
		return there != absent
	}, nil
}

func fieldTerm(term string) (func(object) bool, error) {
	key, value, not, ok := cutTerm(term)
	var read func(object) string
	switch key {
	case "metadata.name":
		read = func(o object) string { name, _ := meta(o)["name"].(string); return name }
	case "spec.unschedulable":
		read = func(o object) string {
			spec, _ := o["spec"].(object)
			if spec["unschedulable"] == true {
				return "true"
			}
			return "false"
		}
	}
	if !ok || read == nil {
		return nil, &apiError{http.StatusBadRequest, "BadRequest", "field label not supported: " + key}
	}
	return func(o object) bool { return (read(o) == value) != not }, nil
}

// cutTerm splits key=value, key==value and key!=value.
func cutTerm(term string) (key, value string, not, ok bool) {
	if key, value, ok = strings.Cut(term, "!="); ok {
		not = true
	} else if key, value, ok = strings.Cut(term, "=="); !ok {
		key, value, ok = strings.Cut(term, "=")
	}
	return strings.TrimSpace(key), strings.TrimSpace(value), not, ok
}
