/* SPDX-License-Identifier: Apache-2.0 */
/* types.h - checks keys and types of a document against its schema.  Floor 2. */
#ifndef VS_DOC_TYPES_H
#define VS_DOC_TYPES_H

#include "doc/report.h"
#include "doc/schema.h"

/* A rule of Butane to run on a value of the right type; path is its place. */
typedef void vs_types_rule(
	enum vs_butane_rule id, struct vs_report *r, const struct vs_tree *v, const char *path);

/* Check all keys and types of a map, the root of a document of version r->spec, of
 * Ignition if r->json.  A value that is wrong or unknown is reported and marked as bad.
 * rule: run for each field that has one; NULL for Ignition. */
void vs_types_check(struct vs_tree *root, vs_types_rule *rule, struct vs_report *r);

/* True if the root is a map; reported otherwise.  file: its name if it is empty. */
bool vs_types_is_map(const struct vs_tree_doc *d, const char *file, struct vs_report *r);

#endif
