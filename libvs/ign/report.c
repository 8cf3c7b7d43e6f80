#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ign/report.h"

static void
add(struct vs_report *r, bool warning, const char *file, int line, int col,
	const char *path, const char *fmt, va_list ap)
{
	struct vs_buf b = VS_BUF_INIT;

	vs_buf_fmt(&b, "%s:%d:%d: ", file, line, col);
	if (path && *path)
		vs_buf_fmt(&b, "%s: ", path);
	vs_buf_vfmt(&b, fmt, ap);
	vs_grow(r->v, r->n, r->cap);
	r->v[r->n] = (struct vs_finding){ vs_buf_take(&b), warning, file, line,
		col, r->n };
	r->n++;
	if (!warning)
		r->errors++;
}

void
vs_report_error(struct vs_report *r, const struct vs_yaml *at, const char *path,
	const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(r, false, at->file, at->line, at->col, path, fmt, ap);
	va_end(ap);
}

void
vs_report_warn(struct vs_report *r, const struct vs_yaml *at, const char *path,
	const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(r, true, at->file, at->line, at->col, path, fmt, ap);
	va_end(ap);
}

void
vs_report_key(struct vs_report *r, const struct vs_yaml *v, const char *path,
	const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(r, false, v->file, v->key_line, v->key_col, path, fmt, ap);
	va_end(ap);
}

const char *
vs_shown(const struct vs_yaml *v, char *buf, size_t n)
{
	if (v->secret)
		return "***";
	if (v->len < n)
		return v->text;
	snprintf(buf, n, "%.*s...", (int)n - 4, v->text);
	return buf;
}

static int
by_place(const void *a, const void *b)
{
	const struct vs_finding *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->col != y->col)
		return x->col < y->col ? -1 : 1;
	return x->nr < y->nr ? -1 : x->nr > y->nr;
}

void
vs_report_sort(struct vs_report *r)
{
	size_t from = 0;

	/* documents are looked at one after the other */
	for (size_t i = 1; i <= r->n; i++)
		if (i == r->n || strcmp(r->v[i].file, r->v[from].file) != 0) {
			qsort(r->v + from, i - from, sizeof *r->v, by_place);
			from = i;
		}
}

void
vs_report_free(struct vs_report *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->v[i].text);
	free(r->v);
	*r = (struct vs_report){ 0 };
}
