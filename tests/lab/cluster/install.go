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

// script gives all that a service runs: its command lines, and those files of
// the config they name.
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

// startable checks what a service needs of the config's own files before its
// work can begin. brought is a program that another service puts there.
func startable(s *system, u *unit, brought string) error {
	for _, name := range u.all("Service", "EnvironmentFile") {
		if path.IsAbs(name) && !strings.ContainsAny(name, "%*?[") && s.lookup(name) == nil {
			return fmt.Errorf("unit %s: environment file '%s' is not there", u.name, name)
		}
	}
	for _, key := range execKeys {
		for _, line := range u.all("Service", key) {
			bare := strings.TrimLeft(line, "-@:+!|")
			if strings.Contains(line[:len(line)-len(bare)], "-") {
				continue // it may fail
			}
			program, _, _ := strings.Cut(bare, " ")
			if program == brought || !(strings.HasPrefix(program, "/opt/") || strings.HasPrefix(program, "/etc/")) {
				continue // Flatcar's own
			}
			if f := s.lookup(program); f == nil {
				return fmt.Errorf("unit %s: '%s' is not there", u.name, program)
			} else if f.mode&0o111 == 0 {
				return fmt.Errorf("unit %s: '%s' cannot be executed: mode %04o", u.name, program, f.mode)
			}
		}
	}
	return nil
}

var execKeys = []string{"ExecStartPre", "ExecStart", "ExecStartPost"}

// hostname gives the name the guest has when its agent starts; "localhost" if
// nobody gives it one, as DHCP on VMware does not.
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

// installed checks that the agent's program is there when the agent starts.
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
		return fmt.Errorf("nothing puts '%s' there: /usr is read-only, and there is no system extension rke2", program)
	}
	why := fmt.Errorf("nothing puts '%s' there", program)
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
			why = fmt.Errorf("unit %s: '%s' is not there", name, missing)
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

// puts says whether a script would make the program: by unpacking a release
// into its prefix, by Rancher's installer, or by fetching it alone.
func puts(text, program string) bool {
	prefix := path.Dir(path.Dir(program))
	if strings.Contains(text, "get.rke2.io") || strings.Contains(text, "INSTALL_RKE2_") {
		return prefix == "/opt/rke2" || strings.Contains(text, "INSTALL_RKE2_TAR_PREFIX="+prefix)
	}
	if unpacks.MatchString(text) {
		// A folder given plainly must be the one; one in a variable has to be
		// named somewhere.
		if dirs := unpackDir.FindAllStringSubmatch(text, -1); dirs != nil {
			return slices.ContainsFunc(dirs, func(m []string) bool { return path.Clean(m[1]) == prefix })
		}
		return regexp.MustCompile(regexp.QuoteMeta(prefix) + `(?:[/\s"';]|$)`).MatchString(text)
	}
	return strings.Contains(text, program) && places.MatchString(text)
}

// missingTarball names an archive that a service unpacks and that neither
// Ignition nor the service itself brings.
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

// findVersion looks for a version of RKE2 in what is fetched and run.
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
