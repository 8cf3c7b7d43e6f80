// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"strings"
	"testing"
	"time"

	"github.com/vmware/govmomi/vim25/types"
)

func TestSettings(t *testing.T) {
	l := startLab(t, nil)
	for _, wrong := range [][2]string{{"clone-time", "long"}, {"page", "x"}, {"cancelable", "maybe"}, {"colour", "red"}} {
		if l.Set(wrong[0], wrong[1]) == nil {
			t.Errorf("%v was accepted", wrong)
		}
	}
	l.must(l.Set("keep-instance-uuid", "no"))
	const asked = "5005b4f5-6bbc-4a3b-9f2c-0123456789ab"
	vm, err := l.clone("other", config(types.VirtualMachineConfigSpec{InstanceUuid: asked}))
	l.must(err)
	if got := l.props(vm).Config.InstanceUuid; got == asked || got == "" {
		t.Errorf("instanceUuid %q", got)
	}
	l.must(l.Set("cancelable", "no"))
	l.must(l.Set("clone-time", "300ms"))
	task, err := l.get("flatcar-template").Clone(l.ctx, l.folder(), "stubborn", types.VirtualMachineCloneSpec{
		Location: types.VirtualMachineRelocateSpec{Pool: l.pool()}})
	l.must(err)
	if l.taskState(task.Reference()).Cancelable {
		t.Error("the task says it can be cancelled")
	}
	if got := faultName(task.Cancel(l.ctx)); got != "NotSupported" {
		t.Errorf("cancel: %q", got)
	}
	l.must(task.Wait(l.ctx))
}

func TestCloneTimeAndLatency(t *testing.T) {
	l := startLab(t, nil)
	l.must(l.Set("clone-time", "400ms"))
	l.must(l.Set("latency", "50ms"))
	begin := time.Now()
	_, err := l.clone("slow", types.VirtualMachineCloneSpec{})
	l.must(err)
	if took := time.Since(begin); took < 500*time.Millisecond {
		t.Errorf("clone and its calls took %s", took)
	}
}

func TestHiddenProperties(t *testing.T) {
	l := startLab(t, nil)
	vm := l.get("snap-vm").Reference()
	w := l.newWatch([]string{"config.name", "name"}, vm)
	w.next(5)
	l.Hide("VirtualMachine", "config")
	set, err := w.call(w.version, 5)
	l.must(err)
	o := set.FilterSet[0].ObjectSet[0]
	if len(o.MissingSet) != 1 || o.MissingSet[0].Path != "config.name" {
		t.Errorf("update: %+v", o)
	} else if _, ok := o.MissingSet[0].Fault.Fault.(*types.NoPermission); !ok {
		t.Errorf("fault: %T", o.MissingSet[0].Fault.Fault)
	}
	if _, ok := l.prop(vm, "config.name"); ok {
		t.Error("config.name can be read")
	}
	if _, ok := l.prop(vm, "name"); !ok {
		t.Error("name cannot be read")
	}
	l.Hide("", "")
	if _, ok := l.prop(vm, "config.name"); !ok {
		t.Error("config.name still cannot be read")
	}
}

func TestLocationTakesNetworksOnly(t *testing.T) {
	l := startLab(t, nil)
	vm, err := l.clone("moved", types.VirtualMachineCloneSpec{Location: types.VirtualMachineRelocateSpec{
		DeviceChange: []types.BaseVirtualDeviceConfigSpec{
			edit(nicOn(4000, std("workers"))),
			&types.VirtualDeviceConfigSpec{Operation: types.VirtualDeviceConfigSpecOperationAdd,
				Device: nicOn(-1, std("workers"))},
		}}})
	l.must(err)
	var out strings.Builder
	l.must(l.VM(&out, vm.Reference().Value))
	if n := strings.Count(out.String(), "network=workers\n"); n != 1 {
		t.Errorf("%d NICs on workers: %s", n, out.String())
	}
}

func TestPlacement(t *testing.T) {
	l := startLab(t, nil)
	pod, err := l.finder.DatastoreCluster(l.ctx, "pod0")
	l.must(err)
	ref, folder, vm := pod.Reference(), l.folder().Reference(), l.get("flatcar-template").Reference()
	ask := func(spec types.StoragePlacementSpec) (*types.StoragePlacementResult, string) {
		spec.Type, spec.PodSelectionSpec.StoragePod = "clone", &ref
		return l.recommend(spec)
	}
	res, fault := ask(types.StoragePlacementSpec{Vm: &vm, Folder: &folder, CloneName: "x",
		CloneSpec: &types.VirtualMachineCloneSpec{}})
	if fault != "" || len(res.Recommendations) != 2 {
		t.Fatalf("%s %+v", fault, res)
	}
	if a := res.Recommendations[0].Action[0].(*types.StoragePlacementAction); a.Destination.Type != "Datastore" {
		t.Errorf("destination %v", a.Destination)
	}
	if _, fault = ask(types.StoragePlacementSpec{Vm: &vm, Folder: &folder}); fault != "InvalidArgument" {
		t.Errorf("without name: %q", fault)
	}
}

func TestOldVersionsMissNewFields(t *testing.T) {
	yes := true
	cfg := types.VirtualMachineConfigInfo{Name: "n", MetroFtEnabled: &yes, PmemFailoverEnabled: &yes}
	got := prune(&cfg, "8.0.1.0").(*types.VirtualMachineConfigInfo)
	if got.MetroFtEnabled != nil || got.PmemFailoverEnabled == nil || got.Name != "n" {
		t.Errorf("pruned: %+v", got)
	}
	if cfg.MetroFtEnabled == nil {
		t.Error("the inventory's own value was changed")
	}
	if same := prune(&cfg, "8.0.3.0"); same != types.AnyType(&cfg) {
		t.Error("a value was copied for nothing")
	}
}
