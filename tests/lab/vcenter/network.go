package vcenter

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// network finds what a NIC's backing means; nil when there is no such
// thing. For a standard switch the name decides, whatever its reference.
func (s *Server) network(b types.BaseVirtualDeviceBackingInfo) mo.Reference {
	m := s.svc.Context.Map
	switch n := b.(type) {
	case *types.VirtualEthernetCardNetworkBackingInfo:
		for _, o := range m.AllReference("Network") {
			if net, ok := o.(*mo.Network); ok && net.Name == n.DeviceName {
				return net
			}
		}
	case *types.VirtualEthernetCardOpaqueNetworkBackingInfo:
		for _, o := range m.AllReference("OpaqueNetwork") {
			net, ok := o.(*mo.OpaqueNetwork)
			if !ok {
				continue
			}
			sum, ok := net.Summary.(*types.OpaqueNetworkSummary)
			if ok && sum.OpaqueNetworkId == n.OpaqueNetworkId && sum.OpaqueNetworkType == n.OpaqueNetworkType {
				return net
			}
		}
	case *types.VirtualEthernetCardDistributedVirtualPortBackingInfo:
		return s.portgroup(n.Port)
	}
	return nil
}

func (s *Server) portgroup(port types.DistributedVirtualSwitchPortConnection) mo.Reference {
	m := s.svc.Context.Map
	for _, o := range m.AllReference("DistributedVirtualPortgroup") {
		pg, ok := o.(*simulator.DistributedVirtualPortgroup)
		if !ok || pg.Key != port.PortgroupKey || pg.Config.DistributedVirtualSwitch == nil {
			continue
		}
		sw, ok := m.Get(*pg.Config.DistributedVirtualSwitch).(*simulator.DistributedVirtualSwitch)
		if ok && sw.Uuid == port.SwitchUuid {
			return pg
		}
	}
	return nil
}

// checkNetwork refuses a backing that leads nowhere, and a port that was
// copied from another VM, which is in use there.
func (s *Server) checkNetwork(i int, b types.BaseVirtualDeviceBackingInfo) types.BaseMethodFault {
	if s.network(b) == nil {
		return badBacking(i)
	}
	if d, ok := b.(*types.VirtualEthernetCardDistributedVirtualPortBackingInfo); ok && d.Port.PortKey != "" {
		return badBacking(i)
	}
	return nil
}

// networksOf lists the networks of a VM's NICs, each once.
func (s *Server) networksOf(cfg *types.VirtualMachineConfigInfo) []types.ManagedObjectReference {
	var refs []types.ManagedObjectReference
	seen := map[types.ManagedObjectReference]bool{}
	for _, d := range cfg.Hardware.Device {
		if _, ok := d.(types.BaseVirtualEthernetCard); !ok {
			continue
		}
		net := s.network(d.GetVirtualDevice().Backing)
		if net != nil && !seen[net.Reference()] {
			seen[net.Reference()] = true
			refs = append(refs, net.Reference())
		}
	}
	return refs
}
