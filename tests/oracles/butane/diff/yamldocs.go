// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"
)

const head = "variant: flatcar\nversion: @V@\n"

// What YAML itself can do to a document; whole documents, "@V@" is the version.
var yamlTexts = map[string]string{
	"anchor of a scalar":      head + "storage:\n  files:\n    - {path: &p /a, contents: {inline: &t text}}\n    - {path: /b, contents: {inline: *t}}\n",
	"anchor of a map":         head + "storage:\n  files:\n    - path: /a\n      contents: &c\n        inline: text\n    - path: /b\n      contents: *c\n",
	"anchor of a list":        head + "passwd:\n  users:\n    - {name: a, groups: &g [x, y]}\n    - {name: b, groups: *g}\n",
	"alias in a list":         head + "passwd: {users: [&u {name: a}]}\nstorage: {files: [{path: /a, user: *u}]}\n",
	"alias of the same item":  head + "passwd: {users: [&u {name: a}, *u]}\n",
	"alias as a key":          head + "storage: {&k files: [{path: /a}]}\n",
	"alias for a key":         head + "passwd: {users: [{name: &n shell, *n : /bin/sh}]}\n",
	"alias of a null":         head + "storage: {files: [{path: /a, mode: &m ~, overwrite: *m}]}\n",
	"alias of a wrong type":   head + "storage: {files: [{path: &p /a, mode: *p}]}\n",
	"alias of itself":         head + "storage: &s {files: *s}\n",
	"alias before its anchor": head + "storage: {files: [{path: *p}, {path: &p /a}]}\n",
	"anchor given twice":      head + "storage: {files: [{path: &p /a}, {path: &p /b, contents: {inline: *p}}]}\n",
	"merge key":               head + "storage:\n  files:\n    - &f {path: /a, mode: 0600}\n    - <<: *f\n      path: /b\n",
	"merge key at the end":    head + "storage:\n  files:\n    - &f {path: /a, mode: 0600}\n    - path: /b\n      <<: *f\n",
	"merge of a list of maps": head + "storage:\n  files:\n    - &f {path: /a, mode: 0600}\n    - &g {overwrite: false, mode: 0400, path: /c}\n    - <<: [*f, *g]\n      path: /b\n",
	"merge of an inline map":  head + "storage: {files: [{<<: {mode: 0600}, path: /a}]}\n",
	"merge of a scalar":       head + "storage: {files: [{<<: 5, path: /a}]}\n",
	"merge of a list":         head + "storage: {files: [{<<: [5], path: /a}]}\n",
	"merge of nothing":        head + "storage: {files: [{<<: ~, path: /a}]}\n",
	"merge with foreign keys": head + "x-base: &b {mode: 0600, other: 1}\nstorage: {files: [{<<: *b, path: /a}]}\n",
	"merge key in quotes":     head + "storage: {files: [{\"<<\": {mode: 0600}, path: /a}]}\n",
	"merge key with a tag":    head + "storage: {files: [{!!merge <<: {mode: 0600}, path: /a}]}\n",
	"merge at the top":        "<<: {variant: flatcar}\nversion: @V@\n",
	"merge twice":             head + "storage: {files: [{<<: {mode: 0600}, <<: {mode: 0400}, path: /a}]}\n",
	"merge within merge":      head + "x: &a {path: /a}\ny: &b {<<: *a, mode: 0}\nstorage: {files: [{<<: *b}]}\n",
	"merge of a merge list":   head + "x: &a [{path: /a}]\nstorage: {files: [{<<: *a}]}\n",
	"merge of a section":      head + "x: &a {files: [{path: /a}]}\nstorage:\n  <<: *a\n  links: [{path: /b, target: c}]\n",

	"tag !!str on a number":   head + "passwd: {users: [{name: !!str 5}]}\n",
	"tag !!str on an int":     head + "storage: {files: [{path: /a, mode: !!str 5}]}\n",
	"tag !!str on a bool":     head + "passwd: {users: [{name: a, system: !!str true}]}\n",
	"tag !!int on text":       head + "storage: {files: [{path: /a, mode: !!int a}]}\n",
	"tag with a bracket":      head + "passwd: {users: [{name: !!in]t 5}]}\n",
	"tag with a comma":        head + "passwd: {users: [{name: a, system: !!bool, true}]}\n",
	"tag !!int in quotes":     head + "storage: {files: [{path: /a, mode: !!int \"0644\"}]}\n",
	"tag !!int on a string":   head + "passwd: {users: [{name: !!int 5}]}\n",
	"tag !!float":             head + "storage: {files: [{path: /a, mode: !!float 5}]}\n",
	"tag !!bool in quotes":    head + "passwd: {users: [{name: a, system: !!bool \"true\"}]}\n",
	"tag !!bool on yes":       head + "passwd: {users: [{name: a, system: !!bool yes}]}\n",
	"tag !!null":              head + "passwd: {users: [{name: a, system: !!null ~}]}\n",
	"tag !!null in quotes":    head + "passwd: {users: [{name: a, shell: !!null \"\"}]}\n",
	"tag !!binary":            head + "storage: {files: [{path: /a, contents: {inline: !!binary AAECAw==}}]}\n",
	"tag !!binary, folded":    head + "storage:\n  files:\n    - path: /a\n      contents:\n        inline: !!binary |\n          aGVs\n          bG8=\n",
	"tag !!binary, bad":       head + "storage: {files: [{path: /a, contents: {inline: !!binary \"***\"}}]}\n",
	"tag !!binary as number":  head + "storage: {files: [{path: /a, mode: !!binary NQ==}]}\n",
	"tag !!binary, not UTF-8": head + "passwd: {users: [{name: a, shell: !!binary /w==}]}\n",
	"tag of one's own":        head + "passwd: {users: [{name: !foo a}]}\n",
	"own tag on a number":     head + "storage: {files: [{path: /a, mode: !foo 5}]}\n",
	"own tag on a map":        head + "storage: !foo {files: []}\n",
	"own tag on a list":       head + "storage: {files: !foo [{path: /a}]}\n",
	"tag !!map on a map":      head + "storage: !!map {files: []}\n",
	"tag !!map on a list":     head + "storage: {files: !!map []}\n",
	"tag !!seq on a map":      head + "storage: !!seq {files: []}\n",
	"tag !!set":               head + "storage: !!set {files: []}\n",
	"tag !!timestamp":         head + "passwd: {users: [{name: !!timestamp 2001-01-01}]}\n",
	"tag in verbatim":         head + "passwd: {users: [{name: !<tag:yaml.org,2002:str> 5}]}\n",
	"tag on a key":            head + "passwd: {!!str users: [{name: a}]}\n",
	"tag !":                   head + "storage: {files: [{path: /a, mode: ! 5}]}\n",
	"timestamp for a string":  head + "passwd: {users: [{name: 2001-12-14t21:59:43.10-05:00}]}\n",
	"%TAG":                    "%TAG !e! tag:example.com,2000:\n---\n" + head + "passwd: {users: [{name: !e!x a}]}\n",
	"%TAG, unknown":           head + "passwd: {users: [{name: !e!x a}]}\n",
	"%YAML 1.1":               "%YAML 1.1\n---\n" + head,
	"%YAML 1.2":               "%YAML 1.2\n---\n" + head,
	"%YAML 2.0":               "%YAML 2.0\n---\n" + head,
	"%FOO":                    "%FOO bar\n---\n" + head,

	"two documents":             head + "---\nvariant: fcos\n",
	"two, the first empty":      "---\n---\n" + head,
	"two, the second bad":       head + "---\n[\n",
	"end of document":           head + "...\n",
	"text after the end":        head + "...\nmore: text\n",
	"bad after the end":         head + "...\n{\n",
	"start of document":         "---\n" + head,
	"start with a comment":      "# a\n--- # b\n" + head,
	"only comments":             "# nothing\n",
	"empty":                     "",
	"blanks":                    "  \n\n",
	"null":                      "~\n",
	"a scalar":                  "flatcar\n",
	"a list":                    "- variant: flatcar\n",
	"a number":                  "5\n",
	"an empty map":              "{}\n",
	"an empty list":             "[]\n",
	"variant null":              "variant: ~\nversion: @V@\n",
	"variant empty":             "variant: ''\nversion: @V@\n",
	"variant a list":            "variant: [flatcar]\nversion: @V@\n",
	"variant a number":          "variant: 5\nversion: @V@\n",
	"variant in capitals":       "variant: Flatcar\nversion: @V@\n",
	"variant fcos":              "variant: fcosx\nversion: @V@\n",
	"variant missing":           "version: @V@\n",
	"variant twice":             "variant: flatcar\nvariant: flatcar\nversion: @V@\n",
	"version missing":           "variant: flatcar\n",
	"version null":              "variant: flatcar\nversion: ~\n",
	"version a float":           "variant: flatcar\nversion: 1.1\n",
	"version with v":            "variant: flatcar\nversion: v@V@\n",
	"version with blanks":       "variant: flatcar\nversion: ' @V@ '\n",
	"version with metadata":     "variant: flatcar\nversion: @V@+abc\n",
	"version with a zero":       "variant: flatcar\nversion: 01.1.0\n",
	"version of four":           "variant: flatcar\nversion: 1.1.0.0\n",
	"version of letters":        "variant: flatcar\nversion: a.b.c\n",
	"version in the future":     "variant: flatcar\nversion: 2.0.0\n",
	"version of a release":      "variant: flatcar\nversion: 1.2.0\n",
	"version, other experiment": "variant: flatcar\nversion: 1.1.0-experimental\n",
	"version negative":          "variant: flatcar\nversion: -1.1.0\n",
	"version huge":              "variant: flatcar\nversion: 1.1.99999999999999999999\n",
	"version, empty pre":        "variant: flatcar\nversion: 1.1.0-\n",
	"version in a list":         "variant: flatcar\nversion: [@V@]\n",
	"version with a tag":        "variant: flatcar\nversion: !!str @V@\n",
	"version, key in capitals":  "variant: flatcar\nVersion: @V@\n",
	"type errors only":          head + "storage: {files: [{path: [], mode: a}, 5]}\npasswd: {users: 5}\n",
	"type error and syntax":     head + "storage: {files: [{path: []}]}\npasswd: [\n",
	"type error and unused":     head + "storage: {files: [{path: []}], xyz: 1}\n",
	"bad variant, type error":   "variant: fcosx\nversion: @V@\nstorage: 5\n",

	"tab for indentation":       head + "storage:\n\tfiles: []\n",
	"tab after a dash":          head + "storage:\n  files:\n  -\tpath: /a\n",
	"tab after a colon":         head + "passwd:\n  users:\n  - name:\ta\n",
	"tab in flow":               head + "passwd: {users:\t[{name:\ta}]}\n",
	"tab in a plain scalar":     head + "passwd: {users: [{name: a\tb}]}\n",
	"tab before a comment":      head + "passwd: {users: [{name: a}]}\t# text\n",
	"tab in a block scalar":     head + "storage:\n  files:\n  - path: /a\n    contents:\n      inline: |\n        a\tb\n        \tc\n",
	"tabs on an empty line":     head + "\t\nstorage: {}\n",
	"comment without a blank":   head + "passwd: {users: [{name: a#b}]}\n",
	"comments everywhere":       "# 1\nvariant: flatcar # 2\n# 3\nversion: @V@ # 4\nstorage: # 5\n  # 6\n  files: # 7\n  # 8\n  - # 9\n    path: /a # 10\n",
	"comment in a block scalar": head + "storage:\n  files:\n  - path: /a\n    contents:\n      inline: | # 1\n        # 2\n        a # 3\n      # 4\n",
	"comment in a folded plain": head + "passwd:\n  users:\n  - name: a\n      # b\n      c\n",
	"BOM":                       "\ufeff" + head,
	"BOM in the middle":         head + "\ufeffstorage: {}\n",
	"BOM in a string":           head + "passwd: {users: [{name: \"a\ufeffb\"}]}\n",
	"BOM, then a document":      "\ufeff---\n" + head,
	"UTF-16":                    "\xff\xfev\x00a\x00r\x00i\x00a\x00n\x00t\x00:\x00 \x00f\x00l\x00a\x00t\x00c\x00a\x00r\x00\n\x00",
	"a placeholder":             head + "storage: {files: [{path: /a, contents: {inline: \"a @{X} @@{X}\"}}]}\n",
	"NUL escaped":               head + "passwd: {users: [{name: \"a\\0b\"}]}\n",
	"NUL escaped in an inline":  head + "storage: {files: [{path: /a, contents: {inline: \"a\\0b\"}}]}\n",
	"NUL escaped in a key":      head + "passwd: {\"users\\0\": []}\n",
	"NUL in a long key":         head + "passwd: {\"\\0" + strings.Repeat("ä", 40) + "\": []}\n",
	"hidden in a key":           head + "passwd: {\"a\\e\\x81\\u00ad\\u200b\\u202e\\ufeff\\U000e0041\\t\\r\\n?\": []}\n",
	"NUL escaped in a path":     head + "storage: {files: [{path: \"/a\\0b\"}]}\n",
	"NUL escaped in a unit":     head + "systemd: {units: [{name: \"a\\0.service\", contents: \"[A]\\0\"}]}\n",
	"NUL itself":                head + "passwd: {users: [{name: \"a\x00b\"}]}\n",
	"control character":         head + "passwd: {users: [{name: \"a\x01b\"}]}\n",
	"DEL":                       head + "passwd: {users: [{name: \"a\x7fb\"}]}\n",
	"C1 control":                head + "passwd: {users: [{name: \"a\u0081b\"}]}\n",
	"NEL":                       head + "passwd: {users: [{name: \"a\u0085b\"}]}\n",
	"line separator":            head + "passwd: {users: [{name: \"a\u2028b\"}]}\n",
	"invalid UTF-8":             head + "passwd: {users: [{name: \"a\xffb\"}]}\n",
	"invalid UTF-8, comment":    head + "# \xe9\n",
	"UTF-8 too long":            head + "passwd: {users: [{name: \"\xc0\x80\"}]}\n",
	"surrogate in UTF-8":        head + "passwd: {users: [{name: \"\xed\xa0\x80\"}]}\n",
	"surrogate escaped":         head + "passwd: {users: [{name: \"\\ud83d\\ude00\"}]}\n",
	"escape \\x of a byte":      head + "storage: {files: [{path: /a, contents: {inline: \"\\xff\\xe9\"}}]}\n",
	"escapes":                   head + "storage: {files: [{path: /a, contents: {inline: \"\\a\\b\\t\\n\\v\\f\\r\\e\\ \\\"\\/\\\\\\N\\_\\L\\P\\x41\\u00e4\\U0001f600\"}}]}\n",
	"escape unknown":            head + "passwd: {users: [{name: \"\\q\"}]}\n",
	"escape cut off":            head + "passwd: {users: [{name: \"\\x4\"}]}\n",
	"escape past Unicode":       head + "passwd: {users: [{name: \"\\U00110000\"}]}\n",
	"CR LF":                     strings.ReplaceAll(head+"storage:\n  files:\n    - path: /a\n      contents:\n        inline: |\n          a\n          b\n", "\n", "\r\n"),
	"CR alone":                  strings.ReplaceAll(head+"storage:\n  files:\n    - path: /a\n", "\n", "\r"),
	"no line feed at the end":   head + "storage: {}\n# x",
	"last line cut off":         "variant: flatcar\nversion: @V@",

	"null list item of maps":     head + "storage: {files: [~, {path: /a}]}\n",
	"null list item of strings":  head + "passwd: {users: [{name: a, groups: [~, b]}]}\n",
	"null items between":         head + "storage: {files: [{path: /a}, ~, {path: b}, null, {path: c}]}\n",
	"empty list item":            head + "storage:\n  files:\n    -\n    - path: /a\n",
	"null item with unused keys": head + "storage: {files: [~, {path: /a, x: 1}]}\n",
	"null resource":              head + "storage: {files: [{path: /a, contents: ~, append: ~}]}\n",
	"null owner":                 head + "storage: {files: [{path: /a, user: , group: ~}]}\n",
	"null sections":              head + "storage:\nsystemd:\npasswd:\nignition:\nkernel_arguments:\n",
	"null key":                   head + "~: 5\n",
	"empty key":                  head + "\"\": 5\n",
	"key is a number":            head + "5: 5\nstorage: {1: 2}\n",
	"key is a bool":              head + "true: 5\n",
	"key is a map":               head + "{a: b}: 5\n",
	"key is a list":              head + "? [a]\n: 5\n",
	"key is a float":             head + "1.5: 5\n",
	"explicit keys":              "? variant\n: flatcar\n? version\n: @V@\n",
	"key without a value":        head + "storage: {files}\n",
	"key in another case":        head + "Storage: {}\nstorage: {Files: [{path: /a}]}\n",
	"key in camelCase":           head + "kernelArguments: {shouldExist: [a]}\n",
	"keys of Ignition":           head + "storage: {files: [{path: /a, contents: {httpHeaders: []}}]}\n",
	"long key":                   head + strings.Repeat("k", 1500) + ": 5\n",
	"key of several lines":       head + "\"a\n  b\": 5\n",
	"the same key three times":   head + "passwd: {users: [{name: a, name: b, name: c}]}\n",
	"the same key, quoted":       head + "passwd: {users: [], \"users\": []}\n",
	"the same unknown key":       head + "x: 1\nx: 2\n",
	"the same key deep":          head + "storage: {files: [{path: /a, user: {id: 1, id: 2}}]}\n",
	"the same key in x":          head + "x-y: {a: 1, a: 2}\n",
	"the same number as key":     head + "x-y: {1: 1, 1: 2}\n",
	"1 and \"1\" as keys":        head + "x-y: {1: 1, \"1\": 2}\n",
	"null twice as key":          head + "x-y: {~: 1, null: 2}\n",
	"map as key twice":           head + "x-y: {{a: 1}: 1, {a: 1}: 2}\n",

	"folded":                   head + "storage:\n  files:\n  - path: /a\n    contents:\n      inline: >\n        a\n        b\n\n        c\n          d\n        e\n\n\n",
	"folded, kept":             head + "storage:\n  files:\n  - path: /a\n    contents:\n      inline: >+\n        a\n\n\nsystemd: {}\n",
	"literal, stripped":        head + "storage:\n  files:\n  - path: /a\n    contents:\n      inline: |-\n        a\n\n\n",
	"literal with a digit":     head + "storage:\n  files:\n  - path: /a\n    contents:\n      inline: |1\n         a\n       b\n",
	"literal of nothing":       head + "storage:\n  files:\n  - path: /a\n    contents:\n      inline: |\n  - path: /b\n",
	"literal, wrong digit":     head + "storage:\n  files:\n  - path: /a\n    contents:\n      inline: |0\n        a\n",
	"literal for a number":     head + "storage:\n  files:\n  - path: /a\n    mode: |\n      0644\n",
	"plain of several lines":   head + "passwd:\n  users:\n  - name: a\n      b\n\n      c\n",
	"quoted of several lines":  head + "passwd: {users: [{name: \"a\n    b\\\n    c\n\n    d\"}]}\n",
	"quoted, wrongly indented": head + "passwd:\n  users:\n  - name: \"a\nb\"\n",
	"single quotes doubled":    head + "passwd: {users: [{name: 'it''s'}]}\n",
	"JSON":                     "{\"variant\": \"flatcar\", \"version\": \"@V@\", \"storage\": {\"files\": [{\"path\": \"/a\\/b\", \"mode\": 420, \"overwrite\": null}]}}",
	"JSON with a comma":        "{\"variant\": \"flatcar\", \"version\": \"@V@\",}",
	"JSON without blanks":      "{\"variant\":\"flatcar\",\"version\":\"@V@\",\"storage\":{\"files\":[{\"path\":\"/a\",\"mode\":420}]}}",
	"JSON with tabs":           "{\n\t\"variant\": \"flatcar\",\n\t\"version\": \"@V@\"\n}\n",
	"flow, plain key glued":    head + "passwd: {users:[{name: a}]}\n",
	"flow with a comment":      head + "passwd: {users: [ # a\n  {name: a}, # b\n  ]}\n",
	"flow not closed":          head + "passwd: {users: [{name: a}\n",
	"flow closed twice":        head + "passwd: {users: [{name: a}]}}\n",
	"flow with ? keys":         head + "passwd: {? users : [{? name : a}]}\n",
	"single pair in a list":    head + "passwd: {users: [name: a]}\n",
	"commas only":              head + "passwd: {users: [,]}\n",
	"comma too many":           head + "passwd: {users: [{name: a},,]}\n",
	"list at its key's column": head + "passwd:\n  users:\n  - name: a\n  - name: b\n",
	"list of lists":            head + "storage: {files: [[{path: /a}]]}\n",
	"list in a list, block":    head + "storage:\n  files:\n  - - path: /a\n",
	"map for a list":           head + "storage: {files: {path: /a}}\n",
	"scalar for a list":        head + "passwd: {users: [{name: a, groups: b}]}\n",
	"empty string for a list":  head + "passwd: {users: [{name: a, groups: ''}]}\n",
	"empty string for a map":   head + "storage: ''\n",
	"wrong indentation":        head + "storage:\n    files:\n  links: []\n",
	"indentation too deep":     head + "storage: {}\n  passwd: {}\n",
	"two values":               head + "storage: a: b\n",
	"colon in a value":         head + "passwd:\n  users:\n  - name: a: b\n",
	"colon without a blank":    head + "passwd:\n  users:\n  - name:a\n",
	"value on the next line":   head + "passwd:\n  users:\n  - name:\n      a\n",
	"@ begins a value":         head + "passwd: {users: [{name: @a}]}\n",
	"` begins a value":         head + "passwd: {users: [{name: `a}]}\n",
	"% begins a value":         head + "passwd: {users: [{name: %a}]}\n",
	"% begins a line":          head + "%a: 5\n",
	"{{ }}":                    head + "passwd: {users: [{name: {{ a }}}]}\n",
	"- begins a plain value":   head + "kernel_arguments: {should_exist: [-a, -]}\n",
	"? begins a plain value":   head + "kernel_arguments: {should_exist: [?a]}\n",
	"* alone":                  head + "kernel_arguments: {should_exist: [*]}\n",
	"& alone":                  head + "kernel_arguments: {should_exist: [& a]}\n",
	"! alone":                  head + "kernel_arguments: {should_exist: [! a]}\n",
	"unterminated quotes":      head + "passwd: {users: [{name: \"a}]}\n",
	"unterminated apostrophe":  head + "passwd: {users: [{name: 'a}]}\n",
	"text after a quote":       head + "passwd: {users: [{name: \"a\" b}]}\n",
}

