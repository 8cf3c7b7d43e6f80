/* SPDX-License-Identifier: Apache-2.0 */
/* json_tree.h - JSON in as the tree that YAML becomes.  Floor 1.
 *
 * jansson forgets where a value stood, and whoever complains about one wants
 * to say where. */
#ifndef VS_TEXT_JSON_TREE_H
#define VS_TEXT_JSON_TREE_H

#include "text/tree.h"

/* One JSON text (RFC 8259) of UTF-8, and nothing but white space around it; at
 * most 64 levels deep; file is for messages and borrowed.  A string becomes a
 * VS_TREE_QUOTED scalar; a number, true, false or null a VS_TREE_PLAIN one with
 * the text that stood there.  Half of a surrogate pair (\ud800 alone) becomes
 * U+FFFD, as Go reads it.  Columns count characters, as those of YAML do.
 * VS_ERR_USAGE with line and column, and words that quote no value: not JSON, a
 * key twice in a map, a NUL (\u0000).  d is empty ({ 0 }) before, but for
 * d->lax, and after an error.
 *
 * With d->lax all is read that Go's encoding/json reads, down to 64 levels: a
 * byte that is no UTF-8 in a string becomes U+FFFD, a value (but no key) may
 * hold a NUL, and a key stands where it was written even if it is there twice. */
int vs_json_tree_read(
	struct vs_tree_doc *d, const char *s, size_t n, const char *file, struct vs_err *err);

#endif
