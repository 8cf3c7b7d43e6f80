// SPDX-License-Identifier: Apache-2.0

// Package cluster is what VMs join: an RKE2 supervisor, a Kubernetes API, a
// control plane that is reachable over ssh, and the guests that boot when their
// VM is powered on. Everything listens on 127.0.0.1 only.
package cluster

import (
	"context"
	"crypto/tls"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"crypto/x509"
)

// Options of the lab.
type Options struct {
	BootTime, JoinTime time.Duration // power-on to address; address to Ready

	// A real kube-apiserver to register nodes with, instead of the lab's
	// own: URL, bearer token, file with its CA.
	KubeServer, KubeToken, KubeCA string

	// Change sees each answer of the lab's own API, or each event of a watch, and returns
	// what is sent in its place; may be nil.
	Change func(request string, body []byte) []byte

	Verbose bool
}

// A Cluster is everything that one lab runs beside the vCenter.
type Cluster struct {
	dir              string
	opt              Options
	servers, clients *authority
	super            *supervisor
	kube             *kube // nil with a real API
	api              *client
	sshd             *sshd // nil without one; known when sshTried is closed
	trying           bool
	sshTried         chan struct{}
	log              *log.Logger

	superURL, kubeURL, controlURL string

	ctx     context.Context
	cancel  context.CancelFunc
	http    []*http.Server
	running sync.WaitGroup

	mu     sync.Mutex
	guests map[string]*guest // by the VM's UUID
	order  []string          // their UUIDs, in the order of the first boots
	boot   time.Duration
	join   time.Duration
}

// Host names of the cluster, for guests and for ssh.
var serverNames = []string{"localhost", "rke2-cp", "rke2-cp.example", "kubernetes", "kubernetes.default"}

// Start starts everything below dir, which is created if it does not exist.
func Start(dir string, opt Options) (*Cluster, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, opt: opt, sshTried: make(chan struct{}), guests: map[string]*guest{}, boot: opt.BootTime, join: opt.JoinTime,
		log: log.New(io.Discard, "cluster: ", log.Ltime|log.Lmicroseconds)}
	if opt.Verbose {
		c.log.SetOutput(os.Stderr)
	}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	if err := c.start(); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func (c *Cluster) start() error {
	var err error
	if c.servers, err = newAuthority("rke2-server-ca"); err != nil {
		return err
	}
	if c.clients, err = newAuthority("rke2-client-ca"); err != nil {
		return err
	}
	c.super = newSupervisor(c.servers, c.clients, rke2Version)
	c.super.apiservers = func() []string { return []string{strings.TrimPrefix(c.kubeURL, "https://")} }
	if c.superURL, err = c.serve(c.super.handler(), true); err != nil {
		return err
	}
	if err := c.startAPI(); err != nil {
		return err
	}
	if c.controlURL, err = c.serve(c.ControlHandler(), false); err != nil {
		return err
	}
	if err := c.layOut(); err != nil {
		return err
	}
	// The test login takes a while; nothing else waits for it.
	c.running.Go(func() {
		defer close(c.sshTried)
		var err error
		c.sshd, err = startSSHD(filepath.Join(c.dir, "ssh"), filepath.Join(c.dir, "cp", "bin"))
		if err != nil && !errors.Is(err, errNoSSHD) {
			fmt.Fprintf(os.Stderr, "lab: no ssh: %v\n", err)
		}
	})
	c.trying = true
	return nil
}

