/* SPDX-License-Identifier: Apache-2.0 */
/* Reads Ignition: which key is which follows Go's encoding/json, what is warned about
 * follows ignition-validate (coreos/ignition, config/util/parsingErrors.go and
 * config/validate).  Types are checked later. */
#include <string.h>

#include "base/assert.h"
#include "base/spelling.h"
#include "doc/path.h"
#include "doc/schema.h"
#include "ign/ignition.h"
#include "text/json_tree.h"

struct namer {
	struct vs_report *r;
	enum vs_verdict unknown;
	bool quiet; /* below a key in the wrong case, whose keys
				 * ignition-validate does not check */
	struct vs_path *path;
};

static void ignition_read_map(struct namer *n, const struct vs_field *table, struct vs_tree *m);

/* Does JSON have the field? */
static bool
ignition_read_usable(const struct vs_field *f)
{
	return f->type == VS_FIELD_VERSION
		|| (!f->sugar && !f->foreign && f->type != VS_FIELD_HEADER);
}

/* The next character of a key in lower case, as Go folds it: the long s is an s, the
 * Kelvin sign is a k. */
static int
ignition_read_fold(const char **s)
{
	int c = (unsigned char)**s;

	if (strncmp(*s, "\xc5\xbf", 2) == 0) {
		*s += 2;
		return 's';
	}
	if (strncmp(*s, "\xe2\x84\xaa", 3) == 0) {
		*s += 3;
		return 'k';
	}
	*s += 1;
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static bool
ignition_read_same_name(const char *a, const char *b)
{
	while (*a && *b)
		if (ignition_read_fold(&a) != ignition_read_fold(&b))
			return false;
	return *a == *b;
}

/* The field that Go stores the value of a key in: the one with that name, else the first
 * one that differs only in case. */
static const struct vs_field *
ignition_read_field(const struct vs_field *table, const char *key, bool *exact)
{
	for (const struct vs_field *f = table; f->yaml; f++)
		if (ignition_read_usable(f) && strcmp(vs_field_name(f, true), key) == 0) {
			*exact = true;
			return f;
		}
	*exact = false;
	for (const struct vs_field *f = table; f->yaml; f++)
		if (ignition_read_usable(f) && ignition_read_same_name(vs_field_name(f, true), key))
			return f;
	return NULL;
}

static void
ignition_read_unknown(struct namer *n, const struct vs_field *table, const struct vs_tree *v)
{
	struct vs_path_mark m = vs_path_unknown(n->path, v, strlen(v->key));
	const char *names[VS_FIELDS_MAX], *near;
	size_t k = 0;

	for (const struct vs_field *f = table; f->yaml; f++)
		if (ignition_read_usable(f)) {
			assert(k < VS_FIELDS_MAX);
			names[k++] = vs_field_name(f, true);
		}
	near = vs_did_you_mean(names, k, v->key);
	for (const struct vs_field *f = table; f->yaml; f++)
		if (ignition_read_usable(f) && strcmp(f->yaml, v->key) == 0)
			near = vs_field_name(f, true);
	if (!n->quiet)
		vs_report_key(n->r, n->unknown, v, vs_path_str(n->path), "unknown key%s%s%s",
			near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
	vs_path_leave(n->path, m);
}

/* A second value for the same field: Go merges objects and replaces all else, but null
 * only replaces a value that is optional. */
static void
ignition_read_merge(const struct vs_field *f, struct vs_tree *old, struct vs_tree *v)
{
	bool object = f->type == VS_FIELD_OBJECT || f->type == VS_FIELD_RESOURCE;
	struct vs_tree *next, **end, *was, before;

	if (object && old->kind == VS_TREE_MAP && v->kind == VS_TREE_MAP) {
		for (struct vs_tree *c = v->child; c; c = next) {
			next = c->next;
			was = vs_tree_get(old, c->key);
			if (was) {
				ignition_read_merge(vs_field_find(f->sub, c->key), was, c);
				continue;
			}
			for (end = &old->child; *end; end = &(*end)->next)
				;
			c->next = NULL;
			*end = c;
		}
	} else if (!vs_tree_null(v) || !(object || f->key)) {
		before = *old;
		next = v->next;
		*old = *v;
		old->next = before.next;
		old->was = v;
		*v = before;
		v->next = next;
	}
}

/* Go ignores null, but ignition-validate warns about it. */
static void
ignition_read_object(struct namer *n, const struct vs_field *table, struct vs_tree *v)
{
	if (v->kind == VS_TREE_MAP)
		ignition_read_map(n, table, v);
	else if (vs_tree_null(v) && !n->quiet)
		vs_report(n->r, VS_VERDICT_WARNING, v, vs_path_str(n->path),
			"expected an object, found null");
}

static void
ignition_read_children(struct namer *n, const struct vs_field *f, struct vs_tree *v)
{
	size_t i = 0;

	if (f->type == VS_FIELD_OBJECT || f->type == VS_FIELD_RESOURCE)
		ignition_read_object(n, f->sub, v);
	if (v->kind != VS_TREE_LIST
		|| (f->type != VS_FIELD_OBJECTS && f->type != VS_FIELD_RESOURCES))
		return;
	for (struct vs_tree *item = v->child; item; item = item->next) {
		struct vs_path_mark m = vs_path_item(n->path, item, i++);

		ignition_read_object(n, f->sub, item);
		vs_path_leave(n->path, m);
	}
}

/* Rename a key of a map.  False: remove it.  seen: the earlier value of each field. */
static bool
ignition_read_key(
	struct namer *n, const struct vs_field *table, struct vs_tree *v, struct vs_tree **seen)
{
	struct vs_path_mark m;
	const struct vs_field *f;
	bool exact, quiet = n->quiet;

	f = ignition_read_field(table, v->key, &exact);
	if (f == NULL) {
		ignition_read_unknown(n, table, v);
		return false;
	}
	m = vs_path_key(n->path, v, v->key);
	if (!exact && !quiet)
		vs_report_key(n->r, VS_VERDICT_WARNING, v, vs_path_str(n->path),
			"wrong case: this key is spelled '%s'", vs_field_name(f, true));
	v->key = f->yaml;
	assert(f - table < VS_FIELDS_MAX);
	seen += f - table;
	if (*seen && !n->r->lax)
		vs_report_key(n->r, VS_VERDICT_STRICT, v, vs_path_str(n->path),
			"duplicate key, first in line %d", (*seen)->key_line);
	n->quiet |= !exact && n->r->lax;
	ignition_read_children(n, f, v);
	n->quiet = quiet;
	vs_path_leave(n->path, m);
	if (*seen == NULL) {
		*seen = v;
		return true;
	}
	ignition_read_merge(f, *seen, v);
	return false;
}

static void
ignition_read_map(struct namer *n, const struct vs_field *table, struct vs_tree *m)
{
	struct vs_tree *seen[VS_FIELDS_MAX] = { NULL }, **at = &m->child;

	while (*at)
		if (ignition_read_key(n, table, *at, seen))
			at = &(*at)->next;
		else
			*at = (*at)->next;
}

void
vs_ignition_rename(struct vs_tree_doc *d, enum vs_verdict level, struct vs_report *r)
{
	VS_PATH_FREE struct vs_path path = VS_PATH_INIT;
	struct namer n = { .r = r, .unknown = level, .path = &path };

	if (d->root && d->root->kind == VS_TREE_MAP)
		ignition_read_map(&n, vs_schema, d->root);
}

int
vs_ignition_read(
	struct vs_tree_doc *d, const char *s, size_t n, const char *file, struct vs_report *r)
{
	struct vs_err err;

	r->json = true;
	d->lax = r->lax;
	if (vs_json_tree_read(d, s, n, file, &err) < 0) {
		vs_report_err(r, file, &err);
		return -1;
	}
	vs_ignition_rename(d, VS_VERDICT_WARNING, r);
	return 0;
}
