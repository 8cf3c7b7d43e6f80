/* SPDX-License-Identifier: Apache-2.0 */
/* engine_job.c - one job and its verb: events in, steps out.
 *
 * The table of both is in engine.h.  Tasks are followed in task.c, properties read in
 * gather.c; what a VM is for, only the verb knows. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bounds.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "engine/engine_job.h"
#include "vim/fault.h"
#include "vim/reference.h"

static void engine_job_task_moved(void *arg, bool queued, int percent);
static void engine_job_task_ended(
	void *arg, enum vs_task_end how, const struct vs_err *err, struct vs_node *fault);
static void engine_job_looked(
	void *arg, enum vs_look_end how, struct vs_node *content, const struct vs_err *err);

struct vs_engine_job *
vs_engine_job_new(struct vs_engine *e, struct vs_job *job)
{
	struct vs_engine_job *ej = vs_alloc(1, sizeof *ej);

	*ej = (struct vs_engine_job){ .e = e,
		.job = job,
		.look = { .ended = engine_job_looked, .arg = ej },
		.task = { .moved = engine_job_task_moved,
			.ended = engine_job_task_ended,
			.arg = ej },
		.delay = VS_ENGINE_DELAY,
		.next = e->all };
	if (e->all)
		e->all->prev = ej;
	e->all = ej;
	job->mover = ej;
	if (e->verb->state_size)
		job->state = vs_alloc(1, e->verb->state_size);
	return ej;
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

	/* a request to it that is out can only fail */
	if (ej->state == VS_ENGINE_JOB_CALL) {
		vs_call_abort(vs_steal(ej->call));
		ej->state = VS_ENGINE_JOB_WAIT;
	}
	/* a job that came as a reference has it as its name already */
	vs_fail(&err, VS_ERR_NOT_FOUND, "%s%sdoes not exist, or this user may not see it",
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

/* The verb looks what has happened, at once the first time, then after growing pauses;
 * it gives up on a server that loses every response. */
static void
engine_job_lost(struct vs_engine_job *ej, const struct vs_err *err)
{
	int64_t pause = (int64_t)VS_ENGINE_DELAY << ej->losses;

	if (ej->losses++ == 0) {
		vs_engine_job_event(ej, VS_EVENT_LOST, err);
	} else if (ej->losses > vs_bound(VS_BOUND_LOSSES)) {
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

/* ---- tasks */

static void
engine_job_follow(struct vs_engine_job *ej, const struct vs_event *ev)
{
	VS_FREE char *ref = vs_node_ref(vs_node_at(ev->reply, "returnval"));

	assert(ev->kind == VS_EVENT_REPLY); /* nothing else names one */
	if (ref == NULL) {
		vs_engine_job_fail(ej, VS_ERR_FAILED, "vCenter's response has no task");
		return;
	}
	ej->state = VS_ENGINE_JOB_TASK;
	ej->task.vc = ej->e->vc;
	ej->task.watch = ej->e->watch;
	vs_task_follow(&ej->task, ref);
	if (ej->job->stopped)
		vs_task_cancel(&ej->task);
}

static void
engine_job_task_moved(void *arg, bool queued, int percent)
{
	struct vs_engine_job *ej = arg;

	if (ej->job->over || ej->state != VS_ENGINE_JOB_TASK)
		return;
	if (percent >= 0)
		ej->job->percent = percent;
	vs_job_hold(ej->job, queued); /* time in the queue of vCenter does not count */
}

static void
engine_job_task_ended(
	void *arg, enum vs_task_end how, const struct vs_err *err, struct vs_node *fault)
{
	struct vs_engine_job *ej = arg;

	if (ej->job->over || ej->state != VS_ENGINE_JOB_TASK)
		return;
	vs_job_hold(ej->job, false);
	switch (how) {
	case VS_TASK_SUCCESS:
		vs_engine_job_event(ej, VS_EVENT_TASK, NULL);
		break;
	case VS_TASK_FAILED:
		vs_engine_job_deliver(ej,
			&(struct vs_event){ .kind = VS_EVENT_FAULT, .err = err, .fault = fault });
		break;
	case VS_TASK_CANCELLED:
		vs_engine_job_fail(ej, VS_ERR_FAILED, "stopped; its task in vCenter was cancelled");
		break;
	case VS_TASK_VANISHED:
		engine_job_lost(ej, err);
		break;
	}
}

/* ---- looks */

/* In another vCenter the same moref is another VM: compare the names. */
static bool
engine_job_check_name(struct vs_engine_job *ej, struct vs_node *content)
{
	struct vs_rec *rec = &ej->job->rec;
	const char *name = vs_prop_text(content, "name");
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	if (ej->checked || (name == NULL && !ej->check_name))
		return true;
	if (name == NULL) {
		vs_engine_job_fail(ej, VS_ERR_NOT_FOUND,
			"cannot read the name of %s, so it may not be the VM of the record; nothing was done",
			ej->ref);
		return false;
	}
	ej->checked = true;
	vs_path_encode(name, true, &b);
	if (vs_ref_is(rec->path, "VirtualMachine")) {
		vs_set(&rec->path, b.s);
	} else if (ej->check_name && strcmp(vs_rec_name(rec), b.s) != 0) {
		vs_engine_job_fail(ej, VS_ERR_NOT_FOUND,
			"%s is '%s' in this vCenter: the record is from another vCenter, or the VM was renamed; nothing was done",
			ej->ref, name);
		return false;
	}
	return true;
}

static void
engine_job_looked(
	void *arg, enum vs_look_end how, struct vs_node *content, const struct vs_err *err)
{
	struct vs_engine_job *ej = arg;

	switch (how) {
	case VS_LOOK_READ:
		if (engine_job_check_name(ej, content))
			vs_engine_job_deliver(ej,
				&(struct vs_event){ .kind = VS_EVENT_READY, .content = content });
		break;
	case VS_LOOK_GONE:
		vs_engine_job_gone(ej);
		break;
	case VS_LOOK_FAILED:
		vs_engine_job_fail(ej, err->code, "%s", err->msg);
		break;
	}
}

static void
engine_job_pause_over(void *arg)
{
	vs_engine_job_look(arg);
}

/* ---- events in, steps out */

static void
engine_job_act(struct vs_engine_job *ej, enum vs_step step, const struct vs_event *ev,
	const struct vs_err *err)
{
	bool busy = ej->state == VS_ENGINE_JOB_CALL || ej->state == VS_ENGINE_JOB_TASK
		|| ej->state == VS_ENGINE_JOB_ASK;

	/* something of ours is under way: its end comes first */
	if (busy && (step == VS_STEP_WAIT || step == VS_STEP_AGAIN)
		&& (ev->kind == VS_EVENT_PROPS || ev->kind == VS_EVENT_TIMER))
		return;
	if (ej->state == VS_ENGINE_JOB_ASK && step != VS_STEP_ASK)
		vs_job_unask(ej->job); /* overtaken, unless it was answered */
	switch (step) {
	case VS_STEP_CALL:
		engine_job_send(ej);
		break;
	case VS_STEP_TASK:
		engine_job_follow(ej, ev);
		break;
	case VS_STEP_WAIT:
		ej->state = VS_ENGINE_JOB_WAIT;
		if (ej->e->verb->watch && ej->ref)
			vs_watch_add(ej->e->watch, &ej->vm);
		if (ej->missed && ej->e->verb->props)
			vs_engine_job_look(ej);
		break;
	case VS_STEP_AGAIN:
		if (++ej->looks > vs_bound(VS_BOUND_LOOKS)) {
			vs_engine_job_fail(ej, VS_ERR_FAILED, "gave up after %d attempts%s%s",
				ej->looks - 1, ev->err ? ": " : "", ev->err ? ev->err->msg : "");
			break;
		}
		ej->state = VS_ENGINE_JOB_PAUSE;
		vs_timer_set(
			ej->e->loop, &ej->pause, vs_now() + ej->delay, engine_job_pause_over, ej);
		ej->delay = VS_ENGINE_DELAY;
		break;
	case VS_STEP_ASK:
		/* a run whose output is closed waits for what was sent, but asks no one */
		assert(!ej->job->sent);
		if (ej->job->stopped)
			vs_engine_job_fail(ej, VS_ERR_FAILED, "stopped");
		ej->state = VS_ENGINE_JOB_ASK;
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
	/* this event overtakes what else was pending */
	if (ev->kind != VS_EVENT_PROPS) {
		vs_gather_forget(ej->e->gather, &ej->look);
		vs_timer_clear(ej->e->loop, &ej->pause);
	}
	if (ev->kind == VS_EVENT_READY)
		ej->state = VS_ENGINE_JOB_WAIT;
	step = ej->e->verb->step(ej->job, ev, &err);
	if (ej->job->over)
		return;
	/* AGAIN at once is a last look, to report what was done */
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
	ej->missed = false;
	ej->look.ref = ej->ref;
	vs_gather_add(e->gather, &ej->look);
}

void
vs_engine_job_stop(struct vs_engine_job *ej)
{
	switch (ej->state) {
	case VS_ENGINE_JOB_TASK:
		vs_task_cancel(&ej->task);
		break;
	case VS_ENGINE_JOB_CALL:
		if (ej->call && ej->call->write)
			break; /* its response names the task to cancel */
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

	if (e->watch)
		vs_watch_remove(e->watch, &ej->vm);
	if (e->gather)
		vs_gather_forget(e->gather, &ej->look);
	vs_task_free(&ej->task);
	vs_call_abort(ej->call);
	vs_timer_clear(e->loop, &ej->timer);
	vs_timer_clear(e->loop, &ej->pause);
	if (e->verb->drop)
		e->verb->drop(ej->job);
	*(ej->prev ? &ej->prev->next : &e->all) = ej->next;
	if (ej->next)
		ej->next->prev = ej->prev;
	free(ej->ref);
	free(ej);
}
