/* SPDX-License-Identifier: Apache-2.0 */
/* Slots in order, and an index into them: open addressing with linear probing.  A deleted
 * key stays until the next rehash, since it holds a chain together. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/siphash.h"

struct vs_map_slot {
	char *key;
	void *value; /* NULL: deleted */
	uint64_t hash;
};

enum { MAP_LEAST = 16 }; /* of index; a power of two, as each size of it */

/* Where the key is in the index, or where it belongs; m->cap is not 0. */
static uint32_t *
map_find(const struct vs_map *m, const char *key, uint64_t hash)
{
	size_t i = (size_t)hash & (m->cap - 1);

	for (; m->index[i]; i = (i + 1) & (m->cap - 1)) {
		const struct vs_map_slot *s = &m->slots[m->index[i] - 1];

		if (s->hash == hash && strcmp(s->key, key) == 0)
			break;
	}
	return &m->index[i];
}

/* The slot of a key, deleted or not; or NULL. */
static struct vs_map_slot *
map_slot(const struct vs_map *m, const char *key)
{
	uint32_t at;

	if (m->cap == 0)
		return NULL;
	at = *map_find(m, key, vs_siphash(m->key, key, strlen(key)));
	return at ? &m->slots[at - 1] : NULL;
}

void *
vs_map_get(const struct vs_map *m, const char *key)
{
	struct vs_map_slot *s = map_slot(m, key);

	return s ? s->value : NULL;
}

/* A quarter of the index is used then. */
static void
map_rehash(struct vs_map *m)
{
	struct vs_map old = *m;
	size_t live = 0;

	for (size_t i = 0; i < old.n; i++)
		live += old.slots[i].value != NULL;
	assert(live < UINT32_MAX / 8);
	if (old.cap == 0)
		vs_siphash_key(m->key);
	for (m->cap = MAP_LEAST; m->cap < live * 4;)
		m->cap *= 2;
	m->index = vs_alloc(m->cap, sizeof *m->index);
	m->slots = vs_alloc(m->cap / 2, sizeof *m->slots);
	m->n = 0;
	for (size_t i = 0; i < old.n; i++) {
		const struct vs_map_slot *s = &old.slots[i];

		if (s->value == NULL) {
			free(s->key);
			continue;
		}
		m->slots[m->n++] = *s;
		*map_find(m, s->key, s->hash) = (uint32_t)m->n;
	}
	free(old.index);
	free(old.slots);
}

void
vs_map_put(struct vs_map *m, const char *key, void *value)
{
	struct vs_map_slot *s = map_slot(m, key);

	assert(value); /* NULL marks a deleted key */
	if (s) {
		s->value = value;
		return;
	}
	if (m->n == m->cap / 2)
		map_rehash(m);
	s = &m->slots[m->n++];
	s->key = vs_strdup(key);
	s->value = value;
	s->hash = vs_siphash(m->key, key, strlen(key));
	*map_find(m, key, s->hash) = (uint32_t)m->n;
}

void *
vs_map_del(struct vs_map *m, const char *key)
{
	struct vs_map_slot *s = map_slot(m, key);

	return s ? vs_steal(s->value) : NULL;
}

void *
vs_map_next(const struct vs_map *m, size_t *at, const char **key)
{
	for (; *at < m->n; ++*at)
		if (m->slots[*at].value) {
			if (key)
				*key = m->slots[*at].key;
			return m->slots[(*at)++].value;
		}
	return NULL;
}

void
vs_map_free(struct vs_map *m)
{
	for (size_t i = 0; i < m->n; i++)
		free(m->slots[i].key);
	free(m->slots);
	free(m->index);
	*m = (struct vs_map){ 0 };
}
