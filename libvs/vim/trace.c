/* SPDX-License-Identifier: Apache-2.0 */
/* Works on the text, not on the parsed tree: a trace shows what was received, also when
 * it is not XML.  Requests are blanked while they are written (text/xml_write). */
#include <stdbool.h>
#include <string.h>

#include "vim/trace.h"

static const char ONE_KEY[] = "config.extraConfig[";

static bool
trace_begins(const char *s, const char *end, const char *with)
{
	size_t n = strlen(with);

	return (size_t)(end - s) >= n && memcmp(s, with, n) == 0;
}

/* Behind the tag, comment or CDATA section at s; NULL: it is truncated. */
static const char *
trace_markup_end(const char *s, const char *end)
{
	const char *until = trace_begins(s, end, "<!--") ? "-->"
		: trace_begins(s, end, "<![CDATA[")	 ? "]]>"
							 : NULL;
	char quote = '\0';

	if (until) {
		s = memmem(s, (size_t)(end - s), until, 3);
		return s ? s + 3 : NULL;
	}
	for (; s < end; s++) {
		if (quote)
			quote = *s == quote ? '\0' : quote;
		else if (*s == '"' || *s == '\'')
			quote = *s; /* a '>' in it is not the end */
		else if (*s == '>')
			return s + 1;
	}
	return NULL;
}

/* Is the markup from s to end a tag, "<" or "</", of an element of this name, with any
 * prefix? */
static bool
trace_is_tag(const char *s, const char *end, const char *tag, const char *name)
{
	size_t n = strlen(tag);
	const char *from = s + n;

	if (!trace_begins(s, end, tag))
		return false;
	for (s = from; s < end && !strchr(" \t\r\n/>", *s); s++)
		if (*s == ':')
			from = s + 1;
	n = strlen(name);
	return (size_t)(s - from) == n && memcmp(from, name, n) == 0;
}

/* The end tag of the element whose contents begin at s; NULL: it is truncated. */
static const char *
trace_contents_end(const char *s, const char *end)
{
	for (size_t depth = 1; (s = memchr(s, '<', (size_t)(end - s))) != NULL;) {
		const char *next = trace_markup_end(s, end);

		if (next == NULL)
			return NULL;
		if (s[1] == '/' && --depth == 0)
			return s;
		depth += strchr("/!?", s[1]) == NULL && next[-2] != '/';
		s = next;
	}
	return NULL;
}

void
vs_trace_reply(const char *s, size_t n, struct vs_buf *to)
{
	const char *end = s + n, *shown = s, *next;
	bool key = false; /* a device has a key, too, but no value after it */
	bool one = false; /* the next <val> is of an advanced key */

	for (; s && (s = memchr(s, '<', (size_t)(end - s))) != NULL; s = next) {
		bool secret;

		next = trace_markup_end(s, end);
		if (next == NULL)
			break;
		if (strchr("!?", s[1]))
			continue;
		secret = (key && trace_is_tag(s, next, "<", "value"))
			|| (one && trace_is_tag(s, next, "<", "val"));
		if (trace_is_tag(s, next, "<", "name"))
			one = trace_begins(next, end, ONE_KEY);
		key = trace_is_tag(s, next, "</", "key")
			|| (next[-2] == '/' && trace_is_tag(s, next, "<", "key"));
		if (!secret || next[-2] == '/')
			continue;
		one = false;
		vs_buf_add(to, shown, (size_t)(next - shown));
		vs_buf_str(to, "***");
		next = trace_contents_end(next, end);
		shown = next ? next : end;
	}
	vs_buf_add(to, shown, (size_t)(end - shown));
}
