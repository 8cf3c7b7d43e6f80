#include <string.h>

#include "kube/split.h"

enum { MAX_OBJECT = 16 << 20, MAX_REST = 1 << 20, USUAL = 256 << 10 };

void
vs_split_init(struct vs_split *s, enum vs_split_kind kind,
	int (*each)(void *, const char *, size_t, struct vs_err *), void *arg)
{
	*s = (struct vs_split){ .kind = kind, .each = each, .arg = arg,
		.rest = { .s = vs_buf_empty, .max = MAX_REST },
		.one = { .s = vs_buf_empty, .max = MAX_OBJECT } };
}

static bool
blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static int
no_json(struct vs_err *err)
{
	return vs_fail(err, VS_FAIL, "the answer is not the JSON of an API server");
}

/* Take one byte of a string; true: it was the closing quote. */
static bool
string_ends(struct vs_split *s, char c)
{
	if (s->escaped)
		s->escaped = false;
	else if (c == '\\')
		s->escaped = true;
	else if (c == '"')
		s->in_string = false;
	return !s->in_string;
}

static int
hand_on(struct vs_split *s, struct vs_err *err)
{
	int bad = s->each(s->arg, s->one.s, s->one.len, err);

	/* one giant is not paid for to the end */
	if (s->one.cap > USUAL)
		vs_buf_free(&s->one);
	vs_buf_cut(&s->one, 0);
	return bad;
}

/* The open object, to its end or that of the chunk; how far it went. */
static const char *
object(struct vs_split *s, const char *p, const char *end)
{
	for (; p < end; p++) {
		if (s->in_string) {
			string_ends(s, *p);
		} else if (*p == '"') {
			s->in_string = true;
		} else if (*p == '{' || *p == '[') {
			s->open++;
		} else if (*p == '}' || *p == ']') {
			if (--s->open == 0)
				return p + 1;
		}
	}
	return end;
}

static bool
opens_items(const struct vs_split *s, char c)
{
	return c == '[' && s->depth == 1 && s->word_len == 5
		&& memcmp(s->word, "items", 5) == 0;
}

/* One byte of a list's own document; it is kept. */
static int
around(struct vs_split *s, char c, struct vs_err *err)
{
	vs_buf_ch(&s->rest, c);
	if (s->rest.over)
		return no_json(err);
	if (s->in_string) {
		if (!string_ends(s, c) && s->depth == 1
		    && s->word_len < sizeof s->word)
			s->word[s->word_len++] = c;
	} else if (c == '"') {
		s->in_string = true;
		s->word_len = 0;
	} else if (c == '{' || c == '[') {
		s->in_items = opens_items(s, c);
		s->depth++;
	} else if (c == '}' || c == ']') {
		if (--s->depth < 0)
			return no_json(err);
	} else if (s->depth == 0 && !blank(c)) {
		return no_json(err);
	}
	return 0;
}

/* One byte where an object may begin. */
static int
between(struct vs_split *s, char c, struct vs_err *err)
{
	if (c == '{') {
		vs_buf_ch(&s->one, c);
		s->open = 1;
		return 0;
	}
	if (s->in_items && c == ']') {
		s->in_items = false;
		return around(s, c, err);
	}
	if (blank(c) || (s->in_items && c == ','))
		return 0;
	return no_json(err);
}

int
vs_split_feed(struct vs_split *s, const char *p, size_t n, struct vs_err *err)
{
	const char *end = p + n;

	while (p < end) {
		if (s->open > 0) {
			const char *to = object(s, p, end);

			vs_buf_add(&s->one, p, (size_t)(to - p));
			if (s->one.over)
				return vs_fail(err, VS_FAIL, "the answer holds an"
					" object of more than %d MiB",
					MAX_OBJECT >> 20);
			if (s->open == 0 && hand_on(s, err) < 0)
				return -1;
			p = to;
		} else if (s->kind == VS_SPLIT_EVENTS || s->in_items) {
			if (between(s, *p++, err) < 0)
				return -1;
		} else if (around(s, *p++, err) < 0) {
			return -1;
		}
	}
	return 0;
}

bool
vs_split_whole(const struct vs_split *s)
{
	return s->open == 0 && s->depth == 0;
}

void
vs_split_free(struct vs_split *s)
{
	vs_buf_free(&s->rest);
	vs_buf_free(&s->one);
}
