// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"
)

func readyStatus(node object) string {
	status, _ := node["status"].(object)
	for _, item := range list(status["conditions"]) {
		if o := item.(object); o["type"] == "Ready" {
			return o["status"].(string)
		}
	}
	return ""
}

func TestGuestJoins(t *testing.T) {
	c := start(t, Options{BootTime: 40 * time.Millisecond, JoinTime: 200 * time.Millisecond})
	events := watch(t, c, "resourceVersion="+version(t, c))
	v := goodDoc(t, c).boot(t, c, "vm-1")
	what, node := events.next()
	if what != "ADDED worker-1" {
		t.Fatal(what)
	}
	if got := readyStatus(node); got != "False" {
		t.Errorf("Ready is %q at first", got)
	}
	taints, _ := json.Marshal(node["spec"].(object)["taints"])
	if !strings.Contains(string(taints), "node.kubernetes.io/not-ready") {
		t.Errorf("taints at first: %s", taints)
	}
	eventually(t, "the guest is ready", func() bool { return fact(t, c, "vm-1", "state") == "ready" })
	_, node = kubeGet(t, c, "/api/v1/nodes/worker-1")
	if got := readyStatus(node); got != "True" {
		t.Errorf("Ready is %q", got)
	}
	taints, _ = json.Marshal(node["spec"].(object)["taints"])
	if string(taints) != `[{"effect":"NoSchedule","key":"example.com/new","value":"yes"}]` {
		t.Errorf("taints: %s", taints)
	}
	if got := meta(node)["labels"].(object)["node.kubernetes.io/pool"]; got != "workers" {
		t.Errorf("label: %v", got)
	}
	info := node["status"].(object)["nodeInfo"].(object)
	if info["systemUUID"] != v.UUID || info["kubeletVersion"] != "v1.33.4+rke2r1" {
		t.Errorf("nodeInfo: %v", info)
	}
	v.mu.Lock()
	if v.extra["guestinfo.ignition.config.data"] != "e30K" || v.extra["guestinfo.ignition.config.data.encoding"] != "base64" {
		t.Errorf("the config was not taken away: %.20q", v.extra["guestinfo.ignition.config.data"])
	}
	if !v.tools || v.ip == "" || v.hostname != "worker-1" {
		t.Errorf("guest: tools %v, address %q, hostname %q", v.tools, v.ip, v.hostname)
	}
	v.mu.Unlock()
	for key, want := range map[string]string{
		"masked": "locksmithd.service,update-engine.service", "token_user": "node", "token_pinned": "yes",
		"server": c.Env()["LAB_SERVER"], "update_engine": "masked", "locksmithd": "masked", "ssh_keys": "core:1",
		"config_mode": "0600", "spec": "3.4.0", "agent_unit": "rke2-agent.service", "hostname": "worker-1",
	} {
		if got := fact(t, c, "vm-1", key); got != want {
			t.Errorf("%s is %q, not %q", key, got, want)
		}
	}
	v.off()
	eventually(t, "the node is lost", func() bool {
		_, node := kubeGet(t, c, "/api/v1/nodes/worker-1")
		return readyStatus(node) == "Unknown"
	})
	// The second boot has no Ignition, but the same disk.
	<-v.done
	v.on(t, c)
	eventually(t, "the node is back", func() bool {
		_, node := kubeGet(t, c, "/api/v1/nodes/worker-1")
		return readyStatus(node) == "True" && fact(t, c, "vm-1", "state") == "ready"
	})
}

