// SPDX-License-Identifier: Apache-2.0

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

func (s *Server) removeAllSnapshots(c *call) (any, types.BaseMethodFault) {
	ref, fault := s.run(c, "RemoveAllSnapshots_Task", "VirtualMachine.removeAllSnapshots", reconfigTime,
		func(*task) (any, types.BaseMethodFault) {
			if vm := s.vm(c.this); vm != nil && vm.Snapshot != nil {
				s.dropSnapshots(vm)
			}
			return nil, nil
		})
	if fault != nil {
		return nil, fault
	}
	return &types.RemoveAllSnapshots_TaskResponse{Returnval: ref}, nil
}

// removeSnapshot removes one with its children; with the last one the disks lose
// their parents.
func (s *Server) removeSnapshot(c *call) (any, types.BaseMethodFault) {
	snap, ok := s.svc.Context.Map.Get(c.this).(*simulator.VirtualMachineSnapshot)
	if !ok {
		return nil, &types.ManagedObjectNotFound{Obj: c.this}
	}
	one := *c
	one.this = snap.Vm
	ref, fault := s.run(&one, "RemoveSnapshot_Task", "VirtualMachineSnapshot.remove", reconfigTime,
		func(*task) (any, types.BaseMethodFault) {
			vm := s.vm(snap.Vm)
			if vm == nil || vm.Snapshot == nil {
				return nil, &types.ManagedObjectNotFound{Obj: c.this}
			}
			list := without(vm.Snapshot.RootSnapshotList, c.this, c.body.(*types.RemoveSnapshot_Task).RemoveChildren)
			if len(list) == 0 {
				s.dropSnapshots(vm)
				return nil, nil
			}
			last := &list[len(list)-1]
			for len(last.ChildSnapshotList) > 0 {
				last = &last.ChildSnapshotList[len(last.ChildSnapshotList)-1]
			}
			ctx := s.context()
			ctx.Map.Remove(ctx, c.this)
			update(ctx, vm, types.PropertyChange{Name: "snapshot", Val: types.VirtualMachineSnapshotInfo{
				CurrentSnapshot: &last.Snapshot, RootSnapshotList: list}})
			return nil, nil
		})
	if fault != nil {
		return nil, fault
	}
	return &types.RemoveSnapshot_TaskResponse{Returnval: ref}, nil
}

// without copies a tree without one snapshot, whose children take its place
// unless they are removed as well.
func without(list []types.VirtualMachineSnapshotTree, ref types.ManagedObjectReference,
	children bool) []types.VirtualMachineSnapshotTree {
	var out []types.VirtualMachineSnapshotTree
	for _, t := range list {
		t.ChildSnapshotList = without(t.ChildSnapshotList, ref, children)
		switch {
		case t.Snapshot != ref:
			out = append(out, t)
		case !children:
			out = append(out, t.ChildSnapshotList...)
		}
	}
	return out
}

// dropSnapshots merges the disks into their parents; inv is held.
func (s *Server) dropSnapshots(vm *simulator.VirtualMachine) {
	ctx := s.context()
	cfg := deepCopy(vm.Config)
	for _, d := range cfg.Hardware.Device {
		dev := d.GetVirtualDevice()
		if b, ok := dev.Backing.(*types.VirtualDiskFlatVer2BackingInfo); ok {
			for b.Parent != nil {
				b = b.Parent
			}
			dev.Backing = b
		}
	}
	update(ctx, vm, types.PropertyChange{Name: "snapshot", Val: nil},
		types.PropertyChange{Name: "rootSnapshot", Val: nil})
	s.install(vm, cfg)
}
