/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "text/tree.h"

static int
by_key(const void *a, const void *b)
{
	const struct vs_yaml *x = *(struct vs_yaml *const *)a;
	const struct vs_yaml *y = *(struct vs_yaml *const *)b;
	int d = strcmp(x->key, y->key);

	/* the later one of two equal keys is the one to complain about */
	if (d == 0)
		d = x->key_line != y->key_line ? x->key_line - y->key_line
			: x->key_col - y->key_col;
	return d;
}

/* A sort finds what stands twice. */
int
vs_yaml_doubles(const struct vs_yaml *map, size_t n, struct vs_err *err)
{
	VS_FREE struct vs_yaml **all = NULL;
	size_t i = 0;

	if (n < 2)
		return 0;
	all = vs_alloc(n, sizeof *all);
	for (struct vs_yaml *v = map->child; v; v = v->next)
		all[i++] = v;
	qsort(all, n, sizeof *all, by_key);
	for (i = 1; i < n; i++)
		if (strcmp(all[i - 1]->key, all[i]->key) == 0)
			return vs_fail_at(err, all[i]->key_line, all[i]->key_col,
				"the key '%.60s' stands here twice, first in line %d",
				all[i]->key, all[i - 1]->key_line);
	return 0;
}
