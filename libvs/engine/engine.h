/* SPDX-License-Identifier: Apache-2.0 */
/* engine.h - one loop, many VMs: what every vs-* tool does with each of them.  Floor 5.
 *
 * run/ has the jobs, the engine moves them, a tool supplies a verb: look at the VM,
 * do something to it, wait for that, print a record.  A verb is a small state machine;
 * what it remembers of a job between two events is job->state. */
#ifndef VS_ENGINE_ENGINE_H
#define VS_ENGINE_ENGINE_H

#include "engine/event.h"
#include "inventory/find.h"
#include "run/job.h"
#include "vim/prop.h"
#include "vim/vcenter.h"

/* Events in, steps out.  Each event goes to verb->step, and its answer says what the
 * job does next:
 *
 *   event	comes when					steps allowed
 *   READY	the job has its slot; after AGAIN		CALL ASK WAIT AGAIN DONE FAIL
 *   REPLY	the request of CALL was answered		CALL ASK TASK WAIT AGAIN DONE FAIL
 *   TASK	the task of TASK succeeded			CALL ASK WAIT AGAIN DONE FAIL
 *   FAULT	the request or the task failed			CALL ASK WAIT AGAIN DONE FAIL
 *   LOST	the write of CALL was sent, its answer is	CALL (a read) AGAIN DONE FAIL
 *		lost; or the task of TASK has vanished
 *   ANSWER	the question of ASK was answered		CALL ASK WAIT AGAIN DONE FAIL
 *   PROPS	a watched property of the VM changed		WAIT DONE FAIL; while in WAIT
 *								also CALL ASK AGAIN
 *   TIMER	vs_job_timer, but not while CALL is under way	CALL ASK WAIT AGAIN DONE FAIL
 *   GONE	the VM no longer exists; a request of CALL	CALL DONE FAIL
 *		that is under way is dropped
 *   DEADLINE	--timeout is over, in WAIT or TASK		DONE FAIL
 *
 *   CALL	sends the request opened last with vs_job_read or vs_job_write: REPLY or
 *		FAULT; for a write also LOST.  A read that is lost is retried by vim/call.
 *   TASK	follows the task in the reply: TASK, FAULT or LOST.
 *   ASK	puts the question of vs_job_ask to the person at the terminal: ANSWER.
 *		Only before the job has sent a write.
 *   WAIT	stays until PROPS, TIMER, GONE or DEADLINE.  While CALL, TASK or ASK is
 *		under way, WAIT in answer to PROPS or TIMER leaves it under way.
 *   AGAIN	waits for vs_job_delay (1 s when it was not called), reads the props of all
 *		jobs that want theirs in one request, then READY.
 *   DONE	prints the record.
 *   FAIL	prints err.  The status of the first job that failed is that of the run.
 *
 * There is no default for LOST: each verb looks, or knows that the call may be repeated. */

struct vs_engine;

struct vs_verb {
	const char *const *props; /* of the VM, read before READY and on AGAIN; NULL: none */
	const char *const *watch; /* of the VM, after the first WAIT; small ones only */
	bool reads;		  /* changes nothing: no slots, no name check */
	bool makes;		  /* the VM does not exist yet: its name is not looked up */
	/* Look-ups that all jobs share, once, before the first READY; may turn the loop
	 * until they are done. */
	int (*prepare)(struct vs_engine *e, struct vs_err *err);
	enum vs_step (*step)(struct vs_job *job, const struct vs_event *ev, struct vs_err *err);
	size_t state_size;		  /* of job->state: zeroed for each job, freed with it */
	void (*drop)(struct vs_job *job); /* free what job->state points to; NULL: nothing */
	int64_t timeout;		  /* default of --timeout, ms; 0: none */
	const char *folder;		  /* -f: of bare names; NULL: that of the environment */
	void *arg;			  /* the tool's own, for all jobs: vs_job_arg */
};

struct vs_engine {
	struct vs_run *run;
	const struct vs_verb *verb;
	struct vs_conn conn;
	struct vs_loop *loop;
	struct vs_vc *vc;
	struct vs_find *find;
	struct vs_gather *gather;
	struct vs_watch *watch;
	enum { VS_ENGINE_NEW, VS_ENGINE_PREPARING, VS_ENGINE_READY, VS_ENGINE_BROKEN } state;
	bool late;	   /* --timeout ended while it prepared */
	struct vs_err why; /* VS_ENGINE_BROKEN */
	struct vs_engine_job *all;
	const char **props; /* verb->props and "name"; NULL at the end */
	const struct vs_conn_opts *opts;
};

/* The whole run after vs_run_begin; returns the exit status.  skip: how many operands
 * before those of the VMs are the tool's own ("on"). */
int vs_engine_run(
	struct vs_run *run, const struct vs_conn_opts *conn, const struct vs_verb *verb, int skip);

/* ---- for steps */

struct vs_engine *vs_job_engine(struct vs_job *job);
void *vs_job_arg(struct vs_job *job);	    /* the verb's arg */
const char *vs_job_ref(struct vs_job *job); /* "VirtualMachine:vm-42", or NULL */

/* Give the job its VM: one that was created, or named in a fault. */
void vs_job_attach(struct vs_job *job, const char *ref);
void vs_job_detach(struct vs_job *job); /* that one no longer exists */

/* Open a request on self (NULL: the VM of the job); write its elements to the result
 * in WSDL order, and return VS_STEP_CALL.  A read is retried; a write never is, and may
 * get LOST.  With --dry-run what ("power on") is printed instead of sending a write,
 * and the job is done. */
struct vs_xw *vs_job_read(struct vs_job *job, const char *method, const char *self);
struct vs_xw *vs_job_write(
	struct vs_job *job, const char *what, const char *method, const char *self);

void vs_job_timer(struct vs_job *job, int64_t ms); /* a TIMER event in ms */
void vs_job_delay(struct vs_job *job, int64_t ms); /* of the next AGAIN; 0: at once */
/* The result of the last task, "VirtualMachine:vm-43", or NULL. */
const char *vs_job_result(struct vs_job *job);

/* The answer to a FAULT that may pass, as when another task works on the object
 * (TaskInProgress and the like): AGAIN after a while, up to 8 times for one job;
 * else vs_event_fail. */
enum vs_step vs_job_retry(struct vs_job *job, const struct vs_event *ev, struct vs_err *err);

#endif
