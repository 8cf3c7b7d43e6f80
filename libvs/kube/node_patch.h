/* SPDX-License-Identifier: Apache-2.0 */
/* node_patch.h - set labels and taints on a Node.  Floor 3. */
#ifndef VS_KUBE_NODE_PATCH_H
#define VS_KUBE_NODE_PATCH_H

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/opt.h"
#include "kube/client.h"
#include "rke2/label.h"

/* Owns all it points to. */
struct vs_knode_marks {
	struct vs_label *labels;
	size_t n_labels;
	struct vs_taint *taints;
	size_t n_taints;
};

/* From the arguments of --label and --taint; VS_ERR_USAGE.  The caller frees it
 * in either case. */
int vs_knode_marks_read(struct vs_knode_marks *m, const struct vs_list *labels,
	const struct vs_list *taints, struct vs_err *err);
void vs_knode_marks_free(struct vs_knode_marks *m);

struct vs_knode_patch; /* one Node being patched */

/* Read the Node, and patch it unless it has all marks.  A taint with the same key
 * and effect gets the new value; all others are kept.  Lost answers, 429, 5xx and
 * conflicts with other writers are retried without limit: the deadline is the
 * caller's.
 * end() is called once, from the loop.  err NULL: the Node has all marks;
 * VS_ERR_NOT_FOUND: no such Node; otherwise VS_ERR_FAILED or VS_ERR_UNREACHABLE.
 * Freed with vs_knode_patch_free, in end() or later, or earlier to give up.
 * marks are borrowed until then. */
struct vs_knode_patch *vs_knode_patch_start(struct vs_kube *k, struct vs_loop *l, const char *node,
	const struct vs_knode_marks *marks, void (*end)(void *arg, const struct vs_err *err),
	void *arg);
void vs_knode_patch_free(struct vs_knode_patch *p); /* NULL is fine */

/* The last error that is being retried; "" if nothing failed.  Borrowed. */
const char *vs_knode_patch_trouble(const struct vs_knode_patch *p);

/* Append the patch (strategic merge) that gives the Node its marks.  Taints are
 * sent as a whole list, with the Node's resourceVersion as a precondition, so that
 * no other writer's taint is lost.  0: nothing appended, it has them all; else 1. */
int vs_knode_patch_json(json_t *node, const struct vs_knode_marks *marks, struct vs_buf *b);

#endif
