/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the config in a file or in the keys of a VM, decodes it, and writes the
 * findings.  What the config itself is, check/classify tells. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check/classify.h"
#include "check/verdict.h"
#include "guestinfo/encoding.h"
#include "guestinfo/guestinfo.h"
#include "guestinfo/vmkeys.h"
#include "text/json_write.h"
#include "text/sha256.h"
#include "text/visible.h"

/* The keys that Flatcar's Ignition reads; the first one that is set counts
 * (flatcar/scripts, coreos-overlay, sys-apps/ignition/files, patch 0009).  Only
 * the first of them is wiped after the first boot. */
static const struct {
	const char *key;
	bool url;
} places[] = {
	{ VS_IGN_DATA, false },
	{ "guestinfo.coreos.config.data", false },
	{ "guestinfo.ignition.config.url", true },
	{ "guestinfo.coreos.config.url", true },
};

static enum vs_err_code
verdict_conclude(struct vs_classified *c, const char **note)
{
	vs_report_sort(c->r);
	*note = c->note;
	return c->unreadable ? VS_ERR_USAGE : c->r->errors > 0 ? VS_ERR_FAILED : VS_ERR_NONE;
}

static void
verdict_decode(struct vs_classified *c, const char *data, size_t n, const char *encoding,
	struct vs_buf *text)
{
	const struct vs_encoded w = {
		.data = data, .n = n, .key = c->key, .encoding = encoding, .file = c->at.file
	};
	const char *form;

	if (vs_encoding_unwrap(&w, text, &form, c->r) < 0) {
		c->unreadable = true;
		return;
	}
	c->wrapped = c->key || *form;
	if (c->wrapped)
		vs_classify_size(c, n);
	vs_classify(c, text);
}

/* ---- what vs-clone and vs-extraconfig recorded about it */

static void
verdict_compare_facts(struct vs_classified *c, const struct vs_kvs *keys, const struct vs_buf *text)
{
	const char *sum = vs_kvs_get(keys, VS_KEY_DIGEST);
	const char *server = vs_kvs_get(keys, VS_KEY_SERVER);
	VS_GUESTINFO_FACTS_FREE struct vs_guestinfo_facts f = { 0 };
	struct vs_err ignored;
	char is[VS_SHA256_HEX];

	vs_sha256(text->s, text->len, is);
	if (sum && *sum && strcmp(sum, is) != 0)
		vs_report(c->r, VS_VERDICT_WARNING, &c->at, VS_KEY_DIGEST,
			"the recorded digest does not match the config in the VM, so a second run will not recognize it: set the config with 'vs-extraconfig -i', or clear this key");
	if (server && *server && vs_guestinfo_facts(text->s, text->len, &f, &ignored) == 0
		&& f.server && strcmp(f.server, server) != 0)
		vs_report(c->r, VS_VERDICT_WARNING, &c->at, VS_KEY_SERVER,
			"the recorded server is not the one in the config: set the config with 'vs-extraconfig -i', or clear this key");
}

/* ---- the keys of a VM */

static const char *
verdict_value(const struct vs_kvs *keys, const char *key)
{
	const char *s = vs_kvs_get(keys, key);

	return s && *s ? s : NULL;
}

static void
verdict_no_config(struct vs_classified *c, const struct vs_kvs *keys)
{
	if (verdict_value(keys, VS_KEY_DIGEST))
		c->note = "had a config, which was removed (vs-extraconfig --clear-ignition)";
	else
		vs_report(c->r, c->o->worker ? VS_VERDICT_ERROR : VS_VERDICT_WARNING, &c->at,
			VS_IGN_DATA,
			"no Ignition config: it boots as a plain Flatcar that nobody can log in to: set one with 'vs-extraconfig -i FILE'");
}

/* The key that counts. */
static void
verdict_key(struct vs_classified *c, const struct vs_kvs *keys, size_t i)
{
	VS_BUF_FREE struct vs_buf text = VS_BUF_SECRET;
	VS_FREE char *encoding = vs_printf("%s.encoding", places[i].key);
	const char *data = vs_kvs_get(keys, places[i].key);

	c->key = places[i].key;
	if (i > 0)
		vs_report(c->r, VS_VERDICT_WARNING, &c->at, c->key,
			"Flatcar reads this, but it is not wiped after the first boot; its secrets stay in the VM: use " VS_IGN_DATA
			" instead");
	if (places[i].url) {
		vs_report(c->r, VS_VERDICT_WARNING, &c->at, c->key,
			"the config is fetched at boot, which needs a working network: it was not checked");
		return;
	}
	verdict_decode(c, data, strlen(data), vs_kvs_get(keys, encoding), &text);
	if (!c->unreadable && !c->note)
		verdict_compare_facts(c, keys, &text);
}

