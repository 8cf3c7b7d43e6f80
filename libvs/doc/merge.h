/* SPDX-License-Identifier: Apache-2.0 */
/* merge.h - merges one document into another.  Floor 2. */
#ifndef VS_DOC_MERGE_H
#define VS_DOC_MERGE_H

#include "doc/schema.h"
#include "text/tree.h"

/* Merge 'from' into d as Ignition merges configs (coreos/ignition, config/merge):
 * maps key by key; list items with the same key (a path, a unit's name) into one,
 * other items are appended.  Where both set a value, 'from' wins.  Resources (such
 * as contents) are replaced as a whole, the version is the newer of the two.  The
 * nodes of 'from' become part of d, so 'from' must outlive d and not be used. */
void vs_merge(struct vs_tree_doc *d, struct vs_tree_doc *from);

/* The same for one list of the field f. */
void vs_merge_list(struct vs_tree *to, struct vs_tree *from, const struct vs_field *f);

#endif
