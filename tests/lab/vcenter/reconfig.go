// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"reflect"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// reconfigTime is how long a reconfigure takes.
const reconfigTime = 10 * time.Millisecond

func (s *Server) reconfigVM(c *call) (any, types.BaseMethodFault) {
	req := c.body.(*types.ReconfigVM_Task)
	ref, fault := s.run(c, "ReconfigVM_Task", "VirtualMachine.reconfigure", reconfigTime,
		func(*task) (any, types.BaseMethodFault) {
			vm := s.vm(c.this)
			if vm == nil {
				return nil, &types.ManagedObjectNotFound{Obj: c.this}
			}
			return nil, s.reconfigure(vm, &req.Spec)
		})
	if fault != nil {
		return nil, fault
	}
	return &types.ReconfigVM_TaskResponse{Returnval: ref}, nil
}

// reconfigure changes a VM, all of the spec or nothing; inv is held.
func (s *Server) reconfigure(vm *simulator.VirtualMachine, spec *types.VirtualMachineConfigSpec) types.BaseMethodFault {
	if vm.Config == nil {
		return &types.InvalidState{}
	}
	if spec.ChangeVersion != "" && spec.ChangeVersion != vm.Config.ChangeVersion {
		return &types.ConcurrentAccess{}
	}
	if vm.Config.Template {
		only := types.VirtualMachineConfigSpec{Name: spec.Name, Annotation: spec.Annotation,
			ChangeVersion: spec.ChangeVersion}
		if !reflect.DeepEqual(*spec, only) {
			return &types.NotSupported{}
		}
	}
	cfg := deepCopy(vm.Config)
	run := &specRun{s: s, cfg: cfg, ds: vm.Datastore[0],
		on: vm.Runtime.PowerState == types.VirtualMachinePowerStatePoweredOn}
	if fault := run.apply(spec); fault != nil {
		return fault
	}
	if spec.Name != "" && spec.Name != vm.Name {
		if taken := s.child(*vm.Parent, spec.Name); taken != nil {
			return &types.DuplicateName{Name: spec.Name, Object: *taken}
		}
		update(s.context(), vm, types.PropertyChange{Name: "name", Val: spec.Name})
	}
	s.install(vm, cfg)
	s.guests.written(vm.Self, run.keys)
	return nil
}

func (s *Server) renameVM(c *call) (any, types.BaseMethodFault) {
	req := c.body.(*types.Rename_Task)
	ref, fault := s.run(c, "Rename_Task", "VirtualMachine.rename", reconfigTime,
		func(*task) (any, types.BaseMethodFault) {
			vm := s.vm(c.this)
			if vm == nil {
				return nil, &types.ManagedObjectNotFound{Obj: c.this}
			}
			return nil, s.reconfigure(vm, &types.VirtualMachineConfigSpec{Name: req.NewName})
		})
	if fault != nil {
		return nil, fault
	}
	return &types.Rename_TaskResponse{Returnval: ref}, nil
}

func (s *Server) markAsTemplate(c *call) (any, types.BaseMethodFault) {
	s.inv.Lock()
	defer s.inv.Unlock()
	vm := s.vm(c.this)
	if fault := s.idle(vm); fault != nil {
		return nil, fault
	}
	if vm.Config.Template {
		return nil, &types.NotSupported{}
	}
	s.setTemplate(vm, nil, nil)
	return &types.MarkAsTemplateResponse{}, nil
}

func (s *Server) markAsVM(c *call) (any, types.BaseMethodFault) {
	req := c.body.(*types.MarkAsVirtualMachine)
	s.inv.Lock()
	defer s.inv.Unlock()
	vm := s.vm(c.this)
	if fault := s.exists(&req.Pool, req.Host); fault != nil {
		return nil, fault
	}
	if fault := s.idle(vm); fault != nil {
		return nil, fault
	}
	if !vm.Config.Template {
		return nil, &types.NotSupported{}
	}
	s.setTemplate(vm, &req.Pool, req.Host)
	return &types.MarkAsVirtualMachineResponse{}, nil
}

