// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// wantsTable is true if the client prints tables: kubectl asks for rows, and
// prints little of anything else.
func wantsTable(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "as=Table")
}

var tableColumns = []any{
	object{"name": "Name", "type": "string", "format": "name", "priority": 0},
	object{"name": "Status", "type": "string", "format": "", "priority": 0},
	object{"name": "Roles", "type": "string", "format": "", "priority": 0},
	object{"name": "Age", "type": "string", "format": "", "priority": 0},
	object{"name": "Version", "type": "string", "format": "", "priority": 0},
	object{"name": "Internal-IP", "type": "string", "format": "", "priority": 1},
	object{"name": "External-IP", "type": "string", "format": "", "priority": 1},
	object{"name": "OS-Image", "type": "string", "format": "", "priority": 1},
	object{"name": "Kernel-Version", "type": "string", "format": "", "priority": 1},
	object{"name": "Container-Runtime", "type": "string", "format": "", "priority": 1},
}

// asTable converts a response with a node or a list of nodes to rows.
func asTable(o object) object {
	rows, ok := o["items"].([]object)
	if !ok {
		rows = []object{o}
	}
	return nodeTable(rows, meta(o))
}

// nodeTable converts nodes to a meta.k8s.io/v1 Table.
func nodeTable(nodes []object, metadata object) object {
	rows := []any{}
	for _, node := range nodes {
		head := object{"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": meta(node)}
		rows = append(rows, object{"cells": nodeCells(node), "object": head})
	}
	own := object{"resourceVersion": metadata["resourceVersion"]}
	for _, key := range []string{"continue", "remainingItemCount"} {
		if v, ok := metadata[key]; ok {
			own[key] = v
		}
	}
	return object{"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": own,
		"columnDefinitions": tableColumns, "rows": rows}
}

func nodeCells(node object) []any {
	spec, _ := node["spec"].(object)
	status, _ := node["status"].(object)
	info, _ := status["nodeInfo"].(object)
	state := "Unknown"
	for _, item := range list(status["conditions"]) {
		if o, _ := item.(object); o["type"] == "Ready" {
			state = map[any]string{"True": "Ready", "False": "NotReady"}[o["status"]]
			if state == "" {
				state = "NotReady"
			}
		}
	}
	if spec["unschedulable"] == true {
		state += ",SchedulingDisabled"
	}
	var roles []string
	labels, _ := meta(node)["labels"].(object)
	for key := range labels {
		if role, ok := strings.CutPrefix(key, "node-role.kubernetes.io/"); ok && role != "" {
			roles = append(roles, role)
		}
	}
	if slices.Sort(roles); len(roles) == 0 {
		roles = []string{"<none>"}
	}
	age := "<unknown>"
	if text, _ := meta(node)["creationTimestamp"].(string); text != "" {
		if made, err := time.Parse(time.RFC3339, text); err == nil {
			age = fmt.Sprintf("%ds", int(time.Since(made).Seconds()))
		}
	}
	address := "<none>"
	for _, item := range list(status["addresses"]) {
		if o, _ := item.(object); o["type"] == "InternalIP" {
			address, _ = o["address"].(string)
		}
	}
	text := func(key string) any {
		if v, ok := info[key]; ok {
			return v
		}
		return "<unknown>"
	}
	return []any{meta(node)["name"], state, strings.Join(roles, ","), age, text("kubeletVersion"), address, "<none>",
		text("osImage"), text("kernelVersion"), text("containerRuntimeVersion")}
}
