/* SPDX-License-Identifier: Apache-2.0 */
/* place_path.h - inventory paths in the form that records have.  Floor 4. */
#ifndef VS_INVENTORY_PLACE_PATH_H
#define VS_INVENTORY_PLACE_PATH_H

#include <stdbool.h>

#include "base/buf.h"

/* A path as records have it: "//", "/./" and a last "/" gone, each part written
 * as vCenter stores it whichever way it was given.  Appended to b. */
void vs_path_normal(const char *path, struct vs_buf *b);

/* The same for one part of a path, n bytes. */
void vs_path_normal_part(const char *s, size_t n, struct vs_buf *b);

/* Has it a character that makes it a pattern of the shell?  A pattern in
 * normal form against a normal path, or a name against a name; '*' does not
 * go over a '/'. */
bool vs_is_pattern(const char *given);
bool vs_path_matches(const char *pattern, const char *path);

#endif
