/* SPDX-License-Identifier: Apache-2.0 */
/* Unknown keys as Butane sees them: it compares the text with what Go read from it
 * (coreos/ignition, config/validate, ValidateUnusedKeys). */
#include <string.h>

#include "base/map.h"
#include "butane/goyaml_keys.h"
#include "butane/goyaml_scalar.h"
#include "doc/path.h"

struct walk {
	struct vs_report *r;
	int spec;
	struct vs_path *path;
};

const struct vs_tree *
vs_goyaml_name(const struct vs_tree *v, struct vs_tree *own)
{
	if (v->name)
		return v->name;
	*own = (struct vs_tree){ .style =
					 strcmp(v->key, "<<") == 0 ? VS_TREE_QUOTED : VS_TREE_PLAIN,
		.file = v->file,
		.line = v->key_line,
		.col = v->key_col,
		.text = (char *)v->key,
		.len = strlen(v->key) };
	return own;
}

bool
vs_goyaml_is_merge(const struct vs_tree *name)
{
	if (name->kind != VS_TREE_SCALAR || strcmp(name->text, "<<") != 0)
		return false;
	if (name->tag)
		return strcmp(VS_GOYAML_TAG(name->tag), "!!merge") == 0;
	return name->style == VS_TREE_PLAIN;
}

const struct vs_field *
vs_goyaml_field(const struct vs_field *f, const char *key, size_t n, int spec)
{
	for (; f->yaml; f++)
		if (strlen(f->yaml) == n && memcmp(f->yaml, key, n) == 0)
			return f->since <= spec && !f->foreign && f->type != VS_FIELD_VERSION
				? f
				: NULL;
	return NULL;
}

bool
vs_goyaml_is_plain(const struct vs_tree *name)
{
	return name->kind == VS_TREE_SCALAR && strlen(name->text) == name->len
		&& !vs_goyaml_is_merge(name);
}

static size_t
goyaml_keys_len(const struct vs_tree *v)
{
	return v->name && v->name->text ? v->name->len : strlen(v->key);
}

/* The value of a key in the text; of duplicates the last, as in a map of Go. */
static const struct vs_tree *
goyaml_keys_value(const struct vs_tree *text, const char *key)
{
	const struct vs_tree *found = NULL;

	if (text == NULL || text->kind != VS_TREE_MAP)
		return NULL;
	for (const struct vs_tree *v = text->child; v; v = v->next)
		if (strcmp(v->key, key) == 0 && goyaml_keys_len(v) == strlen(key))
			found = v;
	return found;
}

/* Remove unknown keys that Butane ignores silently; vs_butane_check reports the others. */
static void
goyaml_keys_remove(const struct walk *w, const struct vs_field *table, struct vs_tree *map,
	const struct vs_tree *text)
{
	bool same = map->origin == text;

	for (struct vs_tree **at = &map->child; *at;)
		if (same || vs_goyaml_field(table, (*at)->key, strlen((*at)->key), w->spec))
			at = &(*at)->next;
		else
			*at = (*at)->next;
}

static void
goyaml_keys_report(struct walk *w, const struct vs_tree *v)
{
	struct vs_path_mark m = vs_path_unknown(w->path, v, goyaml_keys_len(v));

	vs_report_key(w->r, VS_VERDICT_WARNING, v, vs_path_str(w->path),
		strcmp(v->key, "<<") == 0
			? "Butane merges this, but warns about the merge key itself"
			: "Butane does not know this key");
	vs_path_leave(w->path, m);
}

/* Report unknown keys of the text.  vs_butane_check does so for a map that was read from
 * this text, except for merge keys and keys that are not plain strings. */
static void
goyaml_keys_unknown(struct walk *w, const struct vs_field *table, const struct vs_tree *map,
	const struct vs_tree *text)
{
	bool same = map && map->origin == text;
	VS_MAP_FREE struct vs_map seen = { 0 };
	struct vs_tree own;

	for (const struct vs_tree *v = text->child; v; v = v->next) {
		if (vs_goyaml_field(table, v->key, goyaml_keys_len(v), w->spec)
			|| (same && vs_goyaml_is_plain(vs_goyaml_name(v, &own)))
			|| vs_map_get(&seen, v->key))
			continue;
		vs_map_put(&seen, v->key, (void *)v->key);
		goyaml_keys_report(w, v);
	}
}

static void goyaml_keys_object(struct walk *w, const struct vs_field *table, struct vs_tree *map,
	const struct vs_tree *text);

static void
goyaml_keys_list(
	struct walk *w, const struct vs_field *f, struct vs_tree *v, const struct vs_tree *text)
{
	const struct vs_tree *there = text && text->kind == VS_TREE_LIST ? text->child : NULL;
	size_t i = 0;

	for (struct vs_tree *item = v->child; item; item = item->next) {
		struct vs_path_mark m = vs_path_item(w->path, item, i++);

		if (item->kind == VS_TREE_MAP)
			goyaml_keys_object(w, f->sub, item, there);
		vs_path_leave(w->path, m);
		there = there ? there->next : NULL;
	}
}

static void
goyaml_keys_field(
	struct walk *w, const struct vs_field *f, struct vs_tree *v, const struct vs_tree *text)
{
	struct vs_path_mark m;

	if (v == NULL && text == NULL)
		return;
	m = vs_path_key(w->path, v ? v : text, f->yaml);
	if (f->type == VS_FIELD_OBJECT || f->type == VS_FIELD_RESOURCE) {
		/* a wrong type is reported elsewhere */
		if (v == NULL || v->kind == VS_TREE_MAP)
			goyaml_keys_object(w, f->sub, v, text);
	} else if (v && v->kind == VS_TREE_LIST) {
		goyaml_keys_list(w, f, v, text);
	}
	vs_path_leave(w->path, m);
}

/* map: what was read, or NULL; text: what the text has at that path, or NULL. */
static void
goyaml_keys_object(struct walk *w, const struct vs_field *table, struct vs_tree *map,
	const struct vs_tree *text)
{
	if (map)
		goyaml_keys_remove(w, table, map, text);
	if (text && text->kind == VS_TREE_MAP)
		goyaml_keys_unknown(w, table, map, text);
	else if (text)
		vs_report(w->r, VS_VERDICT_WARNING, text, vs_path_str(w->path),
			"found %s instead of a map: Butane does not check its keys",
			text->kind == VS_TREE_ALIAS ? "an alias" : vs_tree_what(text));
	for (const struct vs_field *f = table; f->yaml; f++)
		if (f->sub && vs_goyaml_field(table, f->yaml, strlen(f->yaml), w->spec))
			goyaml_keys_field(
				w, f, vs_tree_get(map, f->yaml), goyaml_keys_value(text, f->yaml));
}

void
vs_goyaml_unused(struct vs_report *r, int spec, struct vs_tree *root, const struct vs_tree *text)
{
	VS_PATH_FREE struct vs_path path = VS_PATH_INIT;
	struct walk w = { .r = r, .spec = spec, .path = &path };

	goyaml_keys_object(&w, vs_schema, root, text);
}
