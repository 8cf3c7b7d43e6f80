// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/base64"
	"fmt"
	"math/rand"
	"reflect"
	"strings"
)

// maker makes documents that Butane accepts: any fields of its structs, then changes
// required by the rules in section 4 of the reference.
type maker struct {
	rng  *rand.Rand
	v    *version
	full bool // all fields that can be combined, with plain values
	seq  int  // makes names unique
	turn map[string]int
}

func newMaker(rng *rand.Rand, v *version, full bool) *maker {
	return &maker{rng: rng, v: v, full: full, turn: map[string]int{}}
}

// before: is it older than that version of Ignition?
func (m *maker) before(spec string) bool { return m.v.json && m.v.name < spec }

func (m *maker) chance(percent int) bool { return m.rng.Intn(100) < percent }

func (m *maker) next() int {
	m.seq++
	return m.seq
}

// cycle goes through the choices one after the other, if all are needed.
func (m *maker) cycle(what string, n int) int {
	if !m.full {
		return m.rng.Intn(n)
	}
	m.turn[what]++
	return (m.turn[what] - 1) % n
}

func pick[T any](m *maker, values ...T) T { return values[m.rng.Intn(len(values))] }

// value of a field: key is its name, owner its struct.
func (m *maker) value(t reflect.Type, owner, key string) *node {
	switch t.Kind() {
	case reflect.Struct:
		return m.structure(t)
	case reflect.Slice:
		n := list()
		count := 2
		if t.Elem().Kind() == reflect.Struct && structName(t.Elem()) == "Resource" {
			count = 3
		}
		if !m.full {
			count = pick(m, 0, 1, 1, 2, 2, 3, 4)
		}
		for i := 0; i < count; i++ {
			n.kids = append(n.kids, m.value(indirect(t.Elem()), owner, key))
		}
		return n
	}
	if f := scalars[owner+"."+key]; f != nil {
		return f(m)
	}
	switch t.Kind() {
	case reflect.Bool:
		return m.boolean(m.full || m.chance(50))
	case reflect.Int:
		if m.full {
			return num(m.next())
		}
		return m.integer(pick(m, 0, 1, 5, 64, 420, 1000, 65534, 1<<31-1, 1<<40))
	}
	return m.text(key)
}

func (m *maker) structure(t reflect.Type) *node {
	n := &node{kind: 'm'}
	for _, f := range members(t) {
		if !m.full && !m.chance(45) && !wanted[structName(t)+"."+f.key] {
			continue
		}
		if !m.v.json && (f.key == "variant" || f.key == "version") {
			continue
		}
		n.set(f.key, m.value(f.typ, structName(t), f.key))
	}
	if f := rules[structName(t)]; f != nil {
		f(m, n)
	}
	return n
}

// The whole document, or only some sections.
func (m *maker) document(sections ...string) *node {
	n := m.v.document()
	body := m.structure(m.v.typ)
	for i, key := range body.keys {
		wantedHere := len(sections) == 0
		for _, s := range sections {
			wantedHere = wantedHere || s == key
		}
		if wantedHere {
			n.set(key, body.kids[i])
		}
	}
	separate(n)
	return n
}

// Files and links have different hosts, and no unit is there twice.
func separate(n *node) {
	st := n.get("storage")
	if st == nil {
		return
	}
	if fs := st.get("filesystems"); fs != nil && fs.kind == 'l' {
		for i, f := range fs.kids {
			f.set("device", str(fmt.Sprintf("/dev/disk/by-label/fs%d", i)))
		}
	}
}

// Always set: the others mean nothing without them.
var wanted = map[string]bool{
	"File.path": true, "Directory.path": true, "Link.path": true, "Link.target": true, "Disk.device": true,
	"Filesystem.device": true, "Luks.name": true, "Luks.device": true, "Raid.name": true, "Raid.level": true,
	"Raid.devices": true, "Unit.name": true, "Dropin.name": true, "Quadlet.name": true, "Tree.local": true,
	"Tree.path": true, "PasswdUser.name": true, "PasswdGroup.name": true, "HTTPHeader.name": true, "Tang.url": true,
	"Tang.thumbprint": true, "Ignition.version": true, "Partition.number": true, "Partition.label": true,
}

func (m *maker) boolean(b bool) *node {
	if m.full || m.v.json {
		return boolean(b)
	}
	if b {
		return raw(pick(m, "true", "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y", "!!bool true"))
	}
	return raw(pick(m, "false", "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N", "!!bool false"))
}

// The spellings of a number in YAML 1.1 and 1.2.
func intForms(i int) []string {
	forms := []string{fmt.Sprint(i), fmt.Sprintf("0%o", i), fmt.Sprintf("0o%o", i), fmt.Sprintf("0x%x", i),
		fmt.Sprintf("0X%X", i), fmt.Sprintf("0b%b", i), fmt.Sprintf("+%d", i), fmt.Sprintf("%d.0", i),
		fmt.Sprintf("%d.9", i), fmt.Sprintf("%de0", i), fmt.Sprintf("!!int %d", i), fmt.Sprintf("%d.", i)}
	if s := fmt.Sprint(i); len(s) > 1 {
		forms = append(forms, s[:1]+"_"+s[1:], s+"_")
	}
	return forms
}

