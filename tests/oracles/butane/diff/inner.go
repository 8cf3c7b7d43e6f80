// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"strings"
)

// Ignition configs inside a document: "@IGN@" is the version of the outer one.
var innerTexts = []string{
	`{"ignition": {"version": "@IGN@"}}`, `{"ignition":{"version":"@IGN@"},"storage":{"files":[{"path":"/a","mode":420}]}}`,
	``, ` `, `{`, `{}`, `[]`, `null`, `5`, `"a"`, `true`, `{}{}`, `{} x`, `{"ignition": {}}`, `{"ignition": null}`, `{"ignition": []}`, `{"ignition": "a"}`,
	`{"ignition": {"version": null}}`, `{"ignition": {"version": ""}}`, `{"ignition": {"version": "a"}}`, `{"ignition": {"version": 3}}`, `{"ignition": {"version": "3"}}`, `{"ignition": {"version": "2.2.0"}}`,
	`{"ignition": {"version": "3.0.0"}}`, `{"ignition": {"version": "3.3.0"}}`, `{"ignition": {"version": "3.4.0"}}`, `{"ignition": {"version": "3.5.0"}}`, `{"ignition": {"version": "3.7.0-experimental"}}`, `{"ignition": {"version": "3.8.0-experimental"}}`,
	`{"ignition": {"version": "2.0.0"}, "storage": {"files": [{"path": "a"}]}}`, `{"Ignition": {"Version": "@IGN@"}}`, `{"ignition": {"version": "@IGN@"}, "Storage": {"FILES": [{"PATH": "a"}]}}`,
	`{"ignition": {"version": "@IGN@"}, "ignition": {"version": "3.0.0"}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a"}], "files": [{"path": "b"}]}}`,
	`{"ignition": {"version": "@IGN@"}, "storage": null, "passwd": null, "systemd": {"units": null}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [null]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a", "mode": null}]}}`,
	`{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a", "mode": "0644"}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a", "mode": 420.0}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a", "mode": 4.2e2}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a", "mode": 99999999999999999999}]}}`,
	`{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a", "mode": 0644}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a", "mode": 4096}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a", "mode": 2541}]}}`,
	`{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a", "mode": 644}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": 5}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": {}}}`, `{"ignition": {"version": "@IGN@"}, "storage": []}`,
	`{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "a"}, {}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a", "contents": {"source": "ftp://a"}}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a", "contents": {"inline": "a"}}]}}`,
	`{"ignition": {"version": "@IGN@"}, "storage": {"links": [{"path": "/a"}], "files": [{"path": "/a/b"}, {"path": "/a"}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"disks": [{"device": ""}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"filesystems": [{"device": "/d", "label": "a"}]}}`,
	`{"ignition": {"version": "@IGN@"}, "storage": {"luks": [{"name": "a", "clevis": {"tpm2": true}}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"luks": [{"name": "a", "device": "/d", "clevis": {"tpm2": true}, "discard": true, "cex": {"enabled": true}}]}}`, `{"ignition": {"version": "@IGN@"}, "storage": {"raid": [{"name": "a"}]}}`,
	`{"ignition": {"version": "@IGN@"}, "systemd": {"units": [{"name": "a"}]}}`, `{"ignition": {"version": "@IGN@"}, "systemd": {"units": [{"name": "a.service", "enabled": true, "contents": "[A]\nb=c\n"}]}}`, `{"ignition": {"version": "@IGN@"}, "systemd": {"units": [{"name": "a.service", "contents": "[A"}]}}`,
	`{"ignition": {"version": "@IGN@"}, "passwd": {"users": [{"name": "a"}, {"name": "a"}]}}`, `{"ignition": {"version": "@IGN@"}, "kernelArguments": {"shouldExist": ["a"], "shouldNotExist": ["a"]}}`, `{"ignition": {"version": "@IGN@"}, "kernel_arguments": {"should_exist": ["a"]}}`,
	`{"ignition": {"version": "@IGN@"}, "x": 1}`, `{"ignition": {"version": "@IGN@", "x": {"y": 1}}, "storage": {"x": 1, "files": [{"path": "/a", "x": 1}]}}`, `{"ignition": {"version": "@IGN@", "config": {"merge": [{"source": "ftp://a"}]}}}`, `{"ignition": {"version": "@IGN@", "config": {"merge": [{}]}}}`,
	`{"ignition": {"version": "@IGN@", "proxy": {"httpsProxy": "http://a"}}}`, `{"ignition": {"version": "@IGN@", "security": {"tls": {"certificateAuthorities": [{}]}}}}`, `{"ignition": {"version": "@IGN@"}, "a": "\ud800", "b": "\u00e4"}`, `{"ignition": {"version": "@IGN@"}, "a": "\x41"}`, "{\"ignition\": {\"version\": \"@IGN@\"}, \"a\": \"\t\"}",
	`{'ignition': {'version': '@IGN@'}}`, `{ignition: {version: @IGN@}}`, `{"ignition": {"version": "@IGN@"},}`, "\ufeff{\"ignition\": {\"version\": \"@IGN@\"}}", "variant: flatcar\nversion: 1.0.0\n", `{"ignition": {"version": "@IGN@"}} `, `{"ignition": {"version": "v@IGN@"}}`, `{"ignition": {"version": " @IGN@"}}`,
	`{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/b/c"}], "links": [{"path": "/b", "target": "c", "hard": true, "user": {"id": 1}}]}}`,
}

