/* SPDX-License-Identifier: Apache-2.0 */
/* node_set.c - keeps the Nodes by name, and tells what changes.  A Node is another one
 * when its uid is another (Kubernetes, "Object Names and IDs"). */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "kube/node_set.h"

struct node_set_entry {
	struct vs_knode node;
	unsigned round; /* the last list that had it */
};

void
vs_knode_set_begin(struct vs_knode_set *s)
{
	s->round++;
}

/* Another Node may have got the name while the watch was off. */
static bool
node_set_replaced(const struct vs_knode *was, const struct vs_knode *is)
{
	return was->uid && is->uid && strcmp(was->uid, is->uid) != 0;
}

bool
vs_knode_set_put(struct vs_knode_set *s, struct vs_knode *node)
{
	struct node_set_entry *e = vs_map_get(&s->entries, node->name);
	bool fresh = e == NULL || e->round != s->round;

	if (e && node_set_replaced(&e->node, node)) {
		vs_knode_set_drop(s, node->name);
		e = NULL;
	}
	if (e == NULL) {
		e = vs_alloc(1, sizeof *e);
		vs_map_put(&s->entries, node->name, e);
	} else {
		vs_knode_free(&e->node);
	}
	e->node = *node;
	e->round = s->round;
	s->changed(s->arg, e->node.name, &e->node);
	return fresh;
}

void
vs_knode_set_drop(struct vs_knode_set *s, const char *name)
{
	struct node_set_entry *e = vs_map_del(&s->entries, name);

	if (e == NULL)
		return;
	s->changed(s->arg, e->node.name, NULL);
	vs_knode_free(&e->node);
	free(e);
}

void
vs_knode_set_sweep(struct vs_knode_set *s)
{
	VS_FREE const char **gone = vs_alloc(s->entries.n + 1, sizeof *gone);
	size_t at = 0, k = 0;
	struct node_set_entry *e;

	while ((e = vs_map_next(&s->entries, &at, NULL)) != NULL)
		if (e->round != s->round)
			gone[k++] = e->node.name;
	while (k > 0) {
		VS_FREE char *name = vs_strdup(gone[--k]);

		vs_knode_set_drop(s, name);
	}
}

const struct vs_knode *
vs_knode_set_get(const struct vs_knode_set *s, const char *name)
{
	const struct node_set_entry *e = vs_map_get(&s->entries, name);

	return e ? &e->node : NULL;
}

const struct vs_knode *
vs_knode_set_next(const struct vs_knode_set *s, size_t *at)
{
	const struct node_set_entry *e = vs_map_next(&s->entries, at, NULL);

	return e ? &e->node : NULL;
}

void
vs_knode_set_free(struct vs_knode_set *s)
{
	struct node_set_entry *e;
	size_t at = 0;

	while ((e = vs_map_next(&s->entries, &at, NULL)) != NULL) {
		vs_knode_free(&e->node);
		free(e);
	}
	vs_map_free(&s->entries);
}
