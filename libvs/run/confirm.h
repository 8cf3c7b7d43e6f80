/* SPDX-License-Identifier: Apache-2.0 */
/* confirm.h - questions to the person at the terminal, one at a time.  Floor 2.
 *
 * Nothing waits: a question is queued, and its answer comes from the loop. */
#ifndef VS_RUN_CONFIRM_H
#define VS_RUN_CONFIRM_H

#include <stdbool.h>
#include <stddef.h>

#include "net/loop.h"

enum vs_answer {
	VS_ANSWER_NO,
	VS_ANSWER_YES,	/* y, Y, yes, Yes, YES */
	VS_ANSWER_NONE, /* end of input: no question will be answered any more */
};

/* Embedded in its owner; stays where it is until it is answered or dropped. */
struct vs_question {
	size_t order; /* those with a smaller one are asked first */
	void (*answered)(void *arg, enum vs_answer answer);
	void *arg;
	/* private */
	char *text;
	bool waits;
	struct vs_question *next;
};

struct vs_confirm;

/* Is there a terminal to ask on?  /dev/tty: stdin may be a pipe of records. */
bool vs_confirm_can(void);

struct vs_confirm *vs_confirm_new(struct vs_loop *l);
void vs_confirm_free(struct vs_confirm *c);

/* "TOOL: text [y/N] ". */
void vs_confirm_ask(struct vs_confirm *c, struct vs_question *q, const char *text);
void vs_confirm_drop(struct vs_confirm *c, struct vs_question *q); /* fine when not asked */

/* Each round: put the next question, unless one is being asked. */
void vs_confirm_turn(struct vs_confirm *c);
/* A signal came: the question that is being asked is over; it is dropped by its owner. */
void vs_confirm_stop(struct vs_confirm *c);

#endif
