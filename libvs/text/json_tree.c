/* SPDX-License-Identifier: Apache-2.0 */
/* A JSON parser (RFC 8259) whose nodes know their line and column, with messages for
 * common mistakes; lax, it reads what Go's encoding/json reads. */
#include <string.h>

#include "text/json_tree.h"
#include "text/tree.h"
#include "text/utf8.h"

struct reader {
	struct vs_tree_doc *doc;
	const char *file;
	const char *at, *end;
	const char *counted; /* line and col are of this character */
	int line, col;
	int depth;
	struct vs_err *err;
};

static int json_tree_value(struct reader *r, struct vs_tree *n);

/* The place of r->at.  Counts each character once. */
static void
json_tree_place(struct reader *r, int *line, int *col)
{
	for (; r->counted < r->at; r->counted++) {
		unsigned char c = (unsigned char)*r->counted;

		if (c == '\n' || (c == '\r' && r->counted + 1 < r->end && r->counted[1] != '\n')) {
			r->line++;
			r->col = 1;
		} else if ((c & 0xc0) != 0x80 && c != '\r') {
			r->col++;
		}
	}
	*line = r->line;
	*col = r->col;
}

static int
json_tree_refuse(struct reader *r, const char *why)
{
	int line, col;

	json_tree_place(r, &line, &col);
	return vs_fail_at(r->err, line, col, "%s", why);
}

static int
json_tree_cut_short(struct reader *r, const char *what, int line)
{
	int at, col;

	json_tree_place(r, &at, &col);
	return vs_fail_at(r->err, at, col,
		"unexpected end of text: %s that starts in line %d is not closed", what, line);
}

static void
json_tree_skip_space(struct reader *r)
{
	while (r->at < r->end && memchr(" \t\n\r", *r->at, 4))
		r->at++;
}

static bool
json_tree_digit(const struct reader *r)
{
	return r->at < r->end && *r->at >= '0' && *r->at <= '9';
}

static bool
json_tree_digits(struct reader *r)
{
	if (!json_tree_digit(r))
		return false;
	while (json_tree_digit(r))
		r->at++;
	return true;
}

static int
json_tree_hex(char c)
{
	return c >= '0' && c <= '9'			 ? c - '0'
		: (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
							 : -1;
}

/* The four hex digits after "\u", or -1. */
static long
json_tree_code_of(const char *s, const char *end)
{
	long code = 0;

	if (end - s < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		if (json_tree_hex(s[i]) < 0)
			return -1;
		code = code << 4 | json_tree_hex(s[i]);
	}
	return code;
}

static char *
json_tree_put_utf8(char *to, unsigned long c)
{
	if (c < 0x80) {
		*to++ = (char)c;
		return to;
	}
	if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*to++ = (char)(0xe0 | c >> 12);
		} else {
			*to++ = (char)(0xf0 | c >> 18);
			*to++ = (char)(0x80 | (c >> 12 & 0x3f));
		}
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (c & 0x3f));
	return to;
}

/* s follows "\u" and was checked.  The result is never longer than the escape. */
static const char *
json_tree_put_code(const char *s, const char *end, char **to)
{
	long code = json_tree_code_of(s, end), low;

	s += 4;
	if (code >= 0xd800 && code < 0xdc00 && end - s >= 6 && s[0] == '\\' && s[1] == 'u') {
		low = json_tree_code_of(s + 2, end);
		if (low >= 0xdc00 && low < 0xe000) {
			code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
			s += 6;
		}
	}
	if (code >= 0xd800 && code < 0xe000)
		code = 0xfffd;
	*to = json_tree_put_utf8(*to, (unsigned long)code);
	return s;
}

/* wrong: number of bytes that are not UTF-8; each becomes U+FFFD. */
static char *
json_tree_decode(struct reader *r, const char *s, const char *end, size_t wrong, size_t *len)
{
	static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
	char *text = vs_arena_get(&r->doc->arena, (size_t)(end - s) + 2 * wrong + 1);
	char *to = text;
	size_t n;

	while (s < end)
		if (*s != '\\') {
			n = wrong ? vs_utf8_next(s, (size_t)(end - s)) : 1;
			memcpy(to, n ? s : "\xef\xbf\xbd", n ? n : 3);
			to += n ? n : 3;
			s += n ? n : 1;
		} else if (s[1] == 'u') {
			s = json_tree_put_code(s + 2, end, &to);
		} else {
			*to++ = into[strchr(from, s[1]) - from];
			s += 2;
		}
	*len = (size_t)(to - text);
	return text;
}

