/* SPDX-License-Identifier: Apache-2.0 */
/* nodes.c - lists and watches Nodes; one call is in flight at a time.
 * Reference: client-go, tools/cache/reflector.go; Kubernetes API concepts ("Efficient
 * detection of changes", "Retrieving large results sets in chunks"). */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/backoff.h"
#include "base/bounds.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "kube/json_stream.h"
#include "kube/node_set.h"
#include "kube/nodes.h"
#include "kube/object.h"
#include "text/json.h"

enum {
	PAGE = 500,    /* nodes in one response */
	WATCH_S = 300, /* the server ends a watch after that */
	/* Bookmarks come about once a minute, so a connection that is silent for
	 * longer is taken for dead.  A mistake costs one request. */
	SILENCE_MS = 90 * 1000,
	CONNECT_MS = 10 * 1000,
	IDLE_EVENTS = 100, /* that bring nothing new, in a row */
};

struct vs_knodes {
	struct vs_knodes_conf conf;
	struct vs_knode_set set;
	struct vs_kube_call *call; /* the list or watch in flight, or NULL */
	struct vs_json_stream stream;
	struct vs_timer timer;
	char *version;	/* to watch from; NULL: no list was ever read */
	char *more;	/* continue token: the list has another page */
	char *trouble;	/* the last error, while it is retried */
	unsigned tries; /* that failed, or ended soon, in a row */
	int64_t listed; /* items of this list, over all its pages */
	bool fresh;	/* this page had a node that the list did not have yet */
	unsigned idle;	/* pages, or events, that brought nothing new, in a row */
	int64_t begun;	/* the call, vs_now() */
	bool synced, relist;
};

/* Large members of a Node that vs_knode_read does not read. */
static const char *const nodes_unread[] = { "managedFields", "annotations", "labels", "images",
	NULL };

static void nodes_list(struct vs_knodes *n);
static void nodes_watch(struct vs_knodes *n);

/* ---- errors */

static void
nodes_resume(void *arg)
{
	struct vs_knodes *n = arg;

	if (n->relist)
		nodes_list(n);
	else
		nodes_watch(n);
}

static void
nodes_fail(struct vs_knodes *n, const struct vs_err *err)
{
	n->conf.failed(n->conf.arg, err);
}

/* The call's error is final: say it in the words of the user. */
static void
nodes_fail_call(struct vs_knodes *n, struct vs_kube_call *c)
{
	if (c->status == 403) {
		vs_wrap(&c->err,
			"not allowed to watch nodes (needs the verbs get, list and watch)");
	} else if (c->status == 400 && n->conf.selector) {
		vs_wrap(&c->err, "-l '%s'", n->conf.selector);
		c->err.code = VS_ERR_USAGE;
	} else if (c->status && c->status != 401) {
		vs_wrap(&c->err, "cannot read nodes from %s", vs_kube_server(n->conf.kube));
	}
	nodes_fail(n, &c->err);
}

/* The first call is not retried when there is no connection: a wrong address is not a
 * server that restarts. */
static void
nodes_retry(struct vs_knodes *n, struct vs_kube_call *c)
{
	bool first = n->version == NULL;

	if (!c->again || (first && !c->sent) || (!n->synced && c->bad_data)) {
		nodes_fail_call(n, c);
		return;
	}
	if (c->bad_data)
		vs_set(&n->more, NULL);
	vs_info("nodes: retrying after: %s", c->err.msg);
	vs_set(&n->trouble, c->err.msg);
	n->tries++;
	vs_timer_set(
		n->conf.loop, &n->timer, vs_now() + vs_kube_delay(c, n->tries), nodes_resume, n);
}

/* Nothing new came so often in a row; 0: something did. */
static int64_t
nodes_pause(unsigned idle)
{
	return idle == 0
		? 0
		: vs_backoff(idle, vs_bound(VS_BOUND_PAUSE_MS), vs_bound(VS_BOUND_PAUSE_MAX_MS));
}

/* At once the first time, later if the server keeps ending its watches. */
static void
nodes_restart(struct vs_knodes *n, const struct vs_kube_call *c)
{
	int64_t pause = c->wait_ms > 0 ? c->wait_ms : nodes_pause(n->tries);

	vs_timer_set(n->conf.loop, &n->timer, vs_now() + pause, nodes_resume, n);
	n->tries++;
}

/* ---- list */

static int
nodes_item(void *arg, const char *s, size_t len, struct vs_err *err)
{
	struct vs_knodes *n = arg;
	VS_JSON_FREE json_t *j = NULL;
	struct vs_knode node;

	if (++n->listed > vs_bound(VS_BOUND_OBJECTS))
		return vs_fail(err, VS_ERR_FAILED, "the list has more than %lld items",
			(long long)vs_bound(VS_BOUND_OBJECTS));
	j = vs_kobject_read(s, len, "Node", err);
	if (j == NULL || vs_knode_read(j, &n->conf.want, &node, err) < 0)
		return -1;
	n->fresh |= vs_knode_set_put(&n->set, &node);
	return 0;
}

