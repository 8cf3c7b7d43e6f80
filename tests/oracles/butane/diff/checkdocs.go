// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"math/rand"
	"path/filepath"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// The version of the specification that gets every mutation; the others get a part.
const fullSpec = 4

// configs is the corpus for Ignition: configs made and broken in the same way as
// Butane's documents, these documents with Ignition's names, what Butane makes of
// them, and JSON that Butane never makes.
func configs(s *settings, filesDir string) ([]*doc, error) {
	var all []*doc
	all = append(all, jsonTexts()...)
	all = append(all, specMutations()...)
	all = append(all, specValues()...)
	all = append(all, specRandom(s.seed, s.random)...)
	all = append(all, specTypos(s.seed, s.random)...)
	all = append(all, fromDocuments(situationDocs(), true)...)
	all = append(all, fromDocuments(mountDocs(), false)...)
	if s.butane != "" {
		ported, err := portedDocs(s.butane)
		if err != nil {
			return nil, err
		}
		all = append(all, fromDocuments(ported, false)...)
	}
	made, err := fromButane(s, filesDir)
	if err != nil {
		return nil, err
	}
	all = append(all, made...)
	if s.ignition != "" {
		tests, err := ignitionTests(s.ignition)
		if err != nil {
			return nil, err
		}
		all = append(all, tests...)
	}
	return s.sample(unique(all)), nil
}

func config(group, name string, v *version, n *node) *doc {
	return &doc{group: group, name: name, v: v, text: asIgnition(n, v.name)}
}

func specMutations() []*doc {
	var all []*doc
	for vi, v := range specs {
		done := map[string]bool{}
		docs, valid := richDocs(v)
		for i, rich := range docs {
			d := config("mutations", "rich", v, rich)
			d.valid = i < valid
			all = append(all, d)
			rich.walk(nil, func(path []string, _ *node, _ int) {
				field := fieldOf(path)
				if done[field] {
					return
				}
				done[field] = true
				for i, s := range spoils {
					// Deeper ones are refused everywhere.
					if (vi != fullSpec && (i+vi+len(field))%16 != 0 || s.rare && (i+len(field))%3 != 0) && s.name != "deeper" {
						continue
					}
					c := rich.copy()
					parent := c.at(path[:len(path)-1])
					if s.do(parent, indexOf(parent, path[len(path)-1])) {
						all = append(all, config("mutations", field+" "+s.name, v, c))
					}
				}
			})
		}
		all = append(all, laterKeys(v)...)
	}
	return all
}

// Keys of a later version in an older one.
func laterKeys(v *version) []*doc {
	var all []*doc
	own := fieldPaths(v)
	newest := specs[len(specs)-1]
	m := newMaker(rand.New(rand.NewSource(3)), newest, true)
	for _, path := range sortedPaths(newest) {
		if _, ok := own[path]; ok {
			continue
		}
		key := strings.TrimRight(path[strings.LastIndex(path, ".")+1:], "[]")
		n := place(newest, path, m.value(fieldPaths(newest)[path], ownerOf(newest, path), key))
		n.put("ignition.version", str(v.name))
		all = append(all, config("mutations", "of later: "+path, v, n))
	}
	return all
}

func specValues() []*doc {
	var all []*doc
	for vi, v := range specs {
		places := map[string]int{}
		for _, path := range sortedPaths(v) {
			key := path[strings.LastIndex(path, ".")+1:]
			field := ownerOf(v, path) + "." + strings.TrimRight(key, "[]")
			kind, ok := kinds[field]
			if !ok {
				continue
			}
			places[field]++
			for _, k := range splitKinds(kind) {
				for i, s := range values[k] {
					if places[field] > 2 && i%7 != places[field]%7 || vi != fullSpec && (i+vi+len(field))%8 != 0 {
						continue
					}
					value := str(s)
					if k == "mode" {
						value = raw(s)
					}
					all = append(all, config("values", fmt.Sprintf("%s: %q", path, short(s)), v, place(v, path, value)))
				}
			}
		}
	}
	return all
}

