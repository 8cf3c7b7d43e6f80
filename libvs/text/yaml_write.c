/* SPDX-License-Identifier: Apache-2.0 */
/* YAML for people, in block style, that YAML 1.1 and 1.2 readers understand alike. */
#include <string.h>
#include <strings.h>

#include "base/assert.h"
#include "text/utf8.h"
#include "text/visible.h"
#include "text/yaml_write.h"

/* Longer keys (in bytes) get a '?': libyaml and its descendants allow 1024 characters
 * without it, including the quotes. */
enum { SIMPLE_KEY = 1000 };

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS	"0123456789"

static void yaml_write_node(struct vs_buf *b, const struct vs_tree *n, int col, bool item);

static void
yaml_write_indent(struct vs_buf *b, int col)
{
	vs_buf_fmt(b, "%*s", col, "");
}

/* Is c in set?  NUL is not. */
static bool
yaml_write_of(const char *set, char c)
{
	return c && strchr(set, c);
}

/* Is it null or a boolean in some version of YAML? */
static bool
yaml_write_reserved(const char *s)
{
	static const char words[][6] = { "null", "true", "false", "yes", "no", "on", "off", "y",
		"n" };

	for (size_t i = 0; i < VS_LEN(words); i++)
		if (strcasecmp(s, words[i]) == 0)
			return true;
	return false;
}

/* Does it contain a letter that no number or date contains? */
static bool
yaml_write_no_number(const char *s)
{
	return s[strcspn(s, "ghijklmnpqrsuvwyGHIJKLMNPQRSUVWY")] != '\0';
}

/* Are these characters allowed without quotes, outside [] and {}? */
static bool
yaml_write_bare(const char *s, size_t len)
{
	if (len == 0 || s[len - 1] == ' ' || s[len - 1] == ':')
		return false;
	for (size_t i = 0; i < len; i++) {
		if (s[i] == ':' && s[i + 1] == ' ')
			return false;
		if (!yaml_write_of(LETTERS DIGITS "_./:@%+,=~-$(); ", s[i]))
			return false;
	}
	return true;
}

/* Does every reader take it as a string, even without quotes? */
static bool
yaml_write_unmistakable(const char *s, size_t len)
{
	if (!yaml_write_bare(s, len) || yaml_write_reserved(s))
		return false;
	return yaml_write_of(LETTERS "/_", *s)
		|| (yaml_write_of(DIGITS, *s) && yaml_write_no_number(s));
}

/* Must the character be escaped, and so be between quotes?  Control characters, and those
 * that old readers drop. */
static bool
yaml_write_special(uint32_t code)
{
	return vs_code_control(code) || code == 0xfeff || code == 0xfffe || code == 0xffff;
}

/* Several lines, and not only white space? */
static bool
yaml_write_lines(const char *s, size_t len)
{
	bool some = false;
	uint32_t code;
	size_t n;

	if (memchr(s, '\n', len) == NULL)
		return false;
	for (size_t i = 0; i < len; i += n) {
		n = vs_utf8_code(s + i, len - i, &code);
		if (n == 0 || (yaml_write_special(code) && !yaml_write_of("\t\n", s[i])))
			return false;
		some = some || !yaml_write_of(" \t\n", s[i]);
	}
	return some;
}

/* Its first line shows the indentation, unless it starts with white space: then the
 * header gives it. */
static void
yaml_write_literal(struct vs_buf *b, const char *s, size_t len, int col)
{
	vs_buf_ch(b, '|');
	if (yaml_write_of(" \t\n", *s))
		vs_buf_ch(b, '2');
	if (s[len - 1] != '\n')
		vs_buf_ch(b, '-');
	else if (len > 1 && s[len - 2] == '\n')
		vs_buf_ch(b, '+');
	vs_buf_ch(b, '\n');
	for (size_t i = 0, n; i < len; i += n + 1) {
		n = strcspn(s + i, "\n");
		if (n > 0)
			yaml_write_indent(b, col + 2);
		vs_buf_add(b, s + i, n);
		vs_buf_ch(b, '\n');
	}
}

