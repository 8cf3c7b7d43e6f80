// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"
)

// The mark of the lab's own requests, which are not counted.
const ownAgent = "lab-guest"

// A client uses a Kubernetes API, the lab's or a real one.
type client struct {
	base, token string
	http        *http.Client
}

func newClient(base string, ca []byte, cert *pair, token string) (*client, error) {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(ca) {
		return nil, errors.New("no certificate in the CA file of the Kubernetes API")
	}
	config := &tls.Config{RootCAs: pool}
	if cert != nil {
		own, err := tls.X509KeyPair(cert.cert, cert.key)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{own}
	}
	return &client{base: base, token: token,
		http: &http.Client{Transport: &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}}}, nil
}

func (c *client) open(ctx context.Context, method, path, kind string, body any) (*http.Response, error) {
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		reader = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, reader)
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", ownAgent)
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	return c.http.Do(r)
}

// call makes one request; an error response is an *apiError.
func (c *client) call(ctx context.Context, method, path, kind string, body any) (object, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	resp, err := c.open(ctx, method, path, kind, body)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	var o object
	if err := json.Unmarshal(text, &o); err != nil {
		o = object{"message": resp.Status}
	}
	if resp.StatusCode >= 300 {
		e := &apiError{code: resp.StatusCode}
		e.reason, _ = o["reason"].(string)
		e.message, _ = o["message"].(string)
		return nil, e
	}
	return o, nil
}

func nodePath(name string) string { return "/api/v1/nodes/" + url.PathEscape(name) }

func (c *client) getNode(ctx context.Context, name string) (object, error) {
	return c.call(ctx, http.MethodGet, nodePath(name), "", nil)
}

// createNode registers a node; an existing one stays and gets the status, as
// with a kubelet that joined before.
func (c *client) createNode(ctx context.Context, node object) error {
	_, err := c.call(ctx, http.MethodPost, "/api/v1/nodes", "application/json", node)
	if e, ok := err.(*apiError); ok && e.code == http.StatusConflict {
		name, _ := meta(node)["name"].(string)
		return c.patchStatus(ctx, name, node["status"].(object))
	}
	return err
}

func (c *client) patchStatus(ctx context.Context, name string, status object) error {
	_, err := c.call(ctx, http.MethodPatch, nodePath(name)+"/status", "application/strategic-merge-patch+json",
		object{"status": status})
	return err
}

// setTaints changes a node's taints with edit, which gets the current ones. It
// retries when the node was changed meanwhile.
func (c *client) setTaints(ctx context.Context, name string, edit func([]any) []any) error {
	for {
		node, err := c.getNode(ctx, name)
		if err != nil {
			return err
		}
		spec, _ := node["spec"].(object)
		_, err = c.call(ctx, http.MethodPatch, nodePath(name), "application/merge-patch+json", object{
			"metadata": object{"resourceVersion": meta(node)["resourceVersion"]},
			"spec":     object{"taints": edit(list(spec["taints"]))},
		})
		if e, ok := err.(*apiError); ok && e.code == http.StatusConflict && ctx.Err() == nil {
			continue
		}
		return err
	}
}

// patchNode changes everything but the status.
func (c *client) patchNode(ctx context.Context, name string, patch object) error {
	_, err := c.call(ctx, http.MethodPatch, nodePath(name), "application/strategic-merge-patch+json", patch)
	return err
}

// watchDeleted reports every deleted node, until ctx ends.
func (c *client) watchDeleted(ctx context.Context, tell func(string)) {
	known := map[string]bool{}
	for ctx.Err() == nil {
		c.watchOnce(ctx, known, tell)
		select {
		case <-ctx.Done():
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// watchOnce is a list and a watch after it; known is kept from one to the next,
// so that deletions in between are found.
func (c *client) watchOnce(ctx context.Context, known map[string]bool, tell func(string)) {
	all, err := c.call(ctx, http.MethodGet, "/api/v1/nodes", "", nil)
	if err != nil {
		return
	}
	there := map[string]bool{}
	for _, item := range list(all["items"]) {
		if node, ok := item.(object); ok {
			name, _ := meta(node)["name"].(string)
			there[name], known[name] = true, true
		}
	}
	for name := range known {
		if !there[name] {
			delete(known, name)
			tell(name)
		}
	}
	rv, _ := meta(all)["resourceVersion"].(string)
	resp, err := c.open(ctx, http.MethodGet, "/api/v1/nodes?watch=1&resourceVersion="+url.QueryEscape(rv), "", nil)
	if err != nil {
		return
	}
	defer resp.Body.Close()
	for decoder := json.NewDecoder(resp.Body); ; {
		var event struct {
			Type   string
			Object object
		}
		if decoder.Decode(&event) != nil || event.Type == "ERROR" {
			return
		}
		name, _ := meta(event.Object)["name"].(string)
		if event.Type == "DELETED" {
			delete(known, name)
			tell(name)
		} else {
			known[name] = true
		}
	}
}
