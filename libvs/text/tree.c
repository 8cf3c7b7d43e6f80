/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes of a document: looking up, adding, naming them in messages. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "text/tree.h"

static int
tree_by_key(const void *a, const void *b)
{
	const struct vs_tree *x = *(struct vs_tree *const *)a;
	const struct vs_tree *y = *(struct vs_tree *const *)b;
	int d = strcmp(x->key, y->key);

	/* of two equal keys the later one is reported */
	if (d == 0)
		d = x->key_line != y->key_line ? x->key_line - y->key_line
					       : x->key_col - y->key_col;
	return d;
}

int
vs_tree_check_keys(const struct vs_tree *map, size_t n, struct vs_err *err)
{
	VS_FREE struct vs_tree **all = NULL;
	size_t i = 0;

	if (n < 2)
		return 0;
	all = vs_alloc(n, sizeof *all);
	for (struct vs_tree *v = map->child; v; v = v->next)
		all[i++] = v;
	qsort(all, n, sizeof *all, tree_by_key);
	for (i = 1; i < n; i++)
		if (strcmp(all[i - 1]->key, all[i]->key) == 0)
			return vs_fail_at(err, all[i]->key_line, all[i]->key_col,
				"duplicate key '%.60s', first in line %d", all[i]->key,
				all[i - 1]->key_line);
	return 0;
}

void
vs_tree_free(struct vs_tree_doc *d)
{
	vs_arena_free(&d->arena);
	d->root = NULL;
}

struct vs_tree *
vs_tree_get(const struct vs_tree *n, const char *key)
{
	if (n == NULL || n->kind != VS_TREE_MAP)
		return NULL;
	for (struct vs_tree *v = n->child; v; v = v->next)
		if (strcmp(v->key, key) == 0)
			return v;
	return NULL;
}

const char *
vs_tree_text(const struct vs_tree *map, const char *key)
{
	const struct vs_tree *v = vs_tree_get(map, key);

	return v && v->kind == VS_TREE_SCALAR && !vs_tree_null(v) ? v->text : NULL;
}

struct vs_tree *
vs_tree_new(struct vs_tree_doc *d, const struct vs_tree *at, const char *key,
	enum vs_tree_kind kind, const char *text, size_t n)
{
	struct vs_tree *v = vs_arena_get(&d->arena, sizeof *v);

	*v = (struct vs_tree){ .kind = kind,
		.file = at->file,
		.line = at->line,
		.col = at->col,
		.from = at->from,
		.key = key,
		.key_line = at->line,
		.key_col = at->col };
	if (text) {
		v->text = vs_arena_str(&d->arena, text, n);
		v->len = n;
	}
	return v;
}

struct vs_tree *
vs_tree_put(struct vs_tree_doc *d, struct vs_tree *map, const char *key, enum vs_tree_kind kind)
{
	struct vs_tree *v = vs_tree_get(map, key), **end;

	assert(map->kind == VS_TREE_MAP);
	if (v) {
		if (v->kind != kind)
			v->child = NULL;
		v->kind = kind;
		return v;
	}
	for (end = &map->child; *end; end = &(*end)->next)
		;
	*end = vs_tree_new(d, map, key, kind, NULL, 0);
	return *end;
}

bool
vs_tree_null(const struct vs_tree *n)
{
	return n->kind == VS_TREE_SCALAR && n->style == VS_TREE_PLAIN
		&& (n->len == 0 || strcmp(n->text, "~") == 0 || strcmp(n->text, "null") == 0
			|| strcmp(n->text, "Null") == 0 || strcmp(n->text, "NULL") == 0);
}

const char *
vs_tree_what(const struct vs_tree *n)
{
	if (n->kind == VS_TREE_LIST)
		return "a list";
	if (n->kind == VS_TREE_MAP)
		return "a map";
	if (n->kind == VS_TREE_ALIAS)
		return "an alias";
	if (vs_tree_null(n))
		return "nothing";
	if (n->style != VS_TREE_PLAIN)
		return "a string";
	return strspn(n->text + (n->text[0] == '-'), "0123456789") ? "a number" : "a word";
}
