/* SPDX-License-Identifier: Apache-2.0 */
/* wait_mover.c - moves the jobs of node-wait: from "not joined yet" to labels and
 * taints, to the awaited state, to a record.  Only labels and taints are written.
 * Which words explain a timeout is up to kube/wait_reason. */
#include <stdlib.h>

#include "base/assert.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "kube/node_record.h"
#include "kube/wait_mover.h"
#include "kube/wait_reason.h"

/* Of node passwords: they are a hint, and the timeout is over. */
enum { MAX_LOOKUPS = 8 };

/* ---- a job and its node */

static void
wait_mover_done(struct vs_kwait *w, struct vs_kwait_job *k, const struct vs_knode *node)
{
	struct vs_rec *rec = &k->job->rec;

	vs_rec_set(rec, "node", node ? node->name : k->name);
	if (node && node->version)
		vs_rec_set(rec, "version", node->version);
	vs_rec_set(rec, "state", w->state.s);
	vs_job_done(k->job);
}

static void wait_mover_step(struct vs_kwait *w, struct vs_kwait_job *k);

static void
wait_mover_patched(void *arg, const struct vs_err *err)
{
	struct vs_kwait_job *k = arg;
	struct vs_kwait *w = k->job->mover;

	vs_knode_patch_free(k->patch);
	k->patch = NULL;
	if (err == NULL) {
		k->patched = true;
		wait_mover_step(w, k);
	} else if (err->code != VS_ERR_NOT_FOUND) {
		vs_job_fail(k->job, err);
	}
}

static bool
wait_mover_patches(const struct vs_kwait *w)
{
	return w->conf->marks.n_labels || w->conf->marks.n_taints;
}

static void
wait_mover_step_gone(struct vs_kwait *w, struct vs_kwait_job *k, const struct vs_knode *node)
{
	struct vs_err err;

	k->seen |= node != NULL;
	if (node) {
		vs_job_phase(k->job, "still exists", -1);
	} else if (w->conf->operands && !k->seen) {
		vs_fail(&err, VS_ERR_NOT_FOUND, "no such node: nothing to wait for");
		vs_job_fail(k->job, &err);
	} else {
		wait_mover_done(w, k, NULL);
	}
}

static void
wait_mover_step(struct vs_kwait *w, struct vs_kwait_job *k)
{
	const struct vs_knode *node = vs_knodes_get(w->nodes, k->name);

	if (k->job->over || !vs_knodes_synced(w->nodes))
		return;
	if (w->conf->want.gone) {
		wait_mover_step_gone(w, k, node);
	} else if (node == NULL) {
		/* the next Node of that name is a new one */
		vs_knode_patch_free(k->patch);
		k->patch = NULL;
		k->patched = false;
		vs_job_phase(k->job, "not joined yet", -1);
	} else if (!vs_knode_record_same(&k->job->rec, node)) {
		vs_job_phase(k->job, "node of another VM", -1);
	} else if (wait_mover_patches(w) && !k->patched) {
		vs_job_phase(k->job, "setting labels and taints", -1);
		if (k->patch == NULL)
			k->patch = vs_knode_patch_start(w->conf->kube, w->conf->loop, k->name,
				&w->conf->marks, wait_mover_patched, k);
	} else if (node->why) {
		vs_job_phase(k->job, "not ready", -1);
	} else {
		wait_mover_done(w, k, node);
	}
}

/* Give the Node to the first free place, if it is in the awaited state. */
static void
wait_mover_offer(struct vs_kwait *w, const struct vs_knode *node)
{
	struct vs_kwait_job *k = w->places;

	while (k && k->job->over)
		k = k->next;
	if (k == NULL || node->why || vs_map_get(&w->taken, node->name))
		return;
	vs_map_put(&w->taken, node->name, k);
	vs_set(&k->job->rec.path, node->name);
	wait_mover_done(w, k, node);
}

/* ---- calls from the watch */

static void
wait_mover_changed(void *arg, const char *name, const struct vs_knode *node)
{
	struct vs_kwait *w = arg;

	for (struct vs_kwait_job *k = vs_map_get(&w->jobs, name); k; k = k->next)
		wait_mover_step(w, k);
	if (node && w->conf->any)
		wait_mover_offer(w, node);
}

static void
wait_mover_synced(void *arg)
{
	struct vs_kwait *w = arg;

	for (struct vs_kwait_job *k = w->first; k; k = k->after)
		if (k->name)
			wait_mover_step(w, k);
}

static void
wait_mover_failed(void *arg, const struct vs_err *err)
{
	struct vs_kwait *w = arg;

	w->dead = true;
	w->err = *err;
	for (struct vs_kwait_job *k = w->first; k; k = k->after)
		vs_job_fail(k->job, err);
}

void
vs_kwait_watch(struct vs_kwait *w)
{
	const struct vs_knodes_conf conf = {
		.kube = w->conf->kube,
		.loop = w->conf->loop,
		.selector = w->conf->selector,
		.name = w->conf->only,
		.want = w->conf->want,
		.changed = wait_mover_changed,
		.synced = wait_mover_synced,
		.failed = wait_mover_failed,
		.arg = w,
	};

	if (w->nodes == NULL)
		w->nodes = vs_knodes_open(&conf);
}

/* ---- calls from the run */

