/* SPDX-License-Identifier: Apache-2.0 */
/* wait.c - the whole of node-wait: which names the jobs have, then their run.
 * The jobs themselves are moved by kube/wait_mover. */
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/mem.h"
#include "base/num.h"
#include "kube/node_record.h"
#include "kube/wait.h"
#include "kube/wait_mover.h"

/* Names for the places of nodes whose names are not known yet. */
static void
wait_places(int64_t n, struct vs_strings *names)
{
	for (int64_t i = 0; i < n; i++)
		vs_strings_take(
			names, vs_printf("node %lld of %lld", (long long)i + 1, (long long)n));
}

static int
wait_none_in_time(struct vs_kwait *w, struct vs_err *err)
{
	const char *trouble = vs_knodes_trouble(w->nodes);
	char t[24];

	vs_clock(w->conf->timeout, t, sizeof t);
	if (vs_knodes_synced(w->nodes))
		return vs_fail(err, VS_ERR_TIMED_OUT, "no node matches '%s' within %s",
			w->conf->selector, t);
	return vs_fail(err, VS_ERR_TIMED_OUT, "no answer from the API server %s within %s%s%s",
		vs_kube_server(w->conf->kube), t, trouble ? ": " : "", trouble ? trouble : "");
}

static bool
wait_have_nodes(void *arg)
{
	const struct vs_kwait *w = arg;

	return vs_knodes_synced(w->nodes)
		&& (w->conf->want.gone || vs_knodes_next(w->nodes, &(size_t){ 0 }));
}

/* The names of the nodes that exist; waits for the first, unless nodes are to be gone,
 * and for at most the timeout.  -1: err. */
static int
wait_for_names(struct vs_kwait *w, struct vs_strings *names, struct vs_err *err)
{
	int64_t timeout = w->conf->timeout;
	int64_t end = timeout ? vs_now() + timeout : INT64_MAX;
	const struct vs_knode *node;
	size_t at = 0;

	vs_kwait_watch(w);
	if (!vs_loop_until(w->conf->loop, wait_have_nodes, w, &w->dead, end) && !w->dead)
		return wait_none_in_time(w, err);
	if (w->dead) {
		*err = w->err;
		return -1;
	}
	while ((node = vs_knodes_next(w->nodes, &at)) != NULL)
		vs_strings_add(names, node->name);
	vs_strings_sort(names);
	return 0;
}

/* The name of the only node that is needed, or NULL: one node by name needs no
 * list of all.  A name that is not valid is reported by its job. */
static char *
wait_only(const struct vs_run *run)
{
	struct vs_rec rec = { 0 };
	struct vs_err ignored;
	char *name = NULL;

	if (run->n == 1
		&& vs_rec_read(run->operands[0], strlen(run->operands[0]), &rec, &ignored) == 0)
		name = vs_knode_record_name(&rec, &ignored);
	vs_rec_free(&rec);
	return name;
}

int
vs_kwait_run(struct vs_run *run, struct vs_kwait_conf *c, struct vs_err *err)
{
	bool by_labels = c->selector && run->n == 0;
	VS_FREE char *only = wait_only(run);
	struct vs_jobs_conf jobs = {
		.loop = c->loop,
		.slots = INT64_MAX,
		.timeout = c->timeout,
	};
	struct vs_kwait *w;
	VS_STRINGS_FREE struct vs_strings names = { 0 };
	int bad = 0;

	c->operands = run->n > 0;
	c->any = by_labels && !c->want.gone && run->expect > 0;
	c->only = only;
	w = vs_kwait_new(c);
	if (c->any)
		wait_places(run->expect, &names);
	else if (by_labels)
		bad = wait_for_names(w, &names, err);
	jobs.mover = &w->mover;
	if (by_labels)
		jobs.names = (const char *const *)vs_strings_array(&names);
	if (bad == 0)
		vs_jobs_run(run, &jobs);
	vs_kwait_free(w);
	return bad;
}
