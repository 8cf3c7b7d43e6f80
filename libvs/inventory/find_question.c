/* SPDX-License-Identifier: Apache-2.0 */
/* Only queues: how a question is answered is decided in find.c, find_path.c and
 * find_all.c. */
#include <stdlib.h>

#include "base/assert.h"
#include "inventory/find_question.h"

void
vs_find_questions_put(struct vs_find_questions *q, struct vs_find_question *a)
{
	if (q->first == NULL)
		q->last = &q->first;
	a->next = NULL;
	*q->last = a;
	q->last = &a->next;
}

struct vs_find_question *
vs_find_questions_take(struct vs_find_questions *q)
{
	struct vs_find_question *a = q->first;

	if (a) {
		q->first = a->next;
		if (q->first == NULL)
			q->last = &q->first;
	}
	return a;
}

void
vs_find_questions_remove(struct vs_find_questions *q, struct vs_find_question *a)
{
	for (struct vs_find_question **p = &q->first; *p; p = &(*p)->next)
		if (*p == a) {
			*p = a->next;
			break;
		}
	for (q->last = &q->first; *q->last;)
		q->last = &(*q->last)->next;
}

static void
find_question_free(struct vs_find_question *a)
{
	vs_call_abort(a->call);
	free(a->given);
	free(a->normal);
	free(a->path);
	free(a);
}

void
vs_find_question_answer(
	struct vs_find_question *a, const char *ref, const char *path, const struct vs_err *err)
{
	assert(*a->open > 0);
	--*a->open;
	a->found(a->arg, ref, path, err);
	find_question_free(a);
}

void
vs_find_questions_fail(struct vs_find_questions *q, const struct vs_err *err)
{
	struct vs_find_questions now = *q;
	struct vs_find_question *a;

	*q = (struct vs_find_questions){ 0 };
	while ((a = vs_find_questions_take(&now)) != NULL)
		vs_find_question_answer(a, NULL, NULL, err);
}
