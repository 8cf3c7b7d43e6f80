// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// wireClient is a plain HTTP client, without SOAP.
func (l *lab) wireClient() *http.Client {
	l.t.Helper()
	ca, err := os.ReadFile(l.ca)
	l.must(err)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	tr := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DisableCompression: true}
	l.t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr, Timeout: 20 * time.Second}
}

// post sends a body with a SOAPAction and more headers.
func (l *lab) post(c *http.Client, action, body string, header ...string) (*http.Response, string, error) {
	l.t.Helper()
	r, err := http.NewRequest(http.MethodPost, l.url, strings.NewReader(body))
	l.must(err)
	r.Header.Set("SOAPAction", action)
	r.Header.Set("User-Agent", "vs-test/1")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := c.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res, string(b), err
}

const (
	action         = `"urn:vim25/8.0.1.0"`
	serviceContent = `<RetrieveServiceContent xmlns="urn:vim25"><_this type="ServiceInstance">ServiceInstance</_this></RetrieveServiceContent>`
)

func loginBody(user, pass string) string {
	return envelope(`<Login xmlns="urn:vim25"><_this type="SessionManager">SessionManager</_this><userName>` +
		user + `</userName><password>` + pass + `</password></Login>`)
}

func TestVersions(t *testing.T) {
	l := startLab(t, nil)
	c := l.wireClient()
	for act, want := range map[string]string{
		`urn:vim25/8.0.3.0`: "", action: "", `"urn:vim25/9.0.0.0"`: "VersionMismatchFaultCode",
		"": "names no version", "urn:vim25": "names no version",
	} {
		res, body, err := l.post(c, act, envelope(serviceContent))
		l.must(err)
		if want == "" && res.StatusCode != 200 || want != "" && (res.StatusCode != 500 || !strings.Contains(body, want)) {
			t.Errorf("SOAPAction %q: %d %s", act, res.StatusCode, body)
		}
	}
}

func TestSessions(t *testing.T) {
	l := startLab(t, nil)
	c := l.wireClient()
	power := envelope(`<PowerOnVM_Task xmlns="urn:vim25"><_this type="VirtualMachine">vm-1</_this></PowerOnVM_Task>`)
	_, body, err := l.post(c, action, power)
	l.must(err)
	if !strings.Contains(body, `xsi:type="NotAuthenticated"`) {
		t.Errorf("no session: %s", body)
	}
	res, body, err := l.post(c, action, loginBody("admin", "wrong"))
	l.must(err)
	if !strings.Contains(body, `xsi:type="InvalidLogin"`) || res.StatusCode != 500 || res.Header.Get("Set-Cookie") != "" {
		t.Errorf("wrong password: %d %s", res.StatusCode, body)
	}
	res, _, err = l.post(c, action, loginBody("admin", "secret"))
	l.must(err)
	set := res.Header.Get("Set-Cookie")
	if !strings.HasPrefix(set, `vmware_soap_session="`) || !strings.HasSuffix(set, `"; Path=/; HttpOnly; Secure`) {
		t.Fatalf("cookie: %s", set)
	}
	cookie := strings.TrimSuffix(set, "; Path=/; HttpOnly; Secure")
	_, body, err = l.post(c, action, loginBody("admin", "secret"), "Cookie", cookie)
	l.must(err)
	if !strings.Contains(body, "InvalidLogin") {
		t.Errorf("a login on a live session: %s", body)
	}
	_, body, err = l.post(c, action, power, "Cookie", cookie)
	l.must(err)
	if !strings.Contains(body, "ManagedObjectNotFound") {
		t.Errorf("with a session: %s", body)
	}
	l.Expire()
	_, body, err = l.post(c, action, power, "Cookie", cookie)
	l.must(err)
	if !strings.Contains(body, "NotAuthenticated") {
		t.Errorf("after its end: %s", body)
	}
	var out strings.Builder
	l.Sessions(&out)
	if !strings.Contains(out.String(), "logins=2\nrefused=2\nlogouts=0\n") {
		t.Errorf("counts: %s", out.String())
	}
}

