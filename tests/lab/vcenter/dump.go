// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"sort"
	"strconv"
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// lookup finds a VM by inventory path, moref or name; inv is held.
func (s *Server) lookup(name string) (*simulator.VirtualMachine, error) {
	var found []*simulator.VirtualMachine
	for _, vm := range s.allVMs() {
		if name == vm.Name || name == vm.Self.Value || name == vm.Self.String() ||
			strings.HasPrefix(name, "/") && name == s.pathOf(vm.Self) {
			found = append(found, vm)
		}
	}
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("no VM '%s'", name)
	case 1:
		return found[0], nil
	}
	return nil, fmt.Errorf("%d VMs '%s': use a path", len(found), name)
}

// VMs lists all VMs: path, moref and power state.
func (s *Server) VMs(w io.Writer) {
	s.inv.Lock()
	defer s.inv.Unlock()
	var lines []string
	for _, vm := range s.allVMs() {
		state := string(vm.Runtime.PowerState)
		if vm.Config == nil {
			state = "incomplete"
		} else if vm.Config.Template {
			state = "template"
		}
		lines = append(lines, fmt.Sprintf("%s\t%s\t%s\n", s.pathOf(vm.Self), vm.Self.Value, state))
	}
	sort.Strings(lines)
	fmt.Fprint(w, strings.Join(lines, ""))
}

// VM writes what the lab itself knows about a VM, as key=value lines.
func (s *Server) VM(w io.Writer, name string) error {
	s.inv.Lock()
	defer s.inv.Unlock()
	vm, err := s.lookup(name)
	if err != nil {
		return err
	}
	p := func(key string, value any) { fmt.Fprintf(w, "%s=%v\n", key, value) }
	p("name", vm.Name)
	p("ref", vm.Self.Value)
	p("path", s.pathOf(vm.Self))
	p("folder", s.pathOf(*vm.Parent))
	p("power", vm.Runtime.PowerState)
	p("host", s.pathOf(*vm.Runtime.Host))
	if vm.ResourcePool != nil {
		p("pool", s.pathOf(*vm.ResourcePool))
	}
	if len(vm.Datastore) > 0 {
		p("datastore", s.entityName(vm.Datastore[0]))
	}
	if vm.Config == nil {
		p("complete", false)
		return nil
	}
	s.dumpConfig(p, vm.Config)
	if g := vm.Guest; g != nil {
		p("ip", g.IpAddress)
		p("hostname", g.HostName)
		p("tools", g.ToolsRunningStatus)
	}
	return nil
}

func (s *Server) dumpConfig(p func(string, any), cfg *types.VirtualMachineConfigInfo) {
	p("template", cfg.Template)
	p("cpus", cfg.Hardware.NumCPU)
	if c := cfg.Hardware.NumCoresPerSocket; c != nil {
		p("cores", *c)
	}
	p("memory_mb", cfg.Hardware.MemoryMB)
	p("guest_id", cfg.GuestId)
	p("firmware", cfg.Firmware)
	p("annotation", cfg.Annotation)
	p("uuid", cfg.Uuid)
	p("instance_uuid", cfg.InstanceUuid)
	p("disk_uuid_enabled", isTrue(cfg.Flags.DiskUuidEnabled))
	p("memory_locked", isTrue(cfg.MemoryReservationLockedToMax))
	p("vapp_config", cfg.VAppConfig != nil)
	p("vmx", cfg.Files.VmPathName)
	p("linked", isLinked(cfg))
	for _, dev := range cfg.Hardware.Device {
		switch d := dev.(type) {
		case *types.VirtualDisk:
			dumpDisk(p, d)
		case types.BaseVirtualEthernetCard:
			s.dumpNIC(p, dev, d.GetVirtualEthernetCard())
		case *types.VirtualPCIPassthrough:
			p("pci", reflect.TypeOf(d.Backing).Elem().Name())
		}
	}
	extra := extraMap(cfg)
	keys := make([]string, 0, len(extra))
	for k := range extra {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		p("extra."+k, extra[k])
	}
}

func dumpDisk(p func(string, any), d *types.VirtualDisk) {
	p("disk_key", d.Key)
	p("disk_kb", d.CapacityInKB)
	if b, ok := d.Backing.(*types.VirtualDiskFlatVer2BackingInfo); ok {
		p("disk_file", b.FileName)
		p("thin", isTrue(b.ThinProvisioned))
		p("eager", isTrue(b.EagerlyScrub))
	}
}

