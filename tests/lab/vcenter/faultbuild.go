// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"reflect"

	"github.com/vmware/govmomi/vim25/types"
)

// buildFault returns the fault of a name, with its usual fields, or nil if there
// is no such fault type.
func buildFault(name, msg string, obj types.ManagedObjectReference) types.BaseMethodFault {
	switch name {
	case "NoPermission":
		return noPermission(obj, "VirtualMachine.Config.AdvancedConfig")
	case "NotAuthenticated":
		return notAuthenticated(obj)
	case "DuplicateName":
		return &types.DuplicateName{Name: "taken", Object: obj}
	case "ManagedObjectNotFound":
		return &types.ManagedObjectNotFound{Obj: obj}
	case "InvalidPowerState":
		return &types.InvalidPowerState{
			RequestedState: types.VirtualMachinePowerStatePoweredOff,
			ExistingState:  types.VirtualMachinePowerStatePoweredOn}
	case "InvalidArgument":
		return &types.InvalidArgument{InvalidProperty: "spec"}
	case "NoDiskSpace":
		return &types.NoDiskSpace{FileFault: types.FileFault{File: "[LocalDS_0] x/x.vmdk"},
			Datastore: "LocalDS_0"}
	case "InsufficientMemoryResourcesFault":
		return &types.InsufficientMemoryResourcesFault{Unreserved: 1 << 30, Requested: 8 << 30}
	case "InsufficientCpuResourcesFault":
		return &types.InsufficientCpuResourcesFault{Unreserved: 1000, Requested: 8000}
	case "MethodDisabled":
		return &types.MethodDisabled{Source: "com.example.backup"}
	case "GenericVmConfigFault":
		return &types.GenericVmConfigFault{Reason: msg}
	case "InvalidName":
		return &types.InvalidName{Name: msg, Entity: &obj}
	}
	t, ok := typeByName(name)
	if !ok {
		return nil
	}
	f, ok := reflect.New(t).Interface().(types.BaseMethodFault)
	if !ok {
		return nil
	}
	if msg != "" {
		f.GetMethodFault().FaultMessage = []types.LocalizableMessage{
			{Key: "lab.injected", Message: msg}}
	}
	return f
}

// foreignTask is someone else's task on the object of a call, which can be
// waited for and ends soon.
func (s *Server) foreignTask(c *call) types.ManagedObjectReference {
	other := *c
	other.rule = nil
	t := s.newTask(&other, c.this, "ReconfigVM_Task", "VirtualMachine.reconfigure")
	s.goDo(func() {
		t.start()
		s.pause(5 * reconfigTime)
		t.finish(nil, nil)
	})
	return t.ref
}

// thisOf is the object of a call that has not been checked yet.
func (c *call) thisOf() types.ManagedObjectReference {
	root, err := parseTree(c.raw)
	if err != nil {
		return c.this
	}
	b := root.child("Body")
	if b == nil || len(b.kids) == 0 {
		return c.this
	}
	if this := b.kids[0].child("_this"); this != nil {
		typ, _ := this.plain("type")
		c.this = types.ManagedObjectReference{Type: typ, Value: this.text.String()}
	}
	return c.this
}

// missingNotAuth is a session's end as it can arrive with HTTP 200: the
// properties are missing because of NotAuthenticated.
func missingNotAuth(c *call) *answer {
	root, err := parseTree(c.raw)
	if err != nil {
		return nil
	}
	var objects []types.ObjectContent
	for _, set := range root.child("Body").kids[0].kids {
		var paths []string
		for _, k := range set.kids {
			if k.name.Local != "propSet" {
				continue
			}
			for _, p := range k.kids {
				if p.name.Local == "pathSet" {
					paths = append(paths, p.text.String())
				}
			}
		}
		for _, k := range set.kids {
			obj := k.child("obj")
			if k.name.Local != "objectSet" || obj == nil {
				continue
			}
			typ, _ := obj.plain("type")
			oc := types.ObjectContent{Obj: types.ManagedObjectReference{
				Type: typ, Value: obj.text.String()}}
			for _, p := range paths {
				oc.MissingSet = append(oc.MissingSet, types.MissingProperty{
					Path: p, Fault: *localized(notAuthenticated(oc.Obj))})
			}
			objects = append(objects, oc)
		}
	}
	a, err := success(c.name, &types.RetrievePropertiesExResponse{
		Returnval: &types.RetrieveResult{Objects: objects}})
	if err != nil {
		return nil
	}
	return a
}
