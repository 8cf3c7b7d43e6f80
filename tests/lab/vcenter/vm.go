// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"crypto/rand"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// A VM's config is never changed in place: a copy is changed and replaces it, so
// that readers and clones may share the old one.

// place is where a VM goes.
type place struct {
	folder types.ManagedObjectReference
	pool   *types.ManagedObjectReference // nil for a template
	host   types.ManagedObjectReference
	ds     types.ManagedObjectReference
}

func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// newMAC is from the range that vCenter generates from.
func (s *Server) newMAC() string {
	n := s.seq.mac.Add(1)
	return fmt.Sprintf("00:50:56:%02x:%02x:%02x", 0x80|n>>16&0x3f, n>>8&0xff, n&0xff)
}

func update(ctx *simulator.Context, obj mo.Reference, changes ...types.PropertyChange) {
	ctx.WithLock(obj, func() { ctx.Update(obj, changes) })
}

// addRef adds a reference to a list of an object, and tells watchers.
func addRef(ctx *simulator.Context, obj mo.Reference, name string,
	list *[]types.ManagedObjectReference, ref types.ManagedObjectReference) {
	ctx.WithLock(obj, func() {
		all := append(*list, ref) // in place: thousands of VMs come one by one
		ctx.Update(obj, []types.PropertyChange{{Name: name, Val: all}})
	})
}

func dropRef(ctx *simulator.Context, obj mo.Reference, name string,
	list *[]types.ManagedObjectReference, ref types.ManagedObjectReference) {
	ctx.WithLock(obj, func() {
		var all []types.ManagedObjectReference
		for _, r := range *list {
			if r != ref {
				all = append(all, r)
			}
		}
		ctx.Update(obj, []types.PropertyChange{{Name: name, Val: all}})
	})
}

// newVM puts a VM into its folder that has only a name, as it is while vCenter
// still clones it.
func (s *Server) newVM(name string, at place) *simulator.VirtualMachine {
	vm := &simulator.VirtualMachine{}
	vm.Self = types.ManagedObjectReference{Type: "VirtualMachine",
		Value: fmt.Sprintf("vm-%d", 1000+s.seq.vm.Add(1))}
	vm.Name = name
	vm.Parent = &at.folder
	vm.Datastore = []types.ManagedObjectReference{at.ds}
	vm.ResourcePool = at.pool
	host := at.host
	vm.Runtime = types.VirtualMachineRuntimeInfo{
		Host:            &host,
		PowerState:      types.VirtualMachinePowerStatePoweredOff,
		ConnectionState: types.VirtualMachineConnectionStateConnected,
	}
	vm.Summary.Vm = &vm.Self
	vm.Summary.Runtime = vm.Runtime
	vm.Summary.Config.Name = name
	vm.Layout = &types.VirtualMachineFileLayout{}
	vm.Storage = &types.VirtualMachineStorageInfo{Timestamp: time.Now()}
	vm.DataSets = map[string]*simulator.DataSet{}
	s.link(vm, at)
	return vm
}

func (s *Server) link(vm *simulator.VirtualMachine, at place) {
	ctx := s.context()
	ctx.Map.Put(vm)
	s.eachHolder(vm, at, func(obj mo.Reference, name string, list *[]types.ManagedObjectReference) {
		addRef(ctx, obj, name, list, vm.Self)
	})
}

// eachHolder visits the lists that contain a VM.
func (s *Server) eachHolder(vm *simulator.VirtualMachine, at place,
	visit func(mo.Reference, string, *[]types.ManagedObjectReference)) {
	m := s.svc.Context.Map
	if h, ok := m.Get(at.host).(*simulator.HostSystem); ok {
		visit(h, "vm", &h.Vm)
	}
	if d, ok := m.Get(at.ds).(*simulator.Datastore); ok {
		visit(d, "vm", &d.Vm)
	}
	if at.pool != nil {
		if p, ok := m.Get(*at.pool).(*simulator.ResourcePool); ok {
			visit(p, "vm", &p.Vm)
		}
	}
	if f, ok := m.Get(at.folder).(*simulator.Folder); ok {
		visit(f, "childEntity", &f.ChildEntity)
	}
}

func placeOf(vm *simulator.VirtualMachine) place {
	at := place{folder: *vm.Parent, pool: vm.ResourcePool, host: *vm.Runtime.Host}
	if len(vm.Datastore) > 0 {
		at.ds = vm.Datastore[0]
	}
	return at
}

// removeVM removes a VM from the inventory.
func (s *Server) removeVM(vm *simulator.VirtualMachine) {
	ctx := s.context()
	s.eachHolder(vm, placeOf(vm), func(obj mo.Reference, name string, list *[]types.ManagedObjectReference) {
		dropRef(ctx, obj, name, list, vm.Self)
	})
	ctx.WithLock(vm, func() { ctx.Map.Remove(ctx, vm.Self) })
}