func TestReaderMayOnlyRead(t *testing.T) {
	l := startLab(t, nil)
	ref := l.get("snap-vm").Reference()
	l.c = l.client("reader", "reader")
	if _, ok := l.prop(ref, "name"); !ok {
		t.Error("the reader cannot read")
	}
	vm := object.NewVirtualMachine(l.c.Client, ref)
	if _, err := vm.PowerOn(l.ctx); faultName(err) != "NoPermission" {
		t.Errorf("power on: %v", err)
	}
}

func TestShapeOfAnswers(t *testing.T) {
	l := startLab(t, nil)
	c := l.wireClient()
	res, body, err := l.post(c, action, envelope(serviceContent), "Accept-Encoding", "gzip")
	l.must(err)
	if res.Header.Get("Content-Encoding") != "gzip" || len(res.TransferEncoding) == 0 || res.TransferEncoding[0] != "chunked" {
		t.Fatalf("not gzip in chunks: %v %v", res.Header, res.TransferEncoding)
	}
	z, err := gzip.NewReader(bytes.NewReader([]byte(body)))
	l.must(err)
	plain, err := io.ReadAll(z)
	l.must(err)
	text := string(plain)
	for _, want := range []string{"\n xmlns:soapenv=", "<soapenv:Body>\n<RetrieveServiceContentResponse xmlns=\"urn:vim25\">",
		"\n</soapenv:Body>", `<rootFolder type="Folder">`, "<apiVersion>8.0.3.0</apiVersion>"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in %s", want, text)
		}
	}
}

func TestPrefixOfTypes(t *testing.T) {
	a, err := success("RetrievePropertiesEx", rawXML(encodeVal("text")+encodeVal(&types.OptionValue{Key: "k", Value: int32(1)})))
	if err != nil {
		t.Fatal(err)
	}
	want := `<val xsi:type="xsd:string">text</val><val xsi:type="OptionValue"><key>k</key><value xsi:type="xsd:int">1</value></val>`
	if !strings.Contains(string(a.body), want) {
		t.Errorf("%s", a.body)
	}
}

func TestStrictOverHTTP(t *testing.T) {
	l := startLab(t, nil)
	c := l.wireClient()
	for body, want := range map[string]string{
		`<!DOCTYPE x>` + serviceContent: "DOCTYPE",
		"<a>":                           "Malformed XML",
		reconfig(`<memoryMB>4</memoryMB><numCPUs>1</numCPUs>`): "Unexpected element tag",
	} {
		res, got, err := l.post(c, action, body)
		l.must(err)
		if res.StatusCode != 500 || !strings.Contains(got, want) || !strings.Contains(got, `xsi:type="InvalidRequest"`) {
			t.Errorf("%d %s", res.StatusCode, got)
		}
	}
}

func TestInjectedTrouble(t *testing.T) {
	l := startLab(t, nil)
	const M = "RetrieveServiceContent"
	l.t.Run("status", func(t *testing.T) {
		l.must(l.AddFault([]string{M, "count=1", "after=1", "status=503,retry-after=7"}))
		c := l.wireClient()
		for i, want := range []int{200, 503, 200} {
			res, _, err := l.post(c, action, envelope(serviceContent))
			l.must(err)
			if res.StatusCode != want || want == 503 && res.Header.Get("Retry-After") != "7" {
				t.Errorf("call %d: %d %v", i, res.StatusCode, res.Header)
			}
		}
	})
	for fault, want := range map[string]string{
		"fault=NoPermission":              "<privilegeId>VirtualMachine.Config.AdvancedConfig",
		"fault=TaskInProgress":            `<task type="Task">task-1`,
		"fault=ResourceInUse:by a backup": "by a backup",
		"garbage":                         "<!DOCTYPE html>",
		"fault=ManagedObjectNotFound":     `<obj type="ServiceInstance">ServiceInstance</obj>`,
	} {
		l.ClearFaults()
		l.must(l.AddFault([]string{M, fault}))
		_, body, err := l.post(l.wireClient(), action, envelope(serviceContent))
		l.must(err)
		if !strings.Contains(body, want) {
			t.Errorf("%s: %s", fault, body)
		}
	}
	for _, fault := range []string{"drop-before", "drop-after", "reset", "truncate"} {
		l.ClearFaults()
		l.must(l.AddFault([]string{M, "count=1", fault}))
		if _, body, err := l.post(l.wireClient(), action, envelope(serviceContent)); err == nil {
			t.Errorf("%s: the answer came whole: %s", fault, body)
		}
	}
	for _, wrong := range [][]string{{M}, {M, "status"}, {M, "status=x"}, {M, "fault=Nonsense"}, {M, "explode"}, {M, "count=x", "reset"}} {
		if l.AddFault(wrong) == nil {
			t.Errorf("%v was accepted", wrong)
		}
	}
}

