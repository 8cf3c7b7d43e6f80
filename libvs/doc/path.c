/* SPDX-License-Identifier: Apache-2.0 */
/* The path of a walk.  One buffer holds all of them, each ended by a NUL: a value that
 * was generated from another one starts a new path behind the current one. */
#include <string.h>

#include "base/assert.h"
#include "doc/path.h"
#include "text/visible.h"

void
vs_path_free(struct vs_path *p)
{
	vs_buf_free(&p->b);
}

const char *
vs_path_str(const struct vs_path *p)
{
	return p->b.s + p->start;
}

static struct vs_path_mark
path_enter(struct vs_path *p, const struct vs_tree *v)
{
	struct vs_path_mark m = { p->b.len, p->start };

	if (v->from) {
		vs_buf_ch(&p->b, '\0');
		p->start = p->b.len;
		vs_buf_str(&p->b, v->from);
	} else if (p->b.len > p->start) {
		vs_buf_ch(&p->b, '.');
	}
	return m;
}

struct vs_path_mark
vs_path_key(struct vs_path *p, const struct vs_tree *v, const char *key)
{
	struct vs_path_mark m = path_enter(p, v);

	if (v->from == NULL)
		vs_buf_str(&p->b, key);
	return m;
}

struct vs_path_mark
vs_path_item(struct vs_path *p, const struct vs_tree *v, size_t i)
{
	struct vs_path_mark m = path_enter(p, v);

	if (v->from == NULL)
		vs_buf_fmt(&p->b, "%zu", v->nr ? v->nr - 1 : i);
	return m;
}

struct vs_path_mark
vs_path_unknown(struct vs_path *p, const struct vs_tree *v, size_t n)
{
	struct vs_path_mark m = path_enter(p, v);
	size_t max = 60;

	/* not in the middle of a UTF-8 character */
	while (n > max && max > 57 && ((unsigned char)v->key[max] & 0xc0) == 0x80)
		max--;
	vs_visible(&p->b, v->key, n < max ? n : max);
	return m;
}

void
vs_path_leave(struct vs_path *p, struct vs_path_mark m)
{
	assert(m.len <= p->b.len && m.start <= m.len); /* marks are left in reverse order */
	vs_buf_cut(&p->b, m.len);
	p->start = m.start;
}

/* Ignition spells "type_guid" as "typeGuid", and "size_mib" as "sizeMiB". */
static void
path_camel(char *s)
{
	char *to = s;
	bool up = false;

	for (; *s; s++) {
		if (strcmp(s, "_mib") == 0) {
			memcpy(to, "MiB", 4);
			return;
		}
		if (*s == '_') {
			up = true;
			continue;
		}
		*to++ = up && *s >= 'a' && *s <= 'z' ? (char)(*s - 'a' + 'A') : *s;
		up = false;
	}
	*to = '\0';
}

const char *
vs_path_below(bool json, const struct vs_tree *v, const char *path, const char *key, char *buf)
{
	const struct vs_tree *child = vs_tree_get(v, key);
	size_t n = strlen(path);

	if (child && child->from)
		return child->from;
	if (v->from || n + strlen(key) + 2 > VS_PATH_MAX)
		return path;
	memcpy(buf, path, n);
	if (n > 0)
		buf[n++] = '.';
	memcpy(buf + n, key, strlen(key) + 1);
	if (json)
		path_camel(buf + n);
	return buf;
}
