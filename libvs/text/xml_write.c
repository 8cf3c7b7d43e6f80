/* SPDX-License-Identifier: Apache-2.0 */
/* Writing XML 1.0 (w3.org/TR/xml): escapes, open elements, and what a trace may show. */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "text/utf8.h"
#include "text/xml.h"
#include "text/xml_write.h"

/* Length of the character at s if XML 1.0 can represent it (section 2.2), else 0. */
static size_t
xml_write_char_len(const char *s)
{
	unsigned char c = (unsigned char)*s;

	if (c < 0x80)
		return c >= 0x20 || c == '\t' || c == '\n' || c == '\r';
	/* U+FFFE and U+FFFF are not characters */
	if (strncmp(s, "\xef\xbf\xbe", 3) == 0 || strncmp(s, "\xef\xbf\xbf", 3) == 0)
		return 0;
	return vs_utf8_next(s, strnlen(s, 4));
}

/* The escape for an ASCII character; NULL: none is needed. */
static const char *
xml_write_escape(char c, bool attr)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	/* a reader changes a plain one to a line feed */
	case '\r':
		return "&#13;";
	case '"':
		return attr ? "&quot;" : NULL;
	/* and these, in attributes, to spaces */
	case '\t':
		return attr ? "&#9;" : NULL;
	case '\n':
		return attr ? "&#10;" : NULL;
	default:
		return NULL;
	}
}

static void
xml_write_put(struct vs_xw *w, const char *name, const char *s, bool attr)
{
	const char *from = s;

	while (*s) {
		size_t n = xml_write_char_len(s);
		const char *e = xml_write_escape(*s, attr);

		if (n == 1 && e == NULL) {
			s++;
			continue;
		}
		if (n > 1) {
			s += n;
			continue;
		}
		vs_buf_add(&w->b, from, (size_t)(s - from));
		if (e)
			vs_buf_str(&w->b, e);
		else if (w->bad == NULL)
			w->bad = name;
		from = ++s;
	}
	vs_buf_add(&w->b, from, (size_t)(s - from));
}

/* Tags without w->open: an echoed tree may be deeper. */
static void
xml_write_start_tag(struct vs_xw *w, const char *name)
{
	vs_buf_ch(&w->b, '<');
	vs_buf_str(&w->b, name);
	vs_buf_ch(&w->b, '>');
}

static void
xml_write_end_tag(struct vs_xw *w, const char *name)
{
	vs_buf_str(&w->b, "</");
	vs_buf_str(&w->b, name);
	vs_buf_ch(&w->b, '>');
}

void
vs_xw_open(struct vs_xw *w, const char *name)
{
	assert(w->depth < VS_XW_DEPTH);
	w->open[w->depth++] = name;
	xml_write_start_tag(w, name);
}

void
vs_xw_open_type(struct vs_xw *w, const char *name, const char *xsi_type)
{
	vs_xw_open(w, name);
	if (xsi_type)
		vs_xw_attr(w, "xsi:type", xsi_type);
}

void
vs_xw_attr(struct vs_xw *w, const char *name, const char *value)
{
	assert(w->b.len > 0 && w->b.s[w->b.len - 1] == '>');
	vs_buf_cut(&w->b, w->b.len - 1);
	vs_buf_ch(&w->b, ' ');
	vs_buf_str(&w->b, name);
	vs_buf_str(&w->b, "=\"");
	xml_write_put(w, name, value, true);
	vs_buf_str(&w->b, "\">");
}

void
vs_xw_close(struct vs_xw *w)
{
	assert(w->depth > 0);
	xml_write_end_tag(w, w->open[--w->depth]);
}

void
vs_xw_text(struct vs_xw *w, const char *name, const char *text)
{
	vs_xw_typed(w, name, NULL, text, false);
}

void
vs_xw_secret(struct vs_xw *w, const char *name, const char *text)
{
	vs_xw_typed(w, name, NULL, text, true);
}

void
vs_xw_typed(struct vs_xw *w, const char *name, const char *xsi_type, const char *text, bool secret)
{
	size_t from;

	if (text == NULL)
		return;
	vs_xw_open_type(w, name, xsi_type);
	from = w->b.len;
	xml_write_put(w, name, text, false);
	if (secret) {
		vs_grow(w->secrets, w->n_secrets, w->cap_secrets);
		w->secrets[w->n_secrets].from = from;
		w->secrets[w->n_secrets++].to = w->b.len;
	}
	vs_xw_close(w);
}

void
vs_xw_ref(struct vs_xw *w, const char *name, const char *ref)
{
	const char *colon = ref ? strchr(ref, ':') : NULL;
	VS_FREE char *type = colon ? vs_strndup(ref, (size_t)(colon - ref)) : NULL;

	if (colon == NULL)
		return;
	vs_xw_open(w, name);
	vs_xw_attr(w, "type", type);
	xml_write_put(w, name, colon + 1, false);
	vs_xw_close(w);
}

void
vs_xw_int(struct vs_xw *w, const char *name, int64_t n)
{
	vs_xw_open(w, name);
	vs_buf_fmt(&w->b, "%" PRId64, n);
	vs_xw_close(w);
}

void
vs_xw_bool(struct vs_xw *w, const char *name, bool v)
{
	vs_xw_text(w, name, v ? "true" : "false");
}

void
vs_xw_raw(struct vs_xw *w, const char *xml, size_t n)
{
	vs_buf_add(&w->b, xml, n);
}

void
vs_xw_free(struct vs_xw *w)
{
	vs_buf_free(&w->b);
	free(w->secrets);
	*w = (struct vs_xw)VS_XW_INIT;
}

void
vs_xw_trace(const struct vs_xw *w, struct vs_buf *to)
{
	size_t at = 0;

	for (size_t i = 0; i < w->n_secrets; i++) {
		vs_buf_add(to, w->b.s + at, w->secrets[i].from - at);
		vs_buf_str(to, "***");
		at = w->secrets[i].to;
	}
	vs_buf_add(to, w->b.s + at, w->b.len - at);
}

void
vs_node_echo(struct vs_node *n, struct vs_xw *w)
{
	for (struct vs_node *c = n->child; c; c = c->next) {
		VS_FREE char *type = NULL;

		xml_write_start_tag(w, c->name);
		if (c->ref)
			vs_xw_attr(w, "type", c->ref);
		/* The tree has no prefixes.  XML Schema's own types start with
		 * a lower-case letter, those of vSphere do not. */
		if (c->type) {
			type = vs_printf(
				"%s%s", islower((unsigned char)*c->type) ? "xsd:" : "", c->type);
			vs_xw_attr(w, "xsi:type", type);
		}
		if (*c->text)
			xml_write_put(w, c->name, c->text, false);
		vs_node_echo(c, w);
		xml_write_end_tag(w, c->name);
	}
}

struct vs_xp *
vs_node_keep(struct vs_node *n, struct vs_node **root)
{
	struct vs_xp *p = vs_xp_new(NULL, NULL, NULL);
	VS_XW_FREE struct vs_xw w = VS_XW_INIT;
	struct vs_err err;

	vs_xw_open(&w, "kept");
	vs_xw_attr(&w, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
	vs_node_echo(n, &w);
	vs_xw_close(&w);
	*root = NULL;
	if (vs_xp_feed(p, w.b.s, w.b.len, &err) == 0)
		*root = vs_xp_end(p, &err);
	/* what was read as XML can be written and read again */
	assert(*root);
	return p;
}
