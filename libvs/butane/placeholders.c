/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "butane/placeholders.h"
#include "text/dataurl.h"
#include "text/gzip.h"
#include "text/utf8.h"

struct filler {
	struct vs_tree_doc *doc;
	struct vs_vars *vars;
	struct vs_report *r;
	bool urls;		  /* texts are in data URLs */
	const char *in, *counted; /* the text of a literal block: its lines */
	int line;		  /* are counted once, until here */
};

struct vs_var *
vs_vars_at(struct vs_vars *vars, const char *name)
{
	for (size_t i = 0; i < vars->n; i++)
		if (strcmp(vars->v[i].name, name) == 0)
			return &vars->v[i];
	vs_grow(vars->v, vars->n, vars->cap);
	vars->v[vars->n] = (struct vs_var){ .name = vs_strdup(name) };
	return &vars->v[vars->n++];
}

static void
placeholders_empty(struct vs_var *var)
{
	for (size_t i = 0; i < var->n; i++)
		if (var->secret)
			vs_free_secret(var->v[i]);
		else
			free(var->v[i]);
	var->n = 0;
}

static void
placeholders_append(struct vs_var *var, const char *value)
{
	vs_grow(var->v, var->n, var->cap);
	var->v[var->n++] = vs_strdup(value);
}

void
vs_vars_set(struct vs_vars *vars, const char *name, const char *value, bool secret)
{
	struct vs_var *var = vs_vars_at(vars, name);

	placeholders_empty(var);
	placeholders_append(var, value);
	var->set = true;
	var->secret = secret;
}

void
vs_vars_add(struct vs_vars *vars, const char *name, const char *value)
{
	struct vs_var *var = vs_vars_at(vars, name);

	var->set = true;
	if (value)
		placeholders_append(var, value);
}

/* Length of the name at s, 0: none begins here. */
static size_t
placeholders_name_len(const char *s)
{
	if (*s < 'A' || *s > 'Z')
		return 0;
	return strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
}

int
vs_vars_define(struct vs_vars *vars, const char *definition, struct vs_err *err)
{
	size_t n = placeholders_name_len(definition);
	VS_FREE char *name = vs_strndup(definition, n);
	const char *value = definition + n + 1;

	/* without '=' it may be the value alone, a secret even */
	if (strchr(definition, '=') == NULL)
		return vs_fail(err, VS_ERR_USAGE, "an argument is not of the form NAME=VALUE");
	if (n == 0 || definition[n] != '=')
		return vs_fail(err, VS_ERR_USAGE,
			"'%.*s' is no NAME=VALUE: a name is made of A-Z, 0-9 and '_', a letter first",
			(int)strcspn(definition, "="), definition);
	if (vs_vars_at(vars, name)->set)
		return vs_fail(err, VS_ERR_USAGE, "%s has a value already", name);
	if (!vs_utf8(value, strlen(value)))
		return vs_fail(err, VS_ERR_USAGE, "the value of %s is not UTF-8", name);
	vs_vars_set(vars, name, value, false);
	return 0;
}

bool
vs_vars_used(const struct vs_vars *vars, const char *name)
{
	for (size_t i = 0; i < vars->n; i++)
		if (strcmp(vars->v[i].name, name) == 0)
			return vars->v[i].used;
	return false;
}

void
vs_vars_free(struct vs_vars *vars)
{
	for (size_t i = 0; i < vars->n; i++) {
		placeholders_empty(&vars->v[i]);
		free(vars->v[i].v);
		free(vars->v[i].name);
	}
	free(vars->v);
	*vars = (struct vs_vars){ 0 };
}

size_t
vs_placeholders_is_one(const char *s, size_t *n)
{
	if (s[0] != '@' || s[1] != '{')
		return 0;
	*n = placeholders_name_len(s + 2);
	return *n > 0 && s[2 + *n] == '}' ? *n + 3 : 0;
}

/* The next placeholder in s, or NULL; "@@{NAME}" is none. */
static const char *
placeholders_next(const char *s, size_t *len, size_t *n)
{
	for (; (s = strchr(s, '@')); s++) {
		if (s[1] == '@' && vs_placeholders_is_one(s + 1, n)) {
			s++;
			continue;
		}
		*len = vs_placeholders_is_one(s, n);
		if (*len)
			return s;
	}
	return NULL;
}

/* Where in the file a place in a scalar's text is: exact for plain text and
 * for literal blocks, whose lines are those of the file. */