func specRandom(seed int64, n int) []*doc {
	var all []*doc
	for i := 0; i < n; i++ {
		rng := rand.New(rand.NewSource(seed<<20 + 1<<17 + int64(i)))
		v := specs[i%len(specs)]
		m := newMaker(rng, v, i < 2*len(specs)).document()
		d := config("random", fmt.Sprintf("random %d", i), v, m)
		if d.valid = i%2 == 0; !d.valid {
			d = config("broken", breakOnce(rng, v, m)+"; "+breakOnce(rng, v, m), v, m)
		}
		all = append(all, d)
	}
	return all
}

// Configs with one or two typos in their text.
func specTypos(seed int64, n int) []*doc {
	var all []*doc
	for i := 0; i < n; i++ {
		rng := rand.New(rand.NewSource(seed<<20 + 1<<15 + int64(i)))
		v := specs[i%len(specs)]
		d := config("typos", fmt.Sprintf("typo %d", i), v, newMaker(rng, v, false).document(sections[rng.Intn(len(sections))]...))
		for k := 1 + rng.Intn(2); k > 0; k-- {
			d.text = typo(rng, d.text)
		}
		all = append(all, d)
	}
	return all
}

// fromDocuments: Butane's documents with Ignition's names, in their own version and one
// more.
func fromDocuments(docs []*doc, both bool) []*doc {
	var all []*doc
	for i, d := range docs {
		n := readYAML(d.text)
		if n == nil || n.kind != 'm' {
			continue
		}
		for _, v := range specs {
			if !both && v.name == d.v.ignition || both && (v == specs[fullSpec] || v == specs[i%len(specs)]) {
				all = append(all, config(d.group, d.name, v, n))
			}
		}
	}
	return all
}

func readYAML(text string) *node {
	var y yaml.Node
	if yaml.Unmarshal([]byte(text), &y) != nil || len(y.Content) == 0 {
		return nil
	}
	var read func(y *yaml.Node) *node
	read = func(y *yaml.Node) *node {
		switch y.Kind {
		case yaml.AliasNode:
			return read(y.Alias)
		case yaml.MappingNode:
			n := mapping()
			for i := 0; i+1 < len(y.Content); i += 2 {
				n.add(y.Content[i].Value, read(y.Content[i+1]))
			}
			return n
		case yaml.SequenceNode:
			n := list()
			for _, kid := range y.Content {
				n.kids = append(n.kids, read(kid))
			}
			return n
		}
		var v any
		if y.ShortTag() == "!!str" || y.Decode(&v) != nil {
			return str(y.Value)
		}
		if b, err := json.Marshal(v); err == nil {
			return raw(string(b))
		}
		return str(y.Value)
	}
	return read(y.Content[0])
}

// fromButane: what Butane makes, also with older and newer versions.
func fromButane(s *settings, filesDir string) ([]*doc, error) {
	var all []*doc
	for i, d := range append(randomDocs(s.seed, s.random/4), mountDocs()...) {
		a := theirs(d, filesDir)
		if !a.accepted() {
			continue
		}
		for _, v := range specs {
			if v.name == d.v.ignition || v == specs[i%len(specs)] {
				text := strings.Replace(string(a.json), `"version":"`+d.v.ignition+`"`, `"version":"`+v.name+`"`, 1)
				all = append(all, &doc{group: "butane", name: d.name, v: v, text: text})
			}
		}
	}
	return all, nil
}

