// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"math/rand"
	"sort"
	"strings"
)

// Sections that get many fields and are then broken, each in its own document.
var sections = [][]string{{"ignition"}, {"kernel_arguments"}, {"passwd"}, {"storage"}, {"systemd"}}

// The parts of storage have their own documents, so that these stay small, and so have
// parts that conflict with the rest.  Not all of them are valid.
func richDocs(v *version) (all []*node, valid int) {
	rng := rand.New(rand.NewSource(7))
	for _, s := range sections {
		n := newMaker(rng, v, true).document(s...)
		if st := n.get("storage"); st != nil {
			for i, key := range st.keys {
				part := v.document()
				part.set("storage", mapping(key, st.kids[i]))
				all = append(all, part)
			}
			continue
		}
		all = append(all, n)
	}
	valid = len(all)
	there := map[string]bool{}
	for _, n := range all {
		n.walk(nil, func(path []string, _ *node, _ int) { there[fieldOf(path)] = true })
	}
	m := newMaker(rng, v, true)
	for _, path := range sortedPaths(v) {
		if !there[path] && !there[strings.TrimSuffix(path, "[]")] && !refusedByVariant(v, path) {
			key := strings.TrimRight(path[strings.LastIndex(path, ".")+1:], "[]")
			all = append(all, place(v, path, m.value(fieldPaths(v)[path], ownerOf(v, path), key)))
		}
	}
	return all, valid
}

// Fields of Butane that the flatcar variant does not have.
func refusedByVariant(v *version, path string) bool {
	return !v.json && (strings.Contains(path, "luks[].cex.") || !v.atLeast("1.2.0") && strings.Contains(path, "luks[].clevis."))
}

// One way to break the value at a place, given by parent and index; false: it does not
// apply there.
type spoil struct {
	name string
	rare bool // not for each field
	do   func(parent *node, i int) bool
}

func replaced(name string, with func() *node) spoil {
	return spoil{name: name, do: func(p *node, i int) bool {
		p.kids[i] = with()
		return true
	}}
}

// For one of three fields: almost the same as another way.
func rarely(name string, with func() *node) spoil {
	s := replaced(name, with)
	s.rare = true
	return s
}

var spoils = []spoil{
	{name: "removed", do: func(p *node, i int) bool {
		if p.kind == 'm' {
			p.del(p.keys[i])
		} else {
			p.kids = append(p.kids[:i:i], p.kids[i+1:]...)
		}
		return true
	}},
	replaced("null", func() *node { return raw("~") }),
	rarely("nothing", func() *node { return raw("") }),
	replaced("a string", func() *node { return str("some text") }),
	replaced("an empty string", func() *node { return str("") }),
	replaced("a number", func() *node { return num(7) }),
	rarely("zero", func() *node { return num(0) }),
	replaced("negative", func() *node { return num(-1) }),
	replaced("huge", func() *node { return raw("99999999999999999999") }),
	rarely("large", func() *node { return raw("9223372036854775807") }),
	rarely("a fraction", func() *node { return raw("1.5") }),
	replaced("a bool", func() *node { return boolean(true) }),
	rarely("false", func() *node { return boolean(false) }),
	rarely("an old bool", func() *node { return raw("yes") }),
	replaced("a number in quotes", func() *node { return raw(`"5"`) }),
	rarely("a bool in quotes", func() *node { return raw(`"true"`) }),
	replaced("an empty list", func() *node { return list() }),
	replaced("a list", func() *node { return list(str("a"), str("b")) }),
	rarely("a list of maps", func() *node { return list(mapping("name", "a")) }),
	rarely("a list of null", func() *node { return list(raw("~")) }),
	rarely("an empty map", func() *node { return mapping() }),
	replaced("a map", func() *node { return mapping("a", "b") }),
	{name: "twice in the list", do: func(p *node, i int) bool {
		if p.kind != 'l' {
			return false
		}
		p.kids = append(p.kids, p.kids[i].copy())
		return true
	}},
	{name: "null before it", do: func(p *node, i int) bool {
		if p.kind != 'l' {
			return false
		}
		p.kids = append(p.kids[:i:i], append([]*node{raw("~")}, p.kids[i:]...)...)
		return true
	}},
	{name: "empty map after it", do: func(p *node, i int) bool {
		if p.kind != 'l' {
			return false
		}
		p.kids = append(p.kids, mapping())
		return true
	}},
	{name: "key twice", do: func(p *node, i int) bool {
		if p.kind != 'm' {
			return false
		}
		p.add(p.keys[i], p.kids[i].copy())
		return true
	}},
	{name: "misspelt", do: func(p *node, i int) bool {
		if p.kind != 'm' {
			return false
		}
		p.keys[i] = misspelt(p.keys[i])
		return true
	}},
	{name: "misspelt beside it", do: func(p *node, i int) bool {
		if p.kind != 'm' {
			return false
		}
		p.add(misspelt(p.keys[i]), p.kids[i].copy())
		return true
	}},
	{name: "in capitals", do: func(p *node, i int) bool {
		if p.kind != 'm' {
			return false
		}
		p.keys[i] = strings.ToUpper(p.keys[i])
		return true
	}},
	{name: "in camelCase", do: func(p *node, i int) bool {
		if p.kind != 'm' || !strings.Contains(p.keys[i], "_") {
			return false
		}
		p.keys[i] = camel(p.keys[i])
		return true
	}},
	{name: "own key within", do: func(p *node, i int) bool {
		if p.kids[i].kind != 'm' {
			return false
		}
		p.kids[i].add("x-own", mapping("a", "b"))
		return true
	}},
	{name: "all fields empty", do: func(p *node, i int) bool {
		if p.kids[i].kind != 'm' {
			return false
		}
		for k := range p.kids[i].kids {
			p.kids[i].kids[k] = raw("")
		}
		return true
	}},
	{name: "deeper", do: func(p *node, i int) bool {
		p.kids[i] = list(p.kids[i])
		return true
	}},
}

