/* SPDX-License-Identifier: Apache-2.0 */
/* The way back: an Ignition config becomes the Butane document that makes it.  The result
 * is checked as a Butane document before it is returned. */
#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "butane/butane.h"
#include "butane/butane_rules.h"
#include "butane/placeholders.h"
#include "butane/resource.h"
#include "butane/to_butane.h"
#include "doc/path.h"
#include "doc/spec.h"
#include "doc/types.h"
#include "doc/value.h"
#include "ign/ignition.h"
#include "ign/rules.h"
#include "ign/validate.h"
#include "text/dataurl.h"
#include "text/gzip.h"
#include "text/json_tree.h"
#include "text/utf8.h"
#include "text/yaml.h"
#include "text/yaml_write.h"

enum {
	SPECIAL = 07000, /* setuid, setgid, sticky: since 3.6 */
};

struct back {
	struct vs_tree_doc *d;
	struct vs_report *r;
	struct vs_path *path;
	int from, to;		      /* minors of the Ignition version, old and new */
	const struct vs_tree *newest; /* a value that only flatcar 1.2.0 supports */
};

static void to_butane_order(struct back *b, const struct vs_field *table, struct vs_tree *map);
static void to_butane_convert(struct back *b, const struct vs_field *table, struct vs_tree *map);

static bool
to_butane_is_object(const struct vs_field *f, const struct vs_tree *v)
{
	return v->kind == VS_TREE_MAP
		&& (f->type == VS_FIELD_OBJECT || f->type == VS_FIELD_RESOURCE);
}

static bool
to_butane_is_list(const struct vs_field *f, const struct vs_tree *v)
{
	return v->kind == VS_TREE_LIST
		&& (f->type == VS_FIELD_OBJECTS || f->type == VS_FIELD_RESOURCES
			|| f->type == VS_FIELD_STRINGS);
}

static bool
to_butane_is_mode(const struct vs_field *f)
{
	return f->type == VS_FIELD_INT && strcmp(f->yaml, "mode") == 0;
}

/* ---- drop empty values; order the others as in the schema, but names first */

static void
to_butane_items(struct back *b, const struct vs_field *f, struct vs_tree *list)
{
	size_t i = 0;

	for (struct vs_tree *v = list->child; v; v = v->next) {
		struct vs_path_mark m = vs_path_item(b->path, v, i++);

		if (vs_tree_null(v))
			vs_report(
				b->r, VS_VERDICT_ERROR, v, vs_path_str(b->path), "empty list item");
		else if (f->sub && v->kind == VS_TREE_MAP)
			to_butane_order(b, f->sub, v);
		vs_path_leave(b->path, m);
	}
}

/* Does only flatcar 1.2.0 support it? */
static bool
to_butane_is_new(const struct back *b, const struct vs_field *f, const struct vs_tree *v)
{
	long long mode;

	if (to_butane_is_mode(f))
		return b->from >= 6 && vs_value_int(v, &mode) && (mode & SPECIAL);
	return f->refused_before > 0;
}

/* False: drop the value. */
static bool
to_butane_keep(struct back *b, const struct vs_field *f, struct vs_tree *v)
{
	if (vs_tree_null(v))
		return false;
	if (f->since > b->from) {
		vs_report_key(b->r, VS_VERDICT_ERROR, v, vs_path_str(b->path),
			"requires %s: it has no effect in %s, but would have in what Butane makes: remove it, or raise the version",
			vs_spec_name(f->since, true), vs_spec_name(b->from, true));
		return false;
	}
	if (to_butane_is_object(f, v))
		to_butane_order(b, f->sub, v);
	else if (to_butane_is_list(f, v))
		to_butane_items(b, f, v);
	if (v->child == NULL && (to_butane_is_object(f, v) || to_butane_is_list(f, v)))
		return false;
	if (f->refused_before > 7)
		vs_report_key(b->r, VS_VERDICT_ERROR, v, vs_path_str(b->path), "%s", f->refusal);
	if (b->newest == NULL && to_butane_is_new(b, f, v))
		b->newest = v;
	return true;
}

