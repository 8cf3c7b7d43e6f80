// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The supervisor stands in for the RKE2 supervisor (port 9345 of a server):
// everything an agent asks before its node is registered. Routes, roles and
// status codes follow k3s pkg/server/{handlers,auth} and pkg/nodepassword.
type supervisor struct {
	servers, clients *authority
	serverPassword   string
	agentPassword    string
	version          string
	apiservers       func() []string

	mu        sync.Mutex
	bootstrap map[string]bootstrapToken // by id
	passwords map[string]nodePassword   // node-password secrets, by node
	fail      int                       // status that /v1-rke2 answers with
	failLeft  int                       // how often; below zero: until further notice
	requests  map[string]int
}

// A nodePassword is what a Secret of kube-system keeps of a node's password.
type nodePassword struct {
	hash [sha256.Size]byte
	made time.Time
}

type bootstrapToken struct {
	secret  string
	expires time.Time // zero: never
}

// roles of the callers
const (
	groupAgent     = "rke2:agent"
	groupServer    = "rke2:server"
	groupNodes     = "system:nodes"
	groupBootstrap = "system:bootstrappers"
)

var errNotAuthorized = errors.New("not authorized")

func newSupervisor(servers, clients *authority, version string) *supervisor {
	return &supervisor{
		servers: servers, clients: clients, version: version,
		serverPassword: randomHex(16), agentPassword: randomHex(16),
		bootstrap: map[string]bootstrapToken{},
		passwords: map[string]nodePassword{},
		requests:  map[string]int{},
	}
}

// full puts the CA hash in front of credentials.
func (s *supervisor) full(creds string) string {
	hash, err := hashCA(s.servers.pem)
	if err != nil {
		panic(err) // our own certificate
	}
	return "K10" + hash + "::" + creds
}

func (s *supervisor) serverToken() string { return s.full("server:" + s.serverPassword) }
func (s *supervisor) agentToken() string  { return s.full("node:" + s.agentPassword) }

// newBootstrapToken creates a token that expires after ttl; 0: never.
func (s *supervisor) newBootstrapToken(ttl time.Duration) string {
	t := bootstrapToken{secret: random(16)}
	if ttl > 0 {
		t.expires = time.Now().Add(ttl)
	}
	id := random(6)
	s.mu.Lock()
	s.bootstrap[id] = t
	s.mu.Unlock()
	return s.full(id + "." + t.secret)
}

// forget deletes the node-password Secret of a deleted node.
func (s *supervisor) forget(node string) {
	s.mu.Lock()
	delete(s.passwords, node)
	s.mu.Unlock()
}

// leave stores a password for a node, as if a worker of that name had come that
// far and no further.
func (s *supervisor) leave(node string) {
	s.mu.Lock()
	s.passwords[node] = nodePassword{sha256.Sum256([]byte(random(16))), time.Now()}
	s.mu.Unlock()
}

// password returns what is stored of a node's password.
func (s *supervisor) password(node string) (nodePassword, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.passwords[node]
	return p, ok
}

// failWith makes the next count requests below /v1-rke2 fail with code.
func (s *supervisor) failWith(code, count int) {
	s.mu.Lock()
	s.fail, s.failLeft = code, count
	s.mu.Unlock()
}

