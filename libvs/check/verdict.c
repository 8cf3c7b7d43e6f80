/* SPDX-License-Identifier: Apache-2.0 */
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

/* Where Flatcar looks, one after the other, until there is something
 * (flatcar/scripts, coreos-overlay, sys-apps/ignition/files, patch 0009); only
 * the first is wiped after the first boot. */
static const struct {
	const char *key;
	bool url;
} places[] = {
	{ VS_IGN_DATA, false },
	{ "guestinfo.coreos.config.data", false },
	{ "guestinfo.ignition.config.url", true },
	{ "guestinfo.coreos.config.url", true },
};

#define NOWHERE(l) (&(struct vs_tree){ .file = (l)->name })

static enum vs_err_code
verdict(struct vs_classified *l, const char **note)
{
	vs_report_sort(l->r);
	*note = l->note;
	return l->unreadable ? VS_ERR_USAGE : l->r->errors > 0 ? VS_ERR_FAILED : VS_ERR_NONE;
}

static void
verdict_unwrap(struct vs_classified *l, const char *data, size_t n, const char *encoding,
	struct vs_buf *text)
{
	const struct vs_encoded w = {
		.data = data, .n = n, .key = l->key, .encoding = encoding, .file = l->name
	};
	const char *form;

	if (vs_encoding_unwrap(&w, text, &form, l->r) < 0) {
		l->unreadable = true;
		return;
	}
	l->wrapped = l->key || *form;
	if (l->wrapped)
		vs_classify_size(l, n);
	vs_classify(l, text);
}

/* ---- what vsutils has noted beside it */

static void
verdict_facts(struct vs_classified *l, const struct vs_kvs *keys, const struct vs_buf *text)
{
	const char *sum = vs_kvs_get(keys, VS_KEY_DIGEST);
	const char *server = vs_kvs_get(keys, VS_KEY_SERVER);
	VS_IGN_FACTS_FREE struct vs_guestinfo_facts f = { 0 };
	struct vs_err ignored;
	char is[VS_SHA256_HEX];

	vs_sha256(text->s, text->len, is);
	if (sum && *sum && strcmp(sum, is) != 0)
		vs_report(l->r, VS_VERDICT_WARNING, NOWHERE(l), VS_KEY_DIGEST,
			"it is of another config than the one that is there, so that vsutils would not know this one again: set it by vs-extraconfig -i, or clear it");
	if (server && *server && vs_guestinfo_facts(text->s, text->len, &f, &ignored) == 0
		&& f.server && strcmp(f.server, server) != 0)
		vs_report(l->r, VS_VERDICT_WARNING, NOWHERE(l), VS_KEY_SERVER,
			"it is of another config than the one that is there, which joins another server: set it by vs-extraconfig -i, or clear it");
}

/* ---- the keys of a VM */

static const char *
verdict_value(const struct vs_kvs *keys, const char *key)
{
	const char *s = vs_kvs_get(keys, key);

	return s && *s ? s : NULL;
}

static void
verdict_nothing(struct vs_classified *l, const struct vs_kvs *keys)
{
	if (verdict_value(keys, VS_KEY_DIGEST))
		l->note = "had a config, which was taken out (vs-extraconfig --clear-ignition)";
	else
		vs_report(l->r, l->b->worker ? VS_VERDICT_ERROR : VS_VERDICT_WARNING, NOWHERE(l),
			VS_IGN_DATA,
			"there is no Ignition config: it boots as a bare Flatcar that nobody can log in to: vs-extraconfig -i FILE");
}

/* What stands in the place that counts. */
static void
verdict_place(struct vs_classified *l, const struct vs_kvs *keys, size_t i)
{
	VS_BUF_FREE struct vs_buf text = { .s = vs_buf_empty, .secret = true };
	VS_FREE char *encoding = vs_printf("%s.encoding", places[i].key);
	const char *data = vs_kvs_get(keys, places[i].key);

	l->key = places[i].key;
	if (i > 0)
		vs_report(l->r, VS_VERDICT_WARNING, NOWHERE(l), l->key,
			"Flatcar reads this, and nobody wipes it after the first boot: what is secret in it stays in the VM: " VS_IGN_DATA
			" is the one that is wiped");
	if (places[i].url) {
		vs_report(l->r, VS_VERDICT_WARNING, NOWHERE(l), l->key,
			"the config is fetched at boot, which needs a network by then: it is not looked at");
		return;
	}
	verdict_unwrap(l, data, strlen(data), vs_kvs_get(keys, encoding), &text);
	if (!l->unreadable && !l->note)
		verdict_facts(l, keys, &text);
}

