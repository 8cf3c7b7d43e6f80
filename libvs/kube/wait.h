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
	const char *state;	/* what a record says at the end: "ready" */
	bool gone;		/* wait for there to be no such node, instead */
	const char *selector;	/* only nodes with these labels, or NULL */
	const char *only;	/* the one node that will be asked for, or NULL */
	bool any;		/* the jobs are places for any of the nodes */
	bool operands;		/* the names were typed: gone must have been there */
	struct vs_kmarks marks;
	int64_t timeout;	/* of a job, for its message; ms */
};

struct vs_kwait;

/* conf and what it points to must outlive it. */
struct vs_kwait *vs_kwait_new(const struct vs_kwait_conf *conf);
void vs_kwait_free(struct vs_kwait *w);
const struct vs_mover *vs_kwait_mover(const struct vs_kwait *w);

/* Before the run: the names of the nodes there are, NULL-terminated; waits for
 * the first (unless gone is what is waited for), at most the timeout.  Freed
 * with vs_kwait_names_free.  NULL: VS_TIMEOUT, or what keeps one from reading
 * nodes. */
char **vs_kwait_names(struct vs_kwait *w, struct vs_err *err);
void vs_kwait_names_free(char **names);

/* The node of a record: its field "node", or the last component of its path
 * in lower case, as a kubelet makes it of a hostname.  VS_USAGE: no node can
 * have that name.  The caller's to free; NULL on error. */
char *vs_kwait_node(const struct vs_rec *rec, struct vs_err *err);

#endif
