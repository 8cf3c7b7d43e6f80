// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"runtime/debug"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// maxBody is more than any request needs and small enough to be harmless.
const maxBody = 64 << 20

// call is one request that passed the checks.
type call struct {
	name    string
	this    types.ManagedObjectReference
	body    any
	version string
	sess    *session
	req     *http.Request
	raw     []byte
	ctx     *simulator.Context
	header  http.Header // for the response
	rule    *faultRule  // the rule found for it, or nil
}

type method func(*call) (any, types.BaseMethodFault)

func (s *Server) serveSDK(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		http.Error(w, "", http.StatusMethodNotAllowed)
		return
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return
	}
	root, perr := parseTree(raw)
	name := methodName(root)
	i := s.rec.begin(name)
	c := &call{name: name, req: r, raw: raw, sess: s.sess.find(r), header: http.Header{}}
	status := "dropped"
	defer func() {
		s.rec.end(i, func(e *entry) {
			e.status, e.agent, e.peer = status, r.UserAgent(), r.RemoteAddr
			e.object = c.this.Value
			if c.sess != nil {
				e.sess = c.sess.id
			}
		})
	}()

	s.pause(s.latency())
	rule := s.faults.match(name, raw)
	c.rule = rule
	if rule.is("answer") {
		status = "answer"
		s.play(rule, w, c, root, perr)
		return
	}
	a := s.refuse(rule, c)
	if a == nil {
		if rule.before(w) {
			return
		}
		a = s.execute(c, root, perr)
		s.afterCall(rule, a)
	}
	if s.opt.Change != nil {
		a.body = s.opt.Change(name, a.body)
	}
	status = fmt.Sprint(a.status)
	if rule.spoil(w, r, a) {
		status += " spoilt"
		return
	}
	a.send(w, r)
}

func methodName(root *node) string {
	if root != nil {
		if b := root.child("Body"); b != nil && len(b.kids) > 0 {
			return b.kids[0].name.Local
		}
	}
	return "?"
}

// execute checks a request and carries it out.
func (s *Server) execute(c *call, root *node, perr error) *answer {
	invalid := &types.InvalidRequest{}
	if perr != nil {
		return failure("ServerFaultCode", "Malformed XML: "+perr.Error(), invalid)
	}
	version, ok := statedVersion(c.req)
	if !ok {
		return failure("ServerFaultCode", fmt.Sprintf("SOAPAction header %q names no version of urn:vim25",
			c.req.Header.Get("SOAPAction")), invalid)
	}
	if versionLess(s.opt.APIVersion, version) {
		return failure("vim25:VersionMismatchFaultCode",
			fmt.Sprintf("Unsupported version URI \"urn:vim25/%s\"", version), invalid)
	}
	c.version = version
	req, problem := checkEnvelope(root, version, c.req.UserAgent())
	if problem != nil {
		return failure("ServerFaultCode", "\n"+problem.Error(), invalid)
	}
	c.this = types.ManagedObjectReference{Type: req.thisType, Value: req.this}
	if s.opt.Verbose {
		log.Printf("vcenter: %s %s", c.name, c.this)
	}
	m, err := simulator.UnmarshalBody(typeByName, c.raw)
	if err != nil {
		return failure("ServerFaultCode", err.Error(), invalid)
	}
	c.body, c.ctx = m.Body, s.context()
	if fault := s.admit(c); fault != nil {
		return methodFault(fault)
	}
	return s.dispatch(c)
}

// admit checks whether this caller may make this call at all.
func (s *Server) admit(c *call) types.BaseMethodFault {
	if c.sess != nil {
		return denied(c)
	}
	switch c.name {
	case "Login", "RetrieveServiceContent", "LoginByToken", "LoginExtensionByCertificate", "CloneSession":
		return nil
	case "RetrieveProperties":
		if onlySession(c.body.(*types.RetrieveProperties).SpecSet) {
			return nil
		}
	case "RetrievePropertiesEx":
		if onlySession(c.body.(*types.RetrievePropertiesEx).SpecSet) {
			return nil
		}
	}
	return notAuthenticated(c.this)
}

// onlySession is true for the check whether a session is alive, which needs no
// session.
func onlySession(spec []types.PropertyFilterSpec) bool {
	for _, f := range spec {
		for _, o := range f.ObjectSet {
			if o.Obj.Type != "SessionManager" && o.Obj.Type != "ServiceInstance" {
				return false
			}
		}
	}
	return true
}

func notAuthenticated(obj types.ManagedObjectReference) *types.NotAuthenticated {
	return &types.NotAuthenticated{NoPermission: types.NoPermission{
		Object: &obj, PrivilegeId: "System.View"}}
}

// dispatch runs our own methods, and vcsim's for the rest.
func (s *Server) dispatch(c *call) (a *answer) {
	defer func() {
		if p := recover(); p != nil { // a bug here must not look like a dropped connection
			log.Printf("vcenter: panic in %s: %v\n%s", c.name, p, debug.Stack())
			a = failure("ServerFaultCode", fmt.Sprint("lab panic: ", p), &types.SystemError{})
		}
	}()
	m := s.method(c)
	if m == nil {
		return s.forward(c)
	}
	res, fault := m(c)
	if fault != nil {
		return methodFault(fault)
	}
	a, err := success(c.name, res)
	if err != nil {
		panic(err)
	}
	a.header = c.header
	return a
}

// forward passes a call to vcsim, in process, under the caller's session.
func (s *Server) forward(c *call) *answer {
	r := httptest.NewRequest(http.MethodPost, "/sdk", bytes.NewReader(c.raw))
	r.Header.Set("User-Agent", c.req.UserAgent())
	r.RemoteAddr = c.req.RemoteAddr
	if c.sess != nil { // all of them are one session in vcsim
		r.AddCookie(&http.Cookie{Name: cookieName, Value: s.inner})
	}
	w := httptest.NewRecorder()
	s.svc.ServeSDK(w, r)
	out := w.Body.Bytes()
	_, out, _ = bytes.Cut(out, []byte("<soapenv:Body>"))
	if i := bytes.LastIndex(out, []byte("</soapenv:Body>")); i >= 0 {
		out = out[:i]
	}
	return &answer{status: w.Code, body: wrapBody(out)}
}

func (s *Server) latency() time.Duration {
	s.set.mu.Lock()
	defer s.set.mu.Unlock()
	return s.set.latency
}

// pause waits, but not longer than the server runs.
func (s *Server) pause(d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-s.ctx.Done():
	}
}
