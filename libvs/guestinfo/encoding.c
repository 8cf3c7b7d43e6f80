/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/mem.h"
#include "guestinfo/encoding.h"
#include "guestinfo/guestinfo.h"
#include "guestinfo/layers.h"
#include "text/base64.h"

/* Characters of which names of VMs could not make text by chance. */
enum { LONG_WORD = 40 };

/* The word for guestinfo that undoes them, or "layers". */
static const char *
encoding_form_of(const struct vs_layers *p)
{
	if (p->n == 0)
		return "";
	if (p->n == 1)
		return p->v[0] == VS_LAYER_BASE64 ? "base64" : "gzip";
	return p->n == 2 && p->v[0] == VS_LAYER_BASE64 && p->v[1] == VS_LAYER_GZIP ? VS_IGN_GZIP
										   : "layers";
}

/* What Ignition makes of the word; NULL: it does not know it. */
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

struct teller {
	const struct vs_encoded *w;
	struct vs_report *r;
	struct vs_tree at;
	char path[160]; /* of the encoding */
};

#define STOPS "Ignition stops there, and the machine with it"

static void
encoding_tell_base64(const struct teller *t, const struct vs_base64_flaws *f)
{
	static const char anew[] = "encode it anew (base64 -w 0)";
	const struct vs_tree *at = &t->at;
	const char *path = t->w->key;

	if (f->lines)
		vs_report(t->r, VS_VERDICT_WARNING, at, path,
			"line breaks in the base64: Ignition skips them, what brings it there may end at the first: make it one line (base64 -w 0)");
	if (f->blank)
		vs_report(t->r, VS_VERDICT_ERROR, at, path,
			"a blank in the base64, at byte %zu: " STOPS ": take it out", f->blank);
	if (f->other)
		vs_report(t->r, VS_VERDICT_ERROR, at, path,
			"byte %zu is not of the alphabet of base64: " STOPS
			": is it a quote, or of what stood around it?",
			f->other);
	if (f->url)
		vs_report(t->r, VS_VERDICT_ERROR, at, path,
			"base64 of the URL-safe alphabet, '-' and '_': Ignition reads the standard one only, '+' and '/': %s",
			anew);
	if (f->early)
		vs_report(t->r, VS_VERDICT_ERROR, at, path,
			"padding in the middle of the base64, before byte %zu: " STOPS
			": pieces that were encoded one by one are no whole: %s",
			f->early, anew);
	if (f->cut)
		vs_report(t->r, VS_VERDICT_ERROR, at, path,
			"the base64 is cut short: " STOPS ": copy all of it");
	else if (f->unpadded)
		vs_report(t->r, VS_VERDICT_ERROR, at, path,
			"the padding of the base64 is missing, '=' at its end: " STOPS
			": copy all of it, or %s",
			anew);
	else if (f->overpadded && !f->early)
		vs_report(t->r, VS_VERDICT_ERROR, at, path,
			"more '=' at the end of the base64 than belong there: " STOPS
			": take them out, or %s",
			anew);
}

static void
encoding_tell_gzip(const struct teller *t, const struct vs_layers *p)
{
	const char *why = p->gzip.msg;

	if (p->gzip.code == VS_ERR_NONE)
		return;
	if (strncmp(why, "gzip: ", 6) == 0)
		why += 6;
	vs_report(t->r, VS_VERDICT_ERROR, &t->at, t->w->key,
		"the gzip cannot be undone (%s): " STOPS ": pack it anew, and copy all of it", why);
}

/* A file may be anything that some Ignition would undo. */
static void
encoding_tell_file(const struct teller *t, const char *form)
{
	if (strcmp(form, "gzip") == 0)
		vs_report(t->r, VS_VERDICT_HINT, &t->at, NULL,
			"raw gzip: guestinfo holds text and nothing else: the config itself for vs-clone -i, or " VS_IGN_GZIP
			" (gzip | base64 -w 0)");
}

static void
encoding_tell_layers(const struct teller *t, const struct vs_layers *p)
{
	bool twice = p->n > 1 && p->v[0] == p->v[1];

	vs_report(t->r, VS_VERDICT_ERROR, &t->at, t->w->key,
		"%s: Ignition undoes the one or the other once, base64 first, and stops at what is left: start from the config itself, and encode it once",
		!twice ? "base64 and gzip in a row that no encoding stands for"
			: p->v[0] == VS_LAYER_BASE64 ? "base64 twice"
						     : "gzip twice");
}

/* The one letter that nobody sees. */
static bool
encoding_known_within(const char *said)
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
encoding_tell_word(const struct teller *t, const char *form)
{
	const char *said = t->w->encoding,
		   *fit = *form && strcmp(form, "layers") ? form : VS_IGN_GZIP;

	if (encoding_known_within(said))
		vs_report(t->r, VS_VERDICT_ERROR, &t->at, t->path,
			"white space around the word, which Ignition takes for a part of it: " STOPS
			": it must be '%s'",
			fit);
	/* a word, not a config that went into the wrong key */
	else if (strlen(said) < 20 && !strpbrk(said, "\r\n\t") && vs_is_text(said, strlen(said)))
		vs_report(t->r, VS_VERDICT_ERROR, &t->at, t->path,
			"'%s' is no encoding that Ignition knows: " STOPS ": it must be '%s'", said,
			fit);
	else
		vs_report(t->r, VS_VERDICT_ERROR, &t->at, t->path,
			"it is no encoding that Ignition knows: " STOPS ": it must be '%s'", fit);
}

