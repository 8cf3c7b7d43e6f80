/* SPDX-License-Identifier: Apache-2.0 */
/* text/yaml_write: what is written is read back unchanged, and looks as it should */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tap.h"
#include "text/yaml.h"
#include "text/yaml_write.h"

static struct vs_tree *
add(struct vs_tree_doc *d, struct vs_tree *to, const char *key, enum vs_tree_kind kind,
	enum vs_tree_style style, const char *text)
{
	static const struct vs_tree nowhere = { .file = "f", .line = 1, .col = 1 };
	struct vs_tree *n = vs_tree_new(d, &nowhere, key, kind, text, text ? strlen(text) : 0),
		       **end;

	n->style = style;
	if (to == NULL)
		return d->root = n;
	for (end = &to->child; *end; end = &(*end)->next)
		;
	return *end = n;
}

/* A string may lose its quotes only when it is none of these. */
static bool
other_than_a_string(const char *s)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL", "true", "True",
		"TRUE", "false", "yes", "No", "on", "OFF", "y", "N", ".inf", ".nan" };

	for (size_t i = 0; i < VS_LEN(words); i++)
		if (strcmp(s, words[i]) == 0)
			return true;
	return strspn(s, "0123456789abcdefABCDEFxXoO_.:+-tTzZ ") == strlen(s)
		&& strpbrk(s, "0123456789") && strchr("0123456789.+-", *s);
}

/* What was filled in is never null. */
static bool
bare(const struct vs_tree *n)
{
	return n->style == VS_TREE_PLAIN
		|| (n->style == VS_TREE_FILLED
			&& !vs_tree_null(&(struct vs_tree){ .text = n->text, .len = n->len }));
}

static bool
same(const struct vs_tree *a, const struct vs_tree *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == VS_TREE_SCALAR) {
		if (vs_tree_null(a) || vs_tree_null(b))
			return vs_tree_null(a) && vs_tree_null(b);
		return a->len == b->len && memcmp(a->text, b->text, a->len) == 0
			&& (bare(a) == bare(b) || !other_than_a_string(a->text));
	}
	a = a->child;
	b = b->child;
	for (; a && b; a = a->next, b = b->next)
		if ((a->key == NULL) != (b->key == NULL) || (a->key && strcmp(a->key, b->key) != 0)
			|| !same(a, b))
			return false;
	return a == NULL && b == NULL;
}

static bool
back(const struct vs_tree *root)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	VS_TREE_FREE struct vs_tree_doc d = { 0 };
	struct vs_err err = { 0 };

	vs_yaml_write(root, &b);
	if (vs_yaml_read(&d, b.s, b.len, "f", &err) < 0)
		printf("# %d:%d: %s\n", err.line, err.col, err.msg);
	else if (d.root && same(root, d.root))
		return true;
	printf("# <<%s>>\n", b.s);
	return false;
}

/* As a value, a key, an item, behind and before others, and alone. */
static bool
everywhere(const char *text, enum vs_tree_style style)
{
	VS_TREE_FREE struct vs_tree_doc d = { 0 };
	struct vs_tree *root, *list, *map;

	root = add(&d, NULL, NULL, VS_TREE_MAP, 0, NULL);
	add(&d, root, "v", VS_TREE_SCALAR, style, text);
	list = add(&d, root, "l", VS_TREE_LIST, 0, NULL);
	add(&d, list, NULL, VS_TREE_SCALAR, style, text);
	map = add(&d, list, NULL, VS_TREE_MAP, 0, NULL);
	add(&d, map, text, VS_TREE_SCALAR, style, text);
	add(&d, map, "last", VS_TREE_SCALAR, style, text);
	list = add(&d, list, NULL, VS_TREE_LIST, 0, NULL);
	list = add(&d, list, NULL, VS_TREE_LIST, 0, NULL);
	add(&d, list, NULL, VS_TREE_SCALAR, style, text);
	map = add(&d, list, NULL, VS_TREE_MAP, 0, NULL);
	add(&d, map, "deep", VS_TREE_SCALAR, style, text);
	if (!back(root) || !back(list))
		return false;
	return back(add(&d, NULL, NULL, VS_TREE_SCALAR, style, text));
}

