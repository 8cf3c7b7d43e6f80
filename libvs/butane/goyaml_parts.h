/* SPDX-License-Identifier: Apache-2.0 */
/* goyaml_parts.h - the parts of ign/lax.  Floor 4. */
#ifndef VS_BUTANE_GOYAML_PARTS_H
#define VS_BUTANE_GOYAML_PARTS_H

#include "doc/path.h"

/* ---- scalars, as Go's yaml resolves them (resolve.go) */

enum vs_goyaml_kind {
	VS_GOYAML_BAD, /* not what its tag says */
	VS_GOYAML_NULL,
	VS_GOYAML_BOOL,
	VS_GOYAML_INT,
	VS_GOYAML_UINT, /* more than an int can be */
	VS_GOYAML_FLOAT,
	VS_GOYAML_TIME,
	VS_GOYAML_STRING,
	VS_GOYAML_BINARY, /* a string in base64 */
};

struct vs_goyaml {
	enum vs_goyaml_kind kind;
	bool truth;
	long long n;
	double x;
};

struct vs_goyaml vs_goyaml_resolve(const struct vs_tree *scalar);

/* As an int of 64 bits; as a truth (text: the string that it is): false: Go
 * refuses that. */
bool vs_goyaml_int(const struct vs_goyaml *g, long long *to);
bool vs_goyaml_bool(const struct vs_goyaml *g, const char *text, bool *to);

/* "!!int" for "tag:yaml.org,2002:int"; other tags as they are. */
const char *vs_goyaml_tag(const char *tag, char *buf, size_t n);

/* ---- nodes of what is read */

/* One that is read from another, without what is in it. */
struct vs_tree *vs_goyaml_node(struct vs_tree_doc *d, const struct vs_tree *from);
void vs_goyaml_text(struct vs_tree_doc *d, struct vs_tree *n, const char *s, size_t len,
	enum vs_tree_style style);

/* A scalar as the value of a field, or as one of its items; NULL: it says
 * nothing, or what was reported. */
struct vs_tree *vs_goyaml_scalar(struct vs_tree_doc *d, const struct vs_field *f, bool item,
	const struct vs_tree *v, const char *path, struct vs_report *r);

/* ---- keys */

/* The key before a value, as a node: its own, or one made of its text, in *own. */
const struct vs_tree *vs_goyaml_name(const struct vs_tree *v, struct vs_tree *own);

/* "<<", where it is a merge key. */
bool vs_goyaml_merges(const struct vs_tree *name);

/* The field that Butane of that version reads from a key, or NULL. */
const struct vs_field *vs_goyaml_field(
	const struct vs_field *table, const char *key, size_t n, int spec);

/* Can the key stay what it is? */
bool vs_goyaml_plain(const struct vs_tree *name);

/* Says of the text as it stands what Butane warns of, and takes out of what was
 * read from it (by origin: the node each one was read from) the unknown keys
 * that Butane does not warn of. */
void vs_goyaml_unused(
	struct vs_report *r, int spec, struct vs_tree *root, const struct vs_tree *text);

#endif