func (s *Server) dumpNIC(p func(string, any), dev types.BaseVirtualDevice, n *types.VirtualEthernetCard) {
	kind := "none"
	switch n.Backing.(type) {
	case *types.VirtualEthernetCardNetworkBackingInfo:
		kind = "standard"
	case *types.VirtualEthernetCardDistributedVirtualPortBackingInfo:
		kind = "distributed"
	case *types.VirtualEthernetCardOpaqueNetworkBackingInfo:
		kind = "opaque"
	}
	p("nic_key", n.Key)
	p("network", s.networkName(n.Backing))
	p("network_type", kind)
	p("adapter", reflect.TypeOf(dev).Elem().Name())
	p("mac", n.MacAddress)
	p("mac_type", n.AddressType)
	p("connect", n.Connectable != nil && n.Connectable.StartConnected)
}

// Do makes a change that does not come from our client: the verbs delete-vm,
// lose-files, power, setextra, add-disk, add-nic, set-mac, set-cores, question and make-vm of
// the control interface.
func (s *Server) Do(verb string, args []string) error {
	s.inv.Lock()
	defer s.inv.Unlock()
	if len(args) == 0 {
		return errors.New(verb + ": no VM named")
	}
	if verb == "make-vm" {
		return s.doMake(args)
	}
	vm, err := s.lookup(args[0])
	if err != nil {
		return err
	}
	switch {
	case verb == "delete-vm" && len(args) == 1:
		s.stopGuest(vm.Self)
		s.removeVM(vm)
	case verb == "lose-files" && len(args) == 1:
		s.loseFiles(vm)
	case verb == "power" && len(args) == 2 && args[1] == "on":
		return faultError(s.turnOn(vm))
	case verb == "power" && len(args) == 2 && args[1] == "off":
		return faultError(s.turnOff(vm))
	case verb == "setextra" && len(args) == 3:
		spec := types.VirtualMachineConfigSpec{ExtraConfig: []types.BaseOptionValue{
			&types.OptionValue{Key: args[1], Value: args[2]}}}
		return s.setExtraHere(vm, &spec)
	case verb == "add-disk" && (len(args) == 2 || len(args) == 3):
		return s.addDevices(vm, args[2:], func(dev types.BaseVirtualDevice) types.BaseVirtualDevice {
			d, ok := dev.(*types.VirtualDisk)
			if !ok {
				return nil
			}
			disk, back := *d, *d.Backing.(*types.VirtualDiskFlatVer2BackingInfo)
			back.FileName, back.Uuid = args[1], newUUID()
			disk.Backing = &back
			return &disk
		})
	case verb == "add-nic" && (len(args) == 1 || len(args) == 2):
		return s.addDevices(vm, args[1:], func(dev types.BaseVirtualDevice) types.BaseVirtualDevice {
			d, ok := dev.(*types.VirtualVmxnet3)
			if !ok {
				return nil
			}
			nic := *d
			nic.MacAddress = s.newMAC()
			return &nic
		})
	case verb == "question" && len(args) == 2:
		s.ask(vm, args[1])
	case (verb == "set-mac" || verb == "set-cores") && len(args) == 2:
		return s.setHardware(vm, verb, args[1])
	default:
		return fmt.Errorf("%s: wrong arguments", verb)
	}
	return nil
}

// ask puts a question about the VM, which stays until somebody answers it; text "clear"
// is the answer.
func (s *Server) ask(vm *simulator.VirtualMachine, text string) {
	change := types.PropertyChange{Name: "runtime.question"}
	if text != "clear" {
		change.Val = &types.VirtualMachineQuestionInfo{Id: "1", Text: text, Choice: types.ChoiceOption{
			ChoiceInfo: []types.BaseElementDescription{&types.ElementDescription{
				Description: types.Description{Label: "OK", Summary: "OK"}, Key: "0"}}}}
	}
	update(s.context(), vm, change)
}

// setHardware gives the VM's first network card a manual address, or the VM one socket
// with so many cores.
func (s *Server) setHardware(vm *simulator.VirtualMachine, verb, value string) error {
	if vm.Config == nil {
		return errors.New("the VM is not complete")
	}
	cfg := deepCopy(vm.Config)
	if verb == "set-cores" {
		n, err := strconv.ParseInt(value, 10, 32)
		if err != nil || n < 1 {
			return fmt.Errorf("set-cores: '%s' is not a number of cores", value)
		}
		cores := int32(n)
		cfg.Hardware.NumCPU, cfg.Hardware.NumCoresPerSocket = cores, &cores
		s.install(vm, cfg)
		return nil
	}
	for _, dev := range cfg.Hardware.Device {
		if nic, ok := dev.(types.BaseVirtualEthernetCard); ok {
			card := nic.GetVirtualEthernetCard()
			card.AddressType, card.MacAddress = "Manual", value // as old hosts write it
			s.install(vm, cfg)
			return nil
		}
	}
	return errors.New("the VM has no network card")
}

