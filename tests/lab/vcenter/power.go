// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

const (
	stateOn        = types.VirtualMachinePowerStatePoweredOn
	stateOff       = types.VirtualMachinePowerStatePoweredOff
	stateSuspended = types.VirtualMachinePowerStateSuspended
)

func (s *Server) powerTime() time.Duration {
	s.set.mu.Lock()
	defer s.set.mu.Unlock()
	return s.set.powerTime
}

func wrongState(want, have types.VirtualMachinePowerState) *types.InvalidPowerState {
	return &types.InvalidPowerState{RequestedState: want, ExistingState: have}
}

// setPower changes the state and everything that depends on it; inv is held.
func (s *Server) setPower(vm *simulator.VirtualMachine, state types.VirtualMachinePowerState) {
	cfg := deepCopy(vm.Config)
	for _, d := range cfg.Hardware.Device {
		if c := d.GetVirtualDevice().Connectable; c != nil {
			c.Connected = state == stateOn && c.StartConnected
		}
	}
	changes := []types.PropertyChange{
		{Name: "config.hardware.device", Val: cfg.Hardware.Device},
		{Name: "runtime.powerState", Val: state},
		{Name: "summary.runtime.powerState", Val: state},
	}
	if state == stateOn {
		changes = append(changes, types.PropertyChange{Name: "runtime.bootTime", Val: time.Now()},
			types.PropertyChange{Name: "summary.runtime.bootTime", Val: time.Now()})
	}
	update(s.context(), vm, changes...)
}

// turnOn starts a VM and its guest; inv is held.
func (s *Server) turnOn(vm *simulator.VirtualMachine) types.BaseMethodFault {
	if vm.Config == nil || vm.Config.Template {
		return &types.InvalidState{}
	}
	have := vm.Runtime.PowerState
	if have == stateOn {
		return wrongState(stateOn, have)
	}
	for _, d := range vm.Config.Hardware.Device {
		if _, ok := d.(*types.VirtualPCIPassthrough); ok && !isTrue(vm.Config.MemoryReservationLockedToMax) {
			return &types.GenericVmConfigFault{Reason: "Invalid memory setting: memory reservation " +
				"(sched.mem.min) should be equal to memsize."}
		}
	}
	s.setPower(vm, stateOn)
	if have == stateSuspended { // the guest continues where it was
		s.resumeGuest(vm)
		return nil
	}
	s.startGuest(vm)
	return nil
}

// turnOff stops a VM and its guest; inv is held.
func (s *Server) turnOff(vm *simulator.VirtualMachine) types.BaseMethodFault {
	if have := vm.Runtime.PowerState; have == stateOff {
		return wrongState(stateOff, have)
	}
	s.stopGuest(vm.Self)
	s.setPower(vm, stateOff)
	return nil
}

// powerTask is a power operation on one VM as a task.
func (s *Server) powerTask(c *call, name, descr string,
	fn func(*simulator.VirtualMachine) types.BaseMethodFault) (types.ManagedObjectReference, types.BaseMethodFault) {
	if vm := s.vm(c.this); vm.Config != nil && vm.Config.Template {
		return types.ManagedObjectReference{}, &types.InvalidState{}
	}
	return s.run(c, name, "VirtualMachine."+descr, s.powerTime(), func(*task) (any, types.BaseMethodFault) {
		vm := s.vm(c.this)
		if vm == nil {
			return nil, &types.ManagedObjectNotFound{Obj: c.this}
		}
		return nil, fn(vm)
	})
}

func (s *Server) powerOnVM(c *call) (any, types.BaseMethodFault) {
	ref, fault := s.powerTask(c, "PowerOnVM_Task", "powerOn", s.turnOn)
	if fault != nil {
		return nil, fault
	}
	return &types.PowerOnVM_TaskResponse{Returnval: ref}, nil
}

func (s *Server) powerOffVM(c *call) (any, types.BaseMethodFault) {
	ref, fault := s.powerTask(c, "PowerOffVM_Task", "powerOff", s.turnOff)
	if fault != nil {
		return nil, fault
	}
	return &types.PowerOffVM_TaskResponse{Returnval: ref}, nil
}

func (s *Server) suspendVM(c *call) (any, types.BaseMethodFault) {
	ref, fault := s.powerTask(c, "SuspendVM_Task", "suspend", func(vm *simulator.VirtualMachine) types.BaseMethodFault {
		if have := vm.Runtime.PowerState; have != stateOn {
			return wrongState(stateOn, have)
		}
		s.suspendGuest(vm)
		s.setPower(vm, stateSuspended)
		return nil
	})
	if fault != nil {
		return nil, fault
	}
	return &types.SuspendVM_TaskResponse{Returnval: ref}, nil
}

