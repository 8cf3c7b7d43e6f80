/* SPDX-License-Identifier: Apache-2.0 */
/* Findings: collected, sorted, formatted, with the line of the source they are about.
 * Printing them is left to the tools. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "doc/report.h"
#include "text/utf8.h"
#include "text/visible.h"

static void
report_add(struct vs_report *r, enum vs_verdict level, const struct vs_finding *at,
	const char *path, const char *fmt, va_list ap)
{
	VS_BUF_FREE struct vs_buf raw = VS_BUF_INIT;
	struct vs_buf text = VS_BUF_INIT, where = VS_BUF_INIT;
	struct vs_finding f = *at;

	if (r->lax && (level == VS_VERDICT_STRICT || level == VS_VERDICT_HINT))
		return;
	/* text and path may quote anything that is in the document */
	vs_buf_vfmt(&raw, fmt, ap);
	vs_visible(&text, raw.s, raw.len);
	f.text = vs_buf_take(&text);
	if (path)
		vs_visible_str(&where, path);
	f.path = where.len > 0 ? vs_buf_take(&where) : NULL;
	f.warning = level == VS_VERDICT_WARNING || level == VS_VERDICT_HINT
		|| (level == VS_VERDICT_SLIP && r->lax);
	f.nr = r->n;
	vs_grow(r->v, r->n, r->cap);
	r->v[r->n++] = f;
	if (!f.warning)
		r->errors++;
}

void
vs_report(struct vs_report *r, enum vs_verdict level, const struct vs_tree *at, const char *path,
	const char *fmt, ...)
{
	struct vs_finding f = { .file = at->file, .line = at->line, .col = at->col };
	va_list ap;

	va_start(ap, fmt);
	report_add(r, level, &f, path, fmt, ap);
	va_end(ap);
}

void
vs_report_key(struct vs_report *r, enum vs_verdict level, const struct vs_tree *v, const char *path,
	const char *fmt, ...)
{
	struct vs_finding f = { .file = v->file, .line = v->key_line, .col = v->key_col };
	va_list ap;

	va_start(ap, fmt);
	report_add(r, level, &f, path, fmt, ap);
	va_end(ap);
}

void
vs_report_err(struct vs_report *r, const char *file, const struct vs_err *err)
{
	struct vs_tree at = { .file = file, .line = err->line, .col = err->col };

	vs_report(r, VS_VERDICT_ERROR, &at, NULL, "%s", err->msg);
}

const char *
vs_shown(const struct vs_tree *v, char *buf, size_t n)
{
	size_t k;

	assert(n >= 8 && v->text);
	if (v->secret)
		return "***";
	k = strcspn(v->text, "\r\n");
	if (v->len < n && k == v->len)
		return v->text;
	k = k < n - 4 ? k : n - 4;
	while (k > 0 && ((unsigned char)v->text[k] & 0xc0) == 0x80)
		k--; /* not in the middle of a UTF-8 character */
	snprintf(buf, n, "%.*s...", (int)k, v->text);
	return buf;
}

void
vs_finding_str(const struct vs_finding *f, struct vs_buf *to)
{
	if (f->file)
		vs_buf_fmt(to, "%s:%d:%d: ", f->file, f->line, f->col);
	if (f->path)
		vs_buf_fmt(to, "%s: ", f->path);
	vs_buf_str(to, f->text);
}

static int
report_by_place(const void *a, const void *b)
{
	const struct vs_finding *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->col != y->col)
		return x->col < y->col ? -1 : 1;
	return x->nr < y->nr ? -1 : x->nr > y->nr;
}

static bool
report_is_same(const struct vs_finding *a, const struct vs_finding *b)
{
	if (a->line != b->line || a->col != b->col || a->warning != b->warning
		|| strcmp(a->text, b->text) != 0)
		return false;
	return a->path && b->path ? strcmp(a->path, b->path) == 0 : a->path == b->path;
}

