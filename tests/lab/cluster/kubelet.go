// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// check finds what the agent or its kubelet would reject at the start.
func (w *worker) check(s *system) error {
	for _, need := range []string{"server"} {
		if w.text(need) == "" {
			return fmt.Errorf("config.yaml: no '%s'", need)
		}
	}
	if w.text("node-external-ip") != "" && w.text("cloud-provider-name") != "" {
		return fmt.Errorf("config.yaml: 'node-external-ip' cannot be combined with 'cloud-provider-name'")
	}
	if w.text("profile") != "" {
		if missing := missingSysctls(s); missing != "" {
			return fmt.Errorf("profile '%s': sysctl %s is not set", w.text("profile"), missing)
		}
	}
	name := w.nodeName("")
	if name == "localhost" {
		return fmt.Errorf("hostname is localhost: no /etc/hostname, and no unit sets guestinfo.hostname before the agent starts")
	}
	if len(name) > 253 || !nameForm.MatchString(name) {
		return fmt.Errorf("'%s' is not a node name", name)
	}
	return nil
}

// nodeName returns the name of the node; id is appended if the config asks for
// it.
func (w *worker) nodeName(id string) string {
	name := w.text("node-name")
	if name == "" {
		name = w.hostname
	}
	if id != "" && w.text("with-node-id") == "true" {
		name += "-" + id
	}
	return strings.ToLower(name)
}

// kubelet checks what only the kubelet checks: it exits on these after the agent
// was accepted.
func (w *worker) kubelet() (map[string]string, []any, error) {
	labels := map[string]string{}
	all := texts(w.settings["node-label"])
	for _, arg := range texts(w.settings["kubelet-arg"]) {
		if list, ok := strings.CutPrefix(arg, "node-labels="); ok {
			all = append(all, strings.Split(list, ",")...)
		}
	}
	for _, label := range all {
		key, value, _ := strings.Cut(label, "=")
		if why := checkLabel(key, value); why != "" {
			return nil, nil, fmt.Errorf("node-label: %s", why)
		}
		labels[key] = value
	}
	var refused []string
	for key := range labels {
		if !kubeletMaySet(key) {
			refused = append(refused, key)
		}
	}
	if slices.Sort(refused); len(refused) > 0 {
		return nil, nil, fmt.Errorf("failed to validate kubelet flags: unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels: %v", refused)
	}
	var taints []any
	for _, taint := range texts(w.settings["node-taint"]) {
		m := taintForm.FindStringSubmatch(taint)
		if m == nil || checkLabel(m[1], m[2]) != "" {
			return nil, nil, fmt.Errorf("node-taint: '%s' is not a taint", taint)
		}
		made := object{"key": m[1], "effect": m[3]}
		if m[2] != "" {
			made["value"] = m[2]
		}
		taints = append(taints, made)
	}
	return labels, taints, nil
}

var taintForm = regexp.MustCompile(`^([^=:]+)(?:=([^=:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$`)

// The labels below kubernetes.io and k8s.io that a kubelet may set on its own
// node (k8s.io/kubelet/pkg/apis/well_known_labels.go).
var wellKnownLabels = strings.Fields(`
	kubernetes.io/hostname kubernetes.io/os kubernetes.io/arch beta.kubernetes.io/os beta.kubernetes.io/arch
	beta.kubernetes.io/instance-type node.kubernetes.io/instance-type
	failure-domain.beta.kubernetes.io/region failure-domain.beta.kubernetes.io/zone
	topology.kubernetes.io/region topology.kubernetes.io/zone`)

func kubeletMaySet(key string) bool {
	domain, _, ok := strings.Cut(key, "/")
	if !ok || slices.Contains(wellKnownLabels, key) {
		return true
	}
	for _, allowed := range []string{"kubelet.kubernetes.io", "node.kubernetes.io"} {
		if domain == allowed || strings.HasSuffix(domain, "."+allowed) {
			return true
		}
	}
	for _, own := range []string{"kubernetes.io", "k8s.io"} {
		if domain == own || strings.HasSuffix(domain, "."+own) {
			return false
		}
	}
	return true
}

// missingSysctls returns a setting that profile: cis checks and that no file of
// the config sets.
func missingSysctls(s *system) string {
	var text strings.Builder
	for _, dir := range []string{"/etc/sysctl.d", "/etc"} {
		for _, p := range s.below(dir) {
			if f := s.lookup(p); f != nil && strings.HasSuffix(p, ".conf") && (dir != "/etc" || p == "/etc/sysctl.conf") {
				text.Write(f.data)
				text.WriteByte('\n')
			}
		}
	}
	set := strings.NewReplacer(" ", "", "\t", "").Replace(text.String())
	for _, want := range []string{"vm.overcommit_memory=1", "vm.panic_on_oom=0", "kernel.panic=10", "kernel.panic_on_oops=1"} {
		if !slices.Contains(strings.Split(set, "\n"), want) {
			return want
		}
	}
	return ""
}
