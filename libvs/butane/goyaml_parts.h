/* SPDX-License-Identifier: Apache-2.0 */
/* goyaml_parts.h - the parts of ign/lax.  Floor 4. */
#ifndef VS_BUTANE_GOYAML_PARTS_H
#define VS_BUTANE_GOYAML_PARTS_H

#include "doc/path.h"

/* ---- scalars, as Go's yaml resolves them (resolve.go) */

enum vs_go_kind {
	VS_GO_BAD,		/* not what its tag says */
	VS_GO_NULL,
	VS_GO_BOOL,
	VS_GO_INT,
	VS_GO_UINT,		/* more than an int can be */
	VS_GO_FLOAT,
	VS_GO_TIME,
	VS_GO_STRING,
	VS_GO_BINARY,		/* a string in base64 */
};

struct vs_go {
	enum vs_go_kind kind;
	bool truth;
	long long n;
	double x;
};

struct vs_go vs_go_resolve(const struct vs_tree *scalar);

/* As an int of 64 bits; as a truth (text: the string that it is): false: Go
 * refuses that. */
bool vs_go_int(const struct vs_go *g, long long *to);
bool vs_go_bool(const struct vs_go *g, const char *text, bool *to);

/* "!!int" for "tag:yaml.org,2002:int"; other tags as they are. */
const char *vs_go_tag(const char *tag, char *buf, size_t n);

/* ---- nodes of what is read */

/* One that is read from another, without what is in it. */
struct vs_tree *vs_lax_node(struct vs_tree_doc *d, const struct vs_tree *from);
void vs_lax_text(struct vs_tree_doc *d, struct vs_tree *n, const char *s,
	size_t len, enum vs_tree_style style);

/* A scalar as the value of a field, or as one of its items; NULL: it says
 * nothing, or what was reported. */
struct vs_tree *vs_lax_scalar(struct vs_tree_doc *d, const struct vs_field *f,
	bool item, const struct vs_tree *v, const char *path,
	struct vs_report *r);

/* ---- keys */

/* The key before a value, as a node: its own, or one made of its text, in *own. */
const struct vs_tree *vs_lax_name(const struct vs_tree *v, struct vs_tree *own);

/* "<<", where it is a merge key. */
bool vs_lax_merges(const struct vs_tree *name);

/* The field that Butane of that version reads from a key, or NULL. */
const struct vs_field *vs_lax_field(const struct vs_field *table,
	const char *key, size_t n, int spec);

/* Can the key stay what it is? */
bool vs_lax_plain(const struct vs_tree *name);

/* Says of the text as it stands what Butane warns of, and takes out of what was
 * read from it (by origin: the node each one was read from) the unknown keys
 * that Butane does not warn of. */
void vs_lax_unused(struct vs_report *r, int spec, struct vs_tree *root,
	const struct vs_tree *text);

#endif
