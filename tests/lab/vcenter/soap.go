// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"strings"

	"github.com/vmware/govmomi/vim25/types"
	"github.com/vmware/govmomi/vim25/xml"
)

// The form of a real 8.0.3 vCenter's response: namespaces over several lines,
// blank lines around the body's child.
const (
	envelopeHead = `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/"
 xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:xsd="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<soapenv:Body>
`
	envelopeTail = "\n</soapenv:Body>\n</soapenv:Envelope>\n"
)

// answer is an HTTP response in preparation.
type answer struct {
	status int
	ctype  string
	header http.Header
	body   []byte
	task   *types.ManagedObjectReference // that the call started
}

// govmomi's encoder declares the instance namespace on each element, with a
// prefix of its own; the real server does so once, on the envelope. In text a
// quote is escaped, so only attributes are changed here.
var xsiPrefix = strings.NewReplacer(
	` xmlns:_XMLSchema-instance="`+nsXSI+`"`, "", ` _XMLSchema-instance:type="`, ` xsi:type="`,
	` xmlns:XMLSchema-instance="`+nsXSI+`"`, "", ` XMLSchema-instance:type="`, ` xsi:type="`)

func wrapBody(inner []byte) []byte {
	var b bytes.Buffer
	b.Grow(len(envelopeHead) + len(inner) + len(envelopeTail))
	b.WriteString(envelopeHead)
	_, _ = xsiPrefix.WriteString(&b, string(inner))
	b.WriteString(envelopeTail)
	return b.Bytes()
}

// success encodes a response struct of the types package.
func success(name string, res any) (*answer, error) {
	var b bytes.Buffer
	if raw, ok := res.(rawXML); ok {
		fmt.Fprintf(&b, "<%sResponse xmlns=%q>%s</%sResponse>", name, nsVim, raw, name)
		return &answer{status: http.StatusOK, body: wrapBody(b.Bytes())}, nil
	}
	e := xml.NewEncoder(&b)
	start := xml.StartElement{Name: xml.Name{Space: nsVim, Local: name + "Response"}}
	if err := e.EncodeElement(res, start); err != nil {
		return nil, err
	}
	if err := e.Flush(); err != nil {
		return nil, err
	}
	a := &answer{status: http.StatusOK, body: wrapBody(b.Bytes())}
	if v := reflect.Indirect(reflect.ValueOf(res)); strings.HasSuffix(name, "_Task") &&
		v.Kind() == reflect.Struct && v.NumField() > 0 {
		if ref, ok := v.Field(0).Interface().(types.ManagedObjectReference); ok {
			a.task = &ref
		}
	}
	return a, nil
}

type faultDetail struct {
	fault types.BaseMethodFault
}

func (d faultDetail) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	kind := reflect.TypeOf(d.fault).Elem().Name()
	start.Name = xml.Name{Local: kind + "Fault"}
	start.Attr = []xml.Attr{
		{Name: xml.Name{Local: "xmlns"}, Value: nsVim},
		{Name: xml.Name{Local: "xsi:type"}, Value: kind},
	}
	return e.EncodeElement(d.fault, start)
}

// failure encodes a SOAP fault; its HTTP status is always 500.
func failure(code, text string, fault types.BaseMethodFault) *answer {
	var b bytes.Buffer
	fmt.Fprintf(&b, "<soapenv:Fault><faultcode>%s</faultcode><faultstring>", code)
	_ = xml.EscapeText(&b, []byte(text))
	b.WriteString("</faultstring>")
	if fault != nil {
		b.WriteString("<detail>")
		e := xml.NewEncoder(&b)
		_ = e.Encode(faultDetail{fault})
		_ = e.Flush()
		b.WriteString("</detail>")
	}
	b.WriteString("</soapenv:Fault>")
	return &answer{status: http.StatusInternalServerError, body: wrapBody(b.Bytes())}
}

func methodFault(fault types.BaseMethodFault) *answer {
	return failure("ServerFaultCode", faultText(fault), fault)
}

// send writes a response as the real front end does: compressed if the client
// accepts it, and chunked.
func (a *answer) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for k, v := range a.header {
		h[k] = v
	}
	ctype := a.ctype
	if ctype == "" {
		ctype = "text/xml; charset=utf-8"
	}
	h.Set("Content-Type", ctype)
	h.Set("Cache-Control", "no-cache")
	body := a.body
	if acceptsGzip(r) && len(body) > 0 {
		var b bytes.Buffer
		z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
		_, _ = z.Write(body)
		_ = z.Close()
		body = b.Bytes()
		h.Set("Content-Encoding", "gzip")
	}
	w.WriteHeader(a.status)
	for len(body) > 0 { // with a flush between them, net/http sends chunks
		n := min(len(body), 16<<10)
		if _, err := w.Write(body[:n]); err != nil {
			return
		}
		body = body[n:]
		if f, ok := w.(http.Flusher); ok {
			f.Flush()
		}
	}
}

func acceptsGzip(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
}

var actionRE = regexp.MustCompile(`^"?urn:vim25/([0-9]+(?:\.[0-9]+)*)"?$`)

// statedVersion reads the API version from the SOAPAction header.
func statedVersion(r *http.Request) (string, bool) {
	m := actionRE.FindStringSubmatch(r.Header.Get("SOAPAction"))
	if m == nil {
		return "", false
	}
	return m[1], true
}