// Other ways to be a good worker.
func TestGuestOtherways(t *testing.T) {
	c := start(t, Options{})
	for name, change := range map[string]func(*doc){
		"hostname from guestinfo": func(d *doc) {
			delete(d.files, "/etc/hostname")
			d.units = append(d.units, object{"name": "name.service", "enabled": true, "contents": hostnameUnit})
			d.extra["guestinfo.hostname"] = "from-guestinfo"
		},
		"hostname by a script of its own": func(d *doc) {
			delete(d.files, "/etc/hostname")
			d.programs = map[string]string{"/opt/bin/name": "data:,"}
			d.programs["/opt/bin/name"] += url.PathEscape("#!/bin/sh\nhostnamectl hostname $(vmtoolsd --cmd 'info-get guestinfo.hostname')\n")
			d.units = append(d.units, object{"name": "name.service", "enabled": true, "contents": "[Unit]\nBefore=network-pre.target\n" +
				"Wants=network-pre.target\n[Service]\nType=oneshot\nExecStart=/opt/bin/name\n[Install]\nWantedBy=sysinit.target\n"})
			d.extra["guestinfo.hostname"] = "from-script"
		},
		"node-name alone": func(d *doc) {
			delete(d.files, "/etc/hostname")
			d.config("server:", "node-name: named-node\nserver:")
		},
		"config.yaml.d": func(d *doc) {
			d.files["/etc/rancher/rke2/config.yaml.d/10-x.yaml"] = "node-name: of-the-second-file\nnode-label+: example.com/a=b\n"
		},
		"sysext": func(d *doc) {
			d.units = nil
			d.urls = map[string]string{"/opt/extensions/rke2/rke2-v1.33.4+rke2r1-x86-64.raw": "https://extensions.flatcar.org/extensions/rke2-v1.33.4+rke2r1-x86-64.raw"}
			d.links["/etc/extensions/rke2.raw"] = "/opt/extensions/rke2/rke2-v1.33.4+rke2r1-x86-64.raw"
			d.links[unitDir+"/multi-user.target.wants/rke2-agent.service"] = "/usr/local/lib/systemd/system/rke2-agent.service"
		},
		"program fetched by Ignition": func(d *doc) {
			d.units = d.units[1:]
			d.edit("rke2-agent.service", "Requires=rke2-install.service\n", "")
			d.edit("rke2-agent.service", " rke2-install.service", "")
			delete(d.urls, "/opt/rke2.tar.gz")
			d.programs = map[string]string{"/opt/rke2/bin/rke2": "https://dl.example/v1.33.4%2Brke2r1/rke2.linux-amd64"}
		},
		"installed before the start": func(d *doc) {
			d.units = d.units[1:]
			d.edit("rke2-agent.service", "Requires=rke2-install.service\n", "")
			d.edit("rke2-agent.service", "ExecStart=", "ExecStartPre=/bin/sh -c 'mkdir -p /opt/rke2 && tar -C /opt/rke2 -xzf /opt/rke2.tar.gz'\nExecStart=")
		},
		"enabled by a timer": func(d *doc) {
			d.unit("rke2-agent.service")["enabled"] = false
			d.units = append(d.units, object{"name": "rke2-agent.timer", "enabled": true,
				"contents": "[Timer]\nOnBootSec=1\n[Install]\nWantedBy=timers.target\n"})
		},
		"with-node-id": func(d *doc) { d.config("server:", "with-node-id: true\nserver:") },
		"what may be missing": func(d *doc) {
			d.edit("rke2-agent.service", "ExecStart=", "EnvironmentFile=-/etc/default/x\nExecStartPre=-/opt/bin/check\nExecStart=")
		},
		"server by its name": func(d *doc) { d.config(c.Env()["LAB_SERVER"], "https://rke2-cp.example:9345") },
		"bootstrap token":    func(d *doc) { setToken(d, c.super.newBootstrapToken(time.Minute)) },
		"token-file": func(d *doc) {
			d.files["/etc/rancher/rke2/token"] = c.super.agentToken() + "\n"
			setToken(d, "")
			d.config("server:", "token-file: /etc/rancher/rke2/token\nserver:")
		},
		"environment": func(d *doc) {
			delete(d.files, "/etc/rancher/rke2/config.yaml")
			d.files["/etc/default/rke2-agent"] = "RKE2_URL=" + c.superURL + "\nRKE2_TOKEN=" + c.super.agentToken() + "\n"
			d.edit("rke2-agent.service", "[Service]\n", "[Service]\nEnvironmentFile=-/etc/default/%N\n")
		},
		"kubernetes.io/os=flatcar": func(d *doc) { d.config("node.kubernetes.io/pool=workers", "kubernetes.io/os=flatcar") },
		"cloud provider":           func(d *doc) { d.config("server:", "cloud-provider-name: rancher-vsphere\nserver:") },
	} {
		t.Run(name, func(t *testing.T) {
			d := goodDoc(t, c)
			d.files["/etc/hostname"] = "w" + randomHex(4) + "\n"
			change(d)
			id := "vm-" + randomHex(4)
			d.boot(t, c, id)
			eventually(t, "the guest is ready", func() bool {
				state := fact(t, c, id, "state")
				if state == "no-join" || state == "emergency" {
					t.Fatalf("%s: %s", state, fact(t, c, id, "reason"))
				}
				return state == "ready"
			})
			if code, node := kubeGet(t, c, "/api/v1/nodes/"+fact(t, c, id, "node")); code != 200 || readyStatus(node) != "True" {
				t.Errorf("node %q: %d %v", fact(t, c, id, "node"), code, node)
			} else if os := meta(node)["labels"].(object)["kubernetes.io/os"]; os != "linux" {
				t.Errorf("kubernetes.io/os=%v", os)
			}
		})
	}
}

