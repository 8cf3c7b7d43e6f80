/* SPDX-License-Identifier: Apache-2.0 */
/* confirm.c - the queue of questions, and the answers read from /dev/tty.
 *
 * The terminal is opened for this process alone, so O_NONBLOCK affects no other one.
 * How a question and messages share the screen: run/say.c. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "run/confirm.h"
#include "run/say.h"

struct vs_confirm {
	struct vs_loop *loop;
	int fd;			   /* -1: not opened yet */
	struct vs_question *first; /* the one that is being asked, if any is */
	bool asking;
	bool over;	    /* end of input */
	struct vs_buf line; /* what has been read of the answer */
};

bool
vs_confirm_can(void)
{
	int fd = vs_open_terminal();

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

struct vs_confirm *
vs_confirm_new(struct vs_loop *l)
{
	struct vs_confirm *c = vs_alloc(1, sizeof *c);

	c->loop = l;
	c->fd = -1;
	c->line = (struct vs_buf)VS_BUF_INIT;
	return c;
}

/* No question is on the screen any more. */
static void
confirm_end(struct vs_confirm *c, bool answered)
{
	if (!c->asking)
		return;
	c->asking = false;
	vs_say_asked(answered);
	vs_loop_fd(c->loop, c->fd, -1, NULL, NULL);
	vs_buf_cut(&c->line, 0);
}

void
vs_confirm_free(struct vs_confirm *c)
{
	if (c == NULL)
		return;
	assert(c->first == NULL); /* whoever asks drops its question first */
	confirm_end(c, false);
	if (c->fd >= 0)
		close(c->fd);
	vs_buf_free(&c->line);
	free(c);
}

void
vs_confirm_ask(struct vs_confirm *c, struct vs_question *q, const char *text)
{
	struct vs_question **at = &c->first;

	assert(!q->waits);
	/* behind the one on the screen, whatever its order is */
	if (c->asking)
		at = &c->first->next;
	while (*at && (*at)->order <= q->order)
		at = &(*at)->next;
	q->text = vs_printf("%s: %s [y/N] ", vs_say_name(), text);
	q->waits = true;
	q->next = *at;
	*at = q;
}

void
vs_confirm_drop(struct vs_confirm *c, struct vs_question *q)
{
	struct vs_question **at = &c->first;

	if (!q->waits)
		return;
	if (q == c->first)
		confirm_end(c, false);
	while (*at != q)
		at = &(*at)->next;
	*at = q->next;
	q->waits = false;
	free(vs_steal(q->text));
}

static void
confirm_answer(struct vs_confirm *c, enum vs_answer answer)
{
	struct vs_question *q = c->first;

	confirm_end(c, answer != VS_ANSWER_NONE);
	vs_confirm_drop(c, q);
	q->answered(q->arg, answer);
}

static enum vs_answer
confirm_read_as(struct vs_buf *line)
{
	vs_buf_cut(line, strcspn(line->s, "\r\n"));
	return strcasecmp(line->s, "y") == 0 || strcasecmp(line->s, "yes") == 0 ? VS_ANSWER_YES
										: VS_ANSWER_NO;
}

static void
confirm_ready(void *arg, int revents)
{
	struct vs_confirm *c = arg;
	char s[256];
	ssize_t n = read(c->fd, s, sizeof s);

	(void)revents;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		c->over = true;
		confirm_answer(c, VS_ANSWER_NONE);
		return;
	}
	vs_buf_add(&c->line, s, (size_t)n);
	/* one line is one answer, however long it is */
	if (memchr(s, '\n', (size_t)n))
		confirm_answer(c, confirm_read_as(&c->line));
}

void
vs_confirm_turn(struct vs_confirm *c)
{
	if (c->asking || c->first == NULL)
		return;
	if (c->fd < 0)
		c->fd = vs_open_terminal();
	if (c->fd < 0)
		c->over = true;
	while (c->over && c->first)
		confirm_answer(c, VS_ANSWER_NONE);
	if (c->first == NULL)
		return;
	c->asking = true;
	vs_say_ask(c->fd, c->first->text);
	vs_loop_fd(c->loop, c->fd, POLLIN, confirm_ready, c);
}

void
vs_confirm_stop(struct vs_confirm *c)
{
	confirm_end(c, false);
}
