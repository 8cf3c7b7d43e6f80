/* SPDX-License-Identifier: Apache-2.0 */
/* map.h - strings to pointers.  Floor 0.
 *
 * Keys may come from a server: the hash has a random key, so that others cannot choose
 * keys that collide. */
#ifndef VS_BASE_MAP_H
#define VS_BASE_MAP_H

#include <stddef.h>
#include <stdint.h>

/* { 0 } is an empty map.  Keys are copied, values belong to the caller. */
struct vs_map {
	struct vs_map_slot *slots; /* in the order in which their keys came */
	size_t n;		   /* slots; counts deleted keys, too */
	/* private */
	uint32_t *index;
	size_t cap; /* of index */
	uint64_t key[2];
};

#define VS_MAP_FREE __attribute__((cleanup(vs_map_free)))

void *vs_map_get(const struct vs_map *m, const char *key);	 /* or NULL */
void vs_map_put(struct vs_map *m, const char *key, void *value); /* not NULL */
void *vs_map_del(struct vs_map *m, const char *key);		 /* the old value, or NULL */
/* Walk in the order in which the keys came: *at starts at 0; NULL at the end.  The map
 * must not change during a walk. */
void *vs_map_next(const struct vs_map *m, size_t *at, const char **key);
void vs_map_free(struct vs_map *m);

#endif
