// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// A worker is the RKE2 agent that the guest's disk would start, with its
// settings.
type worker struct {
	agent    string // the unit
	settings map[string]any
	hostname string
	version  string // of RKE2, if the config tells; else ""
}

// The settings of an RKE2 agent (rke2-docs, reference/linux_agent_config.md, and
// the flags it shares with k3s). RKE2 itself skips unknown ones with a warning
// in its log; here they are an error, since a skipped setting is never intended.
var agentSettings = strings.Fields(`
	config debug data-dir token token-file server node-name with-node-id node-label node-taint
	image-credential-provider-bin-dir image-credential-provider-config selinux lb-server-port
	protect-kernel-defaults container-runtime-endpoint default-runtime nonroot-devices snapshotter private-registry
	system-default-registry disable-default-registry-endpoint airgap-extra-registry node-ip bind-address
	node-external-ip node-internal-dns node-external-dns resolv-conf kubelet-arg kube-proxy-arg
	control-plane-resource-requests control-plane-resource-limits control-plane-probe-configuration
	kube-apiserver-extra-mount kube-scheduler-extra-mount kube-controller-manager-extra-mount
	kube-proxy-extra-mount etcd-extra-mount cloud-controller-manager-extra-mount kube-apiserver-extra-env
	kube-scheduler-extra-env kube-controller-manager-extra-env kube-proxy-extra-env etcd-extra-env
	cloud-controller-manager-extra-env kube-apiserver-image kube-controller-manager-image
	cloud-controller-manager-image kube-proxy-image kube-scheduler-image pause-image runtime-image etcd-image
	cloud-provider-name cloud-provider-config profile audit-policy-file pod-security-admission-config-file
	kubelet-path enable-pprof vmodule v log alsologtostderr prefer-bundled-bin`)

var settingForm = regexp.MustCompile(`^[a-z][a-z-]{0,60}$`)

// judge finds out whether the guest becomes a worker that could join; the error
// says why not. extra is the VM's extraConfig.
func judge(s *system, p *plan, extra map[string]string) (*worker, error) {
	w := &worker{settings: map[string]any{}}
	u, err := findAgent(p)
	if err != nil {
		return w, err
	}
	w.agent = u.name
	program, args := agentCommand(u)
	if err := w.readSettings(s, u, args); err != nil {
		return w, err
	}
	w.hostname = hostname(s, p, u, extra)
	if err := installed(s, p, u, program); err != nil {
		return w, err
	}
	if err := startable(s, u, program); err != nil {
		return w, err
	}
	w.version = findVersion(s, p)
	return w, w.check(s)
}

// commands returns the command lines of a service, all or those of one key.
func commands(u *unit, keys ...string) []string {
	var lines []string
	for _, key := range keys {
		for _, line := range u.all("Service", key) {
			lines = append(lines, strings.TrimLeft(line, "-@:+!|"))
		}
	}
	return lines
}

// agentCommand returns the program and arguments of a unit that runs the agent;
// "" if it does not.
func agentCommand(u *unit) (string, []string) {
	for _, line := range commands(u, "ExecStart") {
		words := strings.Fields(strings.NewReplacer(`"`, "", "'", "").Replace(line))
		for i, word := range words {
			if path.Base(word) != "rke2" {
				continue
			}
			for j := i + 1; j < len(words); j++ {
				if words[j] == "agent" {
					return word, words[j+1:]
				}
			}
		}
	}
	return "", nil
}

// findAgent returns the unit that starts the agent at boot.
func findAgent(p *plan) (*unit, error) {
	for _, name := range slices.Sorted(maps.Keys(p.active)) {
		if program, _ := agentCommand(p.unit(name)); program != "" {
			return p.unit(name), nil
		}
	}
	for _, where := range p.sys.below(unitDir) {
		name := path.Base(where)
		u := p.unit(name)
		if u.masked && strings.HasPrefix(name, "rke2-agent") {
			return nil, fmt.Errorf("unit %s is masked", name)
		}
		if program, _ := agentCommand(u); program != "" {
			return nil, fmt.Errorf("unit %s is not enabled", name)
		}
	}
	if p.active["rke2-agent.service"] || strings.Contains(presetText(p.sys), " rke2-agent.service") {
		return nil, fmt.Errorf("unit rke2-agent.service is to start, but does not exist when Ignition runs")
	}
	return nil, fmt.Errorf("no unit runs 'rke2 agent'")
}

