// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// Property paths: "runtime.powerState", config.hardware.device[4000],
// config.extraConfig["guestinfo.x"].value.

type segment struct {
	name  string
	key   string
	keyed bool
}

func parsePath(path string) ([]segment, bool) {
	var segs []segment
	for path != "" {
		end := strings.IndexAny(path, ".[")
		if end < 0 {
			return append(segs, segment{name: path}), true
		}
		s := segment{name: path[:end]}
		rest := path[end:]
		if rest[0] == '[' {
			key, after, ok := cutKey(rest[1:])
			if !ok {
				return nil, false
			}
			s.key, s.keyed, rest = key, true, after
		}
		if s.name == "" {
			return nil, false
		}
		segs = append(segs, s)
		if rest == "" {
			return segs, true
		}
		if rest[0] != '.' {
			return nil, false
		}
		path = rest[1:]
	}
	return nil, false
}

// cutKey reads a key in brackets: a number, or a string in quotes.
func cutKey(s string) (key, after string, ok bool) {
	if strings.HasPrefix(s, `"`) {
		end := strings.Index(s[1:], `"]`)
		if end < 0 {
			return "", "", false
		}
		return s[1 : end+1], s[end+3:], true
	}
	end := strings.IndexByte(s, ']')
	if end <= 0 {
		return "", "", false
	}
	return s[:end], s[end+1:], true
}

type propField struct {
	index    []int
	optional bool // a zero value means unset
	typ      reflect.Type
	since    string
}

var propFields sync.Map // reflect.Type -> map[string]propField

func fieldsOf(t reflect.Type) map[string]propField {
	if m, ok := propFields.Load(t); ok {
		return m.(map[string]propField)
	}
	m := map[string]propField{}
	for _, f := range reflect.VisibleFields(t) {
		if f.Anonymous || !f.IsExported() || f.Name == "Self" {
			continue
		}
		tag, ok := f.Tag.Lookup("xml")
		if !ok {
			tag = f.Tag.Get("json")
		}
		parts := strings.Split(tag, ",")
		if parts[0] == "" || parts[0] == "-" {
			continue
		}
		m[parts[0]] = propField{index: f.Index, typ: f.Type, since: f.Tag.Get("vim"),
			optional: hasFlag(parts, "omitempty")}
	}
	propFields.Store(t, m)
	return m
}

// validPath is true if objects of a type can have this property at all; what is
// below an abstract type is known only with the object.
func validPath(t reflect.Type, path, version string) bool {
	segs, ok := parsePath(path)
	if !ok {
		return false
	}
	for _, s := range segs {
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Kind() == reflect.Interface {
			return true
		}
		if t.Kind() != reflect.Struct {
			return false
		}
		f, ok := fieldsOf(t)[s.name]
		if !ok || versionLess(version, f.since) {
			return false
		}
		t = f.typ
		if s.keyed {
			if t.Kind() != reflect.Slice {
				return false
			}
			t = t.Elem()
		}
	}
	return true
}

// propValue reads a property; false: it is unset.
func propValue(v reflect.Value, path string) (reflect.Value, bool) {
	segs, ok := parsePath(path)
	if !ok {
		return reflect.Value{}, false
	}
	for _, s := range segs {
		for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
			if v.IsNil() {
				return reflect.Value{}, false
			}
			v = v.Elem()
		}
		if v.Kind() != reflect.Struct {
			return reflect.Value{}, false
		}
		f, ok := fieldsOf(v.Type())[s.name]
		if !ok {
			return reflect.Value{}, false
		}
		v = v.FieldByIndex(f.index)
		if f.optional && v.IsZero() || isNil(v) || v.Kind() == reflect.String && v.Len() == 0 {
			return reflect.Value{}, false
		}
		if s.keyed {
			if v, ok = elementByKey(v, s.key); !ok {
				return reflect.Value{}, false
			}
		}
	}
	return v, true
}

func isNil(v reflect.Value) bool {
	return (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && v.IsNil()
}

func elementByKey(list reflect.Value, key string) (reflect.Value, bool) {
	if list.Kind() != reflect.Slice {
		return reflect.Value{}, false
	}
	for i := 0; i < list.Len(); i++ {
		e := list.Index(i)
		item := e
		for item.Kind() == reflect.Pointer || item.Kind() == reflect.Interface {
			item = item.Elem()
		}
		if item.Kind() != reflect.Struct {
			return reflect.Value{}, false
		}
		f, ok := fieldsOf(item.Type())["key"]
		if !ok {
			return reflect.Value{}, false
		}
		k := item.FieldByIndex(f.index)
		if k.Kind() == reflect.String && k.String() == key ||
			k.CanInt() && strconv.FormatInt(k.Int(), 10) == key {
			return e, true
		}
	}
	return reflect.Value{}, false
}

// wire converts a value for an anyType: lists become ArrayOfX.
func wire(v reflect.Value) types.AnyType {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if v.Kind() != reflect.Slice {
		return v.Interface()
	}
	switch l := v.Interface().(type) {
	case []string:
		return &types.ArrayOfString{String: l}
	case []byte:
		return &types.ArrayOfByte{Byte: l}
	case []int16:
		return &types.ArrayOfShort{Short: l}
	case []int32:
		return &types.ArrayOfInt{Int: l}
	case []int64:
		return &types.ArrayOfLong{Long: l}
	}
	kind := strings.TrimPrefix(v.Type().Elem().Name(), "Base")
	t, ok := typeByName("ArrayOf" + kind)
	if !ok {
		return v.Interface()
	}
	a := reflect.New(t)
	a.Elem().FieldByName(kind).Set(v)
	return a.Interface()
}

// moStruct finds the mo type in vcsim's wrapper around it.
func moStruct(obj mo.Reference) (reflect.Value, bool) {
	v := reflect.ValueOf(obj)
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	for v.Kind() == reflect.Struct {
		if strings.HasSuffix(v.Type().PkgPath(), "/mo") {
			return v, true
		}
		if v.NumField() == 0 {
			break
		}
		v = v.Field(0)
		if v.Kind() == reflect.Pointer {
			v = v.Elem()
		}
	}
	return reflect.Value{}, false
}

// isA is true if objects of struct type t are of the managed type name, or
// derived from it.
func isA(t reflect.Type, name string) bool {
	if t.Name() == name {
		return true
	}
	f, ok := t.FieldByName(name)
	return ok && f.Anonymous
}
