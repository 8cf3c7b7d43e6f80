/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/spelling.h"
#include "butane/butane.h"
#include "butane/butane_rules.h"
#include "doc/path.h"
#include "ign/flatcar.h"
#include "ign/validate.h"

#define SHOWN(v) vs_shown(v, (char[64]){ 0 }, 64)

struct checker {
	struct vs_report *r;
	struct vs_path path;
};

static void check_object(struct checker *c, const struct vs_field *table, struct vs_tree *map);

/* Is there such a field in a document of this kind and version? */
static bool
check_usable(const struct checker *c, const struct vs_field *f)
{
	if (f->type == VS_FIELD_VERSION)
		return c->r->json;
	return f->foreign == NULL && f->since <= c->r->spec;
}

/* The one section here that has such a key: "files" is storage's. */
static const char *
check_section_of(const struct vs_field *table, const char *key)
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

/* In JSON there are none left: see ign/ignition.h. */
static void
check_unknown(struct checker *c, const struct vs_field *table, const struct vs_tree *v)
{
	struct vs_path_mark m = vs_path_unknown(&c->path, v);
	const char *names[24], *near, *section = check_section_of(table, v->key);
	size_t n = 0;

	for (const struct vs_field *f = table; f->yaml; f++)
		if (n < VS_LEN(names) && check_usable(c, f) && f->until <= c->r->spec)
			names[n++] = f->yaml;
	near = vs_did_you_mean(names, n, v->key);
	if (section)
		vs_report_key(c->r, VS_VERDICT_SLIP, v, vs_path_str(&c->path),
			"there is no such key here: it belongs below '%s'", section);
	else
		vs_report_key(c->r, VS_VERDICT_SLIP, v, vs_path_str(&c->path),
			"there is no such key here%s%s%s", near ? ": did you mean '" : "",
			near ? near : "", near ? "'?" : "");
	vs_path_leave(&c->path, m);
}

static bool
check_wrong(struct checker *c, struct vs_tree *v, const char *want)
{
	vs_report(c->r, VS_VERDICT_ERROR, v, vs_path_str(&c->path), "%s is wanted here, not %s",
		want, vs_tree_what(v));
	v->bad = true;
	return false;
}

static bool
check_integer(struct checker *c, struct vs_tree *v)
{
	long long n;

	if (vs_value_int(v, &n))
		return true;
	if (v->kind != VS_TREE_SCALAR)
		return check_wrong(c, v, "a number");
	if (v->style != VS_TREE_PLAIN && v->style != VS_TREE_FILLED)
		vs_report(c->r, VS_VERDICT_ERROR, v, vs_path_str(&c->path),
			"a number is wanted here, not a string: leave the quotes out");
	else
		vs_report(c->r, VS_VERDICT_ERROR, v, vs_path_str(&c->path),
			"'%s' is no whole number%s", SHOWN(v),
			v->text[0] == '0' && !v->secret ? " (a leading 0 makes it octal)" : "");
	v->bad = true;
	return false;
}

static bool
check_truth(struct checker *c, struct vs_tree *v)
{
	bool b;

	if (vs_value_bool(v, &b))
		return true;
	if (v->kind != VS_TREE_SCALAR)
		return check_wrong(c, v, "true or false");
	vs_report(c->r, VS_VERDICT_ERROR, v, vs_path_str(&c->path),
		"'%s' is neither true nor false%s", SHOWN(v),
		v->style == VS_TREE_PLAIN || v->style == VS_TREE_FILLED ? ""
									: ": leave the quotes out");
	v->bad = true;
	return false;
}

/* JSON tells numbers and truths from strings, YAML takes them for strings
 * where one is wanted. */
static bool
check_string(struct checker *c, const struct vs_field *f, struct vs_tree *v)
{
	static const char *const texts[] = { "inline", "contents", "source" };

	if (v->kind != VS_TREE_SCALAR || (c->r->json && v->style == VS_TREE_PLAIN))
		return check_wrong(c, v, "a string");
	if (strlen(v->text) == v->len)
		return true;
	for (size_t i = 0; i < VS_LEN(texts); i++)
		if (strcmp(f->yaml, texts[i]) == 0)
			return true;
	vs_report(
		c->r, VS_VERDICT_ERROR, v, vs_path_str(&c->path), "a NUL can only stand in a text");
	v->bad = true;
	return false;
}

/* One value, or one item of a list of them; true: the type is right. */
static bool
check_single(struct checker *c, const struct vs_field *f, struct vs_tree *v)
{
	switch (f->type) {
	case VS_FIELD_INT:
		return check_integer(c, v);
	case VS_FIELD_BOOL:
		return check_truth(c, v);
	case VS_FIELD_STRING:
	case VS_FIELD_STRINGS:
	case VS_FIELD_VERSION:
		return check_string(c, f, v);
	default:
		check_object(c, f->sub, v);
		return !v->bad;
	}
}

