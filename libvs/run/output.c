/* SPDX-License-Identifier: Apache-2.0 */
/* Records to stdout or -o FILE without blocking the loop.  What a slow reader has not
 * taken yet is kept in memory. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/io.h"
#include "base/mem.h"
#include "run/output.h"
#include "run/say.h"

struct vs_output {
	struct vs_loop *loop;
	int fd;
	const char *path; /* NULL: stdout */
	struct vs_buf wait;
	size_t sent; /* of it */
	bool tty;
	bool shown; /* where the progress line may be: on the terminal, or by a reader like tee */
	bool stale; /* a regular file that has not been truncated yet */
	bool contents; /* all of it goes to a file at the end */
	bool gone;
	int status; /* when it is */
	void (*on_gone)(void *arg);
	void *arg;
};

static void output_ready(void *arg, int revents);

static void
output_watch(struct vs_output *o)
{
	if (o->fd < 0)
		return;
	/* 0: only to notice that the reader has gone */
	vs_loop_fd(o->loop, o->fd, o->gone ? -1 : o->wait.len ? POLLOUT : 0, output_ready, o);
}

/* A reader that has gone is no reason for a message; a full disk is. */
static void
output_lost(struct vs_output *o, int error)
{
	if (o->gone)
		return;
	o->gone = true;
	o->status = 128 + SIGPIPE;
	if (error != EPIPE) {
		o->status = VS_ERR_FAILED;
		vs_say("cannot write %s%s%s: %s", o->path ? "'" : "", o->path ? o->path : "stdout",
			o->path ? "'" : "", strerror(error));
	}
	vs_buf_free(&o->wait);
	o->sent = 0;
	output_watch(o);
	o->on_gone(o->arg);
}

/* A file is truncated when there is something to write: a run that fails before
 * that does not change it. */
static void
output_truncate(struct vs_output *o)
{
	if (o->stale && ftruncate(o->fd, 0) < 0)
		output_lost(o, errno);
	o->stale = false;
}

/* What was written is removed when it is half of the buffer: no byte moves twice. */
static void
output_written(struct vs_output *o, size_t n)
{
	o->sent += n;
	if (o->sent < o->wait.len / 2)
		return;
	vs_buf_shift(&o->wait, o->sent);
	o->sent = 0;
}

static void
output_ready(void *arg, int revents)
{
	struct vs_output *o = arg;
	size_t left = o->wait.len - o->sent;
	ssize_t n;

	if (!(revents & POLLOUT)) {
		if (revents & (POLLERR | POLLNVAL))
			output_lost(o, EPIPE);
		return;
	}
	if (o->shown)
		vs_progress(NULL); /* it is drawn again soon */
	/* poll guarantees this much room in a pipe: it does not block */
	output_truncate(o);
	n = write(o->fd, o->wait.s + o->sent, left < PIPE_BUF ? left : PIPE_BUF);
	if (n >= 0)
		output_written(o, (size_t)n);
	else if (errno != EINTR && errno != EAGAIN)
		output_lost(o, errno);
	if (o->tty)
		vs_say_again();
	output_watch(o);
}

/* Contents are collected, and written in one piece at the end: there is no descriptor. */
static int
output_open_file(struct vs_output *o, bool contents, struct vs_err *err)
{
	int got = contents ? vs_open_contents(o->path, &o->fd, err) : 1;

	o->contents = got == 0;
	if (!contents)
		got = o->fd = vs_open_stream(o->path, 0666, &o->stale, err);
	return got < 0 ? -1 : 0;
}

struct vs_output *
vs_output_open(struct vs_loop *l, const char *path, bool contents, void (*gone)(void *), void *arg,
	struct vs_err *err)
{
	struct vs_output *o;
	struct stat st;

	if (path && strcmp(path, "-") == 0)
		path = NULL;
	o = vs_alloc(1, sizeof *o);
	*o = (struct vs_output){ .loop = l,
		.fd = path ? -1 : 1,
		.path = path,
		.wait = { .s = vs_buf_empty, .secret = contents },
		.on_gone = gone,
		.arg = arg };
	if (path && output_open_file(o, contents, err) < 0) {
		free(o);
		return NULL;
	}
	o->tty = isatty(o->fd);
	o->shown = o->tty || (fstat(o->fd, &st) == 0 && S_ISFIFO(st.st_mode));
	output_watch(o);
	return o;
}

bool
vs_output_is_stdin(const struct vs_output *o)
{
	struct stat in, out;

	return o->path && fstat(0, &in) == 0 && S_ISREG(in.st_mode) && fstat(o->fd, &out) == 0
		&& in.st_dev == out.st_dev && in.st_ino == out.st_ino;
}

void
vs_output_line(struct vs_output *o, const struct vs_buf *line)
{
	if (o->gone)
		return;
	vs_buf_add(&o->wait, line->s, line->len);
	vs_buf_ch(&o->wait, '\n');
	output_watch(o);
}

bool
vs_output_pending(const struct vs_output *o)
{
	return o->wait.len > 0 && !o->contents;
}

bool
vs_output_gone(const struct vs_output *o)
{
	return o->gone;
}

int
vs_output_status(const struct vs_output *o)
{
	return o->status;
}

static void
output_write_contents(struct vs_output *o)
{
	struct vs_err err;

	if (o->gone || vs_write_file(o->path, o->wait.s, o->wait.len, 0600, &err) == 0)
		return;
	o->gone = true;
	o->status = err.code;
	vs_say("%s", err.msg);
	o->on_gone(o->arg);
}

/* Descriptor 1 stays in use, so that nothing else is opened as stdout. */
void
vs_output_end(struct vs_output *o, bool failed)
{
	int fd = o->fd, null;

	if (o->contents && !failed)
		output_write_contents(o);
	o->contents = false;
	if (fd < 0)
		return;
	if (!failed)
		output_truncate(o);
	vs_loop_fd(o->loop, fd, -1, NULL, NULL);
	o->fd = -1;
	if (fd == 1) {
		null = vs_open_null(O_WRONLY);
		if (null >= 0 && null != 1) {
			dup2(null, 1);
			close(null);
		}
	} else if (close(fd) < 0 && errno != EINTR) {
		output_lost(o, errno); /* a quota, a network file system */
	}
}

void
vs_output_close(struct vs_output *o)
{
	if (o == NULL)
		return;
	vs_output_end(o, true);
	vs_buf_free(&o->wait);
	free(o);
}
