/* SPDX-License-Identifier: Apache-2.0 */
/* One job and its verb: events in, steps out. */
#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "engine/engine_job.h"
#include "vim/fault.h"
#include "vim/reference.h"

enum {
	DELAY = 1000, /* ms before AGAIN, unless the verb says otherwise */
	LOSSES = 5,   /* answers of one job that may get lost */
	LOOKS = 60,   /* times a job is looked at */
	RETRIES = 8,  /* while another task works on the object */
};

static void engine_job_task_update(struct vs_member *m, struct vs_node *update, bool gone);
static void engine_job_vm_update(struct vs_member *m, struct vs_node *update, bool gone);

static struct vs_engine_job *
engine_job_of(struct vs_job *job)
{
	return job->mover;
}

void
vs_engine_job_fail(struct vs_engine_job *ej, enum vs_err_code code, const char *fmt, ...)
{
	struct vs_err err = { .code = code };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err.msg, sizeof err.msg, fmt, ap);
	va_end(ap);
	vs_job_fail(ej->job, &err);
}

void
vs_engine_job_event(struct vs_engine_job *ej, enum vs_event_kind kind, const struct vs_err *err)
{
	vs_engine_job_deliver(ej, &(struct vs_event){ .kind = kind, .err = err });
}

void
vs_engine_job_gone(struct vs_engine_job *ej)
{
	struct vs_err err;

	/* a lone reference is the job's name already */
	vs_fail(&err, VS_ERR_NOT_FOUND,
		"%s%sdoes not exist (any more), or this user may not see it",
		strcmp(ej->job->rec.path, ej->ref) ? ej->ref : "",
		strcmp(ej->job->rec.path, ej->ref) ? " " : "");
	vs_engine_job_event(ej, VS_EVENT_GONE, &err);
}

/* ---- calls */

static void
engine_job_lost_late(void *arg)
{
	struct vs_engine_job *ej = arg;
	const struct vs_err err = ej->lost;

	vs_engine_job_event(ej, VS_EVENT_LOST, &err);
}

/* The verb looks at what is there, at once the first time, then after growing
 * pauses; a server that loses everything is not asked for ever. */
static void
engine_job_lost(struct vs_engine_job *ej, const struct vs_err *err)
{
	int64_t pause = (int64_t)DELAY << ej->losses;

	if (ej->losses++ == 0) {
		vs_engine_job_event(ej, VS_EVENT_LOST, err);
	} else if (ej->losses > LOSSES) {
		vs_job_fail(ej->job, err);
	} else {
		ej->state = VS_ENGINE_JOB_PAUSE;
		ej->lost = *err;
		vs_timer_set(ej->e->loop, &ej->pause, vs_now() + pause, engine_job_lost_late, ej);
	}
}

static void
engine_job_call_end(struct vs_call *c, enum vs_call_end how)
{
	struct vs_engine_job *ej = c->arg;
	struct vs_event ev = { .reply = c->reply, .fault = c->fault, .err = &c->err };

	ej->call = NULL;
	switch (how) {
	case VS_CALL_REPLY:
		ev.kind = VS_EVENT_REPLY;
		break;
	case VS_CALL_FAULT:
		ev.kind = VS_EVENT_FAULT;
		break;
	case VS_CALL_LOST:
		engine_job_lost(ej, &c->err);
		return;
	default:
		vs_job_fail(ej->job, &c->err);
		return;
	}
	vs_engine_job_deliver(ej, &ev);
}

static struct vs_xw *
engine_job_open_call(
	struct vs_job *job, const char *what, const char *method, const char *self, bool write)
{
	struct vs_engine_job *ej = engine_job_of(job);

	vs_call_abort(ej->call);
	ej->what = what;
	ej->call = vs_vc_call(ej->e->vc, method, self ? self : ej->ref, write);
	return &ej->call->w;
}

struct vs_xw *
vs_job_read(struct vs_job *job, const char *method, const char *self)
{
	return engine_job_open_call(job, NULL, method, self, false);
}

struct vs_xw *
vs_job_write(struct vs_job *job, const char *what, const char *method, const char *self)
{
	return engine_job_open_call(job, what, method, self, true);
}

