/* SPDX-License-Identifier: Apache-2.0 */
/* Fills in placeholders, with the exact line of each that has no value.  The types
 * of the results are checked later, by vs_butane_check. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "butane/placeholders.h"
#include "butane/resource.h"
#include "text/dataurl.h"
#include "text/utf8.h"

struct filler {
	struct vs_tree_doc *doc;
	struct vs_vars *vars;
	struct vs_report *r;
	bool urls; /* texts are in data URLs */
	/* the literal block whose lines were counted last, and how far */
	const char *block, *counted;
	int line; /* of counted */
};

size_t
vs_placeholders_at(const char *s, size_t *n)
{
	if (s[0] != '@' || s[1] != '{')
		return 0;
	*n = vs_vars_name_len(s + 2);
	return *n > 0 && s[2 + *n] == '}' ? *n + 3 : 0;
}

bool
vs_placeholders_in(const char *s)
{
	size_t n;

	for (; (s = strstr(s, "@{")); s++)
		if (vs_placeholders_at(s, &n))
			return true;
	return false;
}

/* The next placeholder in s, or NULL; "@@{NAME}" is not one. */
static const char *
placeholders_next(const char *s, size_t *len, size_t *n)
{
	for (; (s = strchr(s, '@')); s++) {
		if (s[1] == '@' && vs_placeholders_at(s + 1, n)) {
			s++;
			continue;
		}
		*len = vs_placeholders_at(s, n);
		if (*len)
			return s;
	}
	return NULL;
}

/* The place in the file of a place in a scalar's text.  The line is exact in literal
 * blocks, whose lines are those of the file; else it is that of the scalar. */
static struct vs_tree
placeholders_place(struct filler *f, const struct vs_tree *v, const char *at)
{
	struct vs_tree p = *v;

	if (v->style != VS_TREE_LITERAL)
		return p;
	if (f->block != v->text) {
		f->block = f->counted = v->text;
		f->line = v->line + 1;
	}
	for (; f->counted < at; f->counted++)
		f->line += *f->counted == '\n';
	p.line = f->line;
	p.col = 1;
	return p;
}

/* The variable of a placeholder; NULL: reported, it has no value. */
static struct vs_var *
placeholders_var(struct filler *f, const struct vs_tree *v, const char *at, size_t n)
{
	VS_FREE char *name = vs_strndup(at + 2, n);
	struct vs_var *var = vs_vars_find(f->vars, name);
	struct vs_tree where = placeholders_place(f, v, at);
	const char *env = NULL;

	if (var && var->set) {
		var->used = true;
		return var;
	}
	if (f->vars->env)
		env = getenv(name);
	if (env && vs_utf8(env, strlen(env))) {
		vs_vars_set(f->vars, name, env, true);
		return vs_vars_at(f->vars, name);
	}
	if (env)
		vs_report(f->r, VS_VERDICT_ERROR, &where, NULL,
			"no value for @{%s}: the environment variable is not UTF-8", name);
	else if (var && var->hint)
		vs_report(f->r, VS_VERDICT_ERROR, &where, NULL, "no value for @{%s}: give %s", name,
			var->hint);
	else
		vs_report(f->r, VS_VERDICT_ERROR, &where, NULL,
			"no value for @{%s}: %sgive -D %s=VALUE", name,
			f->vars->env ? "it is not in the environment; " : "", name);
	return NULL;
}

/* Append a text without placeholders, "@@{NAME}" as "@{NAME}". */
static void
placeholders_copy(struct vs_buf *b, const char *s, size_t n)
{
	size_t k;

	for (size_t i = 0; i < n; i++)
		if (s[i] != '@' || i + 1 == n || s[i + 1] != '@'
			|| !vs_placeholders_at(s + i + 1, &k))
			vs_buf_ch(b, s[i]);
}

