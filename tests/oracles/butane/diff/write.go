// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"math/rand"
	"regexp"
	"strings"
	"unicode/utf8"
)

// How YAML is written: nil is the plainest way, otherwise by chance.
type writer struct {
	rng  *rand.Rand
	flow int // per cent of maps and lists in flow style; 100: JSON throughout
	b    strings.Builder
}

// write gives the text of a whole document.
func write(n *node, rng *rand.Rand) string {
	w := &writer{rng: rng}
	if rng != nil {
		switch rng.Intn(8) {
		case 0:
			w.flow = 100
		case 1, 2:
			w.flow = 30
		}
	}
	if w.flow == 100 {
		w.flowed(n)
		w.b.WriteByte('\n')
	} else if len(n.kids) == 0 && n.kind != 's' {
		w.flowed(n)
		w.b.WriteByte('\n')
	} else {
		w.block(n, 0)
	}
	return w.b.String()
}

func (w *writer) chance(percent int) bool {
	return w.rng != nil && w.rng.Intn(100) < percent
}

// In JSON everything that can stand there stands there in its way.
func (w *writer) flowed(n *node) {
	switch n.kind {
	case 'm', 'l':
		open, end := "{", "}"
		if n.kind == 'l' {
			open, end = "[", "]"
		}
		w.b.WriteString(open)
		for i, kid := range n.kids {
			if i > 0 {
				w.b.WriteString(", ")
			}
			if n.kind == 'm' {
				w.key(n.keys[i], true)
				w.b.WriteString(": ")
			}
			w.flowed(kid)
		}
		w.b.WriteString(end)
	case 's':
		w.scalar(n, -1)
	default:
		w.b.WriteString(n.text)
	}
}

var plainKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

func (w *writer) key(key string, flow bool) {
	if plainKey.MatchString(key) && !reserved.MatchString(key) && !(flow && w.flow == 100) {
		w.b.WriteString(key)
	} else if key == "<<" {
		w.b.WriteString(key)
	} else {
		w.b.WriteString(double(key))
	}
}

// block writes n, whose first line begins at the column that has been reached;
// the others get indent blanks.
func (w *writer) block(n *node, indent int) {
	pad := strings.Repeat(" ", indent)
	switch n.kind {
	case 'm':
		for i, kid := range n.kids {
			if i > 0 {
				w.b.WriteString(pad)
			}
			w.key(n.keys[i], false)
			w.b.WriteString(":")
			w.value(kid, indent, n.kids[i].kind == 'l' && w.chance(50))
			w.comment(pad)
		}
	case 'l':
		for i, kid := range n.kids {
			if i > 0 {
				w.b.WriteString(pad)
			}
			if kid.kind == 's' || kid.kind == 'r' || len(kid.kids) == 0 || w.chance(w.flow) {
				w.b.WriteString("-")
				w.value(kid, indent, false)
			} else {
				w.b.WriteString("- ")
				w.block(kid, indent+2)
			}
		}
	default:
		w.b.WriteString(strings.TrimPrefix(w.line(n, indent), " "))
	}
}

func (w *writer) comment(pad string) {
	if w.chance(3) {
		w.b.WriteString(pad + "# a: [comment\n")
	}
}

// What follows a key or a dash, with the end of its line.
func (w *writer) value(n *node, indent int, flat bool) {
	if n.kind == 's' || n.kind == 'r' {
		w.b.WriteString(w.line(n, indent))
		return
	}
	if len(n.kids) == 0 || w.chance(w.flow) {
		w.b.WriteByte(' ')
		w.flowed(n)
		w.b.WriteByte('\n')
		return
	}
	w.b.WriteByte('\n')
	if !flat {
		indent += 2
	}
	w.b.WriteString(strings.Repeat(" ", indent))
	w.block(n, indent)
}

func (w *writer) line(n *node, indent int) string {
	if n.kind == 'r' {
		if n.text == "" {
			return "\n"
		}
		return " " + n.text + "\n"
	}
	save := w.b
	w.b = strings.Builder{}
	w.scalar(n, indent)
	s := w.b.String()
	w.b = save
	if !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	return " " + s
}

var (
	plain    = regexp.MustCompile(`^[A-Za-z_/.][A-Za-z0-9_./@+-]*$`)
	reserved = regexp.MustCompile(`(?i)^(y|n|yes|no|on|off|true|false|null|~|\.nan|[+-]?\.inf|\.[0-9.e+_-]*)$`)
	printed  = regexp.MustCompile(`^[\n\x20-\x7e\x{a0}-\x{d7ff}\x{e000}-\x{fefe}\x{ff00}-\x{fffd}\x{10000}-\x{10ffff}]*$`)
)

// scalar writes a string: indent is that of the map or list it is in, -1 in flow style.
func (w *writer) scalar(n *node, indent int) {
	s, style := n.text, n.style
	if style == 0 {
		style = w.style(s, indent)
	}
	if !utf8.ValidString(s) || indent < 0 && (style == '|' || style == '>') {
		style = 'd'
	}
	switch style {
	case 'p':
		w.b.WriteString(s)
	case 'q':
		w.b.WriteString("'" + strings.ReplaceAll(s, "'", "''") + "'")
	case '|', '>':
		w.blockScalar(s, style, indent)
	default:
		w.b.WriteString(double(s))
	}
}

func (w *writer) style(s string, indent int) byte {
	isPlain := plain.MatchString(s) && !reserved.MatchString(s)
	oneLine := printed.MatchString(s) && !strings.Contains(s, "\n")
	if w.flow == 100 && indent < 0 {
		return 'd'
	}
	if w.rng == nil || indent < 0 {
		if isPlain {
			return 'p'
		}
		return 'd'
	}
	switch k := w.rng.Intn(10); {
	case k < 2:
		return 'd'
	case k < 4 && oneLine:
		return 'q'
	case k < 8 && indent >= 0 && canBlock(s):
		return '|'
	case isPlain:
		return 'p'
	}
	return 'd'
}

func canBlock(s string) bool {
	return strings.Contains(s, "\n") && printed.MatchString(s) && strings.Trim(s, "\n ") != ""
}

func (w *writer) blockScalar(s string, style byte, indent int) {
	head, body := string(style), s
	if strings.HasPrefix(s, " ") || strings.HasPrefix(s, "\n") {
		head += "2"
	}
	switch {
	case !strings.HasSuffix(s, "\n"):
		head += "-"
		body += "\n"
	case strings.HasSuffix(s, "\n\n"):
		head += "+"
	}
	w.b.WriteString(head + "\n")
	pad := strings.Repeat(" ", indent+2)
	for _, line := range strings.SplitAfter(strings.TrimSuffix(body, "\n"), "\n") {
		if strings.Trim(line, "\n") != "" {
			w.b.WriteString(pad)
		}
		w.b.WriteString(line)
	}
	w.b.WriteByte('\n')
}

// As YAML reads it and, where that has the same, JSON, too.
func double(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			b.WriteByte(s[i])
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0xfeff || r == 0x2028 || r == 0x2029:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
		i += size
	}
	b.WriteByte('"')
	return b.String()
}
