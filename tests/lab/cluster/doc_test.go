// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"
)

// A doc is an Ignition document that a test edits.
type doc struct {
	files    map[string]string
	links    map[string]string
	urls     map[string]string
	programs map[string]string
	units    []object
	extra    map[string]string // other extraConfig
}

const agentUnit = `[Unit]
Description=RKE2 agent
Wants=network-online.target
After=network-online.target rke2-install.service
Requires=rke2-install.service
[Install]
WantedBy=multi-user.target
[Service]
Type=notify
Delegate=yes
Restart=always
ExecStart=/opt/rke2/bin/rke2 agent
`

const installUnit = `[Unit]
Before=rke2-agent.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/mkdir -p /opt/rke2
ExecStart=/usr/bin/tar xzf /opt/rke2.tar.gz -C /opt/rke2
`

const hostnameUnit = `[Unit]
Before=rke2-agent.service
[Install]
WantedBy=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'h=$(vmtoolsd --cmd "info-get guestinfo.hostname"); \
	hostnamectl set-hostname "$h"'
`

// goodDoc is a worker that joins.
func goodDoc(t *testing.T, c *Cluster) *doc {
	t.Helper()
	token, err := os.ReadFile(c.Env()["LAB_AGENT_TOKEN_FILE"])
	if err != nil {
		t.Fatal(err)
	}
	return &doc{
		files: map[string]string{
			"/etc/hostname": "worker-1\n",
			"/etc/rancher/rke2/config.yaml": "server: " + c.Env()["LAB_SERVER"] + "\ntoken: " + string(token) +
				"node-label:\n  - node.kubernetes.io/pool=workers\nnode-taint:\n  - example.com/new=yes:NoSchedule\n",
		},
		links: map[string]string{},
		urls:  map[string]string{"/opt/rke2.tar.gz": "https://github.com/rancher/rke2/releases/download/v1.33.4%2Brke2r1/rke2.linux-amd64.tar.gz"},
		units: []object{
			{"name": "rke2-install.service", "contents": installUnit},
			{"name": "rke2-agent.service", "enabled": true, "contents": agentUnit},
			{"name": "update-engine.service", "mask": true},
			{"name": "locksmithd.service", "mask": true},
		},
		extra: map[string]string{},
	}
}

func (d *doc) text(t *testing.T) string {
	t.Helper()
	var files, links []object
	for path, text := range d.files {
		files = append(files, object{"path": path, "mode": 0o600, "contents": object{"source": "data:," + url.PathEscape(text)}})
	}
	for path, source := range d.urls {
		files = append(files, object{"path": path, "contents": object{"source": source}})
	}
	for path, source := range d.programs {
		files = append(files, object{"path": path, "mode": 0o755, "contents": object{"source": source}})
	}
	for path, target := range d.links {
		links = append(links, object{"path": path, "target": target})
	}
	text, err := json.Marshal(object{
		"ignition": object{"version": "3.4.0"},
		"passwd":   object{"users": []object{{"name": "core", "sshAuthorizedKeys": []string{"ssh-ed25519 AAAA x"}}}},
		"storage":  object{"files": files, "links": links},
		"systemd":  object{"units": d.units},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// unit returns one unit of the document, to be changed.
func (d *doc) unit(name string) object {
	for _, u := range d.units {
		if u["name"] == name {
			return u
		}
	}
	return nil
}

// edit replaces text in a unit.
func (d *doc) edit(name, old, now string) {
	u := d.unit(name)
	text := u["contents"].(string)
	if !strings.Contains(text, old) {
		panic("no '" + old + "' in " + name)
	}
	u["contents"] = strings.ReplaceAll(text, old, now)
}

func (d *doc) config(old, now string) {
	const name = "/etc/rancher/rke2/config.yaml"
	if !strings.Contains(d.files[name], old) {
		panic("no '" + old + "' in the config")
	}
	d.files[name] = strings.Replace(d.files[name], old, now, 1)
}

func (d *doc) boot(t *testing.T, c *Cluster, name string) *vm {
	t.Helper()
	extra := config(d.text(t))
	for key, value := range d.extra {
		extra[key] = value
	}
	return boot(t, c, name, extra)
}

// setToken sets the token of the config; "" removes it.
func setToken(d *doc, token string) {
	const name = "/etc/rancher/rke2/config.yaml"
	var kept []string
	for line := range strings.SplitSeq(d.files[name], "\n") {
		if !strings.HasPrefix(line, "token:") {
			kept = append(kept, line)
		} else if token != "" {
			kept = append(kept, "token: "+token)
		}
	}
	d.files[name] = strings.Join(kept, "\n")
}