static void
engine_job_send(struct vs_engine_job *ej)
{
	struct vs_job *job = ej->job;

	assert(ej->call != NULL); /* a step that returns CALL has opened one */
	if (ej->call->write && ej->e->opts->dry_run) {
		vs_say("%s: would %s", vs_job_name(job), ej->what);
		vs_call_abort(vs_steal(ej->call));
		vs_job_done(job);
	} else if (ej->call->write && job->stopped) {
		vs_call_abort(vs_steal(ej->call));
		vs_engine_job_fail(ej, VS_ERR_FAILED, "stopped before '%s'", ej->what);
	} else {
		if (ej->call->write)
			vs_info("%s: going to %s", vs_job_name(job), ej->what);
		ej->state = VS_ENGINE_JOB_CALL;
		job->sent |= ej->call->write;
		vs_call_send(ej->call, engine_job_call_end, ej);
	}
}

static void
engine_job_cancel(struct vs_engine_job *ej)
{
	if (ej->cancelled || ej->task_ref == NULL)
		return;
	ej->cancelled = true;
	/* refused when it cannot be cancelled: then it is waited for */
	vs_call_send(vs_vc_call(ej->e->vc, "CancelTask", ej->task_ref, false), NULL, NULL);
}

void
vs_job_follow(struct vs_job *job, const char *task)
{
	struct vs_engine_job *ej = engine_job_of(job);

	vs_watch_remove(ej->e->watch, &ej->task);
	vs_set(&ej->task_ref, task);
	vs_set(&ej->result, NULL);
	ej->cancelled = false;
	ej->task = (struct vs_member){
		.ref = ej->task_ref, .update = engine_job_task_update, .arg = ej
	};
}

static void
engine_job_follow(struct vs_engine_job *ej, const struct vs_event *ev)
{
	VS_FREE char *ref = vs_node_ref(vs_node_at(ev->reply, "returnval"));

	if (ref)
		vs_job_follow(ej->job, ref);
	if (ej->task_ref == NULL) {
		vs_engine_job_fail(ej, VS_ERR_FAILED, "vCenter's answer names no task");
		return;
	}
	ej->state = VS_ENGINE_JOB_TASK;
	vs_watch_add(ej->e->watch, &ej->task);
	if (ej->job->stopped)
		engine_job_cancel(ej);
}

/* Time in the queue of vCenter does not count. */
static void
engine_job_queued(struct vs_engine_job *ej, bool is)
{
	struct vs_job *job = ej->job;

	if (is && ej->left < 0 && job->deadline != INT64_MAX) {
		ej->left = job->deadline > vs_now() ? job->deadline - vs_now() : 0;
		job->deadline = INT64_MAX;
	} else if (!is && ej->left >= 0) {
		job->deadline = vs_now() + ej->left;
		ej->left = -1;
	}
}

static void
engine_job_task_over(struct vs_engine_job *ej)
{
	engine_job_queued(ej, false);
	vs_watch_remove(ej->e->watch, &ej->task);
	vs_set(&ej->task_ref, NULL);
	ej->task.ref = NULL;
}

static void
engine_job_task_failed(struct vs_engine_job *ej, struct vs_node *error)
{
	struct vs_err err;

	vs_fault_localized(error, &err);
	engine_job_task_over(ej);
	if (ej->cancelled && strcmp(err.fault, "RequestCanceled") == 0)
		vs_engine_job_fail(ej, VS_ERR_FAILED, "stopped; its task in vCenter was cancelled");
	else
		vs_engine_job_deliver(ej,
			&(struct vs_event){ .kind = VS_EVENT_FAULT,
				.err = &err,
				.fault = vs_node_at(error, "fault") });
}

