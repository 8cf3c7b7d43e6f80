/* SPDX-License-Identifier: Apache-2.0 */
/* text/yaml: nodes with places; what is refused; what only lax takes; strings out */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tap.h"
#include "text/yaml.h"
#include "text/yaml_write.h"

static int
read_text(struct vs_tree_doc *d, const char *s, struct vs_err *err)
{
	*err = (struct vs_err){ 0 };
	return vs_yaml_read(d, s, strlen(s), "f", err);
}

static void
nodes(void)
{
	static const char text[] = "a: 1\n"
				   "b:\n"
				   "  - x\n"
				   "  - 'y'\n"
				   "  - {k: \"z\\n\", l: ~}\n"
				   "c: |\n"
				   "  one\n"
				   "  two\n"
				   "d: !!str 12\n"
				   "\"e f\": >-\n"
				   "  folded\n"
				   "  text\n";
	VS_TREE_FREE struct vs_tree_doc d = { 0 };
	struct vs_tree *b, *m, *n;
	struct vs_err err;

	ok(read_text(&d, text, &err) == 0 && d.root->kind == VS_TREE_MAP, "a map");
	n = vs_tree_get(d.root, "a");
	is(n->text, "1", "a word");
	ok(n->style == VS_TREE_PLAIN && n->line == 1 && n->col == 4, "its place");
	ok(n->key_line == 1 && n->key_col == 1, "and its key's");
	b = vs_tree_get(d.root, "b");
	ok(b->kind == VS_TREE_LIST, "a list");
	is(b->child->text, "x", "first item");
	ok(b->child->next->style == VS_TREE_QUOTED, "quoted");
	m = b->child->next->next;
	ok(m->kind == VS_TREE_MAP && m->line == 5 && m->col == 5 && !m->next, "a map in it");
	is(vs_tree_get(m, "k")->text, "z\n", "escapes");
	ok(vs_tree_null(vs_tree_get(m, "l")), "null");
	is(vs_tree_get(d.root, "c")->text, "one\ntwo\n", "a block");
	ok(vs_tree_get(d.root, "c")->style == VS_TREE_LITERAL, "is one");
	ok(vs_tree_get(d.root, "d")->style == VS_TREE_QUOTED, "!!str makes it a string");
	is(vs_tree_get(d.root, "e f")->text, "folded text", "folded");
	is(d.root->file, "f", "they know their file");
	ok(vs_tree_get(b, "k") == NULL && vs_tree_get(NULL, "k") == NULL
			&& vs_tree_get(d.root, "nope") == NULL,
		"what is not there");
}

