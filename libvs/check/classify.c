/* SPDX-License-Identifier: Apache-2.0 */
/* Tells Ignition, Butane and cloud-config apart, and checks the first two.  Does not
 * decode base64 or gzip, and knows no keys of a VM. */
#include <string.h>
#include <strings.h>

#include "butane/butane.h"
#include "check/classify.h"
#include "check/rules_worker.h"
#include "guestinfo/guestinfo.h"
#include "ign/flatcar.h"
#include "ign/ignition.h"
#include "text/gzip.h"
#include "text/json_tree.h"
#include "text/yaml.h"
#include "worker/translate.h"

static void
classify_unreadable(struct vs_classified *c, const struct vs_err *err)
{
	const struct vs_tree at = { .file = c->at.file, .line = err->line, .col = err->col };

	vs_report(c->r, VS_VERDICT_ERROR, &at, c->key, "%s", err->msg);
	c->unreadable = true;
}

/* ---- size */

void
vs_classify_size(struct vs_classified *c, size_t n)
{
	const char *path = c->key ? c->key : VS_IGN_DATA;
	char words[VS_GUESTINFO_WORDS];

	switch (vs_guestinfo_size(n, words)) {
	case VS_GUESTINFO_SIZE_OK:
		break;
	case VS_GUESTINFO_SIZE_LARGE:
		vs_report(c->r, VS_VERDICT_WARNING, &c->at, path, "%s", words);
		break;
	case VS_GUESTINFO_SIZE_TOO_LARGE:
		vs_report(c->r, VS_VERDICT_ERROR, &c->at, path, "%s", words);
		break;
	}
}

/* The size that it will have when vs-clone -i sends it. */
static void
classify_check_packed(struct vs_classified *c, const char *json, size_t n)
{
	VS_BUF_FREE struct vs_buf zip = VS_BUF_SECRET;

	vs_gzip(json, n, &zip);
	vs_classify_size(c, (zip.len + 2) / 3 * 4);
}

/* ---- Ignition */

static void
classify_worker(struct vs_classified *c, const char *json, size_t n)
{
	VS_REPORT_FREE struct vs_report said = { .lax = c->o->lax };
	VS_TREE_FREE struct vs_tree_doc d = { 0 };

	if (c->o->worker && vs_ignition_read(&d, json, n, c->at.file, &said) == 0)
		vs_rules_worker(&d, c->at.file, c->r);
}

static void
classify_validate(struct vs_classified *c, const char *json, size_t n)
{
	VS_TREE_FREE struct vs_tree_doc d = { 0 };

	if (vs_ignition_read(&d, json, n, c->at.file, c->r) < 0
		|| vs_ignition_check(&d, c->at.file, c->r) < 0)
		return;
	classify_worker(c, json, n);
}

/* As Go's decoder, which ignores case in keys. */
static const struct vs_tree *
classify_get(const struct vs_tree *map, const char *key)
{
	if (map == NULL || map->kind != VS_TREE_MAP)
		return NULL;
	for (const struct vs_tree *v = map->child; v; v = v->next)
		if (strcasecmp(v->key, key) == 0)
			return v;
	return NULL;
}

/* Versions 1 and 2; version 1 has another key for it. */
static void
classify_old(struct vs_classified *c, const struct vs_tree *version, int major)
{
	const char *path = major > 1 ? "ignition.version" : "ignitionVersion";

	vs_report(c->r, VS_VERDICT_HINT, version, path,
		"Ignition %d.x is obsolete (Flatcar still reads it); only its JSON syntax was checked: convert it to 3.4.0",
		major);
	if (c->o->worker)
		vs_report(c->r, VS_VERDICT_WARNING, version, path,
			"--worker cannot check Ignition %d.x: convert it to 3.4.0", major);
}

static void
classify_ignition(
	struct vs_classified *c, const struct vs_tree *version, const char *json, size_t n)
{
	bool first = strcasecmp(version->key, "ignitionVersion") == 0;
	struct vs_spec spec = { 0 };

	c->r->json = true;
	if (!c->wrapped)
		classify_check_packed(c, json, n);
	if (first || (vs_spec_parse(&spec, version->text) && spec.major == 2)) {
		classify_old(c, version, first ? 1 : 2);
		return;
	}
	if (vs_spec_parse(&spec, version->text))
		vs_flatcar_check(c->r, version, "ignition.version", &spec, c->o->flatcar);
	classify_validate(c, json, n);
}

/* ---- Butane */

/* Translate it as ign-gen does. */
static int
classify_translate(struct vs_classified *c, const char *s, size_t n, struct vs_buf *json)
{
	const struct vs_worker none = { 0 };
	struct vs_translation gen = { .worker = &none,
		.files_dir = c->o->files_dir,
		.file = c->at.file,
		.text = s,
		.len = n };
	struct vs_err err = { 0 };
	int bad = vs_translate(&gen, c->r, json, &err);

	for (size_t i = 0; i < c->r->n; i++)
		if (strncmp(c->r->v[i].text, "no value for @{", 15) == 0)
			c->note =
				"it has placeholders: let ign-gen fill them, and check the result";
	if (bad && err.code)
		classify_unreadable(c, &err);
	return bad;
}