func (s *Server) resetVM(c *call) (any, types.BaseMethodFault) {
	ref, fault := s.powerTask(c, "ResetVM_Task", "reset", func(vm *simulator.VirtualMachine) types.BaseMethodFault {
		if have := vm.Runtime.PowerState; have != stateOn {
			return wrongState(stateOn, have)
		}
		s.stopGuest(vm.Self)
		s.startGuest(vm)
		return nil
	})
	if fault != nil {
		return nil, fault
	}
	return &types.ResetVM_TaskResponse{Returnval: ref}, nil
}

// powerOn of a clone is part of its task; the VM exists in any case.
func (j *cloneJob) powerOn() types.BaseMethodFault {
	if !j.task.sleep(j.s.powerTime()) {
		return &types.RequestCanceled{}
	}
	_, fault := j.s.attempt(j.task, func(*task) (any, types.BaseMethodFault) {
		if j.s.vm(j.vm.Self) == nil {
			return nil, &types.ManagedObjectNotFound{Obj: j.vm.Self}
		}
		return nil, j.s.turnOn(j.vm)
	})
	return fault
}

// guestCall checks what ShutdownGuest and RebootGuest need; inv is held.
func (s *Server) guestCall(vm *simulator.VirtualMachine) types.BaseMethodFault {
	if have := vm.Runtime.PowerState; have != stateOn {
		return wrongState(stateOn, have)
	}
	if fault := s.inProgress(vm.Self); fault != nil {
		return fault
	}
	if vm.Guest == nil ||
		vm.Guest.ToolsRunningStatus != string(types.VirtualMachineToolsRunningStatusGuestToolsRunning) {
		return &types.ToolsUnavailable{}
	}
	return nil
}

// askGuest shuts down the running guest, and does something afterwards. There is
// no task, and a guest that has ended by then (powered off, reset) does nothing.
// VMware Tools are among the first services to end.
func (s *Server) askGuest(c *call, fn func(*simulator.VirtualMachine)) types.BaseMethodFault {
	s.inv.Lock()
	defer s.inv.Unlock()
	vm := s.vm(c.this)
	if fault := s.guestCall(vm); fault != nil {
		return fault
	}
	s.setGuest(vm, guestDown(vm.Config))
	asked := s.guests.get(c.this)
	s.later(s.powerTime(), func() {
		vm := s.vm(c.this)
		if vm != nil && vm.Runtime.PowerState == stateOn && s.guests.get(c.this) == asked {
			fn(vm)
		}
	})
	return nil
}

func (s *Server) shutdownGuest(c *call) (any, types.BaseMethodFault) {
	if fault := s.askGuest(c, func(vm *simulator.VirtualMachine) { _ = s.turnOff(vm) }); fault != nil {
		return nil, fault
	}
	return &types.ShutdownGuestResponse{}, nil
}

func (s *Server) rebootGuest(c *call) (any, types.BaseMethodFault) {
	fault := s.askGuest(c, func(vm *simulator.VirtualMachine) {
		s.stopGuest(vm.Self)
		s.startGuest(vm)
	})
	if fault != nil {
		return nil, fault
	}
	return &types.RebootGuestResponse{}, nil
}

// later runs fn after d with the inventory held.
func (s *Server) later(d time.Duration, fn func()) {
	s.goDo(func() {
		s.pause(d)
		if s.ctx.Err() != nil {
			return
		}
		s.inv.Lock()
		defer s.inv.Unlock()
		fn()
	})
}

// powerOnMulti starts several VMs with a task each; its own task succeeds in any
// case.
func (s *Server) powerOnMulti(c *call) (any, types.BaseMethodFault) {
	req := c.body.(*types.PowerOnMultiVM_Task)
	t := s.newTask(c, c.this, "PowerOnMultiVM_Task", "Datacenter.powerOnVm")
	res := types.ClusterPowerOnVmResult{}
	for _, ref := range req.Vm {
		vm := s.vm(ref)
		if vm == nil {
			res.NotAttempted = append(res.NotAttempted, types.ClusterNotAttemptedVmInfo{
				Vm: ref, Fault: *localized(&types.ManagedObjectNotFound{Obj: ref})})
			continue
		}
		one := *c
		one.this = ref
		taskRef, fault := s.powerTask(&one, "PowerOnVM_Task", "powerOn", s.turnOn)
		if fault != nil {
			res.NotAttempted = append(res.NotAttempted, types.ClusterNotAttemptedVmInfo{
				Vm: ref, Fault: *localized(fault)})
			continue
		}
		res.Attempted = append(res.Attempted, types.ClusterAttemptedVmInfo{Vm: ref, Task: &taskRef})
	}
	s.goDo(func() {
		t.start()
		t.finish(res, nil)
	})
	return &types.PowerOnMultiVM_TaskResponse{Returnval: t.ref}, nil
}
