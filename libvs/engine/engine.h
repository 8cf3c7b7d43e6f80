/* SPDX-License-Identifier: Apache-2.0 */
/* engine.h - one loop, many VMs: the motion that every vs-* tool makes.  Floor 5.
 *
 * run/ has the jobs, the engine moves them, a tool gives a verb: look at the
 * VM, do something to it, wait for that, print a record.  The steps of a verb
 * are a small state machine; its state between them is job->data. */
#ifndef VS_ENGINE_ENGINE_H
#define VS_ENGINE_ENGINE_H

#include "inventory/find.h"
#include "run/job.h"
#include "vim/prop.h"
#include "vim/vcenter.h"

enum vs_event_kind {
	VS_EVENT_READY,	   /* the props are here (none asked for: the job has its slot) */
	VS_EVENT_REPLY,	   /* of the call that was opened: reply is its response element */
	VS_EVENT_TASK,	   /* it ended well: vs_job_result */
	VS_EVENT_FAULT,	   /* a call or a task was refused: err, fault (its object, may be NULL) */
	VS_EVENT_LOST,	   /* the answer to a write, or its task, is lost: was it done? */
	VS_EVENT_PROPS,	   /* watched properties changed, or are told again */
	VS_EVENT_GONE,	   /* the VM is no more */
	VS_EVENT_TIMER,	   /* vs_job_timer's time is over */
	VS_EVENT_DEADLINE, /* --timeout; err says so, a better message may replace it */
};

struct vs_event {
	enum vs_event_kind kind;
	struct vs_node *reply, *fault;
	struct vs_node *content, *changes; /* behind vs_event_prop */
	const struct vs_err *err;
};

/* The value of a property, of READY or PROPS; NULL: not there, or not changed. */
struct vs_node *vs_event_prop(const struct vs_event *ev, const char *path);
const char *vs_event_text(const struct vs_event *ev, const char *path);

bool vs_event_is(const struct vs_event *ev, const char *path, const char *text);

enum vs_step {
	VS_STEP_FAIL = -1, /* err says why */
	VS_STEP_CALL,	   /* a request was opened by vs_job_read or vs_job_write */
	VS_STEP_TASK,	   /* follow the task that the reply names, or was given */
	VS_STEP_WAIT,	   /* for PROPS, TIMER, GONE */
	VS_STEP_AGAIN,	   /* after vs_job_delay: props anew, then READY */
	VS_STEP_DONE,	   /* the record goes out */
};

struct vs_engine;

struct vs_verb {
	const char *const *props; /* of the VM, read before READY and on AGAIN, for
				 * all that are ready for it in one call; NULL: none */
	const char *const *watch; /* of the VM, while it waits; small ones only */
	bool reads;		  /* changes nothing: no slots, no name check */
	bool makes;		  /* the VM is not there yet: its name is not looked up */
	/* Look-ups that all jobs share, once, before the first READY; may wait by
	 * turning the loop. */
	int (*prepare)(struct vs_engine *e, struct vs_err *err);
	enum vs_step (*step)(struct vs_job *job, const struct vs_event *ev, struct vs_err *err);
	void (*drop)(struct vs_job *job); /* free what job->data points to; NULL: nothing */
	int64_t timeout;		  /* default of --timeout, ms; 0: none */
	const char *folder;		  /* -f: where bare names are, NULL: the environment's */
	void *arg;			  /* the tool's own, for all jobs */
};

struct vs_engine {
	struct vs_run *run;
	const struct vs_verb *verb;
	struct vs_conn conn;
	struct vs_loop *loop;
	struct vs_vc *vc;
	struct vs_find *find;
	struct vs_watch *watch;
	enum { VS_ENGINE_NEW, VS_ENGINE_PREPARING, VS_ENGINE_READY, VS_ENGINE_BROKEN } state;
	bool late;	   /* --timeout was over while it prepared */
	struct vs_err why; /* VS_ENGINE_BROKEN */
	struct vs_engine_job *all;
	struct vs_engine_job *reading, **reading_end; /* jobs whose props are to be read */
	struct vs_batch *batches;		      /* reads in flight */
	bool read_alone;			      /* one VM a call: a fault names nobody */
	const char **props;			      /* verb->props and "name"; NULL-terminated */
	const struct vs_conn_opts *opts;
};

/* All of it, from vs_run_begin on to the exit status.  skip: operands that are
 * the tool's own ("on"), before the VMs'. */
int vs_engine_run(
	struct vs_run *run, const struct vs_conn_opts *conn, const struct vs_verb *verb, int skip);

/* ---- for steps */

struct vs_engine *vs_job_engine(struct vs_job *job);
void *vs_job_arg(struct vs_job *job);	    /* the verb's arg */
const char *vs_job_ref(struct vs_job *job); /* "VirtualMachine:vm-42", or NULL */

/* Give the job its VM: what a clone made, or whom a fault named. */
void vs_job_attach(struct vs_job *job, const char *ref);
void vs_job_detach(struct vs_job *job); /* that one is no more */

/* Open a request, on self (NULL: the job's VM); write its elements to what
 * comes back, in WSDL order, and return VS_STEP_CALL.  Reads are retried; a
 * write never is, and gets LOST.  With --dry-run a write is named by what
 * ("power on") and the job is over. */
struct vs_xw *vs_job_read(struct vs_job *job, const char *method, const char *self);
struct vs_xw *vs_job_write(
	struct vs_job *job, const char *what, const char *method, const char *self);

void vs_job_timer(struct vs_job *job, int64_t ms); /* a TIMER event in ms */
void vs_job_delay(struct vs_job *job, int64_t ms); /* before the next AGAIN; 0: at once */
/* What the last task resulted in, "VirtualMachine:vm-43", or NULL. */
const char *vs_job_result(struct vs_job *job);
void vs_job_follow(struct vs_job *job, const char *task); /* for VS_STEP_TASK */

/* A task of the VM's own is working on it (TaskInProgress and the like): AGAIN
 * after a while, at most times times; else VS_STEP_FAIL with ev->err. */
enum vs_step vs_job_retry(
	struct vs_job *job, const struct vs_event *ev, int times, struct vs_err *err);

#endif
