// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// who is a way to log in.
type who struct{ user, password, bearer string }

func ask(t *testing.T, c *Cluster, client *http.Client, method, path string, w who, header map[string]string, body []byte) (int, string) {
	t.Helper()
	r, err := http.NewRequest(method, c.superURL+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if w.user != "" {
		r.SetBasicAuth(w.user, w.password)
	}
	if w.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+w.bearer)
	}
	for key, value := range header {
		r.Header.Set(key, value)
	}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func TestSupervisorAuth(t *testing.T) {
	c := start(t, Options{})
	client := plainClient(c)
	bootstrap := func(ttl time.Duration) string {
		token, err := parseToken(c.super.newBootstrapToken(ttl))
		if err != nil {
			t.Fatal(err)
		}
		return token.bootstrap
	}
	node := who{user: "node", password: c.super.agentPassword}
	server := who{user: "server", password: c.super.serverPassword}
	nobody := who{}
	for _, test := range []struct {
		path string
		who  who
		want int
	}{
		{"/cacerts", nobody, 200},
		{"/ping", nobody, 200},
		{"/v1-rke2/readyz", nobody, 403},
		{"/v1-rke2/readyz", node, 200},
		{"/v1-rke2/readyz", server, 403},
		{"/v1-rke2/readyz", who{user: "node", password: "wrong"}, 401},
		{"/v1-rke2/readyz", who{user: "node", password: c.super.serverPassword}, 401},
		{"/v1-rke2/readyz", who{user: "stranger", password: "x"}, 401},
		{"/v1-rke2/readyz", who{bearer: bootstrap(time.Minute)}, 200},
		{"/v1-rke2/readyz", who{bearer: bootstrap(0)}, 200},
		{"/v1-rke2/readyz", who{bearer: bootstrap(time.Nanosecond)}, 401},
		{"/v1-rke2/readyz", who{bearer: "abcdef.0123456789abcdef"}, 401},
		{"/v1-rke2/config", node, 200},
		{"/v1-rke2/apiservers", node, 200},
		{"/v1-rke2/server-ca.crt", node, 200},
		{"/v1-rke2/server-bootstrap", node, 403},
		{"/v1-rke2/server-bootstrap", server, 200},
		{"/v1-rke2/serving-kubelet.crt", node, 400},
		{"/", nobody, 401},
		{"/readyz", nobody, 401},
	} {
		if code, body := ask(t, c, client, http.MethodGet, test.path, test.who, nil, nil); code != test.want {
			t.Errorf("%s as %q: %d %s", test.path, test.who.user, code, body)
		}
	}
	if _, body := ask(t, c, client, http.MethodGet, "/cacerts", nobody, nil, nil); body != string(c.servers.pem) {
		t.Errorf("/cacerts: %s", body)
	}
	ctl(t, c, "supervisor-fail", "503", "1")
	for _, want := range []int{503, 200} {
		if code, _ := ask(t, c, client, http.MethodGet, "/v1-rke2/readyz", node, nil, nil); code != want {
			t.Errorf("with supervisor-fail: %d, not %d", code, want)
		}
	}
}

