/* SPDX-License-Identifier: Apache-2.0 */
/* engine.c - the mover of run/job for VMs: shared look-ups, first looks, the end.
 *
 * What happens to one job after that: engine_job.c. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "engine/engine_job.h"
#include "vim/reference.h"
#include "vim/vcenter.h"

enum { SLOTS = 64 }; /* without -j */

/* A look-up cannot be taken back: it calls when its job is over, too. */
struct vs_lookup {
	struct vs_engine_job *ej; /* NULL: the job is over */
};

/* ---- the first look at a job */

static void
engine_found(void *arg, const char *ref, const char *path, const struct vs_err *err)
{
	struct vs_lookup *lookup = arg;
	struct vs_engine_job *ej = lookup->ej;

	free(lookup);
	if (ej == NULL)
		return;
	ej->lookup = NULL;
	if (err) {
		vs_job_fail(ej->job, err);
		return;
	}
	vs_job_attach(ej->job, ref);
	if (path)
		vs_set(&ej->job->rec.path, path);
	vs_engine_job_look(ej);
}

static void
engine_look_up(struct vs_engine_job *ej)
{
	ej->state = VS_ENGINE_JOB_FIND;
	ej->lookup = vs_alloc(1, sizeof *ej->lookup);
	ej->lookup->ej = ej;
	vs_find_ask(ej->e->find, ej->job->rec.path, engine_found, ej->lookup);
}

static void
engine_begin(struct vs_engine_job *ej)
{
	struct vs_rec *rec = &ej->job->rec;
	const struct vs_verb *verb = ej->e->verb;

	if (verb->makes) {
		vs_engine_job_event(ej, VS_EVENT_READY, NULL);
	} else if (vs_ref_is(rec->ref, "VirtualMachine")) {
		VS_FREE char *ref = vs_strdup(rec->ref);

		ej->check_name = !verb->reads;
		vs_job_attach(ej->job, ref);
		vs_engine_job_look(ej);
	} else if (rec->ref) {
		vs_engine_job_fail(ej, VS_ERR_USAGE, "%s is not a virtual machine", rec->ref);
	} else if (vs_ref_is(rec->path, "VirtualMachine")) {
		VS_FREE char *ref = vs_strdup(rec->path);

		vs_job_attach(ej->job, ref);
		vs_engine_job_look(ej);
	} else {
		engine_look_up(ej);
	}
}

/* ---- the mover */

static void
engine_broken(void *arg, const struct vs_err *err)
{
	struct vs_engine *e = arg;
	struct vs_engine_job *ej, *next;

	for (ej = e->all; ej; ej = next) {
		next = ej->next;
		if (ej->job->over)
			continue;
		if (err->code == VS_ERR_UNREACHABLE)
			vs_engine_job_fail(
				ej, VS_ERR_UNREACHABLE, "lost contact with vCenter: %s", err->msg);
		else
			vs_job_fail(ej->job, err);
	}
}

/* Session and shared look-ups, when the first job starts. */
static int
engine_prepare(struct vs_engine *e)
{
	const struct vs_verb *verb = e->verb;

	if (vs_vc_wait(e->vc, &e->why) < 0)
		return -1;
	e->find = vs_find_new(e->vc, NULL, verb->folder ? verb->folder : vs_env("GOVC_FOLDER"));
	e->gather = vs_gather_new(e->vc, e->props);
	e->watch = vs_watch_new(e->vc, verb->watch, vs_progress_shown(), engine_broken, e);
	return verb->prepare ? verb->prepare(e, &e->why) : 0;
}

/* --timeout has ended: what the job was doing, and what it was waiting for. */
static void
engine_too_late(const struct vs_engine_job *ej, struct vs_err *err)
{
	const struct vs_engine *e = ej->e;
	const char *phase = ej->job->phase;
	bool asks = e->state != VS_ENGINE_READY || ej->state == VS_ENGINE_JOB_FIND
		|| ej->state == VS_ENGINE_JOB_READ || ej->state == VS_ENGINE_JOB_CALL;
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	char t[24];

	vs_buf_fmt(&b, "not done within %s", vs_clock(vs_now() - ej->job->started, t, sizeof t));
	if (phase)
		vs_buf_fmt(&b, ": still %s", phase);
	if (asks)
		vs_buf_fmt(&b, "; no valid response from %s:%d", e->conn.host, e->conn.port);
	if (ej->state == VS_ENGINE_JOB_CALL && ej->call && ej->call->write)
		vs_buf_str(&b, ": the request was sent, and may still be carried out");
	if (ej->state == VS_ENGINE_JOB_TASK)
		vs_buf_str(&b, "; its task continues in vCenter");
	vs_fail(err, VS_ERR_TIMED_OUT, "%s", b.s);
}

