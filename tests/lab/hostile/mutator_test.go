// SPDX-License-Identifier: Apache-2.0

package hostile

import (
	"encoding/json"
	"strings"
	"testing"
)

// changed returns what a point makes of an answer.
func changed(t *testing.T, body, path, kind string) string {
	t.Helper()
	m := &Mutator{}
	m.Begin(&Point{Call: "Do", Path: path, Kind: kind, Nth: 1})
	out := string(m.Change("Do", []byte(body)))
	if again := m.Change("Do", []byte(body)); string(again) != body {
		t.Errorf("%s %s: a second answer was changed", path, kind)
	}
	if _, hit := m.End(); hit == (out == body) {
		t.Errorf("%s %s: hit is %v", path, kind, hit)
	}
	return strings.ReplaceAll(out, longText, "LONG")
}

func TestElements(t *testing.T) {
	const doc = `<?xml version="1.0"?><a x="1"><b type="T">1</b><b xsi:type="xsd:int">2</b><c><d/></c></a>`
	for _, tc := range [][3]string{
		{"a/b", "drop", `<a x="1"><b xsi:type="xsd:int">2</b><c><d/></c></a>`},
		{"a/b", "empty", `<a x="1"><b type="T"></b><b xsi:type="xsd:int">2</b><c><d/></c></a>`},
		{"a/b[2]", "double", `<a x="1"><b type="T">1</b><b xsi:type="xsd:int">2</b><b xsi:type="xsd:int">2</b><c><d/></c></a>`},
		{"a/b[2]", "attr", `<a x="1"><b type="T">1</b><b xsi:type="Unexpected">2</b><c><d/></c></a>`},
		{"a/b", "attr", `<a x="1"><b type="Unexpected">1</b><b xsi:type="xsd:int">2</b><c><d/></c></a>`},
		{"a/b", "type", `<a x="1"><b type="T"><unexpected>1</unexpected></b><b xsi:type="xsd:int">2</b><c><d/></c></a>`},
		{"a/c", "type", `<a x="1"><b type="T">1</b><b xsi:type="xsd:int">2</b><c>text</c></a>`},
		{"a/c/d", "huge", `<a x="1"><b type="T">1</b><b xsi:type="xsd:int">2</b><c><d>` + hugeNumber + `</d></c></a>`},
		{"a/c", "long", `<a x="1"><b type="T">1</b><b xsi:type="xsd:int">2</b><c>LONG</c></a>`},
		{"a", "drop", ""},
	} {
		if got := changed(t, doc, tc[0], tc[1]); got != `<?xml version="1.0"?>`+tc[2] {
			t.Errorf("%s %s: %s", tc[0], tc[1], got)
		}
	}
	for _, none := range [][2]string{{"a/nosuch", "drop"}, {"a/c/d", "empty"}, {"a/c/d", "attr"}} {
		if got := changed(t, doc, none[0], none[1]); got != doc {
			t.Errorf("%v: %s", none, got)
		}
	}
}

func TestMembers(t *testing.T) {
	const doc = `{"a": 1, "b" : {"c":[true,"x"], "d":null}, "e":"s"}`
	for _, tc := range [][3]string{
		{".a", "drop", `{"b" : {"c":[true,"x"], "d":null}, "e":"s"}`},
		{".e", "drop", `{"a": 1, "b" : {"c":[true,"x"], "d":null}}`},
		{".b.c[1]", "drop", `{"a": 1, "b" : {"c":[true], "d":null}, "e":"s"}`},
		{".b", "empty", `{"a": 1, "b" : {}, "e":"s"}`},
		{".b.c", "empty", `{"a": 1, "b" : {"c":[], "d":null}, "e":"s"}`},
		{".e", "double", `{"a": 1, "b" : {"c":[true,"x"], "d":null}, "e":"s","e":"s"}`},
		{".b.c[0]", "type", `{"a": 1, "b" : {"c":[{"a":"b"},"x"], "d":null}, "e":"s"}`},
		{".b", "type", `{"a": 1, "b" : "text", "e":"s"}`},
		{".a", "attr", `{"a": null, "b" : {"c":[true,"x"], "d":null}, "e":"s"}`},
		{".b.c", "long", `{"a": 1, "b" : {"c":"LONG", "d":null}, "e":"s"}`},
	} {
		got := changed(t, doc, tc[0], tc[1])
		if got != tc[2] {
			t.Errorf("%s %s: %s", tc[0], tc[1], got)
		}
		if !json.Valid([]byte(got)) {
			t.Errorf("%s %s: %s", tc[0], tc[1], got)
		}
	}
}

func TestPoints(t *testing.T) {
	m := &Mutator{}
	m.Change("Do", []byte("<a/>")) // before a run
	m.Begin(nil)
	m.Change("Do", []byte("<a>1</a>"))
	m.Change("Do", []byte("<a>1</a>"))
	m.Change("list", []byte(`{"k":"v"}`))
	m.Change("text", []byte("ok"))
	points, hit := m.End()
	var all []string
	for _, p := range points {
		all = append(all, p.String())
	}
	if got := strings.Join(all, ", "); hit || len(points) != 2*6+7 ||
		!strings.Contains(got, "Do#2 a drop, ") || !strings.Contains(got, "list#1 .k huge") {
		t.Errorf("%d: %s", len(points), got)
	}
	if p, _ := m.End(); p != nil {
		t.Error("points after the end")
	}
}