// What JSON itself can do to a config; "@IGN@" is its version.
var ownJSON = []string{
	"\xef\xbb\xbf{}", "nul", "nulll", "tru", "[", "]", "}", "{]", "{\"a\"}", "{\"a\":}", "{\"a\" 1}", "{,}", "{\"a\":1,,\"b\":2}", "[1,]", "\"", "'a'", "-", "01", "1.", ".5", "1e", "+1", "0x1", "NaN", "Infinity", "// a\n{}", "/* a */ {}", "{} // a", "\x00", "{}\x00", "{}\n\n", "\t\r\n {} ", "\x0c{}", "\u00a0{}", "\u2028{}",
	`{"ignition": {"version": "@IGN@"}, "passwd": {"users": [{"name": "a\u0000b"}]}}`, `{"ignition": {"version": "@IGN@"}, "passwd": {"users": [{"name": "\ud83d\ude00"}]}}`, `{"ignition": {"version": "@IGN@"}, "passwd": {"users": [{"name": "\ud83d"}, {"name": "\ude00"}]}}`, `{"ignition": {"version": "@IGN@"}, "passwd": {"users": [{"name": "\u12"}]}}`, `{"ignition": {"version": "@IGN@"}, "passwd": {"users": [{"name": "\q"}]}}`, `{"ignition": {"version": "@IGN@"}, "passwd": {"users": [{"name": "a\/b"}]}}`,
	"{\"ignition\": {\"version\": \"@IGN@\"}, \"passwd\": {\"users\": [{\"name\": \"a\nb\"}]}}", "{\"ignition\": {\"version\": \"@IGN@\"}, \"passwd\": {\"users\": [{\"name\": \"a\tb\"}]}}", "{\"ignition\": {\"version\": \"@IGN@\"}, \"passwd\": {\"users\": [{\"name\": \"a\x7fb\"}]}}", "{\"ignition\": {\"version\": \"@IGN@\"}, \"passwd\": {\"users\": [{\"name\": \"a\xffb\"}]}}", "{\"ignition\": {\"version\": \"@IGN@\"}, \"passwd\": {\"users\": [{\"name\": \"a\xff\"}, {\"name\": \"a\xfe\"}]}}", "{\"ignition\": {\"version\": \"@IGN@\"}, \"a\xff\": 1}", "{\"ignition\": {\"version\": \"@IGN@\"}, \"storage\": {\"files\": [{\"path\": \"/a\xed\xa0\x80\"}]}}",
	`{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a", "mode": 1e2}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a", "mode": -0}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a", "mode": 9223372036854775807}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a", "mode": 9223372036854775808}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a", "mode": -9223372036854775808}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a", "mode": 1.0}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a", "overwrite": "true"}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a", "overwrite": 0}]}}`,
	`{"ignition": {"version": "@IGN@"}, "x": 1e400}`, `{"ignition": {"version": "@IGN@"}, "x": 123456789012345678901234567890}`, `{"ignition": {"version": "@IGN@"}, "": 1}`, `{"ignition": {"version": "@IGN@"}, "a b": 1, "a: b": 2, "a.b": {"c": 1}, "ä": 1, "\n": 1}`, `{"ignition": {"version": "@IGN@"}, "a\u001b\u0081\u00ad\u200b\u202e\ufeff\udb40\udc41\t\r\n?": 1}`, `{"ignition": {"version": "@IGN@"}, "x": {"storage": {"files": [{"path": "a"}]}}}`,
	`{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a", "PATH": "/b"}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"PATH": "b", "path": "/a"}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a"}]}, "STORAGE": {"files": [{"path": "b"}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "a"}]}, "storage": {"files": [{"mode": 1}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a"}, {"path": "/b"}]}, "storage": {"files": [{"mode": 1}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a"}]}, "storage": null}`, `{"ignition": {"version": "@IGN@"}, "\u0073torage": {"fileſ": [{"path": "a"}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"linKs": [{"path": "a"}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"linKs": [{"path": "a"}]}}`,
	`{"ignition": {"version": "@IGN@", "version": "9.9.9"}}`, `{"ignition": {"version": "9.9.9", "version": "@IGN@"}}`, `{"ignition": {"version": "9.9.9"}, "ignition": {"version": "@IGN@"}}`, `{"ignition": {"version": "@IGN@", "Version": "9.9.9"}}`, `{"IGNITION": {"VERSION": "@IGN@"}}`, `{"ignition": {"version": "@IGN@"}, "Passwd": {"Users": [{"Name": "a", "SSHAuthorizedKeys": ["a", "a"]}]}}`,
	`{"ignition": {"version": "3.0.0-experimental"}}`, `{"ignition": {"version": "3.4.0-experimental"}}`, `{"ignition": {"version": "3.6.0-experimental"}}`, `{"ignition": {"version": "3.7.0"}}`, `{"ignition": {"version": "3.7.0-Experimental"}}`, `{"ignition": {"version": "3.7.0-experimental.1"}}`, `{"ignition": {"version": "3.7.0-experimental+x"}}`, `{"ignition": {"version": "3.4.0+x"}}`, `{"ignition": {"version": "3.4.1"}}`, `{"ignition": {"version": "3.10.0"}}`, `{"ignition": {"version": "4.0.0"}}`, `{"ignition": {"version": "03.4.0"}}`, `{"ignition": {"version": "3.04.0"}}`, `{"ignition": {"version": "3.4"}}`, `{"ignition": {"version": "3.4.0.0"}}`, `{"ignition": {"version": "3.4.0\n"}}`, `{"ignition": {"version": "-3.4.0"}}`, `{"ignition": {"version": "+3.4.0"}}`, `{"ignition": {"version": "3.4.99999999999999999999"}}`,
	`{"ignition": {"version": "@IGN@-"}}`, `{"ignition": {"version": "@IGN@+"}}`, `{"ignition": {"version": "@IGN@-+"}}`, `{"ignition": {"version": "@IGN@--"}}`, `{"ignition": {"version": "@IGN@+a"}}`, `{"ignition": {"version": "+@IGN@"}}`, `{"ignition": {"VERSION": 7, "version": "@IGN@"}}`, `{"ignition": {"version": "@IGN@", "VERSION": 7}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"Files": 7, "files": []}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"Files": [{"path": 7}], "files": []}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"Files": null, "FILES": 7, "files": []}}`, `{"ignition": {"version": "@IGN@"}, "Storage": {"files": [{"path": 7}]}, "storage": {"files": []}}`,
	`{"ignitionVersion": 1}`, `{"ignition": {"version": "1.0.0"}}`, `[{"ignition": {"version": "@IGN@"}}]`, `"{\"ignition\": {\"version\": \"@IGN@\"}}"`, `{"ignition": {"version": "@IGN@"}}{"ignition": {"version": "@IGN@"}}`, `{"ignition": {"version": "@IGN@"}} []`,
}

