// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The kube type stands in for a kube-apiserver, as far as nodes are concerned.
type kube struct {
	clients *authority // whose certificates are accepted
	token   string     // its bearer is an administrator
	version string
	store   *store
	super   *supervisor // its node passwords are Secrets here

	mu       sync.Mutex
	gone     string // how the next watch ends with 410: "", "status" or "event"
	drop     chan struct{}
	stalled  chan struct{} // closed when watches may continue; nil: they are not stalled
	fail     int
	failLeft int
	requests map[string]int
	answers  []*kubeAnswer
	change   func(request string, body []byte) []byte
	pages    map[string]page // lists that were sent in part
	order    []string        // of pages, oldest first

	bookmarkEvery time.Duration
}

// A page is the rest of a list, as it was when its first part was sent.
type page struct {
	rest []object
	rv   int64
}

func newKube(clients *authority, version string) *kube {
	version, _, _ = strings.Cut(version, "-")
	return &kube{
		clients: clients, token: randomHex(16), version: version, store: newStore(),
		drop: make(chan struct{}), requests: map[string]int{}, pages: map[string]page{},
		bookmarkEvery: 2 * time.Second,
	}
}

// authenticate returns whether the caller is known. There is no anonymous user,
// as in RKE2.
func (k *kube) authenticate(r *http.Request) bool {
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return same(strings.TrimSpace(bearer), k.token)
	}
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return false
	}
	_, err := r.TLS.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: k.clients.pool(),
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	return err == nil
}

// verb names a request as Kubernetes' audit log does.
func verb(r *http.Request, path []string) string {
	if len(path) < 3 || path[0] != "api" {
		return strings.ToLower(r.Method) + " " + r.URL.Path
	}
	what := path[2]
	if len(path) == 6 && what == "namespaces" {
		if what = path[4]; !wantsMetadata(r) {
			what += "/data"
		}
	} else if len(path) > 4 {
		what += "/" + path[4]
	}
	switch r.Method {
	case http.MethodGet:
		if watching(r) {
			return "watch " + what
		} else if len(path) == 3 {
			return "list " + what
		}
		return "get " + what
	case http.MethodPost:
		return "create " + what
	case http.MethodPut:
		return "update " + what
	}
	return strings.ToLower(r.Method) + " " + what
}

func watching(r *http.Request) bool {
	v := r.URL.Query().Get("watch")
	return v == "1" || v == "true"
}

func (k *kube) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if r.Header.Get("User-Agent") != ownAgent {
		what := verb(r, path)
		if fail := k.count(what); fail != 0 {
			sendFailure(w, fail)
			return
		}
		if s := k.answer(what, r); s != nil {
			k.play(s, w, r)
			return
		}
		if k.change != nil {
			k.serveChanged(what, w, r)
			return
		}
	}
	k.serve(w, r)
}

// serve answers a request as an API server does.
func (k *kube) serve(w http.ResponseWriter, r *http.Request) {
	path := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case !k.authenticate(r):
		sendStatus(w, http.StatusUnauthorized, "Unauthorized", "Unauthorized")
	case len(path) >= 3 && path[0] == "api" && path[1] == "v1" && path[2] == "nodes":
		k.nodes(w, r, path[3:])
	case len(path) == 6 && strings.HasPrefix(r.URL.Path, "/api/v1/namespaces/kube-system/secrets/"):
		k.secret(w, r, path[5])
	case r.URL.Path == "/api/v1/pods":
		// No pods run here, but a drain asks for them.
		_, rv := k.store.list()
		sendJSON(w, http.StatusOK, object{"kind": "PodList", "apiVersion": "v1",
			"metadata": object{"resourceVersion": strconv.FormatInt(rv, 10)}, "items": []any{}})
	default:
		k.discovery(w, r)
	}
}

// count counts a request that is not the lab's own, and returns the error status
// to answer with; 0: none.
func (k *kube) count(what string) int {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.requests[what]++
	if k.failLeft == 0 {
		return 0
	}
	if k.failLeft > 0 {
		k.failLeft--
	}
	return k.fail
}

