// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// network finds the network of a NIC's backing; nil if it does not exist. For a
// standard switch the name decides, whatever the reference.
func (s *Server) network(b types.BaseVirtualDeviceBackingInfo) mo.Reference {
	m := s.svc.Context.Map
	for _, ref := range s.dc.Network {
		net := m.Get(ref)
		switch n := b.(type) {
		case *types.VirtualEthernetCardNetworkBackingInfo:
			if o, ok := net.(*mo.Network); ok && o.Name == n.DeviceName {
				return net
			}
		case *types.VirtualEthernetCardOpaqueNetworkBackingInfo:
			if o, ok := net.(*mo.OpaqueNetwork); ok && isSegment(o, n) {
				return net
			}
		case *types.VirtualEthernetCardDistributedVirtualPortBackingInfo:
			if o, ok := net.(*simulator.DistributedVirtualPortgroup); ok && s.isPortgroup(o, n.Port) {
				return net
			}
		}
	}
	return nil
}

func isSegment(o *mo.OpaqueNetwork, b *types.VirtualEthernetCardOpaqueNetworkBackingInfo) bool {
	sum, ok := o.Summary.(*types.OpaqueNetworkSummary)
	return ok && sum.OpaqueNetworkId == b.OpaqueNetworkId && sum.OpaqueNetworkType == b.OpaqueNetworkType
}

// isPortgroup: the key alone is not enough, the switch must match.
func (s *Server) isPortgroup(pg *simulator.DistributedVirtualPortgroup,
	port types.DistributedVirtualSwitchPortConnection) bool {
	if pg.Key != port.PortgroupKey || pg.Config.DistributedVirtualSwitch == nil {
		return false
	}
	sw, ok := s.svc.Context.Map.Get(*pg.Config.DistributedVirtualSwitch).(*simulator.DistributedVirtualSwitch)
	return ok && sw.Uuid == port.SwitchUuid
}

// checkNetwork rejects a backing of no network, and a port that was copied from
// another VM, which uses it.
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
