// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"fmt"
	"strings"
	"testing"
)

func envelope(body string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<soapenv:Body>` + body + `</soapenv:Body></soapenv:Envelope>`
}

func reconfig(spec string) string {
	return envelope(`<ReconfigVM_Task xmlns="urn:vim25"><_this type="VirtualMachine">vm-1</_this><spec>` +
		spec + `</spec></ReconfigVM_Task>`)
}

const nicEdit = `<deviceChange xsi:type="VirtualDeviceConfigSpec"><operation>edit</operation>` +
	`<device xsi:type="VirtualVmxnet3"><key>4000</key>%s</device></deviceChange>`

func TestChecker(t *testing.T) {
	const power = `<PowerOnVM_Task xmlns="urn:vim25"><_this type="VirtualMachine">vm-1</_this></PowerOnVM_Task>`
	option := `<extraConfig xsi:type="OptionValue"><key>a</key><value xsi:type="xsd:string">b</value></extraConfig>`
	tests := []struct {
		name, xml, version, want string // want: part of the message, "" when it must pass
	}{
		{"good call", envelope(power), "8.0.1.0", ""},
		{"good spec", reconfig(`<numCPUs>4</numCPUs><memoryMB>8192</memoryMB>` + option), "8.0.1.0", ""},
		{"list repeats", reconfig(option + option), "8.0.1.0", ""},
		{"order", reconfig(`<memoryMB>8192</memoryMB><numCPUs>4</numCPUs>`), "8.0.1.0",
			`Unexpected element tag "numCPUs" seen`},
		{"order names the type", reconfig(`<memoryMB>8192</memoryMB><numCPUs>4</numCPUs>`), "8.0.1.0",
			`DataObject of type vim.vm.ConfigSpec`},
		{"unknown element", reconfig(`<cpus>4</cpus>`), "8.0.1.0", `Unexpected element tag "cpus" seen`},
		{"twice", reconfig(`<numCPUs>4</numCPUs><numCPUs>4</numCPUs>`), "8.0.1.0", `tag "numCPUs"`},
		{"list interrupted", reconfig(option + `<swapPlacement>inherit</swapPlacement>` + option), "8.0.1.0",
			`tag "extraConfig"`},
		{"missing parameter", envelope(`<CloneVM_Task xmlns="urn:vim25"><_this type="VirtualMachine">vm-1</_this>` +
			`<folder type="Folder">group-v3</folder><spec><location/><template>false</template><powerOn>false</powerOn></spec></CloneVM_Task>`),
			"8.0.1.0", `Required parameter name is missing`},
		{"missing property", reconfig(`<extraConfig xsi:type="OptionValue"><key>a</key></extraConfig>`), "8.0.1.0",
			`Required property value is missing from data object of type OptionValue`},
		{"too new", reconfig(`<fixedPassthruHotPlugEnabled>true</fixedPassthruHotPlugEnabled>`), "7.0.3.0",
			`tag "fixedPassthruHotPlugEnabled"`},
		{"new enough", reconfig(`<fixedPassthruHotPlugEnabled>true</fixedPassthruHotPlugEnabled>`), "8.0.1.0", ""},
		{"no xsi:type", reconfig(`<extraConfig><key>a</key><value xsi:type="xsd:string">b</value></extraConfig>`),
			"8.0.1.0", `xsi:type is missing for element "extraConfig"`},
		{"anyType without xsi:type", reconfig(`<extraConfig xsi:type="OptionValue"><key>a</key><value>b</value></extraConfig>`),
			"8.0.1.0", `xsi:type is missing for element "value"`},
		{"unbound prefix", strings.Replace(reconfig(option), "xmlns:xsd=", "xmlns:xs=", 1), "8.0.1.0",
			`bound to no namespace`},
		{"unbound xsi", strings.Replace(reconfig(option), "xmlns:xsi=", "xmlns:i=", 1), "8.0.1.0", `xsi:type is missing`},
		{"wrong type", reconfig(`<extraConfig xsi:type="VirtualDisk"/>`), "8.0.1.0", `not compatible`},
		{"unknown type", reconfig(`<extraConfig xsi:type="Option"/>`), "8.0.1.0", `Unable to resolve type name`},
		{"integer", reconfig(`<numCPUs>four</numCPUs>`), "8.0.1.0", `type xsd:int`},
		{"boolean", reconfig(`<memoryHotAddEnabled>yes</memoryHotAddEnabled>`), "8.0.1.0", `type xsd:boolean`},
		{"enumeration", reconfig(`<deviceChange xsi:type="VirtualDeviceConfigSpec"><operation>change</operation></deviceChange>`),
			"8.0.1.0", `enumeration VirtualDeviceConfigSpecOperation`},
		{"base fields first", reconfig(fmt.Sprintf(nicEdit, `<macAddress>x</macAddress><unitNumber>7</unitNumber>`)),
			"8.0.1.0", `tag "unitNumber"`},
		{"device", reconfig(fmt.Sprintf(nicEdit, `<unitNumber>7</unitNumber><macAddress>x</macAddress>`)), "8.0.1.0", ""},
		{"reference without type", envelope(`<PowerOnVM_Task xmlns="urn:vim25"><_this>vm-1</_this></PowerOnVM_Task>`),
			"8.0.1.0", `"type" is missing`},
		{"namespaced type attribute", strings.Replace(envelope(power), `type="V`, `xsi:type="V`, 1), "8.0.1.0",
			`Unable to resolve type name`},
		{"method", envelope(`<PowerOn xmlns="urn:vim25"><_this type="VirtualMachine">vm-1</_this></PowerOn>`), "8.0.1.0",
			`Unable to resolve WSDL method name PowerOn`},
		{"request type is no method", strings.ReplaceAll(envelope(power), "PowerOnVM_Task", "PowerOnVMRequestType"), "8.0.1.0",
			`Unable to resolve WSDL method name`},
		{"namespace", strings.Replace(envelope(power), "urn:vim25", "urn:vim2", 1), "8.0.1.0", `Unsupported namespace`},
		{"text", reconfig(`four`), "8.0.1.0", `Unexpected text`},
		{"two calls", envelope(power + power), "8.0.1.0", `one element`},
	}
	for _, tc := range tests {
		root, err := parseTree([]byte(tc.xml))
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		_, p := checkEnvelope(root, tc.version, "vs-test/1")
		switch {
		case tc.want == "" && p != nil:
			t.Errorf("%s: refused: %v", tc.name, p)
		case tc.want != "" && p == nil:
			t.Errorf("%s: passed", tc.name)
		case tc.want != "" && !strings.Contains(p.Error(), tc.want):
			t.Errorf("%s: got %v", tc.name, p)
		}
	}
}

func TestParseTreeRefuses(t *testing.T) {
	for _, bad := range []string{"", "<a>", "<a/><b/>", "<!DOCTYPE a><a/>", "<a></b>", "<a>&x;</a>",
		strings.Repeat("<a>", maxDepth+1) + strings.Repeat("</a>", maxDepth+1)} {
		if _, err := parseTree([]byte(bad)); err == nil {
			t.Errorf("%.40q was accepted", bad)
		}
	}
}

func TestVersionLess(t *testing.T) {
	for _, v := range []struct {
		a, b string
		less bool
	}{{"7.0", "8.0.1.0", true}, {"8.0.1.0", "8.0.1.0", false}, {"8.0.10.0", "8.0.2.0", false},
		{"8.0.3.0", "", false}, {"", "7.0", true}, {"8.0", "8.0.0.0", false}} {
		if got := versionLess(v.a, v.b); got != v.less {
			t.Errorf("versionLess(%q, %q) = %v", v.a, v.b, got)
		}
	}
}
