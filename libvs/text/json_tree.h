/* SPDX-License-Identifier: Apache-2.0 */
/* json_tree.h - JSON as a tree that knows its lines.  Floor 1.
 *
 * jansson does not keep the place of a value, which messages need. */
#ifndef VS_TEXT_JSON_TREE_H
#define VS_TEXT_JSON_TREE_H

#include "text/tree.h"

/* Read one JSON text (RFC 8259) in UTF-8 into d, which is { 0 } except for d->lax.
 * At most 64 levels deep; file is for messages and borrowed.  A string becomes a
 * VS_TREE_QUOTED scalar; a number, true, false or null a VS_TREE_PLAIN one with its
 * text.  Half of a surrogate pair (\ud800 alone) becomes U+FFFD, as in Go.  Columns
 * count characters, as in YAML.  -1, VS_ERR_USAGE with line and column: not JSON, a
 * duplicate key, NUL (\u0000); the message quotes no value, and d is empty.
 *
 * If d->lax is set, everything is read that Go's encoding/json reads, up to 64
 * levels: in a string a byte that is not UTF-8 becomes U+FFFD, a value (not a key)
 * may contain NUL, and duplicate keys are kept in the order of the text. */
int vs_json_tree_read(
	struct vs_tree_doc *d, const char *s, size_t n, const char *file, struct vs_err *err);

#endif
