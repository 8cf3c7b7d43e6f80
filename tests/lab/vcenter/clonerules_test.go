// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/vmware/govmomi/fault"
	"github.com/vmware/govmomi/object"
	govtask "github.com/vmware/govmomi/task"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// faultName returns the name of the fault of a call or a task.
func faultName(err error) string {
	var te govtask.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &te):
		return strings.TrimPrefix(fmt.Sprintf("%T", te.Fault()), "*types.")
	case soap.IsSoapFault(err):
		return strings.TrimPrefix(fmt.Sprintf("%T", soap.ToSoapFault(err).VimFault()), "types.")
	}
	return err.Error()
}

func edit(d types.BaseVirtualDevice) types.BaseVirtualDeviceConfigSpec {
	return &types.VirtualDeviceConfigSpec{Operation: types.VirtualDeviceConfigSpecOperationEdit, Device: d}
}

func nicOn(key int32, backing types.BaseVirtualDeviceBackingInfo) *types.VirtualVmxnet3 {
	n := &types.VirtualVmxnet3{}
	n.Key, n.Backing = key, backing
	return n
}

func std(name string) types.BaseVirtualDeviceBackingInfo {
	return &types.VirtualEthernetCardNetworkBackingInfo{
		VirtualDeviceDeviceBackingInfo: types.VirtualDeviceDeviceBackingInfo{DeviceName: name}}
}

func config(c types.VirtualMachineConfigSpec) types.VirtualMachineCloneSpec {
	return types.VirtualMachineCloneSpec{Config: &c}
}

func TestCloneRefusals(t *testing.T) {
	l := startLab(t, nil)
	src := l.props(l.get("flatcar-template"))
	ds := src.Datastore[0]
	small := *diskByKey(src.Config, 2000)
	small.CapacityInKB, small.CapacityInBytes = 1<<20, 1<<30
	lopsided := *diskByKey(src.Config, 2000)
	lopsided.CapacityInKB, lopsided.CapacityInBytes = 50<<20, 60<<30
	three := int32(3)
	disk := func(key int32, mode string) types.VirtualMachineCloneSpec {
		return types.VirtualMachineCloneSpec{Location: types.VirtualMachineRelocateSpec{
			Disk: []types.VirtualMachineRelocateSpecDiskLocator{{DiskId: key, Datastore: ds,
				DiskBackingInfo: &types.VirtualDiskFlatVer2BackingInfo{DiskMode: mode}}}}}
	}
	tests := []struct {
		name, vm string
		spec     types.VirtualMachineCloneSpec
		want     string
	}{
		{"long name", strings.Repeat("x", 81), types.VirtualMachineCloneSpec{}, "InvalidName"},
		{"slash in name", "a/b", types.VirtualMachineCloneSpec{}, "InvalidName"},
		{"name taken", "snap-vm", types.VirtualMachineCloneSpec{}, "DuplicateName"},
		{"shrink", "w", config(types.VirtualMachineConfigSpec{
			DeviceChange: []types.BaseVirtualDeviceConfigSpec{edit(&small)}}), "InvalidDeviceOperation"},
		{"kB and bytes differ", "w", config(types.VirtualMachineConfigSpec{
			DeviceChange: []types.BaseVirtualDeviceConfigSpec{edit(&lopsided)}}), "InvalidDeviceSpec"},
		{"no such network", "w", config(types.VirtualMachineConfigSpec{
			DeviceChange: []types.BaseVirtualDeviceConfigSpec{edit(nicOn(4000, std("nowhere")))}}), "InvalidDeviceBacking"},
		{"no such port group", "w", config(types.VirtualMachineConfigSpec{
			DeviceChange: []types.BaseVirtualDeviceConfigSpec{edit(nicOn(4000,
				&types.VirtualEthernetCardDistributedVirtualPortBackingInfo{
					Port: types.DistributedVirtualSwitchPortConnection{SwitchUuid: "x", PortgroupKey: "y"}}))}}),
			"InvalidDeviceBacking"},
		{"no such device", "w", config(types.VirtualMachineConfigSpec{
			DeviceChange: []types.BaseVirtualDeviceConfigSpec{edit(nicOn(4711, std("workers")))}}), "InvalidDeviceSpec"},
		{"no such disk", "w", disk(2001, "persistent"), "InvalidArgument"},
		{"disk mode", "w", disk(2000, "sometimes"), "InvalidArgument"},
		{"cores", "w", config(types.VirtualMachineConfigSpec{NumCPUs: 4, NumCoresPerSocket: &three}), "InvalidArgument"},
		{"memory", "w", config(types.VirtualMachineConfigSpec{MemoryMB: 1023}), "InvalidArgument"},
		{"guestinfo over 1 MiB", "w", config(types.VirtualMachineConfigSpec{ExtraConfig: []types.BaseOptionValue{
			opt("guestinfo.big", strings.Repeat("x", 1<<20))}}), "GenericVmConfigFault"},
		{"linked without snapshot", "w", types.VirtualMachineCloneSpec{Location: types.VirtualMachineRelocateSpec{
			DiskMoveType: "createNewChildDiskBacking"}}, "InvalidArgument"},
		{"move type", "w", types.VirtualMachineCloneSpec{Location: types.VirtualMachineRelocateSpec{
			DiskMoveType: "byHand"}}, "InvalidArgument"},
		{"template that runs", "w", types.VirtualMachineCloneSpec{Template: true, PowerOn: true}, "InvalidArgument"},
	}
	for _, tc := range tests {
		_, err := l.clone(tc.vm, tc.spec)
		if got := faultName(err); got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
		if tc.vm == "w" && l.has("w") {
			t.Errorf("%s: a half-made VM was left", tc.name)
		}
	}
}

