#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/near.h"
#include "ign/butane.h"
#include "ign/schema.h"

#define SHOWN(v) vs_shown(v, (char[64]){ 0 }, 64)

struct checker {
	struct vs_report *r;
	int minor;
	struct vs_buf path;	/* "storage.files.2" */
};

static const char *const versions[] = { "1.0.0", "1.1.0",
	"1.2.0-experimental" };

static void object(struct checker *c, const struct vs_field *table,
	const struct vs_yaml *map);

static size_t
enter(struct checker *c, const char *key)
{
	size_t was = c->path.len;

	vs_buf_fmt(&c->path, was ? ".%s" : "%s", key);
	return was;
}

static size_t
enter_item(struct checker *c, size_t i)
{
	size_t was = c->path.len;

	vs_buf_fmt(&c->path, ".%zu", i);
	return was;
}

static void
unknown(struct checker *c, const struct vs_field *table,
	const struct vs_yaml *v)
{
	const char *names[24], *near;
	size_t n = 0;

	for (const struct vs_field *f = table; f->yaml; f++)
		if (f->refused == NULL && f->since <= c->minor && n < VS_LEN(names))
			names[n++] = f->yaml;
	near = vs_near(names, n, v->key);
	if (near)
		vs_report_key(c->r, v, c->path.s, "there is no key '%.60s' here: did "
			"you mean '%s'?", v->key, near);
	else
		vs_report_key(c->r, v, c->path.s, "there is no key '%.60s' here",
			v->key);
}

static bool
wrong(struct checker *c, const struct vs_yaml *v, const char *want)
{
	vs_report_error(c->r, v, c->path.s, "%s is wanted here, not %s", want,
		vs_yaml_what(v));
	return false;
}

static bool
integer(struct checker *c, const struct vs_yaml *v)
{
	long long n;

	if (vs_value_int(v, &n))
		return true;
	if (v->kind != VS_YAML_SCALAR)
		return wrong(c, v, "a number");
	if (v->style != VS_YAML_PLAIN && v->style != VS_YAML_FILLED)
		vs_report_error(c->r, v, c->path.s, "a number is wanted here, not a "
			"string: leave the quotes out");
	else
		vs_report_error(c->r, v, c->path.s, "'%s' is no whole number%s",
			SHOWN(v), v->text[0] == '0' && !v->secret
			? " (a leading 0 makes it octal)" : "");
	return false;
}

static bool
truth(struct checker *c, const struct vs_yaml *v)
{
	bool b;

	if (vs_value_bool(v, &b))
		return true;
	if (v->kind != VS_YAML_SCALAR)
		return wrong(c, v, "true or false");
	vs_report_error(c->r, v, c->path.s, "'%s' is neither true nor false%s",
		SHOWN(v), v->style == VS_YAML_PLAIN || v->style == VS_YAML_FILLED ? ""
		: ": leave the quotes out");
	return false;
}

static bool
string(struct checker *c, const struct vs_yaml *v)
{
	return v->kind == VS_YAML_SCALAR || wrong(c, v, "a string");
}

static int
by_text(const void *a, const void *b)
{
	const struct vs_yaml *x = *(struct vs_yaml *const *)a;
	const struct vs_yaml *y = *(struct vs_yaml *const *)b;
	int d = strcmp(x->text, y->text);

	return d ? d : x->line != y->line ? x->line - y->line : x->col - y->col;
}

static const char *
key_of(const struct vs_field *f)
{
	for (const struct vs_field *s = f->sub; s && s->yaml; s++)
		if (s->key && s->type == VS_F_STRING)
			return s->yaml;
	return NULL;
}

/* Two items of a list that Ignition would take for the same thing. */
static void
doubles(struct checker *c, const struct vs_field *f,
	const struct vs_yaml *list, size_t n)
{
	VS_FREE const struct vs_yaml **all = vs_alloc(n, sizeof *all);
	const char *key = key_of(f);
	size_t k = 0;

	if (f->shared || (f->type == VS_F_STRINGS ? !f->key : key == NULL))
		return;
	for (const struct vs_yaml *v = list->child; v; v = v->next) {
		const struct vs_yaml *name = key ? vs_yaml_get(v, key) : v;

		if (name && name->kind == VS_YAML_SCALAR)
			all[k++] = name;
	}
	qsort(all, k, sizeof *all, by_text);
	for (size_t i = 1; i < k; i++)
		if (strcmp(all[i - 1]->text, all[i]->text) == 0)
			vs_report_error(c->r, all[i], c->path.s, "'%s' is given twice, "
				"first in %s:%d", SHOWN(all[i]), all[i - 1]->file,
				all[i - 1]->line);
}

/* One value, or one item of a list of them; true: the type is right. */
static bool
single(struct checker *c, const struct vs_field *f, const struct vs_yaml *v)
{
	size_t errors = c->r->errors;

	switch (f->type) {
	case VS_F_INT:
		return integer(c, v);
	case VS_F_BOOL:
		return truth(c, v);
	case VS_F_STRING:
	case VS_F_STRINGS:
		return string(c, v);
	default:
		object(c, f->sub, v);
		return c->r->errors == errors;
	}
}

