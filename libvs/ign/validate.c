/* SPDX-License-Identifier: Apache-2.0 */
/* Walks the document and applies Ignition's rules: required fields, duplicates, and the
 * rule of each field (coreos/ignition, config/validate). */
#include <string.h>

#include "base/map.h"
#include "doc/path.h"
#include "ign/rules.h"
#include "ign/validate.h"
#include "text/dataurl.h"

struct validator {
	struct vs_report *r;
	struct vs_path *path;
};

static void validate_object(
	struct validator *w, const struct vs_field *table, const struct vs_tree *map);

/* What identifies a resource: its URL, which for inline text is the data URL that it
 * becomes. */
static const char *
validate_source(const struct vs_tree *v, struct vs_buf *to)
{
	const struct vs_tree *source = vs_value_given(v, "source");
	const struct vs_tree *text = vs_value_given(v, "inline");
	const struct vs_tree *how = vs_value_given(v, "compression");

	if (text == NULL)
		return source ? source->text : "";
	vs_data_url(text->text, text->len, how == NULL || how->len == 0, to);
	return to->s;
}

/* Report an item that Ignition considers a duplicate. */
static void
validate_duplicates(
	struct validator *w, const struct vs_field *f, const struct vs_tree *v, struct vs_map *seen)
{
	VS_BUF_FREE struct vs_buf url = VS_BUF_SECRET;
	const char *name = f->type == VS_FIELD_OBJECTS ? vs_field_key(f) : NULL;
	const struct vs_tree *key = v, *first;
	const char *text;

	if (f->type == VS_FIELD_OBJECTS ? name == NULL : !f->key)
		return;
	if (name)
		key = vs_value_given(v, name);
	text = f->type == VS_FIELD_RESOURCES ? validate_source(v, &url) : key ? key->text : "";
	first = vs_map_get(seen, text);
	if (first == NULL)
		vs_map_put(seen, text, (void *)v);
	else if (*text == '\0' || f->type == VS_FIELD_RESOURCES)
		vs_report(w->r, VS_VERDICT_ERROR, v, vs_path_str(w->path), "duplicate of %s:%d",
			first->file, first->line);
	else
		vs_report(w->r, VS_VERDICT_ERROR, key, vs_path_str(w->path),
			"%s%s%s'%s' is given twice, also in %s:%d", f->set ? "the " : "",
			f->set ? f->set : "", f->set ? " " : "", VS_SHOWN(key), first->file,
			first->line);
}

static void
validate_one(struct validator *w, const struct vs_field *f, const struct vs_tree *v)
{
	if (v->kind == VS_TREE_MAP && f->sub)
		validate_object(w, f->sub, v);
	if (f->rule)
		vs_rules_apply(f->rule, w->r, v, vs_path_str(w->path));
}

static void
validate_list(
	struct validator *w, const struct vs_field *f, const struct vs_tree *v, struct vs_map *seen)
{
	size_t i = 0;

	for (const struct vs_tree *item = v->child; item; item = item->next) {
		struct vs_path_mark m = vs_path_item(w->path, item, i++);

		if (!item->bad && !vs_tree_null(item)) {
			validate_one(w, f, item);
			validate_duplicates(w, f, item, seen);
		}
		vs_path_leave(w->path, m);
	}
}

static void
validate_needed(struct validator *w, const struct vs_field *f, const struct vs_tree *map,
	const struct vs_tree *v)
{
	enum vs_verdict level = f->need == VS_NEED_REQUIRED ? VS_VERDICT_ERROR : VS_VERDICT_STRICT;
	const struct vs_tree *there = vs_tree_get(map, f->yaml);
	VS_PATH_BUF(path);

	if (f->need == VS_NEED_OPTIONAL || (there && there->bad) || (v && (v->len > 0 || f->rule)))
		return;
	/* a link may get its target from a tree that was not read; before 3.3, "" is valid */
	if (strcmp(f->yaml, "target") == 0 && (w->r->partial || (w->r->spec < 3 && w->r->lax)))
		return;
	vs_report(w->r, level, v ? v : map,
		vs_path_below(w->r->json, map, vs_path_str(w->path), f->yaml, path), "%s",
		v ? "must not be empty" : "missing");
}

static void
validate_object(struct validator *w, const struct vs_field *table, const struct vs_tree *map)
{
	VS_MAP_FREE struct vs_map set = { 0 }; /* items of the lists that share a set */

	for (const struct vs_field *f = table; f->yaml; f++) {
		struct vs_tree *v = f->sugar ? NULL : vs_value_given(map, f->yaml);
		struct vs_path_mark m;

		validate_needed(w, f, map, v);
		if (v == NULL || f->type == VS_FIELD_HEADER)
			continue;
		m = vs_path_key(w->path, v, vs_field_name(f, w->r->json));
		if (v->kind == VS_TREE_LIST) {
			VS_MAP_FREE struct vs_map own = { 0 };

			validate_list(w, f, v, f->set ? &set : &own);
		} else {
			validate_one(w, f, v);
		}
		vs_path_leave(w->path, m);
	}
}

void
vs_validate(struct vs_tree_doc *d, struct vs_report *r)
{
	VS_PATH_FREE struct vs_path path = VS_PATH_INIT;
	struct validator w = { .r = r, .path = &path };

	validate_object(&w, vs_schema, d->root);
	vs_rule_document(r, d->root, "");
}