func TestCloneNeedsAPool(t *testing.T) {
	l := startLab(t, nil)
	task, err := l.get("flatcar-template").Clone(l.ctx, l.folder(), "w", types.VirtualMachineCloneSpec{})
	l.must(err)
	if err = task.Wait(l.ctx); faultName(err) != "InvalidArgument" ||
		!strings.Contains(err.Error(), "spec.location.pool") {
		t.Errorf("got %v", err)
	}
	none := types.ManagedObjectReference{Type: "Datastore", Value: "datastore-0"}
	_, err = l.get("flatcar-template").Clone(l.ctx, l.folder(), "w", types.VirtualMachineCloneSpec{
		Location: types.VirtualMachineRelocateSpec{Pool: l.pool(), Datastore: &none}})
	if faultName(err) != "ManagedObjectNotFound" {
		t.Errorf("unknown datastore: %v", err)
	}
	net, err := l.finder.Folder(l.ctx, "/DC0/network")
	l.must(err)
	_, err = l.get("flatcar-template").Clone(l.ctx, net, "w", types.VirtualMachineCloneSpec{
		Location: types.VirtualMachineRelocateSpec{Pool: l.pool()}})
	if faultName(err) != "InvalidArgument" {
		t.Errorf("network folder: %v", err)
	}
}

func TestNetworkKinds(t *testing.T) {
	l := startLab(t, nil)
	opaque := &types.VirtualEthernetCardOpaqueNetworkBackingInfo{
		OpaqueNetworkId: "5f2a1c7e-0d3b-4c55-9a61-7c1b4f0e8d21", OpaqueNetworkType: "nsx.LogicalSwitch"}
	for name, b := range map[string]types.BaseVirtualDeviceBackingInfo{"workers": std("workers"), "seg-opaque": opaque} {
		vm, err := l.clone("on-"+name, config(types.VirtualMachineConfigSpec{
			DeviceChange: []types.BaseVirtualDeviceConfigSpec{edit(nicOn(4000, b))}}))
		l.must(err)
		var out strings.Builder
		l.must(l.VM(&out, vm.Reference().Value))
		if !strings.Contains(out.String(), "network="+name+"\n") {
			t.Errorf("%s: %s", name, out.String())
		}
	}
}