static void
refused(void)
{
	static const struct {
		const char *text;
		int line, col;
		const char *says;
	} bad[] = {
		{ "a: 1\nb: 2\na: 3\n", 3, 1, "duplicate key 'a', first in line 1" },
		{ "a: {b: 1, c: 2, b: 3}", 1, 17, "duplicate key" },
		{ "a: &x 1\n", 1, 4, "anchors" },
		{ "a: &x [1]\n", 1, 4, "anchors" },
		{ "a: *x\n", 1, 4, "aliases" },
		{ "<<: {a: 1}\n", 1, 1, "merge keys" },
		{ "a: !!binary aGk=\n", 1, 4, "tags" },
		{ "a: !x {}\n", 1, 4, "tags" },
		{ "a: !!seq []\n", 1, 4, "tags" },
		{ "a: 1\n---\nb: 1\n", 2, 1, "second document" },
		{ "[a]: 1\n", 1, 1, "a key must be a string" },
		{ "? {a: 1}\n: 1\n", 1, 3, "a key must be a string" },
		{ "a: \"x\\0y\"\n", 1, 4, "NUL" },
		{ "\"\\0\": 1\n", 1, 1, "NUL" },
		{ "a:\n\t- 1\n", 2, 1, "tab" },
		{ "a: [1\n", 2, 1, "did not find" },
		{ "a: b: c\n", 1, 5, "a second ': ' in one line" },
		{ "a: 'x\n", 2, 1, "the quote that opens in line 1" },
		{ "a:\n- b\n - c: 1\n", 3, 5, "a second ': ' in one line" },
		{ "a:\n  - b\n c: 1\n", 3, 2, "the map that starts in line 1" },
		{ "a: \x01\n", 0, 0, "not valid UTF-8 at byte 4" },
		{ "a: b\n\xc3\xa4 \xff\n", 2, 3, "not valid UTF-8 from here on" },
	};
	struct vs_err err;
	struct vs_tree_doc mark = { 0 };

	ok(read_text(&mark,
		   "\xef\xbb\xbf"
		   "a: 1\n",
		   &err) == 0
			&& vs_tree_get(mark.root, "a"),
		"a byte order mark");
	vs_tree_free(&mark);
	for (size_t i = 0; i < VS_LEN(bad); i++) {
		struct vs_tree_doc d = { 0 };

		ok(read_text(&d, bad[i].text, &err) == -1 && d.root == NULL, bad[i].says);
		ok(strstr(err.msg, bad[i].says) != NULL && err.code == VS_ERR_USAGE
				&& err.line == bad[i].line && err.col == bad[i].col,
			"the place and the reason");
		if (!strstr(err.msg, bad[i].says) || err.line != bad[i].line)
			printf("# %d:%d: %s\n", err.line, err.col, err.msg);
	}
}

static void
bounds(void)
{
	VS_FREE char *deep = vs_alloc(200001, 1);
	VS_BUF_FREE struct vs_buf wide = VS_BUF_INIT;
	VS_TREE_FREE struct vs_tree_doc d = { 0 };
	struct vs_err err;

	memset(deep, '[', 200000);
	ok(read_text(&d, deep, &err) == -1, "200,000 levels");
	ok(strstr(err.msg, "64 levels") != NULL, "are too many");
	memset(deep, '[', 64);
	memset(deep + 64, ']', 64);
	deep[128] = '\0';
	ok(read_text(&d, deep, &err) == 0, "64 are not");
	vs_tree_free(&d);
	for (int i = 0; i < 20000; i++)
		vs_buf_fmt(&wide, "k%d: %d\n", i, i);
	ok(read_text(&d, wide.s, &err) == 0, "20,000 keys");
	is(vs_tree_get(d.root, "k19999")->text, "19999", "the last of them");
	vs_tree_free(&d);
	vs_buf_str(&wide, "k77: again\n");
	ok(read_text(&d, wide.s, &err) == -1 && err.line == 20001, "one of them twice");
	ok(read_text(&d, "", &err) == 0 && d.root == NULL, "nothing");
	ok(read_text(&d, "# only this\n", &err) == 0 && d.root == NULL, "only a comment");
}

static void
strings(void)
{
	static const char *const all[] = { "", "plain", "null", "~", "true", "12", "- a", "a: b",
		"#", "\"", "\\", "a\nb", "\t", "\x01\x7f", "'", "@{X}", "\xc3\xa4 \xe2\x82\xac",
		"{}", "[", "!x", "&x", "*x", " blank ", "%", "\xc2\x85\xe2\x80\xa8\xe2\x80\xa9",
		"\xc2\x80\xef\xbb\xbf", "\xef\xbf\xbe\xef\xbf\xbd\xf0\x9f\x98\x80" };
	struct vs_err err;

	for (size_t i = 0; i < VS_LEN(all); i++) {
		VS_TREE_FREE struct vs_tree_doc d = { 0 };
		VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

		vs_buf_str(&b, "k: ");
		vs_yaml_str(&b, all[i]);
		vs_buf_str(&b, "\nl: 1\n");
		ok(read_text(&d, b.s, &err) == 0 && vs_tree_get(d.root, "l") != NULL,
			"written, read");
		is(vs_tree_get(d.root, "k") ? vs_tree_get(d.root, "k")->text : NULL, all[i],
			"and equal");
	}
}

