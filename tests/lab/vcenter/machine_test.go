// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/types"
)

// do runs a task method and returns the name of the fault that it ended with, of
// the call or of the task.
func (l *lab) do(task *object.Task, err error) string {
	l.t.Helper()
	if err == nil {
		err = task.Wait(l.ctx)
	}
	return faultName(err)
}

func (l *lab) reconfigure(vm *object.VirtualMachine, spec types.VirtualMachineConfigSpec) string {
	l.t.Helper()
	return l.do(vm.Reconfigure(l.ctx, spec))
}

func TestExtraConfig(t *testing.T) {
	l := startLab(t, nil)
	vm := l.get("snap-vm")
	set := func(key, value string) types.VirtualMachineConfigSpec {
		return types.VirtualMachineConfigSpec{ExtraConfig: []types.BaseOptionValue{opt(key, value)}}
	}
	get := func() map[string]string { return extraMap(l.props(vm).Config) }
	for _, step := range []struct{ key, value, want string }{
		{"guestinfo.a", "1", "1"}, {"guestinfo.a", "2", "2"}, {"guestinfo.a", "", ""},
		{"guestinfo.a", "", ""}, {"memsize", "64", ""},
	} {
		if got := l.reconfigure(vm, set(step.key, step.value)); got != "" {
			t.Fatalf("%s=%s: %s", step.key, step.value, got)
		}
		if got, ok := get()[step.key]; got != step.want || ok != (step.want != "") {
			t.Errorf("%s=%q: reads %q, %v", step.key, step.value, got, ok)
		}
	}
	if got := l.reconfigure(vm, set("guestinfo.x", strings.Repeat("x", 1<<20))); got != "GenericVmConfigFault" {
		t.Errorf("over the limit: %q", got)
	}
	old := l.props(vm).Config.ChangeVersion
	spec := set("guestinfo.b", "1")
	spec.ChangeVersion = old
	if got := l.reconfigure(vm, spec); got != "" {
		t.Errorf("right changeVersion: %q", got)
	}
	if got := l.reconfigure(vm, spec); got != "ConcurrentAccess" {
		t.Errorf("stale changeVersion: %q", got)
	}
	if v, _ := l.prop(vm.Reference(), `config.extraConfig["guestinfo.b"].value`); v != "1" {
		t.Errorf("by array path: %v", v)
	}
}

func TestTemplateIsProtected(t *testing.T) {
	l := startLab(t, nil)
	tmpl := l.get("flatcar-template")
	if got := l.reconfigure(tmpl, types.VirtualMachineConfigSpec{NumCPUs: 4}); got != "NotSupported" {
		t.Errorf("reconfigure: %q", got)
	}
	if got := l.reconfigure(tmpl, types.VirtualMachineConfigSpec{Annotation: "x"}); got != "" {
		t.Errorf("annotation: %q", got)
	}
	if got := l.do(tmpl.PowerOn(l.ctx)); got != "InvalidState" {
		t.Errorf("power on: %q", got)
	}
	if got := faultName(tmpl.MarkAsTemplate(l.ctx)); got != "NotSupported" {
		t.Errorf("mark: %q", got)
	}
	l.must(tmpl.MarkAsVirtualMachine(l.ctx, *object.NewResourcePool(l.c.Client, *l.pool()), nil))
	if got := l.reconfigure(tmpl, types.VirtualMachineConfigSpec{NumCPUs: 4}); got != "" {
		t.Errorf("reconfigure of what is a VM now: %q", got)
	}
	l.must(tmpl.MarkAsTemplate(l.ctx))
	if m := l.props(tmpl); m.ResourcePool != nil || !m.Summary.Config.Template {
		t.Error("a template has no pool")
	}
}

func TestPowerStates(t *testing.T) {
	l := startLab(t, nil)
	vm := l.get("snap-vm")
	for _, step := range []struct {
		name string
		op   func(context.Context) (*object.Task, error)
		want string
	}{
		{"off when off", vm.PowerOff, "InvalidPowerState"}, {"reset when off", vm.Reset, "InvalidPowerState"},
		{"suspend when off", vm.Suspend, "InvalidPowerState"}, {"on", vm.PowerOn, ""},
		{"on when on", vm.PowerOn, "InvalidPowerState"}, {"destroy when on", vm.Destroy, "InvalidPowerState"},
		{"suspend", vm.Suspend, ""}, {"on again", vm.PowerOn, ""}, {"reset", vm.Reset, ""}, {"off", vm.PowerOff, ""},
		{"destroy", vm.Destroy, ""},
	} {
		if got := l.do(step.op(l.ctx)); got != step.want {
			t.Errorf("%s: got %q, want %q", step.name, got, step.want)
		}
	}
	if got := l.do(vm.PowerOn(l.ctx)); got != "ManagedObjectNotFound" {
		t.Errorf("on when destroyed: %q", got)
	}
}

