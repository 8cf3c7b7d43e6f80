// SPDX-License-Identifier: Apache-2.0

package mutate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"vsutils/lab/cluster"
	"vsutils/lab/hostile"
	"vsutils/lab/vcenter"
)

// A lab serves one run at a time.
type lab struct {
	dir, tools string
	vc         *vcenter.Server
	cl         *cluster.Cluster
	mut        hostile.Mutator
	env        []string
	options    []string // of each run
	made       int      // VMs so far
	guest      bool
}

func startLab(dir, tools string) (*lab, error) {
	l := &lab{dir: dir, tools: tools}
	for _, sub := range []string{"", "home", "run"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o700); err != nil {
			return nil, err
		}
	}
	var err error
	l.cl, err = cluster.Start(filepath.Join(dir, "lab"), cluster.Options{BootTime: 20 * time.Millisecond,
		JoinTime: 20 * time.Millisecond, Change: l.mut.Change})
	if err != nil {
		return nil, err
	}
	l.vc, err = vcenter.Start(vcenter.Options{Dir: dir, Clusters: 1, Hosts: 3, PerHost: 8, Page: 1000,
		CloneTime: 20 * time.Millisecond, PowerTime: 10 * time.Millisecond, APIVersion: "8.0.3.0",
		User: "administrator@vsphere.local", Password: "lab-Passw0rd", Change: l.mut.Change,
		Boot: func(ctx context.Context, m vcenter.Machine) { l.cl.Boot(ctx, cluster.Machine(m)) }})
	if err != nil {
		l.cl.Close()
		return nil, err
	}
	l.env = []string{"PATH=" + tools + ":" + os.Getenv("PATH"), "HOME=" + dir + "/home", "XDG_RUNTIME_DIR=" + dir + "/run",
		"LC_ALL=C.UTF-8", "TZ=UTC", "GOVC_CLUSTER=DC0_C0", "GOVC_PERSIST_SESSION=0"}
	for _, more := range []map[string]string{l.vc.Env(), l.cl.Env()} {
		for k, v := range more {
			l.env = append(l.env, k+"="+v)
		}
	}
	return l, nil
}

func (l *lab) close() {
	l.vc.Close()
	l.cl.Close()
}

// variable is one of the lab's.
func (l *lab) variable(name string) string {
	for _, v := range l.env {
		if value, ok := strings.CutPrefix(v, name+"="); ok {
			return value
		}
	}
	return ""
}

// ignition writes a worker's config, worker.ign.
func (l *lab) ignition() error {
	return l.must("ign-gen", "-q", "-s", l.variable("LAB_SERVER"), "-t", l.variable("LAB_AGENT_TOKEN_FILE"),
		"-a", l.variable("LAB_AUTHORIZED_KEY"), "--rke2", "v1.33", "-o", l.dir+"/worker.ign")
}

// must runs a tool that has to succeed.
func (l *lab) must(words ...string) error {
	r := l.run(words, "", 60*time.Second)
	if r.status != 0 {
		return fmt.Errorf("%s: status %d: %s", strings.Join(words, " "), r.status, r.err)
	}
	return nil
}

// prepare makes the VM that a row needs; the VM of its command.
func (l *lab) prepare(r *row) (vm string, err error) {
	l.made++
	vm = "m-" + strconv.Itoa(l.made)
	path := "/DC0/vm/" + vm
	switch r.vm {
	case "none":
	case "half":
		err = l.vc.AddFault([]string{"CloneVM_Task", "count=1", "off"})
	case "off":
		err = l.vc.Do("make-vm", []string{path})
	case "cloned":
		err = l.must("vs-clone", "-q", "flatcar-template", vm)
	case "on":
		err = errors.Join(l.vc.Do("make-vm", []string{path}), l.vc.Do("power", []string{path, "on"}))
	case "booted":
		err = l.boot(vm, "ip")
	case "guest", "node":
		if vm = "guest"; !l.guest {
			l.guest = true
			if err = l.boot(vm, "tools"); err == nil {
				err = l.must("node-wait", "-q", vm)
			}
		}
	default:
		err = fmt.Errorf("row %s: a VM '%s'", r.name, r.vm)
	}
	return vm, err
}

// boot makes a VM that runs VMware Tools.
func (l *lab) boot(vm, until string) error {
	if err := l.must("vs-clone", "-q", "-i", l.dir+"/worker.ign", "--on", "flatcar-template", vm); err != nil {
		return err
	}
	return l.must("vs-wait", "-q", until, vm)
}

// forget removes what a run has left.
func (l *lab) forget(vm string) {
	l.vc.ClearFaults()
	if vm != "guest" {
		_ = l.vc.Do("delete-vm", []string{"/DC0/vm/" + vm})
		_ = l.cluster("node-delete", vm)
	}
}

// cluster has a verb of the cluster carried out.
func (l *lab) cluster(verb string, args ...string) error {
	r := httptest.NewRequest(http.MethodPost, "/cluster/"+verb, strings.NewReader(url.Values{"arg": args}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	l.cl.ControlHandler().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		return errors.New(strings.TrimSpace(w.Body.String()))
	}
	return nil
}

// joinLater makes a node join once it is watched for.
func (l *lab) joinLater(node string, ended <-chan bool) {
	for !strings.Contains(l.kubeRequests(""), "watch nodes") {
		select {
		case <-ended:
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
	_ = l.cluster("node-add", node)
}

// kubeRequests are the counts of Kubernetes, as lines.
func (l *lab) kubeRequests(arg string) string {
	r := httptest.NewRequest(http.MethodPost, "/cluster/kube-requests?arg="+arg, nil)
	w := httptest.NewRecorder()
	l.cl.ControlHandler().ServeHTTP(w, r)
	return w.Body.String()
}

// requests are the counts since the last time, of vCenter and of Kubernetes.
func (l *lab) requests() map[string]int {
	var text bytes.Buffer
	l.vc.Requests(&text, true)
	counts := map[string]int{}
	for line := range strings.Lines(text.String() + l.kubeRequests("-reset")) {
		line = strings.TrimSpace(line)
		if i := strings.LastIndexByte(line, ' '); i > 0 && line[:i] != "total" {
			counts[line[:i]], _ = strconv.Atoi(line[i+1:])
		}
	}
	return counts
}