static void
classify_butane(struct vs_classified *c, const struct vs_tree_doc *d, const char *s, size_t n)
{
	VS_BUF_FREE struct vs_buf json = VS_BUF_SECRET;
	VS_TREE_FREE struct vs_tree_doc made = { 0 };
	const struct vs_tree *version;
	struct vs_err ignored;
	struct vs_spec spec;

	if (c->wrapped) {
		vs_report(c->r, VS_VERDICT_ERROR, &c->at, c->key,
			"this is a Butane document, but Ignition reads only JSON, so the machine does not boot: translate it with ign-gen");
		return;
	}
	if (classify_translate(c, s, n, &json) < 0)
		return;
	if (vs_json_tree_read(&made, json.s, json.len, c->at.file, &ignored) == 0) {
		version = classify_get(classify_get(made.root, "ignition"), "version");
		if (version && vs_spec_parse(&spec, version->text))
			vs_flatcar_check(c->r, vs_tree_get(d->root, "version"), "version", &spec,
				c->o->flatcar);
	}
	classify_check_packed(c, json.s, json.len);
	classify_worker(c, json.s, json.len);
}

/* ---- what it is */

static bool
classify_begins(const struct vs_buf *b, const char *with)
{
	return b->len >= strlen(with) && memcmp(b->s, with, strlen(with)) == 0;
}

/* Ignition ignores these and leaves them to coreos-cloudinit (flatcar/scripts, coreos-overlay,
 * sys-apps/ignition/files, patch 0011). */
static bool
classify_cloud(struct vs_classified *c, const struct vs_buf *text)
{
	struct vs_err err;

	if (!classify_begins(text, "#cloud-config") && !classify_begins(text, "#!")
		&& !classify_begins(text, "Content-Type: multipart"))
		return false;
	if (c->key) {
		vs_report(c->r, VS_VERDICT_WARNING, &c->at, c->key,
			"a cloud-config or a script: Ignition leaves it to coreos-cloudinit, which supports little of it: it was not checked");
		return true;
	}
	vs_fail(&err, VS_ERR_USAGE, "this is a cloud-config or a script, not Ignition");
	err.line = err.col = 0;
	classify_unreadable(c, &err);
	return true;
}

static bool
classify_has_line(const struct vs_buf *b, const char *with)
{
	size_t n = strlen(with);

	for (const char *s = b->s; s; s = strchr(s, '\n')) {
		s += *s == '\n';
		if (strncmp(s, with, n) == 0)
			return true;
	}
	return false;
}

static const struct vs_tree *
classify_version_of(const struct vs_tree *root)
{
	const struct vs_tree *v = classify_get(classify_get(root, "ignition"), "version");

	if (v == NULL)
		v = classify_get(root, "ignitionVersion");
	return v && v->kind == VS_TREE_SCALAR ? v : NULL;
}

/* Butane has a variant, also when it is written as JSON. */
static void
classify_yaml(struct vs_classified *c, const struct vs_buf *text, const struct vs_err *json)
{
	VS_TREE_FREE struct vs_tree_doc d = { .lax = c->o->lax };
	bool bad, braces = *text->s == '{';
	struct vs_err err = { .line = 0 };

	bad = vs_yaml_read(&d, text->s, text->len, c->at.file, &err) < 0;
	if (!bad
		&& (vs_tree_get(d.root, "variant")
			|| (vs_tree_get(d.root, "version") && !braces))) {
		classify_butane(c, &d, text->s, text->len);
		return;
	}
	if (braces && json->code) {
		err = *json;
		classify_unreadable(c, &err);
	} else if (bad && classify_has_line(text, "variant:")) {
		classify_unreadable(c, &err);
	} else {
		vs_fail(&err, VS_ERR_USAGE,
			"this is neither Ignition (no ignition.version) nor Butane (no variant)");
		err.line = err.col = 0;
		classify_unreadable(c, &err);
	}
}

/* Is it "{}", which Ignition leaves behind? */
static bool
classify_is_wiped(const struct vs_buf *text)
{
	char mark[3] = "";
	size_t n = 0;

	for (size_t i = 0; i < text->len; i++) {
		if (strchr(" \t\r\n", text->s[i]))
			continue;
		if (n == 2)
			return false;
		mark[n++] = text->s[i];
	}
	return strcmp(mark, "{}") == 0;
}

void
vs_classify(struct vs_classified *c, const struct vs_buf *text)
{
	VS_TREE_FREE struct vs_tree_doc d = { .lax = c->o->lax };
	const struct vs_tree *version = NULL;
	struct vs_err err = { .line = 0 };

	if (text->s[strspn(text->s, " \t\r\n")] == '\0' && strlen(text->s) == text->len) {
		vs_fail(&err, VS_ERR_USAGE, "the config is empty");
		classify_unreadable(c, &err);
		return;
	}
	if (c->wrapped && classify_is_wiped(text)) {
		c->note = "has booted: Ignition has run and removed its config";
		return;
	}
	if (classify_cloud(c, text))
		return;
	if (vs_json_tree_read(&d, text->s, text->len, c->at.file, &err) == 0)
		version = classify_version_of(d.root);
	if (version)
		classify_ignition(c, version, text->s, text->len);
	else
		classify_yaml(c, text, &err);
}