func (m *maker) integer(i int) *node {
	if m.full || m.v.json || m.chance(50) {
		return num(i)
	}
	return raw(pick(m, intForms(i)...))
}

// Text for fields that accept any.
func (m *maker) text(key string) *node {
	k := m.next()
	if m.full {
		return str(fmt.Sprintf("%s-%d", key, k))
	}
	switch m.rng.Intn(12) {
	case 0:
		if m.v.json {
			break
		}
		return raw(pick(m, "0123", "1.5", "true", "yes", "2001-01-01", "0x10", "1_000", ".5", "--", "=", "a:b", "a#b", "!!str 5",
			"!!str true", "-1", "a - b", ".inf", ".nan", "1e3", "12:30:45", "a'b\"c"))
	case 1:
		return str(pick(m, "", " ", " a ", "~", "null", "true", "0644", "[a]", "{a", "# a", "a: b", "- a", "%a", "@a", "`a", "a\tb", "!a",
			"&a", "*a", "|", ">", "'", "\"", "\\", "a\nb", "a\n", "\na", "\x07\x1b", "\u00a0", "\u2028\u2029", "\ufeff", "ä", "日本", "😀", "</script>&"))
	case 2:
		return str(strings.Repeat(pick(m, "a", "ab ", "é"), pick(m, 1, 5, 60, 300)) + fmt.Sprint(k))
	}
	return str(fmt.Sprintf("%s %d", key, k))
}

// Contents of files: typical ones, and some near the limits between the encodings.
func (m *maker) contents() *node {
	if m.full {
		return str(fmt.Sprintf("text %d\n", m.next()))
	}
	switch m.rng.Intn(10) {
	case 0:
		return str("")
	case 1: // compressible
		return str(strings.Repeat(pick(m, "[Service]\nExecStart=/bin/true\n", "a", "0123456789\n", "ä"), pick(m, 10, 40, 400, 2000)))
	case 2: // not compressible
		return str(randomText(m.rng, pick(m, 10, 100, 1000, 5000)))
	case 3, 4: // near the threshold of gzip
		unit := pick(m, "a", "ab", " ", "é", "%", "a b", "<&>", "x\n", "\x01\x02")
		return str(strings.Repeat(unit, 1+m.rng.Intn(40)) + randomText(m.rng, m.rng.Intn(12)))
	case 5:
		return styled(pick(m, byte('|'), '>'), pick(m, "one\ntwo\n", "one\n\ntwo\nthree\n\n\n", "one", "  led\nby blanks\n", "a\n b\nc\n"))
	case 6:
		return m.text("contents")
	case 7:
		return raw(pick(m, "!!binary aGVsbG8=", "!!binary AAEC/w==", "a\n                b", "'a\n\n                b'", "\"a\\\n                b\"", "5", "0644", "true"))
	}
	return str(fmt.Sprintf("line %d\n<a & b>\n\"quoted\" \\ ~!*'()\n", m.next()))
}

func randomText(rng *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rng.Intn(256))
	}
	return base64.StdEncoding.EncodeToString(b)
}

func (m *maker) path(dir string) *node {
	k := m.next()
	if m.full {
		return str(fmt.Sprintf("/%s/%d", dir, k))
	}
	return str(fmt.Sprintf("/%s%s/%d", dir, pick(m, "", "/a/b", "/with blank", "/ä", "/.hidden", "/a..b", "/...", "/%41", "/a:b"), k))
}

func (m *maker) url() *node {
	k := m.next()
	if m.full {
		return str(fmt.Sprintf("https://example.com/%d", k))
	}
	u := pick(m, "http://h/%d", "https://h:8080/%d?a=b#c", "HTTPS://H/%d", "tftp://h/%d", "gs://b/%d", "s3://b/%d", "data:,%d",
		"data:;base64,YQ==#%d", "data:text/plain,%d", "data:text/plain;charset=utf-8,a%%20b%d", "s3://b/%d?versionId=a", "http://[::1]/%d",
		"http://u:p@h/%d", "https://h/ä%d", "http:%d", "data:,a+b%d")
	if strings.HasPrefix(u, "gs:") && m.before("3.1.0") {
		u = "s3://b/%d"
	}
	if strings.Contains(u, "base64") {
		u = fmt.Sprintf("data:;base64,%%s")
		return str(fmt.Sprintf(u, base64.StdEncoding.EncodeToString([]byte(fmt.Sprint(k)))))
	}
	if m.v.atLeast("1.1.0") && m.chance(10) {
		u = pick(m, "arn:aws:s3:::b/%d", "arn:aws:s3:::b/%d?versionId=x", "arn:aws:s3:r:1:accesspoint/p/object/%d")
	}
	return str(fmt.Sprintf(u, k))
}

var sha256 = "sha256-" + strings.Repeat("0123456789abcdef", 4)
var sha512 = "sha512-" + strings.Repeat("0123456789abcdef", 8)

// inner is an Ignition config of the version that a document of this version makes.
func (m *maker) inner() string {
	return fmt.Sprintf(`{"ignition": {"version": "%s"}, "passwd": {"users": [{"name": "u%d"}]}}`, m.v.ignition, m.next())
}
