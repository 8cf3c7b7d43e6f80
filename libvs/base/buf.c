/* SPDX-License-Identifier: Apache-2.0 */
/* A growing string.  It is never NULL, so that callers can use it at any time; a
 * secret one leaves no copy behind when it grows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/buf.h"
#include "base/mem.h"

char vs_buf_empty[1];

static void
buf_reserve(struct vs_buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : 64;
	char *s;

	if (b->len + n < b->cap)
		return;
	while (cap <= b->len + n)
		cap *= 2;
	if (!b->secret) {
		b->s = vs_realloc(b->cap ? b->s : NULL, cap, 1);
	} else {
		/* realloc would leave a copy behind */
		s = vs_alloc(cap, 1);
		memcpy(s, b->s, b->len + 1);
		if (b->cap) {
			vs_wipe(b->s, b->cap);
			free(b->s);
		}
		b->s = s;
	}
	b->cap = cap;
}

void
vs_buf_add(struct vs_buf *b, const void *p, size_t n)
{
	assert(b->s && (b->max == 0 || b->len <= b->max)); /* begun with VS_BUF_INIT */
	if (b->max && n > b->max - b->len) {
		b->over = true;
		n = b->max - b->len;
	}
	if (n == 0)
		return;
	buf_reserve(b, n);
	memcpy(b->s + b->len, p, n);
	b->len += n;
	b->s[b->len] = '\0';
}

void
vs_buf_str(struct vs_buf *b, const char *s)
{
	vs_buf_add(b, s, strlen(s));
}

void
vs_buf_ch(struct vs_buf *b, char c)
{
	vs_buf_add(b, &c, 1);
}

void
vs_buf_vfmt(struct vs_buf *b, const char *fmt, va_list ap)
{
	char *s;
	int n = vasprintf(&s, fmt, ap);

	if (n < 0)
		return;
	vs_buf_add(b, s, (size_t)n);
	if (b->secret)
		vs_wipe(s, (size_t)n);
	free(s);
}

void
vs_buf_fmt(struct vs_buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vs_buf_vfmt(b, fmt, ap);
	va_end(ap);
}

void
vs_buf_cut(struct vs_buf *b, size_t len)
{
	if (len >= b->len)
		return;
	b->len = len;
	b->s[len] = '\0';
}

void
vs_buf_shift(struct vs_buf *b, size_t n)
{
	if (n >= b->len) {
		vs_buf_cut(b, 0);
		return;
	}
	memmove(b->s, b->s + n, b->len - n + 1);
	b->len -= n;
}

char *
vs_buf_take(struct vs_buf *b)
{
	char *s = b->cap ? b->s : vs_strdup("");

	*b = (struct vs_buf){ .s = vs_buf_empty, .max = b->max, .secret = b->secret };
	return s;
}

void
vs_buf_free(struct vs_buf *b)
{
	if (b->cap) {
		if (b->secret)
			vs_wipe(b->s, b->cap);
		free(b->s);
	}
	*b = (struct vs_buf){ .s = vs_buf_empty, .max = b->max, .secret = b->secret };
}
