// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"math/rand"
	"reflect"
	"strings"
)

// Good and bad values for fields with a rule, by struct and key; each is tried at every
// place that has such a field.
var values = map[string][]string{
	"path": {"", "/", "/a", "a", "./a", "../a", "/a/", "/a//b", "//a", "/./a", "/a/.", "/a/..", "/a/../b", "/..", "/...", "/a..", "/ ", "/a b",
		"/ä", "/\u00e9", "/a\x01b", "/a\nb", "/a\tb", "/a\\b", "C:\\a", "~", "~/a", "/~", "$HOME", "/%2e", "/" + strings.Repeat("l", 256), strings.Repeat("/l", 2100), "/etc/systemd/system/a.service", "/dev/disk/by-label/a", "/a:b"},
	"url": {"", "a", "/a", "//a/b", "http:", "http:a", "http:/a", "http://", "http:///a", "http://h", "HTTP://h", "hTTps://h", "http://h:80", "http://h:", "http://h:a", "http://h:99999", "http://h:-1", "http://[::1]", "http://[::1", "http://::1", "http://[::1%25eth0]/a", "http://[::1%eth0]/a", "http://[v1.a]",
		"http://h/a b", "http://h /a", "http://h\t/a", "http://h/\x01", "http://h/\x7f", " http://h", "http://h ", "http://h/%", "http://h/%z", "http://h/%zz", "http://h/%41", "http://h%41/a", "http://h%zz/a", "http://%41", "http://h?%", "http://h?a=%zz", "http://h#%", "http://h#a#b", "http://h/#a b", "http://h?a b", "http://ä/ö", "http://a_b", "http://a<b", "http://a\"b", "http://a|b", "http://a^b", "http://a\\b", "http://h/a\\b", "http://h/^", "http://u@h", "http://u:p@h", "http://u:p:q@h", "http://u p@h", "http://u%zz@h", "http://u[@h", "http://@h", "http://a@b@c",
		":", ":a", "1a:b", "a:b", "a+b:c", "a-b:c", "a.b:c", "a_b:c", "-a:b", "ä:b", "a b:c", "ftp://h", "file:///a", "oem:///a", "oem://a", "httpx://h", "tftp://h", "tftp:", "gs://b/o", "gs:", "gs://B_x/ o", "javascript:1", "mailto:a@b", "./a:b", "a/b:c", "?a", "#a", "*", "//", "///a", "http:////a", "\x00", "http://h/\x00", "http://h/\u2028",
		"s3://b/k", "s3:", "s3://b", "s3://b/k?versionId=a", "s3://b/k?versionId=", "s3://b/k?versionId", "s3://b/k?versionid=", "s3://b/k?versionId=&versionId=a", "s3://b/k?versionId=a&versionId=", "s3://b/k?x=%zz", "s3://b/k?versionId=%zz", "s3://b/k?versionI%64=", "s3://b/k?a;versionId=", "s3://b/k?versionId=;", "s3://b/k#?versionId=", "s3://b/k?&versionId=",
		"arn:aws:s3:::b/k", "arn:aws:s3:::b", "arn:aws:s3:::b/", "arn:aws:s3", "arn:", "arn", "arn:aws:sqs:::b/k", "arn:aws:S3:::b/k", "arn::s3:::b/k", "arn:aws:s3:r:1:accesspoint/p", "arn:aws:s3:r:1:accesspoint/p/object", "arn:aws:s3:r:1:accesspoint/p/object/k", "arn:aws:s3:::b/k?versionId=a", "arn:aws:s3:::b/k?versionId=", "arn:aws:s3:::b?versionId=a/b", "ARN:aws:s3:::b/k", "arn:a:s3:b:c:d:e/f", "arn:/aws:s3:::b/k", "arn://aws:s3:::b/k", "arn:aws:s3:::b/k#f", "arn:aws:s3:::b k/k", "arn:aws:s3:::b%zz/k"},
	"data": {"data:", "data:,", "data:,a", "data:a", "data:a,b", "data:/,a", "data:a/,b", "data:/b,c", "data:a/b", "data:a/b,", "data:a/b,c", "data:text/plain,a", "data:text/plain;charset=utf-8,a", "data:text/plain;charset=utf-8;base64,YQ==", "data:;charset=utf-8,a", "data:;charset=,a", "data:;charset,a", "data:;=a,b", "data:;a=b;c=d,e", "data:;a=\"b\",c", "data:;a=\"b c\",d", "data:;a=\"b,c\",d", "data:;a=\"b,c", "data:;a=\"\\\"\",d", "data:;a=\"\\q\",d", "data:;a=\"b\"c,d", "data:;a=%41,b", "data:;a=%zz,b", "data:;a=b c,d", "data:;a b=c,d", "data:;,a", "data:;;,a", "data:;base64", "data:;base64,", "data:;base64,YQ==", "data:;base64,YQ=", "data:;base64,YQ", "data:;base64,Y", "data:;base64,YQ==YQ==", "data:;base64,YR==", "data:;base64,Y Q==", "data:;base64,YQ==\n", "data:;base64,YQ%3D%3D", "data:;base64,_-==", "data:;base64,+/==", "data:;base64,====", "data:;BASE64,YQ==", "data:;base64;a=b,YQ==", "data:;a=b;base64,YQ==", "data:;base65,YQ==", "data:;base64x,YQ==", "data:base64,YQ==", "data:text/plain;base64,YQ==",
		"data:,%", "data:,%4", "data:,%41", "data:,%zz", "data:,%4z", "data:,%00", "data:,%ff", "data:,a b", "data:,a\tb", "data:,a\nb", "data:,ä", "data:,a#b", "data:,a?b", "data:,a&b", "data:,\"", "data:,<>", "data:,[]", "data:,{}", "data:,|", "data:,\\", "data:,^", "data:,`", "data:,~!*'()", "data:,$&+,/:;=?@", "data:,\x7f", "data:,a,b", "data:;base64,YQ==#a", "data:;base64,YQ==?a", "data: ,a", " data:,a", "data:, a", "data:,a ", "DATA:,a", "Data:;base64,YQ==", "data://,a", "data:///,a", "data:é/b,c", "data:a b/c,d", "data:application/octet-stream,%1F%8B", "data:a.b+c/d-e_f,g", "data:a/b/c,d", "data:1/2,a", "data:*/*,a", "data:a/b ,c", "data:a/b; charset=c,d", "data:a/b;charset=\"c\" ,d", "data:text/html;charset=utf-8,%3Ch1%3E", "data:,%e4", "data:,%E4", "data:;charset=ä,a"},
	"hash": {"", "-", "sha256", "sha256-", "-a", "md5-" + strings.Repeat("0", 32), "sha1-" + strings.Repeat("0", 40), sha256, sha256 + "0", sha256[:70], sha512, sha512[:134], strings.ToUpper(sha256), "sha256-" + strings.Repeat("A", 64), "sha256-" + strings.Repeat("z", 64), "sha512-" + strings.Repeat("0", 64), "sha256-" + strings.Repeat("-", 64), "sha256 -" + strings.Repeat("0", 64), "sha256:" + strings.Repeat("0", 64), "SHA512-" + strings.Repeat("0", 128), "sha256-" + strings.Repeat("ä", 32), "sha384-" + strings.Repeat("0", 96)},
	"guid": {"", "0", "01234567-89AB-CDEF-EDCB-A98765432101", "01234567-89ab-cdef-edcb-a98765432101", "01234567-89AB-CDEF-EDCB-A9876543210", "01234567-89AB-CDEF-EDCB-A987654321012", "{01234567-89AB-CDEF-EDCB-A98765432101}", "0123456789ABCDEFEDCBA98765432101", "g1234567-89AB-CDEF-EDCB-A98765432101", " 01234567-89AB-CDEF-EDCB-A98765432101", "01234567-89AB-CDEF-EDCB-A98765432101\n", "01234567_89AB_CDEF_EDCB_A98765432101", "01234567-89AB-CDEF-EDCB-A9876543210١", "\n"},
	"label": {"", "a", "a:b", ":", "a b", "ä", "\n", "0", strings.Repeat("l", 11), strings.Repeat("l", 12), strings.Repeat("l", 13), strings.Repeat("l", 15), strings.Repeat("l", 16), strings.Repeat("l", 17), strings.Repeat("l", 36), strings.Repeat("l", 37), strings.Repeat("l", 47), strings.Repeat("l", 48), strings.Repeat("l", 256), strings.Repeat("l", 257),
		strings.Repeat("ä", 6), strings.Repeat("ä", 8), strings.Repeat("ä", 9), strings.Repeat("ä", 18), strings.Repeat("ä", 19), strings.Repeat("ä", 24), strings.Repeat(":", 40), strings.Repeat("😀", 9), strings.Repeat("😀", 10)},
	"mode":              {"0", "-1", "1", "7", "8", "4", "5", "6", "10", "44", "64", "100", "111", "222", "400", "420", "440", "444", "493", "500", "511", "544", "555", "600", "640", "644", "660", "664", "666", "700", "711", "744", "750", "755", "760", "770", "775", "777", "778", "888", "1000", "1644", "1755", "1777", "2755", "2770", "2775", "4711", "4755", "4777", "6755", "7000", "7777", "7778", "8000", "9999", "10000", "00644", "000644", "0o0644", "0o644", "0o755", "0o7777", "0o10000", "0x1ff", "0x1FF", "0xfff", "0x1000", "0b110100100", "04095", "04096", "4095", "4096", "07777", "010000", "01000", "01755", "02755", "02770", "04755", "06755", "04644", "02644", "01644", "0o1777", "07", "0111", "0222", "0333", "0200", "0100", "0300", "0074", "0047", "0470", "0740", "0704", "0722", "0733", "0766", "0754", "0745", "0645", "0646", "0604", "0660", "0464", "0888", "644.0", "644.9", "6.44e2", "1e3", "1_000", "0_644", "0o6_44", "+0644", "-0644", "'0644'", "0644 ", "[]", "{}", "0644a", "rw-r--r--", "u=rw", "0O644", "2147483648", "4294967716", "4294967296", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "true", "!!int 0644", "0644 # text"},
	"unit name":         {"", "a", ".", ".service", "a.service", "a.conf", "a.network", "a.service.", "a.Service", "a.service ", "a.service/", "a/b.service", "/a.service", "../a.service", "a@.service", "a@b.service", "a@b@c.service", "@b.service", "@.service", "a b.service", "ä.service", "a\\x2d.mount", "a.b.timer", "a.mount", "-.mount", "a.automount", "a.swap", "a.target", "a.path", "a.slice", "a.scope", "a.snapshot", "a.busname", "a.device", "a.socket", strings.Repeat("l", 250) + ".service", "a\n.service", "a.service\n"},
	"contents":          {"", "\n", " ", "a", "a=b", "#", "# a", ";a", "[", "]", "[]", "[]\n", "[A]", "[A]\n", "[A", "[A\n", "[A\n]", "[A]]\n", "[[A]]\n", "[A] \n", "[A]\t\n", "[A] b\n", "[A] # b\n", "[A];\n", "[A]\nb", "[A]\nb\n", "[A]\nb=", "[A]\nb=c", "[A]\nb=c\n", "[A]\n=\n", "[A]\n=c\n", "[A]\nb = c\n", "[A]\n b=c\n", "[A]\n\tb=c\n", "[A]\nb=c\\\n", "[A]\nb=c\\\nd\n", "[A]\nb=c\\\n\nd\n", "[A]\nb=c\\\n# d\ne=f\n", "[A]\nb=c\\ \nd\n", "[A]\nb=c \\\nd\n", "[A]\nb=c\\", "[A]\nb\\\n=c\n", "[A]\n# b\\\nc\n", "[A]\n#b\\ \nc\nd=e\n", "[A]\n;b\nc=d\n", "[A]\nb=[C]\n", "[A]\n[B]\nc=d\n", "[A][B]\n", "[A]\nb=c\n[", "[A]\nb=c\n[D", "a\n[A]\nb=c\n", "a=b\n[A]\n", "# [A\n[B]\n", "#\\\n[A]\nb\n", "#a\\\n", "a [b\nc\n", "[A]\r\nb=c\r\n", "[A]\rb=c\r", "[A]\nb\r=c\n", "[A]\nb=c\rd\n", "[A]\n\u00a0b=c\n", "[A]\n\u0085b=c\n", "[A]\n\u2003b=c\n", "[A]\n\x00b=c\n", "[A]\nb=c\x00d\n", "[ä]\nö=ü\n", "\ufeff[A]\nb=c\n", "[A]\n\ufeffb=c\n", "[A]\nb\n=c\n", "[A]\n\n\nb=c\n\n", "[A]\n \n", "[A]\n ", "[A]\n\\\nb=c\n", "[A]\n\\", "[A]\\\n", "[A]\\\nb\n", "[A\\\n]\nb=c\n", "[A]\n=", "[A]\n==\n", "[A]\nb=c\n#", "[A]\nb=c\n# d", "[A]\nb=c\nd", "[Install]\n", "[Install]\nWantedBy=a\n", "[install]\nWantedBy=a\n", "[ Install ]\nWantedBy=a\n", "[Install]\n[A]\nb=c\n", "[A]\nb=c\n[Install]\n", "[A]\nb=c\n[Install]\nd=\n", "# [Install]\n", "[A]\n#[Install]\n", "[A]\nb=c\\\n[Install]\nd=e\n", "[X]\nb=[Install]\nWantedBy=d\n", "Install]\n", "[A] #\n", "[A]\v\n", "[A]\f\nb=c\n", "[A]\u00a0\n"},
	"dropin name":       {"", "a", "a.conf", ".conf", "a.Conf", "a.conf.", "a.conf ", "a/b.conf", "../a.conf", "a.service", "ä.conf", "a b.conf", "a.conf\n", "a.b.conf"},
	"filesystem format": {"", "ext2", "ext3", "ext4", "EXT4", "btrfs", "xfs", "vfat", "swap", "none", "zfs", "ntfs", " ext4", "auto"},
	"raid level":        append([]string{"", "raid2", "raid01", "RAID1", "2", "00", "7", "linear ", "raid", "50"}, raidLevels...),
	"luks name":         {"", "a", "a/b", "/", "a.b", "ä", "a b", "-", "\n", strings.Repeat("l", 200)},
	"compression":       {"", "gzip", "GZIP", "gz", "xz", "none", " ", "zstd", "gzip "},
	"header":            {"", " ", "a", "A b", "a:b", "a\nb", "ä", "X-\x00", "()"},
	"advertisement":     {"", "{}", "{", "[]", "[", "null", "nul", "true", "1", "01", "1.", "-", "-0", "1e5", "1e", "\"a\"", "\"a", "'a'", "{\"a\": 1}", "{\"a\": 1,}", "{a: 1}", "[1,]", "[1 2]", " {} ", "{} {}", "{}x", "\"\\u12\"", "\"\\ud800\"", "\"\x01\"", "\"\t\"", "\ufeff{}", "//", "\xff", "{\"a\":1,\"a\":2}", "1e400", "\"\\x41\"", strings.Repeat("[", 300) + strings.Repeat("]", 300)},
	"quadlet name":      {"", "a", "a.container", "a.Container", ".container", "a.container.d", "a.volume", "a.network", "a.kube", "a.image", "a.build", "a.pod", "a.artifact", "a.service", "a@.container", "a@b.container", "a@b@c.container", "@.container", "@b.container", "a@b.c.container", "a.b@c.container", "a.@container", "a/b.container", "../a.container", "a b.container", "ä.container", "a.container@b", "a@b", "a@.b.container", "/a.container", "a//b.container", "./a.container", "..container"},
	"local":             {"", ".", "..", "/", "text", "/text", "//text", "./text", "../text", "dir/../text", "dir/../../text", "nowhere", "nowhere/text", "text/a", "dir", "dir/", "text/", "empty", "inside", "bytes", "latin1", "latin1.service", "bad.service", "unit.service", "keys", "tree", "tree/", "tree/sub", "tree/nothing", "treelink", "treelink/run", "tree/dirlink", "a\x00b", "../files/text", "with blank ä", "tree/link", "fifo", "~", "%74ext", "text ", "tree3", "TEXT", strings.Repeat("l", 300), "tree2/x/y/z", "inner.ign"},
	"escape":            {"outside", "tree/sub/abs"},
	"tree path":         {"", "/", "a", "/a", "/a/", "//a", "/a/../b", ".", "..", "/a b", "/etc/systemd/system"},
	"mount path":        {"", "/", "/a", "/a/b", "/a-b", "/a b", "/ä", "/.a", "/a.b", "/a:b", "/a_b", "/a\\b", "/a@b", "/a%b", "a", "/a/", "/a//b", "//", "/..", "/a\x01", "/\x7f", "/var/lib/docker", "/ "},
	"owner name":        {"", "a", "0", " ", "ä"},
	"proxy":             {"", "a", "http:", "http://p", "https://p", "HTTP://p", "HttpS://p", "ftp://p", "p:3128", "//p", "socks5://p", ":", "http://[", "http://%", "http://p p", "https://u:p@p:1/a?b#c", "http://\x01", " http://p", "1.2.3.4:5", "http://p:x"},
	"name":              {"", "a", "a b", "ä", "a:b", "a/b", "\n", "-", "0", strings.Repeat("l", 300)},
	"target":            {"", ".", "a", "../a", "/a", "/a/", "/a//b", "/", "/d", "/d/", "/d/.", "/x/../d", "../d", "../../d", "ä", " ", "\n"},
}

