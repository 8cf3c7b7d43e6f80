// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Requests are read as strictly as vpxd reads them: vcsim accepts elements in
// any order, ignores unknown ones and guesses missing types.

// problem is the text of vpxd's InvalidRequest faultstring, innermost first.
type problem struct {
	lines []string
}

func (p *problem) Error() string { return strings.Join(p.lines, "\n\n") }

func bad(n *node, format string, args ...any) *problem {
	return &problem{lines: []string{fmt.Sprintf(format, args...)}}
}

// in adds one "while parsing" step on the way out.
func (p *problem) in(n *node, format string, args ...any) *problem {
	p.lines = append(p.lines, fmt.Sprintf("while parsing "+format, args...)+
		fmt.Sprintf("\nat line %d, column %d", n.line, n.col-1))
	return p
}

type checker struct {
	version  string // as stated in the SOAPAction
	looseXSD bool
}

// govmomi writes xsi:type="xsd:string" without binding the prefix, and a real
// vCenter accepts it. It is accepted here so that govc can be the peer of our
// tools, and for govc only.
func unboundXSD(agent string) bool {
	for _, p := range []string{"Go-http-client/", "govc/", "govmomi/"} {
		if strings.HasPrefix(agent, p) {
			return true
		}
	}
	return false
}

// request is a request that passed the checks.
type request struct {
	method   string
	thisType string
	this     string
	opID     string
}

// checkEnvelope checks a whole request against the schema of the version.
func checkEnvelope(root *node, version, agent string) (*request, *problem) {
	if root.name != (xml.Name{Space: nsEnvelope, Local: "Envelope"}) {
		return nil, bad(root, "Unexpected element tag %q seen, expected a SOAP 1.1 envelope",
			root.name.Local)
	}
	req := &request{}
	var body *node
	for i, k := range root.kids {
		switch {
		case k.name == xml.Name{Space: nsEnvelope, Local: "Header"} && i == 0:
			if id := k.child("operationID"); id != nil {
				req.opID = id.text.String()
			}
		case k.name == xml.Name{Space: nsEnvelope, Local: "Body"} && body == nil:
			body = k
		default:
			return nil, unexpected(k).in(root, "SOAP envelope")
		}
	}
	if body == nil || len(body.kids) != 1 {
		return nil, bad(root, "Expected one element in the SOAP body").in(root, "SOAP envelope")
	}
	m := body.kids[0]
	if p := (&checker{version, unboundXSD(agent)}).method(m, req); p != nil {
		return req, p.in(body, "SOAP body").in(root, "SOAP envelope").
			in(&node{line: 1, col: 1}, "HTTP request for method %s\non object of type vim.%s",
				req.method, req.thisType)
	}
	return req, nil
}

func (c *checker) method(m *node, req *request) *problem {
	req.method = m.name.Local
	if this := m.child("_this"); this != nil {
		req.thisType, _ = this.plain("type")
		req.this = this.text.String()
	}
	if m.name.Space != nsVim {
		return bad(m, "Unsupported namespace %q of element %q", m.name.Space, m.name.Local)
	}
	t, ok := typeByName(m.name.Local)
	if !ok || t.Kind() != reflect.Struct || strings.HasSuffix(m.name.Local, "RequestType") {
		return bad(m, "Unable to resolve WSDL method name %s", m.name.Local)
	}
	if f := schemaOf(t); len(f) == 0 || f[0].name != "_this" {
		return bad(m, "Unable to resolve WSDL method name %s", m.name.Local)
	}
	if p := c.fields(m, t, "parameter"); p != nil {
		return p.in(m, "call information for method %s", m.name.Local)
	}
	return nil
}

func unexpected(n *node) *problem {
	return bad(n, "Unexpected element tag %q seen", n.name.Local)
}

// fields checks the children of n against the fields of t: all known, in order,
// repeated only in a list, none missing, none too new.
func (c *checker) fields(n *node, t reflect.Type, what string) *problem {
	if strings.TrimSpace(n.text.String()) != "" {
		return bad(n, "Unexpected text seen in element %q", n.name.Local)
	}
	fields := schemaOf(t)
	next, last := 0, -1
	for _, k := range n.kids {
		i := last
		if last < 0 || k.name.Local != fields[last].name || !fields[last].list {
			for i = next; i < len(fields) && fields[i].name != k.name.Local; i++ {
			}
		}
		if k.name.Space != nsVim || i == len(fields) ||
			versionLess(c.version, fields[i].since) {
			return unexpected(k)
		}
		if p := missing(fields, next, i, n, t, what); p != nil {
			return p
		}
		if p := c.value(k, fields[i].typ); p != nil {
			return p.in(k, "property %q of static type %s", k.name.Local, fields[i].typ.Name())
		}
		next, last = i+1, i
	}
	return missing(fields, next, len(fields), n, t, what)
}

func missing(fields []field, from, to int, n *node, t reflect.Type, what string) *problem {
	for i := from; i < to; i++ {
		if !fields[i].required {
			continue
		}
		if what == "parameter" {
			return bad(n, "Required parameter %s is missing", fields[i].name)
		}
		return bad(n, "Required property %s is missing from data object of type %s",
			fields[i].name, t.Name())
	}
	return nil
}

