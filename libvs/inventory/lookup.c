/* SPDX-License-Identifier: Apache-2.0 */
/* What is meant by a name: the second half of inventory.h. */
#include <string.h>

#include "base/spelling.h"
#include "inventory/inventory.h"
#include "inventory/place_path.h"
#include "text/record.h"

enum { SHOWN = 8 }; /* candidates in a message */

const char *
vs_place_kind_name(enum vs_place_kind kind)
{
	switch (kind) {
	case VS_PLACE_DATACENTER:
		return "datacenter";
	case VS_PLACE_FOLDER:
		return "folder";
	case VS_PLACE_CLUSTER:
		return "cluster";
	case VS_PLACE_POOL:
		return "resource pool";
	case VS_PLACE_HOST:
		return "host";
	case VS_PLACE_DATASTORE:
		return "datastore";
	case VS_PLACE_DATASTORE_CLUSTER:
		return "datastore cluster";
	case VS_PLACE_NETWORK:
		return "network";
	case VS_PLACE_OTHER:
		break;
	}
	return "place";
}

static const char *
lookup_last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Is tail the end of path, from a '/' on? */
static bool
lookup_ends_with(const char *path, const char *tail)
{
	size_t n = strlen(path), k = strlen(tail);

	return k > 0 && n > k && path[n - k - 1] == '/' && strcmp(path + n - k, tail) == 0;
}

/* What of path comes after root, or NULL: it is not below. */
static const char *
lookup_behind(const char *path, const char *root)
{
	size_t n = strlen(root);

	return strncmp(path, root, n) == 0 && path[n] == '/' ? path + n + 1 : NULL;
}

bool
vs_inv_below(const struct vs_place *p, const struct vs_place *above)
{
	return lookup_behind(p->path, above->path) != NULL;
}

struct vs_place *
vs_inv_by_ref(const struct vs_inv *inv, const char *ref)
{
	return ref ? vs_map_get(&inv->by_ref, ref) : NULL;
}

struct vs_place *
vs_inv_holder(const struct vs_inv *inv, const char *ref)
{
	VS_FREE char *key = vs_printf("holder of %s", ref);
	struct vs_place *p = vs_map_get(&inv->by_ref, key);

	return p ? p : vs_inv_by_ref(inv, ref);
}

struct vs_place *
vs_inv_at(const struct vs_inv *inv, const char *path)
{
	return vs_map_get(&inv->by_path, path);
}

void
vs_inv_vm_path(const struct vs_inv *inv, const char *parent_ref, const char *name, struct vs_buf *b)
{
	struct vs_place *p = parent_ref ? vs_inv_holder(inv, parent_ref) : NULL;

	if (p)
		vs_buf_str(b, p->path);
	vs_buf_ch(b, '/');
	vs_path_encode(name, true, b);
}

struct vs_place *
vs_inv_root(const struct vs_inv *inv, const struct vs_place *dc, enum vs_place_kind kind)
{
	const char *ref = NULL;

	if (dc == NULL)
		return NULL;
	switch (kind) {
	case VS_PLACE_FOLDER:
		ref = dc->vm_folder;
		break;
	case VS_PLACE_CLUSTER:
	case VS_PLACE_POOL:
	case VS_PLACE_HOST:
		ref = dc->host_folder;
		break;
	case VS_PLACE_DATASTORE:
	case VS_PLACE_DATASTORE_CLUSTER:
		ref = dc->datastore_folder;
		break;
	case VS_PLACE_NETWORK:
		ref = dc->network_folder;
		break;
	case VS_PLACE_DATACENTER:
	case VS_PLACE_OTHER:
		break;
	}
	return vs_inv_by_ref(inv, ref);
}

/* ---- one question */

struct query {
	const struct vs_inv *inv;
	enum vs_place_kind kind;
	const char *given;
	const struct vs_place *in; /* NULL: anywhere */
	struct vs_buf normal;	   /* of given, as a path */
	struct vs_buf whole;	   /* of given, as one name that may hold a '/' */
};

static bool
lookup_in_scope(const struct query *q, const struct vs_place *p)
{
	return p->kind == q->kind && (q->in == NULL || p->datacenter == q->in);
}

/* Nobody names a pool when the cluster has only its own. */
static bool
lookup_by_default(const struct query *q, const struct vs_place *p)
{
	if (!lookup_in_scope(q, p))
		return false;
	if (q->kind == VS_PLACE_POOL)
		return p->parent && p->parent->kind == VS_PLACE_CLUSTER;
	if (q->kind == VS_PLACE_FOLDER)
		return p == vs_inv_root(q->inv, p->datacenter, VS_PLACE_FOLDER);
	return true;
}

static bool
lookup_by_pattern(const struct query *q, const struct vs_place *p)
{
	const struct vs_place *root = vs_inv_root(q->inv, p->datacenter, q->kind);
	const char *of = p->path;

	if (!vs_is_pattern(q->given))
		return false;
	if (*q->given != '/')
		of = root && strchr(q->given, '/') ? lookup_behind(of, root->path)
						   : lookup_last_part(of);
	return of && vs_path_matches(q->normal.s, of);
}

