/* SPDX-License-Identifier: Apache-2.0 */
/* Compares the encoding that is set with the layers that are there, and reports each
 * difference that stops Ignition. */
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "guestinfo/encoding.h"
#include "guestinfo/guestinfo.h"
#include "guestinfo/layers.h"
#include "text/base64.h"

/* Names of VMs of this length do not decode to text by chance. */
enum { LONG_WORD = 40 };

/* The encoding that decodes these layers, or "layers". */
static const char *
encoding_for(const struct vs_layers *p)
{
	if (p->n == 0)
		return "";
	if (p->n == 1)
		return p->v[0] == VS_LAYER_BASE64 ? "base64" : "gzip";
	return p->n == 2 && p->v[0] == VS_LAYER_BASE64 && p->v[1] == VS_LAYER_GZIP ? VS_IGN_GZIP
										   : "layers";
}

/* How Ignition understands an encoding; NULL: not at all
 * (internal/providers/vmware/vmware.go). */
static const char *
encoding_meaning(const char *encoding)
{
	static const char *const words[][2] = {
		{ "", "" },
		{ "base64", "base64" },
		{ "b64", "base64" },
		{ "gzip", "gzip" },
		{ "gz", "gzip" },
		{ "gzip+base64", VS_IGN_GZIP },
		{ "gz+base64", VS_IGN_GZIP },
		{ "gzip+b64", VS_IGN_GZIP },
		{ "gz+b64", VS_IGN_GZIP },
	};

	for (size_t i = 0; i < VS_LEN(words); i++)
		if (strcmp(encoding, words[i][0]) == 0)
			return words[i][1];
	return NULL;
}

/* ---- findings */

struct encoding_report {
	const struct vs_encoded *w;
	struct vs_report *r;
	struct vs_tree at;
	char path[160]; /* of KEY.encoding */
};

#define STOPS "Ignition fails and the machine does not boot"

static void
encoding_report_base64(const struct encoding_report *e, const struct vs_layers_flaws *f)
{
	static const char again[] = "encode it again (base64 -w 0)";
	const struct vs_tree *at = &e->at;
	const char *path = e->w->key;

	if (f->lines)
		vs_report(e->r, VS_VERDICT_WARNING, at, path,
			"line breaks in the base64: Ignition skips them, but the data may be cut at the first on its way into the VM: encode it on one line (base64 -w 0)");
	if (f->blank)
		vs_report(e->r, VS_VERDICT_ERROR, at, path,
			"white space in the base64 at byte %zu: " STOPS ": remove it", f->blank);
	if (f->other)
		vs_report(e->r, VS_VERDICT_ERROR, at, path,
			"byte %zu is not in the base64 alphabet: " STOPS
			": is it a quote, or some other text around the data?",
			f->other);
	if (f->url)
		vs_report(e->r, VS_VERDICT_ERROR, at, path,
			"base64 in the URL-safe alphabet ('-' and '_'): Ignition reads only the standard one ('+' and '/'): %s",
			again);
	if (f->early)
		vs_report(e->r, VS_VERDICT_ERROR, at, path,
			"padding in the middle of the base64, before byte %zu: " STOPS
			": parts that were encoded separately cannot be joined: %s",
			f->early, again);
	if (f->cut)
		vs_report(e->r, VS_VERDICT_ERROR, at, path,
			"the base64 is truncated: " STOPS ": copy all of it");
	else if (f->unpadded)
		vs_report(e->r, VS_VERDICT_ERROR, at, path,
			"the base64 padding is missing ('=' at the end): " STOPS
			": copy all of it, or %s",
			again);
	else if (f->overpadded && !f->early)
		vs_report(e->r, VS_VERDICT_ERROR, at, path,
			"too many '=' at the end of the base64: " STOPS ": remove them, or %s",
			again);
}

static void
encoding_report_gzip(const struct encoding_report *e, const struct vs_layers *p)
{
	const char *why = p->gzip.msg;

	if (p->gzip.code == VS_ERR_NONE)
		return;
	if (strncmp(why, "gzip: ", 6) == 0)
		why += 6;
	vs_report(e->r, VS_VERDICT_ERROR, &e->at, e->w->key,
		"cannot unpack the gzip data (%s): " STOPS
		": compress it again, and copy all of it",
		why);
}

/* A file may have any encoding that Ignition can decode. */
static void
encoding_report_file(const struct encoding_report *e, const char *form)
{
	if (strcmp(form, "gzip") == 0)
		vs_report(e->r, VS_VERDICT_HINT, &e->at, NULL,
			"raw gzip, but guestinfo holds only text: give vs-clone -i the config itself, or encode it as " VS_IGN_GZIP
			" (gzip | base64 -w 0)");
}