// Which values a field gets.
var kinds = map[string]string{
	"File.path": "path", "Directory.path": "path", "Link.path": "path", "Disk.device": "path", "Filesystem.device": "path", "Luks.device": "path", "Raid.devices": "path", "Filesystem.path": "path",
	"Resource.source": "url data", "Tang.url": "url", "Verification.hash": "hash", "Partition.guid": "guid", "Partition.type_guid": "guid",
	"Partition.label": "label", "Filesystem.label": "label", "Luks.label": "label", "File.mode": "mode", "Directory.mode": "mode", "Tree.file_mode": "mode", "Tree.dir_mode": "mode",
	"Unit.name": "unit name", "Unit.contents": "contents", "Dropin.name": "dropin name", "Dropin.contents": "contents", "Filesystem.format": "filesystem format", "Raid.level": "raid level",
	"Luks.name": "luks name", "Resource.compression": "compression", "HTTPHeader.name": "header", "HTTPHeader.value": "header", "Tang.advertisement": "advertisement", "Quadlet.name": "quadlet name",
	"Resource.local": "local escape", "Unit.contents_local": "local escape", "Dropin.contents_local": "local escape", "Quadlet.contents_local": "local escape", "PasswdUser.ssh_authorized_keys_local": "local escape", "Tree.local": "local",
	"Tree.path": "tree path", "NodeUser.name": "owner name", "NodeGroup.name": "owner name", "Proxy.http_proxy": "proxy", "Proxy.https_proxy": "proxy", "PasswdUser.name": "name", "PasswdGroup.name": "name", "Raid.name": "name", "Link.target": "target",
}

