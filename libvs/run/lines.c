/* SPDX-License-Identifier: Apache-2.0 */
/* Sorting and aligning the records of a listing, page by page.  It does not know
 * what the fields are. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "run/lines.h"

enum { COLUMNS = 16 };

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

static const char *
lines_cell(const struct vs_rec *r, size_t i)
{
	if (i == 0)
		return r->path;
	if (i == 1)
		return r->ref ? r->ref : "";
	return NULL;
}

/* The columns are the keys of all records, in order of appearance. */
static size_t
lines_columns(const struct vs_lines *ls, const char **keys, size_t *widths)
{
	size_t n = 2, w;

	for (size_t i = 0; i < ls->n; i++) {
		const struct vs_rec *r = &ls->recs[i];

		for (size_t k = 0; k < 2; k++)
			if ((w = lines_width(lines_cell(r, k))) > widths[k])
				widths[k] = w;
		for (size_t k = 0; k < r->n; k++) {
			size_t at = 2;

			while (at < n && strcmp(keys[at], r->fields[k].key) != 0)
				at++;
			if (at == COLUMNS)
				continue;
			if (at == n) {
				keys[n] = r->fields[k].key;
				widths[n++] = 0;
			}
			w = lines_width(r->fields[k].key) + 1 + lines_width(r->fields[k].value);
			if (w > widths[at])
				widths[at] = w;
		}
	}
	return n;
}

static void
lines_pad(struct vs_buf *b, size_t from, size_t to)
{
	size_t w = lines_width(b->s + from);

	for (; w < to; w++)
		vs_buf_ch(b, ' ');
}

/* Fields stay "power=on", so that no header is needed and grep works. */
static void
lines_row(
	const struct vs_rec *r, const char **keys, const size_t *widths, size_t n, struct vs_buf *b)
{
	for (size_t k = 0; k < n; k++) {
		size_t from = b->len;
		const char *value = k < 2 ? lines_cell(r, k) : vs_rec_get(r, keys[k]);

		if (k < 2)
			vs_buf_str(b, value);
		else if (value)
			vs_buf_fmt(b, "%s=%s", keys[k], value);
		lines_pad(b, from, widths[k] + 2);
	}
	while (b->len > 0 && b->s[b->len - 1] == ' ')
		vs_buf_cut(b, b->len - 1);
}

void
vs_lines_flush(struct vs_lines *ls)
{
	const char *keys[COLUMNS] = { NULL };
	size_t widths[COLUMNS] = { 0 }, n = 0;
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	vs_timer_clear(ls->loop, &ls->timer);
	if (ls->n == 0)
		return;
	qsort(ls->recs, ls->n, sizeof *ls->recs, lines_by_path);
	if (ls->table)
		n = lines_columns(ls, keys, widths);
	for (size_t i = 0; i < ls->n; i++) {
		vs_buf_cut(&b, 0);
		if (ls->table)
			lines_row(&ls->recs[i], keys, widths, n, &b);
		else
			vs_rec_write(&ls->recs[i], ls->json, &b);
		vs_output_line(ls->output, &b);
	}
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
