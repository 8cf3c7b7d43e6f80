/* SPDX-License-Identifier: Apache-2.0 */
/* Names are matched against an inventory that has been read; nothing is sent.  The
 * forms follow govmomi's finder (find/finder.go), with its ambiguities as errors. */
#include <string.h>

#include "base/candidates.h"
#include "base/mem.h"
#include "base/spelling.h"
#include "inventory/lookup.h"
#include "inventory/place.h"
#include "inventory/place_path.h"
#include "text/record.h"

static const char *
lookup_last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Is path below p? */
static bool
lookup_begins_with(const char *path, const struct vs_place *p)
{
	VS_FREE char *of = vs_place_path(p);
	size_t n = strlen(of);

	return strncmp(path, of, n) == 0 && path[n] == '/';
}

void
vs_inv_vm_path(const struct vs_inv *inv, const char *parent_ref, const char *name, struct vs_buf *b)
{
	struct vs_place *p = parent_ref ? vs_inv_holder(inv, parent_ref) : NULL;

	if (p)
		vs_place_path_add(p, b);
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

struct lookup_query {
	const struct vs_inv *inv;
	enum vs_place_kind kind;
	const char *given;
	const struct vs_place *in; /* NULL: anywhere */
	struct vs_buf normal;	   /* of given, as a path */
	struct vs_buf whole;	   /* of given, as one name that may hold a '/' */
};

static bool
lookup_in_scope(const struct lookup_query *q, const struct vs_place *p)
{
	return p->kind == q->kind && (q->in == NULL || p->datacenter == q->in);
}

/* Without a name: the root pool of a cluster, the folder "vm", or any other place. */
static bool
lookup_by_default(const struct lookup_query *q, const struct vs_place *p)
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
lookup_by_pattern(const struct lookup_query *q, const struct vs_place *p)
{
	const struct vs_place *root = vs_inv_root(q->inv, p->datacenter, q->kind);
	VS_BUF_FREE struct vs_buf of = VS_BUF_INIT;

	if (!vs_is_pattern(q->given))
		return false;
	if (*q->given == '/')
		vs_place_path_add(p, &of);
	else if (root == NULL || strchr(q->given, '/') == NULL)
		vs_buf_str(&of, p->part);
	else if (vs_place_below(p, root))
		vs_place_path_below(p, root, &of);
	return of.len > 0 && vs_path_matches(q->normal.s, of.s);
}

/* How given can mean a place, in this order: the first that finds one decides. */
enum lookup_way {
	LOOKUP_REF,
	LOOKUP_PATH,
	LOOKUP_TAIL,
	LOOKUP_WHOLE_NAME,
	LOOKUP_PATTERN,
	LOOKUP_BARE_ID,
	LOOKUP_WAYS
};

static bool
lookup_means(const struct lookup_query *q, const struct vs_place *p, enum lookup_way way)
{
	if (way == LOOKUP_REF)
		return strcmp(p->ref, q->given) == 0;
	if (*q->given == '/')
		return way == LOOKUP_PATH ? *q->normal.s && vs_place_is(p, NULL, q->normal.s + 1)
					  : way == LOOKUP_PATTERN && lookup_by_pattern(q, p);
	if (!lookup_in_scope(q, p))
		return false;
	switch (way) {
	case LOOKUP_PATH:
		return vs_place_is(p, vs_inv_root(q->inv, p->datacenter, q->kind), q->normal.s);
	case LOOKUP_TAIL:
		return vs_place_ends(p, q->normal.s);
	case LOOKUP_WHOLE_NAME:
		return strcmp(p->part, q->whole.s) == 0;
	case LOOKUP_PATTERN:
		return lookup_by_pattern(q, p);
	case LOOKUP_BARE_ID:
		return strcmp(strchr(p->ref, ':') + 1, q->given) == 0;
	case LOOKUP_REF:
	case LOOKUP_WAYS:
		break;
	}
	return false;
}

/* Is p below a place, of any kind, that given names? */
static bool
lookup_in_named(const struct lookup_query *q, const struct vs_place *p)
{
	const struct vs_place *above;

	if (*q->given == '/')
		return vs_place_below_path(p, q->normal.s);
	for (above = p->parent; above; above = above->parent)
		if (vs_place_ends(above, q->normal.s))
			return lookup_in_scope(q, p);
	return false;
}

/* The next place that is meant; after: the last one, NULL at first. */
static struct vs_place *
lookup_next_meant(const struct lookup_query *q, struct vs_place *after, int way)
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
	struct lookup_query q = { .inv = inv, .kind = kind, .given = given, .in = in };
	struct vs_place *p;
	size_t n = 0;

	if (given) {
		vs_path_normal(given, &normal);
		vs_path_normal_part(given, strlen(given), &whole);
	}
	q.normal = normal; /* borrowed */
	q.whole = whole;
	for (int way = 0; given && way < LOOKUP_WAYS && n == 0; way++)
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
		if (vs_place_ends(p, normal.s))
			return true;
	return false;
}

