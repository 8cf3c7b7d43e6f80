// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// script returns everything that a service runs: its command lines, and the
// files of the config that they name.
func script(s *system, u *unit, keys ...string) string {
	var all strings.Builder
	for _, line := range commands(u, keys...) {
		all.WriteString(line + "\n")
		for _, word := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t\"';&|()", r) }) {
			if f := s.lookup(word); path.IsAbs(word) && f != nil && len(f.data) < 1<<20 {
				all.Write(f.data)
				all.WriteByte('\n')
			}
		}
	}
	return all.String()
}

// startable checks what a service needs of the config's own files before it can
// run. brought is a program that another service installs.
func startable(s *system, u *unit, brought string) error {
	for _, name := range u.all("Service", "EnvironmentFile") {
		if path.IsAbs(name) && !strings.ContainsAny(name, "%*?[") && s.lookup(name) == nil {
			return fmt.Errorf("unit %s: environment file '%s' does not exist", u.name, name)
		}
	}
	for _, key := range execKeys {
		for _, line := range u.all("Service", key) {
			bare := strings.TrimLeft(line, "-@:+!|")
			if strings.Contains(line[:len(line)-len(bare)], "-") {
				continue // its failure is ignored
			}
			program, _, _ := strings.Cut(bare, " ")
			if program == brought || !(strings.HasPrefix(program, "/opt/") || strings.HasPrefix(program, "/etc/")) {
				continue // Flatcar's own
			}
			if f := s.lookup(program); f == nil {
				return fmt.Errorf("unit %s: '%s' does not exist", u.name, program)
			} else if f.mode&0o111 == 0 {
				return fmt.Errorf("unit %s: '%s' cannot be executed: mode %04o", u.name, program, f.mode)
			}
		}
	}
	return nil
}

var execKeys = []string{"ExecStartPre", "ExecStart", "ExecStartPost"}

// hostname returns the host name when the agent starts; "localhost" if nothing
// sets it, since DHCP on VMware does not.
func hostname(s *system, p *plan, agent *unit, extra map[string]string) string {
	name := ""
	for _, karg := range s.kargs {
		if v, ok := strings.CutPrefix(karg, "systemd.hostname="); ok {
			name = v
		}
	}
	if f := s.lookup("/etc/hostname"); f != nil {
		for line := range strings.SplitSeq(string(f.data), "\n") {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
				name = line
				break
			}
		}
	}
	if given := strings.TrimSpace(extra["guestinfo.hostname"]); given != "" {
		for unit := range p.active {
			u := p.unit(unit)
			reads := strings.Contains(script(s, u, execKeys...), "guestinfo.hostname")
			if reads && (u == agent || startable(s, u, "") == nil) && ((u != agent && u.finishes() && p.before(unit, agent.name)) ||
				(u == agent && strings.Contains(script(s, u, "ExecStartPre"), "guestinfo.hostname"))) {
				name = given
			}
		}
	}
	if name == "" {
		name = "localhost"
	}
	return name
}

var (
	tarballName = regexp.MustCompile(`/[A-Za-z0-9._+@%/-]+\.(?:tar\.gz|tgz|tar\.zst|tar)\b`)
	unpacks     = regexp.MustCompile(`\btar\b`)
	unpackDir   = regexp.MustCompile(`(?:\s-[a-zA-Z]*C|--directory)[= ]?["']?(/[^\s"';]+)`)
	places      = regexp.MustCompile(`\b(?:curl|wget|install|cp|mv|ln)\b`)
	fetches     = regexp.MustCompile(`\b(?:curl|wget)\b`)
	versionForm = regexp.MustCompile(`v[0-9]+\.[0-9]+\.[0-9]+(?:-rc[0-9]+)?(?:\+|%2[Bb]|-)rke2r[0-9]+`)
)

// installed checks that the agent's program exists when the agent starts.
func installed(s *system, p *plan, agent *unit, program string) error {
	if !path.IsAbs(program) {
		program = "/usr/local/bin/" + program
	}
	if f := s.lookup(program); f != nil && (f.remote != "" || len(f.data) > 0) {
		if f.mode&0o111 == 0 {
			return fmt.Errorf("'%s' cannot be executed: mode %04o", program, f.mode)
		}
		return nil
	}
	if strings.HasPrefix(program, "/usr/") {
		if s.hasSysext("rke2") {
			return nil
		}
		return fmt.Errorf("nothing installs '%s': /usr is read-only, and there is no system extension rke2", program)
	}
	why := fmt.Errorf("nothing installs '%s'", program)
	for _, name := range slices.Sorted(maps.Keys(p.active)) {
		u := p.unit(name)
		keys := execKeys
		if u == agent {
			keys = []string{"ExecStartPre"}
		}
		text := strings.ReplaceAll(script(s, u, keys...), "%%", "%")
		if !puts(text, program) {
			continue
		}
		if missing := missingTarball(s, u, text); missing != "" {
			why = fmt.Errorf("unit %s: '%s' does not exist", name, missing)
			continue
		}
		if err := startable(s, u, program); err != nil {
			why = err
			continue
		}
		if u != agent && !(u.finishes() && p.before(name, agent.name)) && agent.one("Service", "Restart") == "" {
			why = fmt.Errorf("unit %s does not wait for %s, which installs it, and is not restarted", agent.name, name)
			continue
		}
		return nil
	}
	return why
}

// puts is true if a script would install the program: by unpacking a release
// into its prefix, with Rancher's installer, or by downloading it alone.
func puts(text, program string) bool {
	prefix := path.Dir(path.Dir(program))
	if strings.Contains(text, "get.rke2.io") || strings.Contains(text, "INSTALL_RKE2_") {
		return prefix == "/opt/rke2" || strings.Contains(text, "INSTALL_RKE2_TAR_PREFIX="+prefix)
	}
	if unpacks.MatchString(text) {
		// A folder that is written out must match; one in a variable
		// must be named somewhere.
		if dirs := unpackDir.FindAllStringSubmatch(text, -1); dirs != nil {
			return slices.ContainsFunc(dirs, func(m []string) bool { return path.Clean(m[1]) == prefix })
		}
		return regexp.MustCompile(regexp.QuoteMeta(prefix) + `(?:[/\s"';]|$)`).MatchString(text)
	}
	return strings.Contains(text, program) && places.MatchString(text)
}

// missingTarball returns an archive that a service unpacks and that neither
// Ignition nor the service itself provides.
func missingTarball(s *system, u *unit, text string) string {
	var names []string
	for _, value := range environment(s, u) {
		if tarballName.FindString(value) == value && value != "" {
			names = append(names, value)
		}
	}
	if !fetches.MatchString(text) && !strings.Contains(text, "get.rke2.io") {
		names = append(names, tarballName.FindAllString(text, -1)...)
	}
	for _, name := range names {
		if f := s.lookup(name); f == nil || (f.remote == "" && len(f.data) == 0) {
			return name
		}
	}
	return ""
}

// findVersion searches for an RKE2 version in what is downloaded and run.
func findVersion(s *system, p *plan) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		all = append(all, s.files[name].remote, name)
	}
	for _, name := range slices.Sorted(maps.Keys(p.active)) {
		all = append(all, script(s, p.unit(name), execKeys...))
	}
	found := versionForm.FindString(strings.Join(all, "\n"))
	if i := strings.LastIndex(found, "rke2r"); i > 0 {
		base := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(found[:i], "-"), "%2B"), "%2b")
		found = strings.TrimSuffix(base, "+") + "+" + found[i:]
	}
	return found
}
