// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/vmware/govmomi/vim25/types"

	"vsutils/lab/hostile"
)

// faultRule makes calls of one method fail.
type faultRule struct {
	method string
	match  string // part of the request's body
	count  int    // how often; 0: always
	after  int    // calls that still pass
	action string
	arg    string
	extra  map[string]string
	script *hostile.Script // of the action "answer"
	hits   int
}

type faultRules struct {
	mu    sync.Mutex
	rules []*faultRule
}

var actions = map[string]bool{"status": true, "fault": true, "taskfault": true,
	"drop-before": false, "drop-after": false, "reset": false, "truncate": false,
	"stall": false, "hang-up": false, "garbage": false, "delay": true,
	"answer": false, "missing-notauth": false, "lose-task": false, "off": false}

// AddFault reads METHOD [match=TEXT] [count=N] [after=N] ACTION[,KEY=VALUE].
func (s *Server) AddFault(args []string) error {
	if len(args) < 2 {
		return errors.New("fault: METHOD [match=TEXT] [count=N] [after=N] ACTION")
	}
	f := &faultRule{method: args[0], extra: map[string]string{}}
	for i, arg := range args[1:] {
		key, val, _ := strings.Cut(arg, "=")
		var err error
		switch key {
		case "match":
			f.match = val
		case "count":
			f.count, err = strconv.Atoi(val)
		case "after":
			f.after, err = strconv.Atoi(val)
		case "answer":
			f.action = key
			if f.script, err = hostile.Parse(args[i+2:]); err == nil {
				s.addFault(f)
				return nil
			}
		default:
			err = f.setAction(arg)
		}
		if err != nil {
			return fmt.Errorf("fault: %s: %w", arg, err)
		}
	}
	if f.action == "" {
		return errors.New("fault: no action")
	}
	s.addFault(f)
	return nil
}

func (s *Server) addFault(f *faultRule) {
	s.faults.mu.Lock()
	s.faults.rules = append(s.faults.rules, f)
	s.faults.mu.Unlock()
}

func (f *faultRule) setAction(arg string) error {
	parts := strings.Split(arg, ",")
	key, val, has := strings.Cut(parts[0], "=")
	needs, known := actions[key]
	if !known || needs != has || f.action != "" {
		return errors.New("unknown action, an action without its value, or a second one")
	}
	f.action, f.arg = key, val
	for _, p := range parts[1:] {
		k, v, _ := strings.Cut(p, "=")
		f.extra[k] = v
	}
	switch key {
	case "lose-task":
		if d := f.extra["delay"]; d != "" {
			_, err := time.ParseDuration(d)
			return err
		}
	case "status":
		_, err := strconv.Atoi(val)
		return err
	case "delay":
		_, err := time.ParseDuration(val)
		return err
	case "fault", "taskfault":
		name, _, _ := strings.Cut(val, ":")
		if buildFault(name, "", types.ManagedObjectReference{}) == nil {
			return fmt.Errorf("no fault type %q", name)
		}
	}
	return nil
}

// ClearFaults removes all rules.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	s.faults.rules = nil
	s.faults.mu.Unlock()
}

// Faults lists the rules and how often each was used.
func (s *Server) Faults(w io.Writer) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	for _, f := range s.faults.rules {
		fmt.Fprintf(w, "%s %s %s hits=%d", f.method, f.action, dash(f.arg), f.hits)
		if f.script != nil {
			fmt.Fprint(w, " ", f.script)
		}
		fmt.Fprintln(w)
	}
}

// match finds the rule for a call; nil is a valid rule, which does nothing.
func (fr *faultRules) match(method string, body []byte) *faultRule {
	fr.mu.Lock()
	defer fr.mu.Unlock()
	for _, f := range fr.rules {
		if f.method != method && f.method != "*" ||
			!bytes.Contains(body, []byte(f.match)) || f.count > 0 && f.hits >= f.count {
			continue
		}
		if f.after > 0 {
			f.after--
			continue
		}
		f.hits++
		return f
	}
	return nil
}

func (f *faultRule) is(action string) bool { return f != nil && f.action == action }