enum vs_err_code
vs_verdict_keys(const struct vs_check_options *o, const char *name, const struct vs_kvs *keys,
	struct vs_report *r, const char **note)
{
	struct vs_classified c = { .o = o, .at = { .file = name }, .r = r };
	bool found = false;

	r->lax = o->lax;
	for (size_t i = 0; i < VS_LEN(places); i++) {
		if (verdict_value(keys, places[i].key) == NULL)
			continue;
		if (!found)
			verdict_key(&c, keys, i);
		else
			vs_report(r, VS_VERDICT_WARNING, &c.at, places[i].key,
				"not read, because %s takes precedence, and never wiped: remove it",
				c.key);
		found = true;
	}
	if (!found)
		verdict_no_config(&c, keys);
	return verdict_conclude(&c, note);
}

/* ---- a file */

/* Lines "guestinfo.KEY=VALUE", as ign-gen --guestinfo prints them? */
static bool
verdict_is_lines(const char *s, size_t n)
{
	const char *end = memchr(s, '\n', n);

	return n > 10 && memcmp(s, "guestinfo.", 10) == 0
		&& memchr(s, '=', end ? (size_t)(end - s) : n);
}

static int
verdict_read_lines(struct vs_classified *c, const char *s, size_t n, struct vs_kvs *keys)
{
	struct vs_tree at = { .file = c->at.file, .line = 0, .col = 1 };

	for (const char *end = s + n, *next; s < end; s = next) {
		const char *nl = memchr(s, '\n', (size_t)(end - s));
		size_t len = nl ? (size_t)(nl - s) : (size_t)(end - s);
		const char *eq = memchr(s, '=', len);

		at.line++;
		next = nl ? nl + 1 : end;
		if (len > 0 && s[len - 1] == '\r')
			len--;
		if (len == 0)
			continue;
		if (eq == NULL || eq == s || memchr(s, '\0', len)) {
			vs_report(c->r, VS_VERDICT_ERROR, &at, NULL,
				"not a KEY=VALUE line: each value must be on one line");
			return -1;
		}
		VS_FREE char *key = vs_strndup(s, (size_t)(eq - s));
		VS_SECRET char *text = vs_strndup(eq + 1, len - (size_t)(eq + 1 - s));

		vs_kvs_set(keys, key, text, true);
	}
	return 0;
}

enum vs_err_code
vs_verdict_file(const struct vs_check_options *o, const char *name, const char *s, size_t n,
	struct vs_report *r, const char **note)
{
	VS_BUF_FREE struct vs_buf text = VS_BUF_SECRET;
	struct vs_classified c = { .o = o, .at = { .file = name }, .r = r };
	VS_KVS_FREE struct vs_kvs keys = { 0 };

	r->lax = o->lax;
	if (!verdict_is_lines(s, n)) {
		verdict_decode(&c, s, n, NULL, &text);
		return verdict_conclude(&c, note);
	}
	if (verdict_read_lines(&c, s, n, &keys) == 0)
		return vs_verdict_keys(o, name, &keys, r, note);
	c.unreadable = true;
	return verdict_conclude(&c, note);
}

/* ---- output */

static void
verdict_write_text(const struct vs_finding *f, const char *input, struct vs_buf *to)
{
	if (input)
		vs_visible_str(to, input);
	if (f->path) {
		vs_buf_str(to, input ? ": " : "");
		vs_buf_str(to, f->path);
		vs_buf_str(to, ": ");
	} else if (f->line > 0) {
		vs_buf_fmt(to, "%s%d:%d: ", input ? ":" : "", f->line, f->col);
	} else if (input) {
		vs_buf_str(to, ": ");
	}
	vs_buf_str(to, f->warning ? "warning: " : "error: ");
	vs_buf_str(to, f->text);
	vs_buf_ch(to, '\n');
}

static void
verdict_write_json(const struct vs_finding *f, const char *input, struct vs_buf *to)
{
	struct vs_jw w = { .b = to };

	vs_jw_object(&w, NULL);
	vs_jw_str(&w, "input", input);
	vs_jw_str(&w, "path", f->path);
	vs_jw_str(&w, "severity", f->warning ? "warning" : "error");
	vs_jw_str(&w, "message", f->text);
	if (f->line > 0) {
		vs_jw_int(&w, "line", f->line);
		vs_jw_int(&w, "col", f->col);
	}
	vs_jw_close(&w, true);
	vs_buf_ch(to, '\n');
}

void
vs_verdict_write(const struct vs_report *r, const char *input, bool json, struct vs_buf *to)
{
	for (size_t i = 0; i < r->n; i++)
		if (json)
			verdict_write_json(&r->v[i], input, to);
		else
			verdict_write_text(&r->v[i], input, to);
}
