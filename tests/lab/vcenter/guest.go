// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"context"
	"hash/fnv"
	"net"
	"sync"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// Machine is what a guest sees of its VM, and how it reports to it.
type Machine struct {
	Name        string
	UUID        string
	ExtraConfig func() map[string]string
	SetExtra    func(key, value string)
	SetTools    func(running bool)
	SetNet      func(primary, hostname string) // primary "": not yet
}

// guest is a running guest.
type guest struct {
	stop   context.CancelFunc
	shadow map[string]*string // what the VMX file still has under keys that the guest wrote
	saved  *types.GuestInfo   // while suspended
}

type guestTable struct {
	mu   sync.Mutex
	live map[string]*guest
}

func (gt *guestTable) get(ref types.ManagedObjectReference) *guest {
	gt.mu.Lock()
	defer gt.mu.Unlock()
	return gt.live[ref.Value]
}

// written: a reconfigure also writes the VMX file, so there is nothing to return
// to at power-off.
func (gt *guestTable) written(ref types.ManagedObjectReference, keys []string) {
	gt.mu.Lock()
	defer gt.mu.Unlock()
	if g := gt.live[ref.Value]; g != nil {
		for _, key := range keys {
			delete(g.shadow, key)
		}
	}
}

// startGuest boots; inv is held.
func (s *Server) startGuest(vm *simulator.VirtualMachine) {
	ctx, stop := context.WithCancel(s.ctx)
	g := &guest{stop: stop, shadow: map[string]*string{}}
	s.guests.mu.Lock()
	s.guests.live[vm.Self.Value] = g
	s.guests.mu.Unlock()
	s.setGuest(vm, guestDown(vm.Config))
	if s.opt.Boot == nil {
		return
	}
	ref, name, uuid := vm.Self, vm.Name, vm.Config.Uuid
	s.goDo(func() {
		s.opt.Boot(ctx, Machine{
			Name: name, UUID: uuid,
			ExtraConfig: func() map[string]string { return s.extraOf(ref) },
			SetExtra:    func(key, value string) { s.guestWrites(ctx, ref, g, key, value) },
			SetTools:    func(running bool) { s.guestTools(ctx, ref, running) },
			SetNet:      func(ip, host string) { s.guestNet(ctx, ref, ip, host) },
		})
	})
}

// stopGuest ends a guest; what it wrote itself is lost, as with the VMX process;
// inv is held.
func (s *Server) stopGuest(ref types.ManagedObjectReference) {
	s.guests.mu.Lock()
	g := s.guests.live[ref.Value]
	delete(s.guests.live, ref.Value)
	s.guests.mu.Unlock()
	vm := s.vm(ref)
	if g == nil || vm == nil || vm.Config == nil {
		return
	}
	g.stop()
	if len(g.shadow) > 0 {
		cfg := deepCopy(vm.Config)
		for key, old := range g.shadow {
			value := ""
			if old != nil {
				value = *old
			}
			cfg.ExtraConfig = setExtra(cfg.ExtraConfig, key, value)
		}
		s.install(vm, cfg)
	}
	s.setGuest(vm, guestDown(vm.Config))
}

func (s *Server) stopGuests() {
	s.guests.mu.Lock()
	defer s.guests.mu.Unlock()
	for _, g := range s.guests.live {
		g.stop()
	}
}

func (s *Server) suspendGuest(vm *simulator.VirtualMachine) {
	if g := s.guests.get(vm.Self); g != nil && vm.Guest != nil {
		g.saved = vm.Guest
		s.setGuest(vm, guestDown(vm.Config))
	}
}

func (s *Server) resumeGuest(vm *simulator.VirtualMachine) {
	if g := s.guests.get(vm.Self); g != nil && g.saved != nil {
		s.setGuest(vm, g.saved)
		g.saved = nil
	}
}

func (s *Server) extraOf(ref types.ManagedObjectReference) map[string]string {
	s.inv.Lock()
	defer s.inv.Unlock()
	if vm := s.vm(ref); vm != nil {
		return extraMap(vm.Config)
	}
	return map[string]string{}
}

// guestWrites is vmtoolsd's info-set: guestinfo only, visible in the VM's
// extraConfig until power-off.
func (s *Server) guestWrites(ctx context.Context, ref types.ManagedObjectReference, g *guest, key, value string) {
	s.inv.Lock()
	defer s.inv.Unlock()
	vm := s.vm(ref)
	if vm == nil || ctx.Err() != nil {
		return
	}
	if _, seen := g.shadow[key]; !seen {
		if old, ok := extraMap(vm.Config)[key]; ok {
			g.shadow[key] = &old
		} else {
			g.shadow[key] = nil
		}
	}
	cfg := deepCopy(vm.Config)
	cfg.ExtraConfig = setExtra(cfg.ExtraConfig, key, value)
	s.install(vm, cfg)
}

func guestDown(cfg *types.VirtualMachineConfigInfo) *types.GuestInfo {
	no := false
	return &types.GuestInfo{
		ToolsStatus:                     types.VirtualMachineToolsStatusToolsNotRunning,
		ToolsVersionStatus:              string(types.VirtualMachineToolsVersionStatusGuestToolsUnmanaged),
		ToolsVersionStatus2:             string(types.VirtualMachineToolsVersionStatusGuestToolsUnmanaged),
		ToolsRunningStatus:              string(types.VirtualMachineToolsRunningStatusGuestToolsNotRunning),
		GuestState:                      string(types.VirtualMachineGuestStateNotRunning),
		GuestOperationsReady:            &no,
		InteractiveGuestOperationsReady: &no,
		GuestStateChangeSupported:       &no,
		GuestId:                         cfg.GuestId,
	}
}