/* A name is written first in its item. */
static bool
to_butane_is_name(const struct vs_field *f)
{
	return f->key && f->type == VS_FIELD_STRING;
}

static void
to_butane_order(struct back *b, const struct vs_field *table, struct vs_tree *map)
{
	struct vs_tree *by_field[VS_FIELDS_MAX] = { NULL }, **end = &map->child;

	for (struct vs_tree *v = map->child; v; v = v->next)
		by_field[vs_field_find(table, v->key) - table] = v;
	for (int names = 1; names >= 0; names--)
		for (const struct vs_field *f = table; f->yaml; f++) {
			struct vs_tree *v = by_field[f - table];
			struct vs_path_mark m;

			if (v == NULL || to_butane_is_name(f) != names)
				continue;
			m = vs_path_key(b->path, v, vs_field_name(f, true));
			if (to_butane_keep(b, f, v)) {
				*end = v;
				end = &v->next;
			}
			vs_path_leave(b->path, m);
		}
	*end = NULL;
}

/* ---- resources: a data URL with text becomes inline */

/* Does Butane accept it without a finding?  It checks the inline configs of merge and
 * replace. */
static bool
to_butane_accepted(const struct back *b, const struct vs_field *f, const struct vs_tree *resource)
{
	VS_REPORT_FREE struct vs_report own = { .spec = b->to };

	if (f->butane_rule)
		vs_butane_rules_apply(f->butane_rule, &own, resource, "");
	return own.n == 0;
}

/* Would the URL that Butane makes be a duplicate?  urls: the URLs of a list without
 * duplicates, each with its item; or NULL. */
static bool
to_butane_is_duplicate(struct vs_map *urls, struct vs_tree *v, const struct vs_buf *text)
{
	VS_BUF_FREE struct vs_buf url = VS_BUF_SECRET;
	void *owner;

	if (urls == NULL)
		return false;
	vs_data_url(text->s, text->len, true, &url);
	owner = vs_map_get(urls, url.s);
	if (owner == NULL)
		vs_map_put(urls, url.s, v);
	return owner && owner != v;
}

static void
to_butane_resource(struct back *b, const struct vs_field *f, struct vs_tree *v, struct vs_map *urls)
{
	VS_BUF_FREE struct vs_buf text = VS_BUF_SECRET;
	struct vs_tree *source = vs_tree_get(v, "source"), *was = v->child, *in;

	if (source == NULL || vs_tree_get(v, "http_headers") || vs_tree_get(v, "verification")
		|| !vs_resource_text(v, &text) || vs_placeholders_in(text.s))
		return;
	in = vs_tree_new(b->d, source, "inline", VS_TREE_SCALAR, text.s, text.len);
	in->style = VS_TREE_QUOTED;
	v->child = in;
	if (!to_butane_accepted(b, f, v) || to_butane_is_duplicate(urls, v, &text))
		v->child = was;
}

static void
to_butane_resources(struct back *b, const struct vs_field *f, struct vs_tree *list)
{
	VS_MAP_FREE struct vs_map urls = { 0 };

	for (struct vs_tree *v = list->child; f->key && v; v = v->next) {
		const struct vs_tree *source = vs_tree_get(v, "source");

		if (source)
			vs_map_put(&urls, source->text, v);
	}
	for (struct vs_tree *v = list->child; v; v = v->next)
		to_butane_resource(b, f, v, f->key ? &urls : NULL);
}

/* ---- values that Butane spells differently */

static void
to_butane_octal(struct back *b, struct vs_tree *v)
{
	char text[16];
	long long mode;

	if (!vs_value_int(v, &mode))
		return;
	if (b->from < 6 && b->to >= 6 && (mode & SPECIAL)) {
		vs_report(b->r, VS_VERDICT_WARNING, v, vs_path_str(b->path),
			"setuid, setgid and sticky have no effect in %s, but would have in what Butane makes: they are removed",
			vs_spec_name(b->from, true));
		mode &= ~(long long)SPECIAL;
	}
	v->len = (size_t)snprintf(text, sizeof text, "0%03llo", mode);
	v->text = vs_arena_str(&b->d->arena, text, v->len);
}

