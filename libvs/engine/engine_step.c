/* SPDX-License-Identifier: Apache-2.0 */
/* engine_step.c - what a step may call: requests, the VM of the job, timers, retries.
 *
 * What its answer leads to: engine_job.c. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bounds.h"
#include "base/mem.h"
#include "base/num.h"
#include "engine/engine_job.h"

enum { LATER = 100 }; /* ms, for a TIMER that has to wait */

static struct vs_engine_job *
engine_step_job(struct vs_job *job)
{
	return job->mover;
}

struct vs_engine *
vs_job_engine(struct vs_job *job)
{
	return engine_step_job(job)->e;
}

void *
vs_job_arg(struct vs_job *job)
{
	return vs_job_engine(job)->verb->arg;
}

const char *
vs_job_ref(struct vs_job *job)
{
	return engine_step_job(job)->ref;
}

static struct vs_xw *
engine_step_open_call(
	struct vs_job *job, const char *what, const char *method, const char *self, bool write)
{
	struct vs_engine_job *ej = engine_step_job(job);

	/* a write that is out may be carried out, and its answer would be dropped */
	assert(ej->call == NULL || ej->state != VS_ENGINE_JOB_CALL);
	vs_call_abort(ej->call);
	ej->what = what;
	ej->call = vs_vc_call(ej->e->vc, method, self ? self : ej->ref, write);
	return &ej->call->w;
}

struct vs_xw *
vs_job_read(struct vs_job *job, const char *method, const char *self)
{
	return engine_step_open_call(job, NULL, method, self, false);
}

struct vs_xw *
vs_job_write(struct vs_job *job, const char *what, const char *method, const char *self)
{
	return engine_step_open_call(job, what, method, self, true);
}

static void
engine_step_vm_update(struct vs_member *m, struct vs_node *update, bool gone)
{
	struct vs_engine_job *ej = m->arg;
	bool looks = ej->state == VS_ENGINE_JOB_READ || ej->state == VS_ENGINE_JOB_PAUSE;

	if (ej->job->over)
		return;
	/* a job that looks reads all of it anyway; but the response to a look that is
	 * out may be older than this change */
	ej->missed |= vs_look_is_out(&ej->look);
	if (gone)
		vs_engine_job_gone(ej);
	else if (!looks)
		vs_engine_job_deliver(
			ej, &(struct vs_event){ .kind = VS_EVENT_PROPS, .update = update });
}

void
vs_job_attach(struct vs_job *job, const char *ref)
{
	struct vs_engine_job *ej = engine_step_job(job);

	if (ej->ref && strcmp(ej->ref, ref) == 0)
		return;
	/* what is pending has the old reference */
	vs_gather_forget(ej->e->gather, &ej->look);
	vs_watch_remove(ej->e->watch, &ej->vm);
	vs_set(&ej->ref, ref);
	vs_set(&job->rec.ref, ej->ref);
	ej->vm = (struct vs_member){ .ref = ej->ref, .update = engine_step_vm_update, .arg = ej };
}

void
vs_job_detach(struct vs_job *job)
{
	struct vs_engine_job *ej = engine_step_job(job);

	vs_gather_forget(ej->e->gather, &ej->look);
	vs_watch_remove(ej->e->watch, &ej->vm);
	vs_set(&ej->ref, NULL);
	vs_set(&job->rec.ref, NULL);
}

static void
engine_step_timer(void *arg)
{
	struct vs_engine_job *ej = arg;

	/* the verb has to see the answer to its request first */
	if (ej->state == VS_ENGINE_JOB_CALL)
		vs_job_timer(ej->job, LATER);
	else
		vs_engine_job_event(ej, VS_EVENT_TIMER, NULL);
}

void
vs_job_timer(struct vs_job *job, int64_t ms)
{
	struct vs_engine_job *ej = engine_step_job(job);

	vs_timer_set(ej->e->loop, &ej->timer, vs_now() + ms, engine_step_timer, ej);
}

void
vs_job_delay(struct vs_job *job, int64_t ms)
{
	engine_step_job(job)->delay = ms;
}

const char *
vs_job_result(struct vs_job *job)
{
	return vs_task_result(&engine_step_job(job)->task);
}

enum vs_step
vs_job_retry(struct vs_job *job, const struct vs_event *ev, struct vs_err *err)
{
	static const char *const passing[] = { "TaskInProgress", "ConcurrentAccess",
		"ResourceInUse", "MethodDisabled", "VAppTaskInProgress", "FileLocked",
		"HostCommunication" };
	struct vs_engine_job *ej = engine_step_job(job);

	for (size_t i = 0; i < VS_LEN(passing); i++)
		if (strcmp(passing[i], ev->err->fault) == 0
			&& ej->retries < vs_bound(VS_BOUND_RETRIES)) {
			vs_job_delay(job,
				(int64_t)VS_ENGINE_DELAY << (ej->retries < 4 ? ej->retries : 4));
			ej->retries++;
			return VS_STEP_AGAIN;
		}
	return vs_event_fail(ev, err);
}