/* r->at is at a backslash; nul: \u0000 is allowed. */
static int
json_tree_escape(struct reader *r, bool nul)
{
	long code;

	if (r->end - r->at < 2) {
		r->at = r->end; /* json_tree_text() reports it */
		return 0;
	}
	if (r->at[1] != 'u') {
		if (r->at[1] == '\0' || !strchr("\"\\/bfnrt", r->at[1]))
			return json_tree_refuse(r,
				"after '\\' expected one of \" \\ / b f n r t u: write '\\' itself as '\\\\'");
		r->at += 2;
		return 0;
	}
	code = json_tree_code_of(r->at + 2, r->end);
	if (code < 0)
		return json_tree_refuse(r, "expected four hex digits after '\\u'");
	if (code == 0 && !nul)
		return json_tree_refuse(r, "a value cannot contain NUL");
	r->at += 6;
	return 0;
}

/* r->at is at the opening quote; the text is in the arena. */
static char *
json_tree_text(struct reader *r, bool nul, size_t *len)
{
	const char *start = ++r->at;
	size_t wrong = 0;
	int line, col;

	json_tree_place(r, &line, &col);
	while (r->at < r->end && *r->at != '"') {
		size_t n = vs_utf8_next(r->at, (size_t)(r->end - r->at));

		if (n == 0 && !r->doc->lax) {
			json_tree_refuse(r, "not valid UTF-8");
			return NULL;
		}
		if (n == 0) {
			wrong++;
			r->at++;
			continue;
		}
		if (*r->at == '\n' || *r->at == '\r') {
			json_tree_refuse(r,
				"line break in a string: write it as \\n, or close the string with '\"'");
			return NULL;
		}
		if ((unsigned char)*r->at < ' ') {
			json_tree_refuse(r,
				"control character in a string: write it as \\u and four hex digits");
			return NULL;
		}
		if (*r->at != '\\')
			r->at += n;
		else if (json_tree_escape(r, nul) < 0)
			return NULL;
	}
	if (r->at == r->end) {
		json_tree_cut_short(r, "the string", line);
		return NULL;
	}
	return json_tree_decode(r, start, r->at++, wrong, len);
}

static int
json_tree_literal(struct reader *r, struct vs_tree *n, const char *from)
{
	n->style = VS_TREE_PLAIN;
	n->len = (size_t)(r->at - from);
	n->text = vs_arena_str(&r->doc->arena, from, n->len);
	return 0;
}

static int
json_tree_number(struct reader *r, struct vs_tree *n)
{
	const char *from = r->at, *first;

	if (*r->at == '-')
		r->at++;
	first = r->at;
	if (!json_tree_digits(r))
		return json_tree_refuse(r, "expected a digit");
	if (*first == '0' && r->at > first + 1) {
		r->at = from;
		return json_tree_refuse(r,
			"a JSON number cannot start with 0, all are decimal: write mode 0644 as 420");
	}
	if (r->at < r->end && *r->at == '.') {
		r->at++;
		if (!json_tree_digits(r))
			return json_tree_refuse(r, "expected a digit");
	}
	if (r->at < r->end && (*r->at | 0x20) == 'e') {
		r->at++;
		if (r->at < r->end && (*r->at == '-' || *r->at == '+'))
			r->at++;
		if (!json_tree_digits(r))
			return json_tree_refuse(r, "expected a digit");
	}
	return json_tree_literal(r, n, from);
}

static int
json_tree_word(struct reader *r, struct vs_tree *n)
{
	static const char *const words[] = { "true", "false", "null" };
	const char *from = r->at;

	while (r->at < r->end && ((*r->at | 0x20) >= 'a' && (*r->at | 0x20) <= 'z'))
		r->at++;
	for (size_t i = 0; i < VS_LEN(words); i++)
		if ((size_t)(r->at - from) == strlen(words[i])
			&& memcmp(from, words[i], strlen(words[i])) == 0)
			return json_tree_literal(r, n, from);
	r->at = from;
	return json_tree_refuse(r,
		"not a JSON value: expected true, false or null: put any other text into double quotes");
}

/* After an item: 1 if another one follows, 0 if the list or map ends. */
static int
json_tree_more(struct reader *r, const struct vs_tree *of)
{
	char close = of->kind == VS_TREE_LIST ? ']' : '}';

	json_tree_skip_space(r);
	if (r->at == r->end)
		return json_tree_cut_short(r, close == ']' ? "the list" : "the map", of->line);
	if (*r->at == close) {
		r->at++;
		return 0;
	}
	if (*r->at != ',')
		return json_tree_refuse(r,
			close == ']' ? "expected ',' or the ']' of the list"
				     : "expected ',' or the '}' of the map");
	r->at++;
	json_tree_skip_space(r);
	if (r->at < r->end && *r->at == close)
		return json_tree_refuse(r, "trailing ',': JSON allows none after the last item");
	return 1;
}