func TestTroubleWithTasks(t *testing.T) {
	l := startLab(t, nil)
	l.must(l.AddFault([]string{"CloneVM_Task", "match=<name>bad<", "taskfault=NoDiskSpace:no room"}))
	l.must(l.AddFault([]string{"CloneVM_Task", "match=<name>quiet<", "off"}))
	if _, err := l.clone("bad", types.VirtualMachineCloneSpec{}); faultName(err) != "NoDiskSpace" || err.Error() != "no room" {
		t.Errorf("taskfault: %v", err)
	}
	if l.has("bad") {
		t.Error("the failed clone is still there")
	}
	vm, err := l.clone("quiet", types.VirtualMachineCloneSpec{PowerOn: true})
	l.must(err)
	if ps := l.props(vm).Runtime.PowerState; ps != stateOff {
		t.Errorf("off: the VM is %s", ps)
	}
	l.must(l.AddFault([]string{"CloneVM_Task", "match=<name>lost<", "lose-task"}))
	if _, err = l.clone("lost", types.VirtualMachineCloneSpec{}); faultName(err) != "ManagedObjectNotFound" {
		t.Errorf("lose-task: %v", err)
	}
	l.eventually("the lost task's work is done", func() bool {
		var out strings.Builder
		return l.VM(&out, "lost") == nil && strings.Contains(out.String(), "cpus=2")
	})
}

func TestTaskLostLater(t *testing.T) {
	l := startLab(t, nil)
	l.must(l.Set("clone-time", "30s"))
	l.must(l.AddFault([]string{"CloneVM_Task", "lose-task,delay=2s"}))
	if l.AddFault([]string{"CloneVM_Task", "lose-task,delay=soon"}) == nil {
		t.Error("a bad delay was accepted")
	}
	task, err := l.get("flatcar-template").Clone(l.ctx, l.folder(), "lost", types.VirtualMachineCloneSpec{
		Location: types.VirtualMachineRelocateSpec{Pool: l.pool()}})
	l.must(err)
	if st := l.taskState(task.Reference()).State; st != types.TaskInfoStateRunning && st != types.TaskInfoStateQueued {
		t.Errorf("state %s", st)
	}
	l.eventually("the task is gone", func() bool {
		var m mo.Task
		return faultName(l.c.RetrieveOne(l.ctx, task.Reference(), []string{"info.state"}, &m)) == "ManagedObjectNotFound"
	})
}

func TestMissingNotAuth(t *testing.T) {
	l := startLab(t, nil)
	l.must(l.AddFault([]string{"RetrievePropertiesEx", "count=1", "missing-notauth"}))
	_, body, err := l.post(l.wireClient(), action, envelope(`<RetrievePropertiesEx xmlns="urn:vim25">`+
		`<_this type="PropertyCollector">propertyCollector</_this><specSet><propSet><type>Folder</type>`+
		`<pathSet>name</pathSet></propSet><objectSet><obj type="Folder">group-d1</obj></objectSet></specSet><options/></RetrievePropertiesEx>`))
	l.must(err)
	if !strings.Contains(body, `<missingSet><path>name</path><fault><fault xsi:type="NotAuthenticated">`) {
		t.Errorf("%s", body)
	}
}

