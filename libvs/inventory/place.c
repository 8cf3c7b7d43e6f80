/* SPDX-License-Identifier: Apache-2.0 */
/* Paths are compared from their end, part by part, on the way up to the top. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "inventory/place.h"
#include "text/record.h"

void
vs_place_path_below(const struct vs_place *p, const struct vs_place *top, struct vs_buf *b)
{
	size_t len = p->len - (top ? top->len : 0), at = len;
	VS_FREE char *s = vs_alloc(len + 1, 1);

	for (; p && p != top; p = p->parent) {
		size_t n = strlen(p->part);

		at -= n;
		memcpy(s + at, p->part, n);
		s[--at] = '/';
	}
	vs_buf_add(b, s + 1, len - 1);
}

void
vs_place_path_add(const struct vs_place *p, struct vs_buf *b)
{
	vs_buf_ch(b, '/');
	vs_place_path_below(p, NULL, b);
}

char *
vs_place_path(const struct vs_place *p)
{
	struct vs_buf b = VS_BUF_INIT;

	vs_place_path_add(p, &b);
	return vs_buf_take(&b);
}

/* Take the part of p, and a '/' before it, from the end of the n bytes at s.  False: they
 * end otherwise. */
static bool
place_take_part(const struct vs_place *p, const char *s, size_t *n)
{
	size_t k = strlen(p->part);

	if (*n < k || memcmp(s + *n - k, p->part, k) != 0)
		return false;
	*n -= k;
	if (*n == 0)
		return true;
	return s[--*n] == '/' && *n > 0;
}

bool
vs_place_is(const struct vs_place *p, const struct vs_place *top, const char *rel)
{
	size_t n = strlen(rel);

	if (p->len - (top ? top->len : 0) != n + 1)
		return false;
	for (; p && p != top; p = p->parent)
		if (!place_take_part(p, rel, &n))
			return false;
	return p == top && n == 0;
}

bool
vs_place_ends(const struct vs_place *p, const char *tail)
{
	size_t n = strlen(tail);

	if (n == 0 || p->len <= n)
		return false;
	for (; p && n > 0; p = p->parent)
		if (!place_take_part(p, tail, &n))
			return false;
	return n == 0;
}

bool
vs_place_below(const struct vs_place *p, const struct vs_place *above)
{
	while ((p = p->parent) != NULL)
		if (p == above)
			return true;
	return false;
}

bool
vs_place_below_path(const struct vs_place *p, const char *path)
{
	size_t n = strlen(path);

	if (n == 0)
		return true;
	while ((p = p->parent) != NULL && p->len >= n)
		if (p->len == n && vs_place_is(p, NULL, path + 1))
			return true;
	return false;
}

bool
vs_place_same_path(const struct vs_place *a, const struct vs_place *b)
{
	if (a->len != b->len)
		return false;
	for (; a != b; a = a->parent, b = b->parent)
		if (a == NULL || b == NULL || strcmp(a->part, b->part) != 0)
			return false;
	return true;
}

/* ---- by path */

/* The name for a child in the map. */
static char *
place_key(const struct vs_place *parent, const char *part, size_t n)
{
	return vs_printf("%p/%.*s", (const void *)parent, (int)n, part);
}

void
vs_place_complete(struct vs_inv *inv, struct vs_place *p)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	VS_FREE char *key = NULL;
	struct vs_place *first;

	vs_path_encode(p->name, true, &b);
	p->part = strcmp(b.s, p->name) == 0 ? p->name : vs_arena_str(&inv->arena, b.s, b.len);
	p->len = (p->parent ? p->parent->len : 0) + 1 + b.len;
	key = place_key(p->parent, b.s, b.len);
	first = vs_map_get(&inv->by_child, key);
	if (first == NULL) {
		vs_map_put(&inv->by_child, key, p);
		p->same_last = p;
	} else {
		first->same_last->same = p;
		first->same_last = p;
	}
}

/* path begins with '/'.  How deep it goes is bounded by PATH. */
static struct vs_place *
place_walk(const struct vs_inv *inv, const struct vs_place *from, const char *path)
{
	size_t n = strcspn(path + 1, "/");
	VS_FREE char *key = place_key(from, path + 1, n);
	struct vs_place *p = vs_map_get(&inv->by_child, key), *found;

	for (; p; p = p->same) {
		if (path[n + 1] == '\0')
			return p;
		if ((found = place_walk(inv, p, path + n + 1)) != NULL)
			return found;
	}
	return NULL;
}

struct vs_place *
vs_inv_at(const struct vs_inv *inv, const char *path)
{
	return *path == '/' ? place_walk(inv, NULL, path) : NULL;
}
