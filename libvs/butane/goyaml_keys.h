/* SPDX-License-Identifier: Apache-2.0 */
/* goyaml_keys.h - which field a key is for, and what Butane warns about.  Floor 4. */
#ifndef VS_BUTANE_GOYAML_KEYS_H
#define VS_BUTANE_GOYAML_KEYS_H

#include "doc/report.h"
#include "doc/schema.h"

/* The key of v as a node: v->name, or one made of its text in *own. */
const struct vs_tree *vs_goyaml_name(const struct vs_tree *v, struct vs_tree *own);

/* True for "<<" as a merge key. */
bool vs_goyaml_is_merge(const struct vs_tree *name);

/* True for a key that is a string without a NUL, and not a merge key. */
bool vs_goyaml_is_plain(const struct vs_tree *name);

/* The field that Butane reads a key (n bytes) into, in the version that makes
 * Ignition 3.spec; NULL: none. */
const struct vs_field *vs_goyaml_field(
	const struct vs_field *table, const char *key, size_t n, int spec);

/* Report what Butane warns about in the text, as it looks before aliases and merge keys
 * are resolved; remove from root, which was read from it, unknown keys that Butane
 * ignores silently. */
void vs_goyaml_unused(
	struct vs_report *r, int spec, struct vs_tree *root, const struct vs_tree *text);

#endif
