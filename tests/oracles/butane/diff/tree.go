// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"
)

// A generated document: an ordered tree, written as YAML later.
type node struct {
	kind  byte // 'm' map, 'l' list, 's' string, 'r' text to be written as it is
	keys  []string
	kids  []*node
	text  string
	style byte // of a string: 0 chosen by the writer, or one of the letters of write.go
}

func str(s string) *node                { return &node{kind: 's', text: s} }
func raw(s string) *node                { return &node{kind: 'r', text: s} }
func num(i int) *node                   { return raw(fmt.Sprint(i)) }
func boolean(b bool) *node              { return raw(fmt.Sprint(b)) }
func list(kids ...*node) *node          { return &node{kind: 'l', kids: kids} }
func styled(style byte, s string) *node { return &node{kind: 's', text: s, style: style} }

// mapping("key", node, "key", "text", "key", 1, ...)
func mapping(pairs ...any) *node {
	n := &node{kind: 'm'}
	for i := 0; i < len(pairs); i += 2 {
		n.set(pairs[i].(string), asNode(pairs[i+1]))
	}
	return n
}

func asNode(v any) *node {
	switch v := v.(type) {
	case *node:
		return v
	case string:
		return str(v)
	case int:
		return num(v)
	case bool:
		return boolean(v)
	case []string:
		n := list()
		for _, s := range v {
			n.kids = append(n.kids, str(s))
		}
		return n
	}
	panic(fmt.Sprintf("no node of a %T", v))
}

func (n *node) get(key string) *node {
	if n == nil || n.kind != 'm' {
		return nil
	}
	for i, k := range n.keys {
		if k == key {
			return n.kids[i]
		}
	}
	return nil
}

func (n *node) set(key string, v *node) {
	for i, k := range n.keys {
		if k == key {
			n.kids[i] = v
			return
		}
	}
	n.keys = append(n.keys, key)
	n.kids = append(n.kids, v)
}

// Also if the key exists already, which makes the document invalid.
func (n *node) add(key string, v *node) {
	n.keys = append(n.keys, key)
	n.kids = append(n.kids, v)
}

func (n *node) del(keys ...string) {
	for _, key := range keys {
		for i, k := range n.keys {
			if k == key {
				n.keys = append(n.keys[:i:i], n.keys[i+1:]...)
				n.kids = append(n.kids[:i:i], n.kids[i+1:]...)
				break
			}
		}
	}
}

func (n *node) copy() *node {
	c := *n
	c.keys = append([]string(nil), n.keys...)
	c.kids = make([]*node, len(n.kids))
	for i, k := range n.kids {
		c.kids[i] = k.copy()
	}
	return &c
}

// A step of a path is a key or a decimal index.
func (n *node) at(path []string) *node {
	for _, step := range path {
		switch n.kind {
		case 'm':
			n = n.get(step)
		case 'l':
			var i int
			if _, err := fmt.Sscan(step, &i); err != nil || i < 0 || i >= len(n.kids) {
				return nil
			}
			n = n.kids[i]
		default:
			return nil
		}
		if n == nil {
			return nil
		}
	}
	return n
}

// like at, but creates the maps and lists on the way: "storage.files.0.path"
func (n *node) put(path string, v *node) *node {
	steps := strings.Split(path, ".")
	for i, step := range steps {
		last := i == len(steps)-1
		var next *node
		if !last {
			next = &node{kind: 'm'}
			if s := steps[i+1]; s[0] >= '0' && s[0] <= '9' {
				next.kind = 'l'
			}
		}
		if n.kind == 'l' {
			var k int
			fmt.Sscan(step, &k)
			for len(n.kids) <= k {
				n.kids = append(n.kids, &node{kind: 'm'})
			}
			switch {
			case last:
				n.kids[k] = v
			case n.kids[k].kind != next.kind:
				n.kids[k] = next
			}
			n = n.kids[k]
			continue
		}
		switch old := n.get(step); {
		case last:
			n.set(step, v)
		case old == nil || old.kind != next.kind:
			n.set(step, next)
		}
		n = n.get(step)
	}
	return n
}

// Every node below, with its path, parents first.
func (n *node) walk(path []string, f func(path []string, parent *node, i int)) {
	for i, kid := range n.kids {
		step := fmt.Sprint(i)
		if n.kind == 'm' {
			step = n.keys[i]
		}
		p := append(path[:len(path):len(path)], step)
		f(p, n, i)
		kid.walk(p, f)
	}
}
