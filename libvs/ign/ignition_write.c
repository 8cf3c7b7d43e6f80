/* SPDX-License-Identifier: Apache-2.0 */
/* Writes Ignition as Butane does, with keys in the order of the schema.  The document has
 * been checked: only fields of the right type are left. */
#include <string.h>

#include "base/assert.h"
#include "doc/schema.h"
#include "doc/spec.h"
#include "doc/value.h"
#include "ign/ignition.h"
#include "text/dataurl.h"
#include "text/json_write.h"

struct writer {
	struct vs_jw w;
	int spec;
};

static void ignition_write_value(
	struct writer *w, const struct vs_field *f, const struct vs_tree *v);

static void
ignition_write_field(
	struct writer *w, const struct vs_field *table, const char *name, const struct vs_tree *map)
{
	const struct vs_tree *v = vs_value_given(map, name);

	if (v)
		ignition_write_value(w, vs_field_find(table, name), v);
}

/* Inline text becomes a data URL, compressed if that is shorter; compression is "" if it
 * is not.  Text that the document declares as compressed is written as it is. */
static void
ignition_write_resource(
	struct writer *w, const char *key, const struct vs_field *table, const struct vs_tree *map)
{
	const struct vs_tree *compression = vs_value_given(map, "compression");
	const struct vs_tree *text = vs_value_given(map, "inline");
	const struct vs_tree *url = vs_value_given(map, "source");
	VS_BUF_FREE struct vs_buf data = VS_BUF_SECRET;
	const char *how = compression ? compression->text : NULL;

	if (text) {
		bool done = how && *how;
		bool zipped = vs_data_url(text->text, text->len, !done, &data);

		if (!done)
			how = zipped ? "gzip" : "";
	}
	vs_jw_object(&w->w, key);
	if (how)
		vs_jw_str(&w->w, "compression", how);
	ignition_write_field(w, table, "http_headers", map);
	if (text)
		vs_jw_strn(&w->w, "source", data.s, data.len);
	else if (url)
		vs_jw_strn(&w->w, "source", url->text, url->len);
	ignition_write_field(w, table, "verification", map);
	vs_jw_close(&w->w, key == NULL); /* an empty list item is kept */
}

static void
ignition_write_version(struct writer *w, const char *key)
{
	char text[] = "3.0.0-experimental";

	text[2] = (char)(text[2] + w->spec);
	vs_jw_strn(&w->w, key, text, w->spec < VS_SPEC_NEWEST ? strlen("3.0.0") : strlen(text));
}

static void
ignition_write_object(struct writer *w, const char *key, const struct vs_field *table,
	const struct vs_tree *map, bool always)
{
	vs_jw_object(&w->w, key);
	for (const struct vs_field *f = table; f->yaml; f++) {
		const struct vs_tree *v = vs_value_given(map, f->yaml);

		if (f->type == VS_FIELD_VERSION)
			ignition_write_version(w, f->yaml);
		else if (f->sugar)
			continue; /* vs_butane_expand turned it into other fields */
		else if (v || f->always)
			ignition_write_value(w, f, v);
		else if (f->need == VS_NEED_EXPECTED) /* as Ignition's own JSON does */
			vs_jw_str(&w->w, f->yaml, "");
	}
	vs_jw_close(&w->w, always);
}

static void
ignition_write_item(struct writer *w, const struct vs_field *f, const struct vs_tree *v)
{
	if (f->type == VS_FIELD_STRINGS)
		vs_jw_strn(&w->w, NULL, v->text, v->len);
	else if (f->type == VS_FIELD_RESOURCES)
		ignition_write_resource(w, NULL, f->sub, v);
	else
		ignition_write_object(w, NULL, f->sub, v, true);
}

static void
ignition_write_value(struct writer *w, const struct vs_field *f, const struct vs_tree *v)
{
	const char *key = vs_field_name(f, true);
	long long n = 0;
	bool b = false;

	switch (f->type) {
	case VS_FIELD_STRING:
		assert(v->kind == VS_TREE_SCALAR); /* vs_types_check refuses all else */
		vs_jw_strn(&w->w, key, v->text, v->len);
		break;
	case VS_FIELD_INT:
		if (vs_value_int(v, &n) && (n != 0 || !f->omit_zero))
			vs_jw_int(&w->w, key, n);
		break;
	case VS_FIELD_BOOL:
		if (vs_value_bool(v, &b))
			vs_jw_bool(&w->w, key, b);
		break;
	case VS_FIELD_STRINGS:
	case VS_FIELD_OBJECTS:
	case VS_FIELD_RESOURCES:
		assert(v->kind == VS_TREE_LIST);
		vs_jw_array(&w->w, key);
		for (v = v->child; v; v = v->next)
			if (!vs_tree_null(v))
				ignition_write_item(w, f, v);
		vs_jw_close(&w->w, false);
		break;
	case VS_FIELD_OBJECT:
		ignition_write_object(w, key, f->sub, v, f->always);
		break;
	case VS_FIELD_RESOURCE:
		ignition_write_resource(w, key, f->sub, v);
		break;
	case VS_FIELD_VERSION:
	case VS_FIELD_HEADER:
		break;
	}
}

void
vs_ignition_write(const struct vs_tree_doc *d, int spec, bool pretty, struct vs_buf *json)
{
	struct writer w = { .w = { .b = json, .pretty = pretty }, .spec = spec };

	assert(spec >= 0 && spec <= VS_SPEC_NEWEST);
	ignition_write_object(&w, NULL, vs_schema, d->root, true);
	vs_buf_ch(json, '\n');
}