// Each document has one mistake, and the guest names it.
func TestGuestBroken(t *testing.T) {
	c := start(t, Options{})
	for name, test := range map[string]struct {
		change func(*doc)
		reason string
	}{
		"no hostname":       {func(d *doc) { delete(d.files, "/etc/hostname") }, "hostname is localhost"},
		"hostname not read": {func(d *doc) { delete(d.files, "/etc/hostname"); d.extra["guestinfo.hostname"] = "x" }, "hostname is localhost"},
		"hostname too late": {func(d *doc) {
			delete(d.files, "/etc/hostname")
			d.extra["guestinfo.hostname"] = "x"
			d.units = append(d.units, object{"name": "name.service", "enabled": true,
				"contents": strings.Replace(hostnameUnit, "Before=rke2-agent.service", "After=rke2-agent.service", 1)})
		}, "hostname is localhost"},
		"bad hostname":   {func(d *doc) { d.files["/etc/hostname"] = "under_score\n" }, "is not a node name"},
		"agent masked":   {func(d *doc) { d.unit("rke2-agent.service")["mask"] = true }, "is masked"},
		"agent disabled": {func(d *doc) { d.unit("rke2-agent.service")["enabled"] = false }, "is not enabled"},
		"agent nowhere":  {func(d *doc) { delete(d.unit("rke2-agent.service"), "contents") }, "does not exist when Ignition runs"},
		"no [Install]":   {func(d *doc) { d.edit("rke2-agent.service", "WantedBy=multi-user.target\n", "") }, "is not enabled"},
		"no agent":       {func(d *doc) { d.units = d.units[2:] }, "no unit runs"},
		"not installed":  {func(d *doc) { d.units = d.units[1:] }, "nothing installs '/opt/rke2/bin/rke2'"},
		"other prefix":   {func(d *doc) { d.edit("rke2-install.service", "-C /opt/rke2\n", "-C /opt/rke2-new\n") }, "nothing installs"},
		"not executable": {func(d *doc) { d.urls["/opt/rke2/bin/rke2"] = "https://dl.example/rke2" }, "cannot be executed: mode 0644"},
		"no tarball":     {func(d *doc) { delete(d.urls, "/opt/rke2.tar.gz") }, "'/opt/rke2.tar.gz' does not exist"},
		"no tarball of the env": {func(d *doc) {
			d.edit("rke2-install.service", "tar xzf /opt/rke2.tar.gz", "tar xzf ${TARBALL}")
			d.edit("rke2-install.service", "Type=oneshot", "Type=oneshot\nEnvironment=TARBALL=/opt/other.tar.gz")
		}, "'/opt/other.tar.gz' does not exist"},
		"script not executable": {func(d *doc) {
			d.files["/opt/bin/install"] = "tar -C /opt/rke2 -xf /opt/rke2.tar.gz\n"
			d.edit("rke2-install.service", "/usr/bin/mkdir -p /opt/rke2", "/opt/bin/install")
		}, "unit rke2-install.service: '/opt/bin/install' cannot be executed: mode 0600"},
		"script of another name": {func(d *doc) { d.edit("rke2-agent.service", "ExecStart=", "ExecStartPre=/opt/bin/check\nExecStart=") },
			"unit rke2-agent.service: '/opt/bin/check' does not exist"},
		"no environment file": {func(d *doc) { d.edit("rke2-agent.service", "ExecStart=", "EnvironmentFile=/etc/default/x\nExecStart=") },
			"environment file '/etc/default/x' does not exist"},
		"read-only prefix": {func(d *doc) { d.edit("rke2-agent.service", "/opt/rke2/", "/usr/local/") }, "/usr is read-only"},
		"no order": {func(d *doc) {
			d.edit("rke2-agent.service", " rke2-install.service\nRequires", "\nRequires")
			d.edit("rke2-agent.service", "Restart=always\n", "")
			d.edit("rke2-install.service", "Before=rke2-agent.service", "")
		}, "does not wait for"},
		"no config":       {func(d *doc) { delete(d.files, "/etc/rancher/rke2/config.yaml") }, "no /etc/rancher/rke2/config.yaml"},
		"no YAML":         {func(d *doc) { d.config("server:", "\tserver: [") }, "not a YAML mapping"},
		"unknown setting": {func(d *doc) { d.config("server:", "sever:") }, "'sever' is not a setting"},
		"server setting":  {func(d *doc) { d.config("server:", "cni: cilium\nserver:") }, "'cni' is not a setting"},
		"no server":       {func(d *doc) { d.config("server: "+c.superURL, "") }, "no 'server'"},
		"no token":        {func(d *doc) { setToken(d, "") }, "neither 'token' nor 'token-file'"},
		"no token-file":   {func(d *doc) { setToken(d, ""); d.config("server:", "token-file: /x\nserver:") }, "token-file '/x' does not exist"},
		"http":            {func(d *doc) { d.config("https:", "http:") }, "only https:// URLs are supported"},
		"wrong port":      {func(d *doc) { d.config(c.superURL, "https://127.0.0.1:1") }, "failed to get CA certs"},
		"API's port":      {func(d *doc) { d.config(c.superURL, c.kubeURL) }, "401 Unauthorized"},
		"unknown host":    {func(d *doc) { d.config(c.superURL, "https://nowhere.example:9345") }, "no such host"},
		"wrong CA hash": {func(d *doc) { setToken(d, "K10"+strings.Repeat("0", 64)+"::node:"+c.super.agentPassword) },
			"token CA hash does not match"},
		"wrong password": {func(d *doc) { setToken(d, c.super.full("node:nonsense")) }, "401 Unauthorized"},
		"server's token": {func(d *doc) { setToken(d, c.super.serverToken()) }, "401 Unauthorized"},
		"expired token":  {func(d *doc) { setToken(d, c.super.newBootstrapToken(time.Nanosecond)) }, "401 Unauthorized"},
		"cut token":      {func(d *doc) { setToken(d, "K10::node") }, "invalid token format"},
		"role label":     {func(d *doc) { d.config("node.kubernetes.io/pool=", "node-role.kubernetes.io/worker=") }, "unknown 'kubernetes.io'"},
		"bad taint":      {func(d *doc) { d.config(":NoSchedule", ":Never") }, "is not a taint"},
		"cis":            {func(d *doc) { d.config("server:", "profile: cis\nserver:") }, "sysctl vm.overcommit_memory=1"},
		"external IP": {func(d *doc) { d.config("server:", "cloud-provider-name: x\nnode-external-ip: 10.0.0.1\nserver:") },
			"'node-external-ip' cannot be combined with"},
	} {
		t.Run(name, func(t *testing.T) {
			d := goodDoc(t, c)
			d.files["/etc/hostname"] = "w" + randomHex(4) + "\n"
			test.change(d)
			id := "vm-" + randomHex(4)
			v := d.boot(t, c, id)
			eventually(t, "the guest gives up", func() bool { return fact(t, c, id, "reason") != "" })
			if got := fact(t, c, id, "reason"); !strings.Contains(got, test.reason) {
				t.Errorf("reason is %q, not %q", got, test.reason)
			}
			if got := fact(t, c, id, "state"); got != "no-join" {
				t.Errorf("state is %q", got)
			}
			if report := ctl(t, c, "guest", id); strings.Contains(report, c.super.agentPassword) || strings.Contains(report, c.super.serverPassword) {
				t.Error("the report holds a password")
			}
			v.mu.Lock()
			defer v.mu.Unlock()
			if v.ip == "" || !v.tools {
				t.Error("a guest that cannot join still has an address and tools")
			}
		})
	}
}

