/* SPDX-License-Identifier: Apache-2.0 */
/* job_show.c - the progress line: how many jobs are done, and what the others do.
 *
 * Where and when it is drawn: run/say.c. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "run/job_parts.h"
#include "run/job_show.h"

enum { REDRAW = 250 }; /* ms between two lines */

struct job_show_phase {
	const char *name;
	long n, sum, known; /* jobs; of their percentages; how many have one */
};

static void
job_show_phases(struct vs_jobs *js, struct vs_buf *b)
{
	VS_FREE struct job_show_phase *all = NULL;
	size_t n = 0, cap = 0, i;

	for (struct vs_job *j = js->active.first; j; j = j->next) {
		const char *name = j->phase ? j->phase : "starting";

		for (i = 0; i < n && strcmp(all[i].name, name) != 0;)
			i++;
		if (i == n) {
			vs_grow(all, n, cap);
			all[n++] = (struct job_show_phase){ .name = name };
		}
		all[i].n++;
		all[i].known += j->percent >= 0;
		all[i].sum += j->percent >= 0 ? j->percent : 0;
	}
	for (i = 0; i < n; i++) {
		vs_buf_fmt(b, ", %ld %s", all[i].n, all[i].name);
		if (all[i].known)
			vs_buf_fmt(b, " (%ld%%)", all[i].sum / all[i].known);
	}
}

static void
job_show_redraw(void *arg)
{
	vs_jobs_show(arg);
}

void
vs_jobs_show(struct vs_jobs *js)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	char t[24];

	vs_timer_set(js->conf->loop, &js->redraw, vs_now() + REDRAW, job_show_redraw, js);
	/* another tool of the pipe has the line, until there is work here */
	if (js->taken == 0)
		return;
	vs_buf_fmt(&b, "%zu/%zu done", js->done, js->taken);
	if (js->failed)
		vs_buf_fmt(&b, ", %zu failed", js->failed);
	job_show_phases(js, &b);
	if (js->queued.n)
		vs_buf_fmt(&b, ", %zu queued", js->queued.n);
	vs_buf_fmt(&b, ", %s", vs_clock(vs_now() - js->begun, t, sizeof t));
	vs_progress(b.s);
}
