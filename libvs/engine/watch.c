/* SPDX-License-Identifier: Apache-2.0 */
/* watch.c - create view, collector and filter; poll; begin again after a loss.
 *
 * What is in the view is decided in members.c.  Source: vSphere Web Services API,
 * PropertyCollector.WaitForUpdatesEx, ListView.ModifyListView. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/backoff.h"
#include "base/bounds.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/num.h"
#include "engine/watch.h"
#include "vim/reference.h"

enum {
	POLL = 50,    /* s, maxWaitSeconds */
	CROWD = 8,    /* more members than this ... */
	PACE = 100,   /* ... and polls and additions are at least so many ms apart */
	DROPS = 32,   /* removals that are worth a request of their own */
	BURST = 16,   /* responses that come at once, before the next one waits, too */
	RETRY = 1000, /* ms until a lost poll is repeated */
	RESTARTS = 3, /* in a row, of views that did not last */
};

static const char *const watch_task[] = { "info.state", "info.error", "info.result", NULL };

/* What is watched of each type of object.  To watch another type, add a row. */
static const struct watch_type {
	const char *type;
	const char *const *paths;
	bool verb_paths;      /* those of the verb instead, if it has any */
	const char *progress; /* only while a progress line is shown, or NULL */
} watch_types[] = {
	{ "Task", watch_task, false, "info.progress" },
	{ "VirtualMachine", NULL, true, NULL },
};

struct vs_watch {
	struct vs_vc *vc;
	const char *const *verb_paths;
	bool progress;
	void (*broken)(void *, const struct vs_err *);
	void *arg;
	struct vs_members members;
	char *view, *collector; /* NULL: not created yet */
	bool bare;		/* create the view empty: see watch_created */
	bool full;		/* the poll asks for the full state */
	unsigned restarts;	/* in a row */
	int64_t stood;		/* the first response to a poll of this view; 0: none yet */
	int64_t not_before;	/* of the next restart */
	unsigned creating;	/* calls that create view and collector */
	bool filtering, filtered, modifying;
	struct vs_call *poll;
	char *version;	  /* of the last response, "" at first */
	int64_t polled;	  /* when the poll was sent */
	int64_t answered; /* when that was */
	struct vs_pace pace;
	bool truncated;	    /* the last response: the rest is asked for at once */
	unsigned news;	    /* objects of ours in the last response */
	int64_t joined;	    /* when members were added last */
	int64_t lost_since; /* 0: the last poll was answered */
	struct vs_timer later, joins;
	bool closing, session_ends;
	size_t outstanding; /* calls, except the poll */
};

struct vs_watch *
vs_watch_new(struct vs_vc *vc, const char *const *verb_paths, bool progress,
	void (*broken)(void *, const struct vs_err *), void *arg)
{
	struct vs_watch *w = vs_alloc(1, sizeof *w);

	w->vc = vc;
	w->verb_paths = verb_paths;
	w->progress = progress;
	w->broken = broken;
	w->arg = arg;
	w->version = vs_strdup("");
	return w;
}

void
vs_watch_free(struct vs_watch *w)
{
	if (w == NULL)
		return;
	vs_timer_clear(w->vc->wire.loop, &w->later);
	vs_timer_clear(w->vc->wire.loop, &w->joins);
	vs_call_abort(w->poll);
	vs_members_free(&w->members);
	free(w->view);
	free(w->collector);
	free(w->version);
	free(w);
}

void
vs_watch_add(struct vs_watch *w, struct vs_member *m)
{
	vs_members_add(&w->members, m);
}

void
vs_watch_remove(struct vs_watch *w, struct vs_member *m)
{
	vs_members_remove(&w->members, m);
}

static void
watch_call(struct vs_watch *w, struct vs_call *c, void (*end)(struct vs_call *, enum vs_call_end))
{
	w->outstanding++;
	vs_call_send(c, end, w);
}

static void
watch_returned(struct vs_watch *w)
{
	assert(w->outstanding > 0);
	w->outstanding--;
}

