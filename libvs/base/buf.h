/* SPDX-License-Identifier: Apache-2.0 */
/* buf.h - a growing string with a maximum.  Floor 0. */
#ifndef VS_BASE_BUF_H
#define VS_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct vs_buf {
	char *s; /* NUL-terminated; "" when empty, never NULL */
	size_t len, cap;
	size_t max;  /* 0: no limit; appending past it drops the rest ... */
	bool over;   /* ... and sets this; it is never cleared */
	bool secret; /* the bytes are overwritten before they are freed */
};

extern char vs_buf_empty[1];
#define VS_BUF_INIT \
	{ \
		.s = vs_buf_empty \
	}
#define VS_BUF_SECRET \
	{ \
		.s = vs_buf_empty, .secret = true \
	}
#define VS_BUF_FREE __attribute__((cleanup(vs_buf_free)))

void vs_buf_add(struct vs_buf *b, const void *p, size_t n);
void vs_buf_str(struct vs_buf *b, const char *s);
void vs_buf_ch(struct vs_buf *b, char c);
void vs_buf_fmt(struct vs_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void vs_buf_vfmt(struct vs_buf *b, const char *fmt, va_list ap);
void vs_buf_cut(struct vs_buf *b, size_t len); /* keep the first len bytes */
void vs_buf_shift(struct vs_buf *b, size_t n); /* drop the first n bytes */
char *vs_buf_take(struct vs_buf *b);	       /* the string; b is empty after */
void vs_buf_free(struct vs_buf *b);	       /* b is empty after */

#endif