static int
read_lax(struct vs_tree_doc *d, const char *s, size_t n, struct vs_err *err)
{
	*d = (struct vs_tree_doc){ .lax = true };
	*err = (struct vs_err){ 0 };
	return vs_yaml_read(d, s, n, "f", err);
}

static void
lax_nodes(void)
{
	static const char text[] = "a: &x !!int \"1\"\n"
				   "b: *x\n"
				   "<<: {k: 1}\n"
				   "a: 2\n"
				   "? [p, q]\n"
				   ": \"n\\0l\"\n"
				   "*x : !<!y> z\n"
				   "l: &l [1, *l]\n"
				   "---\n"
				   "second: [\n";
	VS_TREE_FREE struct vs_tree_doc d = { 0 };
	struct vs_tree *v;
	struct vs_err err;

	ok(read_lax(&d, text, sizeof text - 1, &err) == 0, "lax: anchors, tags...");
	v = d.root->child;
	is(v->tag, "tag:yaml.org,2002:int", "a tag is kept");
	ok(v->style == VS_TREE_QUOTED && strcmp(v->text, "1") == 0, "and the rest");
	is(v->name->text, "a", "a key is a node");
	v = v->next;
	ok(v->kind == VS_TREE_ALIAS && v->origin == d.root->child,
		"an alias knows what it stands for");
	ok(v->line == 2 && v->col == 4, "and where it stands");
	is(vs_tree_what(v), "an alias", "and is called one");
	v = v->next;
	ok(strcmp(v->key, "<<") == 0 && v->kind == VS_TREE_MAP, "a merge key is a key");
	v = v->next;
	ok(strcmp(v->key, "a") == 0 && strcmp(v->text, "2") == 0, "a key may come twice");
	v = v->next;
	ok(strcmp(v->key, "") == 0 && v->name->kind == VS_TREE_LIST
			&& strcmp(v->name->child->next->text, "q") == 0,
		"a list as a key");
	ok(v->len == 3 && memcmp(v->text, "n\0l", 4) == 0, "a NUL");
	ok(v->key_line == 5 && v->key_col == 3, "the place of such a key");
	v = v->next;
	ok(strcmp(v->key, "x") == 0 && v->name->kind == VS_TREE_ALIAS, "an alias as a key");
	is(v->tag, "!y", "a tag of its own");
	v = v->next;
	ok(v->child->next->origin == v, "an alias of what it is in");
	ok(v->next == NULL, "a second document is not looked at");
}

static void
lax_texts(void)
{
	static const struct {
		const char *name, *text, *means; /* of its first value */
	} all[] = {
		{ "a tag alone", "a: !x\n", "" },
		{ "a tag that says nothing", "a: ! 12\n", "12" },
		{ "a byte order mark",
			"\xef\xbb\xbf"
			"a: bom\n",
			"bom" },
		{ "a version", "%YAML 1.1\n---\na: b\n", "b" },
		{ "no text, close behind", "a: b\n...\n\xff\n", NULL },
		{ "escapes", "a: \"it\\'s \\a\\x0b \\'\"\n", "it's \a\v '" },
		{ "one is left", "'': \"\\'\"\nb: \"\\a\\v\\f\\b\"\n", "'" },
		{ "none is left", "\"\": \"\\'\"\nb: \"\\a\\v\\f\\b\\e\"\n", NULL },
		{ "a stand-in", "a: ^\nb: [x:, y]\n", "^" },
		{ "an escaped slash", "a: \"\\/\"\n", NULL },
		{ "a backslash and a slash", "a: '\\/'\n", "\\/" },
		{ "the same, escaped", "a: \"\\\\/\"\n", "\\/" },
		{ "a question", "a: b?\nb: \"?\"\nc: [\"?\"]\n", "b?" },
	};
	struct vs_err err;

	for (size_t i = 0; i < VS_LEN(all); i++) {
		VS_TREE_FREE struct vs_tree_doc d = { 0 };
		const char *got = NULL;

		if (read_lax(&d, all[i].text, strlen(all[i].text), &err) == 0)
			got = d.root->child->text;
		ok(got == NULL ? all[i].means == NULL
			       : all[i].means && strcmp(got, all[i].means) == 0,
			all[i].name);
	}
}

