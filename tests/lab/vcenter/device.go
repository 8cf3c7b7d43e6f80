// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/vmware/govmomi/vim25/types"
)

// devices applies the deviceChange list of a spec; any error rejects the whole
// spec.
func (r *specRun) devices(changes []types.BaseVirtualDeviceConfigSpec) types.BaseMethodFault {
	added := map[int32]bool{}
	for i, b := range changes {
		ch := b.GetVirtualDeviceConfigSpec()
		var fault types.BaseMethodFault
		if key := ch.Device.GetVirtualDevice().Key; ch.Operation == types.VirtualDeviceConfigSpecOperationAdd && key < 0 {
			if added[key] { // other changes of the spec name a new device by it
				return badDevice(i, "device.key")
			}
			added[key] = true
		}
		switch ch.Operation {
		case types.VirtualDeviceConfigSpecOperationAdd:
			fault = r.add(i, ch)
		case types.VirtualDeviceConfigSpecOperationEdit:
			fault = r.edit(i, ch)
		case types.VirtualDeviceConfigSpecOperationRemove:
			fault = r.remove(i, ch)
		default:
			fault = badDevice(i, "operation")
		}
		if fault != nil {
			return fault
		}
	}
	return nil
}

func badDevice(i int, property string) *types.InvalidDeviceSpec {
	return &types.InvalidDeviceSpec{DeviceIndex: int32(i), InvalidVmConfig: types.InvalidVmConfig{
		Property: fmt.Sprintf("virtualDeviceSpec.%s", property)}}
}

func badBacking(i int) *types.InvalidDeviceBacking {
	return &types.InvalidDeviceBacking{InvalidDeviceSpec: types.InvalidDeviceSpec{
		DeviceIndex:     int32(i),
		InvalidVmConfig: types.InvalidVmConfig{Property: "virtualDeviceSpec.device.backing"}}}
}

func badOperation(i int, key, msg string) *types.InvalidDeviceOperation {
	f := &types.InvalidDeviceOperation{InvalidDeviceSpec: types.InvalidDeviceSpec{
		DeviceIndex:     int32(i),
		InvalidVmConfig: types.InvalidVmConfig{Property: "virtualDeviceSpec.operation"}}}
	if msg != "" {
		f.FaultMessage = []types.LocalizableMessage{{Key: key, Message: msg}}
	}
	return f
}

func (r *specRun) find(key int32) int {
	for i, d := range r.cfg.Hardware.Device {
		if d.GetVirtualDevice().Key == key {
			return i
		}
	}
	return -1
}

func (r *specRun) remove(i int, ch *types.VirtualDeviceConfigSpec) types.BaseMethodFault {
	at := r.find(ch.Device.GetVirtualDevice().Key)
	if at < 0 {
		return badDevice(i, "device.key")
	}
	list := r.cfg.Hardware.Device
	r.cfg.Hardware.Device = append(append([]types.BaseVirtualDevice(nil), list[:at]...), list[at+1:]...)
	return nil
}

func (r *specRun) edit(i int, ch *types.VirtualDeviceConfigSpec) types.BaseMethodFault {
	at := r.find(ch.Device.GetVirtualDevice().Key)
	if at < 0 {
		return badDevice(i, "device.key")
	}
	old := r.cfg.Hardware.Device[at]
	if reflect.TypeOf(old) != reflect.TypeOf(ch.Device) {
		return badDevice(i, "device")
	}
	switch d := ch.Device.(type) {
	case *types.VirtualDisk:
		return r.editDisk(i, old.(*types.VirtualDisk), d)
	case types.BaseVirtualEthernetCard:
		return r.editNIC(i, old.(types.BaseVirtualEthernetCard), d)
	}
	merged := ch.Device.GetVirtualDevice()
	keepUnset(merged, old.GetVirtualDevice())
	r.cfg.Hardware.Device[at] = ch.Device
	return nil
}

// keepUnset fills what an edit omits from the existing device.
func keepUnset(d, old *types.VirtualDevice) {
	if d.Backing == nil {
		d.Backing = old.Backing
	}
	if d.Connectable == nil {
		d.Connectable = old.Connectable
	}
	if d.ControllerKey == 0 {
		d.ControllerKey = old.ControllerKey
	}
	if d.UnitNumber == nil {
		d.UnitNumber = old.UnitNumber
	}
	if d.SlotInfo == nil {
		d.SlotInfo = old.SlotInfo
	}
	d.DeviceInfo = old.DeviceInfo
}

