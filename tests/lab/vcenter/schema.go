// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/vmware/govmomi/vim25/types"
)

// govmomi's structs are generated from the WSDL in schema order, the base type's
// fields first, so the Go types are the schema: element order, required or not
// (no omitempty, and no pointer), list or not, and since which API version (the
// vim tag).

type field struct {
	name     string
	typ      reflect.Type // of one element
	required bool
	list     bool
	since    string
}

var (
	typeByName = types.TypeFunc()
	schemas    sync.Map // reflect.Type -> []field

	typeRef   = reflect.TypeOf(types.ManagedObjectReference{})
	typeTime  = reflect.TypeOf(time.Time{})
	typeBytes = reflect.TypeOf(types.ByteSlice{})
)

func schemaOf(t reflect.Type) []field {
	if f, ok := schemas.Load(t); ok {
		return f.([]field)
	}
	fields := structFields(t)
	schemas.Store(t, fields)
	return fields
}

func structFields(t reflect.Type) []field {
	var fields []field
	for i := 0; i < t.NumField(); i++ {
		sf := t.Field(i)
		if sf.Anonymous {
			fields = append(fields, structFields(sf.Type)...)
			continue
		}
		tag := strings.Split(sf.Tag.Get("xml"), ",")
		if tag[0] == "" || tag[0] == "-" || hasFlag(tag, "attr") {
			continue
		}
		f := field{name: tag[0], typ: sf.Type, since: sf.Tag.Get("vim")}
		f.required = !hasFlag(tag, "omitempty") && sf.Type.Kind() != reflect.Pointer
		if isList(sf.Type) {
			f.list = true
			f.typ = sf.Type.Elem()
		}
		if f.typ.Kind() == reflect.Pointer {
			f.typ = f.typ.Elem()
		}
		fields = append(fields, f)
	}
	return fields
}

func hasFlag(tag []string, flag string) bool {
	for _, t := range tag[1:] {
		if t == flag {
			return true
		}
	}
	return false
}

// isList tells a repeated element from base64 data, which is a slice in Go as
// well.
func isList(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t != typeBytes &&
		t.Elem().Kind() != reflect.Uint8
}

// vmodlName is the name of a type in vpxd's messages.
func vmodlName(t reflect.Type) string {
	name := t.Name()
	for _, p := range []struct{ wsdl, vmodl string }{
		{"VirtualMachine", "vim.vm."}, {"VirtualDevice", "vim.vm.device.VirtualDevice"},
		{"VirtualDisk", "vim.vm.device.VirtualDisk"},
		{"VirtualEthernetCard", "vim.vm.device.VirtualEthernetCard"},
		{"OptionValue", "vim.option.OptionValue"},
		{"PropertyFilterSpec", "vmodl.query.PropertyCollector.FilterSpec"},
	} {
		if rest, ok := strings.CutPrefix(name, p.wsdl); ok && (rest != "" || p.wsdl == name) {
			return p.vmodl + rest
		}
	}
	return "vim." + name
}

// embeds is true if t is base or derived from it.
func embeds(t, base reflect.Type) bool {
	if t == base {
		return true
	}
	if t.Kind() != reflect.Struct || t.NumField() == 0 || !t.Field(0).Anonymous {
		return false
	}
	return embeds(t.Field(0).Type, base)
}

// versionLess compares dotted API versions: 8.0.1.0 < 8.0.3.0 < 9.0.
func versionLess(a, b string) bool {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := 0; i < len(as) || i < len(bs); i++ {
		x, y := part(as, i), part(bs, i)
		if x != y {
			return x < y
		}
	}
	return false
}

func part(p []string, i int) int {
	if i >= len(p) {
		return 0
	}
	n, err := strconv.Atoi(p[i])
	if err != nil {
		return 0
	}
	return n
}

// enumValues returns the values of an enumeration, nil for a plain string.
func enumValues(t reflect.Type) []string {
	m, ok := t.MethodByName("Strings")
	if !ok || t.PkgPath() == "" || m.Type.NumIn() != 1 {
		return nil
	}
	out := m.Func.Call([]reflect.Value{reflect.Zero(t)})
	v, _ := out[0].Interface().([]string)
	return v
}
