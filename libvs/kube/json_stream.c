/* SPDX-License-Identifier: Apache-2.0 */
/* json_stream.c - finds the objects of a list or a watch by their brackets.
 * Reference: RFC 8259; Kubernetes API concepts, "Efficient detection of changes". */
#include <string.h>

#include "base/assert.h"
#include "base/bounds.h"
#include "kube/json_stream.h"

enum { MAX_REST = 1 << 20, USUAL_OBJECT = 256 << 10 };

void
vs_json_stream_init(struct vs_json_stream *s, enum vs_json_stream_kind kind,
	int (*each)(void *arg, const char *s, size_t n, struct vs_err *err), void *arg,
	const char *const *skip)
{
	/* a longer name could not be told from another one that begins like it */
	for (const char *const *name = skip; name && *name; name++)
		assert(strlen(*name) < sizeof s->word);
	*s = (struct vs_json_stream){ .kind = kind,
		.each = each,
		.arg = arg,
		.skip = skip,
		.rest = { .s = vs_buf_empty, .max = MAX_REST },
		.one = { .s = vs_buf_empty } };
}

static bool
json_stream_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static int
json_stream_invalid(struct vs_err *err)
{
	return vs_fail(err, VS_ERR_FAILED, "the response is not JSON from a Kubernetes API server");
}

/* One byte of a string; short ones are kept, as they may be the name of a member. */
static void
json_stream_string_byte(struct vs_json_stream *s, char c)
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
json_stream_string_begins(struct vs_json_stream *s)
{
	s->in_string = true;
	s->word_len = 0;
}

static bool
json_stream_word_is(const struct vs_json_stream *s, const char *name)
{
	return strlen(name) == s->word_len && memcmp(s->word, name, s->word_len) == 0;
}

static bool
json_stream_skipped(const struct vs_json_stream *s)
{
	for (const char *const *name = s->skip; name && *name; name++)
		if (json_stream_word_is(s, *name))
			return true;
	return false;
}

static int
json_stream_hand_on(struct vs_json_stream *s, struct vs_err *err)
{
	int bad = s->each(s->arg, s->one.s, s->one.len, err);

	/* do not keep the memory of one large object to the end */
	if (s->one.cap > USUAL_OBJECT)
		vs_buf_free(&s->one);
	vs_buf_cut(&s->one, 0);
	return bad;
}

/* The open object, to its end or the end of the chunk; returns where it stopped. */
static const char *
json_stream_object(struct vs_json_stream *s, const char *p, const char *end)
{
	const char *from = p; /* not in s->one yet */
	bool closed = false;

	for (; p < end && !closed; p++) {
		if (s->in_string) {
			json_stream_string_byte(s, *p);
			continue;
		}
		if (s->skipping == s->open && strchr(",}]", *p)) {
			vs_buf_str(&s->one, "null");
			s->skipping = 0;
			from = p;
		}
		if (*p == '"') {
			json_stream_string_begins(s);
		} else if (*p == '{' || *p == '[') {
			if (++s->open > s->deepest)
				s->deepest = s->open;
		} else if (*p == '}' || *p == ']') {
			closed = --s->open == 0;
		} else if (*p == ':' && s->skipping == 0 && json_stream_skipped(s)) {
			s->skipping = s->open;
			vs_buf_add(&s->one, from, (size_t)(p + 1 - from));
		}
	}
	if (s->skipping == 0)
		vs_buf_add(&s->one, from, (size_t)(p - from));
	return p;
}

/* The open object, with what is skipped of it, within its bounds. */
static int
json_stream_bounded(const struct vs_json_stream *s, struct vs_err *err)
{
	if (s->size > vs_bound(VS_BOUND_OBJECT))
		return vs_fail(err, VS_ERR_FAILED,
			"the response contains an object larger than %lld KiB",
			(long long)vs_bound(VS_BOUND_OBJECT) >> 10);
	if (s->deepest > vs_bound(VS_BOUND_DEPTH))
		return vs_fail(err, VS_ERR_FAILED, "the response is nested deeper than %d levels",
			(int)vs_bound(VS_BOUND_DEPTH));
	return 0;
}

static bool
json_stream_opens_items(const struct vs_json_stream *s, char c)
{
	return c == '[' && s->depth == 1 && json_stream_word_is(s, "items");
}

/* One byte of the document around the items of a list; it is kept. */
static int
json_stream_around(struct vs_json_stream *s, char c, struct vs_err *err)
{
	vs_buf_ch(&s->rest, c);
	if (s->rest.over)
		return vs_fail(err, VS_ERR_FAILED,
			"the response has more than %d MiB outside its items", MAX_REST >> 20);
	if (s->in_string) {
		json_stream_string_byte(s, c);
	} else if (c == '"') {
		json_stream_string_begins(s);
	} else if (c == '{' || c == '[') {
		s->in_items = json_stream_opens_items(s, c);
		if (++s->depth > s->deepest)
			s->deepest = s->depth;
	} else if (c == '}' || c == ']') {
		if (--s->depth < 0)
			return json_stream_invalid(err);
	} else if (s->depth == 0 && !json_stream_blank(c)) {
		return json_stream_invalid(err);
	}
	return 0;
}

/* One byte where an object may begin. */
static int
json_stream_between(struct vs_json_stream *s, char c, struct vs_err *err)
{
	assert(s->open == 0 && s->one.len == 0);
	if (c == '{') {
		vs_buf_ch(&s->one, c);
		s->open = s->deepest = 1;
		s->size = 1;
		return 0;
	}
	if (s->in_items && c == ']') {
		s->in_items = false;
		return json_stream_around(s, c, err);
	}
	if (json_stream_blank(c) || (s->in_items && c == ','))
		return 0;
	return json_stream_invalid(err);
}

int
vs_json_stream_feed(struct vs_json_stream *s, const char *p, size_t n, struct vs_err *err)
{
	const char *end = p + n;

	while (p < end) {
		if (s->open > 0) {
			const char *from = p;

			p = json_stream_object(s, p, end);
			s->size += p - from;
			if (json_stream_bounded(s, err) < 0)
				return -1;
			if (s->open == 0 && json_stream_hand_on(s, err) < 0)
				return -1;
		} else if (s->kind == VS_JSON_STREAM_EVENTS || s->in_items) {
			if (json_stream_between(s, *p++, err) < 0)
				return -1;
		} else if (json_stream_around(s, *p++, err) < 0) {
			return -1;
		}
	}
	return json_stream_bounded(s, err);
}

void
vs_json_stream_free(struct vs_json_stream *s)
{
	vs_buf_free(&s->rest);
	vs_buf_free(&s->one);
}