static void
strings(void)
{
	static const char *const all[] = { "", " ", "  ", "\n", "\n\n", " \n ", "\t", "\t\n",
		"plain", "two words", "null", "~", "Null", "true", "y", "N", "off", "0", "12", "-1",
		"+1", "0644", "0o644", "0x1F", "0b1", "1_000", "1.5", ".5", "1e3", "1E+3", ".inf",
		"-.INF", ".nan", "190:20:30", "2001-12-14", "2001-12-14t21:59:43.10-05:00", "1.1.0",
		"1.2.0-experimental", "10-x.conf", "0fc63daf-8483-4772-8e79-3d69d8477de4", "-",
		"--", "---", "...", "- a", "-a", "?", "? a", ":", ": a", "a:", "a: b", "a:b",
		"a #b", "#", "a#b", "&x", "*x", "!x", "|", ">", "%x", "@x", "`x", "'", "\"", "''",
		"{}", "[]", "[a", "{a", "a]", "a, b", ",", "<<", "=", "\\", "C:\\x", " a", "a ",
		"a  b", "a\t", "a\tb", "\x01", "\x1b[0m", "\x7f", "\r", "a\r\nb\r\n", "a\rb\n",
		"\xc2\x85", "a\xc2\x85\nb", "\xc2\xa0", "\xe2\x80\xa8\n", "\xe2\x80\xa9",
		"\xef\xbb\xbf",
		("\xef\xbb\xbf"
		 "a\nb\n"),
		"\xef\xbf\xbe", "\xef\xbf\xbf\n", "\xef\xbf\xbd\nx", "\xf0\x9f\x98\x80\nx\n",
		"\xc3\xa4\xc3\xb6", "a\n", "a\nb", "a\nb\n", "a\nb\n\n", "a\n\n\n", "\na",
		"\n\na\n", " a\nb\n", "  a\n", "\ta\nb", "a\n b\n\tc\n", "a\n \nb\n", "a\n\t\nb",
		"a\n  ", "a\n  \n", "a\n  \n\n", "a\n\t", "a \nb \n", "\n a", " \na\n",
		"    \n  a\n", "\t\na", "---\na\n", "a\n---\n", "a\n...\nb", "# a\n# b\n",
		"- a\n- b\n", "a: b\nc: d\n", "%YAML\n", "a\n#\n", "\n#\n", "@{X}\n",
		"[Unit]\nDescription=x\n\n[Service]\nExecStart=/x \\\n  -y\n",
		"#!/bin/sh\nif x; then\n\ty\nfi\n", "/var/lib/x", "http://x/y?z#a",
		"https://x:6443", "data:,a%20b", "a%", "name@example.com", "~x", "$(x)", "a;b",
		"core=1,2", "_x", "x~", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA me@x" };

	for (size_t i = 0; i < VS_LEN(all); i++) {
		ok(everywhere(all[i], VS_TREE_QUOTED), "a string");
		ok(everywhere(all[i], VS_TREE_LITERAL) && everywhere(all[i], VS_TREE_FILLED),
			"in any style");
	}
}

/* Output that a person reads shows what would reorder it. */
static void
bidi(void)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_tree lines = { .kind = VS_TREE_SCALAR,
		.style = VS_TREE_LITERAL,
		.text = (char *)"if a \xe2\x80\xae {\n\tb\n}\n" };

	lines.len = strlen(lines.text);
	ok(everywhere(lines.text, VS_TREE_LITERAL) && everywhere("\xe2\x81\xa6", VS_TREE_QUOTED),
		"bidi controls are kept");
	vs_yaml_write(&lines, &b);
	is(b.s, "\"if a \\u202e {\\n\\x09b\\n}\\n\"\n", "... and escaped");
}

/* What has no quotes in a document and means more than its letters. */
static void
words(void)
{
	static const char *const all[] = { "null", "~", "", "true", "off", "12", "0644", "-1", "+1",
		"1e3", "0x1F", "1.5", ".inf", "-", "---", "a b", "2001-12-14", "12:30", "=", "foo",
		"*", "1.1.0" };

	for (size_t i = 0; i < VS_LEN(all); i++)
		ok(everywhere(all[i], VS_TREE_PLAIN), all[i]);
}

