/* SPDX-License-Identifier: Apache-2.0 */
/* road.h - the steps from a document to Ignition, as in worker/translate.c but in memory,
 * and invariants of their findings and output. */
#ifndef FUZZ_ROAD_H
#define FUZZ_ROAD_H

#include <string.h>

#include "base/mem.h"
#include "butane/butane.h"
#include "butane/goyaml.h"
#include "butane/placeholders.h"
#include "doc/merge.h"
#include "fuzz.h"
#include "ign/ignition.h"
#include "ign/validate.h"
#include "text/base64.h"
#include "text/dataurl.h"
#include "text/gzip.h"
#include "text/json.h"
#include "text/utf8.h"
#include "text/yaml.h"

enum {
	LAX = 1,
	PRETTY = 2,
	FILES = 4, /* local files are below FOLDER */
};

#define FOLDER "tests/fuzz/files"
#define SECRET "S3CRET"

/* Characters that no message may have. */
#define CONTROLS \
	"\1\2\3\4\5\6\a\b\t\n\v\f\r\16\17\20\21\22\23\24\25\26\27\30\31" \
	"\32\33\34\35\36\37\177"

struct input {
	unsigned how;
	const char *text, *on; /* on: merged into it; or NULL */
	size_t n, on_n;
};

/* Each finding is one line of text, and does not show the secret, unless the document (n
 * bytes at p) contains that word itself. */
static inline void
said(const struct vs_report *r, const void *p, size_t n)
{
	bool secret = memmem(p, n, SECRET, strlen(SECRET)) == NULL;
	size_t errors = 0;

	for (size_t i = 0; i < r->n; i++) {
		VS_BUF_FREE struct vs_buf s = VS_BUF_INIT, quote = VS_BUF_INIT;

		vs_finding_str(&r->v[i], &s);
		must(*r->v[i].text && strlen(s.s) == s.len, "a finding has a text");
		must(strcspn(s.s, CONTROLS) == s.len,
			"a finding is one line without control characters");
		must(vs_utf8(s.s, s.len), "a finding is UTF-8");
		must(!secret || strstr(s.s, SECRET) == NULL, "a finding shows no secret");
		if (vs_report_quote(r, &r->v[i], &quote)) {
			must(vs_utf8(quote.s, quote.len), "a quote is UTF-8");
			must(strcspn(quote.s, "\r\033") == quote.len,
				"a quote has no control characters");
			must(strchr(quote.s, '\n')
					&& strchr(quote.s, '\n') == strrchr(quote.s, '\n'),
				"a quote is a line and its caret");
		}
		errors += !r->v[i].warning;
	}
	must(errors == r->errors, "errors are counted");
}

static inline void
road_variables(struct vs_vars *vars)
{
	vs_vars_set(vars, "ONE", "x: \"\n- y", false);
	vs_vars_set(vars, "NUMBER", "0644", false);
	vs_vars_set(vars, "SECRET", SECRET, true);
	vs_vars_add(vars, "LIST", "a");
	vs_vars_add(vars, "LIST", "b");
	vs_vars_add(vars, "NONE", NULL);
}

static inline int
road_read(struct vs_tree_doc *d, const char *name, const char *s, size_t n, struct vs_vars *vars,
	struct vs_report *r)
{
	struct vs_tree at = { .file = name };
	struct vs_err err = { 0 };

	vs_report_source(r, name, s, n);
	d->lax = r->lax;
	if (vs_yaml_read(d, s, n, name, &err) < 0) {
		must(err.code == VS_ERR_USAGE && err.msg[0], "an error has a message");
		must(d->root == NULL, "an error leaves no tree");
		at.line = err.line ? err.line : 1;
		at.col = err.col ? err.col : 1;
		vs_report(r, VS_VERDICT_ERROR, &at, NULL, "%s", err.msg);
		return -1;
	}
	if (vs_placeholders_fill(d, vars, r) < 0)
		return -1;
	if (r->lax)
		vs_goyaml_plain_tree(d, r);
	return 0;
}

/* Translate into json, and with the opposite of PRETTY into other.  r is { 0 }.  -1: it has
 * errors, and there is no output. */
static inline int
made(const struct input *in, struct vs_report *r, struct vs_buf *json, struct vs_buf *other)
{
	VS_VARS_FREE struct vs_vars vars = { 0 };
	VS_TREE_FREE struct vs_tree_doc on = { 0 }, d = { 0 };
	bool bad;

	r->lax = in->how & LAX;
	r->quote = true;
	road_variables(&vars);
	bad = road_read(&d, "f", in->text, in->n, &vars, r) < 0;
	if (in->on && road_read(&on, "on", in->on, in->on_n, &vars, r) == 0)
		vs_butane_check(&on, "on", r);
	if (bad || r->errors > 0) {
		must(r->errors > 0, "a refused document has an error");
		return -1;
	}
	if (in->on)
		vs_merge(&d, &on);
	if (vs_butane_check(&d, "f", r) < 0) {
		must(r->errors > 0, "a refused document has an error");
		return -1;
	}
	vs_butane_expand(&d, in->how & FILES ? FOLDER : NULL, r);
	vs_validate(&d, r);
	if (r->errors > 0)
		return -1;
	vs_ignition_write(&d, r->spec, in->how & PRETTY, json);
	vs_ignition_write(&d, r->spec, !(in->how & PRETTY), other);
	return 0;
}

/* ---- comparing configs */

static inline json_t *
road_json(const struct vs_buf *b)
{
	return json_loadb(b->s, b->len, JSON_REJECT_DUPLICATES, NULL);
}

/* Replace the data URL of a resource by its data, in base64. */
static inline void
road_decode(json_t *resource)
{
	VS_BUF_FREE struct vs_buf raw = VS_BUF_INIT, plain = VS_BUF_INIT, text = VS_BUF_INIT;
	const char *source = json_string_value(json_object_get(resource, "source"));
	const char *how = json_string_value(json_object_get(resource, "compression"));
	struct vs_err err;
	bool zipped;

	if (source == NULL || vs_undata_url(source, &raw, &err) < 0)
		return;
	zipped = how && strcmp(how, "gzip") == 0 && vs_gunzip(raw.s, raw.len, &plain, &err) == 0;
	vs_buf_str(&text, "is ");
	if (zipped)
		vs_base64(plain.s, plain.len, &text);
	else
		vs_base64(raw.s, raw.len, &text);
	json_object_set_new(resource, "source", json_string(text.s));
	if (zipped || (how && *how == '\0'))
		json_object_del(resource, "compression");
}

/* Decode data URLs, and remove empty values. */
static inline void
road_plain(json_t *j)
{
	const char *key;
	json_t *v;
	void *next;
	size_t i;

	json_array_foreach(j, i, v) road_plain(v);
	if (json_object_get(j, "source"))
		road_decode(j);
	json_object_foreach_safe(j, next, key, v)
	{
		road_plain(v);
		if (json_is_null(v)
			|| ((json_is_object(v) || json_is_array(v))
				&& json_object_size(v) + json_array_size(v) == 0))
			json_object_del(j, key);
	}
}

/* versions: compare them, too. */
static inline bool
same_config(const struct vs_buf *a, const struct vs_buf *b, bool versions)
{
	VS_JSON_FREE json_t *x = road_json(a), *y = road_json(b);

	road_plain(x);
	road_plain(y);
	if (!versions) {
		json_object_del(json_object_get(x, "ignition"), "version");
		json_object_del(json_object_get(y, "ignition"), "version");
	}
	return json_equal(x, y);
}

#endif
