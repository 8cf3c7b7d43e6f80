package main

import (
	"fmt"
	"reflect"
	"strings"

	v1_0 "github.com/coreos/butane/config/flatcar/v1_0"
	v1_1 "github.com/coreos/butane/config/flatcar/v1_1"
	v1_2 "github.com/coreos/butane/config/flatcar/v1_2_exp"
	"gopkg.in/yaml.v3"
)

// What a document may hold is what the structs of Butane itself say, by
// reflection: a field that our own table lacks is found by that.
type version struct {
	name, ignition string
	typ            reflect.Type
	paths          map[string]reflect.Type
	sorted         []string
}

var versions = []*version{
	{name: "1.0.0", ignition: "3.3.0", typ: reflect.TypeOf(v1_0.Config{})},
	{name: "1.1.0", ignition: "3.4.0", typ: reflect.TypeOf(v1_1.Config{})},
	{name: "1.2.0-experimental", ignition: "3.7.0-experimental", typ: reflect.TypeOf(v1_2.Config{})},
}

func (v *version) atLeast(name string) bool { return v.name >= name }

func (v *version) document() *node { return mapping("variant", "flatcar", "version", v.name) }

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
}

// members of a struct, the embedded ones with them
func members(t reflect.Type) []member {
	if m, ok := memberCache[t]; ok {
		return m
	}
	var all []member
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		key, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if strings.Contains(options, "inline") {
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

// fieldPaths: every path of a version, lists as "files[]"; to its type
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

// hits says which fields a document gives a value, as YAML itself reads it.
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
				for _, m := range members(t) {
					if m.key == n.Content[i].Value {
						walk(n.Content[i+1], m.typ, strings.TrimPrefix(at+".", ".")+m.key)
					}
				}
			}
		}
	}
	walk(doc.Content[0], v.typ, "")
	return found
}

// The type at a path of a document ("storage", "files", "0", "mode"), or nil.
func (v *version) typeAt(path []string) reflect.Type {
	t := v.typ
steps:
	for _, step := range path {
		switch t.Kind() {
		case reflect.Slice:
			var i int
			if _, err := fmt.Sscan(step, &i); err != nil {
				return nil
			}
			t = indirect(t.Elem())
		case reflect.Struct:
			for _, m := range members(t) {
				if m.key == step {
					t = m.typ
					continue steps
				}
			}
			return nil
		default:
			return nil
		}
	}
	return t
}