static void
check_ruled(struct checker *c, const struct vs_field *f, struct vs_tree *v)
{
	if (check_single(c, f, v) && f->early && !c->r->json)
		vs_early_apply(f->early, c->r, v, vs_path_str(&c->path));
}

/* An item that is null: to Go's JSON it is one all the same. */
static void
check_nothing(struct checker *c, const struct vs_field *f, struct vs_tree *v)
{
	vs_report(c->r, c->r->json && f->sub ? VS_VERDICT_WARNING : VS_VERDICT_STRICT, v,
		vs_path_str(&c->path), "an item with nothing in it");
	if (c->r->json) {
		v->kind = f->sub ? VS_TREE_MAP : VS_TREE_SCALAR;
		v->style = VS_TREE_QUOTED;
		v->text = vs_buf_empty;
		v->len = 0;
	}
}

static void
check_list(struct checker *c, const struct vs_field *f, struct vs_tree *v)
{
	size_t i = 0;

	if (v->kind != VS_TREE_LIST) {
		vs_report(c->r, VS_VERDICT_ERROR, v, vs_path_str(&c->path),
			"a list is wanted here, not %s%s", vs_tree_what(v),
			c->r->json ? "" : ": begin its items with '- '");
		v->bad = true;
		return;
	}
	for (struct vs_tree *item = v->child; item; item = item->next) {
		struct vs_path_mark m = vs_path_item(&c->path, item, i++);

		if (vs_tree_null(item))
			check_nothing(c, f, item);
		else
			check_ruled(c, f, item);
		vs_path_leave(&c->path, m);
	}
}

/* As Butane sees what its filters refuse: some field of it is set. */
static bool
check_says(const struct vs_field *table, const struct vs_tree *v)
{
	for (const struct vs_tree *k = v->child; k; k = k->next) {
		const struct vs_field *f = vs_field_find(table, k->key);

		if (f && k->kind == VS_TREE_LIST	      ? k->child != NULL
				: f && k->kind == VS_TREE_MAP ? check_says(f->sub, k)
							      : f && !vs_tree_null(k))
			return true;
	}
	return false;
}

static void
check_known(struct checker *c, const struct vs_field *f, struct vs_tree *v)
{
	if (f->until > c->r->spec && !c->r->json)
		vs_report_key(c->r,
			f->sub && v->kind == VS_TREE_MAP && !check_says(f->sub, v)
				? VS_VERDICT_STRICT
				: VS_VERDICT_ERROR,
			v, vs_path_str(&c->path), "%s", f->refused);
	if (f->type == VS_FIELD_HEADER)
		;
	else if (f->type == VS_FIELD_STRINGS || f->type == VS_FIELD_OBJECTS
		|| f->type == VS_FIELD_RESOURCES)
		check_list(c, f, v);
	else
		check_ruled(c, f, v);
}

static void
check_field(struct checker *c, const struct vs_field *table, struct vs_tree *v)
{
	const struct vs_field *f = vs_field_find(table, v->key);
	struct vs_path_mark m;

	if (f == NULL) {
		check_unknown(c, table, v);
		return;
	}
	m = vs_path_key(&c->path, v, vs_field_name(f, c->r->json));
	for (struct vs_tree *w = v->was; w && check_usable(c, f); w = w->was)
		if (!vs_tree_null(w))
			check_known(c, f, w);
	if (f->foreign && !check_usable(c, f))
		vs_report_key(c->r, VS_VERDICT_SLIP, v, vs_path_str(&c->path), "%s", f->foreign);
	else if (f->since > c->r->spec)
		vs_report_key(c->r, c->r->json ? VS_VERDICT_WARNING : VS_VERDICT_SLIP, v,
			vs_path_str(&c->path), "this came with %s, the document is %s",
			vs_spec_name(f->since, c->r->json), vs_spec_name(c->r->spec, c->r->json));
	else if (!vs_tree_null(v))
		check_known(c, f, v);
	else if (c->r->json && f->sub && f->type != VS_FIELD_OBJECTS
		&& f->type != VS_FIELD_RESOURCES)
		vs_report(c->r, VS_VERDICT_WARNING, v, vs_path_str(&c->path),
			"null, where an object is wanted");
	v->bad |= !check_usable(c, f) && f->type != VS_FIELD_HEADER;
	vs_path_leave(&c->path, m);
}

static void
check_object(struct checker *c, const struct vs_field *table, struct vs_tree *map)
{
	if (map->kind != VS_TREE_MAP) {
		check_wrong(c, map, c->r->json ? "an object" : "a map ('key: value')");
		return;
	}
	for (struct vs_tree *v = map->child; v; v = v->next)
		check_field(c, table, v);
}