static void
placeholders_scalar(struct filler *f, struct vs_tree *v)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_SECRET;
	const char *from = v->text, *at;
	bool whole = false;
	size_t len, n;

	if (strlen(v->text) != v->len)
		return; /* it has a NUL, as only a lax document may */
	while ((at = placeholders_next(from, &len, &n))) {
		struct vs_var *var = placeholders_var(f, v, at, n);
		struct vs_tree where = placeholders_place(f, v, at);

		if (var && var->n != 1)
			vs_report(f->r, VS_VERDICT_ERROR, &where, NULL,
				"@{%s} is a list: it must be a list item by itself", var->name);
		placeholders_copy(&b, from, (size_t)(at - from));
		if (var && var->n == 1) {
			vs_buf_str(&b, var->v[0]);
			v->secret |= var->secret;
		}
		whole = at == v->text && len == v->len;
		from = at + len;
	}
	if (from == v->text && strstr(from, "@@{") == NULL)
		return;
	placeholders_copy(&b, from, strlen(from));
	v->text = vs_arena_str(&f->doc->arena, b.s, b.len);
	v->len = b.len;
	if (whole)
		v->style = VS_TREE_FILLED;
}

/* Replace the item at *at, which consists of a placeholder, by one item for each value.
 * Returns where the next item is. */
static struct vs_tree **
placeholders_items(struct filler *f, struct vs_tree **at, size_t n)
{
	struct vs_tree *v = *at, *item = v;
	struct vs_var *var = placeholders_var(f, v, v->text, n);

	if (var == NULL)
		return &v->next;
	*at = v->next;
	for (size_t i = 0; i < var->n; i++) {
		/* the first value reuses the node */
		if (i > 0) {
			item = vs_arena_get(&f->doc->arena, sizeof *item);
			*item = *v;
		}
		item->style = VS_TREE_FILLED;
		item->secret = var->secret;
		item->len = strlen(var->v[i]);
		item->text = vs_arena_str(&f->doc->arena, var->v[i], item->len);
		item->next = *at;
		*at = item;
		at = &item->next;
	}
	return at;
}

/* Decode the data URL of a resource, fill in its text and encode it again. */
static void
placeholders_data_url(struct filler *f, struct vs_tree *resource)
{
	VS_BUF_FREE struct vs_buf text = VS_BUF_SECRET;
	VS_BUF_FREE struct vs_buf url = VS_BUF_SECRET;
	struct vs_tree *source = vs_tree_get(resource, "source"), inside, *how;

	if (!vs_resource_text(resource, &text) || strstr(text.s, "@{") == NULL)
		return;
	inside = *source;
	inside.text = text.s;
	inside.len = text.len;
	placeholders_scalar(f, &inside);
	if (inside.text == text.s)
		return;
	how = vs_tree_put(f->doc, resource, "compression", VS_TREE_SCALAR);
	how->style = VS_TREE_QUOTED;
	how->text = vs_data_url(inside.text, inside.len, true, &url)
		? vs_arena_str(&f->doc->arena, "gzip", 4)
		: vs_buf_empty;
	how->len = strlen(how->text);
	source->text = vs_arena_str(&f->doc->arena, url.s, url.len);
	source->len = url.len;
	source->secret = inside.secret;
}

static void
placeholders_fill(struct filler *f, struct vs_tree *v)
{
	size_t len, n;

	if (v->kind == VS_TREE_SCALAR) {
		placeholders_scalar(f, v);
		return;
	}
	if (f->urls)
		placeholders_data_url(f, v);
	for (struct vs_tree **at = &v->child; *at;) {
		len = 0;
		if (v->kind == VS_TREE_LIST && (*at)->kind == VS_TREE_SCALAR)
			len = vs_placeholders_at((*at)->text, &n);
		if (len && len == (*at)->len) {
			at = placeholders_items(f, at, n);
			continue;
		}
		placeholders_fill(f, *at);
		at = &(*at)->next;
	}
}

static int
placeholders_all(struct filler *f)
{
	size_t errors = f->r->errors;

	if (f->doc->root)
		placeholders_fill(f, f->doc->root);
	return f->r->errors == errors ? 0 : -1;
}

int
vs_placeholders_fill(struct vs_tree_doc *d, struct vs_vars *vars, struct vs_report *r)
{
	struct filler f = { .doc = d, .vars = vars, .r = r };

	return placeholders_all(&f);
}

int
vs_placeholders_fill_ignition(struct vs_tree_doc *d, struct vs_vars *vars, struct vs_report *r)
{
	struct filler f = { .doc = d, .vars = vars, .r = r, .urls = true };

	return placeholders_all(&f);
}
