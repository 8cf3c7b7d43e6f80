// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"context"
	"net/http"
	"slices"
	"time"
)

// A nodeSpec is what a kubelet knows about its node when it registers.
type nodeSpec struct {
	name, uuid, address, version string
	labels                       map[string]string
	taints                       []any
	cloud                        bool // --cloud-provider=external
}

func condition(kind, status, reason, message string) object {
	return object{"type": kind, "status": status, "reason": reason, "message": message,
		"lastHeartbeatTime": now(), "lastTransitionTime": now()}
}

const cniMissing = "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady " +
	"message:Network plugin returns error: cni plugin not initialized"

// newNode returns a Node as a kubelet registers it: not ready, since there is no
// network plugin yet.
func newNode(spec nodeSpec) object {
	labels := object{
		"kubernetes.io/hostname": spec.name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64",
		"beta.kubernetes.io/os": "linux", "beta.kubernetes.io/arch": "amd64",
		"node.kubernetes.io/instance-type": "rke2",
	}
	for key, value := range spec.labels {
		labels[key] = value
	}
	taints := append([]any{object{"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}}, spec.taints...)
	if spec.cloud {
		taints = append(taints, object{"key": "node.cloudprovider.kubernetes.io/uninitialized", "value": "true", "effect": "NoSchedule"})
	}
	capacity := object{"cpu": "4", "memory": "8148176Ki", "pods": "110", "ephemeral-storage": "45234136Ki"}
	return object{
		"kind": "Node", "apiVersion": "v1",
		"metadata": object{"name": spec.name, "labels": labels,
			"annotations": object{"rke2.io/hostname": spec.name, "rke2.io/internal-ip": spec.address}},
		"spec": object{"taints": taints},
		"status": object{
			"capacity": capacity, "allocatable": capacity,
			"addresses": []any{
				object{"type": "InternalIP", "address": spec.address},
				object{"type": "Hostname", "address": spec.name},
			},
			"conditions": []any{
				condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
				condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
				condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
				condition("Ready", "False", "KubeletNotReady", cniMissing),
			},
			"nodeInfo": object{
				"systemUUID": spec.uuid, "bootID": uuid(), "machineID": randomHex(16),
				"kubeletVersion": spec.version, "kubeProxyVersion": "",
				"kernelVersion": "6.12.61-flatcar", "operatingSystem": "linux", "architecture": "amd64",
				"osImage":                 "Flatcar Container Linux by Kinvolk 4459.2.3 (Oklo)",
				"containerRuntimeVersion": "containerd://2.0.5-k3s2",
			},
		},
	}
}

// controlPlaneNode is the node of the server itself, which exists from the
// start.
func controlPlaneNode() object {
	node := newNode(nodeSpec{name: "rke2-cp", uuid: uuid(), address: "10.20.0.2", version: rke2Version, labels: map[string]string{
		"node-role.kubernetes.io/control-plane": "true", "node-role.kubernetes.io/etcd": "true",
		"node-role.kubernetes.io/master": "true",
	}})
	delete(node, "spec")
	status := node["status"].(object)
	conditions := status["conditions"].([]any)
	conditions[len(conditions)-1] = condition("Ready", "True", "KubeletReady", "kubelet is posting ready status")
	return node
}

// The taints that are removed when a node becomes ready.
var readyTaints = []any{
	"node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable", "node.kubernetes.io/network-unavailable",
	"node.cloudprovider.kubernetes.io/uninitialized",
}

// nodeReady does what kubelet, CNI, node controller and cloud provider do when
// all goes well. A node with a provider ID is initialised as vSphere's provider
// does it.
func (c *Cluster) nodeReady(ctx context.Context, name, providerID string) error {
	err := c.api.patchStatus(ctx, name, object{"conditions": []any{
		condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
		condition("NetworkUnavailable", "False", "CiliumIsUp", "Cilium is running on this node"),
	}})
	if err != nil {
		return err
	}
	// The kubelet resets labels of the config to its own values.
	patch := object{"metadata": object{"labels": object{"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}}}
	if providerID != "" {
		patch["spec"] = object{"providerID": providerID}
	}
	if err := c.api.patchNode(ctx, name, patch); err != nil {
		return err
	}
	return c.api.setTaints(ctx, name, func(taints []any) []any {
		return slices.DeleteFunc(taints, func(t any) bool {
			taint, _ := t.(object)
			return slices.Contains(readyTaints, taint["key"])
		})
	})
}

// nodeLost does what the node controller does when a kubelet stops reporting.
func (c *Cluster) nodeLost(ctx context.Context, name, uuid string) error {
	node, err := c.api.getNode(ctx, name)
	if err != nil {
		if e, ok := err.(*apiError); ok && e.code == http.StatusNotFound {
			return nil
		}
		return err
	}
	status, _ := node["status"].(object)
	if info, _ := status["nodeInfo"].(object); info["systemUUID"] != uuid {
		return nil // another machine has taken the name
	}
	var unknown []any
	for _, kind := range []string{"Ready", "MemoryPressure", "DiskPressure", "PIDPressure"} {
		unknown = append(unknown, condition(kind, "Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status."))
	}
	if err := c.api.patchStatus(ctx, name, object{"conditions": unknown}); err != nil {
		return err
	}
	return c.api.setTaints(ctx, name, func(taints []any) []any {
		taints = slices.DeleteFunc(taints, func(t any) bool {
			taint, _ := t.(object)
			return taint["key"] == "node.kubernetes.io/unreachable" || taint["key"] == "node.kubernetes.io/not-ready"
		})
		for _, effect := range []string{"NoSchedule", "NoExecute"} {
			taints = append(taints, object{"key": "node.kubernetes.io/unreachable", "effect": effect, "timeAdded": now()})
		}
		return taints
	})
}

// sleep waits, and returns whether the time passed before ctx ended.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
