/* SPDX-License-Identifier: Apache-2.0 */
/* wait_mover.h - the jobs of node-wait.  Floor 3.
 *
 * Each job waits for one Node, and one watch (kube/nodes) serves them all: a
 * change of a Node takes a step with each job of that name, a finished list takes
 * one with all of them.  For kube/wait and kube/wait_reason only. */
#ifndef VS_KUBE_WAIT_MOVER_H
#define VS_KUBE_WAIT_MOVER_H

#include <stdbool.h>

#include "base/map.h"
#include "kube/node_password.h"
#include "kube/nodes.h"
#include "kube/wait.h"
#include "run/job.h"

struct vs_kwait_job {
	struct vs_job *job;
	char *name; /* of its Node; NULL: any Node that no other job has */
	struct vs_knode_patch *patch;
	struct vs_knode_password *password; /* looked up after the timeout */
	bool patched, seen;
	struct vs_kwait_job *next;	     /* of the same name; or the next place */
	struct vs_kwait_job *before, *after; /* in the order of the input */
};

struct vs_kwait {
	const struct vs_kwait_conf *conf; /* borrowed */
	struct vs_mover mover;
	struct vs_knodes *nodes;     /* NULL until vs_kwait_watch */
	struct vs_map jobs;	     /* by node name: the first vs_kwait_job */
	struct vs_kwait_job *places; /* those for any Node */
	struct vs_kwait_job *first, *last;
	struct vs_map taken; /* the Nodes that have a place */
	struct vs_buf state; /* the awaited state, as a record has it: "ready" */
	int lookups;	     /* of node passwords, so far */
	bool dead;	     /* the watch has ended for good ... */
	struct vs_err err;   /* ... with this */
};

/* conf must outlive it. */
struct vs_kwait *vs_kwait_new(const struct vs_kwait_conf *conf);
void vs_kwait_free(struct vs_kwait *w); /* NULL is fine */

/* Start the watch, unless it runs already. */
void vs_kwait_watch(struct vs_kwait *w);

#endif
