/* SPDX-License-Identifier: Apache-2.0 */
/* Merging one document into another, by the rules of coreos/ignition, config/merge. */
#include <string.h>

#include "base/assert.h"
#include "base/map.h"
#include "doc/merge.h"

static void merge_maps(struct vs_tree *to, struct vs_tree *from, const struct vs_field *table);

static void
merge_append(struct vs_tree *to, struct vs_tree *v)
{
	struct vs_tree **at = &to->child;

	while (*at)
		at = &(*at)->next;
	v->next = NULL;
	*at = v;
}

/* Replace a value and its place in the file, but keep its key and its place in the
 * list. */
static void
merge_replace(struct vs_tree *to, const struct vs_tree *from)
{
	struct vs_tree was = *to;

	*to = *from;
	to->next = was.next;
}

/* The text that identifies an item of a list, or NULL. */
static const char *
merge_name(const struct vs_tree *item, const struct vs_field *f)
{
	const char *key = vs_field_key(f);
	const struct vs_tree *name = key ? vs_tree_get(item, key) : item;

	if (f->type != VS_FIELD_OBJECTS && !(f->type == VS_FIELD_STRINGS && f->key))
		return NULL;
	return name && name->kind == VS_TREE_SCALAR ? name->text : NULL;
}

void
vs_merge_list(struct vs_tree *to, struct vs_tree *from, const struct vs_field *f)
{
	VS_MAP_FREE struct vs_map names = { 0 };
	struct vs_tree **end = &to->child, *next;

	assert(to->kind == VS_TREE_LIST && from->kind == VS_TREE_LIST);
	for (; *end; end = &(*end)->next)
		if (merge_name(*end, f) && !vs_map_get(&names, merge_name(*end, f)))
			vs_map_put(&names, merge_name(*end, f), *end);
	for (struct vs_tree *v = from->child; v; v = next) {
		const char *name = merge_name(v, f);
		struct vs_tree *old = name ? vs_map_get(&names, name) : NULL;

		next = v->next;
		if (old == NULL) {
			v->next = NULL;
			*end = v;
			end = &v->next;
		} else if (v->kind == VS_TREE_MAP && f->sub) {
			merge_maps(old, v, f->sub);
		}
	}
}

/* An unknown version is kept, so that vs_butane_check reports it. */
static bool
merge_newer(const struct vs_tree *from, const struct vs_tree *to)
{
	return from->text && to->text && strcmp(from->text, to->text) > 0
		&& (strcmp(to->text, "1.0.0") == 0 || strcmp(to->text, "1.1.0") == 0);
}

static void
merge_values(struct vs_tree *to, struct vs_tree *from, const struct vs_field *f)
{
	if (f->type == VS_FIELD_HEADER) {
		if (strcmp(f->yaml, "version") == 0 && merge_newer(from, to))
			merge_replace(to, from);
	} else if (f->type == VS_FIELD_OBJECT && f->sub && to->kind == VS_TREE_MAP
		&& from->kind == VS_TREE_MAP) {
		merge_maps(to, from, f->sub);
	} else if ((f->type == VS_FIELD_OBJECTS || f->type == VS_FIELD_STRINGS
			   || f->type == VS_FIELD_RESOURCES)
		&& to->kind == VS_TREE_LIST && from->kind == VS_TREE_LIST) {
		vs_merge_list(to, from, f);
	} else if (!vs_tree_null(from)) {
		merge_replace(to, from);
	}
}

static void
merge_maps(struct vs_tree *to, struct vs_tree *from, const struct vs_field *table)
{
	struct vs_tree *next;

	for (struct vs_tree *v = from->child; v; v = next) {
		struct vs_tree *old = vs_tree_get(to, v->key);
		const struct vs_field *f = vs_field_find(table, v->key);

		next = v->next;
		if (old == NULL)
			merge_append(to, v);
		else if (v->bad)
			continue; /* ignored, with a warning */
		else if (f == NULL || old->bad)
			merge_replace(old, v);
		else
			merge_values(old, v, f);
	}
}

void
vs_merge(struct vs_tree_doc *d, struct vs_tree_doc *from)
{
	if (d->root == NULL || d->root->kind != VS_TREE_MAP)
		d->root = from->root;
	else if (from->root && from->root->kind == VS_TREE_MAP)
		merge_maps(d->root, from->root, vs_schema);
}
