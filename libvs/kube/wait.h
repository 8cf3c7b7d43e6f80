/* SPDX-License-Identifier: Apache-2.0 */
/* wait.h - wait until nodes are ready, or gone.  Floor 3. */
#ifndef VS_KUBE_WAIT_H
#define VS_KUBE_WAIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "kube/client.h"
#include "kube/node.h"
#include "kube/node_patch.h"
#include "run/run.h"

/* Borrowed by the run, except where it says so. */
struct vs_kwait_conf {
	struct vs_loop *loop;
	struct vs_kube *kube;
	struct vs_kwant want;
	const char *selector;	     /* only nodes with these labels, or NULL */
	struct vs_knode_marks marks; /* to set on each before it is done */
	int64_t timeout;	     /* of one node, in ms; 0: none */
	/* set by vs_kwait_run */
	const char *only; /* the only node that is needed, or NULL: more than one */
	bool any;	  /* the jobs are places for any of the nodes */
	bool operands;	  /* the names were typed: a node that never existed is an error */
};

/* Wait for the nodes that are run's operands or the records on stdin.  With a
 * selector and no operands: for the matching nodes, as many as --expect says, or
 * all that exist and at least one.  Sets run->status.  -1: it could not begin;
 * VS_ERR_TIMED_OUT if no node matched in time, or why nodes cannot be read. */
int vs_kwait_run(struct vs_run *run, struct vs_kwait_conf *conf, struct vs_err *err);

#endif
