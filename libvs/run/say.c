/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "run/say.h"

static const char *name = "vsutils";
static bool hushed, drawn;
static int trace_fd = -1;
static unsigned listening;

static void
say_put(int fd, const struct vs_buf *b)
{
	struct vs_err err;

	/* nowhere is left to say that stderr cannot be written */
	(void)vs_write_fd(fd, b->s, b->len, &err);
}

static void
say_line(const char *prefix, const char *fmt, va_list ap)
{
	struct vs_buf b = VS_BUF_INIT;

	if (drawn)
		vs_buf_str(&b, "\r\033[K");
	drawn = false;
	vs_buf_fmt(&b, "%s: %s", name, prefix);
	vs_buf_vfmt(&b, fmt, ap);
	vs_buf_ch(&b, '\n');
	say_put(2, &b);
	vs_buf_free(&b);
}

void
vs_say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_line("", fmt, ap);
	va_end(ap);
}

static void say_warning(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void
say_warning(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_line("warning: ", fmt, ap);
	va_end(ap);
}

static void
say_sink(enum vs_log_level level, const char *msg)
{
	struct vs_buf b = VS_BUF_INIT;

	switch (level) {
	case VS_LOG_WARN:
		say_warning("%s", msg);
		break;
	case VS_LOG_INFO:
		vs_say("%s", msg);
		break;
	case VS_LOG_TRACE:
		vs_buf_str(&b, msg);
		vs_buf_ch(&b, '\n');
		say_put(trace_fd, &b);
		vs_buf_free(&b);
		break;
	}
}

void
vs_say_start(const char *tool, bool quiet, bool verbose)
{
	name = tool;
	hushed = quiet;
	listening = (quiet ? 0 : 1u << VS_LOG_WARN) | (verbose ? 1u << VS_LOG_INFO : 0);
	vs_log_to(say_sink, listening);
}

const char *
vs_say_name(void)
{
	return name;
}

bool
vs_say_trace(const char *path)
{
	if (*path == '\0')
		trace_fd = 2;
	else
		trace_fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0600);
	listening |= 1u << VS_LOG_TRACE;
	if (trace_fd >= 0)
		vs_log_to(say_sink, listening);
	return trace_fd >= 0;
}

bool
vs_progress_shown(void)
{
	static int tty = -1;

	if (tty < 0)
		tty = isatty(2);
	return tty && !hushed;
}

void
vs_progress(const char *text)
{
	struct vs_buf b = VS_BUF_INIT;
	struct winsize w = { 0 };
	size_t cols = 80;

	if (!vs_progress_shown() || (text == NULL && !drawn))
		return;
	if (ioctl(2, TIOCGWINSZ, &w) == 0 && w.ws_col > 10)
		cols = w.ws_col;
	vs_buf_str(&b, "\r\033[K");
	if (text)
		vs_buf_add(&b, text, strnlen(text, cols - 1));
	say_put(2, &b);
	drawn = text != NULL;
	vs_buf_free(&b);
}
