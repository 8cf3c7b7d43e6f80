// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"bytes"
	"reflect"

	"github.com/vmware/govmomi/vim25/types"
)

// prune removes from a value what the stated API version does not have: the
// server silently omits such fields. The value may be the inventory's own, so it
// is copied first if anything is removed.
func prune(v types.AnyType, version string) types.AnyType {
	rv := reflect.ValueOf(v)
	t := rv.Type()
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || !anyNewer(rv, version, false) {
		return v
	}
	var b bytes.Buffer
	if err := types.NewJSONEncoder(&b).Encode(v); err != nil {
		panic(err)
	}
	dst := reflect.New(t)
	if err := types.NewJSONDecoder(&b).Decode(dst.Interface()); err != nil {
		panic(err)
	}
	anyNewer(dst, version, true)
	return dst.Interface()
}

// anyNewer looks for set fields that are newer than the version, and clears them
// if asked.
func anyNewer(v reflect.Value, version string, clear bool) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil() && anyNewer(v.Elem(), version, clear)
	case reflect.Slice:
		found := false
		for i := 0; i < v.Len(); i++ {
			found = anyNewer(v.Index(i), version, clear) || found
		}
		return found
	case reflect.Struct:
	default:
		return false
	}
	if v.Type() == typeTime || v.Type() == typeRef {
		return false
	}
	found := false
	for i := 0; i < v.NumField(); i++ {
		f := v.Field(i)
		if f.IsZero() {
			continue
		}
		if since := v.Type().Field(i).Tag.Get("vim"); since != "" && versionLess(version, since) {
			found = true
			if clear {
				f.SetZero()
			}
			continue
		}
		found = anyNewer(f, version, clear) || found
	}
	return found
}