// discovery answers the requests that clients make before they ask for nodes.
func (k *kube) discovery(w http.ResponseWriter, r *http.Request) {
	resource := func(name, kind string, namespaced bool, verbs ...string) object {
		return object{"name": name, "singularName": strings.ToLower(kind), "kind": kind, "namespaced": namespaced, "verbs": verbs}
	}
	switch strings.TrimSuffix(r.URL.Path, "/") {
	case "/readyz", "/livez", "/healthz":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		io.WriteString(w, "ok")
	case "/version":
		part := strings.Split(strings.TrimPrefix(k.version, "v"), ".")
		sendJSON(w, http.StatusOK, object{"major": part[0], "minor": part[1], "gitVersion": k.version,
			"platform": "linux/amd64", "goVersion": "go1.24.5", "compiler": "gc", "gitTreeState": "clean"})
	case "/api":
		sendJSON(w, http.StatusOK, object{"kind": "APIVersions", "versions": []string{"v1"},
			"serverAddressByClientCIDRs": []any{}})
	case "/apis":
		sendJSON(w, http.StatusOK, object{"kind": "APIGroupList", "apiVersion": "v1", "groups": []any{}})
	case "/api/v1":
		nodes := resource("nodes", "Node", false, "create", "delete", "get", "list", "patch", "update", "watch")
		nodes["shortNames"] = []string{"no"}
		sendJSON(w, http.StatusOK, object{"kind": "APIResourceList", "groupVersion": "v1", "resources": []any{
			nodes,
			resource("nodes/status", "Node", false, "get", "patch", "update"),
			resource("pods", "Pod", true, "list"),
			resource("secrets", "Secret", true, "delete", "get"),
		}})
	default:
		sendStatus(w, http.StatusNotFound, "NotFound", "the server could not find the requested resource")
	}
}

func (k *kube) nodes(w http.ResponseWriter, r *http.Request, path []string) {
	var name string
	status := false
	switch {
	case len(path) == 0:
	case len(path) == 1:
		name = path[0]
	case len(path) == 2 && path[1] == "status":
		name, status = path[0], true
	default:
		sendStatus(w, http.StatusNotFound, "NotFound", "the server could not find the requested resource")
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 3<<20))
	if err != nil {
		sendStatus(w, http.StatusBadRequest, "BadRequest", err.Error())
		return
	}
	query := r.URL.Query()
	dryRun := query.Get("dryRun") == "All"
	var o object
	code := http.StatusOK
	switch {
	case r.Method == http.MethodGet && watching(r):
		k.watch(w, r, name)
		return
	case r.Method == http.MethodGet && name == "":
		o, err = k.list(r)
	case r.Method == http.MethodGet:
		o, err = k.store.get(name)
	case r.Method == http.MethodPost && name == "":
		if o, err = decode(body); err == nil {
			o, err = k.store.create(o, dryRun)
			code = http.StatusCreated
		}
	case r.Method == http.MethodPut && name != "":
		var whole object
		if whole, err = decode(body); err == nil {
			o, err = k.store.update(name, status, dryRun, func(object) (object, error) { return whole, nil })
		}
	case r.Method == http.MethodPatch && name != "":
		kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
		o, err = k.store.update(name, status, dryRun, func(was object) (object, error) {
			return applyPatch(strings.TrimSpace(kind), was, body)
		})
	case r.Method == http.MethodDelete && name != "" && !status:
		o, err = k.remove(name, body, dryRun)
	default:
		err = &apiError{http.StatusMethodNotAllowed, "MethodNotAllowed", "the server does not allow this method on the requested resource"}
	}
	if err != nil {
		sendError(w, err, name)
		return
	}
	if r.Method == http.MethodGet && wantsTable(r) {
		o = asTable(o)
	}
	sendJSON(w, code, o)
}

func (k *kube) remove(name string, body []byte, dryRun bool) (object, error) {
	var options struct {
		Preconditions struct{ UID, ResourceVersion string }
		DryRun        []string
	}
	if len(body) > 0 {
		if err := json.Unmarshal(body, &options); err != nil {
			return nil, &apiError{http.StatusBadRequest, "BadRequest", err.Error()}
		}
	}
	dryRun = dryRun || slices.Contains(options.DryRun, "All")
	o, err := k.store.drop(name, options.Preconditions.UID, options.Preconditions.ResourceVersion, dryRun)
	if err != nil || meta(o)["deletionTimestamp"] != nil {
		return o, err
	}
	status := statusObject(http.StatusOK, "", "")
	delete(status, "message")
	delete(status, "code")
	status["details"] = object{"name": name, "kind": "nodes", "uid": meta(o)["uid"]}
	return status, nil
}

