// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"
)

// A stream is a watch that is read line by line.
type stream struct {
	t    *testing.T
	resp *http.Response
	line *bufio.Scanner
}

func watch(t *testing.T, c *Cluster, query string) *stream {
	t.Helper()
	resp := kubeOpen(t, c, http.MethodGet, "/api/v1/nodes?watch=1&"+query, "", "")
	if resp.StatusCode != 200 {
		body, _ := io.ReadAll(resp.Body)
		t.Fatalf("watch: %s: %s", resp.Status, body)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return &stream{t, resp, bufio.NewScanner(resp.Body)}
}

// next returns the next event as "TYPE name", and its object; "" at the end.
func (s *stream) next() (string, object) {
	s.t.Helper()
	if !s.line.Scan() {
		return "", nil
	}
	var event struct {
		Type   string
		Object object
	}
	if err := json.Unmarshal(s.line.Bytes(), &event); err != nil {
		s.t.Fatal(err)
	}
	name, _ := meta(event.Object)["name"].(string)
	return strings.TrimSpace(event.Type + " " + name), event.Object
}

// news is next without bookmarks.
func (s *stream) news() string {
	s.t.Helper()
	for {
		if what, _ := s.next(); what != "BOOKMARK" {
			return what
		}
	}
}

func version(t *testing.T, c *Cluster) string {
	t.Helper()
	_, all := kubeGet(t, c, "/api/v1/nodes")
	return meta(all)["resourceVersion"].(string)
}

func TestKubeWatch(t *testing.T) {
	c := start(t, Options{})
	c.kube.bookmarkEvery = 20 * time.Millisecond
	rv := version(t, c)
	all := watch(t, c, "allowWatchBookmarks=true&resourceVersion="+rv)
	one := watch(t, c, "fieldSelector=metadata.name%3Dn2&resourceVersion="+rv)
	pool := watch(t, c, "labelSelector=pool+in+(a,b)&resourceVersion="+rv)
	ctl(t, c, "node-add", "n1")
	ctl(t, c, "node-add", "n2", "42131234-0000-0000-0000-000000000000")
	ctl(t, c, "node-label", "n1", "pool=a")
	ctl(t, c, "node-label", "n1", "pool=c")
	ctl(t, c, "node-delete", "n1")
	ctl(t, c, "node-delete", "n2")
	var seen []string
	for len(seen) == 0 || seen[len(seen)-1] != "DELETED n2" {
		seen = append(seen, all.news())
	}
	if seen[0] != "ADDED n1" || seen[len(seen)-2] != "DELETED n1" {
		t.Errorf("all: %v", seen)
	}
	if got := one.news(); got != "ADDED n2" {
		t.Errorf("one: %s", got)
	}
	for got := ""; got != "DELETED n2"; {
		if got = one.news(); got != "MODIFIED n2" && got != "DELETED n2" {
			t.Fatalf("one: %s", got)
		}
	}
	for _, want := range []string{"ADDED n1", "DELETED n1"} {
		if got := pool.news(); got != want {
			t.Errorf("pool: %s, not %s", got, want)
		}
	}
	if what, o := all.next(); what != "BOOKMARK" || meta(o)["resourceVersion"] != version(t, c) {
		t.Errorf("%s %v", what, o)
	}
	// From an old version all later changes come again, in order.
	again := watch(t, c, "timeoutSeconds=1&resourceVersion="+rv)
	for i, want := range seen {
		if got := again.news(); got != want {
			t.Errorf("again, %d: %s, not %s", i, got, want)
		}
	}
	if got := again.news(); got != "" {
		t.Errorf("after timeoutSeconds: %s", got)
	}
}

func TestKubeWatchEnds(t *testing.T) {
	c := start(t, Options{})
	rv := version(t, c)
	s := watch(t, c, "resourceVersion="+rv)
	ctl(t, c, "kube-drop")
	if what, _ := s.next(); what != "" || s.line.Err() == nil {
		t.Errorf("after kube-drop: %q, %v", what, s.line.Err())
	}
	ctl(t, c, "kube-gone")
	what, o := watch(t, c, "resourceVersion="+version(t, c)).next()
	if what != "ERROR" || o["code"] != 410.0 || o["reason"] != "Expired" {
		t.Errorf("after kube-gone: %s %v", what, o)
	}
	// A running watch continues, also after a silence.
	runs := watch(t, c, "resourceVersion="+version(t, c))
	ctl(t, c, "kube-gone")
	watch(t, c, "resourceVersion="+version(t, c)).next()
	ctl(t, c, "kube-stall", "on")
	ctl(t, c, "node-add", "n1")
	heard := make(chan string, 1)
	go func() { heard <- runs.news() }()
	select {
	case what := <-heard:
		t.Errorf("while watches are stalled: %s", what)
	case <-time.After(100 * time.Millisecond):
		ctl(t, c, "kube-stall", "off")
		if what := <-heard; what != "ADDED n1" {
			t.Errorf("a watch that ran before kube-gone: %s", what)
		}
	}
	ctl(t, c, "node-delete", "n1")
	if what, _ := watch(t, c, "resourceVersion="+rv).next(); what != "ERROR" {
		t.Errorf("from a version that is too old: %s", what)
	}
	ctl(t, c, "kube-gone", "status")
	if code, o := kubeGet(t, c, "/api/v1/nodes?watch=1&resourceVersion="+version(t, c)); code != 410 || o["kind"] != "Status" {
		t.Errorf("after kube-gone status: %d %v", code, o)
	}
	if code, _ := kubeGet(t, c, "/api/v1/nodes?watch=1&resourceVersion=99999999"); code != 504 {
		t.Errorf("from the future: %d", code)
	}
	first := watch(t, c, "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true")
	if what, _ := first.next(); what != "ADDED rke2-cp" {
		t.Errorf("initial: %s", what)
	}
	if what, o := first.next(); what != "BOOKMARK" || meta(o)["annotations"] == nil {
		t.Errorf("end of the initial events: %s %v", what, o)
	}
}

func TestKubeList(t *testing.T) {
	c := start(t, Options{})
	for i := range 5 {
		ctl(t, c, "node-add", fmt.Sprintf("n%d", i))
	}
	var names []string
	next, rv := "", ""
	for page := 0; page == 0 || next != ""; page++ {
		code, o := kubeGet(t, c, "/api/v1/nodes?limit=2&continue="+next)
		if code != 200 {
			t.Fatalf("page %d: %d %v", page, code, o)
		}
		if rv == "" {
			rv = meta(o)["resourceVersion"].(string)
			ctl(t, c, "node-delete", "n4") // not a part of this list
		} else if rv != meta(o)["resourceVersion"] {
			t.Errorf("page %d is of another version", page)
		}
		for _, item := range list(o["items"]) {
			names = append(names, meta(item.(object))["name"].(string))
		}
		next, _ = meta(o)["continue"].(string)
	}
	if got := strings.Join(names, " "); got != "n0 n1 n2 n3 n4 rke2-cp" {
		t.Error(got)
	}
	_, o := kubeGet(t, c, "/api/v1/nodes?limit=1")
	ctl(t, c, "kube-gone")
	if code, o := kubeGet(t, c, "/api/v1/nodes?limit=1&continue="+meta(o)["continue"].(string)); code != 410 {
		t.Errorf("continue after kube-gone: %d %v", code, o)
	}
	ctl(t, c, "node-cordon", "n1")
	for query, want := range map[string]int{
		"fieldSelector=metadata.name%3Dn1": 1, "fieldSelector=metadata.name!%3Dn1": 4,
		"fieldSelector=spec.unschedulable%3Dtrue": 1, "labelSelector=node-role.kubernetes.io/control-plane": 1,
		"labelSelector=!node-role.kubernetes.io/control-plane": 4, "labelSelector=kubernetes.io/hostname+notin+(n1,n2)": 3,
		"labelSelector=kubernetes.io/os%3D%3Dlinux,kubernetes.io/hostname!%3Dn1": 4,
	} {
		code, o := kubeGet(t, c, "/api/v1/nodes?"+query)
		if got := len(list(o["items"])); code != 200 || got != want {
			t.Errorf("%s: %d, %d nodes, not %d", query, code, got, want)
		}
	}
	if code, _ := kubeGet(t, c, "/api/v1/nodes?fieldSelector=spec.x%3D1"); code != 400 {
		t.Errorf("an unknown field: %d", code)
	}
}

// Rows for kubectl.
func TestKubeTable(t *testing.T) {
	c := start(t, Options{})
	ctl(t, c, "node-cordon", "rke2-cp")
	for path, want := range map[string]string{
		"/api/v1/nodes":                          `"kind":"Table"`,
		"/api/v1/nodes/rke2-cp":                  `"cells":["rke2-cp","Ready,SchedulingDisabled","control-plane,etcd,master"`,
		"/api/v1/nodes?watch=1&timeoutSeconds=1": `"cells":["rke2-cp","Ready,SchedulingDisabled"`,
	} {
		r, err := http.NewRequest(http.MethodGet, c.kubeURL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+c.kube.token)
		r.Header.Set("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")
		resp, err := plainClient(c).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || !strings.Contains(string(body), want) {
			t.Errorf("%s: %s (%v)", path, body, err)
		}
	}
}

func TestKubePatch(t *testing.T) {
	c := start(t, Options{})
	ctl(t, c, "node-add", "n1")
	const (
		path      = "/api/v1/nodes/n1"
		merge     = "application/merge-patch+json"
		strategic = "application/strategic-merge-patch+json"
		patches   = "application/json-patch+json"
	)
	old := version(t, c)
	for _, test := range []struct {
		path, kind, patch string
		code              int
		check             func(object) any
		want              any
	}{
		{path, strategic, `{"spec":{"unschedulable":true}}`, 200, func(o object) any { return o["spec"].(object)["unschedulable"] }, true},
		{path, merge, `{"spec":{"unschedulable":null}}`, 200, func(o object) any { return o["spec"].(object)["unschedulable"] }, nil},
		{path, merge, `{"metadata":{"labels":{"a/b":"c"}}}`, 200, func(o object) any { return meta(o)["labels"].(object)["a/b"] }, "c"},
		{path, patches, `[{"op":"test","path":"/metadata/labels/a~1b","value":"c"},{"op":"remove","path":"/metadata/labels/a~1b"}]`, 200,
			func(o object) any { return meta(o)["labels"].(object)["a/b"] }, nil},
		{path, patches, `[{"op":"remove","path":"/metadata/labels/a~1b"}]`, 422, nil, nil},
		{path, patches, `[{"op":"add","path":"/spec/taints","value":[]},{"op":"add","path":"/spec/taints/-","value":{"key":"k","effect":"NoExecute"}}]`, 200,
			func(o object) any { return len(list(o["spec"].(object)["taints"])) }, 1},
		{path, strategic, `{"spec":{"taints":[{"key":"l","effect":"NoSchedule"}]}}`, 200,
			func(o object) any { return list(o["spec"].(object)["taints"])[0].(object)["key"] }, "l"},
		{path, strategic, `{"spec":{"taints":[{"key":"l","effect":"Never"}]}}`, 422, nil, nil},
		{path, strategic, `{"metadata":{"labels":{"bad key":"x"}}}`, 422, nil, nil},
		{path, strategic, `{"metadata":{"resourceVersion":"` + old + `","labels":{"x":"y"}}}`, 409, nil, nil},
		{path, strategic, `{"metadata":{"uid":"` + uuid() + `"}}`, 409, nil, nil},
		{path, "application/apply-patch+yaml", `{}`, 415, nil, nil},
		{path, merge, `{`, 400, nil, nil},
		{"/api/v1/nodes/none", merge, `{}`, 404, nil, nil},
		{path, strategic, `{"status":{"conditions":[{"type":"Ready","status":"Unknown"}]}}`, 200, func(o object) any { return readyStatus(o) }, "True"},
		{path + "/status", strategic, `{"status":{"conditions":[{"type":"Ready","status":"Unknown"}]}}`, 200,
			func(o object) any { return readyStatus(o) }, "Unknown"},
		{path + "/status", strategic, `{"status":{"conditions":[{"type":"Ready","$patch":"delete"}]}}`, 200, func(o object) any { return readyStatus(o) }, ""},
		{path + "/status", strategic, `{"spec":{"unschedulable":true}}`, 200, func(o object) any { return o["spec"].(object)["unschedulable"] }, nil},
		{path + "?dryRun=All", merge, `{"spec":{"unschedulable":true}}`, 200, func(o object) any { return o["spec"].(object)["unschedulable"] }, true},
		{path, merge, `{}`, 200, func(o object) any { return o["spec"].(object)["unschedulable"] }, nil},
	} {
		code, o := kubeDo(t, c, http.MethodPatch, test.path, test.kind, test.patch)
		if code != test.code {
			t.Errorf("%s: %d %v", test.patch, code, o["message"])
		} else if test.check != nil {
			if got := test.check(o); !reflect.DeepEqual(got, test.want) {
				t.Errorf("%s: %v, not %v", test.patch, got, test.want)
			}
		} else if o["kind"] != "Status" || o["code"] != float64(code) {
			t.Errorf("%s: no Status: %v", test.patch, o)
		}
	}
}

func TestKubeCreateDelete(t *testing.T) {
	c := start(t, Options{})
	node := `{"kind":"Node","apiVersion":"v1","metadata":{"name":"x","finalizers":["example.com/hold"]}}`
	code, made := kubeDo(t, c, http.MethodPost, "/api/v1/nodes", "application/json", node)
	if code != 201 || meta(made)["uid"] == nil || !strings.Contains(fmt.Sprint(made["spec"]), "node.kubernetes.io/not-ready") {
		t.Fatalf("%d %v", code, made)
	}
	if code, o := kubeDo(t, c, http.MethodPost, "/api/v1/nodes", "application/json", node); code != 409 || o["reason"] != "AlreadyExists" {
		t.Errorf("twice: %d %v", code, o)
	}
	wrong := `{"preconditions":{"uid":"` + uuid() + `"}}`
	if code, _ := kubeDo(t, c, http.MethodDelete, "/api/v1/nodes/x", "application/json", wrong); code != 409 {
		t.Errorf("another uid: %d", code)
	}
	code, o := kubeDo(t, c, http.MethodDelete, "/api/v1/nodes/x", "", "")
	if code != 200 || meta(o)["deletionTimestamp"] == nil {
		t.Errorf("with a finalizer: %d %v", code, o)
	}
	kubeDo(t, c, http.MethodPatch, "/api/v1/nodes/x", "application/merge-patch+json", `{"metadata":{"finalizers":null}}`)
	if code, _ := kubeGet(t, c, "/api/v1/nodes/x"); code != 404 {
		t.Errorf("without its finalizer it is still there: %d", code)
	}
	ctl(t, c, "node-add", "y")
	code, o = kubeDo(t, c, http.MethodDelete, "/api/v1/nodes/y", "", "")
	if code != 200 || o["kind"] != "Status" || o["status"] != "Success" {
		t.Errorf("delete: %d %v", code, o)
	}
}

func TestKubeAccess(t *testing.T) {
	c := start(t, Options{})
	for _, path := range []string{"/readyz", "/version", "/api/v1/nodes"} {
		resp, err := plainClient(c).Get(c.kubeURL + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != 401 {
			t.Errorf("%s as nobody: %s", path, resp.Status)
		}
	}
	ctl(t, c, "kube-requests", "-reset")
	for _, path := range []string{"/version", "/api", "/apis", "/api/v1", "/api/v1/pods", "/api/v1/nodes/rke2-cp"} {
		if code, o := kubeGet(t, c, path); code != 200 {
			t.Errorf("%s: %d %v", path, code, o)
		}
	}
	want := "get /api 1\nget /api/v1 1\nget /apis 1\nget /version 1\nget nodes 1\nlist pods 1\ntotal 6\n"
	if got := ctl(t, c, "kube-requests"); got != want {
		t.Errorf("kube-requests: %s", got)
	}
	ctl(t, c, "kube-fail", "429", "1")
	for _, want := range []int{429, 200} {
		if code, _ := kubeGet(t, c, "/version"); code != want {
			t.Errorf("with kube-fail: %d, not %d", code, want)
		}
	}
	// The certificate of the kubeconfig, which the lab's own requests use as
	// well.
	ctl(t, c, "node-condition", "rke2-cp", "DiskPressure", "True", "the", "disk", "is", "full")
	_, node := kubeGet(t, c, "/api/v1/nodes/rke2-cp")
	if text := fmt.Sprint(node["status"]); !strings.Contains(text, "the disk is full") {
		t.Error(text)
	}
}

func TestScriptedAnswer(t *testing.T) {
	c := start(t, Options{})
	get := func(path string) (int, string) {
		resp := kubeOpen(t, c, http.MethodGet, path, "", "")
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(body)
	}
	must := func(args ...string) string {
		lines, err := c.ctlAnswer(args)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(lines, "\n")
	}
	for _, wrong := range [][]string{{"list nodes"}, {"list nodes", "count=1"}, {"list nodes", "nosuch"}} {
		if _, err := c.ctlAnswer(wrong); err == nil {
			t.Errorf("%q was accepted", wrong)
		}
	}
	must("list nodes", "match=limit=", "after=1", "count=1", "status=418", "text={}")
	must("list nodes", "match=limit=", "replace=NodeList=>PodList", "own")
	for i, want := range []struct {
		path, text string
		code       int
	}{{"/api/v1/nodes", "NodeList", 200}, {"/api/v1/nodes?limit=1", "PodList", 200}, {"/api/v1/nodes?limit=1", "{}", 418},
		{"/api/v1/nodes?limit=1", "PodList", 200}} {
		if code, body := get(want.path); code != want.code || !strings.Contains(body, want.text) {
			t.Errorf("%d: %d %s", i, code, body)
		}
	}
	if got := must(); !strings.HasPrefix(got, "list nodes hits=1 body=2 wire=2\nlist nodes hits=2 ") {
		t.Error(got)
	}
	if got := must("off"); got != "" {
		t.Error(got)
	}
}