func TestHotChanges(t *testing.T) {
	l := startLab(t, nil)
	vm := l.get("snap-vm")
	if got := l.do(vm.PowerOn(l.ctx)); got != "" {
		t.Fatal(got)
	}
	for want, spec := range map[string]types.VirtualMachineConfigSpec{
		"CpuHotPlugNotSupported":    {NumCPUs: 8},
		"MemoryHotPlugNotSupported": {MemoryMB: 8192},
		"":                          {Annotation: "hot"},
	} {
		if got := l.reconfigure(vm, spec); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestTaskInProgress(t *testing.T) {
	l := startLab(t, func(o *Options) { o.PowerTime = 30 * time.Second })
	vm := l.get("snap-vm")
	task, err := vm.PowerOn(l.ctx)
	l.must(err)
	if got := l.reconfigure(vm, types.VirtualMachineConfigSpec{Annotation: "x"}); got != "TaskInProgress" {
		t.Errorf("reconfigure meanwhile: %q", got)
	}
	l.must(task.Cancel(l.ctx))
	if got := l.do(task, nil); got != "RequestCanceled" {
		t.Errorf("cancelled: %q", got)
	}
}

// Guests of tests: they boot when told.
type fakeGuest struct {
	m   Machine
	ctx context.Context
}

func TestGuest(t *testing.T) {
	boots := make(chan fakeGuest, 4)
	l := startLab(t, func(o *Options) {
		o.Boot = func(ctx context.Context, m Machine) { boots <- fakeGuest{m, ctx} }
	})
	vm, err := l.clone("g", types.VirtualMachineCloneSpec{PowerOn: true, Config: &types.VirtualMachineConfigSpec{
		ExtraConfig: []types.BaseOptionValue{opt("guestinfo.ignition.config.data", "secret")}}})
	l.must(err)
	g := <-boots
	if g.m.Name != "g" || g.m.UUID != vm.UUID(l.ctx) || g.m.ExtraConfig()["guestinfo.ignition.config.data"] != "secret" {
		t.Errorf("the guest sees %s %s", g.m.Name, g.m.UUID)
	}
	if got := faultName(vm.ShutdownGuest(l.ctx)); got != "ToolsUnavailable" {
		t.Errorf("shutdown without tools: %q", got)
	}
	g.m.SetTools(true)
	g.m.SetNet("", "localhost")
	early := l.props(vm).Guest
	if early.ToolsRunningStatus != "guestToolsRunning" || !strings.HasPrefix(early.IpAddress, "169.254.") {
		t.Errorf("early: %s %s", early.ToolsRunningStatus, early.IpAddress)
	}
	g.m.SetNet("10.0.0.17", "g")
	m := l.props(vm)
	mac := m.Config.Hardware.Device[len(m.Config.Hardware.Device)-1].(*types.VirtualVmxnet3).MacAddress
	found := false
	for _, n := range m.Guest.Net {
		if n.DeviceConfigId == 4000 {
			found = n.MacAddress == mac && oneOf("10.0.0.17", n.IpAddress) && strings.HasPrefix(n.IpAddress[0], "fe80:")
		}
	}
	if !found || len(m.Guest.Net) < 3 {
		t.Errorf("guest.net: %+v", m.Guest.Net)
	}
	g.m.SetExtra("guestinfo.ignition.config.data", "e30K")
	if got := g.m.ExtraConfig()["guestinfo.ignition.config.data"]; got != "e30K" {
		t.Errorf("the guest's write reads %q", got)
	}
	l.must(vm.ShutdownGuest(l.ctx))
	l.eventually("guest shuts down", func() bool { return l.props(vm).Runtime.PowerState == stateOff })
	<-g.ctx.Done()
	m = l.props(vm)
	if got := extraMap(m.Config)["guestinfo.ignition.config.data"]; got != "secret" {
		t.Errorf("after power-off the guest's write has not reverted: %q", got)
	}
	if m.Guest.IpAddress != "" || len(m.Guest.Net) != 0 {
		t.Error("guest information outlives the guest")
	}
}

func TestReconfigureOutlivesTheGuest(t *testing.T) {
	boots := make(chan fakeGuest, 4)
	l := startLab(t, func(o *Options) {
		o.Boot = func(ctx context.Context, m Machine) { boots <- fakeGuest{m, ctx} }
	})
	vm, err := l.clone("g", types.VirtualMachineCloneSpec{PowerOn: true})
	l.must(err)
	g := <-boots
	g.m.SetExtra("guestinfo.ignition.config.data", "e30K")
	if got := l.reconfigure(vm, types.VirtualMachineConfigSpec{ExtraConfig: []types.BaseOptionValue{
		opt("guestinfo.ignition.config.data", "")}}); got != "" {
		t.Fatal(got)
	}
	if got := l.do(vm.PowerOff(l.ctx)); got != "" {
		t.Fatal(got)
	}
	if got, ok := extraMap(l.props(vm).Config)["guestinfo.ignition.config.data"]; ok {
		t.Errorf("cleared data came back: %q", got)
	}
}

func TestRename(t *testing.T) {
	l := startLab(t, nil)
	vm := l.get("snap-vm")
	if got := l.do(vm.Rename(l.ctx, "booted-template")); got != "DuplicateName" {
		t.Errorf("to a name that is taken: %q", got)
	}
	if got := l.do(vm.Rename(l.ctx, "other")); got != "" {
		t.Fatal(got)
	}
	if m := l.props(vm); m.Name != "other" || m.Config.Name != "other" || m.Summary.Config.Name != "other" {
		t.Errorf("names: %q %q %q", m.Name, m.Config.Name, m.Summary.Config.Name)
	}
	if got := l.do(vm.UpgradeVM(l.ctx, "vmx-21")); got != "NotImplemented" {
		t.Errorf("what is not simulated: %q", got)
	}
}

func TestSnapshots(t *testing.T) {
	l := startLab(t, nil)
	vm := l.get("prod/twin-vm")
	for _, name := range []string{"one", "two"} {
		if got := l.do(vm.CreateSnapshot(l.ctx, name, "", false, false)); got != "" {
			t.Fatal(got)
		}
	}
	m := l.props(vm)
	if !isLinked(m.Config) || len(m.Snapshot.RootSnapshotList) != 1 ||
		m.Snapshot.RootSnapshotList[0].ChildSnapshotList[0].Name != "two" {
		t.Errorf("snapshots: %+v", m.Snapshot)
	}
	if got := l.do(vm.RemoveSnapshot(l.ctx, "one", false, nil)); got != "" {
		t.Fatal(got)
	}
	if m = l.props(vm); m.Snapshot.RootSnapshotList[0].Name != "two" || !isLinked(m.Config) {
		t.Errorf("after the first: %+v", m.Snapshot)
	}
	if got := l.do(vm.RemoveAllSnapshot(l.ctx, nil)); got != "" {
		t.Fatal(got)
	}
	if m = l.props(vm); m.Snapshot != nil || isLinked(m.Config) {
		t.Errorf("after all: %+v", m.Snapshot)
	}
}

func TestPowerOnMulti(t *testing.T) {
	l := startLab(t, nil)
	a, b := l.get("snap-vm").Reference(), l.get("flatcar-template").Reference()
	res, err := methods.PowerOnMultiVM_Task(l.ctx, l.c.Client, &types.PowerOnMultiVM_Task{
		This: types.ManagedObjectReference{Type: "Datacenter", Value: l.dcRef()},
		Vm:   []types.ManagedObjectReference{a, b}})
	l.must(err)
	info, err := object.NewTask(l.c.Client, res.Returnval).WaitForResult(l.ctx)
	l.must(err)
	r := info.Result.(types.ClusterPowerOnVmResult)
	if len(r.Attempted) != 1 || r.Attempted[0].Vm != a || len(r.NotAttempted) != 1 || r.NotAttempted[0].Vm != b {
		t.Errorf("result: %+v", r)
	}
}
