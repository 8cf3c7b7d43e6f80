// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"fmt"
	"reflect"

	"github.com/vmware/govmomi/vim25/types"
)

// faultText returns vCenter's English text for a fault.
func faultText(fault types.BaseMethodFault) string {
	switch f := fault.(type) {
	case *types.InvalidLogin:
		return "Cannot complete login due to an incorrect user name or password."
	case *types.NotAuthenticated:
		return "The session is not authenticated."
	case *types.NoPermission:
		return "Permission to perform this operation was denied."
	case *types.ManagedObjectNotFound:
		return fmt.Sprintf("The object 'vim.%s:%s' has already been deleted or has not been completely created",
			f.Obj.Type, f.Obj.Value)
	case *types.DuplicateName:
		return fmt.Sprintf("The name '%s' already exists.", f.Name)
	case *types.InvalidPowerState:
		return fmt.Sprintf("The attempted operation cannot be performed in the current state (%s).",
			powerText(f.ExistingState))
	case *types.InvalidArgument:
		return "A specified parameter was not correct: " + f.InvalidProperty
	case *types.InvalidName:
		return fmt.Sprintf("The name '%s' is invalid.", f.Name)
	case *types.InvalidState:
		return "The operation is not allowed in the current state."
	case *types.NotSupported:
		return "The operation is not supported on the object."
	case *types.TaskInProgress:
		return "Another task is already in progress."
	case *types.ConcurrentAccess:
		return "The operation cannot proceed because the object has been modified by another process."
	case *types.ToolsUnavailable:
		return "Cannot complete operation because VMware Tools is not running in this virtual machine."
	case *types.RequestCanceled:
		return "The task was canceled by a user."
	case *types.InvalidDeviceOperation:
		return fmt.Sprintf("Invalid operation for device '%d'.", f.DeviceIndex)
	case *types.InvalidDeviceSpec:
		return fmt.Sprintf("Invalid configuration for device '%d'.", f.DeviceIndex)
	case *types.InvalidDeviceBacking:
		return fmt.Sprintf("Incompatible device backing specified for device '%d'.", f.DeviceIndex)
	case *types.NoDiskSpace:
		return fmt.Sprintf("Insufficient disk space on datastore '%s'.", f.Datastore)
	case *types.GenericVmConfigFault:
		return f.Reason
	case *types.MethodNotFound:
		return fmt.Sprintf("Method %s not found on object %s.", f.Method, f.Receiver.Value)
	case *types.InvalidCollectorVersion:
		return "The version of the collector is not valid."
	}
	return "A general system error occurred: " + reflect.TypeOf(fault).Elem().Name()
}

func powerText(s types.VirtualMachinePowerState) string {
	switch s {
	case types.VirtualMachinePowerStatePoweredOn:
		return "Powered on"
	case types.VirtualMachinePowerStateSuspended:
		return "Suspended"
	}
	return "Powered off"
}

// localized wraps a fault as TaskInfo.error and missingSet contain it.
func localized(fault types.BaseMethodFault) *types.LocalizedMethodFault {
	if fault == nil {
		return nil
	}
	return &types.LocalizedMethodFault{Fault: fault, LocalizedMessage: faultText(fault)}
}
