/* SPDX-License-Identifier: Apache-2.0 */
/* wait.h - the mover of node-wait: jobs are nodes, one watch for all.  Floor 3. */
#ifndef VS_KUBE_WAIT_H
#define VS_KUBE_WAIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "kube/client.h"
#include "kube/mark.h"
#include "kube/node.h"
#include "run/job.h"

struct vs_kwait_conf {
	struct vs_loop *loop;
	struct vs_kube *kube;
	struct vs_kwant want;
	const char *selector;	/* only nodes with these labels, or NULL */
	struct vs_kmarks marks; /* to put on each before it is done */
	int64_t timeout;	/* of a job; ms, 0: none */
	/* set by vs_kwait_run */
	const char *only; /* the one node that will be asked for, or NULL */
	bool any;	  /* the jobs are places for any of the nodes */
	bool operands;	  /* the names were typed: gone must have been there */
};

/* The whole of node-wait: the nodes of run's operands, of the records on
 * stdin, or, with a selector and no operands, those there are: as many as
 * --expect says, or all, and at least one.  -1: what kept it from beginning. */
int vs_kwait_run(struct vs_run *run, struct vs_kwait_conf *conf, struct vs_err *err);

/* ---- in parts: conf, and what it points to, must outlive it. */
struct vs_kwait;
struct vs_kwait *vs_kwait_new(const struct vs_kwait_conf *conf);
void vs_kwait_free(struct vs_kwait *w);
const struct vs_mover *vs_kwait_mover(const struct vs_kwait *w);

/* Before the run: the names of the nodes there are, NULL-terminated; waits for
 * the first (unless gone is what is waited for), at most the timeout.  Freed
 * with vs_kwait_names_free.  NULL: VS_ERR_TIMED_OUT, or what keeps one from reading
 * nodes. */
char **vs_kwait_names(struct vs_kwait *w, struct vs_err *err);
void vs_kwait_names_free(char **names);

/* The node of a record: its field "node", or the last component of its path
 * in lower case, as a kubelet makes it of a hostname.  VS_ERR_USAGE: no node can
 * have that name.  The caller's to free; NULL on error. */
char *vs_kwait_node(const struct vs_rec *rec, struct vs_err *err);

#endif