// addDevices gives the VM as many more devices as count says (one without it),
// each made by like from the last of its kind.
func (s *Server) addDevices(vm *simulator.VirtualMachine, count []string,
	like func(types.BaseVirtualDevice) types.BaseVirtualDevice) error {
	n := 1
	if len(count) == 1 {
		var err error
		if n, err = strconv.Atoi(count[0]); err != nil {
			return err
		}
	}
	if vm.Config == nil {
		return errors.New("the VM is not complete")
	}
	cfg := deepCopy(vm.Config)
	for ; n > 0; n-- {
		devs := cfg.Hardware.Device
		var made types.BaseVirtualDevice
		for i := len(devs) - 1; i >= 0 && made == nil; i-- {
			made = like(devs[i])
		}
		if made == nil {
			return errors.New("the VM has no such device to copy")
		}
		key := int32(0)
		for _, dev := range devs {
			key = max(key, dev.GetVirtualDevice().Key)
		}
		made.GetVirtualDevice().Key = key + 1
		cfg.Hardware.Device = append(devs, made)
	}
	s.install(vm, cfg)
	return nil
}

// loseFiles makes the VM's files disappear from the host: vCenter keeps the VM
// in its folder, without a configuration.
func (s *Server) loseFiles(vm *simulator.VirtualMachine) {
	ctx := s.context()
	s.stopGuest(vm.Self)
	ctx.WithLock(vm, func() {
		const state = types.VirtualMachineConnectionStateInaccessible
		vm.Config = nil
		ctx.Update(vm, []types.PropertyChange{{Name: "runtime.connectionState", Val: state},
			{Name: "summary.runtime.connectionState", Val: state}})
	})
}

// setExtraHere changes templates as well: it is not the API.
func (s *Server) setExtraHere(vm *simulator.VirtualMachine, spec *types.VirtualMachineConfigSpec) error {
	if vm.Config == nil {
		return errors.New("the VM is not complete")
	}
	cfg := deepCopy(vm.Config)
	keys, fault := applyExtra(cfg, spec.ExtraConfig)
	if fault != nil {
		return faultError(fault)
	}
	s.install(vm, cfg)
	s.guests.written(vm.Self, keys)
	return nil
}

func faultError(fault types.BaseMethodFault) error {
	if fault == nil {
		return nil
	}
	return errors.New(faultText(fault))
}

// doMake creates a VM at a path, of flatcar-template's shape.
func (s *Server) doMake(args []string) error {
	from := "flatcar-template"
	if len(args) > 1 {
		from = args[1]
	}
	src, err := s.lookup(from)
	if err != nil {
		return err
	}
	host, err := s.lookup("snap-vm")
	if err != nil {
		return err
	}
	at := placeOf(host)
	dir, name := "", args[0]
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		dir, name = name[:i], name[i+1:]
	}
	if dir != "" {
		ok := false
		for _, e := range s.svc.Context.Map.All("Folder") {
			if s.pathOf(e.Reference()) == dir {
				at.folder, ok = e.Reference(), true
			}
		}
		if !ok {
			return fmt.Errorf("no folder '%s'", dir)
		}
	}
	if s.child(at.folder, name) != nil {
		return fmt.Errorf("'%s' exists", args[0])
	}
	cfg := deepCopy(src.Config)
	cfg.Template = false
	s.makeVM(name, at, cfg)
	return nil
}

// Set changes a setting at run time.
func (s *Server) Set(key, value string) error {
	s.set.mu.Lock()
	defer s.set.mu.Unlock()
	switch key {
	case "clone-time":
		return setDuration(&s.set.cloneTime, value)
	case "power-time":
		return setDuration(&s.set.powerTime, value)
	case "latency":
		return setDuration(&s.set.latency, value)
	case "clone-jitter":
		return setInt(&s.set.jitter, value)
	case "per-host":
		return setInt(&s.set.perHost, value)
	case "page":
		return setInt(&s.set.page, value)
	case "updates":
		return setInt(&s.set.updates, value)
	case "cancelable":
		return setYes(&s.set.fixedTasks, value, false)
	case "keep-instance-uuid":
		return setYes(&s.set.newInstance, value, false)
	}
	return ErrNoSetting
}