static void
watch_destroyed(struct vs_call *c, enum vs_call_end how)
{
	struct vs_watch *w = c->arg;

	(void)how; /* if it failed, it ends with the session */
	watch_returned(w);
}

static void
watch_destroy(struct vs_watch *w, const char *method, char **ref)
{
	struct vs_call *c;

	if (*ref == NULL || w->session_ends)
		return;
	c = vs_vc_call(w->vc, method, *ref, false);
	c->scoped = true;
	vs_set(ref, NULL);
	watch_call(w, c, watch_destroyed);
}

static void
watch_destroy_all(struct vs_watch *w)
{
	watch_destroy(w, "DestroyPropertyCollector", &w->collector);
	watch_destroy(w, "DestroyView", &w->view);
}

/* View and collector are lost or in an unknown state: create them again with all
 * members, but not forever. */
static void
watch_restart(struct vs_watch *w, const struct vs_err *why, bool session_gone)
{
	if (session_gone) {
		vs_set(&w->view, NULL);
		vs_set(&w->collector, NULL);
	}
	watch_destroy_all(w);
	vs_set(&w->version, "");
	w->filtered = w->bare = false;
	vs_members_reset(&w->members);
	/* the time that it took to create them does not count */
	if (w->stood && vs_now() - w->stood > vs_bound(VS_BOUND_PAUSE_MAX_MS))
		w->restarts = 0;
	w->stood = 0;
	if (++w->restarts > RESTARTS)
		w->broken(w->arg, why);
	else if (w->restarts > 1)
		w->not_before = vs_now() + ((int64_t)RETRY << w->restarts);
}

/* A call other than the poll failed, or the poll in a way that a new one does not cure. */
static void
watch_trouble(struct vs_watch *w, struct vs_call *c, enum vs_call_end how)
{
	if (how == VS_CALL_STALE || strcmp(c->err.fault, "ManagedObjectNotFound") == 0
		|| strcmp(c->err.fault, "NotAuthenticated") == 0)
		watch_restart(w, &c->err, how == VS_CALL_STALE);
	else
		w->broken(w->arg, &c->err);
}

static void
watch_created(struct vs_call *c, enum vs_call_end how)
{
	struct vs_watch *w = c->arg;
	bool is_view = strcmp(c->method, "CreateListView") == 0;
	char **to = is_view ? &w->view : &w->collector;

	watch_returned(w);
	w->creating--;
	if (how == VS_CALL_REPLY) {
		free(*to);
		*to = vs_node_ref(vs_node_at(c->reply, "returnval"));
	} else if (!w->closing && is_view && !w->bare
		&& strcmp(c->err.fault, "ManagedObjectNotFound") == 0) {
		/* one of the first members is gone, and no view was created:
		 * ModifyListView names it, and adds the others */
		w->bare = true;
		vs_members_reset(&w->members);
	} else if (!w->closing) {
		watch_trouble(w, c, how);
	}
	if (w->closing)
		watch_destroy_all(w);
}

static void
watch_create(struct vs_watch *w)
{
	struct vs_call *view, *pc;

	if (w->collector == NULL) {
		pc = vs_vc_call(
			w->vc, "CreatePropertyCollector", w->vc->content.property_collector, false);
		w->creating++;
		watch_call(w, pc, watch_created);
	}
	if (w->view == NULL) {
		view = vs_vc_call(w->vc, "CreateListView", w->vc->content.view_manager, false);
		if (!w->bare)
			vs_members_write(&w->members, &view->w, "obj", NULL);
		w->creating++;
		watch_call(w, view, watch_created);
	}
}

static void
watch_filter_made(struct vs_call *c, enum vs_call_end how)
{
	struct vs_watch *w = c->arg;

	watch_returned(w);
	w->filtering = false;
	if (how == VS_CALL_REPLY)
		w->filtered = true;
	else if (!w->closing)
		watch_trouble(w, c, how);
	if (w->closing)
		watch_destroy_all(w);
}

