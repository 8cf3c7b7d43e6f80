/* SPDX-License-Identifier: Apache-2.0 */
/* Aliases, merge keys and maps as Go's yaml.v3 decodes them, with its limits
 * (decode.go).  Scalars are in goyaml_plain.c. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "butane/goyaml.h"
#include "butane/goyaml_keys.h"
#include "butane/goyaml_plain.h"
#include "butane/goyaml_scalar.h"
#include "doc/path.h"
#include "doc/spec.h"

enum {
	INSIDE = 256, /* levels of aliases */
	LOW = 400000,
	HIGH = 4000000, /* see goyaml_allowed */
	HEADER = -1,	/* as spec: read nothing but variant and version */
};

/* The aliases that are being expanded. */
struct inside {
	const struct vs_tree *alias;
	const struct inside *up;
	size_t depth;
};

struct reader {
	struct vs_tree_doc *d;
	struct vs_report *r;
	struct vs_path *path;
	int spec; /* minor of the Ignition version, or HEADER */
	const struct inside *in;
	size_t looked, aliased; /* values read; of these, through aliases */
	bool over;		/* the limit was exceeded */
};

/* A map that is being made, of a map of the text and the maps that it merges. */
struct object {
	const struct vs_field *table;
	struct vs_tree *node, **end;
	unsigned long long set; /* fields that a merged map must not set again */
	bool merging;
};

static struct vs_tree *goyaml_take(
	struct reader *g, const struct vs_field *f, bool item, const struct vs_tree *v);
static void goyaml_map(struct reader *g, struct object *o, const struct vs_tree *from);

/* ---- limits: those of yaml.v3 (allowedAliasRatio in decode.go), by which aliases can
 * make about as many values as a file of 500 KB has, or a tenth of a larger one */

static double
goyaml_allowed(size_t looked)
{
	if (looked <= LOW)
		return 0.99;
	if (looked >= HIGH)
		return 0.10;
	return 0.99 - 0.89 * ((double)(looked - LOW) / (HIGH - LOW));
}

static bool
goyaml_count(struct reader *g, const struct vs_tree *v)
{
	g->looked++;
	g->aliased += g->in != NULL;
	if (g->over || g->aliased <= 100 || g->looked <= 1000
		|| (double)g->aliased / (double)g->looked <= goyaml_allowed(g->looked))
		return !g->over;
	vs_report(g->r, VS_VERDICT_ERROR, v, NULL, "aliases expand too far: %zu values up to here",
		g->looked);
	g->over = true;
	return false;
}

/* Enter the node that an alias refers to.  The caller leaves it with g->in = to->up. */
static bool
goyaml_enter(struct reader *g, const struct vs_tree *alias, struct inside *to)
{
	*to = (struct inside){ alias, g->in, g->in ? g->in->depth + 1 : 1 };
	for (const struct inside *i = g->in; i; i = i->up)
		if (i->alias == alias) {
			vs_report(g->r, VS_VERDICT_ERROR, alias, NULL,
				"the alias '*%.60s' refers to a node that contains it",
				alias->text);
			return false;
		}
	if (to->depth > INSIDE) {
		vs_report(g->r, VS_VERDICT_ERROR, alias, NULL,
			"aliases refer to aliases more than %d levels deep", INSIDE);
		return false;
	}
	g->in = to;
	return true;
}

/* ---- lists and maps */

static bool
goyaml_is_list(const struct vs_field *f)
{
	return f->type == VS_FIELD_STRINGS || f->type == VS_FIELD_OBJECTS
		|| f->type == VS_FIELD_RESOURCES;
}

static struct vs_tree *
goyaml_list(struct reader *g, const struct vs_field *f, const struct vs_tree *v)
{
	struct vs_tree *n = vs_goyaml_node(g->d, v), **end = &n->child;
	size_t i = 0;

	for (const struct vs_tree *c = v->child; c && !g->over; c = c->next) {
		struct vs_path_mark m = vs_path_item(g->path, c, i);

		*end = goyaml_take(g, f, true, c);
		if (*end) {
			end = &(*end)->next;
			i++;
		}
		vs_path_leave(g->path, m);
	}
	return n;
}

