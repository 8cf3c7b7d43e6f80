/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "text/utf8.h"
#include "text/yaml.h"

struct vs_yaml *
vs_yaml_get(const struct vs_yaml *n, const char *key)
{
	if (n == NULL || n->kind != VS_YAML_MAP)
		return NULL;
	for (struct vs_yaml *v = n->child; v; v = v->next)
		if (strcmp(v->key, key) == 0)
			return v;
	return NULL;
}

struct vs_yaml *
vs_yaml_new(struct vs_yaml_doc *d, const struct vs_yaml *at, const char *key,
	enum vs_yaml_kind kind, const char *text, size_t n)
{
	struct vs_yaml *v = vs_arena_get(&d->arena, sizeof *v);

	*v = (struct vs_yaml){ .kind = kind, .file = at->file, .line = at->line,
		.col = at->col, .from = at->from, .key = key, .key_line = at->line,
		.key_col = at->col };
	if (text) {
		v->text = vs_arena_str(&d->arena, text, n);
		v->len = n;
	}
	return v;
}

struct vs_yaml *
vs_yaml_put(struct vs_yaml_doc *d, struct vs_yaml *map, const char *key,
	enum vs_yaml_kind kind)
{
	struct vs_yaml *v = vs_yaml_get(map, key), **end;

	if (v) {
		if (v->kind != kind)
			v->child = NULL;
		v->kind = kind;
		return v;
	}
	for (end = &map->child; *end; end = &(*end)->next)
		;
	*end = vs_yaml_new(d, map, key, kind, NULL, 0);
	return *end;
}

bool
vs_yaml_null(const struct vs_yaml *n)
{
	return n->kind == VS_YAML_SCALAR && n->style == VS_YAML_PLAIN
		&& (n->len == 0 || strcmp(n->text, "~") == 0
		|| strcmp(n->text, "null") == 0 || strcmp(n->text, "Null") == 0
		|| strcmp(n->text, "NULL") == 0);
}

const char *
vs_yaml_what(const struct vs_yaml *n)
{
	if (n->kind == VS_YAML_LIST)
		return "a list";
	if (n->kind == VS_YAML_MAP)
		return "a map";
	if (n->kind == VS_YAML_ALIAS)
		return "an alias";
	if (vs_yaml_null(n))
		return "nothing";
	if (n->style != VS_YAML_PLAIN)
		return "a string";
	return strspn(n->text + (n->text[0] == '-'), "0123456789") ? "a number" : "a word";
}

/* Characters of more than one byte that a reader of YAML 1.1 would take for a
 * line break, or not take at all: their code, else 0. */
static unsigned
special(const char *s, size_t n)
{
	const unsigned char *c = (const unsigned char *)s;
	unsigned code = 0;

	if (n == 2)
		code = (c[0] & 0x1fu) << 6 | (c[1] & 0x3fu);
	else if (n == 3)
		code = (c[0] & 0x0fu) << 12 | (c[1] & 0x3fu) << 6 | (c[2] & 0x3fu);
	return (code >= 0x80 && code < 0xa0) || code == 0x2028 || code == 0x2029
		|| code == 0xfeff || code >= 0xfffe ? code : 0;
}

void
vs_yaml_str(struct vs_buf *b, const char *s)
{
	size_t left = strlen(s), n;

	vs_buf_ch(b, '"');
	for (; left > 0; s += n, left -= n) {
		unsigned char c = (unsigned char)*s;
		unsigned code;

		n = vs_utf8_next(s, left);
		n = n ? n : 1;
		code = special(s, n);
		if (c == '"' || c == '\\')
			vs_buf_fmt(b, "\\%c", c);
		else if (c == '\n')
			vs_buf_str(b, "\\n");
		else if (c < ' ' || c == 0x7f)
			vs_buf_fmt(b, "\\x%02x", c);
		else if (code)
			vs_buf_fmt(b, "\\u%04x", code);
		else
			vs_buf_add(b, s, n);
	}
	vs_buf_ch(b, '"');
}
