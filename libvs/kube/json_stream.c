/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "kube/split.h"

enum { MAX_OBJECT = 16 << 20, MAX_REST = 1 << 20, USUAL = 256 << 10 };

void
vs_split_init(struct vs_split *s, enum vs_split_kind kind,
	int (*each)(void *, const char *, size_t, struct vs_err *), void *arg)
{
	*s = (struct vs_split){ .kind = kind,
		.each = each,
		.arg = arg,
		.rest = { .s = vs_buf_empty, .max = MAX_REST },
		.one = { .s = vs_buf_empty, .max = MAX_OBJECT } };
}

static bool
split_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static int
split_no_json(struct vs_err *err)
{
	return vs_fail(err, VS_ERR_FAILED, "the answer is not the JSON of an API server");
}

/* One byte of a string; it is kept when it may be a name that counts. */
static void
split_string_byte(struct vs_split *s, char c)
{
	if (s->escaped) {
		s->escaped = false;
	} else if (c == '\\') {
		s->escaped = true;
	} else if (c == '"') {
		s->in_string = false;
		return;
	}
	if (s->word_len < sizeof s->word)
		s->word[s->word_len++] = c;
}

static void
split_string_begins(struct vs_split *s)
{
	s->in_string = true;
	s->word_len = 0;
}

static bool
split_word_is(const struct vs_split *s, const char *name)
{
	return strlen(name) == s->word_len && memcmp(s->word, name, s->word_len) == 0;
}

static bool
split_skipped(const struct vs_split *s)
{
	for (const char *const *name = s->skip; name && *name; name++)
		if (split_word_is(s, *name))
			return true;
	return false;
}

static int
split_hand_on(struct vs_split *s, struct vs_err *err)
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
split_object(struct vs_split *s, const char *p, const char *end)
{
	const char *from = p; /* what is not in s->one yet */
	bool over = false;

	for (; p < end && !over; p++) {
		if (s->in_string) {
			split_string_byte(s, *p);
			continue;
		}
		if (s->skipping == s->open && strchr(",}]", *p)) {
			vs_buf_str(&s->one, "null");
			s->skipping = 0;
			from = p;
		}
		if (*p == '"') {
			split_string_begins(s);
		} else if (*p == '{' || *p == '[') {
			s->open++;
		} else if (*p == '}' || *p == ']') {
			over = --s->open == 0;
		} else if (*p == ':' && s->skipping == 0 && split_skipped(s)) {
			s->skipping = s->open;
			vs_buf_add(&s->one, from, (size_t)(p + 1 - from));
		}
	}
	if (s->skipping == 0)
		vs_buf_add(&s->one, from, (size_t)(p - from));
	return p;
}

static bool
split_opens_items(const struct vs_split *s, char c)
{
	return c == '[' && s->depth == 1 && split_word_is(s, "items");
}

/* One byte of a list's own document; it is kept. */
static int
split_around(struct vs_split *s, char c, struct vs_err *err)
{
	vs_buf_ch(&s->rest, c);
	if (s->rest.over)
		return split_no_json(err);
	if (s->in_string) {
		split_string_byte(s, c);
	} else if (c == '"') {
		split_string_begins(s);
	} else if (c == '{' || c == '[') {
		s->in_items = split_opens_items(s, c);
		s->depth++;
	} else if (c == '}' || c == ']') {
		if (--s->depth < 0)
			return split_no_json(err);
	} else if (s->depth == 0 && !split_blank(c)) {
		return split_no_json(err);
	}
	return 0;
}

/* One byte where an object may begin. */
static int
split_between(struct vs_split *s, char c, struct vs_err *err)
{
	if (c == '{') {
		vs_buf_ch(&s->one, c);
		s->open = 1;
		return 0;
	}
	if (s->in_items && c == ']') {
		s->in_items = false;
		return split_around(s, c, err);
	}
	if (split_blank(c) || (s->in_items && c == ','))
		return 0;
	return split_no_json(err);
}

int
vs_split_feed(struct vs_split *s, const char *p, size_t n, struct vs_err *err)
{
	const char *end = p + n;

	while (p < end) {
		if (s->open > 0) {
			p = split_object(s, p, end);
			if (s->one.over)
				return vs_fail(err, VS_ERR_FAILED,
					"the answer holds an object of more than %d MiB",
					MAX_OBJECT >> 20);
			if (s->open == 0 && split_hand_on(s, err) < 0)
				return -1;
		} else if (s->kind == VS_SPLIT_EVENTS || s->in_items) {
			if (split_between(s, *p++, err) < 0)
				return -1;
		} else if (split_around(s, *p++, err) < 0) {
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