/* "key":, before the value of v. */
static int
json_tree_key(struct reader *r, const struct vs_tree *map, struct vs_tree *v)
{
	size_t len;

	if (r->at == r->end)
		return json_tree_cut_short(r, "the map", map->line);
	if (*r->at != '"')
		return json_tree_refuse(r, "expected a key in double quotes");
	json_tree_place(r, &v->key_line, &v->key_col);
	v->key = json_tree_text(r, false, &len);
	if (v->key == NULL)
		return -1;
	json_tree_skip_space(r);
	if (r->at == r->end)
		return json_tree_cut_short(r, "the map", map->line);
	if (*r->at != ':')
		return json_tree_refuse(r, "expected ':' between a key and its value");
	r->at++;
	return 0;
}

/* r->at is at the '[' or '{' of n. */
static int
json_tree_items(struct reader *r, struct vs_tree *n)
{
	struct vs_tree **end = &n->child;
	size_t count = 0;
	int rest;

	if (r->depth == VS_TREE_DEPTH)
		return json_tree_refuse(r, "nested too deeply: more than 64 levels");
	n->kind = *r->at == '[' ? VS_TREE_LIST : VS_TREE_MAP;
	r->depth++;
	r->at++;
	json_tree_skip_space(r);
	rest = r->at == r->end || *r->at != (n->kind == VS_TREE_LIST ? ']' : '}');
	if (!rest)
		r->at++;
	while (rest > 0) {
		struct vs_tree *v = vs_arena_get(&r->doc->arena, sizeof *v);

		if (n->kind == VS_TREE_MAP && json_tree_key(r, n, v) < 0)
			return -1;
		json_tree_skip_space(r);
		if (r->at == r->end)
			return json_tree_cut_short(
				r, n->kind == VS_TREE_LIST ? "the list" : "the map", n->line);
		if (json_tree_value(r, v) < 0)
			return -1;
		*end = v;
		end = &v->next;
		count++;
		rest = json_tree_more(r, n);
	}
	r->depth--;
	if (rest == 0 && n->kind == VS_TREE_MAP && !r->doc->lax)
		return vs_tree_check_keys(n, count, r->err);
	return rest;
}

static int
json_tree_value(struct reader *r, struct vs_tree *n)
{
	n->file = r->file;
	json_tree_place(r, &n->line, &n->col);
	switch (*r->at) {
	case '{':
	case '[':
		return json_tree_items(r, n);
	case '"':
		n->style = VS_TREE_QUOTED;
		n->text = json_tree_text(r, r->doc->lax, &n->len);
		return n->text ? 0 : -1;
	case '-':
	case '0' ... '9':
		return json_tree_number(r, n);
	case 'A' ... 'Z':
	case 'a' ... 'z':
		return json_tree_word(r, n);
	case '\'':
		return json_tree_refuse(r, "JSON strings need double quotes");
	case '/':
	case '#':
		return json_tree_refuse(r, "JSON has no comments");
	default:
		return json_tree_refuse(r, "expected a value");
	}
}

static int
json_tree_whole(struct reader *r)
{
	struct vs_tree *root = vs_arena_get(&r->doc->arena, sizeof *root);

	if (r->end - r->at >= 3 && memcmp(r->at, "\xef\xbb\xbf", 3) == 0)
		return json_tree_refuse(
			r, "JSON cannot start with a byte order mark: save it without one");
	json_tree_skip_space(r);
	if (r->at == r->end)
		return json_tree_refuse(r, "empty: expected JSON");
	if (json_tree_value(r, root) < 0)
		return -1;
	json_tree_skip_space(r);
	if (r->at < r->end)
		return json_tree_refuse(r, "unexpected text after the end of the JSON");
	r->doc->root = root;
	return 0;
}

int
vs_json_tree_read(
	struct vs_tree_doc *d, const char *s, size_t n, const char *file, struct vs_err *err)
{
	struct reader r = { .doc = d,
		.file = file,
		.at = s,
		.end = s + n,
		.counted = s,
		.line = 1,
		.col = 1,
		.err = err };

	if (json_tree_whole(&r) == 0)
		return 0;
	vs_tree_free(d);
	return -1;
}
