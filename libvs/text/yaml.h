/* SPDX-License-Identifier: Apache-2.0 */
/* yaml.h - YAML as a tree that knows its lines.  Floor 1.
 *
 * The parser is libyaml.  JSON is YAML, and is read as well. */
#ifndef VS_TEXT_YAML_H
#define VS_TEXT_YAML_H

#include "text/tree.h"

/* Read one document in UTF-8 into d, which is { 0 } except for d->lax.  At most 64
 * levels deep; file is for messages and borrowed.  -1, VS_ERR_USAGE with line and
 * column, and d is empty: not YAML, a duplicate key, a second document, an anchor,
 * alias, merge key ("<<") or tag other than !!str, a key that is not a plain scalar,
 * NUL.  So the tree is never larger than the text.
 *
 * If d->lax is set, everything is read that Go's gopkg.in/yaml.v3 reads: UTF-16, too
 * (with a byte order mark), and the first of several documents.  Nothing is resolved:
 * an alias is a node that points to its origin (which may contain it, as a circle),
 * "<<" is a key like any other, and duplicate keys are kept in order.  A key that is
 * more than its text has a node in name; key is then the text of a scalar, the name
 * of an alias, or "" for a list or map.  Quoted scalars and keys may contain NUL.
 * VS_ERR_USAGE: not YAML, an alias without an anchor, more than 64 levels.
 * butane/goyaml.h resolves the result. */
int vs_yaml_read(
	struct vs_tree_doc *d, const char *s, size_t n, const char *file, struct vs_err *err);

#endif