/* A value that was counted.  One of a wrong kind is kept, without its children. */
static struct vs_tree *
goyaml_value(struct reader *g, const struct vs_field *f, bool item, const struct vs_tree *v)
{
	struct object o = { .table = f->sub };

	if (v->kind == VS_TREE_SCALAR)
		return vs_goyaml_scalar(g->d, f, item, v, vs_path_str(g->path), g->r);
	if (v->kind == VS_TREE_LIST && goyaml_is_list(f) && !item)
		return goyaml_list(g, f, v);
	o.node = vs_goyaml_node(g->d, v);
	o.end = &o.node->child;
	if (v->kind == VS_TREE_MAP && f->sub && (item || !goyaml_is_list(f)))
		goyaml_map(g, &o, v);
	return o.node;
}

/* item: v is an item of the list f. */
static struct vs_tree *
goyaml_take(struct reader *g, const struct vs_field *f, bool item, const struct vs_tree *v)
{
	struct vs_tree *n = NULL;
	struct inside in;

	if (!goyaml_count(g, v))
		return NULL;
	if (v->kind != VS_TREE_ALIAS)
		return goyaml_value(g, f, item, v);
	if (!goyaml_enter(g, v, &in))
		return NULL;
	n = goyaml_take(g, f, item, v->origin);
	g->in = in.up;
	return n;
}

/* ---- keys */

static const struct vs_field key_field = { .type = VS_FIELD_STRING };

/* A key, read into a string as Go does; NULL: it is null, or was reported. */
static const struct vs_tree *
goyaml_key_text(struct reader *g, const struct vs_tree *name)
{
	const struct vs_tree *n;

	if (name->kind == VS_TREE_SCALAR && name->tag == NULL)
		return goyaml_count(g, name) && !vs_tree_null(name) ? name : NULL;
	n = goyaml_take(g, &key_field, false, name);
	if (n == NULL || n->kind == VS_TREE_SCALAR)
		return n;
	vs_report(g->r, VS_VERDICT_ERROR, name, vs_path_str(g->path),
		"a key must be a string, not %s", vs_tree_what(n));
	return NULL;
}

static int
goyaml_by_name(const void *a, const void *b)
{
	const struct vs_tree *x = *(const struct vs_tree *const *)a;
	const struct vs_tree *y = *(const struct vs_tree *const *)b;
	size_t n = x->len < y->len ? x->len : y->len;
	int d = (int)x->kind - (int)y->kind;

	if (d == 0 && n)
		d = memcmp(x->text, y->text, n);
	if (d == 0 && x->len != y->len)
		d = x->len < y->len ? -1 : 1;
	if (d == 0)
		d = x->line != y->line ? x->line - y->line : x->col - y->col;
	return d;
}

static bool
goyaml_same_name(const struct vs_tree *x, const struct vs_tree *y)
{
	return x->kind == y->kind && x->len == y->len
		&& (x->len == 0 || memcmp(x->text, y->text, x->len) == 0);
}

static void
goyaml_duplicate(struct reader *g, const struct vs_tree *name, const struct vs_tree *first)
{
	vs_report(g->r, VS_VERDICT_ERROR, name, NULL, "duplicate key '%s', first in line %d",
		name->text ? VS_SHOWN(name) : "", first->line);
}

/* Report duplicate keys.  Go's yaml compares them as they are written; any two lists are
 * equal, and any two maps. */
static bool
goyaml_no_duplicates(struct reader *g, const struct vs_tree *from)
{
	VS_FREE const struct vs_tree **all = NULL;
	size_t n = 0, i = 0, errors = g->r->errors;

	for (const struct vs_tree *v = from->child; v && v->name; v = v->next)
		n++;
	if (n < 2) /* no names: vs_yaml_read has checked them */
		return true;
	all = vs_alloc(n, sizeof *all);
	for (const struct vs_tree *v = from->child; v; v = v->next)
		all[i++] = v->name;
	qsort(all, n, sizeof *all, goyaml_by_name);
	for (i = 1; i < n; i++)
		if (goyaml_same_name(all[i - 1], all[i]))
			goyaml_duplicate(g, all[i], all[i - 1]);
	return g->r->errors == errors;
}

static void
goyaml_attach(struct object *o, struct vs_tree *n, const char *key, const struct vs_tree *name)
{
	n->key = key;
	n->key_line = name->line;
	n->key_col = name->col;
	*o->end = n;
	o->end = &n->next;
}

