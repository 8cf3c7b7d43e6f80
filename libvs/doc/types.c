/* SPDX-License-Identifier: Apache-2.0 */
/* Keys and types: what the readers of Butane and Ignition refuse or warn about before any
 * rule is applied.  From coreos/ignition, config/validate (ValidateUnusedKeys), and
 * Go's encoding/json. */
#include <string.h>

#include "base/assert.h"
#include "base/spelling.h"
#include "doc/path.h"
#include "doc/spec.h"
#include "doc/types.h"
#include "doc/value.h"

struct checker {
	struct vs_report *r;
	vs_types_rule *rule; /* or NULL */
	struct vs_path *path;
};

static void types_object(struct checker *c, const struct vs_field *table, struct vs_tree *map);

/* Does a document of this kind and version have the field? */
static bool
types_usable(const struct checker *c, const struct vs_field *f)
{
	if (f->type == VS_FIELD_VERSION)
		return c->r->json;
	return f->foreign == NULL && f->since <= c->r->spec;
}

/* The only section in this table that has such a key, or NULL: "files" is in storage. */
static const char *
types_section(const struct vs_field *table, const char *key)
{
	const char *found = NULL;

	for (const struct vs_field *f = table; f->yaml; f++) {
		if ((f->type != VS_FIELD_OBJECT && f->type != VS_FIELD_RESOURCE) || !f->sub
			|| !vs_field_find(f->sub, key))
			continue;
		if (found)
			return NULL;
		found = f->yaml;
	}
	return found;
}

