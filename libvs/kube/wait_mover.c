/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/num.h"
#include "kube/nodes.h"
#include "kube/password.h"
#include "kube/wait.h"

enum { MOST_LOOKS = 8 }; /* for node passwords: hints, not the work */

struct kjob {
	struct vs_job *job;
	char *name; /* of its node; NULL: any that is free */
	struct vs_kmark *mark;
	struct vs_kpass *look; /* for its node password, when the time is over */
	bool marked, seen;
	struct kjob *next;	     /* of the same name; or the next place */
	struct kjob *before, *after; /* in the order of the input */
};

struct vs_kwait {
	const struct vs_kwait_conf *conf;
	struct vs_mover mover;
	struct vs_knodes *nodes; /* from the first job on */
	struct vs_map jobs;	 /* by node name: struct kjob */
	struct kjob *places;	 /* for any node */
	struct kjob *first, *last;
	struct vs_map taken; /* nodes that have one of these */
	struct vs_buf state; /* what a record says at the end: "ready" */
	int looks;	     /* so far */
	bool dead;
	struct vs_err err; /* why it is */
};

/* ---- a job and its node */

static void
wait_finish(struct vs_kwait *w, struct kjob *k, const char *name, const struct vs_knode *node)
{
	struct vs_rec *rec = &k->job->rec;

	vs_rec_set(rec, "node", name);
	if (node && node->version)
		vs_rec_set(rec, "version", node->version);
	vs_rec_set(rec, "state", w->state.s);
	vs_job_done(k->job);
}

/* The record's VM is another one than the node's: that is left over from a VM
 * that had the name before. */
static bool
wait_other_vm(const struct kjob *k, const struct vs_knode *node)
{
	const char *uuid = vs_rec_get(&k->job->rec, "uuid");

	return uuid && node->uuid && !vs_kuuid_same(node->uuid, uuid);
}

static void wait_step(struct vs_kwait *w, struct kjob *k);

static void
wait_marked(void *arg, const struct vs_err *err)
{
	struct kjob *k = arg;
	struct vs_kwait *w = k->job->mover;

	vs_kmark_free(k->mark);
	k->mark = NULL;
	if (err == NULL) {
		k->marked = true;
		wait_step(w, k);
	} else if (err->code != VS_ERR_NOT_FOUND) {
		vs_job_fail(k->job, err);
	}
}

static bool
wait_wants_marks(const struct vs_kwait *w)
{
	return w->conf->marks.n_labels || w->conf->marks.n_taints;
}

static void
wait_step_gone(struct vs_kwait *w, struct kjob *k, const struct vs_knode *node)
{
	struct vs_err err;

	k->seen |= node != NULL;
	if (node) {
		vs_job_phase(k->job, "still there", -1);
	} else if (w->conf->operands && !k->seen) {
		vs_fail(&err, VS_ERR_NOT_FOUND, "no such node: there is nothing to wait for");
		vs_job_fail(k->job, &err);
	} else {
		wait_finish(w, k, k->name, NULL);
	}
}

static void
wait_step(struct vs_kwait *w, struct kjob *k)
{
	const struct vs_knode *node = vs_knodes_get(w->nodes, k->name);

	if (k->job->over || !vs_knodes_synced(w->nodes))
		return;
	if (w->conf->want.gone) {
		wait_step_gone(w, k, node);
	} else if (node == NULL) {
		/* the next of that name is a new one */
		vs_kmark_free(k->mark);
		k->mark = NULL;
		k->marked = false;
		vs_job_phase(k->job, "not there yet", -1);
	} else if (wait_other_vm(k, node)) {
		vs_job_phase(k->job, "an old node", -1);
	} else if (wait_wants_marks(w) && !k->marked) {
		vs_job_phase(k->job, "being marked", -1);
		if (k->mark == NULL)
			k->mark = vs_kmark_start(w->conf->kube, w->conf->loop, k->name,
				&w->conf->marks, wait_marked, k);
	} else if (node->why) {
		vs_job_phase(k->job, "not ready", -1);
	} else {
		wait_finish(w, k, k->name, node);
	}
}

/* A place for it, if it may have one and has none. */
static void
wait_offer(struct vs_kwait *w, const struct vs_knode *node)
{
	struct kjob *k = w->places;

	while (k && k->job->over)
		k = k->next;
	if (k == NULL || node->why || vs_map_get(&w->taken, node->name))
		return;
	vs_map_put(&w->taken, node->name, k);
	vs_set(&k->job->rec.path, node->name);
	wait_finish(w, k, node->name, node);
}

/* ---- what the watch says */

static void
wait_changed(void *arg, const char *name, const struct vs_knode *node)
{
	struct vs_kwait *w = arg;

	for (struct kjob *k = vs_map_get(&w->jobs, name); k; k = k->next)
		wait_step(w, k);
	if (node && w->conf->any)
		wait_offer(w, node);
}

static void
wait_synced(void *arg)
{
	struct vs_kwait *w = arg;

	for (struct kjob *k = w->first; k; k = k->after)
		if (k->name)
			wait_step(w, k);
}