static void
engine_job_task_update(struct vs_member *m, struct vs_node *update, bool gone)
{
	struct vs_engine_job *ej = m->arg;
	const struct vs_event ev = { .update = update };
	const char *state = vs_event_text(&ev, "info.state");
	const char *progress = vs_event_text(&ev, "info.progress");
	struct vs_node *result = vs_event_prop(&ev, "info.result");
	struct vs_err err;

	if (ej->state != VS_ENGINE_JOB_TASK || ej->job->over)
		return;
	if (gone) {
		engine_job_task_over(ej);
		vs_fail(&err, VS_ERR_FAILED, "its task in vCenter vanished");
		engine_job_lost(ej, &err);
		return;
	}
	if (result) {
		free(ej->result);
		ej->result = vs_node_ref(result);
	}
	if (progress && *progress)
		ej->job->percent = (int)strtol(progress, NULL, 10);
	if (state == NULL)
		return;
	engine_job_queued(ej, strcmp(state, "queued") == 0);
	if (strcmp(state, "success") == 0) {
		engine_job_task_over(ej);
		vs_engine_job_event(ej, VS_EVENT_TASK, NULL);
	} else if (strcmp(state, "error") == 0) {
		engine_job_task_failed(ej, vs_event_prop(&ev, "info.error"));
	}
}

const char *
vs_job_result(struct vs_job *job)
{
	return engine_job_of(job)->result;
}

/* ---- the VM */

void
vs_job_attach(struct vs_job *job, const char *ref)
{
	struct vs_engine_job *ej = engine_job_of(job);

	if (ej->ref && strcmp(ej->ref, ref) == 0)
		return;
	/* what is pending knows it by the old one */
	vs_gather_forget(ej);
	vs_watch_remove(ej->e->watch, &ej->vm);
	vs_set(&ej->ref, ref);
	vs_set(&job->rec.ref, ej->ref);
	ej->vm = (struct vs_member){ .ref = ej->ref, .update = engine_job_vm_update, .arg = ej };
}

void
vs_job_detach(struct vs_job *job)
{
	struct vs_engine_job *ej = engine_job_of(job);

	vs_gather_forget(ej);
	vs_watch_remove(ej->e->watch, &ej->vm);
	vs_set(&ej->ref, NULL);
	vs_set(&job->rec.ref, NULL);
}

static void
engine_job_vm_update(struct vs_member *m, struct vs_node *update, bool gone)
{
	struct vs_engine_job *ej = m->arg;
	bool looks = ej->state == VS_ENGINE_JOB_READ || ej->state == VS_ENGINE_JOB_PAUSE;

	if (ej->job->over)
		return;
	/* one that looks is about to see for itself; but what it is going to be
	 * told may be older than this */
	ej->missed |= looks;
	if (gone)
		vs_engine_job_gone(ej);
	else if (!looks)
		vs_engine_job_deliver(
			ej, &(struct vs_event){ .kind = VS_EVENT_PROPS, .update = update });
}

static void
engine_job_timer(void *arg)
{
	vs_engine_job_event(arg, VS_EVENT_TIMER, NULL);
}

void
vs_job_timer(struct vs_job *job, int64_t ms)
{
	struct vs_engine_job *ej = engine_job_of(job);

	vs_timer_set(ej->e->loop, &ej->timer, vs_now() + ms, engine_job_timer, ej);
}

void
vs_job_delay(struct vs_job *job, int64_t ms)
{
	engine_job_of(job)->delay = ms;
}

static void
engine_job_pause_over(void *arg)
{
	vs_engine_job_look(arg);
}

enum vs_step
vs_job_retry(struct vs_job *job, const struct vs_event *ev, struct vs_err *err)
{
	static const char *const passing[] = { "TaskInProgress", "ConcurrentAccess",
		"ResourceInUse", "MethodDisabled", "VAppTaskInProgress", "FileLocked",
		"HostCommunication" };
	struct vs_engine_job *ej = engine_job_of(job);

	for (size_t i = 0; i < VS_LEN(passing); i++)
		if (strcmp(passing[i], ev->err->fault) == 0 && ej->retries < RETRIES) {
			vs_job_delay(job, (int64_t)DELAY << (ej->retries < 4 ? ej->retries : 4));
			ej->retries++;
			return VS_STEP_AGAIN;
		}
	return vs_event_fail(ev, err);
}

/* ---- events in, steps out */