// Strings that YAML may take for something else, for each type of field.
var lookalikes = []string{"y", "Y", "n", "N", "yes", "Yes", "YES", "yEs", "no", "on", "ON", "oN", "off", "Off", "true", "True", "TRUE", "tRUE", "false", "t", "f",
	"null", "Null", "NULL", "nULL", "~", "", "0", "-0", "+0", "00", "1", "-1", "+1", "01", "07", "08", "09", "010", "0o10", "0O10", "0o8", "-0o7", "0x10", "0X1f", "0xg",
	"-0x10", "0b11", "0B11", "0b2", "-0b1", "1_000", "_1", "1_", "1__0", "0x_f", "0_7", "1.0", "1.5", "-1.5", "1.", ".5", "+.5", ".", "1e3", "1E3", "1e-3", "1e400", "e3", "1.5e1", "0888", "420.9", "1_0.5",
	".inf", "-.inf", "+.Inf", ".INF", ".nan", ".NaN", ".NAN", "inf", "nan", "NaN", "0x1p4", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
	"18446744073709551615", "18446744073709551616", "1e18", "1e19", "9.3e18", "99999999999999999999999999", "2147483648", "12:30", "190:20:30", "2001-01-01", "2001-1-1", "2001-01-01 10:00:00",
	"2001-01-01T10:00:00Z", "1,000", "1 000", "0644 ", "'0644'", "\"0644\"", "=", "<<", "-", "--", "?a", ":a", "a:", "!!int 0644", "!!int 08", "!!float 1.5", "!!int 1.5", "!!str 1", "!!bool y", "!!bool 1", "0o0o7", "0xFFFFFFFFFFFFFFFF", "0x7FFFFFFFFFFFFFFF", "0777777777777777777777", "01777777777777777777777", "+0644", "-0644", "+0o7", "0b"}

