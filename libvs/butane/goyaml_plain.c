/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "butane/goyaml_parts.h"
#include "text/enc.h"

#define SHOWN(v) vs_shown(v, (char[64]){ 0 }, 64)

struct vs_tree *
vs_lax_node(struct vs_tree_doc *d, const struct vs_tree *from)
{
	struct vs_tree *n = vs_arena_get(&d->arena, sizeof *n);

	*n = *from;
	n->child = n->next = n->name = NULL;
	n->tag = NULL;
	n->origin = (struct vs_tree *)from;
	return n;
}

void
vs_lax_text(struct vs_tree_doc *d, struct vs_tree *n, const char *s, size_t len,
	enum vs_tree_style style)
{
	n->text = vs_arena_str(&d->arena, s, len);
	n->len = len;
	n->style = style;
}

static void
bad_tag(struct vs_report *r, const struct vs_tree *v, const char *path,
	const char *why)
{
	vs_report(r, VS_ERROR, v, path, "'%s' is not what its tag says, %.60s%s",
		SHOWN(v), vs_go_tag(v->tag, (char[64]){ 0 }, 64), why);
}

/* The bytes of a !!binary. */
static bool
decode(struct vs_tree_doc *d, struct vs_tree *n)
{
	VS_BUF_FREE struct vs_buf b = { .s = vs_buf_empty, .secret = n->secret };
	struct vs_err err = { 0 };

	if (vs_unbase64(n->text, n->len, &b, &err) < 0)
		return false;
	vs_lax_text(d, n, b.s, b.len, VS_TREE_QUOTED);
	return true;
}

/* A number keeps how it was written if everybody else reads it as Go does; what
 * is none for Go becomes a string, which is refused. */
static void
plain_int(struct vs_tree_doc *d, struct vs_tree *n, const struct vs_go *g)
{
	char text[32];
	long long to, ours;

	if (!vs_go_int(g, &to)) {
		n->style = VS_TREE_QUOTED;
		return;
	}
	if (vs_value_int(n, &ours) && ours == to)
		return;
	vs_lax_text(d, n, text, (size_t)snprintf(text, sizeof text, "%lld", to),
		VS_TREE_PLAIN);
}

static void
plain_bool(struct vs_tree_doc *d, struct vs_tree *n, const struct vs_go *g)
{
	bool to, ours;

	if (!vs_go_bool(g, n->text, &to))
		n->style = VS_TREE_QUOTED;
	else if (!vs_value_bool(n, &ours) || ours != to)
		vs_lax_text(d, n, to ? "true" : "false", to ? 4 : 5, VS_TREE_PLAIN);
}

/* A string that says nothing is one, unless the field may be absent. */
static struct vs_tree *
nothing(struct vs_tree_doc *d, const struct vs_field *f, bool item,
	struct vs_tree *n)
{
	if (item || f->type != VS_F_STRING || f->need == VS_MAY)
		return NULL;
	vs_lax_text(d, n, "", 0, VS_TREE_QUOTED);
	return n;
}

struct vs_tree *
vs_lax_scalar(struct vs_tree_doc *d, const struct vs_field *f, bool item,
	const struct vs_tree *v, const char *path, struct vs_report *r)
{
	struct vs_go g = vs_go_resolve(v);
	struct vs_tree *n = vs_lax_node(d, v);

	if (g.kind == VS_GO_BAD) {
		bad_tag(r, v, path, "");
		return NULL;
	}
	if (g.kind == VS_GO_NULL)
		return nothing(d, f, item, n);
	if (g.kind == VS_GO_BINARY && !decode(d, n)) {
		bad_tag(r, v, path, ": no base64");
		return NULL;
	}
	if (f->type == VS_F_INT)
		plain_int(d, n, &g);
	else if (f->type == VS_F_BOOL)
		plain_bool(d, n, &g);
	else if (v->tag || vs_tree_null(n))
		n->style = VS_TREE_QUOTED;
	/* of what is no variant and no version, not only the beginning is read */
	for (size_t i = 0; f->type == VS_F_HEADER && i < n->len; i++)
		if (n->text[i] == '\0')
			n->text[i] = '?';
	return n;
}