/* In Butane "@{NAME}" is a placeholder; "@@{NAME}" gives the text. */
static void
to_butane_escape(struct back *b, struct vs_tree *v)
{
	VS_BUF_FREE struct vs_buf text = VS_BUF_SECRET;
	size_t n;

	if (v->kind != VS_TREE_SCALAR || !vs_placeholders_in(v->text))
		return;
	for (const char *s = v->text; *s; s++) {
		if (vs_placeholders_at(s, &n))
			vs_buf_ch(&text, '@');
		vs_buf_ch(&text, *s);
	}
	v->text = vs_arena_str(&b->d->arena, text.s, text.len);
	v->len = text.len;
}

static void
to_butane_value(struct back *b, const struct vs_field *f, struct vs_tree *v)
{
	size_t i = 0;

	if (to_butane_is_mode(f))
		to_butane_octal(b, v);
	else if (f->type == VS_FIELD_STRING)
		to_butane_escape(b, v);
	else if (f->type == VS_FIELD_STRINGS)
		for (v = v->child; v; v = v->next)
			to_butane_escape(b, v);
	else if (f->type == VS_FIELD_RESOURCE)
		to_butane_resource(b, f, v, NULL);
	else if (f->type == VS_FIELD_RESOURCES)
		to_butane_resources(b, f, v);
	else if (f->type == VS_FIELD_OBJECT)
		to_butane_convert(b, f->sub, v);
	else if (f->type == VS_FIELD_OBJECTS)
		for (v = v->child; v; v = v->next) {
			struct vs_path_mark m = vs_path_item(b->path, v, i++);

			to_butane_convert(b, f->sub, v);
			vs_path_leave(b->path, m);
		}
}

static void
to_butane_convert(struct back *b, const struct vs_field *table, struct vs_tree *map)
{
	for (struct vs_tree *v = map->child; v; v = v->next) {
		const struct vs_field *f = vs_field_find(table, v->key);
		struct vs_path_mark m = vs_path_key(b->path, v, vs_field_name(f, true));

		to_butane_value(b, f, v);
		vs_path_leave(b->path, m);
	}
}

/* ---- the versions */

/* The version of the config that Butane will make. */
static int
to_butane_target(const struct back *b)
{
	if (b->from == 7 || b->newest)
		return 7;
	return b->from <= 3 ? 3 : 4;
}

static void
to_butane_note_version(const struct back *b, const struct vs_tree *version)
{
	static const char path[] = "ignition.version";
	const char *old = vs_spec_name(b->from, true);
	const char *new = vs_spec_name(b->to, true);
	const char *by = vs_spec_name(b->to, false);

	if (b->from == b->to)
		return;
	if (b->to == 7)
		vs_report(b->r, VS_VERDICT_WARNING, version, path,
			"%s becomes %s with %s, which may be rejected by the next Ignition release: no earlier version supports line %d",
			old, new, by, b->newest->line);
	else if (b->from < b->to)
		vs_report(b->r, VS_VERDICT_WARNING, version, path,
			"%s becomes %s with %s: Butane cannot make an older version", old, new, by);
	else
		vs_report(b->r, VS_VERDICT_WARNING, version, path,
			"%s becomes %s with %s: it uses nothing newer", old, new, by);
}

/* Put variant and version first, and remove ignition.version. */
static void
to_butane_header(struct back *b)
{
	struct vs_tree *root = b->d->root, **at;
	struct vs_tree *ignition = vs_tree_get(root, "ignition"), *variant, *version;
	const char *text = vs_spec_flatcar(b->to);

	for (at = &ignition->child; strcmp((*at)->key, "version") != 0;)
		at = &(*at)->next;
	*at = (*at)->next;
	for (at = &root->child; *at != ignition; at = &(*at)->next)
		;
	if (ignition->child == NULL)
		*at = ignition->next;
	variant = vs_tree_new(b->d, root, "variant", VS_TREE_SCALAR, "flatcar", 7);
	version = vs_tree_new(b->d, root, "version", VS_TREE_SCALAR, text, strlen(text));
	variant->next = version;
	version->next = root->child;
	root->child = variant;
}