static void
engine_start(void *arg, struct vs_job *job)
{
	struct vs_engine *e = arg;
	struct vs_engine_job *ej = vs_engine_job_new(e, job);

	if (e->state == VS_ENGINE_NEW) {
		e->state = VS_ENGINE_PREPARING;
		if (engine_prepare(e) == 0 && !e->late) {
			e->state = VS_ENGINE_READY;
		} else {
			if (e->late)
				engine_too_late(ej, &e->why);
			e->state = VS_ENGINE_BROKEN;
			if (!job->over)
				vs_say("%s", e->why.msg);
		}
	}
	/* a signal while it prepared may have ended the job */
	if (job->over)
		return;
	if (e->state == VS_ENGINE_BROKEN)
		vs_job_drop(job, e->why.code);
	else
		engine_begin(ej);
}

static void
engine_expire(void *arg, struct vs_job *job)
{
	struct vs_engine *e = arg;
	struct vs_engine_job *ej = job->mover;
	struct vs_err err;

	/* engine_start, which prepares for all jobs, gives up */
	if (e->state == VS_ENGINE_PREPARING) {
		e->late = e->vc->wire.cancelled = true;
		return;
	}
	engine_too_late(ej, &err);
	if (ej->state == VS_ENGINE_JOB_WAIT || ej->state == VS_ENGINE_JOB_TASK)
		vs_engine_job_event(ej, VS_EVENT_DEADLINE, &err);
	else
		vs_job_fail(job, &err);
}

static void
engine_stop(void *arg, struct vs_job *job)
{
	struct vs_engine *e = arg;

	/* prepare stops waiting; the calls of the jobs go on */
	e->vc->wire.cancelled = true;
	vs_engine_job_stop(job->mover);
}

static void
engine_answer(void *arg, struct vs_job *job, bool yes)
{
	(void)arg;
	vs_engine_job_deliver(
		job->mover, &(struct vs_event){ .kind = VS_EVENT_ANSWER, .yes = yes });
}

static void
engine_turn(void *arg)
{
	struct vs_engine *e = arg;

	if (e->state != VS_ENGINE_READY)
		return;
	vs_find_flush(e->find);
	vs_gather_flush(e->gather);
	vs_watch_turn(e->watch);
}

static void
engine_close(void *arg)
{
	struct vs_engine *e = arg;
	bool leaving = vs_vc_leave(e->vc);

	if (e->watch)
		vs_watch_close(e->watch, leaving);
}

static bool
engine_busy(void *arg)
{
	struct vs_engine *e = arg;

	return vs_vc_busy(e->vc) || (e->watch && vs_watch_busy(e->watch));
}

static void
engine_free_job(void *arg, struct vs_job *job)
{
	struct vs_engine_job *ej = job->mover;

	(void)arg;
	if (ej == NULL)
		return;
	if (ej->lookup)
		ej->lookup->ej = NULL;
	vs_engine_job_free(ej);
}

/* ---- a run */

static void
engine_list_props(struct vs_engine *e)
{
	size_t n = 0;

	if (e->verb->props == NULL)
		return;
	while (e->verb->props[n])
		n++;
	e->props = vs_alloc(n + 2, sizeof *e->props);
	e->props[0] = "name";
	for (size_t i = 0; i < n; i++)
		e->props[i + 1] = e->verb->props[i];
}

static int
engine_open(struct vs_engine *e, struct vs_err *err)
{
	if (vs_conn_read(&e->conn, e->opts, err) < 0)
		return -1;
	e->loop = vs_loop_new(err);
	if (e->loop == NULL)
		return -1;
	e->vc = vs_vc_open(e->loop, &e->conn, e->run->tool->name, err);
	if (e->vc == NULL)
		return -1;
	if (e->run->timeout > 0)
		e->vc->wire.retry_ms = e->run->timeout;
	return 0;
}

static void
engine_free(struct vs_engine *e)
{
	vs_gather_free(e->gather);
	vs_watch_free(e->watch);
	vs_find_free(e->find);
	vs_vc_close(e->vc);
	if (e->loop)
		vs_loop_free(e->loop);
	vs_conn_free(&e->conn);
	free(e->props);
}

int
vs_engine_run(
	struct vs_run *run, const struct vs_conn_opts *conn, const struct vs_verb *verb, int skip)
{
	struct vs_engine e = { .run = run, .verb = verb, .opts = conn };
	const struct vs_mover mover = { .arg = &e,
		.reads = verb->reads,
		.start = engine_start,
		.expire = engine_expire,
		.answer = engine_answer,
		.stop = engine_stop,
		.turn = engine_turn,
		.close = engine_close,
		.busy = engine_busy,
		.free = engine_free_job };
	struct vs_jobs_conf conf = { .mover = &mover,
		.slots = conn->slots ? conn->slots : SLOTS,
		.dry_run = conn->dry_run,
		.timeout = run->timeout >= 0 ? run->timeout : verb->timeout };
	struct vs_err err;

	run->operands += skip;
	run->n -= skip;
	engine_list_props(&e);
	if (engine_open(&e, &err) < 0) {
		vs_run_fail(run, &err);
	} else {
		conf.loop = e.loop;
		vs_jobs_run(run, &conf);
	}
	engine_free(&e);
	return vs_run_end(run);
}
