// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"sync"

	"github.com/vmware/govmomi/find"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// building: vcsim's models share package variables.
var building sync.Mutex

// build creates the inventory: vcsim's, and what the tests of clones need.
func (s *Server) build() error {
	building.Lock()
	defer building.Unlock()
	m := simulator.VPX()
	m.Datastore = 3
	m.Machine = 0 // its VMs are created by usual()
	if s.opt.Clusters > 0 {
		m.Cluster = s.opt.Clusters
	}
	if s.opt.Hosts > 0 {
		m.ClusterHost = s.opt.Hosts
	}
	if err := m.Create(); err != nil {
		return err
	}
	s.model, s.svc = m, m.Service
	about := &s.svc.Context.Map.Get(vim25.ServiceInstance).(*simulator.ServiceInstance).Content.About
	parts := strings.Split(s.opt.APIVersion+".0.0", ".")
	about.ApiVersion, about.Version, about.Build = s.opt.APIVersion, strings.Join(parts[:3], "."), "24022515"
	about.FullName = "VMware vCenter Server " + about.Version + " build-" + about.Build

	client, err := vim25.NewClient(context.Background(), s.svc)
	if err != nil {
		return err
	}
	b := &builder{s: s, ctx: context.Background(), finder: find.NewFinder(client), client: client}
	for _, step := range []func() error{b.roots, b.networks, b.storage, b.pools, b.machines} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

type builder struct {
	s      *Server
	ctx    context.Context
	client *vim25.Client
	finder *find.Finder
	dc     *simulator.Datacenter
	at     place
}

func (b *builder) roots() error {
	dc, err := b.finder.Datacenter(b.ctx, "DC0")
	if err != nil {
		return err
	}
	b.finder.SetDatacenter(dc)
	m := b.s.svc.Context.Map
	b.dc = m.Get(dc.Reference()).(*simulator.Datacenter)
	b.s.dc = b.dc
	host, err := b.finder.HostSystem(b.ctx, "DC0_C0_H0")
	if err != nil {
		return err
	}
	pool, err := b.finder.ResourcePool(b.ctx, "DC0_C0/Resources")
	if err != nil {
		return err
	}
	ds, err := b.finder.Datastore(b.ctx, "LocalDS_0")
	if err != nil {
		return err
	}
	ref := pool.Reference()
	b.at = place{folder: b.dc.VmFolder, pool: &ref, host: host.Reference(), ds: ds.Reference()}
	return nil
}

func (b *builder) networks() error {
	net, err := b.finder.Network(b.ctx, "DC0_DVPG0")
	if err != nil {
		return err
	}
	m := b.s.svc.Context.Map
	pg := m.Get(net.Reference()).(*simulator.DistributedVirtualPortgroup)
	dvs := object.NewDistributedVirtualSwitch(b.client, *pg.Config.DistributedVirtualSwitch)
	var specs []types.DVPortgroupConfigSpec
	for _, name := range []string{"dvpg-workers", "twin"} {
		specs = append(specs, types.DVPortgroupConfigSpec{Name: name, NumPorts: 8,
			Type: string(types.DistributedVirtualPortgroupPortgroupTypeEarlyBinding)})
	}
	task, err := dvs.AddPortgroup(b.ctx, specs)
	if err != nil {
		return err
	}
	if err := task.Wait(b.ctx); err != nil {
		return err
	}
	for _, name := range []string{"workers", "twin"} {
		n := &mo.Network{Name: name}
		n.Self = types.ManagedObjectReference{Type: "Network",
			Value: fmt.Sprintf("network-%d", 2000+b.s.seq.vm.Add(1))}
		n.Summary = &types.NetworkSummary{Network: &n.Self, Name: name, Accessible: true}
		b.addNetwork(n, n.Self)
	}
	o := &mo.OpaqueNetwork{}
	o.Name = "seg-opaque"
	o.Self = types.ManagedObjectReference{Type: "OpaqueNetwork", Value: "network-o2100"}
	o.Summary = &types.OpaqueNetworkSummary{
		NetworkSummary:    types.NetworkSummary{Network: &o.Self, Name: o.Name, Accessible: true},
		OpaqueNetworkId:   "5f2a1c7e-0d3b-4c55-9a61-7c1b4f0e8d21",
		OpaqueNetworkType: "nsx.LogicalSwitch"}
	b.addNetwork(o, o.Self)
	return nil
}

// addNetwork puts a network into the folder and on all hosts.
func (b *builder) addNetwork(n mo.Entity, ref types.ManagedObjectReference) {
	ctx := b.s.context()
	folder := ctx.Map.Get(b.dc.NetworkFolder).(*simulator.Folder)
	ctx.Map.PutEntity(folder, n)
	addRef(ctx, folder, "childEntity", &folder.ChildEntity, ref)
	addRef(ctx, b.dc, "network", &b.dc.Network, ref)
	for _, e := range ctx.Map.All("HostSystem") {
		if h, ok := e.(*simulator.HostSystem); ok {
			addRef(ctx, h, "network", &h.Network, ref)
		}
	}
	for _, e := range ctx.Map.All("ClusterComputeResource") {
		if c, ok := e.(*simulator.ClusterComputeResource); ok {
			addRef(ctx, c, "network", &c.Network, ref)
		}
	}
	for _, e := range ctx.Map.All("ComputeResource") {
		if c, ok := e.(*mo.ComputeResource); ok {
			addRef(ctx, c, "network", &c.Network, ref)
		}
	}
}

// storage creates a datastore cluster of two of the datastores.
func (b *builder) storage() error {
	folder := object.NewFolder(b.client, b.dc.DatastoreFolder)
	pod, err := folder.CreateStoragePod(b.ctx, "pod0")
	if err != nil {
		return err
	}
	m := b.s.svc.Context.Map
	var refs []types.ManagedObjectReference
	for i := 1; i <= 2; i++ {
		ds, err := b.finder.Datastore(b.ctx, fmt.Sprintf("LocalDS_%d", i))
		if err != nil {
			return err
		}
		refs = append(refs, ds.Reference())
	}
	task, err := pod.MoveInto(b.ctx, refs)
	if err != nil {
		return err
	}
	if err := task.Wait(b.ctx); err != nil {
		return err
	}
	p, ok := m.Get(pod.Reference()).(*simulator.StoragePod)
	if !ok {
		return errors.New("storage pod vanished")
	}
	fillPod(b.s.context(), p)
	if p.PodStorageDrsEntry != nil {
		p.PodStorageDrsEntry.StorageDrsConfig.PodConfig.Enabled = true
	}
	return nil
}

func (b *builder) pools() error {
	root := object.NewResourcePool(b.client, *b.at.pool)
	_, err := root.Create(b.ctx, "pool1", types.DefaultResourceConfigSpec())
	return err
}

func (b *builder) machines() error {
	s := b.s
	flatcar := s.makeVM("flatcar-template", b.template(), b.flatcar(map[string]string{
		"guestinfo.ignition.config.data": "c3RhbGUganVuaw==",
		"guestinfo.hostname":             "stale",
		"svga.present":                   "TRUE",
	}))
	s.makeVM("booted-template", b.template(), b.flatcar(map[string]string{
		"guestinfo.ignition.config.data":          "e30K",
		"guestinfo.ignition.config.data.encoding": "base64",
		"svga.present": "TRUE",
	}))
	vmFolder := object.NewFolder(b.client, b.dc.VmFolder)
	for _, name := range []string{"prod", "dev"} {
		f, err := vmFolder.CreateFolder(b.ctx, name)
		if err != nil {
			return err
		}
		at := b.at
		at.folder = f.Reference()
		s.makeVM("twin-vm", at, plain(flatcar.Config))
	}
	if err := b.usual(flatcar.Config); err != nil {
		return err
	}
	snap := s.makeVM("snap-vm", b.at, plain(flatcar.Config))
	s.snapshot(snap, "clean", "for linked clones")
	base := plain(flatcar.Config)
	for i := 0; i < s.opt.VMs; i++ {
		s.makeVM(fmt.Sprintf("vm-%05d", i), b.at, base)
	}
	return nil
}

// usual creates the running VMs that vcsim's inventory has: two on each
// standalone host and two in each cluster.
func (b *builder) usual(like *types.VirtualMachineConfigInfo) error {
	cfg := plain(like)
	cfg.Hardware.NumCPU, cfg.Hardware.MemoryMB = 1, 32
	cfg.GuestId, cfg.GuestFullName = string(types.VirtualMachineGuestOsIdentifierOtherGuest), "Other (32-bit)"
	net, err := b.finder.Network(b.ctx, "DC0_DVPG0")
	if err != nil {
		return err
	}
	backing, err := net.EthernetCardBackingInfo(b.ctx)
	if err != nil {
		return err
	}
	cfg.Hardware.Device[len(cfg.Hardware.Device)-1].GetVirtualDevice().Backing = backing
	pools, err := b.finder.ResourcePoolList(b.ctx, "*/Resources")
	if err != nil {
		return err
	}
	for _, p := range pools {
		pool := p.Reference()
		owner := path.Base(path.Dir(p.InventoryPath))
		if strings.Contains(owner, "_C") {
			owner += "_RP0"
		}
		at := b.at
		at.pool, at.host = &pool, b.s.poolHosts(pool)[0]
		for i := 0; i < 2; i++ {
			b.s.setPower(b.s.makeVM(fmt.Sprintf("%s_VM%d", owner, i), at, cfg), stateOn)
		}
	}
	return nil
}

func (b *builder) template() place {
	at := b.at
	at.pool = nil
	return at
}

// plain returns a template's config as that of an ordinary VM.
func plain(cfg *types.VirtualMachineConfigInfo) *types.VirtualMachineConfigInfo {
	c := deepCopy(cfg)
	c.Template = false
	c.ExtraConfig = setExtra(nil, "svga.present", "TRUE")
	return c
}

// makeVM creates a VM from a config at once; it shares the config's devices
// except disks and NICs, of which each VM has its own.
func (s *Server) makeVM(name string, at place, from *types.VirtualMachineConfigInfo) *simulator.VirtualMachine {
	cfg := *from
	cfg.Name = name
	cfg.Uuid, cfg.InstanceUuid = newUUID(), newUUID()
	cfg.Files.VmPathName = s.dsPath(at.ds, name, name+".vmx")
	dir := s.dsPath(at.ds, name)
	cfg.Files.SnapshotDirectory, cfg.Files.SuspendDirectory, cfg.Files.LogDirectory = dir, dir, dir
	cfg.Hardware.Device = append([]types.BaseVirtualDevice(nil), from.Hardware.Device...)
	for i, dev := range cfg.Hardware.Device {
		switch d := dev.(type) {
		case *types.VirtualDisk:
			disk := *d
			back := *d.Backing.(*types.VirtualDiskFlatVer2BackingInfo)
			ds := at.ds
			back.Datastore, back.Uuid = &ds, newUUID()
			back.FileName = s.dsPath(at.ds, name, name+".vmdk")
			disk.Backing = &back
			cfg.Hardware.Device[i] = &disk
		case *types.VirtualVmxnet3:
			nic := *d
			nic.MacAddress = s.newMAC()
			cfg.Hardware.Device[i] = &nic
		}
	}
	vm := s.newVM(name, at)
	s.install(vm, &cfg)
	return vm
}