/* ---- the document */

/* Translate the result to see that Butane accepts it: a newer version may refuse what an
 * older one accepts.  version: the place of the findings. */
static bool
to_butane_verify(struct back *b, const struct vs_buf *yaml, const struct vs_tree *version)
{
	VS_TREE_FREE struct vs_tree_doc d = { 0 };
	VS_REPORT_FREE struct vs_report own = { .lax = true };
	struct vs_err err;

	if (vs_yaml_read(&d, yaml->s, yaml->len, version->file, &err) < 0) {
		vs_report(b->r, VS_VERDICT_ERROR, version, NULL, "cannot be written as YAML: %s",
			err.msg);
		return false;
	}
	if (vs_butane_check(&d, version->file, &own) == 0) {
		vs_butane_expand(&d, NULL, &own);
		vs_validate(&d, &own);
	}
	for (size_t i = 0; i < own.n; i++)
		if (!own.v[i].warning)
			vs_report(b->r, VS_VERDICT_ERROR, version, own.v[i].path,
				"rejected by %s: %s", vs_spec_name(b->to, false), own.v[i].text);
	return own.errors == 0;
}

/* The minor of "3.N.0..."; -1: another version, which vs_ignition_check reports. */
static int
to_butane_minor(const struct vs_tree *version)
{
	const char *s = version && version->kind == VS_TREE_SCALAR ? version->text : "";

	return strncmp(s, "3.", 2) == 0 && s[2] >= '0' && s[2] <= '7' ? s[2] - '0' : -1;
}

/* Report a version before 3, instead of all its keys, which have other names. */
static bool
to_butane_is_old(struct back *b, const struct vs_tree *version)
{
	if (version == NULL || version->kind != VS_TREE_SCALAR
		|| (strncmp(version->text, "2.", 2) && strncmp(version->text, "1.", 2)))
		return false;
	vs_report(b->r, VS_VERDICT_ERROR, version, "ignition.version",
		"Butane cannot make Ignition version 2 or older: convert it to version 3, for example with ign-converter");
	return true;
}

static int
to_butane_convert_all(struct back *b, const char *file, struct vs_buf *yaml)
{
	const struct vs_tree *version = vs_tree_get(vs_tree_get(b->d->root, "ignition"), "version");
	VS_BUF_FREE struct vs_buf out = VS_BUF_SECRET;
	size_t errors = b->r->errors;

	if (to_butane_is_old(b, version))
		return -1;
	vs_ignition_rename(b->d, VS_VERDICT_ERROR, b->r);
	version = vs_tree_get(vs_tree_get(b->d->root, "ignition"), "version");
	b->from = to_butane_minor(version);
	if (b->from >= 0)
		to_butane_order(b, vs_schema, b->d->root);
	vs_ignition_check(b->d, file, b->r);
	if (b->r->errors > errors)
		return -1;
	b->to = to_butane_target(b);
	to_butane_note_version(b, version);
	to_butane_convert(b, vs_schema, b->d->root);
	to_butane_header(b);
	vs_yaml_write(b->d->root, &out);
	if (!to_butane_verify(b, &out, version))
		return -1;
	vs_buf_add(yaml, out.s, out.len);
	return 0;
}

int
vs_to_butane(const char *json, size_t n, const char *file, struct vs_report *r, struct vs_buf *yaml)
{
	VS_TREE_FREE struct vs_tree_doc d = { 0 };
	VS_PATH_FREE struct vs_path path = VS_PATH_INIT;
	struct back b = { .d = &d, .r = r, .path = &path };
	struct vs_err err;
	int bad;

	r->json = true;
	if (vs_json_tree_read(&d, json, n, file, &err) < 0) {
		vs_report_err(r, file, &err);
		return -1;
	}
	bad = to_butane_convert_all(&b, file, yaml);
	vs_report_sort(r);
	return bad;
}
