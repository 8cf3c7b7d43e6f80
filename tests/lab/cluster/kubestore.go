// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// An object is a Kubernetes object as in JSON.
type object = map[string]any

// An apiError is a response that is a metav1.Status.
type apiError struct {
	code            int
	reason, message string
}

func (e *apiError) Error() string { return e.message }

func notFound(name string) *apiError {
	return &apiError{http.StatusNotFound, "NotFound", fmt.Sprintf("nodes %q not found", name)}
}

func conflict(name string) *apiError {
	return &apiError{http.StatusConflict, "Conflict", fmt.Sprintf("Operation cannot be fulfilled on nodes %q: "+
		"the object has been modified; please apply your changes to the latest version and try again", name)}
}

func invalid(name, why string) *apiError {
	return &apiError{http.StatusUnprocessableEntity, "Invalid", fmt.Sprintf("Node %q is invalid: %s", name, why)}
}

// A change is one event of the store's history. Its objects are never modified.
type change struct {
	kind     string // ADDED, MODIFIED, DELETED
	rv       int64
	now, was object
}

// The store holds the nodes and their history.
type store struct {
	mu      sync.Mutex
	rv      int64
	nodes   map[string]object
	history []change
	floor   int64         // the oldest resourceVersion that a watch may start from
	lost    int64         // the history up to here was dropped
	changed chan struct{} // closed and replaced by each change
	deleted func(name string)
}

// The length of the history; a watch that is further behind gets 410.
const historyMax = 5000

func newStore() *store {
	// Does not start at a round figure: a resourceVersion has no meaning of
	// its own.
	return &store{rv: 1741, floor: 1741, lost: 1741, nodes: map[string]object{}, changed: make(chan struct{}), deleted: func(string) {}}
}

// record is called with the lock held, after a change to nodes.
func (s *store) record(kind string, now, was object) {
	s.history = append(s.history, change{kind, s.rv, now, was})
	if over := len(s.history) - historyMax; over > 0 {
		s.lost = s.history[over-1].rv
		s.floor = max(s.floor, s.lost)
		s.history = slices.Clone(s.history[over:])
	}
	close(s.changed)
	s.changed = make(chan struct{})
}

// stamp gives an object the next resourceVersion.
func (s *store) stamp(o object) {
	s.rv++
	meta(o)["resourceVersion"] = strconv.FormatInt(s.rv, 10)
}

func (s *store) get(name string) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o, ok := s.nodes[name]; ok {
		return o, nil
	}
	return nil, notFound(name)
}

// list returns the nodes sorted by name, and the version of the list.
func (s *store) list() ([]object, int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []object
	for _, name := range slices.Sorted(maps.Keys(s.nodes)) {
		all = append(all, s.nodes[name])
	}
	return all, s.rv
}

// since returns the changes after rv, the version they lead to, and what to wait
// on for more. ok is false if rv has expired, to start from or to continue from.
func (s *store) since(rv int64, starts bool) (news []change, upto int64, more <-chan struct{}, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if rv < s.lost || (starts && rv < s.floor) {
		return nil, 0, nil, false
	}
	first, _ := slices.BinarySearchFunc(s.history, rv+1, func(c change, rv int64) int { return int(c.rv - rv) })
	return slices.Clone(s.history[first:]), s.rv, s.changed, true
}

// compact expires every version so far, as the start of a watch.
func (s *store) compact() {
	s.mu.Lock()
	s.rv++
	s.floor = s.rv
	s.mu.Unlock()
}

func (s *store) create(o object, dryRun bool) (object, error) {
	o = clone(o)
	name, _ := meta(o)["name"].(string)
	if err := checkNode(name, o); err != nil {
		return nil, err
	}
	if rv, _ := meta(o)["resourceVersion"].(string); rv != "" {
		return nil, &apiError{http.StatusBadRequest, "BadRequest", "resourceVersion should not be set on objects to be created"}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.nodes[name]; ok {
		return nil, &apiError{http.StatusConflict, "AlreadyExists", fmt.Sprintf("nodes %q already exists", name)}
	}
	o["kind"], o["apiVersion"] = "Node", "v1"
	meta(o)["uid"] = uuid()
	meta(o)["creationTimestamp"] = now()
	delete(meta(o), "deletionTimestamp")
	addTaint(o, "node.kubernetes.io/not-ready", "NoSchedule") // admission plugin TaintNodesByCondition
	if dryRun {
		return o, nil
	}
	s.stamp(o)
	s.nodes[name] = o
	s.record("ADDED", o, nil)
	return o, nil
}

// update changes a node with edit, which gets a copy. With status only the
// status may change, otherwise everything but the status.
func (s *store) update(name string, status, dryRun bool, edit func(object) (object, error)) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	was, ok := s.nodes[name]
	if !ok {
		return nil, notFound(name)
	}
	o, err := edit(clone(was))
	if err != nil {
		return nil, err
	}
	// An edit that names its version is valid for that version only.
	if rv, _ := meta(o)["resourceVersion"].(string); rv != "" && rv != meta(was)["resourceVersion"] {
		return nil, conflict(name)
	}
	if uid, _ := meta(o)["uid"].(string); uid != "" && uid != meta(was)["uid"] {
		return nil, &apiError{http.StatusConflict, "Conflict", fmt.Sprintf("Operation cannot be fulfilled on nodes %q: "+
			"Precondition failed: UID in precondition: %s, UID in object meta: %v", name, uid, meta(was)["uid"])}
	}
	if n, _ := meta(o)["name"].(string); n != name {
		return nil, &apiError{http.StatusBadRequest, "BadRequest", "the name of the object does not match the name on the URL"}
	}
	kept, from := "status", was
	if status {
		kept = "spec"
	}
	if v, ok := from[kept]; ok {
		o[kept] = v
	} else {
		delete(o, kept)
	}
	o["kind"], o["apiVersion"] = "Node", "v1"
	for _, key := range []string{"uid", "creationTimestamp", "resourceVersion", "deletionTimestamp"} {
		if v, ok := meta(was)[key]; ok {
			meta(o)[key] = v
		} else {
			delete(meta(o), key)
		}
	}
	if err := checkNode(name, o); err != nil {
		return nil, err
	}
	if reflect.DeepEqual(o, was) || dryRun {
		return o, nil
	}
	s.stamp(o)
	if meta(o)["deletionTimestamp"] != nil && len(list(meta(o)["finalizers"])) == 0 {
		s.remove(name, o)
		return o, nil
	}
	s.nodes[name] = o
	s.record("MODIFIED", o, was)
	return o, nil
}

