// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"github.com/vmware/govmomi/vim25/types"
)

// specRun is one application of a ConfigSpec to a copy of a VM's config.
type specRun struct {
	s    *Server
	cfg  *types.VirtualMachineConfigInfo
	ds   types.ManagedObjectReference // where new disks go
	on   bool
	keys []string // of extraConfig, that were changed
}

// apply changes the config as the spec says, or returns why it cannot.
func (r *specRun) apply(spec *types.VirtualMachineConfigSpec) types.BaseMethodFault {
	for _, step := range []func(*types.VirtualMachineConfigSpec) types.BaseMethodFault{
		r.hardware, r.identity, r.switches,
	} {
		if fault := step(spec); fault != nil {
			return fault
		}
	}
	if fault := r.devices(spec.DeviceChange); fault != nil {
		return fault
	}
	keys, fault := applyExtra(r.cfg, spec.ExtraConfig)
	r.keys = append(r.keys, keys...)
	return fault
}

func (r *specRun) hardware(spec *types.VirtualMachineConfigSpec) types.BaseMethodFault {
	hw := &r.cfg.Hardware
	if n := spec.NumCPUs; n != 0 && n != hw.NumCPU {
		if n < 0 || n > 768 {
			return &types.InvalidArgument{InvalidProperty: "configSpec.numCPUs"}
		}
		if r.on && !isTrue(r.cfg.CpuHotAddEnabled) {
			return &types.CpuHotPlugNotSupported{}
		}
		hw.NumCPU = n
	}
	if n := spec.NumCoresPerSocket; n != nil {
		hw.NumCoresPerSocket = n
	}
	if n := hw.NumCoresPerSocket; n != nil && (*n <= 0 || hw.NumCPU%*n != 0) {
		return &types.InvalidArgument{InvalidProperty: "configSpec.numCoresPerSocket"}
	}
	if n := spec.MemoryMB; n != 0 && n != int64(hw.MemoryMB) {
		if n < 4 || n%4 != 0 || n > 24<<20 {
			return &types.InvalidArgument{InvalidProperty: "configSpec.memoryMB"}
		}
		if r.on && !isTrue(r.cfg.MemoryHotAddEnabled) {
			return &types.MemoryHotPlugNotSupported{}
		}
		hw.MemoryMB = int32(n)
	}
	if a := spec.CpuAllocation; a != nil {
		r.cfg.CpuAllocation = allocation(r.cfg.CpuAllocation, a)
	}
	if a := spec.MemoryAllocation; a != nil {
		r.cfg.MemoryAllocation = allocation(r.cfg.MemoryAllocation, a)
	}
	return nil
}

// allocation copies what is set in src to dst.
func allocation(dst, src *types.ResourceAllocationInfo) *types.ResourceAllocationInfo {
	var out types.ResourceAllocationInfo
	if dst != nil {
		out = *dst
	}
	if src.Reservation != nil {
		out.Reservation = src.Reservation
	}
	if src.ExpandableReservation != nil {
		out.ExpandableReservation = src.ExpandableReservation
	}
	if src.Limit != nil {
		out.Limit = src.Limit
	}
	if src.Shares != nil {
		out.Shares = src.Shares
	}
	return &out
}

func (r *specRun) identity(spec *types.VirtualMachineConfigSpec) types.BaseMethodFault {
	cfg := r.cfg
	if spec.GuestId != "" && spec.GuestId != cfg.GuestId {
		if !knownGuest(spec.GuestId) {
			return &types.InvalidArgument{InvalidProperty: "configSpec.guestId"}
		}
		cfg.GuestId, cfg.GuestFullName = spec.GuestId, spec.GuestId
	}
	for _, f := range []struct {
		src string
		dst *string
	}{
		{spec.Annotation, &cfg.Annotation},
		{spec.Uuid, &cfg.Uuid},
		{spec.InstanceUuid, &cfg.InstanceUuid},
		{spec.AlternateGuestName, &cfg.AlternateGuestName},
		{spec.Firmware, &cfg.Firmware},
		{spec.LocationId, &cfg.LocationId},
		{spec.SwapPlacement, &cfg.SwapPlacement},
	} {
		if f.src != "" {
			*f.dst = f.src
		}
	}
	return nil
}

func knownGuest(id string) bool {
	for _, v := range types.VirtualMachineGuestOsIdentifierOtherGuest.Strings() {
		if v == id {
			return true
		}
	}
	return false
}

func (r *specRun) switches(spec *types.VirtualMachineConfigSpec) types.BaseMethodFault {
	cfg := r.cfg
	for _, f := range []struct{ src, dst **bool }{
		{&spec.MemoryHotAddEnabled, &cfg.MemoryHotAddEnabled},
		{&spec.CpuHotAddEnabled, &cfg.CpuHotAddEnabled},
		{&spec.CpuHotRemoveEnabled, &cfg.CpuHotRemoveEnabled},
		{&spec.NestedHVEnabled, &cfg.NestedHVEnabled},
		{&spec.VPMCEnabled, &cfg.VPMCEnabled},
		{&spec.MemoryReservationLockedToMax, &cfg.MemoryReservationLockedToMax},
		{&spec.ChangeTrackingEnabled, &cfg.ChangeTrackingEnabled},
		{&spec.MessageBusTunnelEnabled, &cfg.MessageBusTunnelEnabled},
	} {
		if *f.src != nil {
			*f.dst = *f.src
		}
	}
	if isTrue(cfg.MemoryReservationLockedToMax) {
		size := int64(cfg.Hardware.MemoryMB)
		cfg.MemoryAllocation = allocation(cfg.MemoryAllocation,
			&types.ResourceAllocationInfo{Reservation: &size})
	}
	if f := spec.Flags; f != nil {
		mergeFlags(&cfg.Flags, f)
	}
	if spec.BootOptions != nil {
		cfg.BootOptions = spec.BootOptions
	}
	if spec.LatencySensitivity != nil {
		cfg.LatencySensitivity = spec.LatencySensitivity
	}
	if spec.ManagedBy != nil {
		cfg.ManagedBy = spec.ManagedBy
	}
	if spec.Tools != nil {
		cfg.Tools = spec.Tools
	}
	if spec.VAppConfig != nil && cfg.VAppConfig == nil {
		cfg.VAppConfig = &types.VmConfigInfo{}
	}
	if isTrue(spec.VAppConfigRemoved) {
		cfg.VAppConfig = nil
	}
	return nil
}

func mergeFlags(dst, src *types.VirtualMachineFlagInfo) {
	for _, f := range []struct{ src, dst **bool }{
		{&src.DiskUuidEnabled, &dst.DiskUuidEnabled},
		{&src.EnableLogging, &dst.EnableLogging},
		{&src.UseToe, &dst.UseToe},
		{&src.VbsEnabled, &dst.VbsEnabled},
		{&src.VvtdEnabled, &dst.VvtdEnabled},
		{&src.SnapshotLocked, &dst.SnapshotLocked},
		{&src.CbrcCacheEnabled, &dst.CbrcCacheEnabled},
	} {
		if *f.src != nil {
			*f.dst = *f.src
		}
	}
}

func isTrue(b *bool) bool { return b != nil && *b }