static void
watch_write_type(const struct watch_type *t, const struct vs_watch *w, struct vs_xw *xw)
{
	const char *const *paths = t->verb_paths ? w->verb_paths : t->paths;

	if (paths == NULL)
		return;
	vs_xw_open(xw, "propSet");
	vs_xw_text(xw, "type", t->type);
	for (; *paths; paths++)
		vs_xw_text(xw, "pathSet", *paths);
	if (w->progress)
		vs_xw_text(xw, "pathSet", t->progress);
	vs_xw_close(xw);
}

static void
watch_make_filter(struct vs_watch *w)
{
	struct vs_call *c = vs_vc_call(w->vc, "CreateFilter", w->collector, false);

	c->scoped = true;
	vs_xw_open(&c->w, "spec");
	for (size_t i = 0; i < VS_LEN(watch_types); i++)
		watch_write_type(&watch_types[i], w, &c->w);
	vs_xw_open(&c->w, "objectSet");
	vs_xw_ref(&c->w, "obj", w->view);
	vs_xw_bool(&c->w, "skip", true);
	vs_xw_open_type(&c->w, "selectSet", "TraversalSpec");
	vs_xw_text(&c->w, "type", "ListView");
	vs_xw_text(&c->w, "path", "view");
	vs_xw_bool(&c->w, "skip", false);
	vs_xw_close(&c->w);
	vs_xw_close(&c->w);
	vs_xw_close(&c->w);
	vs_xw_bool(&c->w, "partialUpdates", false);
	w->filtering = true;
	watch_call(w, c, watch_filter_made);
}

static void
watch_modified(struct vs_call *c, enum vs_call_end how)
{
	struct vs_watch *w = c->arg;
	struct vs_node *n;

	watch_returned(w);
	w->modifying = false;
	if (w->closing) {
		watch_destroy_all(w);
		return;
	}
	if (how != VS_CALL_REPLY) {
		watch_trouble(w, c, how);
		return;
	}
	/* what could not be resolved is gone */
	for (n = vs_node_at(c->reply, "returnval"); n; n = vs_node_next(n)) {
		VS_FREE char *ref = vs_node_ref(n);

		vs_members_update(&w->members, ref ? ref : "", "gone", NULL);
	}
}

static void
watch_modify(struct vs_watch *w)
{
	struct vs_call *c = vs_vc_call(w->vc, "ModifyListView", w->view, false);

	assert(!w->modifying); /* their responses must come in order */
	c->scoped = true;
	vs_members_write(&w->members, &c->w, "add", "remove");
	w->modifying = true;
	w->joined = vs_now();
	watch_call(w, c, watch_modified);
}

static void
watch_object_update(struct vs_watch *w, struct vs_node *o)
{
	VS_FREE char *ref = vs_node_ref(vs_node_at(o, "obj"));
	const char *kind = vs_node_text(o, "kind");

	if (ref && kind)
		w->news += vs_members_update(&w->members, ref, kind, o);
}

static void
watch_updated(struct vs_watch *w, struct vs_node *val)
{
	struct vs_node *f, *o;

	w->lost_since = 0;
	if (w->stood == 0)
		w->stood = w->answered;
	w->news = 0;
	w->truncated = vs_node_bool(val, "truncated");
	/* without a value nothing has changed: the same version again */
	if (val)
		vs_set(&w->version, vs_node_text(val, "version"));
	for (f = vs_node_at(val, "filterSet"); f; f = vs_node_next(f))
		for (o = vs_node_at(f, "objectSet"); o; o = vs_node_next(o))
			watch_object_update(w, o);
	/* a full state in parts: each has one object at least */
	vs_pace_answered(&w->pace, w->answered - w->polled, w->news > 0,
		BURST + (w->truncated ? w->members.n : 0));
	if (val && w->full && !w->truncated) {
		w->full = false;
		vs_members_missing(&w->members);
	}
}

