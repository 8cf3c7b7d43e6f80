/* SPDX-License-Identifier: Apache-2.0 */
/* Everything on stderr and the terminal: messages, what base/log brings, the trace, the
 * questions and the progress line.  Each text becomes visible (text/visible) here and
 * nowhere before: a line feed in it is data, and lines of our own are printed one by one. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "run/say.h"
#include "text/utf8.h"
#include "text/visible.h"

/* One for the process, as stderr is. */
static struct {
	const char *tool;
	bool quiet;
	bool drawn;	      /* our progress line is on the screen */
	int terminal;	      /* is stderr one?  -1: not known yet */
	bool shared;	      /* ... and may another tool of a pipe draw there? */
	int trace;	      /* descriptor of --trace, -1: none */
	unsigned levels;      /* bits of the base/log levels that are shown */
	const char *question; /* on the terminal, not answered yet, or NULL */
	int asked_on;	      /* descriptor of that terminal */
} say = { .tool = "vsutils", .terminal = -1, .trace = -1 };

static bool
say_is_pipe(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

static bool
say_on_terminal(void)
{
	if (say.terminal < 0) {
		say.terminal = isatty(2);
		say.shared = say.terminal && (say_is_pipe(0) || say_is_pipe(1));
	}
	return say.terminal > 0;
}

/* Is a progress line, ours or another tool's, where text would be printed? */
static bool
say_in_the_way(void)
{
	return say_on_terminal() && (say.drawn || say.shared);
}

static void
say_put(int fd, const struct vs_buf *b)
{
	struct vs_err err;

	/* an error on stderr cannot be reported anywhere */
	(void)vs_write_fd(fd, b->s, b->len, &err);
}

static void
say_ask(const char *text)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	vs_visible_str(&b, text);
	say_put(say.asked_on, &b);
}

static void
say_end_question(void)
{
	(void)!write(say.asked_on, "\n", 1);
}

/* One line, in one write. */
static void
say_line(const char *prefix, const char *kind, const char *text)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	if (say.question && say_on_terminal())
		vs_buf_ch(&b, '\n');
	else if (say_in_the_way())
		vs_buf_str(&b, "\r\033[K");
	say.drawn = false;
	vs_buf_fmt(&b, "%s%s", prefix, kind);
	vs_visible_str(&b, text);
	vs_buf_ch(&b, '\n');
	say_put(2, &b);
	if (say_on_terminal())
		vs_say_again();
}

static void
say_text(const char *kind, const char *text)
{
	VS_FREE char *prefix = vs_printf("%s: ", say.tool);

	say_line(prefix, kind, text);
}

void
vs_say(const char *fmt, ...)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	vs_buf_vfmt(&b, fmt, ap);
	va_end(ap);
	say_text("", b.s);
}

void
vs_say_below(const char *lines)
{
	while (*lines) {
		size_t n = strcspn(lines, "\n");
		VS_FREE char *line = vs_strndup(lines, n);

		say_line("", "", line);
		lines += n + (lines[n] == '\n');
	}
}

/* What was sent and received keeps its lines; those of a body are indented, so that none
 * of them looks like a line of ours. */
static void
say_trace(const char *msg)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	while (*msg) {
		size_t n = strcspn(msg, "\n");

		vs_buf_str(&b, b.len ? "  " : "");
		vs_visible(&b, msg, n);
		vs_buf_ch(&b, '\n');
		msg += n + (msg[n] == '\n');
	}
	say_put(say.trace, &b);
}

static void
say_sink(enum vs_log_level level, const char *msg)
{
	switch (level) {
	case VS_LOG_WARN:
		say_text("warning: ", msg);
		break;
	case VS_LOG_INFO:
	case VS_LOG_SAID:
		say_text("", msg);
		break;
	case VS_LOG_TRACE:
		say_trace(msg);
		break;
	}
}

void
vs_say_start(const char *tool, bool quiet, bool verbose)
{
	say.tool = tool;
	say.quiet = quiet;
	say.levels = (quiet ? 0 : 1u << VS_LOG_WARN) | (verbose ? 1u << VS_LOG_INFO : 0)
		| 1u << VS_LOG_SAID;
	vs_log_to(say_sink, say.levels);
}

const char *
vs_say_name(void)
{
	return say.tool;
}

int
vs_say_trace(const char *path, struct vs_err *err)
{
	bool whole = false;

	say.trace = *path ? vs_open_stream(path, 0600, &whole, err) : 2;
	if (say.trace < 0)
		return -1;
	if (whole && ftruncate(say.trace, 0) < 0)
		return vs_fail(err, VS_ERR_FAILED, "cannot write '%s': %s", path, strerror(errno));
	say.levels |= 1u << VS_LOG_TRACE;
	vs_log_to(say_sink, say.levels);
	return 0;
}

/* At most that many characters: a line that wraps could not be erased. */
static void
say_cut(struct vs_buf *b, const char *text, size_t cols)
{
	VS_BUF_FREE struct vs_buf shown = VS_BUF_INIT;
	size_t n = 0;

	vs_visible_str(&shown, text);
	while (n < shown.len && cols-- > 0)
		n += vs_utf8_next(shown.s + n, shown.len - n);
	vs_buf_add(b, shown.s, n);
}

bool
vs_progress_shown(void)
{
	return say_on_terminal() && !say.quiet;
}

void
vs_progress(const char *text)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct winsize w = { 0 };
	size_t cols = 80;

	if (say.question) {
		if (text == NULL)
			say_end_question();
		return;
	}
	if (text ? !vs_progress_shown() : !say_in_the_way())
		return;
	if (ioctl(2, TIOCGWINSZ, &w) == 0 && w.ws_col > 10)
		cols = w.ws_col;
	vs_buf_str(&b, "\r\033[K");
	if (text)
		say_cut(&b, text, cols - 1);
	say_put(2, &b);
	say.drawn = text != NULL;
}

void
vs_say_ask(int fd, const char *question)
{
	vs_progress(NULL);
	say.asked_on = fd;
	say.question = question;
	say_ask(question);
}

void
vs_say_asked(bool answered)
{
	say.question = NULL;
	/* an answer ends with its line feed */
	if (!answered)
		say_end_question();
}

void
vs_say_again(void)
{
	if (say.question)
		say_ask(say.question);
}