func presetText(s *system) string {
	if f := s.lookup(presetFile); f != nil {
		return string(f.data)
	}
	return ""
}

// readSettings collects the agent's settings from where it reads them: config
// file, the folder beside it, environment, command line.
func (w *worker) readSettings(s *system, u *unit, args []string) error {
	config := "/etc/rancher/rke2/config.yaml"
	given := flags(args)
	env := environment(s, u)
	if v := env["RKE2_CONFIG_FILE"]; v != "" {
		config = v
	}
	if v, ok := given["config"].(string); ok {
		config = v
	}
	files := []string{config}
	for _, p := range s.below(config + ".d") {
		if strings.HasSuffix(p, ".yaml") || strings.HasSuffix(p, ".yml") {
			files = append(files, p)
		}
	}
	for _, name := range files {
		f := s.lookup(name)
		if f == nil {
			continue
		}
		if f.remote != "" {
			return fmt.Errorf("%s: its contents cannot be reached from the lab", name)
		}
		if err := w.merge(name, f.data); err != nil {
			return err
		}
	}
	for name, key := range map[string]string{"RKE2_URL": "server", "RKE2_TOKEN": "token",
		"RKE2_TOKEN_FILE": "token-file", "RKE2_NODE_NAME": "node-name"} {
		if v := env[name]; v != "" {
			w.settings[key] = v
		}
	}
	maps.Copy(w.settings, given)
	if len(w.settings) == 0 {
		return fmt.Errorf("no %s", config)
	}
	return nil
}

// merge adds a config file: later files win, "key+" appends to a list.
func (w *worker) merge(name string, text []byte) error {
	var doc map[string]any
	if err := yaml.Unmarshal(text, &doc); err != nil {
		// The parser's message may quote the file, and so the token.
		return fmt.Errorf("%s: not a YAML mapping", name)
	}
	for _, key := range slices.Sorted(maps.Keys(doc)) {
		bare, adds := strings.CutSuffix(key, "+")
		if !slices.Contains(agentSettings, bare) {
			if !settingForm.MatchString(bare) {
				bare = "..." // it may be any text, even a secret
			}
			return fmt.Errorf("%s: '%s' is not a setting of an RKE2 agent", name, bare)
		}
		if adds {
			var items []any
			for _, v := range []any{w.settings[bare], doc[key]} {
				for _, item := range texts(v) {
					items = append(items, item)
				}
			}
			w.settings[bare] = items
		} else {
			w.settings[bare] = doc[key]
		}
	}
	return nil
}

// flags reads --key=value, --key value, and --key.
func flags(args []string) map[string]any {
	found := map[string]any{}
	for i := 0; i < len(args); i++ {
		key, ok := strings.CutPrefix(args[i], "-")
		if !ok {
			continue
		}
		key = strings.TrimPrefix(key, "-")
		if name, value, ok := strings.Cut(key, "="); ok {
			found[name] = value
		} else if i+1 < len(args) && !strings.HasPrefix(args[i+1], "-") {
			found[key] = args[i+1]
			i++
		} else {
			found[key] = true
		}
	}
	return found
}

// environment returns the environment of a service.
func environment(s *system, u *unit) map[string]string {
	env := map[string]string{}
	for _, line := range u.all("Service", "Environment") {
		for _, word := range strings.Fields(line) {
			if key, value, ok := strings.Cut(strings.Trim(word, `"'`), "="); ok {
				env[key] = value
			}
		}
	}
	for _, name := range u.all("Service", "EnvironmentFile") {
		name = strings.ReplaceAll(strings.TrimPrefix(name, "-"), "%N", strings.TrimSuffix(u.name, path.Ext(u.name)))
		f := s.lookup(name)
		if f == nil {
			continue
		}
		for line := range strings.SplitSeq(string(f.data), "\n") {
			if key, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(key, "#") {
				env[key] = strings.Trim(value, `"'`)
			}
		}
	}
	return env
}

// text returns a setting with one value; "" if it is not set.
func (w *worker) text(key string) string {
	if all := texts(w.settings[key]); len(all) > 0 {
		return all[len(all)-1]
	}
	return ""
}

// texts returns a setting as a list; the agent accepts both forms.
func texts(v any) []string {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		var all []string
		for _, item := range v {
			all = append(all, fmt.Sprint(item))
		}
		return all
	}
	return []string{fmt.Sprint(v)}
}