// refuse answers without executing the call.
func (s *Server) refuse(f *faultRule, c *call) *answer {
	if f == nil {
		return nil
	}
	switch f.action {
	case "delay":
		d, _ := time.ParseDuration(f.arg)
		s.pause(d)
	case "status":
		code, _ := strconv.Atoi(f.arg)
		a := &answer{status: code, ctype: "text/plain", header: http.Header{},
			body: []byte(http.StatusText(code) + " (Failed to connect to endpoint)\n")}
		if ra := f.extra["retry-after"]; ra != "" {
			a.header.Set("Retry-After", ra)
		}
		return a
	case "fault":
		name, msg, _ := strings.Cut(f.arg, ":")
		fault := buildFault(name, msg, c.thisOf())
		if busy, ok := fault.(*types.TaskInProgress); ok {
			busy.Task = s.foreignTask(c)
		}
		return failure("ServerFaultCode", textOr(msg, fault), fault)
	case "garbage":
		return &answer{status: http.StatusOK, ctype: "text/html", body: []byte(
			"<!DOCTYPE html>\n<html><head><title>Login</title></head><body>Please sign in</body></html>\n")}
	case "missing-notauth":
		return missingNotAuth(c)
	}
	return nil
}

func textOr(msg string, fault types.BaseMethodFault) string {
	if msg != "" {
		return msg
	}
	return faultText(fault)
}

// before ends the connection without executing anything.
func (f *faultRule) before(w http.ResponseWriter) bool {
	switch {
	case f.is("drop-before"):
		hangUp(w, false)
	case f.is("reset"):
		hangUp(w, true)
	default:
		return false
	}
	return true
}

// play answers a call by the rule's script.
func (s *Server) play(f *faultRule, w http.ResponseWriter, c *call, root *node, perr error) {
	f.script.Send(w, c.req, hostile.Call{Soap: c.name, Type: "text/xml; charset=utf-8",
		Own: func() (int, http.Header, []byte) {
			a := s.execute(c, root, perr)
			return a.status, a.header, a.body
		}})
}

// spoil damages the response of a call that was executed.
func (f *faultRule) spoil(w http.ResponseWriter, r *http.Request, a *answer) bool {
	switch {
	case f.is("drop-after"):
		hangUp(w, false)
	case f.is("truncate"):
		a.sendHalf(w, r)
		hangUp(w, false)
	case f.is("stall"):
		a.sendHalf(w, r)
		<-r.Context().Done() // until the client disconnects
	case f.is("hang-up"): // the response is whole, but its end is not announced
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
		a.send(w, unzipped(r))
		hangUp(w, false)
	default:
		return false
	}
	return true
}

func (a *answer) sendHalf(w http.ResponseWriter, r *http.Request) {
	half := *a
	half.body = a.body[:len(a.body)/2]
	half.send(w, unzipped(r))
}

// unzipped is the request of a client that cannot decompress.
func unzipped(r *http.Request) *http.Request {
	noZip := r.Clone(r.Context())
	noZip.Header.Del("Accept-Encoding")
	return noZip
}

// hangUp closes the connection, with a RST if asked.
func hangUp(w http.ResponseWriter, rst bool) {
	hj, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	conn, _, err := hj.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if t, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = t.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok && rst {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// plant tells a task how to fail, before it runs.
func (f *faultRule) plant(t *task) {
	switch {
	case f.is("taskfault"):
		name, msg, _ := strings.Cut(f.arg, ":")
		t.injected, t.message = buildFault(name, msg, t.entity), msg
	case f.is("off"):
		t.stayOff = true
	}
}

// afterCall makes what the call has started disappear.
func (s *Server) afterCall(f *faultRule, a *answer) {
	if !f.is("lose-task") || a.task == nil {
		return
	}
	t := s.tasks.get(a.task.Value)
	if t == nil {
		return
	}
	d, _ := time.ParseDuration(f.extra["delay"])
	if d <= 0 {
		s.loseTask(t)
		return
	}
	s.later(d, func() { s.loseTask(t) })
}
