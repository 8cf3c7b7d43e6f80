// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// What Butane's module contains: the documents in its documentation, in each of our
// versions, and the structs in its tests, which are parsed as source.
func portedDocs(module string) ([]*doc, error) {
	pages, err := filepath.Glob(filepath.Join(module, "docs/*.md"))
	if err != nil || len(pages) == 0 {
		return nil, fmt.Errorf("no pages in %s/docs", module)
	}
	var all []*doc
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			return nil, err
		}
		for i, block := range fenced.FindAllStringSubmatch(string(text), -1) {
			all = append(all, pageDocs(fmt.Sprintf("%s %d", filepath.Base(page), i), block[1])...)
		}
	}
	for i, base := range []string{"v0_4", "v0_5", "v0_8_exp"} {
		v := versions[i]
		tests, err := filepath.Glob(filepath.Join(module, "base", base, "*_test.go"))
		if err != nil || len(tests) == 0 {
			return nil, fmt.Errorf("no tests in %s/base/%s", module, base)
		}
		for _, file := range tests {
			docs, err := testDocs(file, v)
			if err != nil {
				return nil, err
			}
			all = append(all, docs...)
		}
	}
	return all, nil
}

var (
	fenced      = regexp.MustCompile("(?s)```yaml\n(.*?)\n```")
	hasVariant  = regexp.MustCompile(`(?m)^variant: *\S+ *$`)
	variantLine = regexp.MustCompile(`(?m)^variant:.*$`)
	versionLine = regexp.MustCompile(`(?m)^version:.*$`)
)

func pageDocs(name, text string) []*doc {
	if !hasVariant.MatchString(text) {
		return nil
	}
	var all []*doc
	for _, v := range versions {
		t := variantLine.ReplaceAllString(text, "variant: flatcar")
		t = versionLine.ReplaceAllString(t, "version: "+v.name)
		all = append(all, &doc{group: "pages", v: v, name: name, text: t + "\n"})
	}
	return all
}

// testDocs: every literal of a Butane struct, at each place that it can have in a document
// (the first three for a resource).
func testDocs(file string, v *version) ([]*doc, error) {
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, nil, 0)
	if err != nil {
		return nil, err
	}
	types := map[string]reflect.Type{}
	places := map[string][]string{}
	for _, path := range sortedPaths(v) {
		t := fieldPaths(v)[path]
		if t.Kind() == reflect.Struct && len(places[t.Name()]) < 3 {
			types[t.Name()] = t
			places[t.Name()] = append(places[t.Name()], path)
		}
	}
	types["Config"] = v.typ
	var all []*doc
	seen := map[string]bool{}
	use := func(name string, lit *ast.CompositeLit) {
		n := literal(lit, types[name], types)
		where := fmt.Sprintf("%s:%d", filepath.Base(file), set.Position(lit.Pos()).Line)
		if name == "Config" {
			root := v.document()
			root.keys, root.kids = append(root.keys, n.keys...), append(root.kids, n.kids...)
			all = append(all, &doc{group: "tests", v: v, name: where, text: write(root, nil)})
			return
		}
		for _, path := range places[name] {
			root := place(v, path, n)
			for i, key := range n.keys {
				last(root, path).set(key, n.kids[i])
			}
			text := write(root, nil)
			if !seen[text] {
				seen[text] = true
				all = append(all, &doc{group: "tests", v: v, name: where + " at " + path, text: text})
			}
		}
	}
	ast.Inspect(parsed, func(x ast.Node) bool {
		lit, ok := x.(*ast.CompositeLit)
		if !ok {
			return true
		}
		switch t := lit.Type.(type) {
		case *ast.Ident:
			if types[t.Name] != nil {
				use(t.Name, lit)
				return false
			}
		case *ast.ArrayType:
			// "[]struct{ in File ... }{ {in: File{}} }" is handled below
		}
		return true
	})
	return all, nil
}

// The node that place() has put at a path.
func last(root *node, path string) *node {
	var steps []string
	for _, s := range strings.Split(path, ".") {
		steps = append(steps, strings.TrimRight(s, "[]"))
		if strings.HasSuffix(s, "[]") {
			steps = append(steps, "0")
		}
	}
	return root.at(steps)
}

// literal is a composite literal as a node; what the source alone does not tell, such as
// the value of a variable, becomes some text.
func literal(x ast.Expr, t reflect.Type, types map[string]reflect.Type) *node {
	t = indirect(t)
	switch x := x.(type) {
	case *ast.UnaryExpr:
		if x.Op == token.SUB {
			return raw("-" + literal(x.X, t, types).text)
		}
		return literal(x.X, t, types)
	case *ast.CallExpr: // util.StrToPtr("...")
		if len(x.Args) == 1 {
			return literal(x.Args[0], t, types)
		}
	case *ast.BasicLit:
		if s, err := strconv.Unquote(x.Value); err == nil {
			return str(s)
		}
		return raw(x.Value)
	case *ast.BinaryExpr:
		if x.Op == token.ADD && t.Kind() == reflect.String {
			return str(literal(x.X, t, types).text + literal(x.Y, t, types).text)
		}
	case *ast.Ident:
		if x.Name == "true" || x.Name == "false" {
			return raw(x.Name)
		}
		if x.Name == "nil" {
			return raw("~")
		}
	case *ast.CompositeLit:
		return composite(x, t, types)
	}
	switch t.Kind() {
	case reflect.String:
		return str(strings.Repeat("z", 100))
	case reflect.Int:
		return num(1)
	case reflect.Bool:
		return boolean(true)
	case reflect.Slice:
		return list()
	}
	return mapping()
}

func composite(x *ast.CompositeLit, t reflect.Type, types map[string]reflect.Type) *node {
	if t.Kind() == reflect.Slice {
		n := list()
		for _, e := range x.Elts {
			n.kids = append(n.kids, literal(e, t.Elem(), types))
		}
		return n
	}
	n := mapping()
	if t.Kind() != reflect.Struct {
		return n
	}
	for _, e := range x.Elts {
		pair, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		name, ok := pair.Key.(*ast.Ident)
		if !ok {
			continue
		}
		f, ok := t.FieldByName(name.Name)
		if !ok {
			continue
		}
		key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if key == "" {
			continue
		}
		n.set(key, literal(pair.Value, f.Type, types))
	}
	return n
}
