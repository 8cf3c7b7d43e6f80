/* SPDX-License-Identifier: Apache-2.0 */
/* place_path.h - inventory paths in normal form, as in records.  Floor 4. */
#ifndef VS_INVENTORY_PLACE_PATH_H
#define VS_INVENTORY_PLACE_PATH_H

#include <stdbool.h>

#include "base/buf.h"

/* Append the normal form of path to b: without "//", "/./" and a "/" at the end, each
 * part encoded as vCenter stores it, whether it was given so or not. */
void vs_path_normal(const char *path, struct vs_buf *b);

/* The same for one part of a path, n bytes. */
void vs_path_normal_part(const char *s, size_t n, struct vs_buf *b);

/* Does it have one of the characters of a shell pattern? */
bool vs_is_pattern(const char *given);
/* Both are in normal form, or both are single names; '*' does not match a '/'. */
bool vs_path_matches(const char *pattern, const char *path);

#endif
