// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/coreos/ignition/v2/config/v3_7_experimental/types"
)

// A file of the guest's root: contents, or a link's target.
type file struct {
	kind   string // "file", "dir", "link"
	data   []byte
	remote string // source of the contents, if they are unknown
	target string
	mode   int
}

// A system is the guest's disk after Ignition: the files that are not Flatcar's
// own.
type system struct {
	files map[string]*file
	keys  map[string]int // ssh keys, by user
	kargs []string
}

const (
	unitDir    = "/etc/systemd/system"
	presetFile = "/etc/systemd/system-preset/20-ignition.preset"
)

// readOnly is where /usr, or a link into it, is in the path. Ignition fails when
// it has to write there.
func readOnly(p string) bool {
	if strings.HasPrefix(p, "/usr/share/oem/") {
		return false
	}
	for _, dir := range []string{"/usr", "/bin", "/sbin", "/lib", "/lib64"} {
		if p == dir || strings.HasPrefix(p, dir+"/") {
			return true
		}
	}
	return false
}

// build applies a config as Ignition's files stage does.
func build(config types.Config, f *fetcher) (*system, error) {
	s := &system{files: map[string]*file{}, keys: map[string]int{}}
	for _, karg := range config.KernelArguments.ShouldExist {
		s.kargs = append(s.kargs, string(karg))
	}
	for _, user := range config.Passwd.Users {
		if user.ShouldExist == nil || *user.ShouldExist {
			s.keys[user.Name] += len(user.SSHAuthorizedKeys)
		}
	}
	for _, dir := range config.Storage.Directories {
		mode := 0o755
		if dir.Mode != nil {
			mode = *dir.Mode
		}
		if err := s.put(dir.Path, &file{kind: "dir", mode: mode}, true); err != nil {
			return nil, err
		}
	}
	for _, entry := range config.Storage.Files {
		if err := s.addFile(entry, f); err != nil {
			return nil, err
		}
	}
	for _, link := range config.Storage.Links {
		if link.Target == nil {
			continue
		}
		made := &file{kind: "link", target: *link.Target, mode: 0o777}
		if link.Hard != nil && *link.Hard {
			old := s.files[s.resolve(*link.Target)]
			if old == nil {
				return nil, fmt.Errorf("link %s: no file '%s'", link.Path, *link.Target)
			}
			made = old
		}
		if err := s.put(link.Path, made, link.Overwrite != nil && *link.Overwrite); err != nil {
			return nil, err
		}
	}
	return s, s.addUnits(config.Systemd.Units)
}

func (s *system) put(p string, f *file, overwrite bool) error {
	p = path.Clean(p)
	if readOnly(p) {
		return fmt.Errorf("%s: read-only file system", p)
	}
	if old := s.files[p]; old != nil && !overwrite && old != f {
		return fmt.Errorf("%s: exists already", p)
	}
	s.files[p] = f
	return nil
}

func (s *system) addFile(entry types.File, f *fetcher) error {
	made := &file{kind: "file", mode: 0o644}
	if entry.Mode != nil {
		made.mode = *entry.Mode
	}
	for _, resource := range append([]types.Resource{entry.Contents}, entry.Append...) {
		got, err := f.get(resource)
		if err != nil {
			return fmt.Errorf("%s: %w", entry.Path, err)
		}
		made.data = append(made.data, got.data...)
		if got.remote != "" {
			made.remote = got.remote
		}
	}
	return s.put(entry.Path, made, true)
}

// addUnits writes units, drop-ins, masks, and the preset that enables them.
func (s *system) addUnits(units []types.Unit) error {
	var preset strings.Builder
	for _, unit := range units {
		where := path.Join(unitDir, unit.Name)
		if unit.Contents != nil && *unit.Contents != "" {
			s.files[where] = &file{kind: "file", data: []byte(*unit.Contents), mode: 0o644}
		}
		for _, dropin := range unit.Dropins {
			if dropin.Contents != nil && *dropin.Contents != "" {
				s.files[path.Join(where+".d", dropin.Name)] = &file{kind: "file", data: []byte(*dropin.Contents), mode: 0o644}
			}
		}
		if unit.Mask != nil && *unit.Mask {
			s.files[where] = &file{kind: "link", target: "/dev/null", mode: 0o777}
		}
		if unit.Enabled != nil {
			verb := "disable"
			if *unit.Enabled {
				verb = "enable"
			}
			fmt.Fprintf(&preset, "%s %s\n", verb, unit.Name)
		}
	}
	if preset.Len() > 0 {
		s.files[presetFile] = &file{kind: "file", data: []byte(preset.String()), mode: 0o644}
	}
	return nil
}

// resolve follows the links of the guest's root.
func (s *system) resolve(p string) string {
	p = path.Clean(p)
	for range 40 {
		at, rest, moved := "", strings.Split(strings.TrimPrefix(p, "/"), "/"), false
		for i, part := range rest {
			at += "/" + part
			link := s.files[at]
			if link == nil || link.kind != "link" {
				continue
			}
			target := link.target
			if !path.IsAbs(target) {
				target = path.Join(path.Dir(at), target)
			}
			p, moved = path.Join(append([]string{target}, rest[i+1:]...)...), true
			break
		}
		if !moved {
			return p
		}
	}
	return p
}

// lookup returns the file at a path, following links; nil if Ignition wrote
// none.
func (s *system) lookup(p string) *file {
	f := s.files[s.resolve(p)]
	if f == nil || f.kind == "link" {
		return nil
	}
	return f
}

// below returns the paths directly below a folder, sorted.
func (s *system) below(dir string) []string {
	var found []string
	for _, p := range slices.Sorted(maps.Keys(s.files)) {
		if path.Dir(p) == dir {
			found = append(found, p)
		}
	}
	return found
}

// hasSysext is true if a system extension of that name is merged at boot.
func (s *system) hasSysext(name string) bool {
	for _, dir := range []string{"/etc/extensions", "/var/lib/extensions", "/run/extensions"} {
		for _, p := range []string{path.Join(dir, name+".raw"), path.Join(dir, name)} {
			if f := s.lookup(p); f != nil && (f.kind == "dir" || f.remote != "" || len(f.data) > 0) {
				return true
			}
		}
	}
	return false
}