func (r *specRun) editDisk(i int, old, d *types.VirtualDisk) types.BaseMethodFault {
	kb, bytes := d.CapacityInKB, d.CapacityInBytes
	if kb == old.CapacityInKB && bytes != 0 { // an unchanged field is not a request
		kb = bytes / 1024
	} else if bytes == old.CapacityInBytes || bytes == 0 {
		bytes = kb * 1024
	}
	if kb*1024 != bytes {
		return badDevice(i, "device.capacityInBytes")
	}
	if bytes < old.CapacityInBytes {
		return badOperation(0, "", "")
	}
	if b, ok := old.Backing.(*types.VirtualDiskFlatVer2BackingInfo); ok {
		if bytes > old.CapacityInBytes && b.Parent != nil {
			return badOperation(i, "msg.disk.extendHasParent", "Disks with parents cannot be expanded.")
		}
		if n, ok := d.Backing.(*types.VirtualDiskFlatVer2BackingInfo); ok && n.DiskMode != "" {
			if !oneOf(n.DiskMode, types.VirtualDiskModePersistent.Strings()) {
				return badBacking(i)
			}
			b.DiskMode = n.DiskMode // thinProvisioned is ignored in an edit
		} else if d.Backing != nil && !ok {
			return badBacking(i)
		}
	}
	old.CapacityInKB, old.CapacityInBytes = kb, bytes
	summarize(&old.VirtualDevice, thousands(kb)+" KB")
	return nil
}

func summarize(d *types.VirtualDevice, summary string) {
	if d.DeviceInfo != nil {
		d.DeviceInfo = &types.Description{Label: d.DeviceInfo.GetDescription().Label, Summary: summary}
	}
}

// thousands writes 12,136,448.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func oneOf(v string, list []string) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}

func (r *specRun) editNIC(i int, oldCard, card types.BaseVirtualEthernetCard) types.BaseMethodFault {
	old, d := oldCard.GetVirtualEthernetCard(), card.GetVirtualEthernetCard()
	if d.Backing != nil {
		if fault := r.s.checkNetwork(i, d.Backing); fault != nil {
			return fault
		}
		old.Backing = d.Backing
		summarize(&old.VirtualDevice, r.s.networkName(d.Backing))
	}
	if d.Connectable != nil {
		old.Connectable = d.Connectable
		if !r.on {
			old.Connectable.Connected = false
		}
	}
	if chosenAgain(old, d) {
		old.AddressType, old.MacAddress = string(types.VirtualEthernetCardMacTypeAssigned), r.s.newMAC()
		return nil
	}
	return setMAC(i, old, d)
}

// setMAC sets an address that the client gave.
func setMAC(i int, nic, asked *types.VirtualEthernetCard) types.BaseMethodFault {
	kind := strings.ToLower(asked.AddressType)
	if kind == "manual" && asked.MacAddress == "" {
		return badDevice(i, "device.macAddress")
	}
	if kind == "manual" || kind == "" && asked.MacAddress != "" && asked.MacAddress != nic.MacAddress {
		nic.AddressType, nic.MacAddress = string(types.VirtualEthernetCardMacTypeManual), asked.MacAddress
	}
	return nil
}

// chosenAgain is true if vCenter has to choose the address of a card that had a manual one.
func chosenAgain(nic, asked *types.VirtualEthernetCard) bool {
	return strings.EqualFold(nic.AddressType, "manual") &&
		(strings.EqualFold(asked.AddressType, "assigned") || strings.EqualFold(asked.AddressType, "generated"))
}

