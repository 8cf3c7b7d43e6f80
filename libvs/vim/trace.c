/* SPDX-License-Identifier: Apache-2.0 */
/* Works on the text, not on the parsed tree: a trace shows what was received, also when
 * it is not XML.  Requests are blanked while they are written (text/xml_write). */
#include <stdbool.h>
#include <string.h>

#include "vim/trace.h"

static const char KEY_END[] = "</key>";
static const char ONE_KEY[] = "<name>config.extraConfig[";

static void
trace_copy_to(struct vs_buf *to, const char **from, const char *until)
{
	vs_buf_add(to, *from, (size_t)(until - *from));
	*from = until;
}

static const char *
trace_find(const char *at, const char *end, const char *what)
{
	return memmem(at, (size_t)(end - at), what, strlen(what));
}

/* Does s begin with this tag, with or without attributes? */
static bool
trace_is_tag(const char *s, const char *end, const char *tag)
{
	size_t n = strlen(tag);

	return (size_t)(end - s) > n && strncmp(s, tag, n) == 0 && strchr(" \t\r\n/>", s[n]);
}

/* Copy up to the contents of the element that begins at tag; skip these, up to the end
 * tag shut. */
static void
trace_blank(struct vs_buf *to, const char **at, const char *tag, const char *end, const char *shut)
{
	const char *open = memchr(tag, '>', (size_t)(end - tag));

	if (open == NULL) {
		trace_copy_to(to, at, end);
		return;
	}
	trace_copy_to(to, at, open + 1);
	if (open[-1] == '/')
		return;
	vs_buf_str(to, "***");
	shut = trace_find(*at, end, shut);
	*at = shut ? shut : end;
}

/* Directly after a </key>: devices have a key, too, but no value after it. */
static void
trace_option_value(struct vs_buf *to, const char **at, const char *end)
{
	const char *s = *at;

	while (s < end && strchr(" \t\r\n", *s))
		s++;
	if (trace_is_tag(s, end, "<value"))
		trace_blank(to, at, s, end, "</value>");
}

/* After the <name> of such a property, in its propSet or changeSet. */
static void
trace_property(struct vs_buf *to, const char **at, const char *end)
{
	const char *s = trace_find(*at, end, "<val");

	while (s && !trace_is_tag(s, end, "<val"))
		s = trace_find(s + 1, end, "<val");
	if (s)
		trace_blank(to, at, s, end, "</val>");
}

void
vs_trace_reply(const char *s, size_t n, struct vs_buf *to)
{
	const char *end = s + n, *at = s;

	for (;;) {
		const char *key = trace_find(at, end, KEY_END);
		const char *one = trace_find(at, key ? key : end, ONE_KEY);

		if (one) {
			trace_copy_to(to, &at, one + strlen(ONE_KEY));
			trace_property(to, &at, end);
		} else if (key) {
			trace_copy_to(to, &at, key + strlen(KEY_END));
			trace_option_value(to, &at, end);
		} else {
			break;
		}
	}
	trace_copy_to(to, &at, end);
}