static void
engine_job_act(struct vs_engine_job *ej, enum vs_step step, const struct vs_event *ev,
	const struct vs_err *err)
{
	bool busy = ej->state == VS_ENGINE_JOB_CALL || ej->state == VS_ENGINE_JOB_TASK;

	switch (step) {
	case VS_STEP_CALL:
		engine_job_send(ej);
		break;
	case VS_STEP_TASK:
		engine_job_follow(ej, ev);
		break;
	case VS_STEP_WAIT:
		/* nothing new, while something of ours is under way */
		if (busy && (ev->kind == VS_EVENT_PROPS || ev->kind == VS_EVENT_TIMER))
			break;
		ej->state = VS_ENGINE_JOB_WAIT;
		if (ej->e->verb->watch && ej->ref)
			vs_watch_add(ej->e->watch, &ej->vm);
		if (ej->missed && ej->e->verb->props)
			vs_engine_job_look(ej);
		break;
	case VS_STEP_AGAIN:
		if (busy && ev->kind == VS_EVENT_PROPS)
			break;
		if (++ej->looks > LOOKS) {
			vs_engine_job_fail(ej, VS_ERR_FAILED, "given up after %d looks%s%s", LOOKS,
				ev->err ? ": " : "", ev->err ? ev->err->msg : "");
			break;
		}
		ej->state = VS_ENGINE_JOB_PAUSE;
		vs_timer_set(
			ej->e->loop, &ej->pause, vs_now() + ej->delay, engine_job_pause_over, ej);
		ej->delay = DELAY;
		break;
	case VS_STEP_DONE:
		vs_job_done(ej->job);
		break;
	case VS_STEP_FAIL:
		assert(err->code != VS_ERR_NONE); /* a step that fails says why */
		vs_job_fail(ej->job, err);
		break;
	}
}

void
vs_engine_job_deliver(struct vs_engine_job *ej, const struct vs_event *ev)
{
	struct vs_err err = { 0 };
	enum vs_step step;

	if (ej->job->over)
		return;
	/* what else was pending is overtaken by this */
	if (ev->kind != VS_EVENT_PROPS) {
		vs_gather_forget(ej);
		vs_timer_clear(ej->e->loop, &ej->pause);
	}
	if (ev->kind == VS_EVENT_READY)
		ej->state = VS_ENGINE_JOB_WAIT;
	step = ej->e->verb->step(ej->job, ev, &err);
	if (ej->job->over)
		return;
	/* a last look is fine: what was done is to be told */
	if (ej->job->stopped && step == VS_STEP_AGAIN && ej->delay > 0)
		vs_engine_job_fail(ej, VS_ERR_FAILED, "stopped%s%s",
			ev->kind == VS_EVENT_LOST ? "; " : "",
			ev->kind == VS_EVENT_LOST ? ev->err->msg : "");
	else
		engine_job_act(ej, step, ev, &err);
}

void
vs_engine_job_look(struct vs_engine_job *ej)
{
	struct vs_engine *e = ej->e;

	if (e->verb->props == NULL || ej->ref == NULL) {
		vs_engine_job_event(ej, VS_EVENT_READY, NULL);
		return;
	}
	ej->state = VS_ENGINE_JOB_READ;
	ej->next_read = NULL;
	*(e->reading ? e->reading_end : &e->reading) = ej;
	e->reading_end = &ej->next_read;
	ej->to_read = true;
}

void
vs_engine_job_stop(struct vs_engine_job *ej)
{
	switch (ej->state) {
	case VS_ENGINE_JOB_TASK:
		engine_job_cancel(ej);
		break;
	case VS_ENGINE_JOB_CALL:
		if (ej->call && ej->call->write)
			break; /* its answer names the task to cancel */
			       /* fall through */
	default:
		vs_engine_job_fail(ej, VS_ERR_FAILED, "stopped%s%s",
			ej->job->phase ? " while " : "", ej->job->phase ? ej->job->phase : "");
	}
}

void
vs_engine_job_free(struct vs_engine_job *ej)
{
	struct vs_engine *e = ej->e;

	if (e->watch) {
		vs_watch_remove(e->watch, &ej->vm);
		vs_watch_remove(e->watch, &ej->task);
	}
	vs_gather_forget(ej);
	vs_call_abort(ej->call);
	vs_timer_clear(e->loop, &ej->timer);
	vs_timer_clear(e->loop, &ej->pause);
	if (e->verb->drop)
		e->verb->drop(ej->job);
	free(ej->ref);
	free(ej->task_ref);
	free(ej->result);
	free(ej);
}
