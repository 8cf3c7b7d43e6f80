// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"fmt"
	"strings"

	"github.com/vmware/govmomi/vim25/types"
)

// maxGuestinfo is the VMX's default limit (tools.setInfo.sizeLimit).
const maxGuestinfo = 1 << 20

// shadowKeys are fields of the spec under another name; vCenter silently ignores
// them in extraConfig.
var shadowKeys = map[string]bool{
	"numvcpus": true, "memsize": true, "displayname": true, "annotation": true,
	"guestos": true, "uuid.bios": true, "uuid.location": true, "vc.uuid": true,
	"firmware": true, "virtualhw.version": true, "cpuid.corespersocket": true,
	"mem.hotadd": true, "vcpu.hotadd": true, "nvram": true,
}

func shadowed(key string) bool {
	key = strings.ToLower(key)
	return shadowKeys[key] || strings.HasPrefix(key, "ethernet") || strings.HasPrefix(key, "scsi")
}

func optionText(v types.AnyType) string {
	if s, ok := v.(string); ok {
		return s
	}
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// extraMap is an extraConfig for look-ups.
func extraMap(cfg *types.VirtualMachineConfigInfo) map[string]string {
	m := map[string]string{}
	if cfg == nil {
		return m
	}
	for _, o := range cfg.ExtraConfig {
		ov := o.GetOptionValue()
		m[ov.Key] = optionText(ov.Value)
	}
	return m
}

// setExtra replaces or adds a key, or removes it if the value is empty.
func setExtra(list []types.BaseOptionValue, key, value string) []types.BaseOptionValue {
	var out []types.BaseOptionValue
	found := false
	for _, o := range list {
		if o.GetOptionValue().Key != key {
			out = append(out, o)
			continue
		}
		if found = true; value != "" {
			out = append(out, &types.OptionValue{Key: key, Value: value})
		}
	}
	if !found && value != "" {
		out = append(out, &types.OptionValue{Key: key, Value: value})
	}
	return out
}

// applyExtra applies the extraConfig of a spec, and returns the keys that it
// changed.
func applyExtra(cfg *types.VirtualMachineConfigInfo, spec []types.BaseOptionValue) ([]string, types.BaseMethodFault) {
	var keys []string
	for _, o := range spec {
		ov := o.GetOptionValue()
		if ov.Key == "" {
			return nil, &types.InvalidArgument{InvalidProperty: "configSpec.extraConfig.key"}
		}
		if shadowed(ov.Key) {
			continue
		}
		cfg.ExtraConfig = setExtra(cfg.ExtraConfig, ov.Key, optionText(ov.Value))
		keys = append(keys, ov.Key)
	}
	total := 0
	for key, value := range extraMap(cfg) {
		if strings.HasPrefix(key, "guestinfo.") {
			total += len(key) + len(value)
		}
	}
	if total > maxGuestinfo {
		return nil, &types.GenericVmConfigFault{Reason: fmt.Sprintf(
			"The size of guest info (%d bytes) is over the limit of %d bytes.", total, maxGuestinfo)}
	}
	return keys, nil
}
