/* SPDX-License-Identifier: Apache-2.0 */
/* engine_job.h - what the engine knows of one job; for engine*.c only.  Floor 5. */
#ifndef VS_ENGINE_ENGINE_JOB_H
#define VS_ENGINE_ENGINE_JOB_H

#include "engine/engine.h"
#include "engine/gather.h"
#include "engine/task.h"
#include "engine/watch.h"

enum vs_engine_job_state {
	VS_ENGINE_JOB_FIND,  /* its name is being looked up */
	VS_ENGINE_JOB_READ,  /* its props are to be read, or being read */
	VS_ENGINE_JOB_CALL,  /* a call of the verb is out */
	VS_ENGINE_JOB_TASK,  /* a task is followed */
	VS_ENGINE_JOB_WAIT,  /* for a change of the VM, or a timer */
	VS_ENGINE_JOB_ASK,   /* for an answer */
	VS_ENGINE_JOB_PAUSE, /* until the next look */
};

enum { VS_ENGINE_DELAY = 1000 }; /* ms before AGAIN, unless the verb sets it */

struct vs_engine_job {
	struct vs_engine *e;
	struct vs_job *job;
	enum vs_engine_job_state state;
	char *ref;
	bool check_name; /* the ref came with a path: they must belong together */
	bool checked;
	struct vs_lookup *lookup; /* will call back */
	struct vs_look look;
	bool missed;	      /* a change came while a look was out */
	struct vs_call *call; /* opened by a step, or out */
	const char *what;     /* of a write, for --dry-run */
	struct vs_member vm;
	struct vs_task task;
	struct vs_timer timer, pause;
	int64_t delay; /* ms, before the next look */
	int retries, losses, looks;
	struct vs_err lost;
	struct vs_engine_job *next, *prev; /* in engine->all */
};

struct vs_engine_job *vs_engine_job_new(struct vs_engine *e, struct vs_job *job);
void vs_engine_job_free(struct vs_engine_job *ej);

/* Hand the verb an event, and do what it answers. */
void vs_engine_job_deliver(struct vs_engine_job *ej, const struct vs_event *ev);
void vs_engine_job_event(
	struct vs_engine_job *ej, enum vs_event_kind kind, const struct vs_err *err);

void vs_engine_job_gone(struct vs_engine_job *ej); /* its VM no longer exists */

/* Queue the job for the next gathered read, or deliver READY when no props are wanted. */
void vs_engine_job_look(struct vs_engine_job *ej);

void vs_engine_job_fail(struct vs_engine_job *ej, enum vs_err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A signal came: cancel what can be. */
void vs_engine_job_stop(struct vs_engine_job *ej);

#endif