static int
check_version(const struct vs_tree *root, struct vs_report *r)
{
	static const struct {
		const char *name;
		int spec;
	} all[] = { { "1.0.0", 3 }, { "1.1.0", 4 }, { "1.2.0-experimental", 7 } };
	const struct vs_tree *v = vs_tree_get(root, "version");

	if (v == NULL || v->kind != VS_TREE_SCALAR) {
		vs_report(r, VS_VERDICT_ERROR, v ? v : root, "version",
			"it must be given: 1.1.0, or 1.0.0 for Flatcar before 3602");
		return -1;
	}
	for (size_t i = 0; i < VS_LEN(all); i++)
		if (strcmp(v->text, all[i].name) == 0) {
			if (all[i].spec > 4)
				vs_report(r, VS_VERDICT_HINT, v, "version",
					"it makes Ignition 3.7.0-experimental, which the next Ignition need not read: use 1.1.0 where you can");
			return all[i].spec;
		}
	vs_report(r, VS_VERDICT_ERROR, v, "version",
		"flatcar has no version '%s': 1.1.0, or 1.0.0 for Flatcar before 3602", SHOWN(v));
	return -1;
}

static int
check_header(const struct vs_tree *root, struct vs_report *r)
{
	const struct vs_tree *v = vs_tree_get(root, "variant");

	if (v == NULL && vs_tree_get(vs_tree_get(root, "ignition"), "version")) {
		vs_report(r, VS_VERDICT_ERROR, root, NULL,
			"this is Ignition already, not a Butane document");
		return -1;
	}
	if (v == NULL || v->kind != VS_TREE_SCALAR) {
		vs_report(r, VS_VERDICT_ERROR, v ? v : root, "variant",
			"a Butane document begins with 'variant: flatcar' and 'version: 1.1.0'");
		return -1;
	}
	if (strcmp(v->text, "flatcar") != 0) {
		vs_report(r, VS_VERDICT_ERROR, v, "variant",
			"'%s' is not flatcar, the variant that is read here", SHOWN(v));
		return -1;
	}
	return check_version(root, r);
}

/* Types and keys of the whole tree. */
static void
check_types(struct vs_tree *root, struct vs_report *r)
{
	struct checker c = { .r = r, .path = VS_PATH_INIT };

	check_object(&c, vs_butane, root);
	vs_buf_free(&c.path.b);
}

static bool
check_a_map(const struct vs_tree_doc *d, const char *file, struct vs_report *r)
{
	const struct vs_tree nothing = { .file = file, .line = 1, .col = 1 };

	if (d->root == NULL || vs_tree_null(d->root))
		vs_report(r, VS_VERDICT_ERROR, &nothing, NULL, "an empty document");
	else if (d->root->kind != VS_TREE_MAP)
		vs_report(r, VS_VERDICT_ERROR, d->root, NULL,
			"a map ('key: value') is wanted here, not %s", vs_tree_what(d->root));
	else
		return true;
	return false;
}

int
vs_butane_check(struct vs_tree_doc *d, const char *file, struct vs_report *r)
{
	int spec;

	if (!check_a_map(d, file, r))
		return -1;
	spec = check_header(d->root, r);
	if (spec < 0)
		return -1;
	r->spec = spec;
	r->json = false;
	check_types(d->root, r);
	return 0;
}

/* ignition.version: "3.0.0" to "3.6.0", and what is to become 3.7.0. */
static int
check_spec_of(const struct vs_tree *v)
{
	struct vs_spec spec;

	if (!vs_spec_parse(&spec, v->text) || spec.major != 3 || spec.minor > 7 || spec.patch > 0
		|| spec.experimental != (spec.minor == 7))
		return -1;
	return spec.minor;
}

int
vs_ignition_check_as(struct vs_tree_doc *d, int spec, struct vs_report *r)
{
	size_t errors = r->errors;
	bool bad;

	r->json = true;
	r->spec = spec;
	if (d->root->kind != VS_TREE_MAP)
		return -1;
	check_types(d->root, r);
	bad = r->errors > errors;
	vs_validate(d, r);
	return bad ? -1 : 0;
}

int
vs_ignition_check(struct vs_tree_doc *d, const char *file, struct vs_report *r)
{
	const struct vs_tree *v;

	r->json = true;
	r->spec = -1;
	if (!check_a_map(d, file, r))
		return -1;
	v = vs_tree_get(vs_tree_get(d->root, "ignition"), "version");
	if (v == NULL || v->kind != VS_TREE_SCALAR) {
		vs_report(r, VS_VERDICT_ERROR, v ? v : d->root, "ignition.version",
			"it is missing: this is no Ignition config");
		return -1;
	}
	if (check_spec_of(v) >= 0)
		return vs_ignition_check_as(d, check_spec_of(v), r);
	vs_report(r, VS_VERDICT_ERROR, v, "ignition.version",
		"'%s' is none that is read here: 3.0.0 to 3.6.0, or 3.7.0-experimental", SHOWN(v));
	return -1;
}