// What a field stands beside, so that its value is what counts.
var company = map[string][]any{
	"Filesystem.path":            {"format", "xfs"},
	"Filesystem.label":           {"format", "xfs"},
	"Verification":               {"source", "http://h/a"},
	"HTTPHeader":                 {"source", "http://h/a"},
	"Partition.guid":             {"number", 1},
	"Partition.type_guid":        {"number", 1},
	"Link.target":                {"path", "/l/l"},
	"ClevisCustom.config":        {"pin", "tang"},
	"ClevisCustom.pin":           {"config", "{}"},
	"ClevisCustom.needs_network": {"pin", "tang", "config", "{}"},
}

// place makes the smallest document that has a field, and gives the field a value.
func place(v *version, path string, value *node) *node {
	m := newMaker(rand.New(rand.NewSource(1)), v, true)
	root := v.document()
	n, t := root, v.typ
	steps := strings.Split(path, ".")
	for i, step := range steps {
		key := strings.TrimRight(step, "[]")
		last := i == len(steps)-1
		owner := structName(t)
		for _, f := range members(t) {
			if wanted[owner+"."+f.key] && n.get(f.key) == nil && i > 0 {
				n.set(f.key, m.value(f.typ, owner, f.key))
			}
			if f.key == key {
				t = f.typ
			}
		}
		with := func(name string) {
			for i := 0; i+1 < len(company[name]); i += 2 {
				n.set(company[name][i].(string), asNode(company[name][i+1]))
			}
		}
		with(owner + "." + key)
		with(structName(t))
		if t.Kind() == reflect.Slice {
			t = indirect(t.Elem())
			if t.Kind() == reflect.Struct {
				with(structName(t))
			}
		}
		if last {
			if strings.HasSuffix(step, "[]") {
				value = list(value)
			}
			n.set(key, value)
			break
		}
		next := &node{kind: 'm'}
		if strings.HasSuffix(step, "[]") {
			n.set(key, list(next))
		} else {
			n.set(key, next)
		}
		n = next
	}
	return root
}