func jsonTexts() []*doc {
	var all []*doc
	for i, text := range append(append([]string(nil), innerTexts...), ownJSON...) {
		if strings.HasPrefix(text, "variant") {
			continue // ign-check accepts Butane, too
		}
		for vi, v := range specs {
			if vi == fullSpec || vi == i%len(specs) || vi == 3 {
				all = append(all, &doc{group: "json", name: short(text), v: v, text: strings.ReplaceAll(text, "@IGN@", v.name)})
			}
		}
	}
	v := specs[fullSpec]
	for _, depth := range []int{10, 60, 66, 200, 1000, 9990, 10010, 100000} {
		for _, pair := range []string{"[]", "{}"} {
			open, end := pair[:1], pair[1:]
			if pair == "{}" {
				open = `{"a":`
			}
			inner := "1"
			text := fmt.Sprintf(`{"ignition": {"version": "%s"}, "x": %s%s%s}`, v.name, strings.Repeat(open, depth), inner, strings.Repeat(end, depth))
			all = append(all, &doc{group: "json", name: fmt.Sprintf("%d deep, %s", depth, pair), v: v, text: text})
		}
	}
	return all
}

// The configs in the source of Ignition's tests.
func ignitionTests(module string) ([]*doc, error) {
	var all []*doc
	err := filepath.WalkDir(module, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || !strings.HasSuffix(path, "_test.go") && !strings.Contains(path, "/tests/") {
			return err
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(parsed, func(x ast.Node) bool {
			lit, ok := x.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err != nil || !strings.Contains(text, `"ignition"`) {
				return true
			}
			for _, v := range specs {
				if strings.Contains(text, "$version") || v == specs[fullSpec] {
					name := fmt.Sprintf("%s:%d", filepath.Base(path), set.Position(lit.Pos()).Line)
					all = append(all, &doc{group: "tests", name: name, v: v, text: strings.ReplaceAll(text, "$version", v.name)})
				}
			}
			return true
		})
		return nil
	})
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("no tests below %s", module)
	}
	return all, err
}
