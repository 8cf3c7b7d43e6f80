/* SPDX-License-Identifier: Apache-2.0 */
/* job_parts.h - what job.c and job_show.c share of a run's jobs.  Floor 2. */
#ifndef VS_RUN_JOB_PARTS_H
#define VS_RUN_JOB_PARTS_H

#include "run/confirm.h"
#include "run/job.h"
#include "run/signals.h"

/* Jobs, linked; each is in one list. */
struct vs_job_list {
	struct vs_job *first, *last;
	size_t n;
};

struct vs_jobs {
	struct vs_run *run;
	const struct vs_jobs_conf *conf;
	const struct vs_mover *mover;
	struct vs_input *input;
	struct vs_output *output;
	struct vs_job_list queued, active, over;
	size_t taken, done, failed; /* jobs so far */
	size_t worst;		    /* place in the input of the first that failed */
	bool input_over;
	bool impatient; /* a signal came, and the time after it is over */
	struct vs_signals signals;
	struct vs_confirm *confirm;
	int64_t begun;
	struct vs_timer deadline, grace, redraw;
};

#endif