// authenticate returns the groups of the caller; nil without an error: the
// request has no credentials.
func (s *supervisor) authenticate(r *http.Request) ([]string, string, error) {
	if r.TLS != nil && len(r.TLS.PeerCertificates) > 0 {
		cert := r.TLS.PeerCertificates[0]
		_, err := cert.Verify(x509.VerifyOptions{Roots: s.clients.pool(),
			KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
		if err != nil {
			return nil, "", err
		}
		return cert.Subject.Organization, cert.Subject.CommonName, nil
	}
	if user, password, ok := r.BasicAuth(); ok {
		switch {
		case user == "node" && same(password, s.agentPassword):
			return []string{groupAgent}, user, nil
		case user == "server" && same(password, s.serverPassword):
			// With a separate agent token, this password is valid
			// for servers only: for "node" it is wrong.
			return []string{groupServer}, user, nil
		}
		return nil, "", errNotAuthorized
	}
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		id, secret, _ := strings.Cut(strings.TrimSpace(bearer), ".")
		s.mu.Lock()
		t, known := s.bootstrap[id]
		s.mu.Unlock()
		if !known || !same(secret, t.secret) || (!t.expires.IsZero() && time.Now().After(t.expires)) {
			return nil, "", errNotAuthorized
		}
		return []string{groupBootstrap, "system:bootstrappers:rke2:default-node-token"}, "system:bootstrap:" + id, nil
	}
	return nil, "", nil
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// authed admits callers of one of the groups.
func (s *supervisor) authed(next func(http.ResponseWriter, *http.Request, string), groups ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		have, user, err := s.authenticate(r)
		if err != nil {
			sendStatus(w, http.StatusUnauthorized, "Unauthorized", "not authorized")
			return
		}
		for _, group := range have {
			for _, want := range groups {
				if group == want {
					next(w, r, user)
					return
				}
			}
		}
		sendStatus(w, http.StatusForbidden, "Forbidden", "forbidden")
	}
}

func (s *supervisor) handler() http.Handler {
	agents := []string{groupAgent, groupNodes, groupBootstrap}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /cacerts", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.Write(s.servers.pem)
	})
	mux.HandleFunc("GET /ping", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, "pong")
	})
	mux.HandleFunc("/v1-rke2/readyz", s.authed(func(w http.ResponseWriter, r *http.Request, _ string) {
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, "ok")
	}, agents...))
	mux.HandleFunc("/v1-rke2/apiservers", s.authed(func(w http.ResponseWriter, r *http.Request, _ string) {
		sendJSON(w, http.StatusOK, s.apiservers())
	}, agents...))
	mux.HandleFunc("/v1-rke2/config", s.authed(s.config, agents...))
	mux.HandleFunc("/v1-rke2/serving-kubelet.crt", s.authed(s.servingCert, agents...))
	mux.HandleFunc("/v1-rke2/client-kubelet.crt", s.authed(s.kubeletCert, agents...))
	mux.HandleFunc("/v1-rke2/client-kube-proxy.crt", s.authed(s.clientCert("system:kube-proxy"), agents...))
	mux.HandleFunc("/v1-rke2/client-rke2-controller.crt", s.authed(s.clientCert("system:rke2-controller"), agents...))
	mux.HandleFunc("/v1-rke2/client-ca.crt", s.authed(s.file(s.clients.pem), agents...))
	mux.HandleFunc("/v1-rke2/server-ca.crt", s.authed(s.file(s.servers.pem), agents...))
	mux.HandleFunc("/v1-rke2/token", s.authed(s.file(nil), groupServer))
	mux.HandleFunc("/v1-rke2/cert/cacerts", s.authed(s.file(nil), groupServer))
	mux.HandleFunc("/v1-rke2/server-bootstrap", s.authed(s.file(nil), groupServer))
	// Everything else goes to the kube-apiserver, which has no anonymous
	// user.
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		sendStatus(w, http.StatusUnauthorized, "Unauthorized", "Unauthorized")
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests[r.Method+" "+r.URL.Path]++
		code := 0
		if s.failLeft != 0 && strings.HasPrefix(r.URL.Path, "/v1-rke2/") {
			code = s.fail
			if s.failLeft > 0 {
				s.failLeft--
			}
		}
		s.mu.Unlock()
		if code != 0 {
			sendFailure(w, code)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func (s *supervisor) file(data []byte) func(http.ResponseWriter, *http.Request, string) {
	return func(w http.ResponseWriter, r *http.Request, _ string) {
		w.Header().Set("Content-Type", "text/plain")
		w.Write(data)
	}
}

func (s *supervisor) config(w http.ResponseWriter, r *http.Request, _ string) {
	sendJSON(w, http.StatusOK, map[string]any{
		"ClusterIPRange": "10.42.0.0/16", "ServiceIPRange": "10.43.0.0/16",
		"ClusterDNS": "10.43.0.10", "ClusterDomain": "cluster.local",
		"DisableKubeProxy": false, "EgressSelectorMode": "agent",
		"HTTPSPort": 6443, "SupervisorPort": 9345, "FlannelBackend": "none",
		"Version": s.version,
	})
}

// admit checks the node's name and password, and stores the password if it is
// the first of that name. If it rejects the node, it has sent the response.
func (s *supervisor) admit(w http.ResponseWriter, r *http.Request, user string) (string, bool) {
	name := strings.ToLower(r.Header.Get("rke2-Node-Name"))
	password := r.Header.Get("rke2-Node-Password")
	switch {
	case name == "":
		sendStatus(w, http.StatusBadRequest, "BadRequest", "node name not set")
		return "", false
	case password == "":
		sendStatus(w, http.StatusBadRequest, "BadRequest", "node password not set")
		return "", false
	}
	if node, ok := strings.CutPrefix(user, "system:node:"); ok && node != name {
		sendStatus(w, http.StatusBadRequest, "BadRequest", "header node name does not match auth node name")
		return "", false
	}
	digest := sha256.Sum256([]byte(password))
	s.mu.Lock()
	known, ok := s.passwords[name]
	if !ok {
		s.passwords[name] = nodePassword{digest, time.Now()}
	}
	s.mu.Unlock()
	if ok && known.hash != digest {
		sendStatus(w, http.StatusForbidden, "Forbidden",
			fmt.Sprintf("unable to verify hash for node '%s': hash does not match", name))
		return "", false
	}
	return name, true
}

func (s *supervisor) servingCert(w http.ResponseWriter, r *http.Request, user string) {
	name, ok := s.admit(w, r, user)
	if !ok {
		return
	}
	ips := []net.IP{net.IPv4(127, 0, 0, 1)}
	if list := r.Header.Get("rke2-Node-IP"); list != "" {
		for _, text := range strings.Split(list, ",") {
			ip := net.ParseIP(text)
			if ip == nil {
				sendStatus(w, http.StatusInternalServerError, "InternalError", "invalid node IP address")
				return
			}
			ips = append(ips, ip)
		}
	}
	s.signAndSend(w, r, s.servers, pkix.Name{CommonName: name}, []string{name, "localhost"}, ips, x509.ExtKeyUsageServerAuth)
}

func (s *supervisor) kubeletCert(w http.ResponseWriter, r *http.Request, user string) {
	if name, ok := s.admit(w, r, user); ok {
		s.signAndSend(w, r, s.clients, pkix.Name{CommonName: "system:node:" + name, Organization: []string{groupNodes}},
			nil, nil, x509.ExtKeyUsageClientAuth)
	}
}

func (s *supervisor) clientCert(name string) func(http.ResponseWriter, *http.Request, string) {
	return func(w http.ResponseWriter, r *http.Request, _ string) {
		s.signAndSend(w, r, s.clients, pkix.Name{CommonName: name}, nil, nil, x509.ExtKeyUsageClientAuth)
	}
}

// signAndSend answers with a certificate for the request's CSR; old agents send
// none, and get a key as well.
func (s *supervisor) signAndSend(w http.ResponseWriter, r *http.Request, ca *authority, subject pkix.Name,
	names []string, ips []net.IP, use x509.ExtKeyUsage) {
	if r.Method == http.MethodPost {
		body, err := io.ReadAll(io.LimitReader(r.Body, 64<<10))
		if err == nil {
			if csr, err := x509.ParseCertificateRequest(body); err == nil && csr.CheckSignature() == nil {
				cert, err := ca.sign(subject, names, ips, use, csr.PublicKey)
				if err != nil {
					sendStatus(w, http.StatusInternalServerError, "InternalError", err.Error())
					return
				}
				w.Write(cert)
				return
			}
		}
	}
	made, err := ca.issue(subject, names, ips, use)
	if err != nil {
		sendStatus(w, http.StatusInternalServerError, "InternalError", err.Error())
		return
	}
	w.Write(made.cert)
	w.Write(made.key)
}

// serverTLS presents the server's certificate and asks clients for theirs.
func serverTLS(servers, clients *authority, names []string) (*tls.Config, error) {
	made, err := servers.issue(pkix.Name{CommonName: "rke2", Organization: []string{"rke2"}}, names,
		[]net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}, x509.ExtKeyUsageServerAuth)
	if err != nil {
		return nil, err
	}
	cert, err := tls.X509KeyPair(made.cert, made.key)
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		Certificates: []tls.Certificate{cert},
		ClientAuth:   tls.RequestClientCert,
		ClientCAs:    clients.pool(),
		MinVersion:   tls.VersionTLS12,
	}, nil
}

