// SPDX-License-Identifier: Apache-2.0

// Package vcenter is a vCenter built on govmomi's simulator, and as strict as a
// real one where the simulator is lax: requests are checked against the schema,
// sessions are required, clone specs are validated and applied, tasks queue and
// take time, and faults are injected on demand.
package vcenter

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// Options of the lab's vCenter; the zero value of a time means "at once".
type Options struct {
	Dir         string // folder for vc-ca.pem
	VMs         int    // in addition to the templates and the fixed ones
	Clusters    int
	Hosts       int // per cluster
	CloneTime   time.Duration
	CloneJitter int // percent of CloneTime
	PowerTime   time.Duration
	Latency     time.Duration // of each call
	PerHost     int           // clones that run at the same time per source host
	Page        int           // objects per page if the client sets no limit
	APIVersion  string
	User        string
	Password    string
	Verbose     bool
	Boot        func(context.Context, Machine) // a guest; may be nil

	// Change sees each answer, and returns what is sent in its place; may be nil.
	Change func(method string, body []byte) []byte
}

// Server is a running vCenter.
type Server struct {
	opt   Options
	set   settings
	model *simulator.Model
	svc   *simulator.Service
	dc    *simulator.Datacenter
	mux   *http.ServeMux
	http  *http.Server
	url   string
	ca    string

	rec    recorder
	sess   sessions
	faults faultRules
	tasks  taskTable
	guests guestTable
	watch  *watcher
	conns  idleConns
	inner  string             // our one session in vcsim: its cookie,
	within *simulator.Session // and its objects

	inv   sync.Mutex // guards the VMs against two changes at once
	seq   sequence
	ctx   context.Context
	close context.CancelFunc
	wg    sync.WaitGroup
}

// settings may be changed at run time.
type settings struct {
	mu        sync.Mutex
	cloneTime time.Duration
	jitter    int
	powerTime time.Duration
	latency   time.Duration
	perHost   int
	page      int

	fixedTasks  bool            // tasks cannot be cancelled
	newInstance bool            // vCenter chooses a clone's instanceUuid, not the spec
	updates     int             // objects in an answer to WaitForUpdatesEx; 0: 100
	hidden      map[string]bool // "Type path": properties that nobody may read
}

// Start builds the inventory and listens on a port of 127.0.0.1 that the kernel
// chooses.
func Start(opt Options) (*Server, error) {
	s := &Server{opt: opt, mux: http.NewServeMux()}
	s.ctx, s.close = context.WithCancel(context.Background())
	s.set.cloneTime, s.set.jitter = opt.CloneTime, opt.CloneJitter
	s.set.powerTime, s.set.latency = opt.PowerTime, opt.Latency
	s.set.perHost, s.set.page = opt.PerHost, opt.Page
	s.sess.live = map[string]*session{}
	s.tasks.init()
	s.guests.live = map[string]*guest{}
	s.watch = newWatcher()
	s.conns.idle = map[net.Conn]bool{}
	if err := s.build(); err != nil {
		return nil, fmt.Errorf("inventory: %w", err)
	}
	s.svc.Context.Map.AddHandler(s.watch)
	ca, cert, err := newCA("vsutils lab vCenter CA")
	if err != nil {
		return nil, err
	}
	s.ca = filepath.Join(opt.Dir, "vc-ca.pem")
	if err := os.WriteFile(s.ca, ca, 0o644); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.url = "https://" + l.Addr().String() + "/sdk"
	s.routes(l.Addr().String())
	if err := s.innerLogin(); err != nil {
		return nil, err
	}
	s.http = &http.Server{
		Handler:   s.mux,
		ConnState: s.conns.change,
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{*cert}, MinVersion: tls.VersionTLS12},
		// HTTP/1.1 only, as the clients use.
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
		ErrorLog:     log.New(discardUnless(opt.Verbose), "vcenter: ", 0),
	}
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		_ = s.http.ServeTLS(l, "", "")
	}()
	return s, nil
}

