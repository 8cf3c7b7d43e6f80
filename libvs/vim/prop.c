/* SPDX-License-Identifier: Apache-2.0 */
/* RetrievePropertiesEx and ContinueRetrievePropertiesEx (vSphere Web Services SDK:
 * PropertyCollector).  A token is valid once: a lost page starts the list again. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/backoff.h"
#include "base/bounds.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/num.h"
#include "vim/prop.h"
#include "vim/reference.h"

enum {
	PROP_PAGE = 2000, /* objects */
	PROP_LISTS = 4,	  /* how often a list is started before the read fails */
	PROP_IDLE = 6,	  /* pages in a row with nothing new, after which it fails */
};

struct vs_prop {
	struct vs_vc *vc;
	struct vs_call *call; /* being written, or in flight */
	struct vs_buf first;  /* the elements of the first call, to start again */
	void (*object)(void *, struct vs_node *);
	void (*end)(void *, const struct vs_err *);
	void *arg;
	struct vs_map seen; /* references passed on; only of a list with pages */
	unsigned lists;
	size_t before; /* objects that were passed on before the list was started again */
	size_t listed; /* objects in the list since then */
	unsigned idle; /* pages in a row with nothing new */
	char *token;   /* of the next page, or NULL */
	struct vs_timer pause;
};

struct vs_prop *
vs_prop_new(struct vs_vc *vc)
{
	struct vs_prop *p = vs_alloc(1, sizeof *p);

	p->vc = vc;
	p->first = (struct vs_buf)VS_BUF_INIT;
	/* never sent: _this is known only once the session is open */
	p->call = vs_vc_call(vc, "RetrievePropertiesEx", NULL, false);
	vs_xw_open(&p->call->w, "specSet");
	return p;
}

void
vs_prop_want(struct vs_prop *p, const char *type, const char *const *paths)
{
	struct vs_xw *w = &p->call->w;

	vs_xw_open(w, "propSet");
	vs_xw_text(w, "type", type);
	for (; *paths; paths++)
		vs_xw_text(w, "pathSet", *paths);
	vs_xw_close(w);
}

void
vs_prop_of(struct vs_prop *p, const char *ref)
{
	struct vs_xw *w = &p->call->w;

	vs_xw_open(w, "objectSet");
	vs_xw_ref(w, "obj", ref);
	vs_xw_close(w);
}

void
vs_prop_from(struct vs_prop *p, const char *ref, bool skip, const struct vs_sel *sels, size_t n)
{
	struct vs_xw *w = &p->call->w;

	vs_xw_open(w, "objectSet");
	vs_xw_ref(w, "obj", ref);
	vs_xw_bool(w, "skip", skip);
	for (size_t i = 0; i < n; i++) {
		vs_xw_open_type(w, "selectSet", "TraversalSpec");
		vs_xw_text(w, "name", sels[i].name);
		vs_xw_text(w, "type", sels[i].type);
		vs_xw_text(w, "path", sels[i].path);
		vs_xw_bool(w, "skip", false);
		for (const char *const *s = sels[i].next; s && *s; s++) {
			vs_xw_open_type(w, "selectSet", "SelectionSpec");
			vs_xw_text(w, "name", *s);
			vs_xw_close(w);
		}
		vs_xw_close(w);
	}
	vs_xw_close(w);
}

static void prop_page(struct vs_call *c, enum vs_call_end how);

static void
prop_free(struct vs_prop *p)
{
	vs_timer_clear(p->vc->wire.loop, &p->pause);
	vs_map_free(&p->seen);
	vs_buf_free(&p->first);
	free(p->token);
	free(p);
}

static void
prop_over(struct vs_prop *p, const struct vs_err *err)
{
	void (*end)(void *, const struct vs_err *) = p->end;

	end(p->arg, err);
	prop_free(p);
}

/* The first page, the first time or again. */
static void
prop_list(struct vs_prop *p)
{
	struct vs_call *c =
		vs_vc_call(p->vc, "RetrievePropertiesEx", p->vc->content.property_collector, false);

	p->lists++;
	p->before = p->seen.n;
	p->listed = 0;
	vs_set(&p->token, NULL);
	vs_xw_raw(&c->w, p->first.s, p->first.len);
	vs_xw_open(&c->w, "options");
	vs_xw_int(&c->w, "maxObjects", PROP_PAGE);
	vs_xw_close(&c->w);
	p->call = c;
	vs_call_send(c, prop_page, p);
}

static void
prop_more(void *arg)
{
	struct vs_prop *p = arg;
	struct vs_call *c = vs_vc_call(
		p->vc, "ContinueRetrievePropertiesEx", p->vc->content.property_collector, false);

	c->once = true;
	c->scoped = true;
	vs_xw_text(&c->w, "token", p->token);
	p->call = c;
	vs_call_send(c, prop_page, p);
}

/* Pass on the objects of a page; returns how many. */
static size_t
prop_pass_on(struct vs_prop *p, struct vs_node *returnval, bool paged)
{
	struct vs_node *o = vs_node_at(returnval, "objects");
	size_t n = 0;

	for (; o; o = vs_node_next(o)) {
		VS_FREE char *ref = vs_node_ref(vs_node_at(o, "obj"));

		p->listed++;
		if (ref == NULL || (paged && vs_map_get(&p->seen, ref)))
			continue;
		if (paged)
			vs_map_put(&p->seen, ref, p);
		p->object(p->arg, o);
		n++;
	}
	return n;
}

/* After a page that has another one after it: no list is read without end.  -1: it would
 * be. */
