/* SPDX-License-Identifier: Apache-2.0 */
/* find_question.h - the questions of vs_find, and queues of them.  Floor 4. */
#ifndef VS_INVENTORY_FIND_QUESTION_H
#define VS_INVENTORY_FIND_QUESTION_H

#include <stddef.h>

#include "base/err.h"
#include "vim/call.h"

struct vs_find;

/* "Which VM is meant by given?"  In one queue at most. */
struct vs_question {
	struct vs_question *next;
	struct vs_find *find;
	size_t *open; /* the number of questions without an answer */
	char *given;
	char *normal; /* its normal form; without '/' at the start: below FOLDER */
	char *path;   /* normal, from the top; NULL: not known yet */
	struct vs_call *call;
	void (*found)(void *, const char *, const char *, const struct vs_err *);
	void *arg;
};

/* First in, first out.  { 0 } is an empty one. */
struct vs_questions {
	struct vs_question *first, **last;
};

void vs_questions_put(struct vs_questions *q, struct vs_question *a);
struct vs_question *vs_questions_take(struct vs_questions *q); /* or NULL */
void vs_questions_remove(struct vs_questions *q, struct vs_question *a);
/* Answer those that are in it now with err; found() may put others into it. */
void vs_questions_fail(struct vs_questions *q, const struct vs_err *err);

/* Call found() and free a, which is in no queue. */
void vs_question_answer(
	struct vs_question *a, const char *ref, const char *path, const struct vs_err *err);

#endif
