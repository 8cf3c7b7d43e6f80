/* SPDX-License-Identifier: Apache-2.0 */
/* nodes.h - the nodes of a cluster, kept up to date by one watch.  Floor 3.
 *
 * A list, then a watch from its resourceVersion on, and again when that is
 * over, as client-go's reflector does.  Works with any resourceVersion, which
 * is a text to be compared for equality and nothing else. */
#ifndef VS_KUBE_NODES_H
#define VS_KUBE_NODES_H

#include <stdbool.h>

#include "base/err.h"
#include "kube/client.h"
#include "kube/node.h"

struct vs_knodes;

struct vs_knodes_conf {
	struct vs_kube *kube;
	struct vs_loop *loop;
	const char *selector; /* of labels, or NULL; borrowed, as all here */
	const char *name;     /* this node alone, or NULL: all */
	struct vs_kwant want;
	/* A node came or changed; node NULL: it went.  Borrowed for the call. */
	void (*changed)(void *arg, const char *name, const struct vs_knode *node);
	/* A list has ended: what is not here now does not exist. */
	void (*synced)(void *arg);
	/* It cannot work: nothing more comes.  Not reached at first, or later
	 * refused (VS_ERR_UNREACHABLE); may not list or watch nodes (VS_ERR_FAILED). */
	void (*failed)(void *arg, const struct vs_err *err);
	void *arg;
};

/* Begins with the next round of the loop. */
struct vs_knodes *vs_knodes_open(const struct vs_knodes_conf *conf);
void vs_knodes_close(struct vs_knodes *n); /* NULL is fine; not from a callback */

bool vs_knodes_synced(const struct vs_knodes *n); /* at least once */
const struct vs_knode *vs_knodes_get(const struct vs_knodes *n, const char *name);
/* Walk all, in no order: *at starts at 0; NULL at the end. */
const struct vs_knode *vs_knodes_next(const struct vs_knodes *n, size_t *at);

/* Why there is no contact at the moment, or NULL: there is. */
const char *vs_knodes_trouble(const struct vs_knodes *n);

#endif