// setGuest publishes guest information; inv is held.
func (s *Server) setGuest(vm *simulator.VirtualMachine, g *types.GuestInfo) {
	sum := types.VirtualMachineGuestSummary{GuestId: g.GuestId, GuestFullName: g.GuestFullName,
		ToolsStatus: g.ToolsStatus, ToolsRunningStatus: g.ToolsRunningStatus,
		ToolsVersionStatus: g.ToolsVersionStatus, ToolsVersionStatus2: g.ToolsVersionStatus2,
		HostName: g.HostName, IpAddress: g.IpAddress}
	update(s.context(), vm, types.PropertyChange{Name: "guest", Val: *g},
		types.PropertyChange{Name: "summary.guest", Val: sum})
}

func (s *Server) guestTools(ctx context.Context, ref types.ManagedObjectReference, running bool) {
	s.inv.Lock()
	defer s.inv.Unlock()
	vm := s.vm(ref)
	if vm == nil || vm.Guest == nil || ctx.Err() != nil {
		return
	}
	if !running {
		s.setGuest(vm, guestDown(vm.Config))
		return
	}
	g := *vm.Guest
	yes := true
	g.ToolsStatus = types.VirtualMachineToolsStatusToolsOk
	g.ToolsRunningStatus = string(types.VirtualMachineToolsRunningStatusGuestToolsRunning)
	g.GuestState = string(types.VirtualMachineGuestStateRunning)
	g.ToolsVersion = "12421"
	g.GuestFamily = string(types.VirtualMachineGuestOsFamilyLinuxGuest)
	g.GuestOperationsReady, g.GuestStateChangeSupported = &yes, &yes
	s.setGuest(vm, &g)
}

// guestNet publishes addresses as VMware Tools do: the relevant one among
// others.
func (s *Server) guestNet(ctx context.Context, ref types.ManagedObjectReference, primary, hostname string) {
	s.inv.Lock()
	defer s.inv.Unlock()
	vm := s.vm(ref)
	if vm == nil || vm.Guest == nil || ctx.Err() != nil {
		return
	}
	g := *vm.Guest
	g.HostName, g.IpAddress = hostname, ""
	g.Net = s.nics(vm, primary)
	if primary != "" {
		g.IpAddress = primary
	} else if len(g.Net) > 0 {
		g.IpAddress = "169.254.11.7"
	}
	s.setGuest(vm, &g)
}

// nics lists the container bridges and each NIC; the MAC is written as the guest
// writes it, not as vCenter does.
func (s *Server) nics(vm *simulator.VirtualMachine, primary string) []types.GuestNicInfo {
	list := []types.GuestNicInfo{
		{MacAddress: "02:42:ac:11:00:01", Connected: true, DeviceConfigId: -1,
			IpAddress: []string{"172.17.0.1"}, IpConfig: ipConfig("172.17.0.1/16")},
	}
	if primary != "" {
		list = append(list, types.GuestNicInfo{MacAddress: "6a:0f:11:22:33:44", Connected: true,
			DeviceConfigId: -1, IpAddress: []string{"10.42.1.1", "fe80::680f:11ff:fe22:3344"},
			IpConfig: ipConfig("10.42.1.1/24", "fe80::680f:11ff:fe22:3344/64")})
	}
	first := true
	for _, d := range vm.Config.Hardware.Device {
		card, ok := d.(types.BaseVirtualEthernetCard)
		if !ok {
			continue
		}
		nic := card.GetVirtualEthernetCard()
		ll := linkLocal(nic.MacAddress)
		addrs := []string{ll + "/64"}
		if first && primary != "" {
			addrs = append(addrs, primary+"/24")
		} else if first {
			addrs = append(addrs, "169.254.11.7/16")
		}
		first = false
		list = append(list, types.GuestNicInfo{Network: s.networkName(nic.Backing),
			MacAddress: nic.MacAddress, Connected: true, DeviceConfigId: nic.Key,
			IpAddress: bare(addrs), IpConfig: ipConfig(addrs...)})
	}
	return list
}

func bare(cidrs []string) []string {
	var out []string
	for _, c := range cidrs {
		if ip, _, err := net.ParseCIDR(c); err == nil {
			out = append(out, ip.String())
		}
	}
	return out
}

func ipConfig(cidrs ...string) *types.NetIpConfigInfo {
	info := &types.NetIpConfigInfo{}
	for _, c := range cidrs {
		ip, n, err := net.ParseCIDR(c)
		if err != nil {
			continue
		}
		ones, _ := n.Mask.Size()
		info.IpAddress = append(info.IpAddress, types.NetIpConfigInfoIpAddress{
			IpAddress: ip.String(), PrefixLength: int32(ones), State: "preferred"})
	}
	return info
}

// linkLocal is the EUI-64 address of a MAC.
func linkLocal(mac string) string {
	m, err := net.ParseMAC(mac)
	if err != nil || len(m) != 6 {
		h := fnv.New32a()
		_, _ = h.Write([]byte(mac))
		m = append(net.HardwareAddr{0x02, 0}, h.Sum(nil)...)
	}
	ip := net.IP{0xfe, 0x80, 0, 0, 0, 0, 0, 0, m[0] ^ 2, m[1], m[2], 0xff, 0xfe, m[3], m[4], m[5]}
	return ip.String()
}

func (s *Server) networkName(b types.BaseVirtualDeviceBackingInfo) string {
	if n := s.network(b); n != nil {
		return s.entityName(n.Reference())
	}
	return ""
}
