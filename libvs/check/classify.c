/* SPDX-License-Identifier: Apache-2.0 */
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

#define NOWHERE(l) (&(struct vs_tree){ .file = (l)->name })

static void
classify_unreadable(struct vs_classified *l, const struct vs_err *err)
{
	const struct vs_tree at = { .file = l->name, .line = err->line, .col = err->col };

	vs_report(l->r, VS_VERDICT_ERROR, &at, l->key, "%s", err->msg);
	l->unreadable = true;
}

/* ---- size */

void
vs_classify_size(struct vs_classified *l, size_t n)
{
	const char *path = l->key ? l->key : VS_IGN_DATA;

	if (n > VS_GUESTINFO_MAX)
		vs_report(l->r, VS_VERDICT_ERROR, NOWHERE(l), path,
			"%zu KiB when encoded, and a VM takes %d: put large files on a server, and let the config fetch them",
			n >> 10, VS_GUESTINFO_MAX >> 10);
	else if (n > VS_GUESTINFO_WARN)
		vs_report(l->r, VS_VERDICT_WARNING, NOWHERE(l), path,
			"%zu KiB when encoded, and some ESXi pass on no more than %d: put large files on a server, and let the config fetch them",
			n >> 10, VS_GUESTINFO_WARN >> 10);
}

/* In the form that vs-clone would send. */
static void
classify_check_packed(struct vs_classified *l, const char *json, size_t n)
{
	VS_BUF_FREE struct vs_buf zip = { .s = vs_buf_empty, .secret = true };

	vs_gzip(json, n, &zip);
	vs_classify_size(l, (zip.len + 2) / 3 * 4);
}

/* ---- Ignition */

static void
classify_worker(struct vs_classified *l, const char *json, size_t n)
{
	VS_REPORT_FREE struct vs_report said = { .lax = l->b->lax };
	VS_TREE_FREE struct vs_tree_doc d = { 0 };

	if (l->b->worker && vs_ignition_read(&d, json, n, l->name, &said) == 0)
		vs_rules_worker_check(&d, l->name, l->r);
}

static void
classify_validate(struct vs_classified *l, const char *json, size_t n)
{
	VS_TREE_FREE struct vs_tree_doc d = { 0 };

	if (vs_ignition_read(&d, json, n, l->name, l->r) < 0
		|| vs_ignition_check(&d, l->name, l->r) < 0)
		return;
	classify_worker(l, json, n);
}

/* Go's decoder does not tell capitals from small letters in keys. */
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

/* Versions before 3, of which the first stood elsewhere. */
static void
classify_old(struct vs_classified *l, const struct vs_tree *version, int major)
{
	const char *path = major > 1 ? "ignition.version" : "ignitionVersion";

	vs_report(l->r, VS_VERDICT_HINT, version, path,
		"Ignition %d.x is of old: each Flatcar still reads it, but of what is in it nothing is checked here, but that it is JSON: make it 3.4.0",
		major);
	if (l->b->worker)
		vs_report(l->r, VS_VERDICT_WARNING, version, path,
			"of Ignition %d.x it is not looked at whether it makes a worker: make it 3.4.0",
			major);
}

static void
classify_ignition(
	struct vs_classified *l, const struct vs_tree *version, const char *json, size_t n)
{
	bool first = strcasecmp(version->key, "ignitionVersion") == 0;
	struct vs_spec spec = { 0 };

	l->r->json = true;
	if (!l->wrapped)
		classify_check_packed(l, json, n);
	if (first || (vs_spec_parse(&spec, version->text) && spec.major == 2)) {
		classify_old(l, version, first ? 1 : 2);
		return;
	}
	if (vs_spec_parse(&spec, version->text))
		vs_flatcar_check(l->r, version, "ignition.version", &spec, l->b->flatcar);
	classify_validate(l, json, n);
}

/* ---- Butane */

/* What ign-gen makes of it, by ign-gen's own way. */
static int
classify_translate(struct vs_classified *l, const char *s, size_t n, struct vs_buf *json)
{
	const struct vs_worker none = { 0 };
	struct vs_translation gen = {
		.worker = &none, .files_dir = l->b->files_dir, .file = l->name, .text = s, .len = n
	};
	struct vs_err err = { 0 };
	int bad = vs_translate(&gen, l->r, json, &err);

	for (size_t i = 0; i < l->r->n; i++)
		if (strncmp(l->r->v[i].text, "no value for @{", 15) == 0)
			l->note = "ign-gen fills its placeholders in: check what that makes of it";
	if (bad && err.code)
		classify_unreadable(l, &err);
	return bad;
}