// innerDocs: these as merge and as replace, in both stages and next to other findings;
// and as local files, which Butane does not check.
func innerDocs(seed int64) []*doc {
	var all []*doc
	add := func(v *version, name string, n *node) {
		all = append(all, &doc{group: "inner", v: v, name: name, text: write(n, nil)})
	}
	for i, text := range innerTexts {
		for vi, v := range versions {
			in := strings.ReplaceAll(text, "@IGN@", v.ignition)
			n := v.document()
			n.put("ignition.config.merge.0.inline", str(in))
			add(v, "merge "+short(in), n)
			if i%3 == vi {
				n = v.document()
				n.put("ignition.config.replace.inline", str(in))
				add(v, "replace "+short(in), n)
				n = v.document()
				n.put("ignition.config.merge.0.inline", str(`{"ignition": {"version": "`+v.ignition+`"}}`))
				n.put("ignition.config.merge.1.inline", str(in))
				n.put("storage.files.0.path", str("a"))
				add(v, "merge, and another error "+short(in), n)
				n = v.document()
				n.put("ignition.config.merge.0", mapping("inline", in, "compression", "gzip"))
				add(v, "merge, as gzip "+short(in), n)
				n = v.document()
				n.put("ignition.config.merge.0", mapping("source", "data:,"+escape(in)))
				add(v, "merge by source "+short(in), n)
			}
		}
	}
	for i := 0; i < 150; i++ {
		rng := rand.New(rand.NewSource(seed<<20 + 1<<18 + int64(i)))
		v := versions[i%len(versions)]
		made := newMaker(rng, v, false).document()
		if i%3 > 0 {
			breakOnce(rng, v, made)
		}
		n := v.document()
		n.put("ignition.config.merge.0.inline", str(asIgnition(made, v.ignition)))
		add(v, fmt.Sprintf("inner %d", i), n)
	}
	return all
}

// asIgnition is a document with the names of Ignition, as JSON; fields that only Butane
// has stay in it as unknown keys.
func asIgnition(n *node, version string) string {
	c := n.copy()
	c.del("variant", "version")
	if c.get("ignition") == nil || c.get("ignition").get("version") == nil {
		c.put("ignition.version", str(version))
	}
	toJSON(c)
	w := &writer{flow: 100}
	w.flowed(c)
	return w.b.String()
}

func toJSON(n *node) {
	for i := range n.keys {
		n.keys[i] = camel(strings.ReplaceAll(n.keys[i], "_mib", "_miB"))
	}
	if n.kind == 'r' && !json.Valid([]byte(n.text)) {
		switch n.text {
		case "~", "":
			n.text = "null"
		default:
			n.kind, n.style = 's', 'd'
		}
	}
	for _, kid := range n.kids {
		toJSON(kid)
	}
}

func escape(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if strings.IndexByte("{}\"\\ %\n\t<>", c) >= 0 || c < 0x20 || c >= 0x7f {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
