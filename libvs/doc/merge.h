/* SPDX-License-Identifier: Apache-2.0 */
/* merge.h - one document on top of another.  Floor 2. */
#ifndef VS_DOC_MERGE_H
#define VS_DOC_MERGE_H

#include "doc/schema.h"

/* Put what 'on' says on top of what d says, by the rules with which Ignition
 * merges configs (coreos/ignition, config/merge): maps key by key, list items
 * of one name (a path, a unit's name) as one, other items behind; what 'on'
 * sets wins.  contents are replaced as a whole.  The version is the newer of
 * the two.  'on' is used up but must live as long as d. */
void vs_merge(struct vs_tree_doc *d, struct vs_tree_doc *on);

/* The same for one list, whose items are as f says. */
void vs_merge_list(struct vs_tree *to, struct vs_tree *on, const struct vs_field *f);

#endif