static int
prop_go_on(struct vs_prop *p, const char *method, const char *token, bool new, struct vs_err *err)
{
	int64_t most = vs_bound(VS_BOUND_OBJECTS);

	if ((int64_t)p->listed > most)
		return vs_fail(err, VS_ERR_FAILED, "%s: the list has more than %lld objects",
			method, (long long)most);
	if (p->token && strcmp(p->token, token) == 0)
		return vs_fail(
			err, VS_ERR_FAILED, "%s: the same token for two pages of a list", method);
	p->idle = new ? 0 : p->idle + 1;
	if (p->idle > PROP_IDLE)
		return vs_fail(err, VS_ERR_FAILED,
			"%s: page after page of a list holds nothing new", method);
	vs_set(&p->token, token);
	return 0;
}

static void
prop_page(struct vs_call *c, enum vs_call_end how)
{
	struct vs_prop *p = c->arg;
	struct vs_node *val = how == VS_CALL_REPLY ? vs_node_at(c->reply, "returnval") : NULL;
	const char *token = vs_node_text(val, "token");
	bool first = strcmp(c->method, "RetrievePropertiesEx") == 0, new;
	struct vs_err err;

	p->call = NULL;
	if (how != VS_CALL_REPLY) {
		/* a valid answer of a server that breaks the rules would come again */
		if (first || p->lists >= PROP_LISTS
			|| (how == VS_CALL_FAILED && c->err.code == VS_ERR_FAILED)) {
			prop_over(p, &c->err);
			return;
		}
		vs_info("a page of a list was lost: reading the list again");
		prop_list(p);
		return;
	}
	new = prop_pass_on(p, val, token != NULL || !first || p->lists > 1) > 0;
	/* after a lost page they come again */
	new |= vs_node_at(val, "objects") && p->listed <= p->before;
	if (token == NULL)
		prop_over(p, NULL);
	else if (prop_go_on(p, c->method, token, new, &err) < 0)
		prop_over(p, &err);
	else if (p->idle == 0)
		prop_more(p);
	else
		vs_timer_set(p->vc->wire.loop, &p->pause,
			vs_now()
				+ vs_backoff(p->idle, vs_bound(VS_BOUND_PAUSE_MS),
					vs_bound(VS_BOUND_PAUSE_MAX_MS)),
			prop_more, p);
}

void
vs_prop_send(struct vs_prop *p, void (*object)(void *, struct vs_node *),
	void (*end)(void *, const struct vs_err *), void *arg)
{
	struct vs_call *c = p->call;
	const char *from;

	assert(p->object == NULL); /* sent once */
	p->object = object;
	p->end = end;
	p->arg = arg;
	vs_xw_close(&c->w); /* specSet */
	/* what follows the method's start tag */
	from = strchr(c->w.b.s, '>') + 1;
	vs_buf_str(&p->first, from);
	vs_call_free(c);
	prop_list(p);
}

void
vs_prop_drop(struct vs_prop *p)
{
	if (p == NULL)
		return;
	vs_call_abort(p->call);
	prop_free(p);
}

struct prop_wait {
	void (*object)(void *, struct vs_node *);
	void *arg;
	bool over;
	int result;
	struct vs_err *err;
};

static bool
prop_is_read(void *arg)
{
	const struct prop_wait *w = arg;

	return w->over;
}

static void
prop_wait_object(void *arg, struct vs_node *content)
{
	struct prop_wait *w = arg;

	w->object(w->arg, content);
}

static void
prop_wait_end(void *arg, const struct vs_err *err)
{
	struct prop_wait *w = arg;

	w->over = true;
	if (err) {
		*w->err = *err;
		w->result = -1;
	}
}

int
vs_prop_wait(
	struct vs_prop *p, void (*object)(void *, struct vs_node *), void *arg, struct vs_err *err)
{
	struct prop_wait w = { .object = object, .arg = arg, .err = err };
	struct vs_vc *vc = p->vc;

	vs_prop_send(p, prop_wait_object, prop_wait_end, &w);
	if (vs_vc_until(vc, prop_is_read, &w, err) < 0) {
		vs_prop_drop(p);
		return -1;
	}
	return w.result;
}

static struct vs_node *
prop_set_of(struct vs_node *content, const char *path)
{
	struct vs_node *s = vs_node_at(content, "propSet");

	for (; s; s = vs_node_next(s)) {
		const char *name = vs_node_text(s, "name");

		if (name && strcmp(name, path) == 0)
			return s;
	}
	return NULL;
}

struct vs_node *
vs_prop_get(struct vs_node *content, const char *path)
{
	return vs_node_at(prop_set_of(content, path), "val");
}

int64_t
vs_prop_int(struct vs_node *content, const char *path, int64_t otherwise)
{
	return vs_node_int(prop_set_of(content, path), "val", otherwise);
}

bool
vs_prop_bool(struct vs_node *content, const char *path)
{
	return vs_node_bool(prop_set_of(content, path), "val");
}

const char *
vs_prop_text(struct vs_node *content, const char *path)
{
	struct vs_node *val = vs_prop_get(content, path);

	return val ? val->text : NULL;
}

struct vs_node *
vs_prop_missing(struct vs_node *content, const char *path)
{
	struct vs_node *m = vs_node_at(content, "missingSet");

	for (; m; m = vs_node_next(m)) {
		const char *name = vs_node_text(m, "path");

		if (name && strcmp(name, path) == 0)
			return vs_node_at(m, "fault/fault");
	}
	return NULL;
}

int
vs_prop_need_config(struct vs_node *content, const char *path, const char *what, struct vs_err *err)
{
	if (vs_prop_get(content, "config.instanceUuid") == NULL)
		return vs_fail(err, VS_ERR_FAILED,
			"cannot read its configuration: is it still being created, or inaccessible?");
	if (vs_prop_get(content, path) == NULL && vs_prop_missing(content, path))
		return vs_fail(err, VS_ERR_FAILED,
			"cannot read its %s: the role of this user does not allow it", what);
	return 0;
}