/* It had no quotes and may be a number, a boolean or a date: then it must not get
 * any.  Everything else is a string, with or without. */
static bool
yaml_write_meaning(const struct vs_tree *n)
{
	if (n->style == VS_TREE_FILLED && strcasecmp(n->text, "null") == 0)
		return false; /* a string: placeholders are never null */
	return (n->style == VS_TREE_PLAIN || n->style == VS_TREE_FILLED)
		&& yaml_write_bare(n->text, n->len)
		&& strspn(n->text, LETTERS DIGITS "_.:+-") == n->len
		&& strpbrk(n->text, LETTERS DIGITS);
}

/* col: column of the list or map that it is in; -1: none. */
static void
yaml_write_scalar(struct vs_buf *b, const struct vs_tree *n, int col)
{
	if (col >= 0 && yaml_write_lines(n->text, n->len)) {
		yaml_write_literal(b, n->text, n->len, col);
		return;
	}
	if (vs_tree_null(n))
		vs_buf_str(b, "null");
	else if (yaml_write_meaning(n) || yaml_write_unmistakable(n->text, n->len))
		vs_buf_add(b, n->text, n->len);
	else
		vs_yaml_str(b, n->text);
	vs_buf_ch(b, '\n');
}

static void
yaml_write_key(struct vs_buf *b, const char *s, int col)
{
	size_t from = b->len;

	if (yaml_write_unmistakable(s, strlen(s)))
		vs_buf_str(b, s);
	else
		vs_yaml_str(b, s);
	if (b->len - from > SIMPLE_KEY) {
		vs_buf_cut(b, from);
		vs_buf_str(b, "? ");
		vs_yaml_str(b, s);
		vs_buf_ch(b, '\n');
		yaml_write_indent(b, col);
	}
	vs_buf_ch(b, ':');
}

/* item: n is a list item, and its first entry follows on the same line as '- '. */
static void
yaml_write_entries(struct vs_buf *b, const struct vs_tree *n, int col, bool item)
{
	for (const struct vs_tree *v = n->child; v; v = v->next) {
		if (!item || v != n->child)
			yaml_write_indent(b, col);
		if (n->kind == VS_TREE_LIST)
			vs_buf_ch(b, '-');
		else
			yaml_write_key(b, v->key, col);
		yaml_write_node(b, v, col, n->kind == VS_TREE_LIST);
	}
}

/* After the ':' or '-' of the list or map at column col. */
static void
yaml_write_node(struct vs_buf *b, const struct vs_tree *n, int col, bool item)
{
	bool block = n->kind != VS_TREE_SCALAR && n->child;

	if (col >= 0)
		vs_buf_ch(b, block && !item ? '\n' : ' ');
	if (block)
		yaml_write_entries(b, n, col < 0 ? 0 : col + 2, item);
	else if (n->kind == VS_TREE_SCALAR)
		yaml_write_scalar(b, n, col);
	else
		vs_buf_str(b, n->kind == VS_TREE_LIST ? "[]\n" : "{}\n");
}

void
vs_yaml_write(const struct vs_tree *n, struct vs_buf *b)
{
	yaml_write_node(b, n, -1, false);
}

void
vs_yaml_str(struct vs_buf *b, const char *s)
{
	size_t left = strlen(s), n;
	uint32_t code;

	vs_buf_ch(b, '"');
	for (; left > 0; s += n, left -= n) {
		n = vs_utf8_code(s, left, &code);
		if (*s == '"' || *s == '\\')
			vs_buf_fmt(b, "\\%c", *s);
		else if (*s == '\n')
			vs_buf_str(b, "\\n");
		else if (n > 0 && yaml_write_special(code))
			vs_buf_fmt(b, code < 0x80 ? "\\x%02x" : "\\u%04x", (unsigned)code);
		else
			vs_buf_add(b, s, n ? n : 1);
		n = n ? n : 1;
	}
	vs_buf_ch(b, '"');
}
