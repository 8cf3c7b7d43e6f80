/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "doc/path.h"

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
vs_path_unknown(struct vs_path *p, const struct vs_tree *v)
{
	struct vs_path_mark m = path_enter(p, v);
	size_t n = strlen(v->key), max = 60;

	/* not in the middle of a character */
	while (n > max && max > 57 && ((unsigned char)v->key[max] & 0xc0) == 0x80)
		max--;
	vs_buf_add(&p->b, v->key, n < max ? n : max);
	return m;
}

void
vs_path_leave(struct vs_path *p, struct vs_path_mark m)
{
	vs_buf_cut(&p->b, m.len);
	p->start = m.start;
}