func ownerOf(v *version, path string) string {
	at := v.typ
	parent := ""
	for _, step := range strings.Split(path, ".") {
		if at.Kind() != reflect.Struct {
			return "" // below what was spoilt
		}
		parent = structName(at)
		for _, f := range members(at) {
			if f.key == strings.TrimRight(step, "[]") {
				at = f.typ
			}
		}
		for at.Kind() == reflect.Slice {
			at = indirect(at.Elem())
		}
	}
	return parent
}

// valueDocs: every value in every place; what is in many places (a resource, an
// owner) gets all of them in the first two, and a part in the rest.
func valueDocs() []*doc {
	var all []*doc
	for vi, v := range versions {
		places := map[string]int{}
		for _, path := range sortedPaths(v) {
			key := path[strings.LastIndex(path, ".")+1:]
			field := ownerOf(v, path) + "." + strings.TrimRight(key, "[]")
			kind, ok := kinds[field]
			if !ok || strings.HasSuffix(key, "[]") != strings.HasSuffix(path, "[]") {
				continue
			}
			places[field]++
			for _, k := range splitKinds(kind) {
				for i, s := range values[k] {
					if places[field] > 2 && i%7 != places[field]%7 {
						continue
					}
					if turn := turns(vi, strings.TrimSuffix(path, "[]")); turn >= 0 && (i+turn)%4 != 0 {
						continue
					}
					value := str(s)
					if k == "mode" {
						value = raw(s)
					}
					all = append(all, &doc{group: "values", v: v, name: fmt.Sprintf("%s: %q", path, short(s)), text: write(place(v, path, value), nil)})
				}
			}
		}
	}
	return append(all, mountDocs()...)
}

