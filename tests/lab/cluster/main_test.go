// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// The test binary stands in for the lab's program when the scripts of the
// control plane run it: "ctl VERB ARGS".
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "ctl" {
		query := url.Values{"arg": os.Args[3:]}
		resp, err := http.PostForm(os.Getenv("LAB_CTL")+"/cluster/"+os.Args[2], query)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		defer resp.Body.Close()
		io.Copy(os.Stdout, resp.Body)
		if resp.StatusCode != http.StatusOK {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func start(t *testing.T, opt Options) *Cluster {
	t.Helper()
	c, err := Start(t.TempDir(), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// ctl uses the control API as the lab's client does.
func ctl(t *testing.T, c *Cluster, verb string, args ...string) string {
	t.Helper()
	resp, err := http.PostForm(c.controlURL+"/cluster/"+verb, url.Values{"arg": args})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", verb, body)
	}
	return string(body)
}

// fact returns one key of "guest NAME"; "" also for a guest that has not booted
// yet.
func fact(t *testing.T, c *Cluster, name, key string) string {
	t.Helper()
	if c.findGuest(name) == nil {
		return ""
	}
	for line := range strings.SplitSeq(ctl(t, c, "guest", name), "\n") {
		if value, ok := strings.CutPrefix(line, key+"="); ok {
			return value
		}
	}
	return ""
}

// eventually waits until something is true, for at most a minute on busy
// machines.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("not within a minute: %s", what)
}

// A vm is a VM as its guest sees it, without a vCenter.
type vm struct {
	Machine
	mu       sync.Mutex
	extra    map[string]string
	tools    bool
	ip       string
	hostname string
	off      func()
	done     chan struct{}
}

// config returns extraConfig for an Ignition document.
func config(document string) map[string]string {
	return map[string]string{
		"guestinfo.ignition.config.data":          base64.StdEncoding.EncodeToString([]byte(document)),
		"guestinfo.ignition.config.data.encoding": "base64",
	}
}

func boot(t *testing.T, c *Cluster, name string, extra map[string]string) *vm {
	t.Helper()
	v := &vm{extra: extra}
	v.Machine = Machine{
		Name: name, UUID: uuid(),
		ExtraConfig: func() map[string]string {
			v.mu.Lock()
			defer v.mu.Unlock()
			copied := map[string]string{}
			for key, value := range v.extra {
				copied[key] = value
			}
			return copied
		},
		SetExtra: func(key, value string) { v.mu.Lock(); v.extra[key] = value; v.mu.Unlock() },
		SetTools: func(on bool) { v.mu.Lock(); v.tools = on; v.mu.Unlock() },
		SetNet:   func(ip, hostname string) { v.mu.Lock(); v.ip, v.hostname = ip, hostname; v.mu.Unlock() },
	}
	v.on(t, c)
	return v
}

func (v *vm) on(t *testing.T, c *Cluster) {
	ctx, cancel := context.WithCancel(context.Background())
	v.off, v.done = cancel, make(chan struct{})
	go func() { defer close(v.done); c.Boot(ctx, v.Machine) }()
	t.Cleanup(cancel)
}

// kubeGet asks the API as an administrator.
func kubeGet(t *testing.T, c *Cluster, path string) (int, object) {
	t.Helper()
	return kubeDo(t, c, http.MethodGet, path, "", "")
}

func kubeDo(t *testing.T, c *Cluster, method, path, kind, body string) (int, object) {
	t.Helper()
	resp := kubeOpen(t, c, method, path, kind, body)
	defer resp.Body.Close()
	var o object
	if err := json.NewDecoder(resp.Body).Decode(&o); err != nil {
		t.Fatalf("%s %s: %s: %v", method, path, resp.Status, err)
	}
	return resp.StatusCode, o
}

func kubeOpen(t *testing.T, c *Cluster, method, path, kind, body string) *http.Response {
	t.Helper()
	r, err := http.NewRequest(method, c.kubeURL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.kube.token)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	resp, err := plainClient(c).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

func plainClient(c *Cluster) *http.Client {
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: c.servers.pool()}}, Timeout: 20 * time.Second}
}
