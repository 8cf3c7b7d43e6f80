/* SPDX-License-Identifier: Apache-2.0 */
/* nodes.h - the nodes of a cluster, kept up to date by one watch.  Floor 3.
 *
 * A list, then a watch from its resourceVersion, and the same again when that has
 * expired, as in client-go's reflector.  A resourceVersion is compared for equality
 * only (Kubernetes API concepts, "Resource versions"). */
#ifndef VS_KUBE_NODES_H
#define VS_KUBE_NODES_H

#include <stdbool.h>

#include "base/err.h"
#include "kube/client.h"
#include "kube/node.h"

struct vs_knodes;

/* All pointers are borrowed. */
struct vs_knodes_conf {
	struct vs_kube *kube;
	struct vs_loop *loop;
	const char *selector; /* a label selector, or NULL */
	const char *name;     /* this node alone; NULL: all */
	struct vs_kwant want;
	/* A Node was added or changed; node NULL: it was deleted.  Both are borrowed
	 * for the call. */
	void (*changed)(void *arg, const char *name, const struct vs_knode *node);
	/* A list is complete: other nodes do not exist. */
	void (*synced)(void *arg);
	/* Nothing more will come.  VS_ERR_UNREACHABLE: the first connection failed, or
	 * the credentials were refused; VS_ERR_USAGE: the selector is invalid;
	 * VS_ERR_FAILED: access is denied, or this is not a Kubernetes API. */
	void (*failed)(void *arg, const struct vs_err *err);
	void *arg;
};

/* Starts with the next round of the loop. */
struct vs_knodes *vs_knodes_open(const struct vs_knodes_conf *conf);
void vs_knodes_close(struct vs_knodes *n); /* NULL is fine; not from a callback */

bool vs_knodes_synced(const struct vs_knodes *n); /* at least one list is complete */
/* Borrowed until the loop turns; NULL: no such node. */
const struct vs_knode *vs_knodes_get(const struct vs_knodes *n, const char *name);
/* Walk all, in no order: *at starts at 0; NULL at the end.  Borrowed likewise. */
const struct vs_knode *vs_knodes_next(const struct vs_knodes *n, size_t *at);

/* Why there is no contact at the moment; NULL: there is.  Borrowed likewise. */
const char *vs_knodes_trouble(const struct vs_knodes *n);

#endif