/* Read the value of a known field. */
static void
goyaml_field(struct reader *g, struct object *o, const struct vs_field *f,
	const struct vs_tree *name, const struct vs_tree *v)
{
	struct vs_path_mark m = vs_path_key(g->path, v, f->yaml);
	struct vs_tree *n = goyaml_take(g, f, false, v);

	vs_path_leave(g->path, m);
	if (n)
		goyaml_attach(o, n, f->yaml, name);
}

/* Keep an unknown key, which Butane warns about.  If a later version has the field, keep
 * its value, too: a fragment may raise the version of the document. */
static void
goyaml_keep(struct reader *g, struct object *o, const struct vs_tree *name, const struct vs_tree *v)
{
	VS_REPORT_FREE struct vs_report aside = { .lax = true };
	VS_PATH_FREE struct vs_path path = VS_PATH_INIT;
	struct reader later = { .d = g->d, .r = &aside, .path = &path, .spec = VS_SPEC_NEWEST };
	const struct vs_field *f;
	struct vs_tree *n = NULL;

	if (g->spec == HEADER || o->merging || !vs_goyaml_is_plain(name)
		|| vs_goyaml_field(o->table, name->text, name->len, g->spec))
		return;
	f = vs_goyaml_field(o->table, name->text, name->len, VS_SPEC_NEWEST);
	if (f)
		n = goyaml_take(&later, f, false, v);
	if (n == NULL || aside.errors) {
		n = vs_goyaml_node(g->d, v);
		n->kind = VS_TREE_SCALAR;
		vs_goyaml_text(g->d, n, "", 0, VS_TREE_PLAIN);
	}
	goyaml_attach(o, n, name->text, name);
}

static const struct vs_field *
goyaml_find_field(const struct reader *g, const struct object *o, const struct vs_tree *key)
{
	const struct vs_field *f =
		vs_goyaml_field(o->table, key->text, key->len, g->spec == HEADER ? 0 : g->spec);

	return f && g->spec == HEADER && f->type != VS_FIELD_HEADER ? NULL : f;
}

/* A document, or a map merged into it, with the tag !!null: Go's yaml panics when such a
 * map sets a field. */
static bool
goyaml_is_null_map(struct reader *g, const struct object *o, const struct vs_tree *from)
{
	if (o->table != vs_schema || from->tag == NULL || g->spec == HEADER
		|| strcmp(VS_GOYAML_TAG(from->tag), "!!null") != 0)
		return false;
	vs_report(g->r, VS_VERDICT_ERROR, from, NULL, "a map cannot have the tag !!null");
	return true;
}

/* Read a key and its value.  done: the fields that this map has set. */
static void
goyaml_pair(struct reader *g, struct object *o, const struct vs_tree *from, const struct vs_tree *v,
	unsigned long long *done)
{
	struct vs_tree own;
	const struct vs_tree *name = vs_goyaml_name(v, &own);
	const struct vs_tree *key = goyaml_key_text(g, name);
	const struct vs_field *f = key ? goyaml_find_field(g, o, key) : NULL;
	unsigned long long bit = f ? 1ull << (f - o->table) : 0;

	goyaml_keep(g, o, name, v);
	if (f == NULL || (o->merging && o->set & bit) || goyaml_is_null_map(g, o, from))
		return;
	if (o->merging)
		o->set |= bit;
	if (*done & bit) {
		goyaml_duplicate(g, name,
			vs_tree_get(o->node, f->yaml) ? vs_tree_get(o->node, f->yaml) : name);
		return;
	}
	*done |= bit;
	goyaml_field(g, o, f, name, v);
}

/* ---- merge keys */

static bool
goyaml_mergeable(struct reader *g, const struct vs_tree *v)
{
	if (v->kind == VS_TREE_MAP || (v->kind == VS_TREE_ALIAS && v->origin->kind == VS_TREE_MAP))
		return true;
	vs_report(g->r, VS_VERDICT_ERROR, v, vs_path_str(g->path),
		"'<<' requires a map, an alias of a map, or a list of them");
	return false;
}

static void
goyaml_merge_one(struct reader *g, struct object *o, const struct vs_tree *v)
{
	struct inside in;

	if (!goyaml_mergeable(g, v) || !goyaml_count(g, v))
		return;
	if (v->kind == VS_TREE_MAP) {
		goyaml_map(g, o, v);
	} else if (goyaml_enter(g, v, &in)) {
		if (goyaml_count(g, v->origin))
			goyaml_map(g, o, v->origin);
		g->in = in.up;
	}
}