func yamlDocs() []*doc {
	var all []*doc
	add := func(v *version, name, text string) {
		all = append(all, &doc{group: "yaml", name: name, v: v, text: strings.ReplaceAll(text, "@V@", v.name)})
	}
	for _, name := range sortedKeys(yamlTexts) {
		add(versions[1], name, yamlTexts[name])
	}
	for i, s := range lookalikes {
		v := versions[i%len(versions)]
		add(v, "for a number: "+s, head+"storage: {files: [{path: /a, mode: "+s+"}]}\n")
		add(v, "for a plain number: "+s, head+"storage: {disks: [{device: /a, partitions: [{label: b, number: "+s+"}]}]}\n")
		add(v, "for a bool: "+s, head+"storage: {files: [{path: /a, overwrite: "+s+"}]}\n")
		add(v, "for a string: "+s, head+"passwd: {users: [{name: "+s+"}]}\n")
		add(v, "for text: "+s, head+"passwd:\n  users:\n  - name: a\n    shell: "+s+"\n")
		add(v, "in a list: "+s, head+"passwd: {users: [{name: a, groups: [b, "+s+"]}]}\n")
		add(v, "for a map: "+s, head+"storage: {files: [{path: /a, contents: "+s+"}]}\n")
		add(v, "for a list: "+s, head+"storage:\n  files: "+s+"\n")
	}
	for _, depth := range []int{8, 30, 60, 63, 64, 65, 66, 100, 1000, 9990, 10010} {
		open, end := strings.Repeat("[", depth), strings.Repeat("]", depth)
		add(versions[1], fmt.Sprintf("%d lists deep, unused", depth), head+"x: "+open+end+"\n")
		if depth <= 1000 {
			add(versions[1], fmt.Sprintf("%d maps deep, unused", depth), head+"x: "+strings.Repeat("{a: ", depth)+"b"+strings.Repeat("}", depth)+"\n")
			add(versions[1], fmt.Sprintf("%d lists deep, used", depth), head+"storage: {files: "+open+end+"}\n")
		}
		if depth <= 100 {
			add(versions[1], fmt.Sprintf("%d blocks deep, unused", depth), head+blocks(depth))
		}
	}
	for _, n := range []int{2, 4, 6, 9} {
		add(versions[1], fmt.Sprintf("aliases of aliases, %d times", n), head+bomb(n)+fmt.Sprintf("x: *a%d\n", n))
		add(versions[1], fmt.Sprintf("aliases of aliases in use, %d times", n), head+bomb(n)+fmt.Sprintf("passwd: {users: [{name: a, groups: *a%d}]}\n", n))
	}
	return all
}

func blocks(depth int) string {
	var b strings.Builder
	for i := 0; i < depth; i++ {
		b.WriteString(strings.Repeat(" ", i) + "x:\n")
	}
	return b.String()
}

func bomb(n int) string {
	s := "x-0: &a0 [b, b, b, b, b, b, b, b, b, b]\n"
	for i := 1; i <= n; i++ {
		s += fmt.Sprintf("x-%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
	}
	return s
}
