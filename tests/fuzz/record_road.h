/* SPDX-License-Identifier: Apache-2.0 */
/* record_road.h - invariants of records, for the fuzz target and the unit test: what is
 * written is read again, and nothing in a record forges a line, a field or a terminal. */
#ifndef FUZZ_RECORD_ROAD_H
#define FUZZ_RECORD_ROAD_H

#include <string.h>

#include "base/mem.h"
#include "fuzz.h"
#include "text/record.h"
#include "text/utf8.h"
#include "text/visible.h"

/* hidden: nothing invisible either. */
static inline bool
record_road_safe(const struct vs_buf *b, bool hidden)
{
	size_t k;

	for (size_t i = 0; i < b->len; i += k) {
		uint32_t c;

		k = vs_utf8_code(b->s + i, b->len - i, &c);
		if (k == 0 || (c != '\t' && (hidden ? vs_code_hidden(c) : vs_code_control(c))))
			return false;
	}
	return true;
}

static inline size_t
record_road_count(const struct vs_buf *b, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < b->len; i++)
		n += b->s[i] == c;
	return n;
}

static inline bool
record_road_same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* lossy: bytes that are not UTF-8 have become U+FFFD in JSON. */
static inline bool
record_road_same(const struct vs_rec *a, const struct vs_rec *b, bool lossy)
{
	const char *path = a->path, *other = b->path;

	/* the text form writes it so: a line that begins with '{' is JSON */
	if (*path == '{' && strncmp(other, "%7b", 3) == 0) {
		path += 1;
		other += 3;
	}
	if (strcmp(path, other) != 0 || !record_road_same_text(a->ref, b->ref) || a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		const char *value = a->fields[i].value;

		if (strcmp(a->fields[i].key, b->fields[i].key) != 0)
			return false;
		if (lossy && !vs_utf8(value, strlen(value)))
			continue;
		if (strcmp(value, b->fields[i].value) != 0)
			return false;
	}
	return true;
}

/* was_read: by vs_rec_read; else its texts may be anything, as from a server. */
static inline void
record_road_form(const struct vs_rec *r, bool was_read, bool json)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT, again = VS_BUF_INIT;
	struct vs_rec back = { 0 };
	struct vs_err err = { 0 };
	int bad;

	vs_rec_write(r, json, &b);
	must(record_road_safe(&b, json), "no control character is written");
	must(record_road_count(&b, '\t') == (json ? 0 : r->n + (r->ref && *r->ref)),
		"a tab before each field, and no other");
	bad = vs_rec_read(b.s, b.len, &back, &err);
	must(!was_read || bad == 0, "what was read and written can be read");
	must(bad == 0 || (err.code == VS_ERR_USAGE && err.msg[0]), "an error has a message");
	if (was_read)
		must(record_road_same(r, &back, json), "record written = record read");
	if (bad == 0) {
		/* fewer: keys "a=" and "a%3d" of a server become one */
		must(back.n <= r->n, "no field more");
		vs_rec_write(&back, json, &again);
		/* U+FFFD is written as an escape only where it replaces a byte */
		must(json || back.n < r->n || strcmp(again.s, b.s) == 0,
			"written again it is the same");
	}
	vs_rec_free(&back);
}

static inline void
record_road(const struct vs_rec *r, bool was_read)
{
	record_road_form(r, was_read, false);
	record_road_form(r, was_read, true);
}

static inline void
record_road_line(const char *s, size_t n)
{
	struct vs_rec r = { 0 };
	struct vs_err err = { 0 };

	if (vs_rec_read(s, n, &r, &err) == 0) {
		must(r.path && *r.path, "a record has a path");
		record_road(&r, true);
	} else {
		must(err.code == VS_ERR_USAGE && err.msg[0], "an error has a message");
	}
	vs_rec_free(&r);
}

/* A name of the inventory, there and back. */
static inline void
record_road_name(const char *name)
{
	VS_BUF_FREE struct vs_buf path = VS_BUF_INIT, back = VS_BUF_INIT;

	vs_path_encode(name, false, &path);
	must(record_road_safe(&path, false) && strchr(path.s, '\t') == NULL,
		"a name in a path has no control character");
	must(strchr(path.s, '/') == NULL, "... and no slash");
	vs_path_decode(path.s, path.len, &back);
	must(strcmp(back.s, name) == 0, "a name encoded and decoded is the same");
}

#endif
