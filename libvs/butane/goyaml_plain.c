/* SPDX-License-Identifier: Apache-2.0 */
/* Plain scalars: what Go's yaml stores in a field of a given type (decode.go), written so
 * that doc/value.h reads the same value. */
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "butane/goyaml_plain.h"
#include "butane/goyaml_scalar.h"
#include "doc/value.h"
#include "text/base64.h"

struct vs_tree *
vs_goyaml_node(struct vs_tree_doc *d, const struct vs_tree *from)
{
	struct vs_tree *n = vs_arena_get(&d->arena, sizeof *n);

	*n = *from;
	n->child = n->next = n->name = NULL;
	n->tag = NULL;
	n->origin = (struct vs_tree *)from;
	return n;
}

void
vs_goyaml_text(struct vs_tree_doc *d, struct vs_tree *n, const char *s, size_t len,
	enum vs_tree_style style)
{
	n->text = vs_arena_str(&d->arena, s, len);
	n->len = len;
	n->style = style;
}

static void
goyaml_plain_bad_tag(
	struct vs_report *r, const struct vs_tree *v, const char *path, const char *why)
{
	vs_report(r, VS_VERDICT_ERROR, v, path, "'%s' does not match its tag, %.60s%s", VS_SHOWN(v),
		VS_GOYAML_TAG(v->tag), why);
}

/* Decode a !!binary. */
static bool
goyaml_plain_decode(struct vs_tree_doc *d, struct vs_tree *n)
{
	VS_BUF_FREE struct vs_buf b = { .s = vs_buf_empty, .secret = n->secret };
	struct vs_err err = { 0 };

	if (vs_unbase64(n->text, n->len, &b, &err) < 0)
		return false;
	vs_goyaml_text(d, n, b.s, b.len, VS_TREE_QUOTED);
	return true;
}

/* A number keeps its spelling if doc/value.h reads it as Go does; what Go does not accept
 * becomes a string, which is refused later. */
static void
goyaml_plain_int(struct vs_tree_doc *d, struct vs_tree *n, const struct vs_goyaml *g)
{
	char text[32];
	long long to, ours;

	if (!vs_goyaml_int(g, &to)) {
		n->style = VS_TREE_QUOTED;
		return;
	}
	if (vs_value_int(n, &ours) && ours == to)
		return;
	vs_goyaml_text(d, n, text, (size_t)snprintf(text, sizeof text, "%lld", to), VS_TREE_PLAIN);
}

static void
goyaml_plain_bool(struct vs_tree_doc *d, struct vs_tree *n, const struct vs_goyaml *g)
{
	bool to, ours;

	if (!vs_goyaml_bool(g, n->text, &to))
		n->style = VS_TREE_QUOTED;
	else if (!vs_value_bool(n, &ours) || ours != to)
		vs_goyaml_text(d, n, to ? "true" : "false", to ? 4 : 5, VS_TREE_PLAIN);
}

/* Go reads null into a required string as "", into an optional one as absent. */
static struct vs_tree *
goyaml_plain_nothing(struct vs_tree_doc *d, const struct vs_field *f, bool item, struct vs_tree *n)
{
	if (item || f->type != VS_FIELD_STRING || f->need == VS_NEED_OPTIONAL)
		return NULL;
	vs_goyaml_text(d, n, "", 0, VS_TREE_QUOTED);
	return n;
}

struct vs_tree *
vs_goyaml_scalar(struct vs_tree_doc *d, const struct vs_field *f, bool item,
	const struct vs_tree *v, const char *path, struct vs_report *r)
{
	struct vs_goyaml g = vs_goyaml_resolve(v);
	struct vs_tree *n = vs_goyaml_node(d, v);

	if (g.kind == VS_GOYAML_BAD) {
		goyaml_plain_bad_tag(r, v, path, "");
		return NULL;
	}
	if (g.kind == VS_GOYAML_NULL)
		return goyaml_plain_nothing(d, f, item, n);
	if (g.kind == VS_GOYAML_BINARY && !goyaml_plain_decode(d, n)) {
		goyaml_plain_bad_tag(r, v, path, ": it is not base64");
		return NULL;
	}
	if (f->type == VS_FIELD_INT)
		goyaml_plain_int(d, n, &g);
	else if (f->type == VS_FIELD_BOOL)
		goyaml_plain_bool(d, n, &g);
	else if (v->tag || vs_tree_null(n))
		n->style = VS_TREE_QUOTED;
	/* a NUL must not end a variant or version early: it would seem a valid one */
	for (size_t i = 0; f->type == VS_FIELD_HEADER && i < n->len; i++)
		if (n->text[i] == '\0')
			n->text[i] = '?';
	return n;
}