static void
encoding_report_layers(const struct encoding_report *e, const struct vs_layers *p)
{
	bool twice = p->n > 1 && p->v[0] == p->v[1];

	vs_report(e->r, VS_VERDICT_ERROR, &e->at, e->w->key,
		"%s: Ignition decodes base64 once, then gzip once, and fails on what is left: encode the config itself, once",
		!twice ? "base64 and gzip in an order that no encoding describes"
			: p->v[0] == VS_LAYER_BASE64 ? "base64 twice"
						     : "gzip twice");
}

/* A known encoding with white space around it? */
static bool
encoding_known_inside(const char *said)
{
	char word[16];
	size_t skip = strspn(said, " \t\r\n");
	size_t n = strcspn(said + skip, " \t\r\n");

	if (n == 0 || n >= sizeof word || n == strlen(said))
		return false;
	memcpy(word, said + skip, n);
	word[n] = '\0';
	return said[skip + n + strspn(said + skip + n, " \t\r\n")] == '\0'
		&& encoding_meaning(word);
}

static void
encoding_report_word(const struct encoding_report *e, const char *form)
{
	const char *said = e->w->encoding,
		   *fit = *form && strcmp(form, "layers") ? form : VS_IGN_GZIP;

	if (encoding_known_inside(said))
		vs_report(e->r, VS_VERDICT_ERROR, &e->at, e->path,
			"white space around the encoding, which Ignition takes as part of it: " STOPS
			": set it to '%s'",
			fit);
	/* short enough to quote: not a config in the wrong key */
	else if (strlen(said) < 20 && !strpbrk(said, "\r\n\t")
		&& vs_layers_is_text(said, strlen(said)))
		vs_report(e->r, VS_VERDICT_ERROR, &e->at, e->path,
			"'%s' is not an encoding that Ignition knows: " STOPS ": set it to '%s'",
			said, fit);
	else
		vs_report(e->r, VS_VERDICT_ERROR, &e->at, e->path,
			"not an encoding that Ignition knows: " STOPS ": set it to '%s'", fit);
}

/* Valid base64 of something that cannot be a config? */
static bool
encoding_is_other_base64(const struct vs_encoded *w)
{
	VS_BUF_FREE struct vs_buf raw = VS_BUF_SECRET;
	struct vs_err ignored;

	return w->n > 0 && vs_unbase64(w->data, w->n, &raw, &ignored) == 0;
}

/* The encoding includes base64, but the data is not base64 of text or gzip. */
static bool
encoding_report_plain(const struct encoding_report *e)
{
	if (!encoding_is_other_base64(e->w)) {
		vs_report(e->r, VS_VERDICT_ERROR, &e->at, e->path,
			"the encoding is '%s', but the data is plain: " STOPS
			": encode the data, or remove the encoding",
			e->w->encoding);
		return true;
	}
	vs_report(e->r, VS_VERDICT_ERROR, &e->at, e->w->key,
		"the base64 contains neither text nor gzip: " STOPS ": is the beginning missing?");
	return false;
}

/* Compare the encoding that is set with the one found; false: there is no config to
 * look at. */
static bool
encoding_report_key(const struct encoding_report *e, const struct vs_layers *p, const char *form)
{
	const char *said = e->w->encoding ? e->w->encoding : "";
	const char *means = encoding_meaning(said);

	if (strcmp(form, "layers") == 0)
		encoding_report_layers(e, p);
	if (means == NULL)
		encoding_report_word(e, form);
	else if (strcmp(form, "layers") == 0)
		;
	else if (strcmp(form, "gzip") == 0)
		vs_report(e->r, VS_VERDICT_ERROR, &e->at, e->w->key,
			"raw gzip, but guestinfo holds only text: encode it as " VS_IGN_GZIP
			" (gzip | base64 -w 0)");
	else if (*form == '\0' && *means)
		return encoding_report_plain(e);
	else if (*form == '\0')
		vs_report(e->r, VS_VERDICT_HINT, &e->at, e->w->key,
			"plain text, which guestinfo may not pass on unchanged: 'vs-extraconfig -i FILE' sends it as " VS_IGN_GZIP);
	else if (*means == '\0')
		vs_report(e->r, VS_VERDICT_ERROR, &e->at, e->path,
			"the encoding is %s, but the data is %s: Ignition takes the data as the config itself and fails: set it to '%s'",
			e->w->encoding ? "empty" : "missing", form, form);
	else if (strcmp(form, means) != 0)
		vs_report(e->r, VS_VERDICT_ERROR, &e->at, e->path,
			"the encoding is '%s', but the data is %s: " STOPS ": set it to '%s'", said,
			form, form);
	return true;
}