/* ---- messages */

/* Only the reference distinguishes places with the same path. */
static bool
lookup_path_is_shared(const struct vs_inv *inv, const struct vs_place *p)
{
	for (const struct vs_place *o = inv->first; o; o = o->next)
		if (o != p && o->kind == p->kind && vs_place_same_path(o, p))
			return true;
	return false;
}

static void
lookup_list(const struct lookup_query *q, const struct vs_place *p, struct vs_candidates *c)
{
	VS_FREE char *path = vs_place_path(p);

	if (lookup_path_is_shared(q->inv, p))
		vs_candidates_add(c, "'%s' (%s)", path, p->ref);
	else
		vs_candidates_add(c, "'%s'", path);
}

static const struct vs_place *
lookup_nearest(const struct lookup_query *q)
{
	const struct vs_place **places = NULL, *best = NULL;
	const char **names = NULL, *found;
	size_t n = 0, cap = 0, cap2 = 0;

	for (const struct vs_place *p = q->inv->first; p; p = p->next)
		if (lookup_in_scope(q, p)) {
			vs_grow(places, n, cap);
			vs_grow(names, n, cap2);
			places[n] = p;
			names[n++] = p->part;
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
lookup_not_found(const struct lookup_query *q, struct vs_err *err)
{
	VS_CANDIDATES_FREE struct vs_candidates c = VS_CANDIDATES_INIT;
	VS_FREE char *in = q->in ? vs_place_path(q->in) : NULL;
	const struct vs_place *near = lookup_nearest(q);

	if (near)
		lookup_list(q, near, &c);
	for (const struct vs_place *p = q->inv->first; p; p = p->next)
		if (p != near && lookup_in_scope(q, p))
			lookup_list(q, p, &c);
	if (c.n == 0)
		return vs_fail(err, VS_ERR_NOT_FOUND,
			"cannot find %s '%s': there is no %s%s%s that this user can see",
			vs_place_kind_name(q->kind), q->given, vs_place_kind_name(q->kind),
			in ? " in " : "", in ? in : "");
	return vs_fail(err, VS_ERR_NOT_FOUND, "cannot find %s '%s': candidates are %s",
		vs_place_kind_name(q->kind), q->given, vs_candidates_text(&c));
}

static int
lookup_ambiguous(
	const struct lookup_query *q, enum lookup_way way, const char *option, struct vs_err *err)
{
	VS_CANDIDATES_FREE struct vs_candidates c = VS_CANDIDATES_INIT;
	const char *kind = vs_place_kind_name(q->kind), *by = "path";

	for (struct vs_place *p = lookup_next_meant(q, NULL, way); p;
		p = lookup_next_meant(q, p, way)) {
		lookup_list(q, p, &c);
		if (lookup_path_is_shared(q->inv, p))
			by = "reference";
	}
	if (q->given == NULL)
		return vs_fail(err, VS_ERR_NOT_FOUND,
			"there is more than one %s, choose one%s%s: candidates are %s", kind,
			option ? " with " : "", option ? option : "", vs_candidates_text(&c));
	return vs_fail(err, VS_ERR_NOT_FOUND,
		"%s '%s' is ambiguous, give its %s: candidates are %s", kind, q->given, by,
		vs_candidates_text(&c));
}

/* ---- the answer */

static struct vs_place *
lookup_answer(struct lookup_query *q, const char *option, struct vs_err *err)
{
	VS_FREE char *in = q->in ? vs_place_path(q->in) : NULL;

	for (int way = 0; way < (q->given ? LOOKUP_WAYS : 1); way++) {
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
		vs_fail(err, VS_ERR_NOT_FOUND, "there is no %s%s%s that this user can see",
			vs_place_kind_name(q->kind), in ? " in " : "", in ? in : "");
	return NULL;
}

/* A pool can be given by the name of its cluster. */
static struct vs_place *
lookup_pool_of_cluster(const struct lookup_query *q)
{
	struct lookup_query c = *q;
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
	struct lookup_query q = { .inv = inv, .kind = kind, .given = given, .in = in };
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
			if (p->kind == VS_PLACE_DATACENTER && lookup_begins_with(b.s, p))
				return p;
	}
	return vs_inv_find(inv, VS_PLACE_DATACENTER, inv->vc->wire.conn->datacenter, NULL,
		"--datacenter", err);
}
