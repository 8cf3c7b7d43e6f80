/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing with linear probing; a deleted key stays until the next rehash,
 * since it holds a chain together. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/map.h"
#include "base/mem.h"

struct vs_map_slot {
	char *key;   /* NULL: empty */
	void *value; /* NULL with a key: deleted */
};

static size_t
map_hash(const char *s)
{
	uint64_t h = 14695981039346656037u; /* FNV-1a */

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	return (size_t)(h ^ h >> 29);
}

static struct vs_map_slot *
map_find(const struct vs_map *m, const char *key)
{
	size_t i;

	if (m->cap == 0)
		return NULL;
	for (i = map_hash(key) & (m->cap - 1); m->slots[i].key; i = (i + 1) & (m->cap - 1))
		if (strcmp(m->slots[i].key, key) == 0)
			return &m->slots[i];
	return &m->slots[i];
}

void *
vs_map_get(const struct vs_map *m, const char *key)
{
	struct vs_map_slot *s = map_find(m, key);

	return s && s->key ? s->value : NULL;
}

static void
map_rehash(struct vs_map *m)
{
	struct vs_map old = *m;
	size_t live = 0;

	for (size_t i = 0; i < old.cap; i++)
		live += old.slots[i].key && old.slots[i].value;
	for (m->cap = 16; m->cap < live * 4;)
		m->cap *= 2;
	m->slots = vs_alloc(m->cap, sizeof *m->slots);
	m->n = live;
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].value)
			*map_find(m, old.slots[i].key) = old.slots[i];
		else
			free(old.slots[i].key);
	free(old.slots);
}

void
vs_map_put(struct vs_map *m, const char *key, void *value)
{
	struct vs_map_slot *s;

	assert(value); /* NULL marks a deleted key */
	if (m->cap < (m->n + 1) * 2)
		map_rehash(m);
	s = map_find(m, key);
	if (s->key == NULL) {
		s->key = vs_strdup(key);
		m->n++;
	}
	s->value = value;
}

void *
vs_map_del(struct vs_map *m, const char *key)
{
	struct vs_map_slot *s = map_find(m, key);

	return s && s->key ? vs_steal(s->value) : NULL;
}

void *
vs_map_next(const struct vs_map *m, size_t *at, const char **key)
{
	for (; *at < m->cap; ++*at)
		if (m->slots[*at].key && m->slots[*at].value) {
			if (key)
				*key = m->slots[*at].key;
			return m->slots[(*at)++].value;
		}
	return NULL;
}

void
vs_map_free(struct vs_map *m)
{
	for (size_t i = 0; i < m->cap; i++)
		free(m->slots[i].key);
	free(m->slots);
	*m = (struct vs_map){ 0 };
}
