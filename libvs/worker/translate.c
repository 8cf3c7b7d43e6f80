/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the documents, fills in placeholders, merges, checks and writes Ignition.
 * Each step is a module of its own below. */
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "butane/butane.h"
#include "butane/goyaml.h"
#include "butane/placeholders.h"
#include "doc/merge.h"
#include "ign/ignition.h"
#include "ign/validate.h"
#include "text/yaml.h"
#include "worker/translate.h"

/* The documents: merged nodes point into all of them until the end. */
struct docs {
	struct vs_tree_doc **v;
	size_t n, cap;
	bool ignition; /* the first one is Ignition, not Butane */
};

static void
translate_free_docs(struct docs *d)
{
	for (size_t i = 0; i < d->n; i++) {
		vs_tree_free(d->v[i]);
		free(d->v[i]);
	}
	free(d->v);
}

static struct vs_tree_doc *
translate_new_doc(struct docs *d)
{
	vs_grow(d->v, d->n, d->cap);
	d->v[d->n] = vs_alloc(1, sizeof *d->v[d->n]);
	return d->v[d->n++];
}

/* Ignition is JSON with "ignition" and without "variant"; Butane may be JSON, too. */
static bool
translate_is_ignition(const char *s, size_t n)
{
	static const char key[] = "\"variant\"";
	size_t i = strspn(s, " \t\r\n");

	if (i >= n || s[i] != '{' || !strcasestr(s, "\"ignition\""))
		return false;
	/* only as a key: it may be a value elsewhere */
	while ((s = strstr(s, key))) {
		s += strlen(key);
		if (s[strspn(s, " \t\r\n")] == ':')
			return false;
	}
	return true;
}

static int
translate_parse(
	struct vs_tree_doc *d, const char *name, const char *s, size_t n, struct vs_report *r)
{
	struct vs_tree at = { .file = name };
	struct vs_err err;

	d->lax = r->lax;
	if (vs_yaml_read(d, s, n, name, &err) == 0)
		return 0;
	at.line = err.line ? err.line : 1;
	at.col = err.col ? err.col : 1;
	vs_report(r, VS_VERDICT_ERROR, &at, NULL, "%s", err.msg);
	return -1;
}

/* Parse a document and fill in its placeholders.  alone: also check it by itself, so
 * that mistakes in a fragment are reported with their own place. */
static int
translate_take(struct docs *docs, const char *name, const char *s, size_t n, struct vs_vars *vars,
	bool alone, struct vs_report *r)
{
	struct vs_tree_doc *d = translate_new_doc(docs);
	size_t errors = r->errors;

	vs_report_source(r, name, s, n);
	if (!alone && translate_is_ignition(s, n)) {
		docs->ignition = true;
		return vs_ignition_read(d, s, n, name, r) < 0
				|| vs_placeholders_fill_ignition(d, vars, r) < 0
			? -1
			: 0;
	}
	if (translate_parse(d, name, s, n, r) < 0 || vs_placeholders_fill(d, vars, r) < 0)
		return -1;
	if ((!r->lax || vs_goyaml_plain_tree(d, r) == 0) && alone)
		vs_butane_check(d, name, r);
	return r->errors > errors ? -1 : 0;
}

static int
translate_take_text(struct docs *docs, struct vs_butane_text t, struct vs_vars *vars, bool alone,
	struct vs_report *r)
{
	return translate_take(docs, t.name, t.text, strlen(t.text), vars, alone, r);
}

static int
translate_take_file(struct docs *docs, const char *path, struct vs_vars *vars, bool alone,
	struct vs_report *r, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_SECRET;
	bool is_stdin = strcmp(path, "-") == 0;

	if (vs_read_file(path, "the document", &b, err) < 0)
		return -1;
	return translate_take(docs, is_stdin ? "stdin" : path, b.s, b.len, vars, alone, r);
}

static int
translate_read_all(const struct vs_translation *g, struct docs *docs, struct vs_vars *vars,
	struct vs_report *r, struct vs_err *err)
{
	struct vs_butane_text t;
	int bad = 0;

	if (g->text)
		bad = translate_take(docs, g->file, g->text, g->len, vars, false, r);
	else if (g->file)
		bad = translate_take_file(docs, g->file, vars, false, r, err);
	else
		bad = translate_take_text(docs, vs_worker_document(), vars, false, r);
	for (int i = 0; (t = vs_worker_fragment(g->worker, i)).text; i++)
		bad |= translate_take_text(docs, t, vars, true, r);
	for (size_t i = 0; i < g->adds.n && !err->code; i++)
		bad |= translate_take_file(docs, g->adds.v[i], vars, true, r, err);
	return bad;
}