func decode(body []byte) (object, error) {
	var o object
	if err := json.Unmarshal(body, &o); err != nil || o == nil {
		return nil, &apiError{http.StatusBadRequest, "BadRequest", "the body of the request is not an object in JSON"}
	}
	if o["kind"] != nil && o["kind"] != "Node" {
		return nil, &apiError{http.StatusBadRequest, "BadRequest", fmt.Sprintf("%v cannot be handled as a Node", o["kind"])}
	}
	return o, nil
}

func sendError(w http.ResponseWriter, err error, name string) {
	e, ok := err.(*apiError)
	if !ok {
		e = &apiError{http.StatusInternalServerError, "InternalError", err.Error()}
	}
	status := statusObject(e.code, e.reason, e.message)
	if name != "" {
		status["details"] = object{"name": name, "kind": "nodes"}
	}
	if e.code == http.StatusGatewayTimeout {
		status["details"] = object{"retryAfterSeconds": 1}
		w.Header().Set("Retry-After", "1")
	}
	sendJSON(w, e.code, status)
}

// list answers a list, in pages if there is a limit. Later pages have the same
// version as the first.
func (k *kube) list(r *http.Request) (object, error) {
	query := r.URL.Query()
	match, err := parseSelectors(query.Get("labelSelector"), query.Get("fieldSelector"))
	if err != nil {
		return nil, err
	}
	limit := 0
	if text := query.Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 0 {
			return nil, &apiError{http.StatusBadRequest, "BadRequest", "limit: not a number"}
		}
	}
	var found []object
	var rv int64
	if next := query.Get("continue"); next != "" {
		k.mu.Lock()
		p, ok := k.pages[next]
		k.mu.Unlock()
		if !ok {
			return nil, &apiError{http.StatusGone, "Expired", "The provided continue parameter is too old to display a consistent list result. " +
				"You must start a new list without the continue parameter."}
		}
		found, rv = p.rest, p.rv
	} else {
		var all []object
		all, rv = k.store.list()
		if want := query.Get("resourceVersion"); want != "" {
			if n, err := strconv.ParseInt(want, 10, 64); err != nil {
				return nil, badVersion(want)
			} else if n > rv {
				return nil, futureVersion(n, rv)
			}
		}
		for _, o := range all {
			if match(o) {
				found = append(found, o)
			}
		}
	}
	metadata := object{"resourceVersion": strconv.FormatInt(rv, 10)}
	if limit > 0 && len(found) > limit {
		metadata["continue"] = k.keep(page{found[limit:], rv})
		metadata["remainingItemCount"] = len(found) - limit
		found = found[:limit]
	}
	if found == nil {
		found = []object{}
	}
	return object{"kind": "NodeList", "apiVersion": "v1", "metadata": metadata, "items": found}, nil
}

// keep stores the rest of a list. The last 32 are kept.
func (k *kube) keep(p page) string {
	token := base64.RawURLEncoding.EncodeToString([]byte(uuid()))
	k.mu.Lock()
	defer k.mu.Unlock()
	k.pages[token] = p
	k.order = append(k.order, token)
	if len(k.order) > 32 {
		delete(k.pages, k.order[0])
		k.order = k.order[1:]
	}
	return token
}

func badVersion(text string) error {
	return &apiError{http.StatusBadRequest, "BadRequest", fmt.Sprintf("resourceVersion: Invalid value: %q: must be a number", text)}
}

func futureVersion(want, have int64) error {
	return &apiError{http.StatusGatewayTimeout, "Timeout", fmt.Sprintf("Too large resource version: %d, current: %d", want, have)}
}

// forgetLists expires every continue token.
func (k *kube) forgetLists() {
	k.mu.Lock()
	clear(k.pages)
	k.order = nil
	k.mu.Unlock()
}

// counts returns the counted requests, and starts again.
func (k *kube) counts(reset bool) []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	var lines []string
	total := 0
	for _, what := range slices.Sorted(maps.Keys(k.requests)) {
		lines = append(lines, fmt.Sprintf("%s %d", what, k.requests[what]))
		total += k.requests[what]
	}
	lines = append(lines, fmt.Sprintf("total %d", total))
	if reset {
		clear(k.requests)
	}
	return lines
}

// dropWatches breaks every running watch.
func (k *kube) dropWatches() {
	k.mu.Lock()
	close(k.drop)
	k.drop = make(chan struct{})
	k.mu.Unlock()
}
