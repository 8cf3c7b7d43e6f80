/* SPDX-License-Identifier: Apache-2.0 */
/* Sorting and aligning the records of a listing, page by page.  It does not know
 * what the fields are. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "run/lines.h"
#include "text/visible.h"

/* A key of the records; the first two columns are path and reference. */
struct column {
	const char *key; /* borrowed from a record; NULL for these two */
	size_t width;
};

struct columns {
	struct column *v;
	size_t n, cap;
};

struct vs_lines {
	struct vs_loop *loop;
	struct vs_output *output;
	bool json, table;
	struct vs_rec *recs;
	size_t n, cap;
	struct vs_timer timer;
};

struct vs_lines *
vs_lines_new(struct vs_loop *l, struct vs_output *output, bool json, bool table)
{
	struct vs_lines *ls = vs_alloc(1, sizeof *ls);

	ls->loop = l;
	ls->output = output;
	ls->json = json;
	ls->table = table && !json;
	return ls;
}

static void
lines_flush_later(void *arg)
{
	vs_lines_flush(arg);
}

void
vs_lines_add(struct vs_lines *ls, struct vs_rec *rec)
{
	vs_grow(ls->recs, ls->n, ls->cap);
	ls->recs[ls->n++] = *rec;
	*rec = (struct vs_rec){ 0 };
	/* all records of a page come in one round of the loop */
	if (!ls->timer.set)
		vs_timer_set(ls->loop, &ls->timer, vs_now(), lines_flush_later, ls);
}

static int
lines_by_path(const void *a, const void *b)
{
	const struct vs_rec *x = a, *y = b;
	int c = strverscmp(x->path, y->path);

	return c ? c : strcmp(x->ref ? x->ref : "", y->ref ? y->ref : "");
}

/* Width of s on a terminal, in code points: right for all but East Asian text, and
 * independent of the locale. */
static size_t
lines_width(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

/* As it is shown. */
static size_t
lines_shown_width(const char *s)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	vs_visible_str(&b, s);
	return lines_width(b.s);
}

static void
lines_widen(struct column *c, size_t width)
{
	if (width > c->width)
		c->width = width;
}

static struct column *
lines_column(struct columns *to, const char *key)
{
	for (size_t i = 2; i < to->n; i++)
		if (strcmp(to->v[i].key, key) == 0)
			return &to->v[i];
	vs_grow(to->v, to->n, to->cap);
	to->v[to->n] = (struct column){ .key = key };
	return &to->v[to->n++];
}

/* The columns are the keys of all records, in order of appearance. */
static void
lines_columns(const struct vs_lines *ls, struct columns *to)
{
	to->v = vs_alloc(to->cap = 8, sizeof *to->v);
	to->n = 2;
	for (size_t i = 0; i < ls->n; i++) {
		const struct vs_rec *r = &ls->recs[i];

		lines_widen(&to->v[0], lines_shown_width(r->path));
		lines_widen(&to->v[1], lines_shown_width(r->ref ? r->ref : ""));
		for (size_t k = 0; k < r->n; k++)
			lines_widen(lines_column(to, r->fields[k].key),
				lines_shown_width(r->fields[k].key) + 1
					+ lines_shown_width(r->fields[k].value));
	}
}

/* Fields stay "power=on", so that no header is needed and grep works. */
static void
lines_row(const struct vs_rec *r, const struct columns *cols, struct vs_buf *b)
{
	for (size_t i = 0; i < cols->n; i++) {
		const struct column *c = &cols->v[i];
		size_t from = b->len;
		const char *value = i == 0 ? r->path : i == 1 ? r->ref : vs_rec_get(r, c->key);

		if (value && c->key) {
			vs_visible_str(b, c->key);
			vs_buf_ch(b, '=');
		}
		if (value)
			vs_visible_str(b, value);
		for (size_t w = lines_width(b->s + from); w < c->width + 2; w++)
			vs_buf_ch(b, ' ');
	}
	while (b->len > 0 && b->s[b->len - 1] == ' ')
		vs_buf_cut(b, b->len - 1);
}

void
vs_lines_flush(struct vs_lines *ls)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct columns cols = { 0 };

	vs_timer_clear(ls->loop, &ls->timer);
	if (ls->n == 0)
		return;
	qsort(ls->recs, ls->n, sizeof *ls->recs, lines_by_path);
	if (ls->table)
		lines_columns(ls, &cols);
	for (size_t i = 0; i < ls->n; i++) {
		vs_buf_cut(&b, 0);
		if (ls->table)
			lines_row(&ls->recs[i], &cols, &b);
		else
			vs_rec_write(&ls->recs[i], ls->json, &b);
		vs_output_line(ls->output, &b);
	}
	free(cols.v);
	for (size_t i = 0; i < ls->n; i++)
		vs_rec_free(&ls->recs[i]);
	ls->n = 0;
}

void
vs_lines_free(struct vs_lines *ls)
{
	if (ls == NULL)
		return;
	vs_timer_clear(ls->loop, &ls->timer);
	for (size_t i = 0; i < ls->n; i++)
		vs_rec_free(&ls->recs[i]);
	free(ls->recs);
	free(ls);
}