// idle rejects a VM that is not complete, not off, or in use by a task.
func (s *Server) idle(vm *simulator.VirtualMachine) types.BaseMethodFault {
	if vm.Config == nil {
		return &types.InvalidState{}
	}
	if fault := s.inProgress(vm.Self); fault != nil {
		return fault
	}
	if ps := vm.Runtime.PowerState; ps != types.VirtualMachinePowerStatePoweredOff {
		return &types.InvalidPowerState{RequestedState: types.VirtualMachinePowerStatePoweredOff,
			ExistingState: ps}
	}
	return nil
}

// setTemplate makes a VM a template (no pool), or a template a VM.
func (s *Server) setTemplate(vm *simulator.VirtualMachine, pool, host *types.ManagedObjectReference) {
	ctx := s.context()
	cfg := deepCopy(vm.Config)
	cfg.Template = pool == nil
	if old := vm.ResourcePool; old != nil {
		if p, ok := ctx.Map.Get(*old).(*simulator.ResourcePool); ok {
			dropRef(ctx, p, "vm", &p.Vm, vm.Self)
		}
	}
	change := types.PropertyChange{Name: "resourcePool"}
	if pool != nil {
		change.Val = *pool
		if p, ok := ctx.Map.Get(*pool).(*simulator.ResourcePool); ok {
			addRef(ctx, p, "vm", &p.Vm, vm.Self)
		}
	}
	update(ctx, vm, change)
	if host != nil {
		if h, ok := ctx.Map.Get(*vm.Runtime.Host).(*simulator.HostSystem); ok {
			dropRef(ctx, h, "vm", &h.Vm, vm.Self)
		}
		if h, ok := ctx.Map.Get(*host).(*simulator.HostSystem); ok {
			addRef(ctx, h, "vm", &h.Vm, vm.Self)
		}
		update(ctx, vm, types.PropertyChange{Name: "runtime.host", Val: *host},
			types.PropertyChange{Name: "summary.runtime.host", Val: *host})
	}
	s.install(vm, cfg)
}

func (s *Server) destroyVM(c *call) (any, types.BaseMethodFault) {
	ref, fault := s.run(c, "Destroy_Task", "VirtualMachine.destroy", reconfigTime,
		func(*task) (any, types.BaseMethodFault) {
			vm := s.vm(c.this)
			if vm == nil {
				return nil, &types.ManagedObjectNotFound{Obj: c.this}
			}
			if ps := vm.Runtime.PowerState; ps == types.VirtualMachinePowerStatePoweredOn {
				return nil, &types.InvalidPowerState{
					RequestedState: types.VirtualMachinePowerStatePoweredOff, ExistingState: ps}
			}
			s.stopGuest(vm.Self)
			s.removeVM(vm)
			return nil, nil
		})
	if fault != nil {
		return nil, fault
	}
	return &types.Destroy_TaskResponse{Returnval: ref}, nil
}

func (s *Server) unregisterVM(c *call) (any, types.BaseMethodFault) {
	s.inv.Lock()
	defer s.inv.Unlock()
	vm := s.vm(c.this)
	if fault := s.idle(vm); fault != nil {
		return nil, fault
	}
	s.removeVM(vm)
	return &types.UnregisterVMResponse{}, nil
}

// createSnapshot keeps a copy of the config; from then on the disks have
// parents.
func (s *Server) createSnapshot(c *call) (any, types.BaseMethodFault) {
	req := c.body.(*types.CreateSnapshot_Task)
	ref, fault := s.run(c, "CreateSnapshot_Task", "VirtualMachine.createSnapshot", reconfigTime,
		func(*task) (any, types.BaseMethodFault) {
			return s.snapshot(s.vm(c.this), req.Name, req.Description), nil
		})
	if fault != nil {
		return nil, fault
	}
	return &types.CreateSnapshot_TaskResponse{Returnval: ref}, nil
}
