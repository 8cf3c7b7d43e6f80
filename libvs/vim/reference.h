/* SPDX-License-Identifier: Apache-2.0 */
/* reference.h - managed object references, as strings "Type:id".  Floor 3. */
#ifndef VS_VIM_REFERENCE_H
#define VS_VIM_REFERENCE_H

#include <stdbool.h>

#include "text/xml.h"

/* Can these be the parts of a reference?  A type is a word of letters and digits; an ID
 * has up to 1,000 bytes and no control characters: it goes into records and messages. */
bool vs_ref_valid(const char *type, const char *id);

/* The reference in a node, or NULL: n is NULL, has no type, is empty or not valid.  The
 * caller's. */
char *vs_node_ref(struct vs_node *n);

/* Is ref a reference to an object of exactly this type?  False for NULL. */
bool vs_ref_is(const char *ref, const char *type);

#endif
