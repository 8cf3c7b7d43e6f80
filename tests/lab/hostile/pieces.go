// SPDX-License-Identifier: Apache-2.0

package hostile

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strings"
)

// A piece is an XML element, or a member or item of JSON, with its place in the text.
type piece struct {
	path       string
	start, end int // of all of it
	from, to   int // of the content: between the tags, or the value
	next, prev int // JSON: where its neighbours begin and end; -1 without
	parent     bool
}

// Kinds are the ways to change a piece.
var Kinds = []string{"drop", "empty", "double", "type", "attr", "huge", "long"}

const hugeNumber = "99999999999999999999999"

var longText = strings.Repeat("x", 1<<20)

// piecesOf finds the pieces of an answer; none if it is neither XML nor JSON.
func piecesOf(body []byte) []piece {
	switch text := bytes.TrimSpace(body); {
	case bytes.HasPrefix(text, []byte("<")):
		return elementsOf(body)
	case bytes.HasPrefix(text, []byte("{")):
		d := &jsonReader{Decoder: json.NewDecoder(bytes.NewReader(body)), text: body}
		_ = d.value("", &piece{})
		return d.all
	}
	return nil
}

func elementsOf(body []byte) (all []piece) {
	d := xml.NewDecoder(bytes.NewReader(body))
	type open struct {
		at    int // in all
		count map[string]int
	}
	stack := []open{{-1, map[string]int{}}}
	for {
		start := int(d.InputOffset())
		tok, err := d.RawToken()
		if err != nil {
			return all
		}
		end := int(d.InputOffset())
		switch t := tok.(type) {
		case xml.StartElement:
			up := stack[len(stack)-1]
			up.count[t.Name.Local]++
			p := piece{path: t.Name.Local, start: start, from: end}
			if n := up.count[t.Name.Local]; n > 1 {
				p.path += fmt.Sprintf("[%d]", n)
			}
			if up.at >= 0 {
				all[up.at].parent = true
				p.path = all[up.at].path + "/" + p.path
			}
			all = append(all, p)
			stack = append(stack, open{len(all) - 1, map[string]int{}})
		case xml.EndElement:
			p := &all[stack[len(stack)-1].at]
			p.to, p.end = start, end
			stack = stack[:len(stack)-1]
		}
	}
}

type jsonReader struct {
	*json.Decoder
	text []byte
	all  []piece
}

// here is where the next token begins.
func (d *jsonReader) here() int {
	i := int(d.InputOffset())
	for i < len(d.text) && strings.IndexByte(" \t\r\n,:", d.text[i]) >= 0 {
		i++
	}
	return i
}

// value reads one value, which p describes, and what is in it.
func (d *jsonReader) value(path string, p *piece) error {
	p.from = d.here()
	tok, err := d.Token()
	if err != nil {
		return err
	}
	if open, ok := tok.(json.Delim); ok {
		last := -1
		for n := 0; d.More(); n++ {
			kid := piece{start: d.here(), path: fmt.Sprintf("%s[%d]", path, n), next: -1, prev: -1}
			if open == '{' {
				key, err := d.Token()
				if err != nil {
					return err
				}
				kid.path = fmt.Sprintf("%s.%v", path, key)
			}
			if last >= 0 {
				kid.prev, d.all[last].next = d.all[last].end, kid.start
			}
			last = len(d.all)
			d.all = append(d.all, kid)
			if err := d.value(kid.path, &kid); err != nil {
				return err
			}
			kid.next, d.all[last] = -1, kid
		}
		if _, err := d.Token(); err != nil {
			return err
		}
	}
	p.to = int(d.InputOffset())
	p.end = p.to
	return nil
}

// change returns the answer with this piece changed; nil if this kind changes nothing.
func (p piece) change(body []byte, kind string) []byte {
	put := func(from, to int, text string) []byte {
		if string(body[from:to]) == text {
			return nil
		}
		return []byte(string(body[:from]) + text + string(body[to:]))
	}
	if body[bytes.IndexAny(body, "<{")] == '<' {
		return p.changeElement(body, kind, put)
	}
	value := string(body[p.from:p.to])
	switch kind {
	case "drop":
		switch {
		case p.next >= 0:
			return put(p.start, p.next, "")
		case p.prev >= 0:
			return put(p.prev, p.end, "")
		}
		return put(p.start, p.end, "")
	case "empty":
		empty, ok := map[byte]string{'"': `""`, '{': "{}", '[': "[]"}[value[0]]
		if !ok {
			empty = "null"
		}
		return put(p.from, p.to, empty)
	case "double":
		return put(p.end, p.end, ","+string(body[p.start:p.end]))
	case "type":
		other, ok := map[byte]string{'"': "[7]", '{': `"text"`, '[': `{"a":"b"}`}[value[0]]
		if !ok {
			other = `{"a":"b"}`
		}
		return put(p.from, p.to, other)
	case "attr":
		return put(p.from, p.to, "null")
	case "huge":
		return put(p.from, p.to, hugeNumber)
	case "long":
		return put(p.from, p.to, `"`+longText+`"`)
	}
	return nil
}

func (p piece) changeElement(body []byte, kind string, put func(int, int, string) []byte) []byte {
	tag := string(body[p.start:p.from])
	fill := func(text string) []byte {
		if strings.HasSuffix(tag, "/>") {
			name, _, _ := strings.Cut(strings.Trim(tag, "</>"), " ")
			return put(p.start, p.end, strings.TrimSuffix(tag, "/>")+">"+text+"</"+name+">")
		}
		return put(p.from, p.to, text)
	}
	switch kind {
	case "drop":
		return put(p.start, p.end, "")
	case "empty":
		return put(p.from, p.to, "")
	case "double":
		return put(p.end, p.end, string(body[p.start:p.end]))
	case "type":
		if p.parent {
			return fill("text")
		}
		return fill("<unexpected>1</unexpected>")
	case "attr": // of the reference, or of the value
		for _, attr := range []string{` type="`, `xsi:type="`} {
			if before, after, ok := strings.Cut(tag, attr); ok {
				_, rest, _ := strings.Cut(after, `"`)
				return put(p.start, p.from, before+attr+`Unexpected"`+rest)
			}
		}
		return nil
	case "huge":
		return fill(hugeNumber)
	case "long":
		return fill(longText)
	}
	return nil
}
