// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"testing"

	"github.com/vmware/govmomi/vim25/types"
)

func TestCloneAppliesTheWholeSpec(t *testing.T) {
	l := startLab(t, nil)
	src := l.props(l.get("flatcar-template"))
	net, err := l.finder.Network(l.ctx, "dvpg-workers")
	l.must(err)
	backing, err := net.EthernetCardBackingInfo(l.ctx)
	l.must(err)
	disk := *diskByKey(src.Config, 2000)
	disk.CapacityInKB, disk.CapacityInBytes = 50<<20, 50<<30
	nic := &types.VirtualVmxnet3{}
	nic.Key, nic.Backing = 4000, backing
	two, yes := int32(2), true
	vm, err := l.clone("w-1", types.VirtualMachineCloneSpec{
		PowerOn: true,
		Config: &types.VirtualMachineConfigSpec{
			NumCPUs: 4, NumCoresPerSocket: &two, MemoryMB: 8192, Annotation: "a worker",
			InstanceUuid:      "5005b4f5-6bbc-4a3b-9f2c-0123456789ab",
			Flags:             &types.VirtualMachineFlagInfo{DiskUuidEnabled: &yes},
			VAppConfigRemoved: &yes,
			DeviceChange: []types.BaseVirtualDeviceConfigSpec{
				&types.VirtualDeviceConfigSpec{Operation: types.VirtualDeviceConfigSpecOperationEdit, Device: nic},
				&types.VirtualDeviceConfigSpec{Operation: types.VirtualDeviceConfigSpecOperationEdit, Device: &disk},
			},
			ExtraConfig: []types.BaseOptionValue{opt("guestinfo.hostname", ""), opt("guestinfo.a", "b"),
				opt("numvcpus", "64")},
		},
	})
	l.must(err)
	got := l.props(vm)
	cfg := got.Config
	if cfg.Hardware.NumCPU != 4 || *cfg.Hardware.NumCoresPerSocket != 2 || cfg.Hardware.MemoryMB != 8192 {
		t.Errorf("hardware: %+v", cfg.Hardware)
	}
	if cfg.Annotation != "a worker" || cfg.InstanceUuid != "5005b4f5-6bbc-4a3b-9f2c-0123456789ab" ||
		cfg.Uuid == src.Config.Uuid || cfg.VAppConfig != nil || !isTrue(cfg.Flags.DiskUuidEnabled) {
		t.Errorf("identity: %q %q %q", cfg.Annotation, cfg.InstanceUuid, cfg.Uuid)
	}
	if got.Runtime.PowerState != stateOn {
		t.Errorf("power state %s", got.Runtime.PowerState)
	}
	d := diskByKey(cfg, 2000)
	if d.CapacityInBytes != 50<<30 || d.Backing.(*types.VirtualDiskFlatVer2BackingInfo).FileName !=
		"[LocalDS_0] w-1/w-1.vmdk" {
		t.Errorf("disk: %d %+v", d.CapacityInBytes, d.Backing)
	}
	extra := extraMap(cfg)
	if extra["guestinfo.ignition.config.data"] == "" || extra["svga.present"] != "TRUE" {
		t.Error("the template's extraConfig was not inherited")
	}
	if _, ok := extra["guestinfo.hostname"]; ok || extra["guestinfo.a"] != "b" || extra["numvcpus"] != "" {
		t.Errorf("extraConfig: %v", extra)
	}
	if len(got.Network) != 1 || got.Network[0] != net.Reference() {
		t.Errorf("network: %v", got.Network)
	}
}