func (r *specRun) add(i int, ch *types.VirtualDeviceConfigSpec) types.BaseMethodFault {
	d := ch.Device.GetVirtualDevice()
	switch dev := ch.Device.(type) {
	case *types.VirtualDisk:
		if fault := r.addDisk(i, ch, dev); fault != nil {
			return fault
		}
	case types.BaseVirtualEthernetCard:
		if fault := r.addNIC(i, dev.GetVirtualEthernetCard()); fault != nil {
			return fault
		}
	case *types.VirtualPCIPassthrough:
		if r.on {
			return &types.InvalidPowerState{RequestedState: types.VirtualMachinePowerStatePoweredOff,
				ExistingState: types.VirtualMachinePowerStatePoweredOn}
		}
		d.Key, d.ControllerKey = r.freeKey(13000), 100
	default:
		if d.Key <= 0 || r.find(d.Key) >= 0 {
			d.Key = r.freeKey(15000)
		}
	}
	if d.ControllerKey < 0 {
		return badDevice(i, "device.controllerKey")
	}
	label(ch.Device)
	r.cfg.Hardware.Device = append(r.cfg.Hardware.Device, ch.Device)
	return nil
}

func (r *specRun) freeKey(from int32) int32 {
	for r.find(from) >= 0 {
		from++
	}
	return from
}

func (r *specRun) addDisk(i int, ch *types.VirtualDeviceConfigSpec, d *types.VirtualDisk) types.BaseMethodFault {
	at := r.find(d.ControllerKey)
	if at < 0 {
		return badDevice(i, "device.controllerKey")
	}
	if d.UnitNumber == nil {
		return badDevice(i, "device.unitNumber")
	}
	for _, o := range r.cfg.Hardware.Device {
		v := o.GetVirtualDevice()
		if v.ControllerKey == d.ControllerKey && v.UnitNumber != nil && *v.UnitNumber == *d.UnitNumber {
			return badDevice(i, "device.unitNumber")
		}
	}
	b, ok := d.Backing.(*types.VirtualDiskFlatVer2BackingInfo)
	if !ok || !oneOf(b.DiskMode, types.VirtualDiskModePersistent.Strings()) {
		return badBacking(i)
	}
	if d.CapacityInBytes == 0 {
		d.CapacityInBytes = d.CapacityInKB * 1024
	}
	d.CapacityInKB = d.CapacityInBytes / 1024
	if ch.FileOperation == types.VirtualDeviceConfigSpecFileOperationCreate {
		if d.CapacityInKB <= 0 {
			return badDevice(i, "device.capacityInKB")
		}
		b.FileName = r.s.diskPath(r.ds, r.cfg.Name, len(r.cfg.Hardware.Device))
	} else if b.FileName == "" {
		return badBacking(i)
	}
	d.Key = r.freeKey(2000)
	return nil
}

func (r *specRun) addNIC(i int, c *types.VirtualEthernetCard) types.BaseMethodFault {
	if c.Backing == nil {
		return badBacking(i)
	}
	if fault := r.s.checkNetwork(i, c.Backing); fault != nil {
		return fault
	}
	if c.Key <= 0 || r.find(c.Key) >= 0 {
		c.Key = r.freeKey(4000)
	}
	c.ControllerKey = 100
	unit := int32(7)
	for _, o := range r.cfg.Hardware.Device {
		if n, ok := o.(types.BaseVirtualEthernetCard); ok {
			if u := n.GetVirtualEthernetCard().UnitNumber; u != nil && *u >= unit {
				unit = *u + 1
			}
		}
	}
	c.UnitNumber = &unit
	if c.Connectable == nil {
		c.Connectable = &types.VirtualDeviceConnectInfo{StartConnected: true, AllowGuestControl: true}
	}
	c.Connectable.Connected = r.on && c.Connectable.StartConnected
	asked := *c
	c.AddressType, c.MacAddress = string(types.VirtualEthernetCardMacTypeAssigned), r.s.newMAC()
	return setMAC(i, c, &asked)
}

// label gives a device the name that clients see.
func label(dev types.BaseVirtualDevice) {
	d := dev.GetVirtualDevice()
	if d.DeviceInfo != nil {
		return
	}
	kind, base := "Device", int32(0)
	switch dev.(type) {
	case *types.VirtualDisk:
		kind, base = "Hard disk", 1999
	case types.BaseVirtualEthernetCard:
		kind, base = "Network adapter", 3999
	case *types.VirtualPCIPassthrough:
		kind, base = "PCI device", 13000
	}
	d.DeviceInfo = &types.Description{Label: fmt.Sprintf("%s %d", kind, d.Key-base)}
}

func (s *Server) diskPath(ds types.ManagedObjectReference, name string, n int) string {
	return s.dsPath(ds, name, fmt.Sprintf("%s_%d.vmdk", name, n))
}
