/* SPDX-License-Identifier: Apache-2.0 */
/* trees.h - storage.trees: local folders become files and links.  Floor 4. */
#ifndef VS_BUTANE_TREES_H
#define VS_BUTANE_TREES_H

#include "butane/local.h"

/* Add the files and links below the folder of each tree, and its directories if
 * they get an owner or a mode.  Sets r->partial if a tree could not be read. */
void vs_trees_expand(struct vs_local *l);

#endif
