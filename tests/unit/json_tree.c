/* SPDX-License-Identifier: Apache-2.0 */
/* text/json_tree: JSON as nodes with places; what is refused, and where */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "tap.h"
#include "text/json_tree.h"

/* From memory of its very size, so that memcheck sees a byte too far. */
static int
read_bytes(struct vs_tree_doc *d, const char *s, size_t n, struct vs_err *err)
{
	VS_FREE char *exact = vs_alloc(n, 1);

	memcpy(exact, s, n);
	*err = (struct vs_err){ 0 };
	return vs_json_tree_read(d, exact, n, "f", err);
}

static int
read_text(struct vs_tree_doc *d, const char *s, struct vs_err *err)
{
	return read_bytes(d, s, strlen(s), err);
}

static const char sample[] =
	"{\n"
	"  \"a\": 1,\r\n"
	"\t\"\xc3\xa4\xc3\xb6\": [ \"x\", -0.5e+3, {\"k\":true,\"l\":null} ],\n"
	"  \"empty\": [], \"none\": { },\n"
	"  \"s\": \"q\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\uD83D\\ude00\"\n"
	"}\n";

static void
nodes(void)
{
	VS_TREE_FREE struct vs_tree_doc d = { 0 };
	struct vs_tree *n, *m;
	struct vs_err err;

	ok(read_text(&d, sample, &err) == 0 && d.root->kind == VS_TREE_MAP && d.root->line == 1
			&& d.root->col == 1,
		"a map");
	n = vs_tree_get(d.root, "a");
	is(n->text, "1", "a number is its text");
	ok(n->style == VS_TREE_PLAIN && n->line == 2 && n->col == 8 && n->key_line == 2
			&& n->key_col == 3,
		"plain, with its place");
	n = vs_tree_get(d.root, "\xc3\xa4\xc3\xb6");
	ok(n->kind == VS_TREE_LIST && n->line == 3 && n->col == 8 && n->key_col == 2,
		"columns count characters");
	ok(n->child->style == VS_TREE_QUOTED && n->child->col == 10, "a string");
	is(n->child->next->text, "-0.5e+3", "any number");
	m = n->child->next->next;
	ok(m->kind == VS_TREE_MAP && m->col == 24 && m->next == NULL, "a map in it");
	is(vs_tree_get(m, "k")->text, "true", "a truth");
	ok(vs_tree_get(m, "k")->style == VS_TREE_PLAIN && vs_tree_null(vs_tree_get(m, "l")),
		"null is null");
	n = vs_tree_get(d.root, "empty");
	ok(n->kind == VS_TREE_LIST && n->child == NULL, "an empty list");
	n = vs_tree_get(d.root, "none");
	ok(n->kind == VS_TREE_MAP && n->child == NULL, "an empty map");
	n = vs_tree_get(d.root, "s");
	is(n->text, "q\"\\/\b\f\n\r\t\xc3\xa4\xf0\x9f\x98\x80", "escapes");
	ok(n->len == strlen(n->text) && n->line == 5, "of that length");
	is(d.root->file, "f", "they know their file");
}

static void
scalars(void)
{
	static const struct {
		const char *in, *out;
		enum vs_tree_style style;
	} all[] = {
		{ "0", "0", VS_TREE_PLAIN },
		{ "-0", "-0", VS_TREE_PLAIN },
		{ "1.50", "1.50", VS_TREE_PLAIN },
		{ " 1E5\n", "1E5", VS_TREE_PLAIN },
		{ "123456789012345678901234567890", "123456789012345678901234567890",
			VS_TREE_PLAIN },
		{ "false", "false", VS_TREE_PLAIN },
		{ "\"\"", "", VS_TREE_QUOTED },
		{ "\"null\"", "null", VS_TREE_QUOTED },
		{ "\"\\ud800\"", "\xef\xbf\xbd", VS_TREE_QUOTED },
		{ "\"\\ud800x\"", "\xef\xbf\xbdx", VS_TREE_QUOTED },
		{ "\"\\ud800\\n\"", "\xef\xbf\xbd\n", VS_TREE_QUOTED },
		{ "\"\\ud800\\u0041\"",
			"\xef\xbf\xbd"
			"A",
			VS_TREE_QUOTED },
		{ "\"\\ud800\\ud83d\\ude00\"", "\xef\xbf\xbd\xf0\x9f\x98\x80", VS_TREE_QUOTED },
		{ "\"\\ude00\\ud83d\"", "\xef\xbf\xbd\xef\xbf\xbd", VS_TREE_QUOTED },
		{ "\"\\u07ff\\u0800\\uffff\"", "\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf", VS_TREE_QUOTED },
		{ "\"\\udbff\\udfff\"", "\xf4\x8f\xbf\xbf", VS_TREE_QUOTED },
		{ "\"\x7f\xe2\x80\xa8\"", "\x7f\xe2\x80\xa8", VS_TREE_QUOTED },
	};
	struct vs_err err;

	for (size_t i = 0; i < VS_LEN(all); i++) {
		VS_TREE_FREE struct vs_tree_doc d = { 0 };

		ok(read_text(&d, all[i].in, &err) == 0, all[i].in);
		is(d.root ? d.root->text : NULL, all[i].out, "its text");
		ok(d.root && d.root->style == all[i].style && d.root->len == strlen(all[i].out),
			"its style");
	}
}

