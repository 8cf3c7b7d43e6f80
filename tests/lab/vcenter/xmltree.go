// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// Namespaces of a SOAP request to vCenter.
const (
	nsEnvelope = "http://schemas.xmlsoap.org/soap/envelope/"
	nsXSD      = "http://www.w3.org/2001/XMLSchema"
	nsXSI      = "http://www.w3.org/2001/XMLSchema-instance"
	nsVim      = "urn:vim25"
)

// maxDepth is deeper than any vim25 request and safe for the stack.
const maxDepth = 200

// node is one element of a request, with its position in the text and with the
// prefixes that are bound there: an xsi:type value is a QName, and its prefix
// means nothing without them.
type node struct {
	name      xml.Name
	attr      []xml.Attr
	ns        map[string]string
	text      strings.Builder
	kids      []*node
	line, col int
}

func (n *node) xsi(local string) (string, bool) {
	for _, a := range n.attr {
		if a.Name.Space == nsXSI && a.Name.Local == local {
			return a.Value, true
		}
	}
	return "", false
}

// plain returns the value of an attribute without namespace.
func (n *node) plain(local string) (string, bool) {
	for _, a := range n.attr {
		if a.Name.Space == "" && a.Name.Local == local {
			return a.Value, true
		}
	}
	return "", false
}

// qname resolves "prefix:local" with the bindings at n.
func (n *node) qname(value string) (xml.Name, bool) {
	value = strings.TrimSpace(value)
	prefix, local, found := strings.Cut(value, ":")
	if !found {
		return xml.Name{Space: n.ns[""], Local: value}, true
	}
	space, ok := n.ns[prefix]
	return xml.Name{Space: space, Local: local}, ok
}

func (n *node) child(local string) *node {
	for _, k := range n.kids {
		if k.name.Local == local {
			return k
		}
	}
	return nil
}

func bindings(up map[string]string, attr []xml.Attr) map[string]string {
	ns, copied := up, false
	for _, a := range attr {
		prefix := ""
		switch {
		case a.Name.Space == "xmlns":
			prefix = a.Name.Local
		case a.Name.Space == "" && a.Name.Local == "xmlns":
		default:
			continue
		}
		if !copied {
			copied = true
			ns = make(map[string]string, len(up)+1)
			for k, v := range up {
				ns[k] = v
			}
		}
		ns[prefix] = a.Value
	}
	return ns
}

// parseTree reads a whole document, without a schema.
func parseTree(data []byte) (*node, error) {
	dec := xml.NewDecoder(bytes.NewReader(data))
	var root *node
	var stack []*node
	for {
		line, col := dec.InputPos()
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		switch t := tok.(type) {
		case xml.Directive:
			return nil, errors.New("DOCTYPE is not allowed")
		case xml.StartElement:
			n := &node{name: t.Name, attr: append([]xml.Attr(nil), t.Attr...),
				line: line, col: col, ns: map[string]string{"": ""}}
			if len(stack) > 0 {
				up := stack[len(stack)-1]
				n.ns = up.ns
				up.kids = append(up.kids, n)
			} else if root != nil {
				return nil, errors.New("more than one root element")
			} else {
				root = n
			}
			n.ns = bindings(n.ns, t.Attr)
			if stack = append(stack, n); len(stack) > maxDepth {
				return nil, errors.New("elements nested too deep")
			}
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if len(stack) > 0 {
				stack[len(stack)-1].text.Write(t)
			}
		}
	}
	if root == nil {
		return nil, errors.New("no element found")
	}
	return root, nil
}