enum vs_err_code
vs_verdict_keys(const struct vs_boot_verdict *b, const char *name, const struct vs_kvs *keys,
	struct vs_report *r, const char **note)
{
	struct vs_classified l = { .b = b, .name = name, .r = r };
	bool found = false;

	r->lax = b->lax;
	for (size_t i = 0; i < VS_LEN(places); i++) {
		if (verdict_value(keys, places[i].key) == NULL)
			continue;
		if (!found)
			verdict_place(&l, keys, i);
		else
			vs_report(r, VS_VERDICT_WARNING, NOWHERE(&l), places[i].key,
				"it is not read, as %s comes before it, and nobody wipes it: take it out",
				l.key);
		found = true;
	}
	if (!found)
		verdict_nothing(&l, keys);
	return verdict(&l, note);
}

/* ---- a file */

/* "guestinfo.KEY=VALUE" a line, as ign-gen --guestinfo prints them. */
static bool
verdict_is_lines(const char *s, size_t n)
{
	const char *end = memchr(s, '\n', n);

	return n > 10 && memcmp(s, "guestinfo.", 10) == 0
		&& memchr(s, '=', end ? (size_t)(end - s) : n);
}

static int
verdict_read_lines(struct vs_classified *l, const char *s, size_t n, struct vs_kvs *keys)
{
	struct vs_tree at = { .file = l->name, .line = 0, .col = 1 };

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
			vs_report(l->r, VS_VERDICT_ERROR, &at, NULL,
				"among lines KEY=VALUE this is none: each value is one line");
			return -1;
		}
		VS_FREE char *key = vs_strndup(s, (size_t)(eq - s));
		VS_SECRET char *text = vs_strndup(eq + 1, len - (size_t)(eq + 1 - s));

		vs_kvs_set(keys, key, text, true);
	}
	return 0;
}

enum vs_err_code
vs_verdict_file(const struct vs_boot_verdict *b, const char *name, const char *s, size_t n,
	struct vs_report *r, const char **note)
{
	VS_BUF_FREE struct vs_buf text = { .s = vs_buf_empty, .secret = true };
	struct vs_classified l = { .b = b, .name = name, .r = r };
	struct vs_kvs keys = { 0 };
	enum vs_err_code code;

	r->lax = b->lax;
	if (!verdict_is_lines(s, n)) {
		verdict_unwrap(&l, s, n, NULL, &text);
		return verdict(&l, note);
	}
	if (verdict_read_lines(&l, s, n, &keys) == 0) {
		code = vs_verdict_keys(b, name, &keys, r, note);
	} else {
		l.unreadable = true;
		code = verdict(&l, note);
	}
	vs_kvs_free(&keys);
	return code;
}

/* ---- words */

/* A value may hold what a terminal would obey. */
static void
verdict_plain(const char *s, struct vs_buf *to)
{
	for (; *s; s++)
		vs_buf_ch(to, (unsigned char)*s < ' ' || *s == 0x7f ? '?' : *s);
}

static void
verdict_write_text(const struct vs_finding *f, const char *input, struct vs_buf *to)
{
	if (input)
		verdict_plain(input, to);
	if (f->path) {
		vs_buf_str(to, input ? ": " : "");
		verdict_plain(f->path, to);
		vs_buf_str(to, ": ");
	} else if (f->line > 0) {
		vs_buf_fmt(to, "%s%d:%d: ", input ? ":" : "", f->line, f->col);
	} else if (input) {
		vs_buf_str(to, ": ");
	}
	vs_buf_str(to, f->warning ? "warning: " : "error: ");
	verdict_plain(f->text, to);
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
