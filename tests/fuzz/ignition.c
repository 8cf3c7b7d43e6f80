/* SPDX-License-Identifier: Apache-2.0 */
/* Ignition: the bytes are a config. */
#include "ign/ignition.h"
#include "butane/to_butane.h"
#include "guestinfo/guestinfo.h"
#include "road.h"
#include "text/json_tree.h"

/* Is the tree the same as jansson's?  Neither has duplicate keys. */
static bool
same(const json_t *j, const struct vs_tree *v)
{
	const struct vs_tree *item = v->child;
	size_t i;

	if (json_is_array(j)) {
		for (i = 0; i < json_array_size(j) && item; i++, item = item->next)
			if (!same(json_array_get(j, i), item))
				return false;
		return v->kind == VS_TREE_LIST && i == json_array_size(j) && !item;
	}
	if (json_is_object(j)) {
		for (i = 0; item; i++, item = item->next)
			if (!json_object_get(j, item->key)
				|| !same(json_object_get(j, item->key), item))
				return false;
		return v->kind == VS_TREE_MAP && i == json_object_size(j);
	}
	if (v->kind != VS_TREE_SCALAR)
		return false;
	if (json_is_string(j))
		return v->style == VS_TREE_QUOTED && v->len == json_string_length(j)
			&& memcmp(v->text, json_string_value(j), v->len) == 0;
	if (json_is_number(j))
		return strtod(v->text, NULL) == json_number_value(j);
	return strcmp(v->text, json_is_true(j) ? "true" : json_is_false(j) ? "false" : "null") == 0;
}

static bool
deep(const char *s, size_t n)
{
	size_t depth = 0;

	/* brackets in strings count as well, so this is an upper bound */
	for (size_t i = 0; i < n; i++)
		depth += s[i] == '[' || s[i] == '{';
	return depth > 64;
}

/* jansson accepts a NUL after a number or a word, which is not JSON. */
static bool
nul(const char *s, size_t n)
{
	return n > 0 && memchr(s, '\0', n);
}

/* jansson refuses large numbers and half surrogate pairs, which are JSON. */
static bool
beyond_jansson(const json_error_t *e)
{
	return json_error_code(e) == json_error_numeric_overflow || strstr(e->text, "Unicode");
}

/* Compares our reader with jansson. */
static void
tree(const char *s, size_t n)
{
	VS_TREE_FREE struct vs_tree_doc d = { 0 };
	json_error_t e;
	VS_JSON_FREE json_t *j = json_loadb(s, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);
	struct vs_err err = { 0 };

	if (vs_json_tree_read(&d, s, n, "f", &err) < 0) {
		must(err.code == VS_ERR_USAGE && err.msg[0], "an error has a message");
		must(err.line > 0 && err.col > 0, "an error has a place");
		must(d.root == NULL, "an error leaves no tree");
		must(j == NULL || deep(s, n) || nul(s, n), "we accept what jansson accepts");
	} else if (j) {
		must(same(j, d.root), "we read the same as jansson");
	} else {
		must(beyond_jansson(&e), "we refuse what jansson refuses");
	}
}

/* The way back to Butane makes the same config, if Butane can make it at all. */
static void
back(const char *s, size_t n, const struct vs_buf *json)
{
	VS_BUF_FREE struct vs_buf yaml = VS_BUF_INIT, again = VS_BUF_INIT, rest = VS_BUF_INIT;
	VS_REPORT_FREE struct vs_report r = { 0 }, r2 = { 0 };
	struct input in = { .how = LAX };
	bool newer;

	if (vs_to_butane(s, n, "f", &r, &yaml) < 0) {
		must(r.errors > 0 && yaml.len == 0, "a refused config has an error and no output");
	} else {
		newer = r.n > 0;
		in.text = yaml.s;
		in.n = yaml.len;
		must(vs_utf8(yaml.s, yaml.len), "the output is UTF-8");
		must(made(&in, &r2, &again, &rest) == 0, "the output is Butane");
		must(json->len == 0 || same_config(json, &again, !newer),
			"which makes the same config");
	}
	vs_report_sort(&r);
	said(&r, s, n);
}

/* Read, check and write a config, into json; reading and writing that again must give the
 * same.  False: it was refused, and json is empty. */
static bool
checked(const char *s, size_t n, bool lax, struct vs_buf *json)
{
	VS_TREE_FREE struct vs_tree_doc d = { 0 }, d2 = { 0 };
	VS_REPORT_FREE struct vs_report r = { .lax = lax, .json = true, .quote = true }, r2 = r;
	VS_BUF_FREE struct vs_buf again = VS_BUF_INIT;
	bool good;

	vs_report_source(&r, "f", s, n);
	good = vs_ignition_read(&d, s, n, "f", &r) == 0 && vs_ignition_check(&d, "f", &r) == 0
		&& r.errors == 0;
	must(good == (r.errors == 0), "a refused config has an error");
	if (good) {
		vs_ignition_write(&d, r.spec, false, json);
		must(vs_ignition_read(&d2, json->s, json->len, "g", &r2) == 0
				&& vs_ignition_check(&d2, "g", &r2) == 0 && r2.errors == 0,
			"the output is accepted");
		vs_ignition_write(&d2, r2.spec, false, &again);
		must(again.len == json->len && memcmp(again.s, json->s, json->len) == 0,
			"and written the same again");
	}
	vs_report_sort(&r);
	said(&r, s, n);
	return good;
}

static void
packed(const char *s, size_t n)
{
	VS_GUESTINFO_FACTS_FREE struct vs_guestinfo_facts f = { 0 };
	VS_BUF_FREE struct vs_buf data = VS_BUF_INIT;
	struct vs_err err = { 0 }, err2 = { 0 };
	int facts = vs_guestinfo_facts(s, n, &f, &err);

	must(facts == vs_guestinfo_pack(s, n, &data, &err2),
		"configs with facts can be packed, and only these");
	if (facts < 0)
		must(err.code == VS_ERR_USAGE && err.msg[0] && strcmp(err.msg, err2.msg) == 0,
			"an error has a message, the same both times");
	else
		must(f.version != NULL, "a config has a version");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	VS_BUF_FREE struct vs_buf json = VS_BUF_INIT, lax = VS_BUF_INIT;
	const char *s = (const char *)data;

	packed(s, n);
	tree(s, n);
	if (checked(s, n, false, &json))
		must(checked(s, n, true, &lax) && same_config(&json, &lax, true),
			"lax accepts no less");
	else
		checked(s, n, true, &lax);
	back(s, n, &json);
	return 0;
}