/* Clean base64 of something that cannot be a config. */
static bool
encoding_is_other_base64(const struct vs_encoded *w)
{
	VS_BUF_FREE struct vs_buf raw = { .s = vs_buf_empty, .secret = true };
	struct vs_err ignored;

	return w->n > 0 && vs_unbase64(w->data, w->n, &raw, &ignored) == 0;
}

/* base64 is said; the data is none that holds a text or gzip. */
static bool
encoding_tell_plain(const struct teller *t)
{
	if (!encoding_is_other_base64(t->w)) {
		vs_report(t->r, VS_VERDICT_ERROR, &t->at, t->path,
			"it says '%s', the data is plain: " STOPS
			": encode the data, or take the encoding out",
			t->w->encoding);
		return true;
	}
	vs_report(t->r, VS_VERDICT_ERROR, &t->at, t->w->key,
		"what the base64 holds is neither text nor gzip: " STOPS
		": has its beginning been lost?");
	return false;
}

/* Said and found against each other; false: nothing is left to look at. */
static bool
encoding_tell_key(const struct teller *t, const struct vs_layers *p, const char *form)
{
	const char *said = t->w->encoding ? t->w->encoding : "";
	const char *means = encoding_meaning(said);

	if (strcmp(form, "layers") == 0)
		encoding_tell_layers(t, p);
	if (means == NULL)
		encoding_tell_word(t, form);
	else if (strcmp(form, "layers") == 0)
		;
	else if (strcmp(form, "gzip") == 0)
		vs_report(t->r, VS_VERDICT_ERROR, &t->at, t->w->key,
			"raw gzip: guestinfo is text, which these bytes are not: " VS_IGN_GZIP
			" is what goes there (gzip | base64 -w 0)");
	else if (*form == '\0' && *means)
		return encoding_tell_plain(t);
	else if (*form == '\0')
		vs_report(t->r, VS_VERDICT_HINT, &t->at, t->w->key,
			"plain text: guestinfo is not sure to pass on all of it: vs-extraconfig -i FILE sends it as " VS_IGN_GZIP);
	else if (*means == '\0')
		vs_report(t->r, VS_VERDICT_ERROR, &t->at, t->path,
			"it is %s, while the data is %s: Ignition takes that for the config itself, and stops: set it to '%s'",
			t->w->encoding ? "empty" : "missing", form, form);
	else if (strcmp(form, means) != 0)
		vs_report(t->r, VS_VERDICT_ERROR, &t->at, t->path,
			"it says '%s', the data is %s: " STOPS ": set it to '%s'", said, form,
			form);
	return true;
}

/* A text of other bytes than UTF-8, by an editor or a shell of Windows; the mark
 * is taken off. */
static bool
encoding_unmark(const struct teller *t, struct vs_buf *text)
{
	if (text->len >= 3 && memcmp(text->s, "\xef\xbb\xbf", 3) == 0) {
		vs_report(t->r, VS_VERDICT_ERROR, &t->at, t->w->key,
			"a byte order mark before the config: " STOPS
			": save it as UTF-8 without one");
		vs_buf_shift(text, 3);
	}
	if (text->len < 2
		|| (memcmp(text->s, "\xff\xfe", 2) != 0 && memcmp(text->s, "\xfe\xff", 2) != 0))
		return true;
	vs_report(t->r, VS_VERDICT_ERROR, &t->at, t->w->key,
		"it is UTF-16, as PowerShell's '>' writes it: " STOPS
		": save it as UTF-8 without a byte order mark");
	return false;
}

int
vs_encoding_unwrap(
	const struct vs_encoded *w, struct vs_buf *text, const char **form, struct vs_report *r)
{
	struct teller t = { .w = w, .r = r, .at = { .file = w->file } };
	struct vs_layers p = { .text = { .s = vs_buf_empty, .secret = true } };
	size_t n = w->n;
	bool whole = true;

	/* a file ends with a line feed, a value should not */
	while (w->key == NULL && n > 0 && vs_is_white(w->data[n - 1]) && !vs_is_gzip(w->data, n))
		n--;
	snprintf(t.path, sizeof t.path, "%s.encoding", w->key ? w->key : "");
	vs_layers_take_off(&p, w->data, n);
	*form = encoding_form_of(&p);
	if (p.n > 0 && p.v[0] == VS_LAYER_BASE64)
		encoding_tell_base64(&t, &p.flaws);
	encoding_tell_gzip(&t, &p);
	if (w->key)
		whole = encoding_tell_key(&t, &p, *form);
	else if (strcmp(*form, "layers") == 0)
		encoding_tell_layers(&t, &p);
	else
		encoding_tell_file(&t, *form);
	whole = whole && !p.lost && encoding_unmark(&t, &p.text);
	if (whole)
		vs_buf_add(text, p.text.s, p.text.len);
	vs_buf_free(&p.text);
	return whole ? 0 : -1;
}

/* ---- by the beginning */

/* The sections of Ignition and Butane, where a record has "path" or "name". */
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

	while (i < n && vs_is_white(s[i]))
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
	/* what stands before a document: comments, "---" */
	while (n > 0 && (*s == '#' || *s == '\n' || (n > 3 && !memcmp(s, "---", 3)))) {
		len = encoding_line_len(s, n);
		s += len + (len < n);
		n -= len + (len < n);
	}
	len = encoding_line_len(s, n);
	if (n > 10 && memcmp(s, "guestinfo.", 10) == 0)
		return memchr(s, '=', len) != NULL;
	return vs_is_gzip(s, n) || (encoding_is_section(s, n) && memchr(s, ':', len))
		|| (n >= LONG_WORD && *s != '/' && !memchr(s, '\t', len) && vs_is_base64(s, n));
}