/* How given may mean a place, the surest first: what one of these finds, the
 * next are not asked about. */
enum way { REF, PATH, TAIL, WHOLE_NAME, PATTERN, BARE_ID, WAYS };

static bool
lookup_means(const struct query *q, const struct vs_place *p, enum way way)
{
	const struct vs_place *root;
	const char *rest;

	if (way == REF)
		return strcmp(p->ref, q->given) == 0;
	if (*q->given == '/')
		return way == PATH ? strcmp(p->path, q->normal.s) == 0
				   : way == PATTERN && lookup_by_pattern(q, p);
	if (!lookup_in_scope(q, p))
		return false;
	switch (way) {
	case PATH:
		root = vs_inv_root(q->inv, p->datacenter, q->kind);
		rest = root ? lookup_behind(p->path, root->path) : p->path + 1;
		return rest && strcmp(rest, q->normal.s) == 0;
	case TAIL:
		return lookup_ends_with(p->path, q->normal.s);
	case WHOLE_NAME:
		return strcmp(lookup_last_part(p->path), q->whole.s) == 0;
	case PATTERN:
		return lookup_by_pattern(q, p);
	case BARE_ID:
		return strcmp(strchr(p->ref, ':') + 1, q->given) == 0;
	case REF:
	case WAYS:
		break;
	}
	return false;
}

/* Does it lie below a place, of whatever kind, that given names? */
static bool
lookup_in_named(const struct query *q, const struct vs_place *p)
{
	const struct vs_place *above;

	if (*q->given == '/')
		return *q->normal.s == '\0' || lookup_behind(p->path, q->normal.s);
	for (above = p->parent; above; above = above->parent)
		if (lookup_ends_with(above->path, q->normal.s))
			return lookup_in_scope(q, p);
	return false;
}

/* Walks the places that are meant; after: NULL at first. */
static struct vs_place *
lookup_next_meant(const struct query *q, struct vs_place *after, int way)
{
	struct vs_place *p = after ? after->next : q->inv->first;

	for (; p; p = p->next)
		if (p->kind == q->kind
			&& (q->given ? lookup_means(q, p, way) : lookup_by_default(q, p)))
			return p;
	return NULL;
}

size_t
vs_inv_each(const struct vs_inv *inv, enum vs_place_kind kind, const char *given,
	const struct vs_place *in, void (*call)(void *arg, struct vs_place *p), void *arg)
{
	VS_BUF_FREE struct vs_buf normal = VS_BUF_INIT, whole = VS_BUF_INIT;
	struct query q = { .inv = inv, .kind = kind, .given = given, .in = in };
	struct vs_place *p;
	size_t n = 0;

	if (given) {
		vs_path_normal(given, &normal);
		vs_path_normal_part(given, strlen(given), &whole);
	}
	q.normal = normal; /* borrowed */
	q.whole = whole;
	for (int way = 0; given && way < WAYS && n == 0; way++)
		for (p = lookup_next_meant(&q, NULL, way); p; p = lookup_next_meant(&q, p, way)) {
			call(arg, p);
			n++;
		}
	if (n > 0)
		return n;
	for (p = inv->first; p; p = p->next)
		if (given ? p->kind == kind && lookup_in_named(&q, p) : lookup_in_scope(&q, p)) {
			call(arg, p);
			n++;
		}
	return n;
}

bool
vs_inv_names(const struct vs_inv *inv, const char *given)
{
	VS_BUF_FREE struct vs_buf normal = VS_BUF_INIT;

	vs_path_normal(given, &normal);
	if (*given == '/')
		return vs_inv_at(inv, normal.s) != NULL;
	for (const struct vs_place *p = inv->first; p; p = p->next)
		if (lookup_ends_with(p->path, normal.s))
			return true;
	return false;
}

/* ---- messages */

/* Several of one path: only the reference tells them apart. */
static bool
lookup_path_is_shared(const struct vs_inv *inv, const struct vs_place *p)
{
	for (const struct vs_place *o = inv->first; o; o = o->next)
		if (o != p && o->kind == p->kind && strcmp(o->path, p->path) == 0)
			return true;
	return false;
}

static void
lookup_show(const struct query *q, const struct vs_place *p, size_t n, struct vs_buf *b)
{
	if (n >= SHOWN)
		return;
	vs_buf_fmt(b, "%s'%s'", n ? ", " : "", p->path);
	if (lookup_path_is_shared(q->inv, p))
		vs_buf_fmt(b, " (%s)", p->ref);
}

static void
lookup_show_rest(size_t n, struct vs_buf *b)
{
	if (n > SHOWN)
		vs_buf_fmt(b, " and %zu more", n - SHOWN);
}