static const struct {
	const char *text;
	int line, col;
	const char *says;
} bad[] = {
	{ "", 1, 1, "empty: expected JSON" },
	{ " \n ", 2, 2, "empty: expected JSON" },
	{ "\xef\xbb\xbf{}", 1, 1, "byte order mark" },
	{ "{\"a\": 1,\n \"b\": 2,\n \"a\": 3}", 3, 2, "duplicate key 'a', first in line 1" },
	{ "{\"a\":1,\"b\":{\"a\":1},\"\\u0061\":3}", 1, 20, "duplicate key 'a'" },
	{ "{} {}", 1, 4, "unexpected text after the end" },
	{ "{}\n,", 2, 1, "unexpected text after the end" },
	{ "{a: 1}", 1, 2, "a key in double quotes" },
	{ "{1: 1}", 1, 2, "a key in double quotes" },
	{ "{\"a\" 1}", 1, 6, "expected ':'" },
	{ "{\"a\": 1 \"b\": 2}", 1, 9, "expected ',' or the '}'" },
	{ "[1 2]", 1, 4, "expected ',' or the ']'" },
	{ "[1}", 1, 3, "expected ',' or the ']'" },
	{ "[1,]", 1, 4, "none after the last item" },
	{ "{\"a\":1,\n}", 2, 1, "none after the last item" },
	{ "[,1]", 1, 2, "expected a value" },
	{ "{,}", 1, 2, "a key in double quotes" },
	{ "]", 1, 1, "expected a value" },
	{ "True", 1, 1, "true, false or null" },
	{ "[nul]", 1, 2, "true, false or null" },
	{ "nullx", 1, 1, "true, false or null" },
	{ "NaN", 1, 1, "true, false or null" },
	{ "['a']", 1, 2, "double quotes" },
	{ "{} // x", 1, 4, "unexpected text after the end" },
	{ "[ // x\n]", 1, 3, "no comments" },
	{ "[ # x\n]", 1, 3, "no comments" },
	{ "0644", 1, 1, "0644 as 420" },
	{ "[-01]", 1, 2, "cannot start with 0" },
	{ "0x1f", 1, 2, "unexpected text after the end" },
	{ "-", 1, 2, "expected a digit" },
	{ "1.", 1, 3, "expected a digit" },
	{ ".5", 1, 1, "expected a value" },
	{ "+1", 1, 1, "expected a value" },
	{ "1.e5", 1, 3, "expected a digit" },
	{ "1e", 1, 3, "expected a digit" },
	{ "1e+", 1, 4, "expected a digit" },
	{ "\"a\nb\"", 1, 3, "line break in a string" },
	{ "\"a\rb\"", 1, 3, "line break in a string" },
	{ "\"\xc3\xa4\tb\"", 1, 3, "control character in a string" },
	{ "\"\\x41\"", 1, 2, "after '\\' expected" },
	{ "\"ab\\u12g4\"", 1, 4, "expected four hex digits" },
	{ "\"ab\\u12\"", 1, 4, "expected four hex digits" },
	{ "\"a\\u0000\"", 1, 3, "NUL" },
	{ "{\"\\u0000\":1}", 1, 3, "NUL" },
	{ "\"a\xff\"", 1, 3, "not valid UTF-8" },
	{ "\"\xed\xa0\x80\"", 1, 2, "not valid UTF-8" },
	{ "\"\xc0\x80\"", 1, 2, "not valid UTF-8" },
	{ "[\xc3\xa4]", 1, 2, "expected a value" },
	{ "[\n1,\n", 3, 1, "the list that starts in line 1 is not closed" },
	{ "{\n\"a\"", 2, 4, "the map that starts in line 1 is not closed" },
	{ "{\"a\":1", 1, 7, "the map that starts in line 1 is not closed" },
	{ "[\"a", 1, 4, "the string that starts in line 1 is not closed" },
	{ "\r\n\r\"a\\", 3, 4, "the string that starts in line 3 is not closed" },
};

