/* SPDX-License-Identifier: Apache-2.0 */
/* node_set.h - the Nodes that exist, as lists and events tell.  Floor 3. */
#ifndef VS_KUBE_NODE_SET_H
#define VS_KUBE_NODE_SET_H

#include <stdbool.h>

#include "base/map.h"
#include "kube/node.h"

struct vs_knode_set {
	/* A Node was added or changed; node NULL: it was deleted.  A Node that got the
	 * name of another one is that: the old one was deleted, and it was added.  Both
	 * are borrowed for the call. */
	void (*changed)(void *arg, const char *name, const struct vs_knode *node);
	void *arg;
	/* private */
	struct vs_map entries; /* by name */
	unsigned round;
};

/* A list begins; what is not put until vs_knode_set_sweep does not exist. */
void vs_knode_set_begin(struct vs_knode_set *s);
/* Takes over what node owns.  True: it is new since vs_knode_set_begin. */
bool vs_knode_set_put(struct vs_knode_set *s, struct vs_knode *node);
void vs_knode_set_drop(struct vs_knode_set *s, const char *name);
void vs_knode_set_sweep(struct vs_knode_set *s);

/* Borrowed until the set changes; NULL: no such Node. */
const struct vs_knode *vs_knode_set_get(const struct vs_knode_set *s, const char *name);
/* Walk all, in no order: *at starts at 0; NULL at the end. */
const struct vs_knode *vs_knode_set_next(const struct vs_knode_set *s, size_t *at);
void vs_knode_set_free(struct vs_knode_set *s);

#endif
