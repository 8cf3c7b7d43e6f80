/* SPDX-License-Identifier: Apache-2.0 */
/* place.h - the path of a place.  Floor 4.
 *
 * No place keeps its path: names may be long, and places deep in one another.  It is made
 * when it is needed, and compared without being made. */
#ifndef VS_INVENTORY_PLACE_H
#define VS_INVENTORY_PLACE_H

#include <stdbool.h>

#include "inventory/inventory.h"

/* "/DC0/host/DC0_C0/Resources/pool1", as in records; the caller's. */
char *vs_place_path(const struct vs_place *p);
void vs_place_path_add(const struct vs_place *p, struct vs_buf *b);
/* The same from below top (NULL: from the top) on, without the first '/'; p is below top. */
void vs_place_path_below(const struct vs_place *p, const struct vs_place *top, struct vs_buf *b);

/* Is p below top (NULL: anywhere), and is rel its path from there, without the first '/'? */
bool vs_place_is(const struct vs_place *p, const struct vs_place *top, const char *rel);
/* Does its path end with '/' and tail?  Not if tail is empty. */
bool vs_place_ends(const struct vs_place *p, const char *tail);
bool vs_place_below(const struct vs_place *p, const struct vs_place *above);
/* Below a place, of any kind, with this path ("/DC0/vm"; "": below the top)? */
bool vs_place_below_path(const struct vs_place *p, const char *path);
bool vs_place_same_path(const struct vs_place *a, const struct vs_place *b);

/* Set part and len of a place that is in inv, and make it known to vs_inv_at; its parent is
 * complete.  len may be more than the bound PATH. */
void vs_place_complete(struct vs_inv *inv, struct vs_place *p);

/* The place with this normal path, of any kind, or NULL; the first, if several have it
 * (networks). */
struct vs_place *vs_inv_at(const struct vs_inv *inv, const char *path);

#endif
