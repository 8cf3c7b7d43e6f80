/* SPDX-License-Identifier: Apache-2.0 */
/* Writing JSON: escapes, commas and indentation. */
#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "text/json_write.h"
#include "text/utf8.h"
#include "text/visible.h"

static void
json_write_escaped(struct vs_buf *b, uint32_t c)
{
	switch (c) {
	case '"':
		vs_buf_str(b, "\\\"");
		break;
	case '\\':
		vs_buf_str(b, "\\\\");
		break;
	case '\n':
		vs_buf_str(b, "\\n");
		break;
	case '\r':
		vs_buf_str(b, "\\r");
		break;
	case '\t':
		vs_buf_str(b, "\\t");
		break;
	default:
		if (c < 0x10000)
			vs_buf_fmt(b, "\\u%04x", (unsigned)c);
		else
			vs_buf_fmt(b, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (c >> 10)),
				(unsigned)(0xdc00 | (c & 0x3ff)));
	}
}

void
vs_json_strn(struct vs_buf *b, const char *s, size_t n)
{
	size_t run = 0; /* bytes to copy unchanged */

	vs_buf_ch(b, '"');
	while (run < n) {
		uint32_t c;
		size_t k = vs_utf8_code(s + run, n - run, &c);

		if (k > 0 && c != '"' && c != '\\' && !vs_code_hidden(c)) {
			run += k;
			continue;
		}
		vs_buf_add(b, s, run);
		json_write_escaped(b, k ? c : 0xfffd);
		run += k ? k : 1;
		s += run;
		n -= run;
		run = 0;
	}
	vs_buf_add(b, s, run);
	vs_buf_ch(b, '"');
}

void
vs_json_str(struct vs_buf *b, const char *s)
{
	vs_json_strn(b, s, strlen(s));
}

static void
json_write_new_line(struct vs_jw *w)
{
	if (!w->pretty)
		return;
	vs_buf_ch(w->b, '\n');
	for (int i = 0; i < w->depth; i++)
		vs_buf_str(w->b, "  ");
}

/* What precedes a value: comma, line end, key. */
static void
json_write_lead(struct vs_jw *w, const char *key)
{
	if (w->any)
		vs_buf_ch(w->b, ',');
	if (w->depth > 0)
		json_write_new_line(w);
	if (key) {
		vs_json_str(w->b, key);
		vs_buf_str(w->b, w->pretty ? ": " : ":");
	}
	w->any = true;
}

static void
json_write_start(struct vs_jw *w, const char *key, char begin, char end)
{
	size_t at = w->b->len;
	bool any = w->any;

	/* depends on the caller's schema, not on input */
	assert(w->depth < VS_JW_DEPTH);
	json_write_lead(w, key);
	vs_buf_ch(w->b, begin);
	w->open[w->depth].start = at;
	w->open[w->depth].before = any;
	w->open[w->depth++].end = end;
	w->any = false;
}

void
vs_jw_object(struct vs_jw *w, const char *key)
{
	json_write_start(w, key, '{', '}');
}

void
vs_jw_array(struct vs_jw *w, const char *key)
{
	json_write_start(w, key, '[', ']');
}

void
vs_jw_close(struct vs_jw *w, bool keep)
{
	bool any = w->any;

	assert(w->depth > 0);
	w->depth--;
	w->any = true;
	if (!any && !keep) {
		vs_buf_cut(w->b, w->open[w->depth].start);
		w->any = w->open[w->depth].before;
		return;
	}
	if (any)
		json_write_new_line(w);
	vs_buf_ch(w->b, w->open[w->depth].end);
}

void
vs_jw_str(struct vs_jw *w, const char *key, const char *s)
{
	json_write_lead(w, key);
	if (s)
		vs_json_str(w->b, s);
	else
		vs_buf_str(w->b, "null");
}

void
vs_jw_strn(struct vs_jw *w, const char *key, const char *s, size_t n)
{
	json_write_lead(w, key);
	vs_json_strn(w->b, s, n);
}

void
vs_jw_int(struct vs_jw *w, const char *key, int64_t n)
{
	json_write_lead(w, key);
	vs_buf_fmt(w->b, "%" PRId64, n);
}

void
vs_jw_bool(struct vs_jw *w, const char *key, bool v)
{
	json_write_lead(w, key);
	vs_buf_str(w->b, v ? "true" : "false");
}
