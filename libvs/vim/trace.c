/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <string.h>

#include "vim/trace.h"

/* Of a reply that was cut off, all from where a secret begins is left out. */

static const char KEY_END[] = "</key>";
static const char ONE_KEY[] = "<name>config.extraConfig[";

static void
copy_to(struct vs_buf *to, const char **from, const char *until)
{
	vs_buf_add(to, *from, (size_t)(until - *from));
	*from = until;
}

static const char *
find(const char *at, const char *end, const char *what)
{
	return memmem(at, (size_t)(end - at), what, strlen(what));
}

/* s begins with that tag, with or without attributes. */
static bool
is_tag(const char *s, const char *end, const char *tag)
{
	size_t n = strlen(tag);

	return (size_t)(end - s) > n && strncmp(s, tag, n) == 0
		&& strchr(" \t\r\n/>", s[n]);
}

/* Copies up to the content of the element that begins at tag, and leaves that
 * out up to its end, shut. */
static void
blank(struct vs_buf *to, const char **at, const char *tag, const char *end,
	const char *shut)
{
	const char *open = memchr(tag, '>', (size_t)(end - tag));

	if (open == NULL) {
		copy_to(to, at, end);
		return;
	}
	copy_to(to, at, open + 1);
	if (open[-1] == '/')
		return;
	vs_buf_str(to, "***");
	shut = find(*at, end, shut);
	*at = shut ? shut : end;
}

/* Right behind a </key>: a device has a key, too, and no value there. */
static void
option_value(struct vs_buf *to, const char **at, const char *end)
{
	const char *s = *at;

	while (s < end && strchr(" \t\r\n", *s))
		s++;
	if (is_tag(s, end, "<value"))
		blank(to, at, s, end, "</value>");
}

/* Behind the <name> of such a property, in its propSet or changeSet. */
static void
property(struct vs_buf *to, const char **at, const char *end)
{
	const char *s = find(*at, end, "<val");

	while (s && !is_tag(s, end, "<val"))
		s = find(s + 1, end, "<val");
	if (s)
		blank(to, at, s, end, "</val>");
}

void
vs_trace_reply(const char *s, size_t n, struct vs_buf *to)
{
	const char *end = s + n, *at = s;

	for (;;) {
		const char *key = find(at, end, KEY_END);
		const char *one = find(at, key ? key : end, ONE_KEY);

		if (one) {
			copy_to(to, &at, one + strlen(ONE_KEY));
			property(to, &at, end);
		} else if (key) {
			copy_to(to, &at, key + strlen(KEY_END));
			option_value(to, &at, end);
		} else {
			break;
		}
	}
	copy_to(to, &at, end);
}