// value checks one element against its declared type.
func (c *checker) value(n *node, t reflect.Type) *problem {
	if v, ok := n.xsi("nil"); ok && v != "false" {
		return bad(n, "Unexpected attribute xsi:nil seen")
	}
	given, has := n.xsi("type")
	if !has {
		if t.Kind() == reflect.Interface {
			return bad(n, "Attribute xsi:type is missing for element %q of an abstract type",
				n.name.Local)
		}
		return c.concrete(n, t)
	}
	q, bound := n.qname(given)
	if rest, ok := strings.CutPrefix(given, "xsd:"); !bound && ok && c.looseXSD {
		q, bound = xml.Name{Space: nsXSD, Local: rest}, true
	}
	if !bound {
		return bad(n, "Type name %q has a prefix that is bound to no namespace", given)
	}
	if q.Space == nsXSD {
		return xsdValue(n, q.Local, t)
	}
	dyn, known := typeByName(q.Local)
	if q.Space != nsVim || !known || strings.Contains(q.Local, ":") {
		return bad(n, "Unable to resolve type name %q", given)
	}
	if !assignable(dyn, t) {
		return bad(n, "Type %s is not compatible with the declared type %s of element %q",
			dyn.Name(), t.Name(), n.name.Local)
	}
	return c.concrete(n, dyn)
}

func assignable(dyn, declared reflect.Type) bool {
	if declared.Kind() == reflect.Interface {
		return reflect.PointerTo(dyn).Implements(declared)
	}
	return embeds(dyn, declared)
}

func (c *checker) concrete(n *node, t reflect.Type) *problem {
	switch {
	case t == typeRef:
		return refValue(n)
	case t == typeTime:
		return scalar(n, "dateTime")
	case t.Kind() == reflect.Struct:
		if p := c.fields(n, t, "property"); p != nil {
			return p.in(n, "serialized DataObject of type %s", vmodlName(t))
		}
		return nil
	case t.Kind() == reflect.Slice:
		return scalar(n, "base64Binary")
	}
	if values := enumValues(t); values != nil {
		return enumValue(n, t, values)
	}
	return scalar(n, xsdName(t))
}

func refValue(n *node) *problem {
	if typ, ok := n.plain("type"); !ok || typ == "" {
		return bad(n, "Attribute \"type\" is missing for managed object reference %q", n.name.Local)
	}
	if len(n.kids) > 0 {
		return unexpected(n.kids[0])
	}
	if strings.TrimSpace(n.text.String()) == "" {
		return bad(n, "Empty managed object reference in element %q", n.name.Local)
	}
	return nil
}

func enumValue(n *node, t reflect.Type, values []string) *problem {
	for _, v := range values {
		if v == n.text.String() {
			return nil
		}
	}
	return bad(n, "Invalid value %q for enumeration %s", n.text.String(), t.Name())
}

func xsdName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "boolean"
	case reflect.Int8, reflect.Uint8:
		return "byte"
	case reflect.Int16:
		return "short"
	case reflect.Int32:
		return "int"
	case reflect.Int64, reflect.Int:
		return "long"
	case reflect.Float32:
		return "float"
	case reflect.Float64:
		return "double"
	}
	return "string"
}

// xsdValue checks an element whose xsi:type is a type of XML Schema.
func xsdValue(n *node, name string, declared reflect.Type) *problem {
	any := declared.Kind() == reflect.Interface && declared.NumMethod() == 0
	fits := declared.Kind() != reflect.Struct && declared.Kind() != reflect.Interface &&
		(xsdName(declared) == name || declared.Kind() == reflect.Slice)
	if !any && !fits && !(declared == typeTime && name == "dateTime") {
		return bad(n, "Type xsd:%s is not compatible with the declared type %s of element %q",
			name, declared.Name(), n.name.Local)
	}
	return scalar(n, name)
}

func scalar(n *node, name string) *problem {
	if len(n.kids) > 0 {
		return unexpected(n.kids[0])
	}
	text := strings.TrimSpace(n.text.String())
	var err error
	switch name {
	case "string", "anyURI":
	case "boolean":
		if text != "true" && text != "false" && text != "1" && text != "0" {
			err = strconv.ErrSyntax
		}
	case "byte":
		_, err = strconv.ParseInt(text, 10, 16)
	case "short":
		_, err = strconv.ParseInt(text, 10, 16)
	case "int":
		_, err = strconv.ParseInt(text, 10, 32)
	case "long":
		_, err = strconv.ParseInt(text, 10, 64)
	case "float", "double":
		_, err = strconv.ParseFloat(text, 64)
	case "dateTime":
		_, err = time.Parse(time.RFC3339Nano, text)
	case "base64Binary":
		_, err = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	default:
		return bad(n, "Unable to resolve type name \"xsd:%s\"", name)
	}
	if err != nil {
		return bad(n, "Invalid value for element %q of type xsd:%s", n.name.Local, name)
	}
	return nil
}