// "url data", but "unit name": a kind of two words is one.
func splitKinds(kind string) []string {
	if _, ok := values[kind]; ok {
		return []string{kind}
	}
	return strings.Fields(kind)
}

func short(s string) string {
	if len(s) > 40 {
		return s[:40] + "..."
	}
	return s
}

// Mount units: names, luks by tang, merging with units of the document.
func mountDocs() []*doc {
	var all []*doc
	add := func(v *version, name, body string) {
		all = append(all, &doc{group: "mounts", v: v, name: name, text: fmt.Sprintf("variant: flatcar\nversion: %s\n%s\n", v.name, body)})
	}
	for i, p := range values["mount path"] {
		v := versions[i%3]
		add(v, "path "+p, "storage: {filesystems: [{device: /dev/a, format: ext4, with_mount_unit: true, path: "+double(p)+"}]}")
		add(v, "device "+p, "storage: {filesystems: [{format: swap, with_mount_unit: yes, mount_options: [a, b], device: "+double(p)+"}]}")
		add(v, "both "+p, "storage: {filesystems: [{format: xfs, with_mount_unit: true, path: /p, mount_options: [], device: "+double(p)+"}]}")
	}
	for _, v := range versions {
		for i, options := range []string{"[]", "[a]", "[a, b]", "['']", "[a, '', b]", "[\"a\\nb\"]", "[\"a\\\\\"]", "~", "['%a']"} {
			add(v, "options "+options, "storage: {filesystems: [{device: /dev/a, path: /p, format: btrfs, with_mount_unit: true, mount_options: "+options+"}]}")
			add(v, "swap options "+options, "storage: {filesystems: [{device: /dev/a, path: /p, format: swap, with_mount_unit: true, mount_options: "+options+"}]}")
			_ = i
		}
		for _, u := range []string{"{name: p.mount}", "{name: p.mount, enabled: false}", "{name: p.mount, mask: true}", "{name: p.mount, contents: ''}", "{name: p.mount, contents: \"[Mount]\\nWhat=x\\n\"}", "{name: p.mount, contents: \"[Mount\"}", "{name: p.mount, dropins: [{name: a.conf, contents: \"[Mount]\\n\"}]}", "{name: p.mount, dropins: [{name: a.conf}, {name: a.conf}]}", "{name: p.mount}, {name: p.mount}", "{name: a.service}, {name: p.mount}, {name: b.service}", "{name: p.mount, enabled: ~}", "{name: a.service}, {name: a.service}", "{name: p.mount}, {name: a.service}, {name: p.mount, enabled: false}", "{name: x.conf}", "{name: q.mount}, {name: p.mount, contents: \"bad\\n[\"}"} {
			add(v, "unit "+u, "storage: {filesystems: [{device: /dev/a, path: /p, format: btrfs, with_mount_unit: true}, {device: /dev/b, path: /q, format: xfs, with_mount_unit: true}]}\nsystemd: {units: ["+u+"]}")
		}
		add(v, "beside a unit without a name", "storage: {filesystems: [{device: /dev/a, path: /p, format: btrfs, with_mount_unit: true}]}\nsystemd: {units: [{name: a.service, enabled: true}, {enabled: true}]}")
		add(v, "two of one path", "storage: {filesystems: [{device: /dev/a, path: /p, format: xfs, with_mount_unit: true}, {device: /dev/b, path: /p, format: xfs, with_mount_unit: true}]}")
		add(v, "file in the way", "storage: {files: [{path: /etc/systemd/system/p.mount}], filesystems: [{device: /dev/a, path: /p, format: xfs, with_mount_unit: true}]}")
		add(v, "bad format", "storage: {filesystems: [{device: /dev/a, path: /p, format: ext3, with_mount_unit: true}]}")
		for _, d := range []string{"/dev/mapper/x", "/dev/disk/by-id/dm-name-x", "/dev/mapper/y", "/dev/mapper/../mapper/x", "/dev/mapper/x/"} {
			for _, tang := range []string{"tang: [{url: 'http://t', thumbprint: a}]", "tang: []", "tpm2: true"} {
				add(v, "luks "+d+" "+tang, "storage: {luks: [{name: y, device: /dev/c}, {name: x, device: /dev/b, clevis: {"+tang+"}}], filesystems: [{device: "+d+", path: /p, format: xfs, with_mount_unit: true}]}")
				add(v, "luks swap "+d+" "+tang, "storage: {luks: [{name: x, device: /dev/b, clevis: {"+tang+"}}], filesystems: [{device: "+d+", format: swap, mount_options: [a], with_mount_unit: true}]}")
			}
		}
	}
	return all
}
