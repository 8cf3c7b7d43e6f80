/* SPDX-License-Identifier: Apache-2.0 */
/* yaml.h - YAML in as a tree that knows its lines, out safely.  Floor 1.
 *
 * libyaml's events become nodes.  A scalar keeps its text: what it means
 * (number, truth, string) is for whoever knows what belongs there.  JSON is
 * read as well, being YAML. */
#ifndef VS_TEXT_YAML_H
#define VS_TEXT_YAML_H

#include "text/tree.h"

/* One document of UTF-8, at most 64 levels deep; file is for messages and
 * borrowed.  VS_ERR_USAGE with line and column: not YAML, a key twice in a map,
 * a second document, an anchor, alias, merge key ("<<") or tag other than
 * !!str, a key that is no plain scalar, a NUL.  So nothing in a document
 * stands for more than itself, and what is read is no larger than what was
 * written.  d is empty ({ 0 }) before, and after an error.
 *
 * With d->lax all is read that Go's gopkg.in/yaml.v3 reads, of which libyaml is
 * the model: UTF-16 too (with a byte order mark), and of several documents the
 * first; what stands behind it is not looked at.  Nothing is resolved: an alias
 * is a node of its own that knows what it stands for (which may have it inside,
 * as a circle), "<<" is a key like others, a key stands where it was
 * written even if it is there twice; what a key is beside its text is in name,
 * and the text is that of a scalar, the name of an alias, or "" (a list, a map).
 * A quoted scalar, and key, may hold a NUL.  VS_ERR_USAGE: not YAML, an alias
 * without its anchor, more than 64 levels.  butane/goyaml.h makes plain what was read
 * so. */
int vs_yaml_read(
	struct vs_tree_doc *d, const char *s, size_t n, const char *file, struct vs_err *err);

#endif
