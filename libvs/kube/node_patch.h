/* SPDX-License-Identifier: Apache-2.0 */
/* mark.h - put labels and taints on a Node.  Floor 3. */
#ifndef VS_KUBE_MARK_H
#define VS_KUBE_MARK_H

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/opt.h"
#include "kube/client.h"
#include "rke2/label.h"

/* Owns all it points to. */
struct vs_kmarks {
	struct vs_label *labels;
	size_t n_labels;
	struct vs_taint *taints;
	size_t n_taints;
};

/* From the arguments of --label and --taint; VS_ERR_USAGE.  Freed by the caller
 * either way. */
int vs_kmarks_read(struct vs_kmarks *m, const struct vs_list *labels, const struct vs_list *taints,
	struct vs_err *err);
void vs_kmarks_free(struct vs_kmarks *m);

struct vs_kmark; /* one Node being marked */

/* end() is called once, from the loop: err NULL when the Node has them all;
 * VS_ERR_NOT_FOUND: there is no such Node (any more); otherwise VS_ERR_FAILED or
 * VS_ERR_UNREACHABLE.  What may pass (lost answers, 5xx, a Node that somebody else
 * changed meanwhile) is tried again for as long as it takes.  A taint of the same
 * key and effect gets the new value; all others stay.
 * Free it in end() or later, or earlier to give up. */
struct vs_kmark *vs_kmark_start(struct vs_kube *k, struct vs_loop *l, const char *node,
	const struct vs_kmarks *marks, void (*end)(void *arg, const struct vs_err *err), void *arg);
void vs_kmark_free(struct vs_kmark *m); /* NULL is fine */

/* What went wrong last and is being tried again; "" when nothing did. */
const char *vs_kmark_trouble(const struct vs_kmark *m);

/* The patch (strategic merge) that gives the Node in JSON its marks, with its
 * resourceVersion as a precondition when taints are in it: their list is sent
 * whole.  Returns 0 and appends nothing when it has them all already; else 1. */
int vs_kmark_patch(json_t *node, const struct vs_kmarks *marks, struct vs_buf *b);

#endif