static struct vs_tree
placeholders_place(struct filler *f, const struct vs_tree *v, const char *at)
{
	struct vs_tree p = *v;

	if (v->style != VS_TREE_LITERAL)
		return p;
	if (f->in != v->text) {
		f->in = f->counted = v->text;
		f->line = v->line + 1;
	}
	for (; f->counted < at; f->counted++)
		f->line += *f->counted == '\n';
	p.line = f->line;
	p.col = 1;
	return p;
}

static struct vs_var *
placeholders_value_of(struct filler *f, const struct vs_tree *v, const char *at, size_t n)
{
	VS_FREE char *name = vs_strndup(at + 2, n);
	struct vs_var *var = NULL;
	struct vs_tree where = placeholders_place(f, v, at);
	const char *env = NULL;

	for (size_t i = 0; i < f->vars->n; i++)
		if (strcmp(f->vars->v[i].name, name) == 0)
			var = &f->vars->v[i];
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
			"no value for @{%s}: what the environment has is not UTF-8", name);
	else if (var && var->hint)
		vs_report(f->r, VS_VERDICT_ERROR, &where, NULL, "no value for @{%s}: give %s", name,
			var->hint);
	else
		vs_report(f->r, VS_VERDICT_ERROR, &where, NULL,
			"no value for @{%s}: %sgive -D %s=VALUE", name,
			f->vars->env ? "the environment has none; " : "", name);
	return NULL;
}

/* "@@{NAME}" to "@{NAME}". */
static void
placeholders_copy(struct vs_buf *b, const char *s, size_t n)
{
	size_t k;

	for (size_t i = 0; i < n; i++)
		if (s[i] != '@' || i + 1 == n || s[i + 1] != '@'
			|| !vs_placeholders_is_one(s + i + 1, &k))
			vs_buf_ch(b, s[i]);
}

static void
placeholders_scalar(struct filler *f, struct vs_tree *v)
{
	VS_BUF_FREE struct vs_buf b = { .s = vs_buf_empty, .secret = true };
	const char *from = v->text, *at;
	bool whole = false;
	size_t len, n;

	if (strlen(v->text) != v->len)
		return; /* a NUL, which only Butane's own rules take */
	while ((at = placeholders_next(from, &len, &n))) {
		struct vs_var *var = placeholders_value_of(f, v, at, n);
		struct vs_tree where = placeholders_place(f, v, at);

		if (var && var->n != 1)
			vs_report(f->r, VS_VERDICT_ERROR, &where, NULL,
				"@{%s} is a list: it can only stand as a list item of its own",
				var->name);
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

/* The items for one that is nothing but a placeholder, put behind *at: itself
 * is the first of them. */
static struct vs_tree **
placeholders_items(struct filler *f, struct vs_tree **at, size_t n)
{
	struct vs_tree *v = *at, *item = v;
	struct vs_var *var = placeholders_value_of(f, v, v->text, n);

	if (var == NULL)
		return &v->next;
	*at = v->next;
	for (size_t i = 0; i < var->n; i++) {
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

/* What a resource holds; false: it is not in it, or no text. */
static bool
placeholders_data_text(const struct vs_tree *source, const struct vs_tree *how, struct vs_buf *text)
{
	VS_BUF_FREE struct vs_buf raw = { .s = vs_buf_empty, .secret = true };
	bool zipped = how && how->kind == VS_TREE_SCALAR && strcmp(how->text, "gzip") == 0;
	struct vs_err err;

	if (source == NULL || source->kind != VS_TREE_SCALAR
		|| vs_undata_url(source->text, zipped ? &raw : text, &err) < 0)
		return false;
	if (zipped && vs_gunzip(raw.s, raw.len, text, &err) < 0)
		return false;
	return vs_utf8(text->s, text->len) && !memchr(text->s, '\0', text->len);
}

/* A text in a data URL is filled in as a text, and put back. */
static void
placeholders_data_url(struct filler *f, struct vs_tree *resource)
{
	VS_BUF_FREE struct vs_buf text = { .s = vs_buf_empty, .secret = true };
	VS_BUF_FREE struct vs_buf url = { .s = vs_buf_empty, .secret = true };
	struct vs_tree *source = vs_tree_get(resource, "source"), inside, *how;

	if (!placeholders_data_text(source, vs_tree_get(resource, "compression"), &text)
		|| strstr(text.s, "@{") == NULL)
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
			len = vs_placeholders_is_one((*at)->text, &n);
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