// sendStatus answers with a metav1.Status, as all of Kubernetes does.
func sendStatus(w http.ResponseWriter, code int, reason, message string) {
	sendJSON(w, code, statusObject(code, reason, message))
}

func statusObject(code int, reason, message string) map[string]any {
	status := "Failure"
	if code < 300 {
		status = "Success"
	}
	o := map[string]any{
		"kind": "Status", "apiVersion": "v1", "metadata": map[string]any{},
		"status": status, "message": message, "code": code,
	}
	if reason != "" {
		o["reason"] = reason
	}
	return o
}

// sendFailure answers with an error that the control API asked for.
func sendFailure(w http.ResponseWriter, code int) {
	reasons := map[int]string{
		400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 409: "Conflict", 410: "Expired",
		429: "TooManyRequests", 500: "InternalError", 503: "ServiceUnavailable", 504: "Timeout",
	}
	status := statusObject(code, reasons[code], strings.ToLower(http.StatusText(code)))
	if code == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", strconv.Itoa(1))
		status["details"] = map[string]any{"retryAfterSeconds": 1}
	}
	sendJSON(w, code, status)
}

func sendJSON(w http.ResponseWriter, code int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	w.Write(append(body, '\n'))
}

// certOf returns the first certificate in a PEM text.
func certOf(text []byte) (*x509.Certificate, error) {
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, errors.New("no certificate in the answer")
	}
	return x509.ParseCertificate(block.Bytes)
}
