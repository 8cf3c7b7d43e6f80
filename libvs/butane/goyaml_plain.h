/* SPDX-License-Identifier: Apache-2.0 */
/* goyaml_plain.h - nodes and scalars of the plain tree that goyaml makes.  Floor 4. */
#ifndef VS_BUTANE_GOYAML_PLAIN_H
#define VS_BUTANE_GOYAML_PLAIN_H

#include "doc/report.h"
#include "doc/schema.h"

/* A copy of a node of the text, without children; its origin is that node.  Lives in
 * the arena of d. */
struct vs_tree *vs_goyaml_node(struct vs_tree_doc *d, const struct vs_tree *from);

/* Set the text of a node; it is copied. */
void vs_goyaml_text(struct vs_tree_doc *d, struct vs_tree *n, const char *s, size_t len,
	enum vs_tree_style style);

/* A scalar as the value of f, or (item) as an item of the list f.  NULL: Go takes it
 * for absent, or it is wrong and was reported. */
struct vs_tree *vs_goyaml_scalar(struct vs_tree_doc *d, const struct vs_field *f, bool item,
	const struct vs_tree *v, const char *path, struct vs_report *r);

#endif
