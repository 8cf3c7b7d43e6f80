// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"fmt"
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

func indexed(list string, i int, field string) string {
	return fmt.Sprintf("%s[%d].%s", list, i, field)
}

// child finds an entry of a folder by name.
func (s *Server) child(folder types.ManagedObjectReference, name string) *types.ManagedObjectReference {
	f, ok := s.svc.Context.Map.Get(folder).(*simulator.Folder)
	if !ok {
		return nil
	}
	for _, ref := range f.ChildEntity {
		if s.entityName(ref) == name {
			return &ref
		}
	}
	return nil
}

// poolHosts returns the hosts that a pool's VMs run on.
func (s *Server) poolHosts(pool types.ManagedObjectReference) []types.ManagedObjectReference {
	m := s.svc.Context.Map
	for {
		e, ok := m.Get(pool).(mo.Entity)
		if !ok || e.Entity().Parent == nil {
			return nil
		}
		switch p := m.Get(*e.Entity().Parent).(type) {
		case *simulator.ClusterComputeResource:
			return p.Host
		case *mo.ComputeResource:
			return p.Host
		case *simulator.ResourcePool:
			pool = p.Self
		default:
			return nil
		}
	}
}

func diskByKey(cfg *types.VirtualMachineConfigInfo, key int32) *types.VirtualDisk {
	for _, d := range cfg.Hardware.Device {
		if disk, ok := d.(*types.VirtualDisk); ok && disk.Key == key {
			return disk
		}
	}
	return nil
}

func hasSnapshot(vm *simulator.VirtualMachine, ref types.ManagedObjectReference) bool {
	if vm.Snapshot == nil {
		return false
	}
	var in func([]types.VirtualMachineSnapshotTree) bool
	in = func(tree []types.VirtualMachineSnapshotTree) bool {
		for _, t := range tree {
			if t.Snapshot == ref || in(t.ChildSnapshotList) {
				return true
			}
		}
		return false
	}
	return in(vm.Snapshot.RootSnapshotList)
}

// complete builds the clone's config from the source's and the spec, all of it
// or nothing: a spec that cannot be applied fails the clone; inv is held.
func (j *cloneJob) complete(*task) (any, types.BaseMethodFault) {
	s := j.s
	if s.vm(j.vm.Self) == nil {
		return nil, &types.ManagedObjectNotFound{Obj: j.vm.Self}
	}
	cfg := deepCopy(j.baseConfig())
	cfg.Name = j.vm.Name
	cfg.Uuid, cfg.InstanceUuid = newUUID(), newUUID()
	cfg.Template = j.req.Spec.Template
	cfg.Files = types.VirtualMachineFileInfo{
		VmPathName: s.dsPath(j.at.ds, cfg.Name, cfg.Name+".vmx")}
	dir := s.dsPath(j.at.ds, cfg.Name)
	cfg.Files.SnapshotDirectory, cfg.Files.SuspendDirectory, cfg.Files.LogDirectory = dir, dir, dir
	j.copyDevices(cfg)
	run := &specRun{s: s, cfg: cfg, ds: j.at.ds}
	if fault := run.devices(nicBackings(j.req.Spec.Location.DeviceChange)); fault != nil {
		return nil, fault
	}
	if spec := j.req.Spec.Config; spec != nil {
		if fault := run.apply(spec); fault != nil {
			return nil, fault
		}
	}
	if !s.keepsInstanceUUID() {
		cfg.InstanceUuid = newUUID()
	}
	s.install(j.vm, cfg)
	return nil, nil
}

// nicBackings reads location.deviceChange, of which only this counts: "all other
// specification are ignored" (RelocateSpec).
func nicBackings(list []types.BaseVirtualDeviceConfigSpec) []types.BaseVirtualDeviceConfigSpec {
	var out []types.BaseVirtualDeviceConfigSpec
	for _, b := range list {
		ch := b.GetVirtualDeviceConfigSpec()
		_, nic := ch.Device.(types.BaseVirtualEthernetCard)
		if nic && ch.Operation == types.VirtualDeviceConfigSpecOperationEdit {
			out = append(out, ch)
		}
	}
	return out
}

// copyDevices gives the clone's disks their own files and its NICs their own
// addresses.
func (j *cloneJob) copyDevices(cfg *types.VirtualMachineConfigInfo) {
	n := 0
	for _, dev := range cfg.Hardware.Device {
		switch d := dev.(type) {
		case *types.VirtualDisk:
			j.copyDisk(cfg, d, n)
			n++
		case types.BaseVirtualEthernetCard:
			nic := d.GetVirtualEthernetCard()
			if !strings.EqualFold(nic.AddressType, string(types.VirtualEthernetCardMacTypeManual)) {
				nic.MacAddress = j.s.newMAC()
			}
			if nic.Connectable != nil {
				nic.Connectable.Connected = false
			}
			if b, ok := nic.Backing.(*types.VirtualEthernetCardDistributedVirtualPortBackingInfo); ok {
				b.Port.PortKey, b.Port.ConnectionCookie = "", 0
			}
		}
	}
}

func (j *cloneJob) copyDisk(cfg *types.VirtualMachineConfigInfo, d *types.VirtualDisk, n int) {
	old, ok := d.Backing.(*types.VirtualDiskFlatVer2BackingInfo)
	if !ok {
		return
	}
	ds := j.at.ds
	thin, eager := old.ThinProvisioned, old.EagerlyScrub
	for _, l := range j.req.Spec.Location.Disk {
		if l.DiskId != d.Key {
			continue
		}
		ds = l.Datastore
		if b, ok := l.DiskBackingInfo.(*types.VirtualDiskFlatVer2BackingInfo); ok {
			thin, eager = b.ThinProvisioned, b.EagerlyScrub
		}
	}
	file := cfg.Name
	if n > 0 {
		file = fmt.Sprintf("%s_%d", file, n)
	}
	b := *old
	b.Parent = nil
	b.FileName = j.s.dsPath(ds, cfg.Name, file+".vmdk")
	b.Datastore = &ds
	b.Uuid = newUUID()
	b.ThinProvisioned, b.EagerlyScrub = thin, eager
	if j.wantsChild() {
		parent := *old
		b.Parent = &parent
	}
	d.Backing = &b
}

// isLinked is true if any disk has a parent.
func isLinked(cfg *types.VirtualMachineConfigInfo) bool {
	for _, d := range cfg.Hardware.Device {
		if b, ok := d.GetVirtualDevice().Backing.(*types.VirtualDiskFlatVer2BackingInfo); ok && b.Parent != nil {
			return true
		}
	}
	return false
}