static void
classify_butane(struct vs_classified *l, const struct vs_tree_doc *d, const char *s, size_t n)
{
	VS_BUF_FREE struct vs_buf json = { .s = vs_buf_empty, .secret = true };
	VS_TREE_FREE struct vs_tree_doc made = { 0 };
	const struct vs_tree *version;
	struct vs_err ignored;
	struct vs_spec spec;

	if (l->wrapped) {
		vs_report(l->r, VS_VERDICT_ERROR, NOWHERE(l), l->key,
			"this is a Butane document, and Ignition on Flatcar reads JSON only: Ignition stops there, and the machine with it: make JSON of it by ign-gen");
		return;
	}
	if (classify_translate(l, s, n, &json) < 0)
		return;
	if (vs_json_tree_read(&made, json.s, json.len, l->name, &ignored) == 0) {
		version = classify_get(classify_get(made.root, "ignition"), "version");
		if (version && vs_spec_parse(&spec, version->text))
			vs_flatcar_check(l->r, vs_tree_get(d->root, "version"), "version", &spec,
				l->b->flatcar);
	}
	classify_check_packed(l, json.s, json.len);
	classify_worker(l, json.s, json.len);
}

/* ---- what is it? */

static bool
classify_begins(const struct vs_buf *b, const char *with)
{
	return b->len >= strlen(with) && memcmp(b->s, with, strlen(with)) == 0;
}

/* Ignition leaves these to coreos-cloudinit (flatcar/scripts, coreos-overlay,
 * sys-apps/ignition/files, patch 0011). */
static bool
classify_cloud(struct vs_classified *l, const struct vs_buf *text)
{
	struct vs_err err;

	if (!classify_begins(text, "#cloud-config") && !classify_begins(text, "#!")
		&& !classify_begins(text, "Content-Type: multipart"))
		return false;
	if (l->key) {
		vs_report(l->r, VS_VERDICT_WARNING, NOWHERE(l), l->key,
			"a cloud-config or a script, which Ignition leaves to coreos-cloudinit, and that does little of it: what it holds is not looked at");
		return true;
	}
	vs_fail(&err, VS_ERR_USAGE, "this is a cloud-config or a script, not Ignition");
	err.line = err.col = 0;
	classify_unreadable(l, &err);
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

/* JSON that is Butane is told by its variant; other YAML, too. */
static void
classify_yaml(struct vs_classified *l, const struct vs_buf *text, const struct vs_err *json)
{
	VS_TREE_FREE struct vs_tree_doc d = { .lax = l->b->lax };
	bool bad, braces = *text->s == '{';
	struct vs_err err = { .line = 0 };

	bad = vs_yaml_read(&d, text->s, text->len, l->name, &err) < 0;
	if (!bad
		&& (vs_tree_get(d.root, "variant")
			|| (vs_tree_get(d.root, "version") && !braces))) {
		classify_butane(l, &d, text->s, text->len);
		return;
	}
	if (braces && json->code) {
		err = *json;
		classify_unreadable(l, &err);
	} else if (bad && classify_has_line(text, "variant:")) {
		classify_unreadable(l, &err);
	} else {
		vs_fail(&err, VS_ERR_USAGE,
			"this is neither Ignition (it has no ignition.version) nor Butane (it has no variant)");
		err.line = err.col = 0;
		classify_unreadable(l, &err);
	}
}

/* What Ignition leaves behind: "{}". */
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
vs_classify(struct vs_classified *l, const struct vs_buf *text)
{
	VS_TREE_FREE struct vs_tree_doc d = { .lax = l->b->lax };
	const struct vs_tree *version = NULL;
	struct vs_err err = { .line = 0 };

	if (text->s[strspn(text->s, " \t\r\n")] == '\0' && strlen(text->s) == text->len) {
		vs_fail(&err, VS_ERR_USAGE, "there is nothing in it");
		classify_unreadable(l, &err);
		return;
	}
	if (l->wrapped && classify_is_wiped(text)) {
		l->note = "has booted: Ignition has done its work and taken its config out";
		return;
	}
	if (classify_cloud(l, text))
		return;
	if (vs_json_tree_read(&d, text->s, text->len, l->name, &err) == 0)
		version = classify_version_of(d.root);
	if (version)
		classify_ignition(l, version, text->s, text->len);
	else
		classify_yaml(l, text, &err);
}