/* Only in Butane: vs_ignition_rename removed them from Ignition. */
static void
types_unknown(struct checker *c, const struct vs_field *table, const struct vs_tree *v)
{
	struct vs_path_mark m = vs_path_unknown(c->path, v, strlen(v->key));
	const char *names[VS_FIELDS_MAX], *near, *section = types_section(table, v->key);
	size_t n = 0;

	for (const struct vs_field *f = table; f->yaml; f++)
		if (types_usable(c, f) && f->refused_before <= c->r->spec) {
			assert(n < VS_FIELDS_MAX);
			names[n++] = f->yaml;
		}
	near = vs_did_you_mean(names, n, v->key);
	if (section)
		vs_report_key(c->r, VS_VERDICT_SLIP, v, vs_path_str(c->path),
			"unknown key: it belongs below '%s'", section);
	else
		vs_report_key(c->r, VS_VERDICT_SLIP, v, vs_path_str(c->path), "unknown key%s%s%s",
			near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
	vs_path_leave(c->path, m);
}

static bool
types_wrong(struct checker *c, struct vs_tree *v, const char *want)
{
	vs_report(c->r, VS_VERDICT_ERROR, v, vs_path_str(c->path), "expected %s, found %s", want,
		vs_tree_what(v));
	v->bad = true;
	return false;
}

static bool
types_integer(struct checker *c, struct vs_tree *v)
{
	long long n;

	if (vs_value_int(v, &n))
		return true;
	if (v->kind != VS_TREE_SCALAR)
		return types_wrong(c, v, "a number");
	if (v->style != VS_TREE_PLAIN && v->style != VS_TREE_FILLED)
		vs_report(c->r, VS_VERDICT_ERROR, v, vs_path_str(c->path),
			"expected a number, found a string: remove the quotes");
	else
		vs_report(c->r, VS_VERDICT_ERROR, v, vs_path_str(c->path),
			"'%s' is not an integer%s", VS_SHOWN(v),
			v->text[0] == '0' && !v->secret ? " (a leading 0 makes it octal)" : "");
	v->bad = true;
	return false;
}

static bool
types_boolean(struct checker *c, struct vs_tree *v)
{
	bool b;

	if (vs_value_bool(v, &b))
		return true;
	if (v->kind != VS_TREE_SCALAR)
		return types_wrong(c, v, "true or false");
	vs_report(c->r, VS_VERDICT_ERROR, v, vs_path_str(c->path),
		"'%s' is neither true nor false%s", VS_SHOWN(v),
		v->style == VS_TREE_PLAIN || v->style == VS_TREE_FILLED ? ""
									: ": remove the quotes");
	v->bad = true;
	return false;
}

/* YAML accepts a number or a boolean where a string is expected, JSON does not. */
static bool
types_string(struct checker *c, const struct vs_field *f, struct vs_tree *v)
{
	static const char *const texts[] = { "inline", "contents", "source" };

	if (v->kind != VS_TREE_SCALAR || (c->r->json && v->style == VS_TREE_PLAIN))
		return types_wrong(c, v, "a string");
	if (strlen(v->text) == v->len)
		return true;
	for (size_t i = 0; i < VS_LEN(texts); i++)
		if (strcmp(f->yaml, texts[i]) == 0)
			return true;
	vs_report(c->r, VS_VERDICT_ERROR, v, vs_path_str(c->path),
		"NUL is allowed only in file contents");
	v->bad = true;
	return false;
}

/* A value, or an item of a list.  True: it has the right type. */
static bool
types_typed(struct checker *c, const struct vs_field *f, struct vs_tree *v)
{
	switch (f->type) {
	case VS_FIELD_INT:
		return types_integer(c, v);
	case VS_FIELD_BOOL:
		return types_boolean(c, v);
	case VS_FIELD_STRING:
	case VS_FIELD_STRINGS:
	case VS_FIELD_VERSION:
		return types_string(c, f, v);
	default:
		types_object(c, f->sub, v);
		return !v->bad;
	}
}

static void
types_one(struct checker *c, const struct vs_field *f, struct vs_tree *v)
{
	if (types_typed(c, f, v) && f->butane_rule && c->rule)
		c->rule(f->butane_rule, c->r, v, vs_path_str(c->path));
}

/* A null item, which Go's JSON reads as an empty one. */
static void
types_null_item(struct checker *c, const struct vs_field *f, struct vs_tree *v)
{
	vs_report(c->r, c->r->json && f->sub ? VS_VERDICT_WARNING : VS_VERDICT_STRICT, v,
		vs_path_str(c->path), "empty list item");
	if (c->r->json) {
		v->kind = f->sub ? VS_TREE_MAP : VS_TREE_SCALAR;
		v->style = VS_TREE_QUOTED;
		v->text = vs_buf_empty;
		v->len = 0;
	}
}

static void
types_list(struct checker *c, const struct vs_field *f, struct vs_tree *v)
{
	size_t i = 0;

	if (v->kind != VS_TREE_LIST) {
		vs_report(c->r, VS_VERDICT_ERROR, v, vs_path_str(c->path),
			"expected a list, found %s%s", vs_tree_what(v),
			c->r->json ? "" : ": start each item with '- '");
		v->bad = true;
		return;
	}
	for (struct vs_tree *item = v->child; item; item = item->next) {
		struct vs_path_mark m = vs_path_item(c->path, item, i++);

		if (vs_tree_null(item))
			types_null_item(c, f, item);
		else
			types_one(c, f, item);
		vs_path_leave(c->path, m);
	}
}

/* Is any field of it set?  Butane's filters refuse nothing else. */
static bool
types_is_set(const struct vs_field *table, const struct vs_tree *v)
{
	for (const struct vs_tree *k = v->child; k; k = k->next) {
		const struct vs_field *f = vs_field_find(table, k->key);

		if (f && k->kind == VS_TREE_LIST	      ? k->child != NULL
				: f && k->kind == VS_TREE_MAP ? types_is_set(f->sub, k)
							      : f && !vs_tree_null(k))
			return true;
	}
	return false;
}

static void
types_known(struct checker *c, const struct vs_field *f, struct vs_tree *v)
{
	if (f->refused_before > c->r->spec && !c->r->json)
		vs_report_key(c->r,
			f->sub && v->kind == VS_TREE_MAP && !types_is_set(f->sub, v)
				? VS_VERDICT_STRICT
				: VS_VERDICT_ERROR,
			v, vs_path_str(c->path), "%s", f->refusal);
	if (f->type == VS_FIELD_HEADER)
		;
	else if (f->type == VS_FIELD_STRINGS || f->type == VS_FIELD_OBJECTS
		|| f->type == VS_FIELD_RESOURCES)
		types_list(c, f, v);
	else
		types_one(c, f, v);
}

static void
types_field(struct checker *c, const struct vs_field *table, struct vs_tree *v)
{
	const struct vs_field *f = vs_field_find(table, v->key);
	struct vs_path_mark m;

	if (f == NULL) {
		types_unknown(c, table, v);
		return;
	}
	m = vs_path_key(c->path, v, vs_field_name(f, c->r->json));
	for (struct vs_tree *w = v->was; w && types_usable(c, f); w = w->was)
		if (!vs_tree_null(w))
			types_known(c, f, w);
	if (f->foreign && !types_usable(c, f))
		vs_report_key(c->r, VS_VERDICT_SLIP, v, vs_path_str(c->path), "%s", f->foreign);
	else if (f->since > c->r->spec)
		vs_report_key(c->r, c->r->json ? VS_VERDICT_WARNING : VS_VERDICT_SLIP, v,
			vs_path_str(c->path), "requires %s, but the document is %s",
			vs_spec_name(f->since, c->r->json), vs_spec_name(c->r->spec, c->r->json));
	else if (!vs_tree_null(v))
		types_known(c, f, v);
	else if (c->r->json && f->sub && f->type != VS_FIELD_OBJECTS
		&& f->type != VS_FIELD_RESOURCES)
		vs_report(c->r, VS_VERDICT_WARNING, v, vs_path_str(c->path),
			"expected an object, found null");
	v->bad |= !types_usable(c, f) && f->type != VS_FIELD_HEADER;
	vs_path_leave(c->path, m);
}

static void
types_object(struct checker *c, const struct vs_field *table, struct vs_tree *map)
{
	if (map->kind != VS_TREE_MAP) {
		types_wrong(c, map, c->r->json ? "an object" : "a map ('key: value')");
		return;
	}
	for (struct vs_tree *v = map->child; v; v = v->next)
		types_field(c, table, v);
}

void
vs_types_check(struct vs_tree *root, vs_types_rule *rule, struct vs_report *r)
{
	VS_PATH_FREE struct vs_path path = VS_PATH_INIT;
	struct checker c = { .r = r, .rule = rule, .path = &path };

	assert(root->kind == VS_TREE_MAP && r->spec >= 0);
	types_object(&c, vs_schema, root);
}

bool
vs_types_is_map(const struct vs_tree_doc *d, const char *file, struct vs_report *r)
{
	const struct vs_tree top = { .file = file, .line = 1, .col = 1 };

	if (d->root == NULL || vs_tree_null(d->root))
		vs_report(r, VS_VERDICT_ERROR, &top, NULL, "the document is empty");
	else if (d->root->kind != VS_TREE_MAP)
		vs_report(r, VS_VERDICT_ERROR, d->root, NULL,
			"expected a map ('key: value'), found %s", vs_tree_what(d->root));
	else
		return true;
	return false;
}