func misspelt(key string) string {
	if len(key) < 3 {
		return key + "x"
	}
	return key[:1] + key[2:3] + key[1:2] + key[3:]
}

func camel(key string) string {
	parts := strings.Split(key, "_")
	for i := 1; i < len(parts); i++ {
		if parts[i] != "" {
			parts[i] = strings.ToUpper(parts[i][:1]) + parts[i][1:]
		}
	}
	return strings.Join(parts, "")
}

// mutationDocs: each field broken in each way, once.
func mutationDocs(seed int64) []*doc {
	var all []*doc
	for vi, v := range versions {
		done := map[string]bool{}
		docs, valid := richDocs(v)
		for i, rich := range docs {
			all = append(all, &doc{group: "mutations", name: "rich", v: v, text: write(rich, nil), valid: i < valid})
			rich.walk(nil, func(path []string, _ *node, _ int) {
				field := fieldOf(path)
				if done[field] || len(path) == 1 && (path[0] == "variant" || path[0] == "version") {
					return
				}
				done[field] = true
				all = append(all, spoiled(vi, rich, path)...)
			})
		}
		all = append(all, foreignDocs(v)...)
	}
	return all
}

// "storage.files[].mode"
func fieldOf(path []string) string {
	var b strings.Builder
	for _, step := range path {
		if step[0] >= '0' && step[0] <= '9' {
			b.WriteString("[]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(step)
	}
	return b.String()
}

// All ways in the middle version, and for what only the newest has; in the others a part
// of them, such that each way is tried somewhere.
func spoiled(vi int, rich *node, path []string) []*doc {
	var all []*doc
	v := versions[vi]
	turn := turns(vi, fieldOf(path))
	for i, s := range spoils {
		if turn >= 0 && (i+turn)%6 != 0 || s.rare && (i+len(fieldOf(path)))%3 != 0 {
			continue
		}
		c := rich.copy()
		parent := c.at(path[:len(path)-1])
		if s.do(parent, indexOf(parent, path[len(path)-1])) {
			all = append(all, &doc{group: "mutations", v: v, name: fieldOf(path) + " " + s.name, text: write(c, nil)})
		}
	}
	return all
}

// turns: -1 if a field gets all values, otherwise where its part begins.
func turns(vi int, field string) int {
	middle := fieldPaths(versions[1])
	if _, there := middle[field]; vi == 1 || vi == 2 && !there {
		return -1
	}
	return vi + len(field)
}

func indexOf(parent *node, step string) int {
	if parent.kind == 'm' {
		for i, k := range parent.keys {
			if k == step {
				return i
			}
		}
	}
	var i int
	fmt.Sscan(step, &i)
	return i
}

// Keys of other variants and of later versions, at their places.
func foreignDocs(v *version) []*doc {
	var all []*doc
	for _, key := range []string{"boot_device", "grub", "extensions", "metadata", "openshift", "x-mine", "Storage", "kernelArguments", "$schema"} {
		n := v.document()
		n.set(key, mapping("a", list(mapping("b", 1))))
		all = append(all, &doc{group: "mutations", v: v, name: "foreign " + key, text: write(n, nil)})
	}
	own := fieldPaths(v)
	m := newMaker(rand.New(rand.NewSource(3)), v, true)
	for _, path := range sortedPaths(v) {
		if strings.Contains(path, "luks[].c") {
			key := strings.TrimRight(path[strings.LastIndex(path, ".")+1:], "[]")
			n := place(v, path, m.value(own[path], ownerOf(v, path), key))
			all = append(all, &doc{group: "mutations", v: v, name: "refused by the variant: " + path, text: write(n, nil)})
		}
	}
	for _, later := range versions {
		for _, path := range sortedPaths(later) {
			if _, ok := own[path]; ok || later.name <= v.name {
				continue
			}
			m := newMaker(rand.New(rand.NewSource(3)), later, true)
			owner := ownerOf(later, path)
			key := strings.TrimRight(path[strings.LastIndex(path, ".")+1:], "[]")
			t := fieldPaths(later)[path]
			n := place(later, path, m.value(t, owner, key))
			n.set("version", str(v.name))
			all = append(all, &doc{group: "mutations", v: v, name: "of " + later.name + ": " + path, text: write(n, nil)})
		}
	}
	return all
}

// brokenDocs: random documents, broken at random places.
func brokenDocs(seed int64, n int) []*doc {
	var all []*doc
	for i := 0; i < n; i++ {
		rng := rand.New(rand.NewSource(seed<<20 + 1<<19 + int64(i)))
		v := versions[i%len(versions)]
		tree := newMaker(rng, v, false).document()
		var names []string
		for k := 1 + rng.Intn(3); k > 0; k-- {
			names = append(names, breakOnce(rng, v, tree))
		}
		style := rng
		if i%3 == 0 {
			style = nil
		}
		all = append(all, &doc{group: "broken", v: v, name: strings.Join(names, "; "), text: write(tree, style)})
	}
	return all
}

// breakOnce breaks one place: with a value of its kind, with the value of another place of
// the same kind (a duplicate), or in a way of the list above.
func breakOnce(rng *rand.Rand, v *version, tree *node) string {
	type place struct {
		path   []string
		parent *node
	}
	var all []place
	tree.walk(nil, func(path []string, parent *node, i int) {
		if len(path) > 1 {
			all = append(all, place{path, parent})
		}
	})
	if len(all) == 0 {
		return "nothing there"
	}
	p := all[rng.Intn(len(all))]
	i := indexOf(p.parent, p.path[len(p.path)-1])
	field := fieldOf(p.path)
	if kind := kinds[ownerOf(v, field)+"."+strings.TrimRight(field[strings.LastIndex(field, ".")+1:], "[]")]; kind != "" && rng.Intn(3) > 0 {
		k := splitKinds(kind)
		from := values[k[rng.Intn(len(k))]]
		s := from[rng.Intn(len(from))]
		p.parent.kids[i] = str(s)
		if kind == "mode" {
			p.parent.kids[i] = raw(s)
		}
		return fmt.Sprintf("%s: %q", field, short(s))
	}
	if rng.Intn(3) == 0 {
		var same []*node
		for _, q := range all {
			if fieldOf(q.path) == field {
				same = append(same, q.parent.kids[indexOf(q.parent, q.path[len(q.path)-1])])
			}
		}
		p.parent.kids[i] = same[rng.Intn(len(same))].copy()
		return field + " like another"
	}
	s := spoils[rng.Intn(len(spoils))]
	s.do(p.parent, i)
	return field + " " + s.name
}

func sortedKeys[T any](m map[string]T) []string {
	var all []string
	for k := range m {
		all = append(all, k)
	}
	sort.Strings(all)
	return all
}

// typoDocs: documents with one or two typos in their text.
func typoDocs(seed int64, n int) []*doc {
	var all []*doc
	for i := 0; i < n; i++ {
		rng := rand.New(rand.NewSource(seed<<20 + 1<<16 + int64(i)))
		v := versions[i%len(versions)]
		parts := sections[rng.Intn(len(sections))]
		text := write(newMaker(rng, v, false).document(parts...), rng)
		if len(text) > 4000 {
			continue
		}
		// Mostly after the header: a broken header would hide the rest.
		at := 0
		if i%10 > 0 && text[0] != '{' {
			at = strings.Index(text, "version:")
			at += strings.Index(text[at:], "\n") + 1
		}
		body := text[at:]
		for k := 1 + rng.Intn(2); k > 0; k-- {
			body = typo(rng, body)
		}
		all = append(all, &doc{group: "typos", v: v, name: fmt.Sprintf("typo %d", i), text: text[:at] + body})
	}
	return all
}

const slips = ":::--[]{}{},,#&*!|>'\"\"%@`~?\\=<\t \n  0aä\u0085\u2028"

func typo(rng *rand.Rand, text string) string {
	runes := []rune(text)
	if len(runes) == 0 {
		return text
	}
	at := rng.Intn(len(runes))
	switch rng.Intn(5) {
	case 0:
		return string(runes[:at]) + string(runes[at+1:])
	case 1, 2:
		letters := []rune(slips)
		return string(runes[:at]) + string(letters[rng.Intn(len(letters))]) + string(runes[at:])
	}
	lines := strings.SplitAfter(text, "\n")
	i := rng.Intn(len(lines))
	switch rng.Intn(4) {
	case 0:
		lines[i] = ""
	case 1:
		lines[i] += lines[i]
	case 2:
		lines[i] = strings.TrimPrefix(lines[i], " ")
	default:
		lines[i] = strings.Repeat(" ", 1+rng.Intn(3)) + lines[i]
	}
	return strings.Join(lines, "")
}