// Many at once, and all off at once.
func TestManyGuests(t *testing.T) {
	c := start(t, Options{BootTime: 10 * time.Millisecond, JoinTime: 50 * time.Millisecond})
	d := goodDoc(t, c)
	delete(d.files, "/etc/hostname")
	d.units = append(d.units, object{"name": "name.service", "enabled": true, "contents": hostnameUnit})
	var all []*vm
	for i := range 40 {
		d.extra["guestinfo.hostname"] = fmt.Sprintf("Many-%02d", i)
		all = append(all, d.boot(t, c, fmt.Sprintf("vm-%02d", i)))
	}
	eventually(t, "40 are ready", func() bool { return strings.Count(ctl(t, c, "guests"), " ready\n") == 40 })
	seen := map[string]bool{}
	for _, v := range all {
		v.mu.Lock()
		seen[v.ip] = true
		v.mu.Unlock()
		v.off()
	}
	if len(seen) != 40 {
		t.Errorf("%d addresses", len(seen))
	}
	eventually(t, "40 are lost", func() bool {
		_, o := kubeGet(t, c, "/api/v1/nodes?fieldSelector=metadata.name!%3Drke2-cp")
		lost := 0
		for _, item := range list(o["items"]) {
			if readyStatus(item.(object)) == "Unknown" && strings.HasPrefix(meta(item.(object))["name"].(string), "many-") {
				lost++
			}
		}
		return lost == 40
	})
}