static void
refused(void)
{
	struct vs_err err;

	for (size_t i = 0; i < VS_LEN(bad); i++) {
		struct vs_tree_doc d = { 0 };

		ok(read_text(&d, bad[i].text, &err) == -1 && d.root == NULL, bad[i].says);
		if (!ok(strstr(err.msg, bad[i].says) != NULL && err.code == VS_ERR_USAGE
				    && err.line == bad[i].line && err.col == bad[i].col,
			    "the place and the reason"))
			printf("# %d:%d: %s\n", err.line, err.col, err.msg);
	}
}

/* Nothing that was cut off is taken, and nothing behind it is read. */
static void
truncated(void)
{
	size_t n = strlen(sample), taken = 0, placed = 0, i;
	struct vs_err err;

	for (i = 0; i < n - 1; i++) {
		VS_TREE_FREE struct vs_tree_doc d = { 0 };

		if (read_bytes(&d, sample, i, &err) == 0)
			taken++;
		else if (err.code == VS_ERR_USAGE && err.line > 0 && err.col > 0 && d.root == NULL)
			placed++;
	}
	ok(taken == 0, "cut off anywhere it is refused");
	ok(placed == n - 1, "with a place");
	ok(read_bytes(&(struct vs_tree_doc){ 0 }, "1\0", 2, &err) == -1 && err.col == 2,
		"a NUL is no end");
}

static void
bounds(void)
{
	VS_FREE char *deep = vs_alloc(200001, 1);
	VS_BUF_FREE struct vs_buf wide = VS_BUF_INIT;
	VS_TREE_FREE struct vs_tree_doc d = { 0 };
	struct vs_tree *last;
	struct vs_err err;

	memset(deep, '[', 200000);
	ok(read_text(&d, deep, &err) == -1 && err.col == 65, "200,000 levels");
	ok(strstr(err.msg, "64 levels") != NULL, "are too many");
	memset(deep + 64, ']', 64);
	deep[128] = '\0';
	ok(read_text(&d, deep, &err) == 0, "64 are not");
	vs_tree_free(&d);
	/* on one line, so that who counts columns from its start never ends */
	vs_buf_ch(&wide, '{');
	for (int i = 0; i < 200000; i++)
		vs_buf_fmt(&wide, "\"k%d\":{\"\xc3\xa4\":[%d]},", i, i);
	vs_buf_str(&wide, "\"k\":1}");
	ok(read_bytes(&d, wide.s, wide.len, &err) == 0, "200,000 keys in a line");
	last = vs_tree_get(d.root, "k");
	ok(last->key_line == 1
			&& (size_t)last->key_col == wide.len - 200000 - strlen("\"k\":1}") + 1,
		"and the column of the last");
	vs_tree_free(&d);
	vs_buf_cut(&wide, wide.len - 1);
	vs_buf_str(&wide, ",\"k77\":0}");
	ok(read_bytes(&d, wide.s, wide.len, &err) == -1 && strstr(err.msg, "duplicate key 'k77'"),
		"one of them twice");
}

/* What Go takes, and nobody should write. */
static void
lax(void)
{
	static const char in[] = "{\"a\":\"x\\u0000y\xff\xc3\",\"a\":[2],\"\xfe\":\"\"}";
	VS_TREE_FREE struct vs_tree_doc d = { .lax = true };
	struct vs_tree *a;
	struct vs_err err;

	ok(read_text(&d, in, &err) == 0, "lax: all of it is read");
	a = d.root->child;
	ok(a->len == 9 && memcmp(a->text, "x\0y\xef\xbf\xbd\xef\xbf\xbd", 10) == 0,
		"a NUL, and bytes that are no UTF-8");
	ok(strcmp(a->next->key, "a") == 0 && a->next->kind == VS_TREE_LIST,
		"a key that is there twice");
	is(a->next->next->key, "\xef\xbf\xbd", "a key that is no UTF-8");
	vs_tree_free(&d);
	d.lax = true;
	ok(read_text(&d, "{\"a\\u0000\":1}", &err) == -1 && err.col == 4, "but no NUL in a key");
	d.lax = true;
	ok(read_text(&d, "[1,]", &err) == -1, "and nothing that is no JSON");
}

int
main(void)
{
	nodes();
	scalars();
	refused();
	truncated();
	bounds();
	lax();
	return done();
}
