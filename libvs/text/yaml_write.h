/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_write.h - a tree out as YAML for people.  Floor 1. */
#ifndef VS_TEXT_YAML_WRITE_H
#define VS_TEXT_YAML_WRITE_H

#include "base/buf.h"
#include "text/tree.h"

/* The tree below n as a document, appended: block style, two blanks a level,
 * one line feed at the end.  Every reader of YAML 1.1 or 1.2 makes the same
 * tree of it: a string is left without quotes only when no reader could take
 * it for anything else; a text of lines becomes a literal block ('|') where
 * that holds each of its bytes, else a string in double quotes; of what was
 * read as null, "null" is written.  Texts and keys are UTF-8 without NUL. */
void vs_yaml_write(const struct vs_tree *n, struct vs_buf *b);

/* Write a string (UTF-8) so that every YAML reader takes it for that string:
 * always in double quotes. */
void vs_yaml_str(struct vs_buf *b, const char *s);

#endif