func TestCounts(t *testing.T) {
	l := startLab(t, nil)
	l.Requests(io.Discard, true)
	c := l.wireClient()
	for _, body := range []string{envelope(serviceContent), envelope(serviceContent), loginBody("a", "b"), "junk"} {
		_, _, err := l.post(c, action, body)
		l.must(err)
	}
	var out strings.Builder
	l.Requests(&out, false)
	want := "? 1\nLogin 1\nRetrieveServiceContent 2\ntotal 4\nWaitForUpdatesEx 0\n"
	if out.String() != want {
		t.Errorf("got %s", out.String())
	}
	out.Reset()
	l.Log(&out)
	if !strings.Contains(out.String(), "\tLogin\tSessionManager\t500\tvs-test/1\t-\t127.0.0.1:") {
		t.Errorf("log: %s", out.String())
	}
}

func TestDropIdle(t *testing.T) {
	l := startLab(t, nil)
	c := l.wireClient()
	_, _, err := l.post(c, action, envelope(serviceContent))
	l.must(err)
	l.eventually("connections are idle", func() bool {
		l.conns.mu.Lock()
		defer l.conns.mu.Unlock()
		return len(l.conns.idle) >= 1
	})
	if n := l.DropIdle(); n < 1 {
		t.Errorf("dropped %d", n)
	}
	if _, _, err := l.post(l.wireClient(), action, envelope(serviceContent)); err != nil {
		t.Errorf("a new connection: %v", err)
	}
}

func TestOlderServer(t *testing.T) {
	l := startLab(t, func(o *Options) { o.APIVersion = "8.0.1.0" })
	res, err := l.wireClient().Get(l.url + "/vimServiceVersions.xml")
	l.must(err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	l.must(err)
	if text := string(b); strings.Contains(text, "8.0.2.0") || !strings.Contains(text, "<version>8.0.1.0</version>") {
		t.Errorf("%s", text)
	}
	if v := l.c.ServiceContent.About.Version; v != "8.0.1" {
		t.Errorf("about.version %q", v)
	}
	_, body, err := l.post(l.wireClient(), `"urn:vim25/8.0.2.0"`, envelope(serviceContent))
	l.must(err)
	if !strings.Contains(body, "VersionMismatchFaultCode") {
		t.Errorf("%s", body)
	}
}

func TestScriptedAnswer(t *testing.T) {
	l := startLab(t, nil)
	c := l.wireClient()
	ask := func() (int, string, string) {
		res, body, err := l.post(c, action, envelope(serviceContent))
		l.must(err)
		return res.StatusCode, res.Header.Get("Retry-After"), body
	}
	if l.AddFault([]string{"RetrieveServiceContent", "answer"}) == nil {
		t.Error("a script without words was accepted")
	}
	l.must(l.AddFault([]string{"RetrieveServiceContent", "after=1", "count=1", "answer",
		"status=503", "header=Retry-After: 7", "soap", "/soap"}))
	l.must(l.AddFault([]string{"RetrieveServiceContent", "after=1", "answer", "replace=<rootFolder[^>]*>=><x>", "own"}))
	if code, _, body := ask(); code != 200 || !strings.Contains(body, "<rootFolder") {
		t.Errorf("the first one: %d %s", code, body)
	}
	if code, after, body := ask(); code != 503 || after != "7" ||
		!strings.Contains(body, `<RetrieveServiceContentResponse xmlns="urn:vim25"></RetrieveServiceContentResponse>`) {
		t.Errorf("the second one: %d %s %s", code, after, body)
	}
	if code, _, body := ask(); code != 200 || strings.Contains(body, "<rootFolder") || !strings.Contains(body, "<x>") {
		t.Errorf("the third one: %d %s", code, body)
	}
	var out strings.Builder
	l.Faults(&out)
	if !strings.Contains(out.String(), "RetrieveServiceContent answer - hits=1 body=") {
		t.Errorf("fault: %s", out.String())
	}
}