/* UTF-16, or UTF-8 with a byte order mark, from an editor or shell on Windows; the
 * mark is removed. */
static bool
encoding_remove_mark(const struct encoding_report *e, struct vs_buf *text)
{
	if (text->len >= 3 && memcmp(text->s, "\xef\xbb\xbf", 3) == 0) {
		vs_report(e->r, VS_VERDICT_ERROR, &e->at, e->w->key,
			"a byte order mark before the config: " STOPS
			": save it as UTF-8 without one");
		vs_buf_shift(text, 3);
	}
	if (text->len < 2
		|| (memcmp(text->s, "\xff\xfe", 2) != 0 && memcmp(text->s, "\xfe\xff", 2) != 0))
		return true;
	vs_report(e->r, VS_VERDICT_ERROR, &e->at, e->w->key,
		"UTF-16 text, as PowerShell's '>' writes it: " STOPS
		": save it as UTF-8 without a byte order mark");
	return false;
}

int
vs_encoding_unwrap(
	const struct vs_encoded *w, struct vs_buf *text, const char **form, struct vs_report *r)
{
	struct encoding_report e = { .w = w, .r = r, .at = { .file = w->file } };
	VS_LAYERS_FREE struct vs_layers p = { .text = VS_BUF_SECRET };
	size_t n = w->n;
	bool whole = true;

	/* a file may end with a line feed, a value should not */
	while (w->key == NULL && n > 0 && vs_layers_is_space(w->data[n - 1])
		&& !vs_layers_is_gzip(w->data, n))
		n--;
	snprintf(e.path, sizeof e.path, "%s.encoding", w->key ? w->key : "");
	vs_layers_decode(&p, w->data, n);
	*form = encoding_for(&p);
	if (p.n > 0 && p.v[0] == VS_LAYER_BASE64)
		encoding_report_base64(&e, &p.flaws);
	encoding_report_gzip(&e, &p);
	if (w->key)
		whole = encoding_report_key(&e, &p, *form);
	else if (strcmp(*form, "layers") == 0)
		encoding_report_layers(&e, &p);
	else
		encoding_report_file(&e, *form);
	whole = whole && !p.lost && encoding_remove_mark(&e, &p.text);
	assert(whole || r->errors > 0); /* the caller relies on a finding */
	if (whole)
		vs_buf_add(text, p.text.s, p.text.len);
	return whole ? 0 : -1;
}

/* ---- a config, or a list of VMs */

/* A section of Ignition or Butane?  A record has "path" or "name" there. */
static bool
encoding_is_section(const char *s, size_t n)
{
	static const char *const keys[] = { "ignition", "ignitionVersion", "kernelArguments",
		"kernel_arguments", "networkd", "passwd", "storage", "systemd", "variant",
		"version" };

	for (size_t i = 0; i < VS_LEN(keys); i++)
		if (n >= strlen(keys[i]) && memcmp(s, keys[i], strlen(keys[i])) == 0)
			return true;
	return false;
}

static size_t
encoding_blanks(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && vs_layers_is_space(s[i]))
		i++;
	return i;
}

static size_t
encoding_line_len(const char *s, size_t n)
{
	const char *end = memchr(s, '\n', n);

	return end ? (size_t)(end - s) : n;
}

bool
vs_encoding_is_config(const char *s, size_t n)
{
	size_t skip = encoding_blanks(s, n), len;

	if (n >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
		return true;
	s += skip;
	n -= skip;
	if (n == 0)
		return false;
	if (*s == '{') {
		skip = 1 + encoding_blanks(s + 1, n - 1);
		if (skip < n && s[skip] == '"')
			skip++;
		return (skip < n && s[skip] == '}') || encoding_is_section(s + skip, n - skip);
	}
	/* comments and "---" may precede the document */
	while (n > 0 && (*s == '#' || *s == '\n' || (n > 3 && !memcmp(s, "---", 3)))) {
		len = encoding_line_len(s, n);
		s += len + (len < n);
		n -= len + (len < n);
	}
	len = encoding_line_len(s, n);
	if (n > 10 && memcmp(s, "guestinfo.", 10) == 0)
		return memchr(s, '=', len) != NULL;
	return vs_layers_is_gzip(s, n) || (encoding_is_section(s, n) && memchr(s, ':', len))
		|| (n >= LONG_WORD && *s != '/' && !memchr(s, '\t', len)
			&& vs_layers_is_base64(s, n));
}
