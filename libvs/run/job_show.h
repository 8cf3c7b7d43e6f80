/* SPDX-License-Identifier: Apache-2.0 */
/* job_show.h - the progress line of a run.  Floor 2. */
#ifndef VS_RUN_JOB_SHOW_H
#define VS_RUN_JOB_SHOW_H

struct vs_jobs;

/* Draw it, now and every quarter of a second. */
void vs_jobs_show(struct vs_jobs *js);

#endif
