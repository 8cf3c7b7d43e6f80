/* SPDX-License-Identifier: Apache-2.0 */
/* Records from operands, or from stdin as they arrive.  What a record means is
 * text/record's; they are queued by the caller. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "run/input.h"

enum { LONGEST = 1 << 20 }; /* bytes of one line */

struct vs_input {
	struct vs_loop *loop;
	struct vs_input_to to;
	struct vs_buf rest; /* a line that is still growing */
	int line;
};

static void
input_line(struct vs_input *in, const char *s, size_t n)
{
	struct vs_rec rec = { 0 };
	struct vs_err err;

	in->line++;
	if (n == 0)
		return;
	if (vs_rec_read(s, n, &rec, &err) == 0) {
		in->to.record(in->to.arg, &rec);
		return;
	}
	vs_rec_free(&rec);
	vs_wrap(&err, "stdin:%d", in->line);
	in->to.bad(in->to.arg, &err);
}

static void
input_end(struct vs_input *in)
{
	struct vs_err err;

	vs_loop_fd(in->loop, 0, -1, NULL, NULL);
	/* Its writer was killed: this part of the name may be the name of another
	 * VM.  Fields are not quoted: one may be a secret. */
	if (in->rest.len > 0) {
		size_t n = strcspn(in->rest.s, *in->rest.s == '{' ? "," : "\t");

		vs_fail(&err, VS_ERR_USAGE,
			"stdin:%d: '%.*s' does not end with a line feed: it may be cut off and is ignored",
			in->line + 1, n < 100 ? (int)n : 100, in->rest.s);
		in->to.bad(in->to.arg, &err);
	}
	in->to.end(in->to.arg);
}

static void
input_lines(struct vs_input *in)
{
	char *s = in->rest.s, *nl;
	size_t left = in->rest.len;
	struct vs_err err;

	while ((nl = memchr(s, '\n', left)) != NULL) {
		input_line(in, s, (size_t)(nl - s));
		left -= (size_t)(nl + 1 - s);
		s = nl + 1;
	}
	vs_buf_shift(&in->rest, in->rest.len - left);
	if (left > LONGEST) {
		vs_fail(&err, VS_ERR_USAGE, "stdin:%d: the line is longer than 1 MiB",
			in->line + 1);
		in->to.bad(in->to.arg, &err);
		vs_buf_cut(&in->rest, 0);
		input_end(in);
	}
}

static void
input_ready(void *arg, int revents)
{
	struct vs_input *in = arg;
	char part[65536];
	ssize_t n = read(0, part, sizeof part);
	struct vs_err err;

	(void)revents;
	if (n > 0) {
		vs_buf_add(&in->rest, part, (size_t)n);
		input_lines(in);
	} else if (n == 0) {
		input_end(in);
	} else if (errno != EINTR && errno != EAGAIN) {
		vs_fail(&err, VS_ERR_USAGE, "cannot read stdin: %s", strerror(errno));
		in->to.bad(in->to.arg, &err);
		input_end(in);
	}
}

struct vs_input *
vs_input_open(struct vs_loop *l, const char *const *names, const struct vs_input_to *to)
{
	struct vs_input *in = vs_alloc(1, sizeof *in);

	*in = (struct vs_input){ .loop = l, .to = *to, .rest = VS_BUF_INIT };
	if (names == NULL) {
		vs_loop_fd(l, 0, POLLIN, input_ready, in);
		return in;
	}
	for (; *names; names++) {
		struct vs_rec rec = { .path = vs_strdup(*names) };

		to->record(to->arg, &rec);
	}
	to->end(to->arg);
	return in;
}

void
vs_input_close(struct vs_input *in)
{
	if (in == NULL)
		return;
	vs_loop_fd(in->loop, 0, -1, NULL, NULL);
	vs_buf_free(&in->rest);
	free(in);
}