/* Checked before anything is read from stdin. */
static int
translate_one_stdin(const struct vs_translation *g, struct vs_err *err)
{
	const struct vs_worker *w = g->worker;
	const char *who[] = { g->text ? NULL : g->file, w->token, w->sums };
	static const char *const names[] = { "the document", "the token", "the checksums" };
	const char *first = NULL;
	int n = 0;

	for (size_t i = 0; i < VS_LEN(who); i++)
		if (who[i] && strcmp(who[i], "-") == 0 && n++ == 0)
			first = names[i];
	for (size_t i = 0; i < w->keys.n; i++)
		n += strcmp(w->keys.v[i], "-") == 0;
	for (size_t i = 0; i < g->adds.n; i++)
		n += strcmp(g->adds.v[i], "-") == 0;
	if (n < 2)
		return 0;
	return vs_fail(err, VS_ERR_USAGE,
		"stdin ('-') can be used only once, here for %s and something else",
		first ? first : "a key or a document");
}

static int
translate_variables(const struct vs_translation *g, struct vs_vars *vars, struct vs_err *err)
{
	if (vs_worker_vars(g->worker, vars, err) < 0)
		return -1;
	for (size_t i = 0; i < g->defines.n; i++)
		if (vs_vars_define(vars, g->defines.v[i], err) < 0)
			return vs_wrap(err, "-D");
	return 0;
}

/* A value without a placeholder is probably a typo. */
static int
translate_all_used(const struct vs_translation *g, const struct vs_vars *vars, struct vs_err *err)
{
	for (size_t i = 0; i < g->defines.n; i++) {
		size_t n = strcspn(g->defines.v[i], "=");
		VS_FREE char *name = vs_strndup(g->defines.v[i], n);

		if (!vs_vars_used(vars, name))
			return vs_fail(err, VS_ERR_USAGE,
				"-D %s has no effect: the document does not use @{%s}", name, name);
	}
	return vs_worker_used(g->worker, vars, err);
}

static void
translate_merge_all(struct docs *docs)
{
	for (size_t i = 1; i < docs->n; i++)
		vs_merge(docs->v[0], docs->v[i]);
}

/* A Butane document is checked with the fragments merged into it, an Ignition config
 * before that: each with its own field names.  The result has the newest version of
 * all. */
static int
translate_join(const struct vs_translation *g, struct docs *docs, struct vs_report *r)
{
	struct vs_tree_doc *d = docs->v[0];
	const char *name = g->file == NULL  ? "worker.bu"
		: strcmp(g->file, "-") == 0 ? "stdin"
					    : g->file;
	int newest = docs->n > 1 ? r->spec : 0;

	if (!docs->ignition) {
		translate_merge_all(docs);
		return vs_butane_check(d, name, r);
	}
	if (vs_ignition_check(d, name, r) < 0)
		return -1;
	r->json = docs->n == 1;
	if (r->spec < newest)
		r->spec = newest;
	translate_merge_all(docs);
	return 0;
}

static int
translate(
	const struct vs_translation *g, struct docs *docs, struct vs_report *r, struct vs_buf *json)
{
	struct vs_tree_doc *d = docs->v[0];

	if (translate_join(g, docs, r) < 0)
		return -1;
	if (!r->json) {
		vs_butane_expand(d, g->files_dir, r);
		vs_validate(d, r);
	}
	if (r->errors > 0 || (g->strict && r->n > 0))
		return -1;
	vs_ignition_write(d, r->spec, g->pretty, json);
	return 0;
}

int
vs_translate(const struct vs_translation *g, struct vs_report *r, struct vs_buf *json,
	struct vs_err *err)
{
	VS_VARS_FREE struct vs_vars vars = { .env = g->env };
	struct docs docs = { 0 };
	int bad;

	*err = (struct vs_err){ 0 };
	bad = translate_one_stdin(g, err) < 0 || translate_variables(g, &vars, err) < 0
		|| translate_read_all(g, &docs, &vars, r, err) < 0
		|| translate(g, &docs, r, json) < 0 || translate_all_used(g, &vars, err) < 0;
	vs_report_sort(r);
	translate_free_docs(&docs);
	return bad ? -1 : 0;
}
