#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ign/rules.h"
#include "ign/schema.h"
#include "text/json.h"

#define SHOWN(v) vs_shown(v, (char[64]){ 0 }, 64)

static const struct vs_yaml *
given(const struct vs_yaml *map, const char *key)
{
	const struct vs_yaml *v = vs_yaml_get(map, key);

	return v && !vs_yaml_null(v) ? v : NULL;
}

static struct vs_yaml *
items(const struct vs_yaml *map, const char *key)
{
	const struct vs_yaml *v = given(map, key);

	return v ? v->child : NULL;
}

static bool
nonempty(const struct vs_yaml *v)
{
	return v && v->len > 0;
}

void
vs_rule_resource(struct vs_report *r, const struct vs_yaml *v,
	const char *path)
{
	static const char *const ways[] = { "inline", "local", "source" };
	const struct vs_yaml *source = given(v, "source");
	int n = 0;

	for (size_t i = 0; i < VS_LEN(ways); i++)
		n += given(v, ways[i]) != NULL;
	if (n > 1)
		vs_report_error(r, v, path,
			"only one of 'inline', 'local' and 'source' can be given");
	if (n == 0 && given(v, "verification"))
		vs_report_error(r, v, path, "a 'verification' needs a 'source'");
	if (items(v, "http_headers")
	    && (source == NULL || strncmp(source->text, "http", 4) != 0))
		vs_report_error(r, v, path, "'http_headers' need an http(s) 'source'");
}

void
vs_rule_fetched(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	const struct vs_yaml *source = given(v, "source");

	if (!nonempty(source) && !given(v, "inline")
	    && !given(v, "local"))
		vs_report_error(r, v, path, "a 'source', 'inline' or 'local' is "
			"missing");
	else
		vs_rule_resource(r, v, path);
}

/* Butane in there, as people are tempted to write it, stops the boot. */
void
vs_rule_config(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	const struct vs_yaml *text = given(v, "inline");
	VS_JSON_FREE json_t *j = NULL;
	struct vs_err err;

	vs_rule_resource(r, v, path);
	if (text == NULL || nonempty(given(v, "compression")))
		return;
	j = vs_json_read(text->text, text->len, &err);
	if (json_string_value(json_object_get(json_object_get(j, "ignition"),
				"version")) == NULL)
		vs_report_error(r, text, path, "this is no Ignition config%s",
			strstr(text->text, "variant:") ? " but a Butane document: make "
			"Ignition of it first" : "");
}

void
vs_rule_merged(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	size_t errors = r->errors;

	vs_rule_fetched(r, v, path);
	if (r->errors == errors)
		vs_rule_config(r, v, path);
}

void
vs_rule_owner(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	const struct vs_yaml *name = given(v, "name");

	if (given(v, "id") && name && name->text && *name->text)
		vs_report_error(r, v, path, "either 'id' or 'name', not both");
}

/* 'overwrite' of what? */
static void
file(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	const struct vs_yaml *overwrite = given(v, "overwrite");
	const struct vs_yaml *c = given(v, "contents");
	bool on = false;

	if (overwrite && vs_value_bool(overwrite, &on) && on && !given(c, "source")
	    && !given(c, "inline") && !given(c, "local"))
		vs_report_error(r, overwrite, path,
			"'overwrite' needs 'contents' to overwrite with");
}

static int
by_text(const void *a, const void *b)
{
	const struct vs_yaml *x = *(struct vs_yaml *const *)a;
	const struct vs_yaml *y = *(struct vs_yaml *const *)b;
	int d = strcmp(x->text, y->text);

	return d ? d : x->line != y->line ? x->line - y->line : x->col - y->col;
}

struct set {
	const struct vs_yaml **v;
	size_t n, cap;
};

static void
add(struct set *s, const struct vs_yaml *v)
{
	vs_grow(s->v, s->n, s->cap);
	s->v[s->n++] = v;
}

static void
add_keys(struct set *s, const struct vs_yaml *list, const char *key)
{
	for (const struct vs_yaml *v = list ? list->child : NULL; v; v = v->next) {
		const struct vs_yaml *k = key ? given(v, key) : v;

		if (k && k->kind == VS_YAML_SCALAR)
			add(s, k);
	}
}

static void
twice(struct vs_report *r, struct set *s, const char *path, const char *what)
{
	if (s->n > 1)
		qsort(s->v, s->n, sizeof *s->v, by_text);
	for (size_t i = 1; i < s->n; i++)
		if (strcmp(s->v[i - 1]->text, s->v[i]->text) == 0)
			vs_report_error(r, s->v[i], path, "the %s '%s' is given twice, "
				"first in %s:%d", what, SHOWN(s->v[i]), s->v[i - 1]->file,
				s->v[i - 1]->line);
}

void
vs_rule_arguments(struct vs_report *r, const struct vs_yaml *v,
	const char *path)
{
	struct set s = { 0 };

	add_keys(&s, given(v, "should_exist"), NULL);
	add_keys(&s, given(v, "should_not_exist"), NULL);
	twice(r, &s, path, "kernel argument");
	free(s.v);
}

static int
to_text(const void *key, const void *item)
{
	return strcmp(key, (*(struct vs_yaml *const *)item)->text);
}

/* links is sorted: is something above this path one of them? */
static void
below_link(struct vs_report *r, const struct set *links,
	const struct vs_yaml *node, const char *path)
{
	VS_FREE char *up = vs_strdup(node->text);
	char *slash;

	while ((slash = strrchr(up, '/')) && slash > up) {
		*slash = '\0';
		if (bsearch(up, links->v, links->n, sizeof *links->v, to_text)) {
			vs_report_error(r, node, path, "'%s' is below '%s', which is a "
				"link in this document", SHOWN(node), up);
			return;
		}
	}
}

/* What a tree could still fill in must be there once the trees are read. */
static void
complete(struct vs_report *r, const struct vs_yaml *v)
{
	char path[64];
	size_t i = 0;

	for (const struct vs_yaml *f = items(v, "files"); f; f = f->next) {
		snprintf(path, sizeof path, "storage.files.%zu", i++);
		file(r, f, path);
	}
	i = 0;
	for (const struct vs_yaml *l = items(v, "links"); l; l = l->next) {
		snprintf(path, sizeof path, "storage.links.%zu", i++);
		if (given(l, "target") == NULL)
			vs_report_error(r, l, path, "'target' is missing");
	}
}

void
vs_rule_storage(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	struct set all = { 0 }, links = { 0 };

	if (given(v, "trees") == NULL)
		complete(r, v);
	add_keys(&all, given(v, "files"), "path");
	add_keys(&all, given(v, "directories"), "path");
	add_keys(&all, given(v, "links"), "path");
	add_keys(&links, given(v, "links"), "path");
	twice(r, &all, path, "path");
	if (links.n > 0) {
		qsort(links.v, links.n, sizeof *links.v, by_text);
		for (size_t i = 0; i < all.n; i++)
			below_link(r, &links, all.v[i], path);
	}
	free(all.v);
	free(links.v);
}