// Configs that end in the emergency shell: no tools, no address, the config
// stays.
func TestGuestEmergency(t *testing.T) {
	c := start(t, Options{})
	good := goodDoc(t, c).text(t)
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	for name, test := range map[string]struct{ data, encoding, reason string }{
		"unknown encoding": {b64(good), "b32", "unsupported encoding"},
		"not base64":       {good, "base64", "not base64"},
		"no padding":       {strings.TrimRight(b64(good+strings.Repeat(" ", 3-len(good)%3+1)), "="), "base64", "not base64"},
		"not gzip":         {b64(good), "gzip+base64", "not gzip"},
		"not JSON":         {b64("variant: flatcar\n"), "base64", "config is invalid"},
		"bad version":      {b64(`{"ignition":{"version":"9.0.0"}}`), "base64", "config is invalid"},
		"too new":          {b64(`{"ignition":{"version":"3.6.0"}}`), "base64", "too new"},
		"empty object":     {"e30K", "base64", "config is invalid"},
		"invalid":          {b64(strings.Replace(good, `"name":"rke2-agent.service"`, `"name":"rke2-agent"`, 1)), "base64", "config is invalid"},
		"encoded wrongly":  {b64(good), "", "config is invalid"},
		"read-only":        {b64(strings.Replace(good, "/etc/hostname", "/usr/hostname", 1)), "base64", "read-only"},
		"wrong hash": {b64(`{"ignition":{"version":"3.4.0"},"storage":{"files":[{"path":"/a","contents":{"source":"data:,x",` +
			`"verification":{"hash":"sha256-` + strings.Repeat("0", 64) + `"}}}]}}`), "base64", "hash verification failed"},
	} {
		t.Run(name, func(t *testing.T) {
			id := "vm-" + randomHex(4)
			v := boot(t, c, id, map[string]string{"guestinfo.ignition.config.data": test.data, "guestinfo.ignition.config.data.encoding": test.encoding})
			eventually(t, "the guest gives up", func() bool { return fact(t, c, id, "state") == "emergency" })
			if got := fact(t, c, id, "reason"); !strings.Contains(got, test.reason) {
				t.Errorf("reason is %q, not %q", got, test.reason)
			}
			v.mu.Lock()
			defer v.mu.Unlock()
			if v.tools || v.ip != "" || v.extra["guestinfo.ignition.config.data"] != test.data {
				t.Errorf("tools %v, address %q, config kept: %v", v.tools, v.ip, v.extra["guestinfo.ignition.config.data"] == test.data)
			}
		})
	}
}

func TestGuestEncodings(t *testing.T) {
	c := start(t, Options{})
	for _, encoding := range []string{"", "b64", "base64", "gz", "gzip", "gz+base64", "gzip+base64", "gz+b64", "gzip+b64"} {
		t.Run(encoding, func(t *testing.T) {
			d := goodDoc(t, c)
			d.files["/etc/hostname"] = "w" + randomHex(4)
			data := d.text(t)
			if strings.HasPrefix(encoding, "gz") {
				var zipped bytes.Buffer
				w := gzip.NewWriter(&zipped)
				w.Write([]byte(data))
				w.Close()
				data = zipped.String()
			}
			if strings.HasSuffix(encoding, "64") {
				data = base64.StdEncoding.EncodeToString([]byte(data))
				data = data[:10] + "\r\n" + data[10:]
			}
			id := "vm-" + randomHex(4)
			boot(t, c, id, map[string]string{"guestinfo.ignition.config.data": data, "guestinfo.ignition.config.data.encoding": encoding})
			eventually(t, "the guest is ready", func() bool { return fact(t, c, id, "state") == "ready" })
		})
	}
}