static struct vs_kwait_job *
wait_mover_add(struct vs_kwait *w, struct vs_job *job)
{
	struct vs_kwait_job *k = vs_alloc(1, sizeof *k);

	k->job = job;
	k->before = w->last;
	*(w->last ? &w->last->after : &w->first) = k;
	w->last = k;
	job->mover = w;
	job->state = k;
	vs_job_phase(job, "not joined yet", -1);
	return k;
}

static void
wait_mover_start(void *arg, struct vs_job *job)
{
	struct vs_kwait *w = arg;
	struct vs_kwait_job *k = wait_mover_add(w, job), **end;
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
		k->name = vs_knode_record_name(&job->rec, &err);
		if (k->name == NULL) {
			vs_job_fail(job, &err);
			return;
		}
		k->next = vs_map_get(&w->jobs, k->name);
		vs_map_put(&w->jobs, k->name, k);
	}
	vs_kwait_watch(w);
	if (k->name)
		wait_mover_step(w, k);
}

static struct vs_kwait_job *
wait_mover_without(struct vs_kwait_job *list, const struct vs_kwait_job *k)
{
	for (struct vs_kwait_job **at = &list; *at; at = &(*at)->next)
		if (*at == k) {
			*at = k->next;
			break;
		}
	return list;
}

/* job->state itself is freed by the run. */
static void
wait_mover_free_job(void *arg, struct vs_job *job)
{
	struct vs_kwait *w = arg;
	struct vs_kwait_job *k = job->state, *rest;

	if (k == NULL)
		return;
	*(k->before ? &k->before->after : &w->first) = k->after;
	*(k->after ? &k->after->before : &w->last) = k->before;
	if (k->name == NULL) {
		w->places = wait_mover_without(w->places, k);
	} else {
		rest = wait_mover_without(vs_map_get(&w->jobs, k->name), k);
		if (rest)
			vs_map_put(&w->jobs, k->name, rest);
		else
			vs_map_del(&w->jobs, k->name);
	}
	vs_knode_patch_free(k->patch);
	vs_knode_password_free(k->password);
	free(k->name);
}

/* ---- timeout and signals */

/* A place that stayed empty speaks for a Node that did not get one. */
static void
wait_mover_reason_of_other(struct vs_kwait *w, struct vs_kwait_job *k, struct vs_buf *b)
{
	const struct vs_knode *node;
	size_t at = 0;

	while ((node = vs_knodes_next(w->nodes, &at)) != NULL)
		if (vs_map_get(&w->taken, node->name) == NULL)
			break;
	if (node == NULL) {
		vs_kwait_reason(w, k, NULL, b);
		return;
	}
	assert(node->why); /* or wait_mover_offer would have given it this place */
	vs_map_put(&w->taken, node->name, k);
	vs_set(&k->job->rec.path, node->name);
	vs_buf_str(b, node->why);
}

static void
wait_mover_time_out(struct vs_kwait *w, struct vs_job *job, const char *password_since)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	const char *trouble = vs_knodes_trouble(w->nodes);
	struct vs_err err;
	char t[24];

	if (w->conf->any && vs_knodes_synced(w->nodes))
		wait_mover_reason_of_other(w, job->state, &b);
	else
		vs_kwait_reason(w, job->state, password_since, &b);
	vs_clock(w->conf->timeout, t, sizeof t);
	vs_fail(&err, VS_ERR_TIMED_OUT, "not %s within %s: %s%s%s%s", w->state.s, t, b.s,
		trouble ? " (" : "", trouble ? trouble : "", trouble ? ")" : "");
	vs_job_fail(job, &err);
}

static void
wait_mover_found_password(void *arg, const char *since)
{
	struct vs_job *job = arg;

	wait_mover_time_out(job->mover, job, since);
}

/* A worker that was here before and never became a Node may have left its password. */
static void
wait_mover_expire(void *arg, struct vs_job *job)
{
	struct vs_kwait *w = arg;
	struct vs_kwait_job *k = job->state;
	bool missing = vs_kwait_missing(w, k);

	if (missing && w->lookups++ < MAX_LOOKUPS) {
		k->password = vs_knode_password_find(
			w->conf->kube, w->conf->loop, k->name, wait_mover_found_password, job);
		return;
	}
	if (missing && w->lookups == MAX_LOOKUPS + 1)
		vs_warn("more than %d nodes are missing: not looking up node passwords of the others",
			MAX_LOOKUPS);
	wait_mover_time_out(w, job, NULL);
}

static void
wait_mover_stop(void *arg, struct vs_job *job)
{
	struct vs_err err;

	(void)arg;
	vs_fail(&err, VS_ERR_FAILED, "stopped while waiting: %s", job->phase);
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
		.reads = !wait_mover_patches(w),
		.start = wait_mover_start,
		.expire = wait_mover_expire,
		.stop = wait_mover_stop,
		.free = wait_mover_free_job,
	};
	return w;
}

void
vs_kwait_free(struct vs_kwait *w)
{
	if (w == NULL)
		return;
	assert(w->first == NULL); /* the run has freed its jobs */
	vs_knodes_close(w->nodes);
	vs_map_free(&w->jobs);
	vs_map_free(&w->taken);
	vs_buf_free(&w->state);
	free(w);
}
