// SPDX-License-Identifier: Apache-2.0

// Package control is the lab's control interface: a loopback HTTP server
// of plain lines, and the client of it that shell tests call.
package control

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"vsutils/lab/vcenter"
)

// Server answers the verbs of "lab ctl".
type Server struct {
	vc      *vcenter.Server
	cluster http.Handler // nil without one
	http    *http.Server
	url     string
}

// Start listens on 127.0.0.1. Verbs it does not know go to cluster, if
// there is one, as /cluster/VERB.
func Start(vc *vcenter.Server, cluster http.Handler) (*Server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Server{vc: vc, cluster: cluster, url: "http://" + l.Addr().String()}
	mux := http.NewServeMux()
	for verb, fn := range verbs {
		mux.HandleFunc("/"+verb, s.handle(fn))
	}
	if cluster != nil {
		mux.Handle("/cluster/", cluster)
	}
	s.http = &http.Server{Handler: mux}
	go func() { _ = s.http.Serve(l) }()
	return s, nil
}

// URL is what $LAB_CTL holds.
func (s *Server) URL() string { return s.url }

// Close stops the server.
func (s *Server) Close() { _ = s.http.Close() }

var errUsage = errors.New("wrong number of arguments")

var verbs = map[string]func(*Server, io.Writer, []string) error{
	"requests": func(s *Server, w io.Writer, args []string) error {
		s.vc.Requests(w, len(args) == 1 && args[0] == "-reset")
		return nil
	},
	"log":      func(s *Server, w io.Writer, _ []string) error { s.vc.Log(w); return nil },
	"sessions": func(s *Server, w io.Writer, _ []string) error { s.vc.Sessions(w); return nil },
	"tasks":    func(s *Server, w io.Writer, _ []string) error { s.vc.Tasks(w); return nil },
	"times":    func(s *Server, w io.Writer, _ []string) error { s.vc.Times(w); return nil },
	"vms":      func(s *Server, w io.Writer, _ []string) error { s.vc.VMs(w); return nil },
	"expire":   func(s *Server, _ io.Writer, _ []string) error { s.vc.Expire(); return nil },
	"vm": func(s *Server, w io.Writer, args []string) error {
		if len(args) != 1 {
			return errUsage
		}
		return s.vc.VM(w, args[0])
	},
	"fault": func(s *Server, w io.Writer, args []string) error {
		switch {
		case len(args) == 0:
			s.vc.Faults(w)
		case len(args) == 1 && args[0] == "clear":
			s.vc.ClearFaults()
		default:
			return s.vc.AddFault(args)
		}
		return nil
	},
	"hide": func(s *Server, _ io.Writer, args []string) error {
		switch {
		case len(args) == 1 && args[0] == "clear":
			s.vc.Hide("", "")
		case len(args) == 2:
			s.vc.Hide(args[0], args[1])
		default:
			return errUsage
		}
		return nil
	},
	"drop-idle": func(s *Server, w io.Writer, _ []string) error {
		fmt.Fprintf(w, "dropped=%d\n", s.vc.DropIdle())
		return nil
	},
	"set":        (*Server).set,
	"delete-vm":  change("delete-vm"),
	"lose-files": change("lose-files"),
	"power":      change("power"),
	"setextra":   change("setextra"),
	"add-disk":   change("add-disk"),
	"add-nic":    change("add-nic"),
	"set-mac":    change("set-mac"),
	"set-cores":  change("set-cores"),
	"question":   change("question"),
	"make-vm":    change("make-vm"),
}

func change(verb string) func(*Server, io.Writer, []string) error {
	return func(s *Server, _ io.Writer, args []string) error { return s.vc.Do(verb, args) }
}

func (s *Server) set(_ io.Writer, args []string) error {
	if len(args) != 2 {
		return errUsage
	}
	if s.cluster != nil && (args[0] == "boot-time" || args[0] == "join-time") {
		return s.ask("set-"+args[0], args[1:])
	}
	if err := s.vc.Set(args[0], args[1]); err != nil {
		return fmt.Errorf("set: '%s': %w", args[0], err)
	}
	return nil
}

// ask has the cluster carry out a verb of its own.
func (s *Server) ask(verb string, args []string) error {
	r := httptest.NewRequest(http.MethodPost, "/cluster/"+verb,
		strings.NewReader(url.Values{"arg": args}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.cluster.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		return errors.New(strings.TrimSpace(w.Body.String()))
	}
	return nil
}

// handle runs a verb; its arguments are the values of "arg", in order.
func (s *Server) handle(fn func(*Server, io.Writer, []string) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		var out bytes.Buffer
		if err := fn(s, &out, r.Form["arg"]); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write(out.Bytes())
	}
}
