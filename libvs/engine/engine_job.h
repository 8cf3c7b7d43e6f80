/* SPDX-License-Identifier: Apache-2.0 */
/* engine_job.h - what the engine knows of one job; engine.c, ejob.c and read.c only.  Floor 5. */
#ifndef VS_ENGINE_ENGINE_JOB_H
#define VS_ENGINE_ENGINE_JOB_H

#include "engine/engine.h"
#include "engine/watch.h"

enum vs_engine_job_state {
	VS_ENGINE_JOB_FIND,  /* its name is being looked up */
	VS_ENGINE_JOB_READ,  /* its props are to be read, or being read */
	VS_ENGINE_JOB_CALL,  /* a call of the verb's is out */
	VS_ENGINE_JOB_TASK,  /* a task is followed */
	VS_ENGINE_JOB_WAIT,  /* for a change of the VM, or a timer */
	VS_ENGINE_JOB_PAUSE, /* before it looks again */
};

struct vs_engine_job {
	struct vs_engine *e;
	struct vs_job *job;
	enum vs_engine_job_state state;
	char *ref;
	bool check_name; /* the ref came with a path: they must agree */
	bool checked;
	struct vs_ask *ask;	/* a look-up that will call back */
	struct vs_batch *batch; /* of reads, in flight */
	struct vs_call *call;	/* opened by a step, or out */
	const char *what;	/* of a write, for --dry-run */
	struct vs_member vm, task;
	char *task_ref, *result;
	bool cancelled; /* CancelTask was sent */
	int64_t left;	/* of the deadline, while queued; -1: it runs */
	struct vs_timer timer, pause;
	int64_t delay; /* ms, before the next look */
	int retries, losses, looks;
	struct vs_err lost;
	struct vs_engine_job *next_read;
	bool missed;			   /* a change came while a look was out */
	bool to_read;			   /* stands in the engine's list of those */
	struct vs_engine_job *next, *prev; /* all of the engine's */
};

/* Hand the verb an event, and do what it answers. */
void vs_engine_job_deliver(struct vs_engine_job *ej, const struct vs_event *ev);
void vs_engine_job_event(
	struct vs_engine_job *ej, enum vs_event_kind kind, const struct vs_err *err);

void vs_engine_job_gone(struct vs_engine_job *ej);

/* Queue the job for the next gathered read, or deliver READY when no props are wanted. */
void vs_engine_job_look(struct vs_engine_job *ej);

void vs_engine_job_fail(struct vs_engine_job *ej, enum vs_err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A signal came: cancel what can be. */
void vs_engine_job_stop(struct vs_engine_job *ej);
void vs_engine_job_free(struct vs_engine_job *ej);

/* read.c: the gathered reads of a round, and out of one. */
void vs_gather_flush(struct vs_engine *e);
void vs_gather_forget(struct vs_engine_job *ej);
void vs_gather_drop(struct vs_engine *e); /* all that are in flight */

#endif
