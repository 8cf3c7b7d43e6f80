// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"path"
	"slices"
	"strings"
)

// A unit is a systemd unit with its drop-ins, as far as the lab needs them.
type unit struct {
	name    string
	masked  bool
	there   bool // it has a file; if not, it may be Flatcar's own
	entries []entry
}

type entry struct{ section, key, value string }

// all returns a setting that may be repeated; an empty value clears the earlier
// ones.
func (u *unit) all(section, key string) []string {
	var values []string
	for _, e := range u.entries {
		if e.section != section || e.key != key {
			continue
		}
		if e.value == "" {
			values = nil
		} else {
			values = append(values, e.value)
		}
	}
	return values
}

// one returns a setting of which the last value counts.
func (u *unit) one(section, key string) string {
	if values := u.all(section, key); len(values) > 0 {
		return values[len(values)-1]
	}
	return ""
}

// names returns a setting that is a list of units.
func (u *unit) names(section, key string) []string {
	return strings.Fields(strings.Join(u.all(section, key), " "))
}

// finishes is true if "after this unit" means that its work is done.
func (u *unit) finishes() bool {
	switch u.one("Service", "Type") {
	case "oneshot", "forking", "notify", "dbus":
		return true
	}
	return false
}

func parseUnit(text string) []entry {
	var entries []entry
	section, held := "", ""
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimRight(line, "\r")
		bare := strings.TrimSpace(line)
		if strings.HasPrefix(bare, "#") || strings.HasPrefix(bare, ";") {
			continue // also between the lines of one setting
		}
		if before, more := strings.CutSuffix(strings.TrimRight(line, " \t"), `\`); more {
			held += strings.TrimLeft(before, " \t") + " "
			continue
		}
		bare = strings.TrimSpace(held + strings.TrimLeft(line, " \t"))
		held = ""
		if strings.HasPrefix(bare, "[") && strings.HasSuffix(bare, "]") {
			section = bare[1 : len(bare)-1]
		} else if key, value, ok := strings.Cut(bare, "="); ok {
			entries = append(entries, entry{section, strings.TrimSpace(key), strings.TrimSpace(value)})
		}
	}
	return entries
}

// The unit that the rke2 system extension contains.
const sysextAgent = `[Unit]
Wants=network-online.target
After=network-online.target
[Install]
WantedBy=multi-user.target
[Service]
Type=notify
Restart=always
RestartSec=5s
ExecStart=/usr/local/bin/rke2 agent
`

// A plan is what systemd would start at boot, and in which order.
type plan struct {
	sys    *system
	units  map[string]*unit
	pulls  map[string][]string // which unit starts which
	active map[string]bool
}

// Flatcar's default target, and what it starts by itself.
var bootTargets = []string{"multi-user.target", "default.target", "basic.target", "sysinit.target", "sockets.target",
	"timers.target", "paths.target", "local-fs.target", "remote-fs.target", "network.target", "systemd-networkd.service",
	"update-engine.service", "locksmithd.service"}

// The order of Flatcar's own units.
var vendorOrder = map[string][]string{
	"multi-user.target":                    {"basic.target"},
	"basic.target":                         {"sysinit.target", "sockets.target", "paths.target", "slices.target"},
	"sysinit.target":                       {"local-fs.target", "systemd-sysext.service"},
	"network-online.target":                {"network.target", "systemd-networkd-wait-online.service"},
	"systemd-networkd-wait-online.service": {"systemd-networkd.service"},
	"network.target":                       {"network-pre.target", "systemd-networkd.service"},
	"systemd-networkd.service":             {"network-pre.target"},
	"time-sync.target":                     {"systemd-time-wait-sync.service"},
}

func newPlan(s *system) *plan {
	p := &plan{sys: s, units: map[string]*unit{}, pulls: map[string][]string{}, active: map[string]bool{}}
	p.enable()
	p.wantsLinks()
	queue := slices.Clone(bootTargets)
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		u := p.unit(name)
		if p.active[name] || u.masked {
			continue
		}
		p.active[name] = true
		queue = append(queue, p.needs(u)...)
	}
	return p
}

// needs returns what starts because a unit starts.
func (p *plan) needs(u *unit) []string {
	next := slices.Clone(p.pulls[u.name])
	for _, key := range []string{"Wants", "Requires", "BindsTo", "Upholds"} {
		next = append(next, u.names("Unit", key)...)
	}
	ext := path.Ext(u.name)
	if sections := map[string]string{".timer": "Timer", ".path": "Path"}; sections[ext] != "" && u.there {
		starts := u.one(sections[ext], "Unit")
		if starts == "" {
			starts = strings.TrimSuffix(u.name, ext) + ".service"
		}
		next = append(next, starts)
	}
	return next
}

// unit reads a unit of the guest with its drop-ins.
func (p *plan) unit(name string) *unit {
	if u, ok := p.units[name]; ok {
		return u
	}
	u := &unit{name: name}
	p.units[name] = u
	template := name
	if at := strings.IndexByte(name, '@'); at >= 0 {
		template = name[:at+1] + path.Ext(name)
	}
	for _, file := range []string{name, template} {
		where := path.Join(unitDir, file)
		if p.sys.resolve(where) == "/dev/null" {
			u.masked = true
			return u
		}
		if f := p.sys.lookup(where); f != nil {
			u.there = true
			u.entries = parseUnit(string(f.data))
			break
		}
	}
	if !u.there && name == "rke2-agent.service" && p.sys.hasSysext("rke2") {
		u.there = true
		u.entries = parseUnit(sysextAgent)
	}
	for _, dir := range slices.Compact([]string{template, name}) {
		for _, dropin := range p.sys.below(path.Join(unitDir, dir+".d")) {
			if f := p.sys.lookup(dropin); f != nil && strings.HasSuffix(dropin, ".conf") {
				u.entries = append(u.entries, parseUnit(string(f.data))...)
			}
		}
	}
	return u
}

// enable does what preset-all does at the first boot: each unit that has a file
// when Ignition is done is enabled or not, by the first line that matches.
func (p *plan) enable() {
	lines := p.presetLines()
	for _, where := range p.sys.below(unitDir) {
		f := p.sys.files[where]
		if f.kind == "file" && p.preset(lines, path.Base(where)) {
			p.install(path.Base(where), map[string]bool{})
		}
	}
	for _, line := range lines {
		if line[0] == "enable" && strings.Contains(line[1], "@") && !strings.ContainsAny(line[1], "*?[") {
			if u := p.unit(line[1]); u.there && !strings.HasSuffix(strings.TrimSuffix(line[1], path.Ext(line[1])), "@") {
				p.install(line[1], map[string]bool{})
			}
		}
	}
}

func (p *plan) presetLines() [][2]string {
	var lines [][2]string
	for _, where := range p.sys.below(path.Dir(presetFile)) {
		f := p.sys.lookup(where)
		if f == nil || !strings.HasSuffix(where, ".preset") {
			continue
		}
		for line := range strings.SplitSeq(string(f.data), "\n") {
			if words := strings.Fields(line); len(words) >= 2 {
				lines = append(lines, [2]string{words[0], words[1]})
			}
		}
	}
	return lines
}

func (p *plan) preset(lines [][2]string, name string) bool {
	for _, line := range lines {
		if ok, _ := path.Match(line[1], name); ok {
			return line[0] == "enable"
		}
	}
	return false // Flatcar's own last line: disable *
}

// install makes the links that the [Install] section asks for.
func (p *plan) install(name string, seen map[string]bool) {
	if seen[name] {
		return
	}
	seen[name] = true
	u := p.unit(name)
	for _, key := range []string{"WantedBy", "RequiredBy", "UpheldBy"} {
		for _, target := range u.names("Install", key) {
			p.pulls[target] = append(p.pulls[target], name)
		}
	}
	for _, other := range u.names("Install", "Also") {
		p.install(other, seen)
	}
}

// wantsLinks reads links that a config writes below *.wants itself.
func (p *plan) wantsLinks() {
	for where := range p.sys.files {
		dir, name := path.Split(where)
		dir = path.Clean(dir)
		for _, ext := range []string{".wants", ".requires", ".upholds"} {
			if target, ok := strings.CutSuffix(path.Base(dir), ext); ok && path.Dir(dir) == unitDir {
				p.pulls[target] = append(p.pulls[target], name)
			}
		}
	}
}

// before is true if first is done, in every boot, when then starts.
func (p *plan) before(first, then string) bool {
	seen := map[string]bool{}
	queue := []string{then}
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		if seen[name] || (name != then && !p.active[name]) {
			continue // a unit that does not start delays nothing
		}
		seen[name] = true
		for _, earlier := range p.after(name) {
			if earlier == first {
				return true
			}
			queue = append(queue, earlier)
		}
	}
	return false
}

// after returns the units that a unit is ordered after.
func (p *plan) after(name string) []string {
	u := p.unit(name)
	earlier := append(u.names("Unit", "After"), vendorOrder[name]...)
	for other := range p.active {
		if slices.Contains(p.unit(other).names("Unit", "Before"), name) {
			earlier = append(earlier, other)
		}
	}
	if strings.HasSuffix(name, ".target") {
		// A target is reached when all units that it starts have
		// started.
		earlier = append(earlier, p.pulls[name]...)
	} else if u.there && u.one("Unit", "DefaultDependencies") != "no" {
		earlier = append(earlier, "basic.target", "sysinit.target")
	}
	return earlier
}
