/* SPDX-License-Identifier: Apache-2.0 */
/* Growing arrays of strings.  Keys with values are in kv, sets that are searched in
 * map. */
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/mem.h"

void
vs_list_add(struct vs_list *l, const char *s)
{
	vs_grow(l->v, l->n, l->cap);
	l->v[l->n++] = s;
}

void
vs_list_free(struct vs_list *l)
{
	free(l->v);
	*l = (struct vs_list){ 0 };
}

void
vs_strings_take(struct vs_strings *l, char *s)
{
	vs_grow(l->v, l->n, l->cap);
	l->v[l->n++] = s;
}

void
vs_strings_add(struct vs_strings *l, const char *s)
{
	vs_strings_take(l, vs_strdup(s));
}

static int
list_by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
vs_strings_sort(struct vs_strings *l)
{
	if (l->n > 1)
		qsort(l->v, l->n, sizeof *l->v, list_by_bytes);
}

char **
vs_strings_array(struct vs_strings *l)
{
	vs_grow(l->v, l->n, l->cap);
	l->v[l->n] = NULL;
	return l->v;
}

void
vs_strings_free(struct vs_strings *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->secret)
			vs_free_secret(l->v[i]);
		else
			free(l->v[i]);
	free(l->v);
	*l = (struct vs_strings){ .secret = l->secret };
}