static void
report_drop(struct vs_report *r, struct vs_finding *f)
{
	r->errors -= !f->warning;
	free(f->path);
	free(f->text);
}

void
vs_report_sort(struct vs_report *r)
{
	size_t from = 0, n = 0;

	/* findings about one file are next to each other */
	for (size_t i = 1; i <= r->n; i++)
		if (i == r->n || strcmp(r->v[i].file, r->v[from].file) != 0) {
			qsort(r->v + from, i - from, sizeof *r->v, report_by_place);
			from = i;
		}
	for (size_t i = 0; i < r->n; i++)
		if (n > 0 && report_is_same(&r->v[n - 1], &r->v[i]))
			report_drop(r, &r->v[i]);
		else
			r->v[n++] = r->v[i];
	r->n = n;
}

/* ---- lines of the source */

struct vs_source {
	struct vs_source *next;
	char *file;
	struct vs_buf text;
	const char *at; /* the line quoted last: findings are sorted */
	int line;	/* its number */
};

void
vs_report_source(struct vs_report *r, const char *file, const char *s, size_t n)
{
	struct vs_source *new;

	if (!r->quote)
		return;
	new = vs_alloc(1, sizeof *new);
	*new = (struct vs_source){
		.next = r->sources, .file = vs_strdup(file), .text = VS_BUF_SECRET
	};
	vs_buf_add(&new->text, s, n);
	new->at = new->text.s;
	new->line = 1;
	r->sources = new;
}

/* The beginning of a line, or NULL. */
static const char *
report_line(struct vs_source *from, int line)
{
	const char *end = from->text.s + from->text.len, *next;

	if (line < from->line) {
		from->at = from->text.s;
		from->line = 1;
	}
	for (; from->line < line; from->line++) {
		next = memchr(from->at, '\n', (size_t)(end - from->at));
		if (next == NULL)
			return NULL;
		from->at = next + 1;
	}
	return from->at;
}

/* Append the line of n bytes, a tab as one blank.  Returns the column, from 1, at which
 * its character col is shown. */
static int
report_show_line(const char *s, size_t n, int col, struct vs_buf *to)
{
	size_t begin = to->len, at = begin;

	for (int i = 1; n > 0; i++) {
		size_t k = vs_utf8_next(s, n);

		if (i == col)
			at = to->len;
		k = k ? k : 1;
		if (*s == '\t')
			vs_buf_ch(to, ' ');
		else
			vs_visible(to, s, k);
		s += k;
		n -= k;
	}
	if (at == begin && col > 1)
		at = to->len;
	col = 1;
	for (size_t i = begin; i < at; i++)
		col += ((unsigned char)to->s[i] & 0xc0) != 0x80;
	return col;
}

bool
vs_report_quote(const struct vs_report *r, const struct vs_finding *f, struct vs_buf *to)
{
	enum { WIDTH = 100 };
	struct vs_source *from = r->sources;
	const char *s;
	size_t n;
	int col;

	while (from && strcmp(from->file, f->file) != 0)
		from = from->next;
	if (from == NULL || f->line < 1)
		return false;
	s = report_line(from, f->line);
	n = s ? strcspn(s, "\r\n") : 0;
	if (n == 0 || f->col < 1 || f->col > WIDTH)
		return false;
	vs_buf_fmt(to, "%6d | ", f->line);
	if (n > WIDTH + 20)
		for (n = WIDTH + 20; n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80;)
			n--; /* not in the middle of a character */
	col = report_show_line(s, n, f->col, to);
	vs_buf_fmt(to, "\n       | %*s", col, "^");
	return true;
}

void
vs_report_free(struct vs_report *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->v[i].path);
		free(r->v[i].text);
	}
	for (struct vs_source *s; (s = r->sources);) {
		r->sources = s->next;
		free(s->file);
		vs_buf_free(&s->text);
		free(s);
	}
	free(r->v);
	*r = (struct vs_report){ 0 };
}
