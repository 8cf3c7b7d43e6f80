/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_write.h - writing YAML for people.  Floor 1. */
#ifndef VS_TEXT_YAML_WRITE_H
#define VS_TEXT_YAML_WRITE_H

#include "base/buf.h"
#include "text/tree.h"

/* Append the tree below n as a document: block style, indented by two spaces, with a
 * line feed at the end.  Every reader of YAML 1.1 or 1.2 gets the same tree from it.
 * Strings have no quotes only where no reader can take them as anything else; a text
 * of several lines becomes a literal block ('|') if that preserves every byte, else a
 * string in double quotes; null is written as "null".  Texts and keys must be UTF-8
 * without NUL. */
void vs_yaml_write(const struct vs_tree *n, struct vs_buf *b);

/* Append a string (UTF-8) in double quotes, so that every YAML reader gets it back. */
void vs_yaml_str(struct vs_buf *b, const char *s);

#endif