func TestLinkedClone(t *testing.T) {
	l := startLab(t, nil)
	src := l.get("snap-vm")
	snap := l.props(src).Snapshot.CurrentSnapshot
	spec := types.VirtualMachineCloneSpec{Snapshot: snap, Location: types.VirtualMachineRelocateSpec{
		Pool: l.pool(), DiskMoveType: "createNewChildDiskBacking"}}
	run := func(name string) (*types.TaskInfo, error) {
		task, err := src.Clone(l.ctx, l.folder(), name, spec)
		l.must(err)
		return task.WaitForResult(l.ctx)
	}
	info, err := run("linked")
	l.must(err)
	vm := l.props(object.NewVirtualMachine(l.c.Client, info.Result.(types.ManagedObjectReference)))
	if !isLinked(vm.Config) {
		t.Error("the clone's disk has no parent")
	}
	big := *diskByKey(vm.Config, 2000)
	big.CapacityInKB, big.CapacityInBytes = 50<<20, 50<<30
	spec.Config = &types.VirtualMachineConfigSpec{DeviceChange: []types.BaseVirtualDeviceConfigSpec{edit(&big)}}
	if _, err = run("grown"); faultName(err) != "InvalidDeviceOperation" {
		t.Errorf("a linked clone grew: %v", err)
	}
}

func TestThinIsConverted(t *testing.T) {
	l := startLab(t, nil)
	ds := l.props(l.get("flatcar-template")).Datastore[0]
	no, yes := false, true
	vm, err := l.clone("thick", types.VirtualMachineCloneSpec{Location: types.VirtualMachineRelocateSpec{
		Disk: []types.VirtualMachineRelocateSpecDiskLocator{{DiskId: 2000, Datastore: ds,
			DiskBackingInfo: &types.VirtualDiskFlatVer2BackingInfo{DiskMode: "persistent",
				ThinProvisioned: &no, EagerlyScrub: &yes}}}}})
	l.must(err)
	b := diskByKey(l.props(vm).Config, 2000).Backing.(*types.VirtualDiskFlatVer2BackingInfo)
	if isTrue(b.ThinProvisioned) || !isTrue(b.EagerlyScrub) {
		t.Errorf("backing: %+v", b)
	}
}

// taskState reads a task as another client would.
func (l *lab) taskState(ref types.ManagedObjectReference) types.TaskInfo {
	var m mo.Task
	l.must(l.c.RetrieveOne(l.ctx, ref, []string{"info"}, &m))
	return m.Info
}

func (l *lab) eventually(what string, ok func() bool) {
	l.t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	l.t.Fatal("never: " + what)
}

func TestQueueCancelAndEarlyName(t *testing.T) {
	l := startLab(t, func(o *Options) { o.PerHost, o.CloneTime = 1, 30*time.Second })
	src := l.get("flatcar-template")
	spec := types.VirtualMachineCloneSpec{Location: types.VirtualMachineRelocateSpec{Pool: l.pool()}}
	var tasks []*object.Task
	for _, name := range []string{"a", "b", "a"} {
		task, err := src.Clone(l.ctx, l.folder(), name, spec)
		l.must(err)
		tasks = append(tasks, task)
	}
	l.eventually("first clone runs", func() bool {
		return l.taskState(tasks[0].Reference()).State == types.TaskInfoStateRunning
	})
	if st := l.taskState(tasks[1].Reference()).State; st != types.TaskInfoStateQueued {
		t.Errorf("second clone is %s", st)
	}
	half := l.props(l.get("a"))
	if half.Config != nil || half.Name != "a" {
		t.Errorf("a VM that is being cloned: name %q, config %v", half.Name, half.Config != nil)
	}
	for _, i := range []int{1, 0} { // the queued one, then the running one
		l.must(tasks[i].Cancel(l.ctx))
		err := tasks[i].Wait(l.ctx)
		if !fault.Is(err, &types.RequestCanceled{}) {
			t.Errorf("cancelled clone %d ended with %v", i, err)
		}
	}
	for _, name := range []string{"a", "b"} {
		if l.has(name) {
			t.Errorf("%s is still there", name)
		}
	}
	if err := tasks[0].Cancel(l.ctx); faultName(err) != "InvalidState" {
		t.Errorf("cancel of a finished task: %v", err)
	}
	err := tasks[2].Wait(l.ctx)
	var dup *types.DuplicateName
	if fault.As(err, &dup); dup == nil || dup.Object != half.Self {
		t.Errorf("second clone of one name: %v", err)
	}
}