func (s *Server) routes(addr string) {
	s.svc.Listen = &url.URL{Scheme: "https", Host: addr, Path: "/sdk"}
	s.svc.RegisterSDK(s.svc.Context.Map)
	s.svc.Context.Map.SessionManager().ServiceHostName = addr
	s.mux.HandleFunc("/sdk", s.serveSDK)
	s.mux.HandleFunc("/sdk/vimService", s.serveSDK)
	s.mux.HandleFunc("/sdk/vimServiceVersions.xml", s.serveVersions)
	s.mux.HandleFunc("/nfc/", simulator.ServeNFC)
}

// innerLogin opens the session that calls are passed to vcsim with.
func (s *Server) innerLogin() error {
	sm := s.svc.Context.Map.SessionManager().Self.Value
	body := `<Envelope xmlns="` + nsEnvelope + `"><Body><Login xmlns="` + nsVim +
		`"><_this type="SessionManager">` + sm + `</_this><userName>lab</userName>` +
		`<password>lab</password></Login></Body></Envelope>`
	w := httptest.NewRecorder()
	s.svc.ServeSDK(w, httptest.NewRequest(http.MethodPost, "/sdk", strings.NewReader(body)))
	for _, c := range w.Result().Cookies() {
		if c.Name == cookieName {
			s.inner = c.Value
		}
	}
	if s.inner == "" {
		return errors.New("vcsim refused our login")
	}
	m := s.svc.Context.Map
	m.Handler = func(ctx *simulator.Context, _ *simulator.Method) (mo.Reference, types.BaseMethodFault) {
		s.within = ctx.Session
		return nil, nil
	}
	s.forward(&call{req: httptest.NewRequest(http.MethodPost, "/sdk", nil), sess: &session{},
		raw: []byte(`<Envelope xmlns="` + nsEnvelope + `"><Body><CurrentTime xmlns="` + nsVim +
			`"><_this type="ServiceInstance">ServiceInstance</_this></CurrentTime></Body></Envelope>`)})
	m.Handler = nil
	if s.within == nil {
		return errors.New("vcsim does not know our session")
	}
	return nil
}

// Env returns what a client needs: no credentials in the URL.
func (s *Server) Env() map[string]string {
	return map[string]string{
		"GOVC_URL":          s.url,
		"GOVC_USERNAME":     s.opt.User,
		"GOVC_PASSWORD":     s.opt.Password,
		"GOVC_TLS_CA_CERTS": s.ca,
	}
}

// Close ends all connections, tasks and guests.
func (s *Server) Close() {
	s.close()
	_ = s.http.Close()
	s.stopGuests()
	s.wg.Wait()
	s.model.Remove()
}

// context returns a new simulator context: vcsim's locks belong to contexts, so
// two goroutines must not share one.
func (s *Server) context() *simulator.Context {
	c := *s.svc.Context
	return &c
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func discardUnless(verbose bool) interface{ Write([]byte) (int, error) } {
	if verbose {
		return os.Stderr
	}
	return discard{}
}

// apiVersions are the earlier ones, newest first.
var apiVersions = []string{"9.0.0.0", "8.0.3.0", "8.0.2.0", "8.0.1.0", "8.0.0.1", "7.0.3.0", "7.0", "6.7"}

func (s *Server) serveVersions(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/xml")
	var prior strings.Builder
	for _, v := range apiVersions {
		if versionLess(v, s.opt.APIVersion) {
			prior.WriteString("   <version>" + v + "</version>\n")
		}
	}
	fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8" ?>
<namespaces version="1.0">
 <namespace>
  <name>urn:vim25</name>
  <version>%s</version>
  <priorVersions>
%s  </priorVersions>
 </namespace>
</namespaces>
`, s.opt.APIVersion, prior.String())
}

// idleConns are the connections that wait for a request.
type idleConns struct {
	mu   sync.Mutex
	idle map[net.Conn]bool
}

func (ic *idleConns) change(c net.Conn, state http.ConnState) {
	ic.mu.Lock()
	defer ic.mu.Unlock()
	if state == http.StateIdle {
		ic.idle[c] = true
	} else {
		delete(ic.idle, c)
	}
}

// DropIdle closes all idle connections, as a proxy does after a while; it
// returns how many there were.
func (s *Server) DropIdle() int {
	s.conns.mu.Lock()
	defer s.conns.mu.Unlock()
	n := len(s.conns.idle)
	for c := range s.conns.idle {
		_ = c.Close()
		delete(s.conns.idle, c)
	}
	return n
}