static void
wait_failed(void *arg, const struct vs_err *err)
{
	struct vs_kwait *w = arg;

	w->dead = true;
	w->err = *err;
	for (struct kjob *k = w->first; k; k = k->after)
		vs_job_fail(k->job, err);
}

static void
wait_open_nodes(struct vs_kwait *w)
{
	const struct vs_knodes_conf conf = {
		.kube = w->conf->kube,
		.loop = w->conf->loop,
		.selector = w->conf->selector,
		.name = w->conf->only,
		.want = w->conf->want,
		.changed = wait_changed,
		.synced = wait_synced,
		.failed = wait_failed,
		.arg = w,
	};

	if (w->nodes == NULL)
		w->nodes = vs_knodes_open(&conf);
}

/* ---- what the run says */

static struct kjob *
wait_add(struct vs_kwait *w, struct vs_job *job)
{
	struct kjob *k = vs_alloc(1, sizeof *k);

	k->job = job;
	k->before = w->last;
	*(w->last ? &w->last->after : &w->first) = k;
	w->last = k;
	job->mover = w;
	job->data = k;
	vs_job_phase(job, "not there yet", -1);
	return k;
}

static void
wait_start(void *arg, struct vs_job *job)
{
	struct vs_kwait *w = arg;
	struct kjob *k = wait_add(w, job), **end;
	struct vs_err err;

	if (w->dead) {
		vs_job_fail(job, &w->err);
		return;
	}
	if (w->conf->any) {
		for (end = &w->places; *end; end = &(*end)->next)
			;
		*end = k;
	} else {
		k->name = vs_kwait_node(&job->rec, &err);
		if (k->name == NULL) {
			vs_job_fail(job, &err);
			return;
		}
		k->next = vs_map_get(&w->jobs, k->name);
		vs_map_put(&w->jobs, k->name, k);
	}
	wait_open_nodes(w);
	if (k->name)
		wait_step(w, k);
}

static struct kjob *
wait_without(struct kjob *list, const struct kjob *k)
{
	for (struct kjob **at = &list; *at; at = &(*at)->next)
		if (*at == k) {
			*at = k->next;
			break;
		}
	return list;
}

/* job->data itself is freed by the run. */
static void
wait_free_job(void *arg, struct vs_job *job)
{
	struct vs_kwait *w = arg;
	struct kjob *k = job->data, *rest;

	if (k == NULL)
		return;
	*(k->before ? &k->before->after : &w->first) = k->after;
	*(k->after ? &k->after->before : &w->last) = k->before;
	if (k->name == NULL) {
		w->places = wait_without(w->places, k);
	} else {
		rest = wait_without(vs_map_get(&w->jobs, k->name), k);
		if (rest)
			vs_map_put(&w->jobs, k->name, rest);
		else
			vs_map_del(&w->jobs, k->name);
	}
	vs_kmark_free(k->mark);
	vs_kpass_free(k->look);
	free(k->name);
}

/* ---- why it was not enough */

static void
wait_why(struct vs_kwait *w, const struct kjob *k, struct vs_buf *b)
{
	const struct vs_knode *node = vs_knodes_get(w->nodes, k->name);

	if (!vs_knodes_synced(w->nodes))
		vs_buf_fmt(b, "no answer from the API server %s", vs_kube_server(w->conf->kube));
	else if (w->conf->want.gone)
		vs_buf_str(b, "it is still there");
	else if (node == NULL && w->conf->selector)
		vs_buf_fmt(b, "no such node that matches '%s'", w->conf->selector);
	else if (node == NULL)
		vs_buf_str(b,
			"no such node: it has not joined ('journalctl -u rke2-agent' on the VM may say why)");
	else if (wait_other_vm(k, node))
		vs_buf_fmt(b,
			"the node of that name is an old one, of another VM (UUID %s): the RKE2 server refuses a new one (node password) until 'kubectl delete node %s'",
			node->uuid, node->name);
	else if (node->why)
		vs_buf_str(b, node->why);
	else
		vs_buf_fmt(b, "its labels and taints cannot be set: %s",
			k->mark ? vs_kmark_trouble(k->mark) : "");
}

/* A place that stayed empty speaks for a node that did not get one. */
static void
wait_why_empty(struct vs_kwait *w, struct kjob *k, struct vs_buf *b)
{
	const struct vs_knode *node;
	size_t at = 0;

	while ((node = vs_knodes_next(w->nodes, &at)) != NULL) {
		if (vs_map_get(&w->taken, node->name))
			continue;
		vs_map_put(&w->taken, node->name, k);
		vs_set(&k->job->rec.path, node->name);
		vs_buf_str(b, node->why);
		return;
	}
	vs_buf_fmt(b, "no further node matches '%s'", w->conf->selector);
}

/* No Node at all, as far as we know: a worker that was here before and never
 * became one may have left its password. */