static void
watch_polled(struct vs_call *c, enum vs_call_end how)
{
	struct vs_watch *w = c->arg;

	w->poll = NULL;
	w->answered = vs_now();
	if (w->closing)
		return;
	if (how == VS_CALL_REPLY) {
		watch_updated(w, vs_node_at(c->reply, "returnval"));
		return;
	}
	/* a session that ended, or a response that another one would not cure */
	if (how == VS_CALL_STALE || strcmp(c->err.fault, "ManagedObjectNotFound") == 0
		|| strcmp(c->err.fault, "NotAuthenticated") == 0 || c->exceeded
		|| (how == VS_CALL_FAILED && c->err.code == VS_ERR_FAILED)) {
		watch_trouble(w, c, how);
		return;
	}
	/* The response is lost, and with it what has changed: the empty version asks
	 * for the full state. */
	vs_info("%s; asking for the full state", c->err.msg);
	vs_set(&w->version, "");
	w->truncated = false;
	if (w->lost_since == 0)
		w->lost_since = w->answered;
	w->pace.pause = RETRY;
	if (w->answered + RETRY - w->lost_since > w->vc->wire.retry_ms)
		w->broken(w->arg, &c->err);
}

static void
watch_wake(void *arg)
{
	(void)arg; /* the round that follows polls */
}

static void
watch_poll_now(struct vs_watch *w)
{
	int64_t crowd = w->members.n > CROWD && !w->truncated ? PACE : 0;
	int64_t at = w->answered + (w->pace.pause > crowd ? w->pace.pause : crowd);
	struct vs_call *c;

	if (vs_now() < at) {
		vs_timer_set(w->vc->wire.loop, &w->later, at, watch_wake, w);
		return;
	}
	assert(w->poll == NULL); /* a second one would cancel the first */
	c = vs_vc_call(w->vc, "WaitForUpdatesEx", w->collector, false);
	c->scoped = true;
	c->once = true;
	c->poll_ms = POLL * 1000;
	vs_xw_text(&c->w, "version", w->version);
	if (*w->version == '\0') {
		w->full = true;
		vs_members_expect(&w->members);
	}
	vs_xw_open(&c->w, "options");
	vs_xw_int(&c->w, "maxWaitSeconds", POLL);
	vs_xw_close(&c->w);
	w->poll = c;
	w->polled = vs_now();
	vs_call_send(c, watch_polled, w);
}

/* One ModifyListView at a time.  Removals are collected unless a member waits for
 * one, and so are additions when there are many members. */
static void
watch_join(struct vs_watch *w)
{
	int64_t at = w->joined + (w->members.n > CROWD ? PACE : 0);
	size_t in, out;
	bool urgent;

	vs_members_wanted(&w->members, &in, &out, &urgent);
	if (in == 0 && out < DROPS && !urgent)
		return;
	if (vs_now() < at)
		vs_timer_set(w->vc->wire.loop, &w->joins, at, watch_wake, w);
	else
		watch_modify(w);
}

void
vs_watch_turn(struct vs_watch *w)
{
	if (w->closing || w->creating || w->filtering || w->members.n == 0)
		return;
	if (w->vc->state == VS_VC_FAILED) {
		w->broken(w->arg, &w->vc->why);
		return;
	}
	if (w->vc->state != VS_VC_READY)
		return;
	if (vs_now() < w->not_before) {
		vs_timer_set(w->vc->wire.loop, &w->later, w->not_before, watch_wake, w);
		return;
	}
	if (w->view == NULL || w->collector == NULL) {
		watch_create(w);
		return;
	}
	if (!w->filtered) {
		watch_make_filter(w);
		return;
	}
	if (!w->modifying)
		watch_join(w);
	/* the full state is requested when the members of the view are settled */
	if (w->poll == NULL && (*w->version || !w->modifying))
		watch_poll_now(w);
}

void
vs_watch_close(struct vs_watch *w, bool session_ends)
{
	w->closing = true;
	w->session_ends = session_ends;
	vs_call_abort(vs_steal(w->poll));
	if (!w->creating && !w->filtering && !w->modifying)
		watch_destroy_all(w);
}

bool
vs_watch_busy(const struct vs_watch *w)
{
	return w->outstanding > 0;
}
