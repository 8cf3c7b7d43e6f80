/* SPDX-License-Identifier: Apache-2.0 */
/* tree.h - what all readers of a vs_yaml tree do the same way.  Floor 1. */
#ifndef VS_TEXT_TREE_H
#define VS_TEXT_TREE_H

#include "text/yaml.h"

enum { VS_YAML_DEPTH = 64 };	/* lists and maps in one another */

/* A map that has been read: VS_USAGE, with the place of the second, when a key
 * stands in it twice.  n: how many keys it has. */
int vs_yaml_doubles(const struct vs_yaml *map, size_t n, struct vs_err *err);

#endif