static bool
wait_missing(const struct vs_kwait *w, const struct kjob *k)
{
	return k->name && !w->conf->want.gone && w->conf->selector == NULL
		&& vs_knodes_synced(w->nodes) && vs_knodes_trouble(w->nodes) == NULL
		&& vs_knodes_get(w->nodes, k->name) == NULL;
}

/* since: a password of that name is with the server, from that time on; it may
 * be this VM's own, which then has not got further. */
static void
wait_say_why(struct vs_kwait *w, struct vs_job *job, const char *since)
{
	struct kjob *k = job->data;
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	const char *trouble = vs_knodes_trouble(w->nodes);
	struct vs_err err;
	char t[24];

	if (w->conf->any && vs_knodes_synced(w->nodes))
		wait_why_empty(w, k, &b);
	else
		wait_why(w, k, &b);
	if (since && wait_missing(w, k)) {
		vs_buf_fmt(&b,
			"; the RKE2 server has a node password of that name since %s: if it is an older VM's, 'kubectl -n kube-system delete secret ",
			since);
		vs_kpass_name(k->name, &b);
		vs_buf_str(&b, "' lets the new one join");
	}
	vs_clock(w->conf->timeout, t, sizeof t);
	vs_fail(&err, VS_ERR_TIMED_OUT, "not %s within %s: %s%s%s%s", w->state.s, t, b.s,
		trouble ? " (" : "", trouble ? trouble : "", trouble ? ")" : "");
	vs_job_fail(job, &err);
}

static void
wait_looked(void *arg, const char *since)
{
	struct vs_job *job = arg;

	wait_say_why(job->mover, job, since);
}

static void
wait_expire(void *arg, struct vs_job *job)
{
	struct vs_kwait *w = arg;
	struct kjob *k = job->data;

	if (wait_missing(w, k) && w->looks < MOST_LOOKS) {
		w->looks++;
		k->look = vs_kpass_look(w->conf->kube, w->conf->loop, k->name, wait_looked, job);
	} else {
		wait_say_why(w, job, NULL);
	}
}

static void
wait_stop(void *arg, struct vs_job *job)
{
	struct vs_err err;

	(void)arg;
	vs_fail(&err, VS_ERR_FAILED, "stopped while waiting: %s",
		job->phase ? job->phase : "nothing is known of it yet");
	vs_job_fail(job, &err);
}

/* ---- the whole */

struct vs_kwait *
vs_kwait_new(const struct vs_kwait_conf *conf)
{
	struct vs_kwait *w = vs_alloc(1, sizeof *w);

	w->conf = conf;
	w->state = (struct vs_buf)VS_BUF_INIT;
	vs_kwant_name(&conf->want, &w->state);
	w->mover = (struct vs_mover){
		.arg = w,
		.reads = conf->marks.n_labels + conf->marks.n_taints == 0,
		.start = wait_start,
		.expire = wait_expire,
		.stop = wait_stop,
		.free = wait_free_job,
	};
	return w;
}

const struct vs_mover *
vs_kwait_mover(const struct vs_kwait *w)
{
	return &w->mover;
}

/* Time is over, and there is no node to wait for. */
static void
wait_none(struct vs_kwait *w, struct vs_err *err)
{
	const char *trouble = vs_knodes_trouble(w->nodes);
	char t[24];

	vs_clock(w->conf->timeout, t, sizeof t);
	if (vs_knodes_synced(w->nodes))
		vs_fail(err, VS_ERR_TIMED_OUT, "no node matches '%s' within %s", w->conf->selector,
			t);
	else
		vs_fail(err, VS_ERR_TIMED_OUT, "no answer from the API server %s within %s%s%s",
			vs_kube_server(w->conf->kube), t, trouble ? ": " : "",
			trouble ? trouble : "");
}

static int
wait_by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **
vs_kwait_names(struct vs_kwait *w, struct vs_err *err)
{
	int64_t timeout = w->conf->timeout;
	int64_t end = timeout ? vs_now() + timeout : INT64_MAX;
	const struct vs_knode *node;
	size_t n = 0, cap = 0, at = 0;
	char **names = NULL;

	wait_open_nodes(w);
	while (!w->dead
		&& (!vs_knodes_synced(w->nodes)
			|| (!w->conf->want.gone
				&& vs_knodes_next(w->nodes, &(size_t){ 0 }) == NULL))) {
		int64_t left = end - vs_now();

		if (left <= 0) {
			wait_none(w, err);
			return NULL;
		}
		vs_loop_turn(w->conf->loop, left > 60000 ? 60000 : (int)left);
	}
	if (w->dead) {
		*err = w->err;
		return NULL;
	}
	do {
		node = vs_knodes_next(w->nodes, &at);
		vs_grow(names, n, cap);
		names[n++] = node ? vs_strdup(node->name) : NULL;
	} while (node);
	qsort(names, n - 1, sizeof *names, wait_by_name);
	return names;
}

void
vs_kwait_free(struct vs_kwait *w)
{
	if (w == NULL)
		return;
	vs_knodes_close(w->nodes);
	vs_map_free(&w->jobs);
	vs_map_free(&w->taken);
	vs_buf_free(&w->state);
	free(w);
}