/* Any text of these, the same ones in each run. */
static void
random_texts(void)
{
	static const char *const parts[] = { "\n", "\n", " ", " ", "\t", "a", "0", "1", "-", ":",
		"#", "'", "\"", "\\", "|", "~", "?", "\xc3\xa4", "\r", "\xe2\x80\xa8", "[", "}",
		"x", ".", "&", "%", "\x7f", "\xef\xbb\xbf" };
	uint32_t seed = 1;
	int bad = 0;

	for (int i = 0; i < 3000; i++) {
		char text[64] = "";
		/* half of them of the few that make blocks */
		uint32_t kinds = i % 2 ? VS_LEN(parts) : 8;

		for (int n = 1 + i % 9; n > 0; n--) {
			seed = seed * 1664525 + 1013904223;
			strcat(text, parts[(seed >> 16) % kinds]);
		}
		bad += !everywhere(text, VS_TREE_QUOTED);
	}
	ok(bad == 0, "3,000 texts of what is difficult");
}

static void
looks(void)
{
	static const char in[] =
		"{v: 1.1.0, mode: 0644, ok: true, none: ~, s: \"0644\", w: \"a b\",\n"
		"l: [x, [y, \"1\"], {a: {b: [c]}, d: \"e\\nf\\n\"}, \"g\\nh\"], e: [], m: {},\n"
		"t: \"a\\n\\n\", i: \" a\\n\", q: \"a\\r\\n\", \"1\": \"a: b\", u: \"\\xE4\",\n"
		"x: \"=\", \"<<\": \"<<\"}";
	static const char out[] = "v: 1.1.0\n"
				  "mode: 0644\n"
				  "ok: true\n"
				  "none: null\n"
				  "s: \"0644\"\n"
				  "w: a b\n"
				  "l:\n"
				  "  - x\n"
				  "  - - y\n"
				  "    - \"1\"\n"
				  "  - a:\n"
				  "      b:\n"
				  "        - c\n"
				  "    d: |\n"
				  "      e\n"
				  "      f\n"
				  "  - |-\n"
				  "    g\n"
				  "    h\n"
				  "e: []\n"
				  "m: {}\n"
				  "t: |+\n"
				  "  a\n"
				  "\n"
				  "i: |2\n"
				  "   a\n"
				  "q: \"a\\x0d\\n\"\n"
				  "\"1\": \"a: b\"\n"
				  "u: \"\xc3\xa4\"\n"
				  "x: \"=\"\n"
				  "\"<<\": \"<<\"\n";
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	VS_TREE_FREE struct vs_tree_doc d = { 0 };
	struct vs_err err = { 0 };

	ok(vs_yaml_read(&d, in, strlen(in), "f", &err) == 0, "a document");
	vs_yaml_write(d.root, &b);
	is(b.s, out, "as people write it");
}

static void
bounds(void)
{
	/* with and without quotes, escaped and not, about 1024 */
	static const size_t lengths[] = { 249, 250, 251, 255, 256, 257, 998, 999, 1000, 1001, 1002,
		1021, 1022, 1023, 1024, 1025, 1026, 5000 };
	VS_FREE char *key = vs_alloc(5001, 1);
	VS_TREE_FREE struct vs_tree_doc d = { 0 };
	struct vs_tree *n;
	int bad = 0;

	for (size_t i = 0; i < VS_LEN(lengths); i++) {
		memset(key, 'k', lengths[i]);
		bad += !everywhere(key, VS_TREE_QUOTED);
		memset(key, '\x01', lengths[i]);
		bad += !everywhere(key, VS_TREE_QUOTED);
		memset(key, 0, lengths[i]);
	}
	ok(bad == 0, "keys of any length");
	n = add(&d, NULL, NULL, VS_TREE_LIST, 0, NULL);
	for (int i = 1; i < 63; i++)
		n = add(&d, n, "k", i % 3 ? VS_TREE_MAP : VS_TREE_LIST, 0, NULL);
	add(&d, n, "k", VS_TREE_SCALAR, VS_TREE_QUOTED, " deep\ndown\n");
	for (struct vs_tree *v = d.root; v; v = v->child)
		if (v->kind == VS_TREE_LIST && v->child)
			v->child->key = NULL;
	ok(back(d.root), "63 levels");
}

int
main(void)
{
	strings();
	bidi();
	words();
	random_texts();
	looks();
	bounds();
	return done();
}
