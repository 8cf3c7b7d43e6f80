// SPDX-License-Identifier: Apache-2.0

package control

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"vsutils/lab/vcenter"
)

func start(t *testing.T, cluster http.Handler) *Server {
	t.Helper()
	vc, err := vcenter.Start(vcenter.Options{Dir: t.TempDir(), APIVersion: "8.0.3.0", User: "u", Password: "p",
		CloneTime: time.Millisecond, Page: 100})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(vc.Close)
	s, err := Start(vc, cluster)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func (s *Server) ctl(t *testing.T, verb string, args ...string) (int, string) {
	t.Helper()
	res, err := http.PostForm(s.url+"/"+verb, url.Values{"arg": args})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

func TestVerbs(t *testing.T) {
	s := start(t, nil)
	for _, tc := range []struct {
		call string
		code int
		want string
	}{
		{"requests", 200, "total 0\nWaitForUpdatesEx 0\n"},
		{"sessions", 200, "live=0\n"},
		{"vm /DC0/vm/prod/twin-vm", 200, "folder=/DC0/vm/prod\n"},
		{"vm twin-vm", 400, "2 VMs"},
		{"vm nobody", 400, "no VM 'nobody'"},
		{"vm", 400, "wrong number"},
		{"make-vm /DC0/vm/dev/new", 200, ""},
		{"make-vm /DC0/vm/dev/new", 400, "exists"},
		{"make-vm /DC0/vm/nowhere/new", 400, "no folder"},
		{"power new on", 200, ""},
		{"power new on", 400, "current state"},
		{"vm new", 200, "power=poweredOn\n"},
		{"setextra flatcar-template guestinfo.x y", 200, ""},
		{"vm flatcar-template", 200, "extra.guestinfo.x=y\n"},
		{"add-disk new [LocalDS_0]new/more.vmdk 61", 200, ""},
		{"add-nic new 11", 200, ""},
		{"add-nic new eleven", 400, "invalid"},
		{"set-mac new 00:50:56:00:00:01", 200, ""},
		{"vm new", 200, "mac_type=Manual\n"},
		{"set-cores new 2", 200, ""},
		{"question new really", 200, ""},
		{"question new clear", 200, ""},
		{"question new", 400, "wrong arguments"},
		{"set-cores new none", 400, "not a number"},
		{"vm new", 200, "disk_file=[LocalDS_0]new/more.vmdk\n"},
		{"lose-files new", 200, ""},
		{"delete-vm new", 200, ""},
		{"vm new", 400, "no VM"},
		{"set clone-time 1s", 200, ""},
		{"set clone-time 1", 400, "clone-time"},
		{"set boot-time 1s", 400, "no such setting"},
		{"fault CloneVM_Task status=503", 200, ""},
		{"fault", 200, "CloneVM_Task status 503 hits=0\n"},
		{"fault clear", 200, ""},
		{"fault CloneVM_Task explode", 400, "unknown action"},
		{"hide VirtualMachine config", 200, ""},
		{"hide VirtualMachine", 400, "wrong number"},
		{"tasks", 200, ""},
		{"expire", 200, ""},
		{"guest x", 404, ""},
	} {
		f := strings.Fields(tc.call)
		code, out := s.ctl(t, f[0], f[1:]...)
		if code != tc.code || !strings.Contains(out, tc.want) {
			t.Errorf("%s: %d %q", tc.call, code, out)
		}
	}
}

func TestClusterVerbs(t *testing.T) {
	s := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		if r.URL.Path == "/cluster/set-boot-time" && r.Form.Get("arg") == "bad" {
			http.Error(w, "bad time", http.StatusBadRequest)
			return
		}
		fmt.Fprintln(w, r.URL.Path, r.Form["arg"])
	}))
	if code, out := s.ctl(t, "cluster/guest", "w-1"); code != 200 || out != "/cluster/guest [w-1]\n" {
		t.Errorf("guest: %d %q", code, out)
	}
	if code, out := s.ctl(t, "set", "boot-time", "bad"); code != 400 || !strings.Contains(out, "bad time") {
		t.Errorf("set: %d %q", code, out)
	}
	if code, _ := s.ctl(t, "set", "boot-time", "1s"); code != 200 {
		t.Errorf("set: %d", code)
	}
}

func TestClientStatus(t *testing.T) {
	s := start(t, nil)
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	out, errs := os.Stdout, os.Stderr
	os.Stdout, os.Stderr = null, null
	defer func() { os.Stdout, os.Stderr = out, errs; null.Close() }()
	t.Setenv("LAB_CTL", s.URL())
	for want, args := range map[int][]string{0: {"vms"}, 1: {"vm", "nobody"}, 2: {}} {
		if got := Main(args); got != want {
			t.Errorf("%v: status %d, want %d", args, got, want)
		}
	}
	t.Setenv("LAB_CTL", "")
	if got := Main([]string{"vms"}); got != 2 {
		t.Errorf("without LAB_CTL: %d", got)
	}
}
