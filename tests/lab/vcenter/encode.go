// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"bytes"
	"reflect"
	"strconv"

	"github.com/vmware/govmomi/vim25/types"
	"github.com/vmware/govmomi/vim25/xml"
)

// encodeVal writes <val xsi:type="...">...</val>. The elements of large lists
// are written by hand: govmomi's encoder is a hundred times slower.
func encodeVal(v types.AnyType) string {
	switch x := v.(type) {
	case string:
		return simpleVal("xsd:string", escaped(x))
	case bool:
		return simpleVal("xsd:boolean", strconv.FormatBool(x))
	case int32:
		return simpleVal("xsd:int", strconv.FormatInt(int64(x), 10))
	case int64:
		return simpleVal("xsd:long", strconv.FormatInt(x, 10))
	case types.ManagedObjectReference:
		return `<val type="` + x.Type + `" xsi:type="ManagedObjectReference">` + escaped(x.Value) + "</val>"
	}
	if r := reflect.ValueOf(v); r.Kind() == reflect.String {
		return simpleVal(r.Type().Name(), escaped(r.String())) // an enumeration
	}
	var box struct {
		XMLName xml.Name      `xml:"v"`
		Val     types.AnyType `xml:"val,typeattr"`
	}
	box.Val = v
	b, err := xml.Marshal(&box)
	if err != nil {
		panic(err)
	}
	b = bytes.TrimSuffix(bytes.TrimPrefix(b, []byte("<v>")), []byte("</v>"))
	return string(b)
}

func simpleVal(kind, text string) string {
	return `<val xsi:type="` + kind + `">` + text + "</val>"
}

func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}