static int
nodes_data(struct vs_kube_call *c, const char *p, size_t len, struct vs_err *err)
{
	struct vs_knodes *n = c->arg;

	return vs_json_stream_feed(&n->stream, p, len, err);
}

/* The list without its items: the version, and whether there is another page. */
static int
nodes_list_meta(struct vs_knodes *n, const struct vs_kube_call *c, struct vs_err *err)
{
	const struct vs_buf *rest = &n->stream.rest;
	VS_JSON_FREE json_t *j = vs_kobject_read(rest->s, rest->len, "NodeList", err);
	const char *version, *more = NULL;
	int is;

	if (j == NULL)
		return vs_kube_wrap(c, err);
	is = vs_kobject_cursor(j, "resourceVersion", &version, err);
	if (is == 0)
		vs_fail(err, VS_ERR_FAILED, "the answer has no resourceVersion");
	if (is <= 0 || vs_kobject_cursor(j, "continue", &more, err) < 0)
		return vs_kube_wrap(c, err);
	if (more && n->more && strcmp(more, n->more) == 0) {
		vs_fail(err, VS_ERR_FAILED, "the answer has the continue token of the page before");
		return vs_kube_wrap(c, err);
	}
	vs_set(&n->version, version);
	vs_set(&n->more, more);
	vs_set(&n->trouble, NULL);
	return 0;
}

static void
nodes_next_page(struct vs_knodes *n)
{
	n->idle = n->fresh ? 0 : n->idle + 1;
	if (n->idle == 0)
		nodes_list(n);
	else
		vs_timer_set(
			n->conf.loop, &n->timer, vs_now() + nodes_pause(n->idle), nodes_resume, n);
}

static void
nodes_list_end(struct vs_kube_call *c)
{
	struct vs_knodes *n = c->arg;
	struct vs_err err;
	int bad = c->ok ? nodes_list_meta(n, c, &err) : 0;

	n->call = NULL;
	vs_json_stream_free(&n->stream);
	if (bad) {
		vs_wrap(&err, "cannot read nodes from %s", vs_kube_server(n->conf.kube));
		nodes_fail(n, &err);
	} else if (c->ok && n->more) {
		nodes_next_page(n);
	} else if (c->ok) {
		vs_knode_set_sweep(&n->set);
		n->synced = true;
		n->relist = false;
		n->conf.synced(n->conf.arg);
		nodes_watch(n);
	} else if (c->status == 410) {
		/* the continue token has expired: start again */
		vs_set(&n->more, NULL);
		vs_set(&n->trouble, c->err.msg);
		nodes_restart(n, c);
	} else {
		nodes_retry(n, c);
	}
}

/* The part of the query that list and watch share. */
static void
nodes_query(const struct vs_knodes *n, struct vs_buf *b)
{
	if (n->conf.selector) {
		vs_buf_str(b, "&labelSelector=");
		vs_kube_quote(b, n->conf.selector);
	}
	if (n->conf.name) {
		vs_buf_str(b, "&fieldSelector=metadata.name%3D");
		vs_kube_quote(b, n->conf.name);
	}
}

static void
nodes_send(struct vs_knodes *n, struct vs_buf *path, enum vs_json_stream_kind kind,
	int (*each)(void *, const char *, size_t, struct vs_err *),
	void (*end)(struct vs_kube_call *))
{
	struct vs_kube_call *c = vs_kube_call("GET", vs_buf_take(path));

	assert(n->call == NULL);
	vs_json_stream_init(&n->stream, kind, each, n, nodes_unread);
	c->data = nodes_data;
	c->end = end;
	c->arg = n;
	c->endless = kind == VS_JSON_STREAM_EVENTS;
	c->idle_ms = c->endless ? SILENCE_MS : 0;
	n->call = c;
	n->begun = vs_now();
	vs_kube_send(n->conf.kube, c);
}

/* Without a resourceVersion, so that the response is the newest and not a cache's. */
static void
nodes_list(struct vs_knodes *n)
{
	struct vs_buf b = VS_BUF_INIT;

	if (n->more == NULL) {
		vs_knode_set_begin(&n->set);
		n->listed = n->idle = 0;
	}
	n->relist = true;
	n->fresh = false;
	vs_buf_fmt(&b, "/api/v1/nodes?limit=%d", PAGE);
	if (n->more) {
		vs_buf_str(&b, "&continue=");
		vs_kube_quote(&b, n->more);
	}
	nodes_query(n, &b);
	nodes_send(n, &b, VS_JSON_STREAM_LIST, nodes_item, nodes_list_end);
}

/* ---- watch */