/* The first one wins: the map's own keys, then the merged maps in their order, each before
 * the maps that it merges itself. */
static void
goyaml_merge(struct reader *g, struct object *o, const struct vs_tree *from,
	const struct vs_tree *v, unsigned long long done)
{
	bool outer = !o->merging;

	if (outer) {
		o->merging = true;
		o->set = done;
		/* Go counts the keys again */
		for (const struct vs_tree *k = from->child; k && !g->over; k = k->next)
			goyaml_count(g, k);
	}
	if (v->kind != VS_TREE_LIST)
		goyaml_merge_one(g, o, v);
	else
		for (v = v->child; v && !g->over; v = v->next)
			goyaml_merge_one(g, o, v);
	if (outer)
		o->merging = false;
}

static void
goyaml_map(struct reader *g, struct object *o, const struct vs_tree *from)
{
	const struct vs_tree *merged = NULL;
	unsigned long long done = 0;
	struct vs_tree own;

	if (!goyaml_no_duplicates(g, from))
		return;
	for (const struct vs_tree *v = from->child; v && !g->over; v = v->next)
		if (vs_goyaml_is_merge(vs_goyaml_name(v, &own)))
			merged = v;
		else
			goyaml_pair(g, o, from, v, &done);
	if (merged && !g->over)
		goyaml_merge(g, o, from, merged, done);
}

/* ---- the document */

static struct vs_tree *
goyaml_document(struct reader *g, const struct vs_tree *root, int spec)
{
	struct object o = { .table = vs_schema, .node = vs_goyaml_node(g->d, root) };

	g->spec = spec;
	g->looked = 1; /* the document itself */
	g->aliased = 0;
	o.end = &o.node->child;
	if (goyaml_count(g, root))
		goyaml_map(g, &o, root);
	return o.node;
}

/* Normalize the spelling of a version: 01.1.0, 1.1.0+. */
static void
goyaml_canonical(struct reader *g, struct vs_tree *v)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	const char *s = v->text;
	size_t n;

	for (int i = 0; i < 3; i++) {
		while (s[0] == '0' && s[1] >= '0' && s[1] <= '9')
			s++;
		n = strspn(s, "0123456789");
		if (n == 0 || (i < 2 && s[n] != '.'))
			return;
		vs_buf_add(&b, s, n + (i < 2));
		s += n + (i < 2);
	}
	n = strlen(s);
	if (n && s[n - 1] == '+')
		n--;
	if (n == 1 && *s == '-')
		n--;
	vs_buf_add(&b, s, n);
	vs_goyaml_text(g->d, v, b.s, b.len, VS_TREE_QUOTED);
}

/* The minor of the Ignition version that the document makes: VS_SPEC_NEWEST if it has no
 * version, HEADER if it is unknown. */
static int
goyaml_spec(struct reader *g, struct vs_tree *root)
{
	struct vs_tree *v = vs_tree_get(root, "version");

	if (v == NULL || v->kind != VS_TREE_SCALAR)
		return VS_SPEC_NEWEST;
	goyaml_canonical(g, v);
	return vs_spec_of_flatcar(v->text);
}

int
vs_goyaml_plain_tree(struct vs_tree_doc *d, struct vs_report *r)
{
	VS_PATH_FREE struct vs_path path = VS_PATH_INIT;
	struct reader g = { .d = d, .r = r, .path = &path };
	struct vs_tree *text = d->root, *root, *v;
	size_t errors = r->errors;
	int spec;

	if (text == NULL || text->kind != VS_TREE_MAP)
		return 0;
	root = goyaml_document(&g, text, HEADER);
	spec = goyaml_spec(&g, root);
	if (spec != HEADER && r->errors == errors) {
		root = goyaml_document(&g, text, spec);
		v = vs_tree_get(root, "version");
		if (v && v->kind == VS_TREE_SCALAR)
			goyaml_canonical(&g, v);
	}
	d->root = root;
	if (r->errors > errors)
		return -1;
	if (spec != HEADER)
		vs_goyaml_unused(r, spec, root, text);
	return 0;
}