// startAPI starts the stand-in for the API server, or prepares to use a real
// one.
func (c *Cluster) startAPI() error {
	if c.opt.KubeServer != "" {
		ca, err := os.ReadFile(c.opt.KubeCA)
		if err != nil {
			return err
		}
		c.kubeURL = strings.TrimSuffix(c.opt.KubeServer, "/")
		if c.api, err = newClient(c.kubeURL, ca, nil, c.opt.KubeToken); err != nil {
			return err
		}
		// A node's password is deleted with the node; a watch reports
		// that here.
		c.running.Go(func() { c.api.watchDeleted(c.ctx, c.super.forget) })
		return c.writeKubeconfig("kubeconfig", ca, nil, c.opt.KubeToken)
	}
	c.kube = newKube(c.clients, rke2Version)
	c.kube.super, c.kube.change = c.super, c.opt.Change
	c.kube.store.deleted = c.super.forget
	var err error
	if c.kubeURL, err = c.serve(c.kube, true); err != nil {
		return err
	}
	admin, err := c.clients.issue(pkix.Name{CommonName: "system:admin", Organization: []string{"system:masters"}},
		nil, nil, x509.ExtKeyUsageClientAuth)
	if err != nil {
		return err
	}
	if c.api, err = newClient(c.kubeURL, c.servers.pem, admin, ""); err != nil {
		return err
	}
	if _, err := c.kube.store.create(controlPlaneNode(), false); err != nil {
		return err
	}
	if err := c.nodeReady(c.ctx, "rke2-cp", ""); err != nil {
		return err
	}
	if err := c.writeKubeconfig("kubeconfig-token", c.servers.pem, nil, c.kube.token); err != nil {
		return err
	}
	return c.writeKubeconfig("kubeconfig", c.servers.pem, admin, "")
}

// serve listens on a port that the kernel chooses, and returns the URL.
func (c *Cluster) serve(handler http.Handler, secure bool) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 30 * time.Second, ErrorLog: c.log,
		BaseContext: func(net.Listener) context.Context { return c.ctx }}
	url := "http://" + listener.Addr().String()
	if secure {
		config, err := serverTLS(c.servers, c.clients, serverNames)
		if err != nil {
			listener.Close()
			return "", err
		}
		config.NextProtos = []string{"h2", "http/1.1"}
		listener = tls.NewListener(listener, config)
		url = "https" + strings.TrimPrefix(url, "http")
	}
	c.http = append(c.http, server)
	c.running.Go(func() { server.Serve(listener) })
	return url, nil
}

// Close stops what Start started, and waits for it.
func (c *Cluster) Close() {
	c.cancel()
	for _, server := range c.http {
		server.Close()
	}
	if c.trying {
		<-c.sshTried
	}
	if c.sshd != nil {
		c.sshd.Close()
	}
	c.running.Wait()
}

// Env returns the variables that tell a test where everything is.
func (c *Cluster) Env() map[string]string {
	server := filepath.Join(c.dataDir(), "server")
	env := map[string]string{
		"LAB_SERVER":            c.superURL,
		"LAB_APISERVER":         c.kubeURL,
		"LAB_CP_DATA_DIR":       c.dataDir(),
		"LAB_SERVER_TOKEN_FILE": filepath.Join(server, "token"),
		"LAB_AGENT_TOKEN_FILE":  filepath.Join(server, "agent-token"),
		"LAB_SERVER_CA":         filepath.Join(server, "tls", "server-ca.crt"),
		"KUBECONFIG":            filepath.Join(c.dir, "kubeconfig"),
	}
	if c.kube != nil {
		env["LAB_KUBECONFIG_TOKEN"] = filepath.Join(c.dir, "kubeconfig-token")
	}
	<-c.sshTried
	if c.sshd != nil {
		ssh := filepath.Join(c.dir, "ssh")
		env["LAB_SSH_CONFIG"] = filepath.Join(ssh, "config")
		env["LAB_SSH_HOST"] = "rke2-cp"
		env["LAB_AUTHORIZED_KEY"] = filepath.Join(ssh, "id_ed25519.pub")
	}
	return env
}

// writeKubeconfig writes a kubeconfig that refers to no other file.
func (c *Cluster) writeKubeconfig(name string, ca []byte, cert *pair, token string) error {
	data := base64.StdEncoding.EncodeToString
	user := "    token: " + token + "\n"
	if cert != nil {
		user = "    client-certificate-data: " + data(cert.cert) + "\n    client-key-data: " + data(cert.key) + "\n"
	}
	text := "apiVersion: v1\nkind: Config\nclusters:\n- name: lab\n  cluster:\n" +
		"    certificate-authority-data: " + data(ca) + "\n    server: " + c.kubeURL + "\n" +
		"contexts:\n- name: lab\n  context:\n    cluster: lab\n    user: lab\ncurrent-context: lab\n" +
		"preferences: {}\nusers:\n- name: lab\n  user:\n" + user
	return os.WriteFile(filepath.Join(c.dir, name), []byte(text), 0o600)
}
