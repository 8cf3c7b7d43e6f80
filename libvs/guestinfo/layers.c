/* SPDX-License-Identifier: Apache-2.0 */
/* Recognizes base64 and gzip by their contents and decodes them as far as
 * possible.  Reports nothing. */
#include <string.h>

#include "base/assert.h"
#include "guestinfo/layers.h"
#include "text/base64.h"
#include "text/gzip.h"
#include "text/utf8.h"

enum { PEEK = 64 }; /* characters of base64 that show what it contains */

/* ---- base64 with mistakes */

/* The character in the standard alphabet, or 0. */
static char
layers_letter(char c)
{
	if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+'
		|| c == '/')
		return c;
	return c == '-' ? '+' : c == '_' ? '/' : 0;
}

bool
vs_layers_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Decode the letters so far.  How many remain of the last group of four shows what
 * is missing. */
static void
layers_flush(struct vs_buf *letters, size_t padding, struct vs_buf *to, struct vs_layers_flaws *f)
{
	size_t rest = letters->len % 4, want = rest ? 4 - rest : 0;
	struct vs_err ignored;

	if (rest == 1) {
		f->cut = true;
		vs_buf_cut(letters, letters->len - 1);
	} else {
		f->unpadded |= padding < want;
		f->overpadded |= padding > want;
	}
	while (letters->len % 4)
		vs_buf_ch(letters, '=');
	vs_unbase64(letters->s, letters->len, to, &ignored);
	vs_buf_cut(letters, 0);
}

static void
layers_lenient(const char *s, size_t n, struct vs_buf *to, struct vs_layers_flaws *f)
{
	VS_BUF_FREE struct vs_buf letters = VS_BUF_SECRET;
	size_t padding = 0;

	for (size_t i = 0; i < n; i++) {
		char c = layers_letter(s[i]);

		if (c && padding) {
			if (!f->early)
				f->early = i + 1;
			layers_flush(&letters, padding, to, f);
			padding = 0;
		}
		if (c) {
			f->url |= c != s[i];
			vs_buf_ch(&letters, c);
		} else if (s[i] == '=') {
			padding++;
		} else if (s[i] == '\r' || s[i] == '\n') {
			f->lines = true;
		} else if (vs_layers_is_space(s[i]) && !f->blank) {
			f->blank = i + 1;
		} else if (!vs_layers_is_space(s[i]) && !f->other) {
			f->other = i + 1;
		}
	}
	layers_flush(&letters, padding, to, f);
}

/* ---- recognizing layers */

bool
vs_layers_is_gzip(const char *s, size_t n)
{
	return n >= 2 && (unsigned char)s[0] == 0x1f && (unsigned char)s[1] == 0x8b;
}

/* The end may be in the middle of a character. */
bool
vs_layers_is_text(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < ' ' && !vs_layers_is_space(s[i]))
			return false;
	for (size_t cut = 0; cut < 4 && cut < n; cut++)
		if (vs_utf8(s, n - cut))
			return true;
	return false;
}

/* The first letters decode to text or gzip, and there are few other characters
 * between them: base64, perhaps damaged. */
bool
vs_layers_is_base64(const char *s, size_t n)
{
	VS_BUF_FREE struct vs_buf head = VS_BUF_SECRET;
	struct vs_layers_flaws ignored = { 0 };
	size_t letters = 0, others = 0, end = 0, at = 0;

	while (at < n && vs_layers_is_space(s[at]))
		at++;
	if (at < n && s[at] == '{')
		return false;
	for (size_t i = 0; i < n; i++) {
		letters += layers_letter(s[i]) != 0;
		others += !layers_letter(s[i]) && !vs_layers_is_space(s[i]) && s[i] != '=';
		if (letters <= PEEK)
			end = i + 1;
	}
	if (letters < 4 || others * 20 > letters)
		return false;
	layers_lenient(s, end, &head, &ignored);
	return vs_layers_is_gzip(head.s, head.len) || vs_layers_is_text(head.s, head.len);
}

/* ---- the layers */

void
vs_layers_decode(struct vs_layers *p, const char *s, size_t n)
{
	assert(p->n == 0 && p->text.len == 0);
	vs_buf_add(&p->text, s, n);
	while (p->n < VS_LAYER_MAX && !p->lost) {
		VS_BUF_FREE struct vs_buf in = VS_BUF_SECRET;
		struct vs_layers_flaws inner = { 0 };

		if (vs_layers_is_gzip(p->text.s, p->text.len)) {
			p->v[p->n++] = VS_LAYER_GZIP;
			/* with other data after the end, all of it may be there */
			p->lost = vs_gunzip(p->text.s, p->text.len, &in, &p->gzip) < 0
				&& strcmp(p->gzip.msg, VS_GZIP_TRAILING) != 0;
		} else if (vs_layers_is_base64(p->text.s, p->text.len)) {
			layers_lenient(p->text.s, p->text.len, &in, p->n ? &inner : &p->flaws);
			p->v[p->n++] = VS_LAYER_BASE64;
		} else {
			break;
		}
		vs_buf_cut(&p->text, 0);
		vs_buf_add(&p->text, in.s, in.len);
	}
}

void
vs_layers_free(struct vs_layers *p)
{
	vs_buf_free(&p->text);
}
