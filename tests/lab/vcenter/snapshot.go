package vcenter

import (
	"fmt"
	"strings"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// snapshot takes one of a VM; inv is held.
func (s *Server) snapshot(vm *simulator.VirtualMachine, name, descr string) types.ManagedObjectReference {
	ctx := s.context()
	n := s.seq.snap.Add(1)
	snap := &simulator.VirtualMachineSnapshot{}
	snap.Self = types.ManagedObjectReference{Type: "VirtualMachineSnapshot",
		Value: fmt.Sprintf("snapshot-%d", 1000+n)}
	snap.Vm = vm.Self
	snap.Config = *deepCopy(vm.Config)
	ctx.Map.Put(snap)

	cfg := deepCopy(vm.Config)
	for _, d := range cfg.Hardware.Device {
		if b, ok := d.GetVirtualDevice().Backing.(*types.VirtualDiskFlatVer2BackingInfo); ok {
			parent := *b
			b.Parent = &parent
			b.FileName = strings.TrimSuffix(b.FileName, ".vmdk") + fmt.Sprintf("-%06d.vmdk", n)
		}
	}
	tree := types.VirtualMachineSnapshotTree{Snapshot: snap.Self, Vm: vm.Self, Name: name,
		Description: descr, Id: int32(n), CreateTime: time.Now(), State: vm.Runtime.PowerState}
	info := types.VirtualMachineSnapshotInfo{CurrentSnapshot: &snap.Self}
	if vm.Snapshot != nil {
		info.RootSnapshotList = graft(vm.Snapshot.RootSnapshotList, vm.Snapshot.CurrentSnapshot, tree)
	} else {
		info.RootSnapshotList = []types.VirtualMachineSnapshotTree{tree}
	}
	update(ctx, vm, types.PropertyChange{Name: "snapshot", Val: info},
		types.PropertyChange{Name: "rootSnapshot",
			Val: []types.ManagedObjectReference{info.RootSnapshotList[0].Snapshot}})
	s.install(vm, cfg)
	return snap.Self
}

// graft copies a tree with one more child below the current snapshot.
func graft(list []types.VirtualMachineSnapshotTree, at *types.ManagedObjectReference,
	leaf types.VirtualMachineSnapshotTree) []types.VirtualMachineSnapshotTree {
	out := append([]types.VirtualMachineSnapshotTree(nil), list...)
	for i := range out {
		out[i].ChildSnapshotList = graft(out[i].ChildSnapshotList, at, leaf)
		if at != nil && out[i].Snapshot == *at {
			out[i].ChildSnapshotList = append(out[i].ChildSnapshotList, leaf)
		}
	}
	return out
}