func TestGuestWithoutConfig(t *testing.T) {
	c := start(t, Options{})
	v := boot(t, c, "plain", map[string]string{"guestinfo.hostname": "ignored"})
	eventually(t, "the guest is up", func() bool { return fact(t, c, "plain", "state") == "no-join" })
	if got := fact(t, c, "plain", "hostname"); got != "localhost" {
		t.Errorf("hostname %q", got)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if _, ok := v.extra["guestinfo.ignition.config.data"]; ok || v.ip == "" {
		t.Errorf("address %q, extraConfig %v", v.ip, v.extra)
	}
}

func TestNodePassword(t *testing.T) {
	c := start(t, Options{})
	d := goodDoc(t, c)
	d.boot(t, c, "first")
	eventually(t, "the first is ready", func() bool { return fact(t, c, "first", "state") == "ready" })
	d.boot(t, c, "second")
	eventually(t, "the second is refused", func() bool {
		return strings.HasPrefix(fact(t, c, "second", "reason"), "Node password rejected, duplicate hostname")
	})
	if got := ctl(t, c, "node-passwords"); got != "worker-1\n" {
		t.Errorf("node-passwords: %q", got)
	}
	where := "/api/v1/namespaces/kube-system/secrets/worker-1.node-password.rke2"
	if code, secret := kubeGet(t, c, where); code != 200 || secret["data"] == nil || meta(secret)["creationTimestamp"] == nil {
		t.Errorf("its Secret: %d %v", code, secret)
	}
	ctl(t, c, "node-delete", "worker-1")
	eventually(t, "the second takes the name", func() bool { return fact(t, c, "second", "state") == "ready" })
	if reason := fact(t, c, "second", "reason"); reason != "" {
		t.Errorf("reason is still %q", reason)
	}
}

// What a worker leaves behind that never became a node.
func TestNodePasswordAlone(t *testing.T) {
	c := start(t, Options{})
	ctl(t, c, "node-password", "worker-1")
	goodDoc(t, c).boot(t, c, "first")
	eventually(t, "it is refused", func() bool {
		return strings.HasPrefix(fact(t, c, "first", "reason"), "Node password rejected")
	})
	where := "/api/v1/namespaces/kube-system/secrets/worker-1.node-password.rke2"
	kubeDo(t, c, http.MethodDelete, where, "", "")
	eventually(t, "it takes the name", func() bool { return fact(t, c, "first", "state") == "ready" })
	ctl(t, c, "node-delete", "worker-1")
	if code, _ := kubeGet(t, c, where); code != 404 {
		t.Errorf("the Secret of a node that was deleted: %d", code)
	}
}

// An agent waits for a server that is not ready, without limit.
func TestAgentWaits(t *testing.T) {
	c := start(t, Options{})
	ctl(t, c, "supervisor-fail", "503")
	goodDoc(t, c).boot(t, c, "waits")
	eventually(t, "503 is the reason", func() bool { return strings.Contains(fact(t, c, "waits", "reason"), "503") })
	ctl(t, c, "supervisor-fail", "off")
	eventually(t, "the guest is ready", func() bool { return fact(t, c, "waits", "state") == "ready" })
}

// With an API that is not the lab's own: here another lab's.
func TestOtherAPI(t *testing.T) {
	api := start(t, Options{})
	c := start(t, Options{KubeServer: api.kubeURL, KubeToken: api.kube.token, KubeCA: api.Env()["LAB_SERVER_CA"]})
	goodDoc(t, c).boot(t, c, "first")
	eventually(t, "the guest is ready", func() bool { return fact(t, c, "first", "state") == "ready" })
	if code, node := kubeGet(t, api, "/api/v1/nodes/worker-1"); code != 200 || readyStatus(node) != "True" {
		t.Errorf("the node: %d %v", code, node)
	}
	kubeDo(t, api, http.MethodDelete, "/api/v1/nodes/worker-1", "", "")
	eventually(t, "the node's password is forgotten", func() bool { return ctl(t, c, "node-passwords") == "" })
	text, err := os.ReadFile(c.Env()["KUBECONFIG"])
	if err != nil || !strings.Contains(string(text), "server: "+api.kubeURL+"\n") {
		t.Errorf("kubeconfig: %v", err)
	}
	resp, err := http.Get(c.controlURL + "/kube-drop")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode == http.StatusOK {
		t.Error("kube-drop has no effect there, and says nothing")
	}
}
