// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"sort"
	"time"

	"github.com/vmware/govmomi/simulator/esx"
	"github.com/vmware/govmomi/vim25/types"
)

// The disk of Flatcar's OVA, in kB: 11.6 GiB.
const flatcarDiskKB = 12136448

// flatcar is the config of a template made from Flatcar's OVA.
func (b *builder) flatcar(extra map[string]string) *types.VirtualMachineConfigInfo {
	now := time.Now()
	one, yes, no := int32(1), true, false
	rspec := types.DefaultResourceConfigSpec()
	cfg := &types.VirtualMachineConfigInfo{
		Template:           true,
		GuestId:            string(types.VirtualMachineGuestOsIdentifierOther3xLinux64Guest),
		GuestFullName:      "Other 3.x or later Linux (64-bit)",
		Version:            "vmx-17",
		Firmware:           string(types.GuestOsDescriptorFirmwareTypeBios),
		CreateDate:         &now,
		Tools:              &types.ToolsConfigInfo{},
		Flags:              types.VirtualMachineFlagInfo{DiskUuidEnabled: &no, EnableLogging: &yes},
		BootOptions:        &types.VirtualMachineBootOptions{},
		CpuAllocation:      &rspec.CpuAllocation,
		MemoryAllocation:   &rspec.MemoryAllocation,
		LatencySensitivity: &types.LatencySensitivity{Level: types.LatencySensitivitySensitivityLevelNormal},
		VAppConfig: &types.VmConfigInfo{
			OvfEnvironmentTransport: []string{"com.vmware.guestInfo"},
			Product: []types.VAppProductInfo{{Key: 0, Name: "Flatcar Container Linux",
				Vendor: "Flatcar Container Linux project"}},
			Property: []types.VAppPropertyInfo{{Key: 0, Id: "guestinfo.ignition.config.data",
				Type: "string", UserConfigurable: &yes}},
		},
	}
	cfg.Hardware = types.VirtualHardware{NumCPU: 2, NumCoresPerSocket: &one, MemoryMB: 2048,
		Device: b.flatcarDevices()}
	keys := make([]string, 0, len(extra))
	for k := range extra {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		cfg.ExtraConfig = append(cfg.ExtraConfig, &types.OptionValue{Key: k, Value: extra[k]})
	}
	return cfg
}

func (b *builder) flatcarDevices() []types.BaseVirtualDevice {
	base := deepCopy(&types.ArrayOfVirtualDevice{VirtualDevice: esx.VirtualDevice})
	unit0, unit3, unit7 := int32(0), int32(3), int32(7)
	thin, no := true, false
	scsi := &types.ParaVirtualSCSIController{}
	scsi.Key, scsi.ControllerKey, scsi.UnitNumber = 1000, 100, &unit3
	scsi.DeviceInfo = &types.Description{Label: "SCSI controller 0", Summary: "VMware paravirtual SCSI"}
	scsi.SharedBus = types.VirtualSCSISharingNoSharing
	scsi.Device = []int32{2000}
	disk := &types.VirtualDisk{CapacityInKB: flatcarDiskKB, CapacityInBytes: flatcarDiskKB * 1024}
	disk.Key, disk.ControllerKey, disk.UnitNumber = 2000, 1000, &unit0
	disk.DeviceInfo = &types.Description{Label: "Hard disk 1", Summary: "12,136,448 KB"}
	disk.Backing = &types.VirtualDiskFlatVer2BackingInfo{
		DiskMode: string(types.VirtualDiskModePersistent), ThinProvisioned: &thin,
		EagerlyScrub: &no, WriteThrough: &no, Split: &no}
	nic := &types.VirtualVmxnet3{}
	nic.Key, nic.ControllerKey, nic.UnitNumber = 4000, 100, &unit7
	nic.DeviceInfo = &types.Description{Label: "Network adapter 1", Summary: "VM Network"}
	nic.Backing = &types.VirtualEthernetCardNetworkBackingInfo{
		VirtualDeviceDeviceBackingInfo: types.VirtualDeviceDeviceBackingInfo{DeviceName: "VM Network"}}
	nic.Connectable = &types.VirtualDeviceConnectInfo{StartConnected: true, AllowGuestControl: true}
	nic.AddressType = string(types.VirtualEthernetCardMacTypeAssigned)
	return append(base.VirtualDevice, scsi, disk, nic)
}
