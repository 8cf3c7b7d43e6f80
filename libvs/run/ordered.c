/* SPDX-License-Identifier: Apache-2.0 */
/* Texts about jobs, which end in any order, printed in the order of the input. */
#include <stdlib.h>

#include "base/mem.h"
#include "run/ordered.h"

struct vs_ordered_text {
	size_t index;
	char *text;
};

void
vs_ordered_add(struct vs_ordered *o, size_t index, struct vs_buf *text)
{
	vs_grow(o->v, o->n, o->cap);
	o->v[o->n].index = index;
	o->v[o->n++].text = vs_buf_take(text);
}

static int
ordered_by_index(const void *a, const void *b)
{
	const struct vs_ordered_text *x = a, *y = b;

	return x->index < y->index ? -1 : x->index > y->index;
}

void
vs_ordered_take(struct vs_ordered *o, struct vs_buf *to)
{
	if (o->n > 1)
		qsort(o->v, o->n, sizeof *o->v, ordered_by_index);
	for (size_t i = 0; i < o->n; i++) {
		vs_buf_str(to, o->v[i].text);
		free(o->v[i].text);
	}
	free(o->v);
	*o = (struct vs_ordered){ 0 };
}
