/* SPDX-License-Identifier: Apache-2.0 */
/* Filling struct vs_err; reporting it is run/'s. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

static void
err_set(struct vs_err *err, enum vs_err_code code, const char *fmt, va_list ap)
{
	/* the arguments may point into err->msg: format into a copy first */
	char msg[sizeof err->msg];

	vsnprintf(msg, sizeof msg, fmt, ap);
	memset(err, 0, sizeof *err);
	err->code = code;
	memcpy(err->msg, msg, sizeof msg);
}

int
vs_fail(struct vs_err *err, enum vs_err_code code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_set(err, code, fmt, ap);
	va_end(ap);
	return -1;
}

int
vs_fail_at(struct vs_err *err, int line, int col, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_set(err, VS_ERR_USAGE, fmt, ap);
	va_end(ap);
	err->line = line;
	err->col = col;
	return -1;
}

int
vs_wrap(struct vs_err *err, const char *fmt, ...)
{
	char msg[sizeof err->msg];
	size_t n, room;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof msg - 3, fmt, ap);
	va_end(ap);
	n = strlen(msg);
	memcpy(msg + n, ": ", 3);
	n += 2;
	room = sizeof err->msg - 1 - n;
	/* a message that is too long is cut at its end */
	if (strlen(err->msg) < room)
		room = strlen(err->msg);
	memmove(err->msg + n, err->msg, room);
	memcpy(err->msg, msg, n);
	err->msg[n + room] = '\0';
	return -1;
}