static const struct vs_place *
lookup_nearest(const struct query *q)
{
	const struct vs_place **places = NULL, *best = NULL;
	const char **names = NULL, *found;
	size_t n = 0, cap = 0, cap2 = 0;

	for (const struct vs_place *p = q->inv->first; p; p = p->next)
		if (lookup_in_scope(q, p)) {
			vs_grow(places, n, cap);
			vs_grow(names, n, cap2);
			places[n] = p;
			names[n++] = lookup_last_part(p->path);
		}
	found = vs_did_you_mean(names, n, lookup_last_part(q->normal.s));
	for (size_t i = 0; i < n && found && !best; i++)
		if (names[i] == found)
			best = places[i];
	vs_freep(&places);
	vs_freep(&names);
	return best;
}

static int
lookup_not_found(const struct query *q, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	const struct vs_place *near = lookup_nearest(q);
	size_t n = 0;

	if (near)
		lookup_show(q, near, n++, &b);
	for (const struct vs_place *p = q->inv->first; p; p = p->next)
		if (p != near && lookup_in_scope(q, p))
			lookup_show(q, p, n++, &b);
	lookup_show_rest(n, &b);
	if (n == 0)
		return vs_fail(err, VS_ERR_NOT_FOUND,
			"cannot find %s '%s': there is none%s%s that this user may see",
			vs_place_kind_name(q->kind), q->given, q->in ? " in " : "",
			q->in ? q->in->path : "");
	return vs_fail(err, VS_ERR_NOT_FOUND, "cannot find %s '%s': candidates are %s",
		vs_place_kind_name(q->kind), q->given, b.s);
}

static int
lookup_ambiguous(const struct query *q, int way, const char *option, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	const char *kind = vs_place_kind_name(q->kind), *by = "path";
	size_t n = 0;

	for (struct vs_place *p = lookup_next_meant(q, NULL, way); p;
		p = lookup_next_meant(q, p, way)) {
		lookup_show(q, p, n++, &b);
		if (lookup_path_is_shared(q->inv, p))
			by = "reference";
	}
	lookup_show_rest(n, &b);
	if (q->given == NULL)
		return vs_fail(err, VS_ERR_NOT_FOUND,
			"there is more than one %s, choose one%s%s: candidates are %s", kind,
			option ? " with " : "", option ? option : "", b.s);
	return vs_fail(err, VS_ERR_NOT_FOUND,
		"%s '%s' is ambiguous, give its %s: candidates are %s", kind, q->given, by, b.s);
}

/* ---- the answer */

static struct vs_place *
lookup_answer(struct query *q, const char *option, struct vs_err *err)
{
	for (int way = 0; way < (q->given ? WAYS : 1); way++) {
		struct vs_place *p = lookup_next_meant(q, NULL, way);

		if (p == NULL)
			continue;
		if (lookup_next_meant(q, p, way) == NULL)
			return p;
		lookup_ambiguous(q, way, option, err);
		return NULL;
	}
	if (q->given)
		lookup_not_found(q, err);
	else
		vs_fail(err, VS_ERR_NOT_FOUND, "there is no %s%s%s that this user may see",
			vs_place_kind_name(q->kind), q->in ? " in " : "", q->in ? q->in->path : "");
	return NULL;
}

/* A pool is often called by its cluster's name. */
static struct vs_place *
lookup_pool_of_cluster(const struct query *q)
{
	struct query c = *q;
	struct vs_err ignored;
	struct vs_place *p;

	c.kind = VS_PLACE_CLUSTER;
	p = lookup_answer(&c, NULL, &ignored);
	return p ? vs_inv_by_ref(q->inv, p->root_pool) : NULL;
}

struct vs_place *
vs_inv_find(struct vs_inv *inv, enum vs_place_kind kind, const char *given,
	const struct vs_place *in, const char *option, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf normal = VS_BUF_INIT, whole = VS_BUF_INIT;
	struct query q = { .inv = inv, .kind = kind, .given = given, .in = in };
	struct vs_place *p;

	if (in == NULL && kind != VS_PLACE_DATACENTER && inv->vc->wire.conn->datacenter) {
		q.in = vs_inv_datacenter(inv, NULL, err);
		if (q.in == NULL)
			return NULL;
	}
	if (given) {
		vs_path_normal(given, &normal);
		vs_path_normal_part(given, strlen(given), &whole);
	}
	q.normal = normal; /* borrowed: freed here */
	q.whole = whole;
	p = lookup_answer(&q, option, err);
	if (p == NULL && given && kind == VS_PLACE_POOL)
		p = lookup_pool_of_cluster(&q);
	return p;
}

struct vs_place *
vs_inv_datacenter(struct vs_inv *inv, const char *path, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_place *p;

	if (path && *path == '/') {
		vs_path_normal(path, &b);
		for (p = inv->first; p; p = p->next)
			if (p->kind == VS_PLACE_DATACENTER && lookup_behind(b.s, p->path))
				return p;
	}
	return vs_inv_find(inv, VS_PLACE_DATACENTER, inv->vc->wire.conn->datacenter, NULL,
		"--datacenter", err);
}
