/* SPDX-License-Identifier: Apache-2.0 */
/* job.h - the VMs (or nodes) of a run, one job each.  Floor 2.
 *
 * vs_jobs_run takes operands or the records on stdin as jobs, gives them to a
 * mover when they have a slot, watches deadlines and signals, asks the person at
 * the terminal, prints records and the progress line.  The mover (engine/, or that
 * of node-wait) does the work. */
#ifndef VS_RUN_JOB_H
#define VS_RUN_JOB_H

#include "net/loop.h"
#include "run/confirm.h"
#include "run/run.h"
#include "text/record.h"

struct vs_jobs;

struct vs_job {
	struct vs_jobs *jobs;
	struct vs_rec rec;	   /* of the input; its fields are printed again */
	size_t index;		   /* place in the input, from 0 */
	bool active;		   /* has a slot; false: queued */
	bool over;		   /* done or failed; freed after the round */
	bool stopped;		   /* a signal came, or the output was closed */
	bool sent;		   /* set by the mover: a change was sent */
	const char *phase;	   /* for the progress line: "cloning"; literal */
	int percent;		   /* of the phase, -1: unknown */
	int64_t started, deadline; /* vs_now() ms; deadline INT64_MAX: none */
	int64_t held;		   /* of the deadline, ms: see vs_job_hold; -1: it runs */
	struct vs_question question;
	void *mover; /* the mover's own */
	void *state; /* the verb's; freed with free() */
	struct vs_job *next, *prev;
};

/* All may be NULL but start. */
struct vs_mover {
	void *arg;
	bool reads; /* changes nothing: all jobs start at once, and the run ends when
		     * the output is closed */
	/* The job has its slot.  It ends with vs_job_done or vs_job_fail, now or later. */
	void (*start)(void *arg, struct vs_job *job);
	void (*expire)(void *arg, struct vs_job *job); /* deadline; NULL: plain time-out */
	void (*answer)(void *arg, struct vs_job *job, bool yes); /* to vs_job_ask */
	void (*stop)(
		void *arg, struct vs_job *job); /* first signal: cancel what can be cancelled */
	void (*turn)(void *arg);		/* each round: send what has gathered */
	void (*input_end)(void *arg);		/* no more jobs will come */
	/* No job is left: begin to clean up.  Then the loop turns until busy() is
	 * false, for VS_BOUND_CLEANUP_MS at most. */
	void (*close)(void *arg);
	bool (*busy)(void *arg);
	void (*free)(void *arg, struct vs_job *job); /* of job->mover */
};

struct vs_jobs_conf {
	struct vs_loop *loop;
	const struct vs_mover *mover;
	int64_t slots;		  /* -j */
	int64_t timeout;	  /* of one job, ms; 0: none */
	bool dry_run;		  /* no record is printed */
	const char *const *names; /* instead of run->operands; NULL-terminated, or NULL */
};

/* Runs all jobs; sets run->status.  No operands while stdin is a terminal is a usage
 * error, which is printed. */
void vs_jobs_run(struct vs_run *run, const struct vs_jobs_conf *conf);

void vs_job_done(struct vs_job *job);				/* prints the record */
void vs_job_fail(struct vs_job *job, const struct vs_err *err); /* "TOOL: NAME: msg" */
/* As vs_job_fail, when the message was printed already, once for all jobs. */
void vs_job_drop(struct vs_job *job, enum vs_err_code code);
const char *vs_job_name(const struct vs_job *job); /* last component of its path */
void vs_job_phase(struct vs_job *job, const char *phase, int percent);

/* Stop the clock of the deadline, or let it run again. */
void vs_job_hold(struct vs_job *job, bool hold);

/* Ask the person at the terminal.  The answer comes later, to the mover; the clock is
 * stopped until then.  At the end of input the job fails ("stopped"). */
void vs_job_ask(struct vs_job *job, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void vs_job_unask(struct vs_job *job); /* take the question back */

/* A signal came, or the output was closed: nothing new may start. */
bool vs_jobs_stopping(const struct vs_jobs *jobs);

#endif
