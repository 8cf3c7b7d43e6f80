// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// An agent is one attempt to join the cluster, in the order of k3s
// pkg/clientaccess and pkg/agent/config: trust first, then the token, then the
// node's name.
type agent struct {
	server   string
	token    *token
	trusted  *x509.CertPool // from the guest's own CA bundle
	resolve  func(host string) string
	node     string
	password string // of the node, generated at its first start
	address  string
}

// The agent's message when its password is not the one stored for that name.
const passwordRejected = "Node password rejected, duplicate hostname or contents of '/etc/rancher/node/password' " +
	"may not match server node-passwd entry, try enabling a unique node name with the --with-node-id flag"

// join makes all requests of an agent. A nil error means that the cluster would
// have accepted the node.
func (a *agent) join(ctx context.Context) error {
	where, err := url.Parse(a.server)
	if err != nil {
		return errors.New("invalid server url")
	}
	if where.Scheme != "https" {
		return fmt.Errorf("only https:// URLs are supported, invalid scheme: %s", a.server)
	}
	base := "https://" + where.Host
	pool, err := a.trust(ctx, base)
	if err != nil {
		return err
	}
	client, done := a.client(&tls.Config{RootCAs: pool})
	defer done()
	for _, path := range []string{"/v1-rke2/readyz", "/v1-rke2/config", "/v1-rke2/apiservers"} {
		if _, err := a.request(ctx, client, http.MethodGet, base+path, nil); err != nil {
			return err
		}
	}
	for _, path := range []string{"/v1-rke2/serving-kubelet.crt", "/v1-rke2/client-kubelet.crt"} {
		csr, err := signingRequest()
		if err != nil {
			return err
		}
		answer, err := a.request(ctx, client, http.MethodPost, base+path, csr)
		if e, ok := err.(*httpError); ok && e.code == http.StatusForbidden {
			return errors.New(passwordRejected)
		} else if err != nil {
			return err
		}
		if _, err := certOf(answer); err != nil {
			return err
		}
	}
	return nil
}

// trust finds out which CA to trust before any secret is sent.
func (a *agent) trust(ctx context.Context, base string) (*x509.CertPool, error) {
	system, done := a.client(&tls.Config{RootCAs: a.trusted})
	defer done()
	if _, err := a.get(ctx, system, base+"/cacerts"); err == nil {
		return a.trusted, nil // the hash is not used then
	}
	insecure, done := a.client(&tls.Config{InsecureSkipVerify: true})
	defer done()
	bundle, err := a.get(ctx, insecure, base+"/cacerts")
	if err != nil {
		return nil, fmt.Errorf("failed to get CA certs: %w", err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(bundle)
	pinned, done := a.client(&tls.Config{RootCAs: pool})
	defer done()
	if _, err := a.get(ctx, pinned, base+"/cacerts"); err != nil {
		return nil, fmt.Errorf("CA cert validation failed: %w", err)
	}
	digest, _ := hashCA(bundle)
	if a.token.hash != "" && a.token.hash != digest {
		return nil, fmt.Errorf("token CA hash does not match the Cluster CA certificate hash: %s != %s", a.token.hash, digest)
	}
	return pool, nil
}

// client resolves names as the guest's network does.
func (a *agent) client(config *tls.Config) (*http.Client, func()) {
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	transport := &http.Transport{TLSClientConfig: config, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		to := a.resolve(address)
		if to == "" {
			host, _, _ := net.SplitHostPort(address)
			return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
		}
		return dialer.DialContext(ctx, network, to)
	}}
	return &http.Client{Transport: transport, Timeout: 10 * time.Second}, transport.CloseIdleConnections
}

type httpError struct {
	code int
	text string
}

func (e *httpError) Error() string { return e.text }

func (a *agent) get(ctx context.Context, client *http.Client, where string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, where, nil)
	if err != nil {
		return nil, err
	}
	return send(client, r)
}

// request sends the token, and the headers of the certificate routes.
func (a *agent) request(ctx context.Context, client *http.Client, method, where string, body []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, where, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if a.token.bootstrap != "" {
		r.Header.Set("Authorization", "Bearer "+a.token.bootstrap)
	} else {
		r.SetBasicAuth("node", a.token.password)
	}
	r.Header.Set("rke2-Node-Name", a.node)
	r.Header.Set("rke2-Node-Password", a.password)
	r.Header.Set("rke2-Node-IP", a.address)
	return send(client, r)
}

func send(client *http.Client, r *http.Request) ([]byte, error) {
	resp, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 4<<20))
	if err != nil {
		return nil, err
	}
	if resp.StatusCode/100 != 2 {
		return nil, &httpError{resp.StatusCode, fmt.Sprintf("%s: %s", r.URL.Redacted(), resp.Status)}
	}
	return body, nil
}

// signingRequest generates a key and requests a certificate for it.
func signingRequest() ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	return x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "rke2"}}, key)
}

// resolver is the guests' network: this machine, and the control plane under
// each of its names, on the port that it has in production.
func (c *Cluster) resolver(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return ""
	}
	if loopback(host) {
		return address
	}
	if host == "rke2-cp" || host == "rke2-cp.example" {
		if port == "9345" {
			return strings.TrimPrefix(c.superURL, "https://")
		}
		return net.JoinHostPort("127.0.0.1", port)
	}
	return ""
}
