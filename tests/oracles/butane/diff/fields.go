// SPDX-License-Identifier: Apache-2.0

package main

import (
	"reflect"
	"strings"

	v1_0 "github.com/coreos/butane/config/flatcar/v1_0"
	v1_1 "github.com/coreos/butane/config/flatcar/v1_1"
	v1_2 "github.com/coreos/butane/config/flatcar/v1_2_exp"
	cutil "github.com/coreos/butane/config/util"
	t3_0 "github.com/coreos/ignition/v2/config/v3_0/types"
	t3_1 "github.com/coreos/ignition/v2/config/v3_1/types"
	t3_2 "github.com/coreos/ignition/v2/config/v3_2/types"
	t3_3 "github.com/coreos/ignition/v2/config/v3_3/types"
	t3_4 "github.com/coreos/ignition/v2/config/v3_4/types"
	t3_5 "github.com/coreos/ignition/v2/config/v3_5/types"
	t3_6 "github.com/coreos/ignition/v2/config/v3_6/types"
	t3_7 "github.com/coreos/ignition/v2/config/v3_7_experimental/types"
	"gopkg.in/yaml.v3"
)

// The fields of a document are read from Butane's own structs by reflection, which finds
// fields that our schema lacks.
type version struct {
	name, ignition string
	typ            reflect.Type
	json           bool // a version of Ignition ("3.4.0"), with its structs
	paths          map[string]reflect.Type
	sorted         []string
}

var versions = []*version{
	{name: "1.0.0", ignition: "3.3.0", typ: reflect.TypeOf(v1_0.Config{})},
	{name: "1.1.0", ignition: "3.4.0", typ: reflect.TypeOf(v1_1.Config{})},
	{name: "1.2.0-experimental", ignition: "3.7.0-experimental", typ: reflect.TypeOf(v1_2.Config{})},
}

// atLeast: that version of Butane or a later one, or an Ignition that it can make
func (v *version) atLeast(name string) bool {
	if v.json {
		return v.name >= map[string]string{"1.1.0": "3.4.0", "1.2.0": "3.5.0"}[name]
	}
	return v.name >= name
}

func (v *version) document() *node {
	if v.json {
		return mapping("ignition", mapping("version", v.name))
	}
	return mapping("variant", "flatcar", "version", v.name)
}

// Names that some structs had in older versions of Ignition.
func structName(t reflect.Type) string {
	switch t.Name() {
	case "FileContents", "ConfigReference", "CaReference":
		return "Resource"
	case "Custom":
		return "ClevisCustom"
	}
	return t.Name()
}

// The versions of Ignition, for check.
var specs = []*version{
	{name: "3.0.0", json: true, typ: reflect.TypeOf(t3_0.Config{})},
	{name: "3.1.0", json: true, typ: reflect.TypeOf(t3_1.Config{})},
	{name: "3.2.0", json: true, typ: reflect.TypeOf(t3_2.Config{})},
	{name: "3.3.0", json: true, typ: reflect.TypeOf(t3_3.Config{})},
	{name: "3.4.0", json: true, typ: reflect.TypeOf(t3_4.Config{})},
	{name: "3.5.0", json: true, typ: reflect.TypeOf(t3_5.Config{})},
	{name: "3.6.0", json: true, typ: reflect.TypeOf(t3_6.Config{})},
	{name: "3.7.0-experimental", json: true, typ: reflect.TypeOf(t3_7.Config{})},
}

// One field of a struct, by its key in YAML.
type member struct {
	key string
	typ reflect.Type // without its pointer
}

var memberCache = map[reflect.Type][]member{}

func init() {
	for _, v := range versions {
		v.readStructs()
	}
	for _, v := range specs {
		v.readStructs()
	}
}

// members of a struct, including embedded ones.  Ignition's keys are spelled as in Butane,
// so that both are made and broken by the same rules
func members(t reflect.Type) []member {
	if m, ok := memberCache[t]; ok {
		return m
	}
	var all []member
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		key, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if key == "" {
			key, _, _ = strings.Cut(f.Tag.Get("json"), ",")
			key = cutil.Snake(key)
		}
		if strings.Contains(options, "inline") || f.Anonymous {
			all = append(all, members(f.Type)...)
			continue
		}
		all = append(all, member{key, indirect(f.Type)})
	}
	memberCache[t] = all
	return all
}

func indirect(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Ptr {
		return t.Elem()
	}
	return t
}

// fieldPaths: every path of a version, with lists as "files[]", and its type
func fieldPaths(v *version) map[string]reflect.Type { return v.paths }

func (v *version) readStructs() {
	paths := map[string]reflect.Type{}
	var walk func(t reflect.Type, at string)
	walk = func(t reflect.Type, at string) {
		for _, m := range members(t) {
			p, t := at+m.key, m.typ
			for t.Kind() == reflect.Slice {
				p, t = p+"[]", indirect(t.Elem())
			}
			paths[p] = t
			if t.Kind() == reflect.Struct {
				walk(t, p+".")
			}
		}
	}
	walk(v.typ, "")
	v.paths, v.sorted = paths, sortedKeys(paths)
}

func sortedPaths(v *version) []string { return v.sorted }

// hits returns the fields that a document sets, as YAML reads it.
func hits(text []byte, v *version) []string {
	var doc yaml.Node
	if yaml.Unmarshal(text, &doc) != nil || len(doc.Content) == 0 {
		return nil
	}
	var found []string
	var walk func(n *yaml.Node, t reflect.Type, at string)
	walk = func(n *yaml.Node, t reflect.Type, at string) {
		if n.Kind == yaml.AliasNode {
			n = n.Alias
		}
		if n.Tag == "!!null" {
			return
		}
		if at != "" {
			found = append(found, at)
		}
		switch {
		case t.Kind() == reflect.Slice && n.Kind == yaml.SequenceNode:
			for _, kid := range n.Content {
				walk(kid, indirect(t.Elem()), at+"[]")
			}
		case t.Kind() == reflect.Struct && n.Kind == yaml.MappingNode:
			for i := 0; i+1 < len(n.Content); i += 2 {
				key := n.Content[i].Value
				if v.json {
					key = cutil.Snake(key)
				}
				for _, m := range members(t) {
					if m.key == key {
						walk(n.Content[i+1], m.typ, strings.TrimPrefix(at+".", ".")+m.key)
					}
				}
			}
		}
	}
	walk(doc.Content[0], v.typ, "")
	return found
}