// remove is called with the lock held, on a stamped object.
func (s *store) remove(name string, o object) {
	delete(s.nodes, name)
	s.record("DELETED", o, o)
	s.deleted(name)
}

// drop deletes a node; one with finalizers is only marked.
func (s *store) drop(name, uid, rv string, dryRun bool) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	was, ok := s.nodes[name]
	if !ok {
		return nil, notFound(name)
	}
	if (uid != "" && uid != meta(was)["uid"]) || (rv != "" && rv != meta(was)["resourceVersion"]) {
		return nil, conflict(name)
	}
	if dryRun {
		return was, nil
	}
	o := clone(was)
	if len(list(meta(o)["finalizers"])) > 0 {
		if meta(o)["deletionTimestamp"] == nil {
			meta(o)["deletionTimestamp"] = now()
			s.stamp(o)
			s.nodes[name] = o
			s.record("MODIFIED", o, was)
		}
		return o, nil
	}
	s.stamp(o)
	s.remove(name, o)
	return o, nil
}

var (
	nameForm  = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)
	labelForm = regexp.MustCompile(`^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$`)
)

// checkNode is the part of the API's validation that a tool can violate.
func checkNode(name string, o object) error {
	if name == "" {
		return invalid(name, "metadata.name: Required value: name or generateName is required")
	}
	if len(name) > 253 || !nameForm.MatchString(name) {
		return invalid(name, "metadata.name: Invalid value: a lowercase RFC 1123 subdomain must consist of "+
			"lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character")
	}
	labels, _ := meta(o)["labels"].(object)
	for key, value := range labels {
		text, ok := value.(string)
		if !ok {
			return &apiError{http.StatusBadRequest, "BadRequest", "metadata.labels: a value is not a string"}
		}
		if why := checkLabel(key, text); why != "" {
			return invalid(name, "metadata.labels: Invalid value: "+why)
		}
	}
	spec, _ := o["spec"].(object)
	for _, t := range list(spec["taints"]) {
		taint, _ := t.(object)
		switch taint["effect"] {
		case "NoSchedule", "PreferNoSchedule", "NoExecute":
		default:
			return invalid(name, fmt.Sprintf("spec.taints.effect: Unsupported value: %q", taint["effect"]))
		}
	}
	return nil
}

// checkLabel returns what is wrong with a label; "": nothing.
func checkLabel(key, value string) string {
	name := key
	if prefix, rest, ok := strings.Cut(key, "/"); ok {
		if len(prefix) > 253 || !nameForm.MatchString(prefix) {
			return fmt.Sprintf("%q: prefix part must be a DNS subdomain", key)
		}
		name = rest
	}
	if len(name) > 63 || !labelForm.MatchString(name) {
		return fmt.Sprintf("%q: name part must consist of alphanumeric characters, '-', '_' or '.'", key)
	}
	if value != "" && (len(value) > 63 || !labelForm.MatchString(value)) {
		return fmt.Sprintf("%q: a valid label must be an empty string or consist of at most 63 alphanumeric characters, '-', '_' or '.'", value)
	}
	return ""
}

// meta returns an object's metadata, which it creates if missing.
func meta(o object) object {
	m, ok := o["metadata"].(object)
	if !ok {
		m = object{}
		o["metadata"] = m
	}
	return m
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

// addTaint adds a taint to a node's spec unless it has it.
func addTaint(o object, key, effect string) {
	spec, ok := o["spec"].(object)
	if !ok {
		spec = object{}
		o["spec"] = spec
	}
	taints := list(spec["taints"])
	for _, t := range taints {
		if taint, _ := t.(object); taint["key"] == key && taint["effect"] == effect {
			return
		}
	}
	spec["taints"] = append(taints, object{"key": key, "effect": effect})
}

func clone(o object) object {
	var copied object
	text, err := json.Marshal(o)
	if err == nil {
		err = json.Unmarshal(text, &copied)
	}
	if err != nil {
		panic(err) // it was JSON before
	}
	return copied
}

func now() string { return time.Now().UTC().Format(time.RFC3339) }
