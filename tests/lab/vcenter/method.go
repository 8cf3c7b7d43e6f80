// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"bytes"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// method finds our own implementation of a call; nil leaves it to vcsim.
func (s *Server) method(c *call) method {
	switch c.this.Type {
	case "SessionManager":
		return map[string]method{"Login": s.login, "Logout": s.logout}[c.name]
	case "Task":
		if c.name == "CancelTask" && s.tasks.get(c.this.Value) != nil {
			return s.cancelTask
		}
	case "SearchIndex":
		return map[string]method{"FindByUuid": s.findByUUID, "FindAllByUuid": s.findAllByUUID}[c.name]
	case "Datacenter":
		return map[string]method{"PowerOnMultiVM_Task": s.powerOnMulti}[c.name]
	case "StorageResourceManager":
		return map[string]method{"RecommendDatastores": s.recommendDatastores}[c.name]
	case "PropertyCollector", "PropertyFilter":
		return s.collectorMethod(c)
	case "ViewManager", "ListView", "ContainerView":
		return map[string]method{"CreateListView": s.createListView, "ModifyListView": s.modifyListView,
			"ResetListView": s.resetListView, "CreateContainerView": s.createContainerView,
			"DestroyView": s.destroyView}[c.name]
	case "VirtualMachineSnapshot":
		return map[string]method{"RemoveSnapshot_Task": s.removeSnapshot}[c.name]
	case "VirtualMachine":
		return s.vmMethod(c)
	}
	return nil
}

func (s *Server) collectorMethod(c *call) method {
	return map[string]method{
		"RetrievePropertiesEx":         s.retrievePropertiesEx,
		"RetrieveProperties":           s.retrieveProperties,
		"ContinueRetrievePropertiesEx": s.continueRetrieve,
		"CancelRetrievePropertiesEx":   s.cancelRetrieve,
		"CreatePropertyCollector":      s.createCollector,
		"DestroyPropertyCollector":     s.destroyCollector,
		"CreateFilter":                 s.createFilter,
		"DestroyPropertyFilter":        s.destroyFilter,
		"WaitForUpdatesEx":             s.waitForUpdates,
		"CancelWaitForUpdates":         s.cancelWait,
	}[c.name]
}

func (s *Server) vmMethod(c *call) method {
	m := map[string]method{
		"CloneVM_Task":            s.cloneVM,
		"ReconfigVM_Task":         s.reconfigVM,
		"Rename_Task":             s.renameVM,
		"PowerOnVM_Task":          s.powerOnVM,
		"PowerOffVM_Task":         s.powerOffVM,
		"SuspendVM_Task":          s.suspendVM,
		"ResetVM_Task":            s.resetVM,
		"ShutdownGuest":           s.shutdownGuest,
		"RebootGuest":             s.rebootGuest,
		"MarkAsTemplate":          s.markAsTemplate,
		"MarkAsVirtualMachine":    s.markAsVM,
		"Destroy_Task":            s.destroyVM,
		"UnregisterVM":            s.unregisterVM,
		"CreateSnapshot_Task":     s.createSnapshot,
		"RemoveAllSnapshots_Task": s.removeAllSnapshots,
	}[c.name]
	return func(c *call) (any, types.BaseMethodFault) {
		if s.vm(c.this) == nil {
			return nil, &types.ManagedObjectNotFound{Obj: c.this}
		}
		if m == nil { // vcsim's fails on VMs that it did not create
			return nil, &types.NotImplemented{}
		}
		return m(c)
	}
}

func (s *Server) vm(ref types.ManagedObjectReference) *simulator.VirtualMachine {
	vm, _ := s.svc.Context.Map.Get(ref).(*simulator.VirtualMachine)
	return vm
}

func (s *Server) allVMs() []*simulator.VirtualMachine {
	var out []*simulator.VirtualMachine
	for _, e := range s.svc.Context.Map.All("VirtualMachine") {
		if vm, ok := e.(*simulator.VirtualMachine); ok {
			out = append(out, vm)
		}
	}
	return out
}

// matchUUID compares VMs that are complete: one that is being cloned has no
// config yet.
func (s *Server) matchUUID(uuid string, instance bool) []types.ManagedObjectReference {
	s.inv.Lock()
	defer s.inv.Unlock()
	var refs []types.ManagedObjectReference
	for _, vm := range s.allVMs() {
		if vm.Config == nil {
			continue
		}
		if instance && vm.Config.InstanceUuid == uuid || !instance && vm.Config.Uuid == uuid {
			refs = append(refs, vm.Self)
		}
	}
	return refs
}

func (s *Server) findByUUID(c *call) (any, types.BaseMethodFault) {
	req := c.body.(*types.FindByUuid)
	res := &types.FindByUuidResponse{}
	if refs := s.matchUUID(req.Uuid, req.InstanceUuid != nil && *req.InstanceUuid); len(refs) > 0 && req.VmSearch {
		res.Returnval = &refs[0]
	}
	return res, nil
}

func (s *Server) findAllByUUID(c *call) (any, types.BaseMethodFault) {
	req := c.body.(*types.FindAllByUuid)
	res := &types.FindAllByUuidResponse{}
	if req.VmSearch {
		res.Returnval = s.matchUUID(req.Uuid, req.InstanceUuid != nil && *req.InstanceUuid)
	}
	return res, nil
}

// deepCopy copies a data object with everything below it.
func deepCopy[T any](src *T) *T {
	var b bytes.Buffer
	if err := types.NewJSONEncoder(&b).Encode(src); err != nil {
		panic(err)
	}
	dst := new(T)
	if err := types.NewJSONDecoder(&b).Decode(dst); err != nil {
		panic(err)
	}
	return dst
}