func TestSupervisorCertificates(t *testing.T) {
	c := start(t, Options{})
	client := plainClient(c)
	node := who{user: "node", password: c.super.agentPassword}
	header := map[string]string{"rke2-Node-Name": "Worker", "rke2-Node-Password": "first", "rke2-Node-IP": "10.0.0.1"}
	// Without a CSR the response has a key as well, which is used to try the
	// certificate.
	code, body := ask(t, c, client, http.MethodGet, "/v1-rke2/client-kubelet.crt", node, header, nil)
	if code != 200 {
		t.Fatalf("client-kubelet.crt: %d %s", code, body)
	}
	cert, err := tls.X509KeyPair([]byte(body), []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	if cert.Leaf.Subject.CommonName != "system:node:worker" || cert.Leaf.Subject.Organization[0] != "system:nodes" {
		t.Errorf("subject %v", cert.Leaf.Subject)
	}
	header["rke2-Node-Password"] = "second"
	code, body = ask(t, c, client, http.MethodGet, "/v1-rke2/serving-kubelet.crt", node, header, nil)
	var status struct{ Kind, Message string }
	if json.Unmarshal([]byte(body), &status); code != 403 || status.Kind != "Status" ||
		status.Message != "unable to verify hash for node 'worker': hash does not match" {
		t.Errorf("another password: %d %s", code, body)
	}
	csr, err := signingRequest()
	if err != nil {
		t.Fatal(err)
	}
	header["rke2-Node-Password"] = "first"
	code, body = ask(t, c, client, http.MethodPost, "/v1-rke2/serving-kubelet.crt", node, header, csr)
	if code != 200 || strings.Contains(body, "PRIVATE KEY") {
		t.Fatalf("serving-kubelet.crt: %d", code)
	}
	serving, err := certOf([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := serving.Verify(x509.VerifyOptions{Roots: c.servers.pool(), DNSName: "worker"}); err != nil {
		t.Error(err)
	}
	mutual := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{
		RootCAs: c.servers.pool(), Certificates: []tls.Certificate{cert}}}}
	defer mutual.CloseIdleConnections()
	if code, body := ask(t, c, mutual, http.MethodGet, "/v1-rke2/readyz", who{}, nil, nil); code != 200 {
		t.Errorf("readyz with the node's certificate: %d %s", code, body)
	}
	header["rke2-Node-Name"] = "other"
	if code, _ := ask(t, c, mutual, http.MethodGet, "/v1-rke2/client-kubelet.crt", who{}, header, nil); code != 400 {
		t.Errorf("a certificate for another node: %d", code)
	}
}

// What is visible over ssh on the control plane.
func TestControlPlane(t *testing.T) {
	c := start(t, Options{})
	server := filepath.Join(c.dataDir(), "server")
	for name, mode := range map[string]os.FileMode{"token": 0o600, "agent-token": 0o600} {
		info, err := os.Stat(filepath.Join(server, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != mode {
			t.Errorf("%s: mode %v", name, info.Mode())
		}
	}
	if target, err := os.Readlink(filepath.Join(server, "node-token")); err != nil || target != "token" {
		t.Errorf("node-token -> %q (%v)", target, err)
	}
	env := c.Env()
	if env["LAB_SSH_CONFIG"] == "" {
		t.Skip("no sshd, or it accepts no login")
	}
	run := func(command string) string {
		t.Helper()
		out, err := exec.Command("ssh", "-F", env["LAB_SSH_CONFIG"], env["LAB_SSH_HOST"], command).Output()
		if err != nil {
			t.Fatalf("ssh %s: %v", command, err)
		}
		return string(out)
	}
	if got := run("cat " + quote(filepath.Join(server, "node-token"))); got != c.super.serverToken()+"\n" {
		t.Errorf("node-token is not what the server has")
	}
	if got := run("rke2 --version"); !strings.HasPrefix(got, "rke2 version v1.33.4+rke2r1 (") || !strings.Contains(got, "\ngo version go") {
		t.Errorf("rke2 --version: %q", got)
	}
	token, err := parseToken(strings.TrimSpace(run("sudo -n rke2 token create --ttl 1h --data-dir /x")))
	if err != nil || token.bootstrap == "" {
		t.Fatalf("rke2 token create gives no bootstrap token: %v", err)
	}
	if code, _ := ask(t, c, plainClient(c), http.MethodGet, "/v1-rke2/readyz", who{bearer: token.bootstrap}, nil, nil); code != 200 {
		t.Errorf("the new token gets %d", code)
	}
	if err := exec.Command("ssh", "-F", env["LAB_SSH_CONFIG"], env["LAB_SSH_HOST"], "rke2 token create --ttl soon").Run(); err == nil {
		t.Error("a bad --ttl is taken")
	}
}