// install sets a VM's config and everything that follows from it.
func (s *Server) install(vm *simulator.VirtualMachine, cfg *types.VirtualMachineConfigInfo) {
	ctx := s.context()
	now := time.Now()
	cfg.Name = vm.Name
	cfg.Modified = now
	cfg.ChangeVersion = now.UTC().Format("2006-01-02T15:04:05.000000Z")
	sum := vm.Summary
	sum.Config = summaryOf(cfg)
	sum.OverallStatus = types.ManagedEntityStatusGreen
	sum.Guest = &types.VirtualMachineGuestSummary{GuestId: cfg.GuestId,
		ToolsStatus:        types.VirtualMachineToolsStatusToolsNotRunning,
		ToolsRunningStatus: string(types.VirtualMachineToolsRunningStatusGuestToolsNotRunning)}
	if vm.Summary.Guest != nil {
		sum.Guest = vm.Summary.Guest
	}
	sum.Storage = &types.VirtualMachineStorageSummary{Committed: committed(cfg), Timestamp: now}
	changes := []types.PropertyChange{
		{Name: "config", Val: *cfg},
		{Name: "name", Val: cfg.Name},
		{Name: "summary", Val: sum},
		{Name: "network", Val: s.networksOf(cfg)},
		{Name: "layoutEx", Val: layoutOf(cfg, now)},
	}
	if vm.Guest == nil {
		changes = append(changes, types.PropertyChange{Name: "guest", Val: *guestDown(cfg)})
	}
	update(ctx, vm, changes...)
}

func summaryOf(cfg *types.VirtualMachineConfigInfo) types.VirtualMachineConfigSummary {
	disks, nics := int32(0), int32(0)
	for _, d := range cfg.Hardware.Device {
		switch d.(type) {
		case *types.VirtualDisk:
			disks++
		case types.BaseVirtualEthernetCard:
			nics++
		}
	}
	return types.VirtualMachineConfigSummary{
		Name: cfg.Name, Template: cfg.Template, VmPathName: cfg.Files.VmPathName,
		MemorySizeMB: cfg.Hardware.MemoryMB, NumCpu: cfg.Hardware.NumCPU,
		NumEthernetCards: nics, NumVirtualDisks: disks, Uuid: cfg.Uuid,
		InstanceUuid: cfg.InstanceUuid, GuestId: cfg.GuestId, GuestFullName: cfg.GuestFullName,
		Annotation: cfg.Annotation, HwVersion: cfg.Version,
	}
}

func committed(cfg *types.VirtualMachineConfigInfo) int64 {
	sum := int64(0)
	for _, d := range cfg.Hardware.Device {
		if disk, ok := d.(*types.VirtualDisk); ok {
			sum += disk.CapacityInBytes
		}
	}
	return sum
}

func layoutOf(cfg *types.VirtualMachineConfigInfo, now time.Time) types.VirtualMachineFileLayoutEx {
	l := types.VirtualMachineFileLayoutEx{Timestamp: now}
	add := func(name, kind string, size int64) {
		l.File = append(l.File, types.VirtualMachineFileLayoutExFileInfo{
			Key: int32(len(l.File)), Name: name, Type: kind, Size: size})
	}
	add(cfg.Files.VmPathName, "config", 4096)
	for _, d := range cfg.Hardware.Device {
		if disk, ok := d.(*types.VirtualDisk); ok {
			if b, ok := disk.Backing.(*types.VirtualDiskFlatVer2BackingInfo); ok {
				add(b.FileName, "diskDescriptor", 512)
				add(strings.TrimSuffix(b.FileName, ".vmdk")+"-flat.vmdk", "diskExtent", disk.CapacityInBytes)
			}
		}
	}
	return l
}

// dsPath is "[datastore] dir/file".
func (s *Server) dsPath(ds types.ManagedObjectReference, elem ...string) string {
	return fmt.Sprintf("[%s] %s", s.entityName(ds), path.Join(elem...))
}

func (s *Server) entityName(ref types.ManagedObjectReference) string {
	e, ok := s.svc.Context.Map.Get(ref).(mo.Entity)
	if !ok {
		return ref.Value
	}
	switch x := e.(type) {
	case *mo.Network:
		return x.Name
	case *mo.OpaqueNetwork:
		return x.Name
	case *simulator.DistributedVirtualPortgroup:
		return x.Name
	case *simulator.DistributedVirtualSwitch:
		return x.Name
	}
	return e.Entity().Name
}

// pathOf is an object's inventory path.
func (s *Server) pathOf(ref types.ManagedObjectReference) string {
	var parts []string
	for {
		e, ok := s.svc.Context.Map.Get(ref).(mo.Entity)
		if !ok || e.Entity().Parent == nil {
			break
		}
		parts = append([]string{s.entityName(ref)}, parts...)
		ref = *e.Entity().Parent
	}
	return "/" + strings.Join(parts, "/")
}
