/* SPDX-License-Identifier: Apache-2.0 */
/* find_question.h - the questions of vs_find, and queues of them.  Floor 4. */
#ifndef VS_INVENTORY_FIND_QUESTION_H
#define VS_INVENTORY_FIND_QUESTION_H

#include <stddef.h>

#include "base/err.h"
#include "vim/call.h"

struct vs_find;

/* "Which VM is meant by given?"  In one queue at most. */
struct vs_find_question {
	struct vs_find_question *next;
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
struct vs_find_questions {
	struct vs_find_question *first, **last;
};

void vs_find_questions_put(struct vs_find_questions *q, struct vs_find_question *a);
struct vs_find_question *vs_find_questions_take(struct vs_find_questions *q); /* or NULL */
void vs_find_questions_remove(struct vs_find_questions *q, struct vs_find_question *a);
/* Answer those that are in it now with err; found() may put others into it. */
void vs_find_questions_fail(struct vs_find_questions *q, const struct vs_err *err);

/* Call found() and free a, which is in no queue. */
void vs_find_question_answer(
	struct vs_find_question *a, const char *ref, const char *path, const struct vs_err *err);

#endif
