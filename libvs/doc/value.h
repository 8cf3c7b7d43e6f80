/* SPDX-License-Identifier: Apache-2.0 */
/* value.h - reading the values of a document's fields.  Floor 2. */
#ifndef VS_DOC_VALUE_H
#define VS_DOC_VALUE_H

#include <stdbool.h>

#include "text/tree.h"

/* The value of a key; NULL if the key is missing, null, or has a value of a wrong type
 * (which was reported).  map may be NULL. */
struct vs_tree *vs_value_given(const struct vs_tree *map, const char *key);

/* A scalar that is given and not "", or a list or map that has items.  v may be
 * NULL. */
bool vs_value_nonempty(const struct vs_tree *v);

/* A plain scalar as an integer or a boolean; false: it is something else, and *to
 * is undefined.  As Go's yaml reads them: '_' between digits, 0644 and 0o644 are
 * octal, 0x and 0b work; yes, on and y are true. */
bool vs_value_int(const struct vs_tree *v, long long *to);
bool vs_value_bool(const struct vs_tree *v, bool *to);

/* The integer or boolean at a key; 0, or otherwise, if none is given. */
long long vs_value_int_at(const struct vs_tree *map, const char *key);
bool vs_value_bool_at(const struct vs_tree *map, const char *key, bool otherwise);

#endif