static void
lax_colon(void)
{
	VS_TREE_FREE struct vs_tree_doc d = { 0 };
	struct vs_err err;
	const char text[] = "[x:, {y:}, \"^:\"]";

	ok(read_lax(&d, text, sizeof text - 1, &err) == 0, "x: in []");
	is(d.root->child->text, "x:", "is a word");
	is(d.root->child->next->child->key, "y:", "as y: is in {}");
	is(d.root->child->next->next->text, "^:", "and nothing else has changed");
}

static void
lax_utf16(void)
{
	static const char text[] = "\xff\xfe"
				   "a\0:\0 \0\xac\x20\n\0";
	static const char half[] = "\xff\xfe"
				   "a\0:\0 \0\x00\xdc\n\0";
	VS_TREE_FREE struct vs_tree_doc d = { 0 };
	struct vs_err err;

	ok(read_lax(&d, text, sizeof text - 1, &err) == 0, "UTF-16");
	is(d.root->child->text, "\xe2\x82\xac", "becomes UTF-8");
	vs_tree_free(&d);
	ok(read_lax(&d, half, sizeof half - 1, &err) == -1 && !d.root,
		"but not with half of a pair");
}

static void
lax_refused(void)
{
	static const struct {
		const char *text;
		int line, col;
		const char *says;
	} bad[] = {
		{ "a: *x\nb: &x 1\n", 1, 4, "unknown anchor '&x'" },
		{ "a: &x 1\n---\nb: 1\n\xff", 0, 0, "not valid UTF-8" },
		{ "a: 1\n---\n@\n", 3, 1, "a value cannot start" },
		{ "%YAML 1.2\n---\na: b\n", 1, 1, "accepts only %YAML 1.1" },
		{ "a: [b?c]\n", 1, 5, "ends a word in [] or {} at '?'" },
		{ "a: [!x, b]\n", 1, 5, "as part of the tag before it" },
		{ "a: \"\\/\"\n", 1, 4, "remove the backslash" },
		{ "a: [\n", 2, 1, "did not find" },
	};
	VS_FREE char *deep = vs_alloc(200001, 1);
	struct vs_tree_doc d;
	struct vs_err err;

	for (size_t i = 0; i < VS_LEN(bad); i++) {
		ok(read_lax(&d, bad[i].text, strlen(bad[i].text), &err) == -1 && d.root == NULL
				&& err.code == VS_ERR_USAGE,
			bad[i].says);
		ok(strstr(err.msg, bad[i].says) != NULL && err.line == bad[i].line
				&& err.col == bad[i].col,
			"the place and the reason");
		if (!strstr(err.msg, bad[i].says) || err.line != bad[i].line)
			printf("# %d:%d: %s\n", err.line, err.col, err.msg);
	}
	memset(deep, '[', 200000);
	ok(read_lax(&d, deep, 200000, &err) == -1 && strstr(err.msg, "64 levels") != NULL,
		"200,000 levels");
	memset(deep, '{', 200000);
	ok(read_lax(&d, deep, 200000, &err) == -1 && strstr(err.msg, "64 levels") != NULL,
		"of keys, too");
}

static void
lax(void)
{
	lax_nodes();
	lax_texts();
	lax_colon();
	lax_utf16();
	lax_refused();
}

int
main(void)
{
	nodes();
	refused();
	bounds();
	strings();
	lax();
	return done();
}