static void
ruled(struct checker *c, const struct vs_field *f, const struct vs_yaml *v)
{
	if (single(c, f, v) && f->check)
		f->check(c->r, v, c->path.s);
}

static void
list(struct checker *c, const struct vs_field *f, const struct vs_yaml *v)
{
	size_t i = 0, was, errors = c->r->errors;

	if (v->kind != VS_YAML_LIST) {
		vs_report_error(c->r, v, c->path.s, "a list is wanted here, not %s: "
			"begin its items with '- '", vs_yaml_what(v));
		return;
	}
	for (const struct vs_yaml *item = v->child; item; item = item->next) {
		was = enter_item(c, i++);
		if (vs_yaml_null(item))
			vs_report_error(c->r, item, c->path.s,
				"an item with nothing in it");
		else
			ruled(c, f, item);
		vs_buf_cut(&c->path, was);
	}
	if (c->r->errors == errors)
		doubles(c, f, v, i);
}

static void
field(struct checker *c, const struct vs_field *table, const struct vs_yaml *v)
{
	const struct vs_field *f = vs_field_find(table, v->key);
	size_t was;

	if (f == NULL) {
		unknown(c, table, v);
		return;
	}
	was = enter(c, f->yaml);
	if (f->refused)
		vs_report_key(c->r, v, c->path.s, "%s", f->refused);
	else if (f->since > c->minor)
		vs_report_key(c->r, v, c->path.s, "this came with flatcar %s, the "
			"document is %s", versions[f->since], versions[c->minor]);
	else if (f->type == VS_F_HEADER || vs_yaml_null(v))
		;
	else if (f->type == VS_F_STRINGS || f->type == VS_F_OBJECTS
		 || f->type == VS_F_RESOURCES)
		list(c, f, v);
	else
		ruled(c, f, v);
	vs_buf_cut(&c->path, was);
}

static void
object(struct checker *c, const struct vs_field *table,
	const struct vs_yaml *map)
{
	if (map->kind != VS_YAML_MAP) {
		wrong(c, map, "a map ('key: value')");
		return;
	}
	for (const struct vs_yaml *v = map->child; v; v = v->next)
		field(c, table, v);
	for (const struct vs_field *f = table; f->yaml; f++) {
		const struct vs_yaml *v = f->required ? vs_yaml_get(map, f->yaml) : NULL;

		if (f->required && (v == NULL || vs_yaml_null(v)))
			vs_report_error(c->r, map, c->path.s, "'%s' is missing", f->yaml);
	}
}

static int
version(const struct vs_yaml *root, struct vs_report *r)
{
	const struct vs_yaml *v = vs_yaml_get(root, "version");

	if (v == NULL || v->kind != VS_YAML_SCALAR) {
		vs_report_error(r, v ? v : root, "version", "it must be given: 1.1.0, "
			"or 1.0.0 for Flatcar before 3602");
		return -1;
	}
	for (int i = 0; i < 2; i++)
		if (strcmp(v->text, versions[i]) == 0)
			return i;
	if (strcmp(v->text, versions[2]) == 0)
		vs_report_error(r, v, "version", "%s makes Ignition "
			"3.7.0-experimental, which the next Ignition need not read: use "
			"1.1.0", versions[2]);
	else
		vs_report_error(r, v, "version", "flatcar has no version '%s': 1.1.0, "
			"or 1.0.0 for Flatcar before 3602", SHOWN(v));
	return -1;
}

static int
header(const struct vs_yaml *root, struct vs_report *r)
{
	const struct vs_yaml *v = vs_yaml_get(root, "variant");

	if (v == NULL && vs_yaml_get(vs_yaml_get(root, "ignition"), "version")) {
		vs_report_error(r, root, NULL,
			"this is Ignition already, not a Butane document");
		return -1;
	}
	if (v == NULL || v->kind != VS_YAML_SCALAR) {
		vs_report_error(r, v ? v : root, "variant", "a Butane document begins "
			"with 'variant: flatcar' and 'version: 1.1.0'");
		return -1;
	}
	if (strcmp(v->text, "flatcar") != 0) {
		vs_report_error(r, v, "variant", "'%s' is not flatcar, the variant "
			"that is read here", SHOWN(v));
		return -1;
	}
	return version(root, r);
}

int
vs_butane_check(const struct vs_yaml_doc *d, const char *file,
	struct vs_report *r)
{
	const struct vs_yaml nothing = { .file = file, .line = 1, .col = 1 };
	struct checker c = { .r = r, .path = VS_BUF_INIT };
	size_t errors = r->errors;

	if (d->root == NULL || vs_yaml_null(d->root)) {
		vs_report_error(r, &nothing, NULL, "an empty document");
		return -1;
	}
	if (d->root->kind != VS_YAML_MAP) {
		vs_report_error(r, d->root, NULL, "a map ('key: value') is wanted "
			"here, not %s", vs_yaml_what(d->root));
		return -1;
	}
	c.minor = header(d->root, r);
	if (c.minor < 0)
		return -1;
	r->minor = c.minor;
	object(&c, vs_butane, d->root);
	vs_buf_free(&c.path);
	return r->errors == errors ? c.minor : -1;
}