/* An ERROR event holds a Status; 410: the version has expired. */
static int
nodes_error_event(struct vs_knodes *n, json_t *object, struct vs_err *err)
{
	const char *said = json_string_value(json_object_get(object, "message"));
	json_int_t code = json_integer_value(json_object_get(object, "code"));

	n->relist = true;
	return vs_fail(err, VS_ERR_FAILED, "the watch ended with %lld: %s", (long long)code,
		said ? said : "no reason given");
}

/* Sets the version to watch from next, and counts the events that bring none. */
static int
nodes_event_version(struct vs_knodes *n, json_t *object, struct vs_err *err)
{
	const char *version;
	int is = vs_kobject_cursor(object, "resourceVersion", &version, err);

	if (is < 0)
		return -1;
	if (is == 0)
		return vs_fail(
			err, VS_ERR_FAILED, "the watch sent an object without a resourceVersion");
	n->idle = strcmp(version, n->version) == 0 ? n->idle + 1 : 0;
	if (n->idle > IDLE_EVENTS)
		return vs_fail(err, VS_ERR_FAILED, "the watch sends events that bring nothing new");
	vs_set(&n->version, version);
	return 0;
}

static int
nodes_event(void *arg, const char *s, size_t len, struct vs_err *err)
{
	struct vs_knodes *n = arg;
	VS_JSON_FREE json_t *j = vs_kobject_read(s, len, "WatchEvent", err);
	const char *type = vs_kobject_str(j, "type");
	json_t *object = json_object_get(j, "object");
	struct vs_knode node;

	if (j == NULL)
		return -1;
	if (*type == '\0' || !json_is_object(object))
		return vs_fail(err, VS_ERR_FAILED, "the watch sent an invalid event");
	if (strcmp(type, "ERROR") == 0)
		return nodes_error_event(n, object, err);
	if (nodes_event_version(n, object, err) < 0)
		return -1;
	if (strcmp(type, "BOOKMARK") == 0)
		return 0;
	if (vs_knode_read(object, &n->conf.want, &node, err) < 0)
		return -1;
	if (strcmp(type, "DELETED") == 0) {
		vs_knode_set_drop(&n->set, node.name);
		vs_knode_free(&node);
	} else {
		vs_knode_set_put(&n->set, &node);
	}
	if (n->idle == 0)
		vs_set(&n->trouble, NULL);
	return 0;
}

static void
nodes_watch_end(struct vs_kube_call *c)
{
	struct vs_knodes *n = c->arg;

	n->call = NULL;
	vs_json_stream_free(&n->stream);
	/* the server ends each watch; what is unusual is many ends in a row */
	if (vs_now() - n->begun >= vs_bound(VS_BOUND_EMPTY_MS))
		n->tries = 0;
	if (c->status == 410)
		n->relist = true;
	if (c->ok || c->status == 410 || (c->bad_data && n->relist)) {
		nodes_restart(n, c);
	} else {
		/* after an invalid event the version is not trusted either */
		n->relist |= c->bad_data;
		nodes_retry(n, c);
	}
}

static void
nodes_watch(struct vs_knodes *n)
{
	struct vs_buf b = VS_BUF_INIT;

	assert(n->version); /* a list was read */
	n->idle = 0;
	vs_buf_fmt(&b,
		"/api/v1/nodes?watch=1&allowWatchBookmarks=true&timeoutSeconds=%d&resourceVersion=",
		WATCH_S);
	vs_kube_quote(&b, n->version);
	nodes_query(n, &b);
	nodes_send(n, &b, VS_JSON_STREAM_EVENTS, nodes_event, nodes_watch_end);
}

/* ---- the whole */

struct vs_knodes *
vs_knodes_open(const struct vs_knodes_conf *conf)
{
	struct vs_knodes *n = vs_alloc(1, sizeof *n);

	n->conf = *conf;
	n->set.changed = conf->changed;
	n->set.arg = conf->arg;
	n->relist = true;
	vs_timer_set(conf->loop, &n->timer, vs_now(), nodes_resume, n);
	return n;
}

void
vs_knodes_close(struct vs_knodes *n)
{
	if (n == NULL)
		return;
	vs_timer_clear(n->conf.loop, &n->timer);
	if (n->call) {
		vs_kube_abort(n->call);
		vs_json_stream_free(&n->stream);
	}
	vs_knode_set_free(&n->set);
	free(n->version);
	free(n->more);
	free(n->trouble);
	free(n);
}

bool
vs_knodes_synced(const struct vs_knodes *n)
{
	return n->synced;
}

const struct vs_knode *
vs_knodes_get(const struct vs_knodes *n, const char *name)
{
	return vs_knode_set_get(&n->set, name);
}

const struct vs_knode *
vs_knodes_next(const struct vs_knodes *n, size_t *at)
{
	return vs_knode_set_next(&n->set, at);
}

const char *
vs_knodes_trouble(const struct vs_knodes *n)
{
	/* a call that is older than any connect has connected */
	return n->call && vs_now() - n->begun > CONNECT_MS ? NULL : n->trouble;
}
