/* SPDX-License-Identifier: Apache-2.0 */
/* What a terminal would obey, reorder or not show, escaped as C does it.
 * Reference: Unicode 15, PropList.txt (Bidi_Control), DerivedCoreProperties.txt
 * (Default_Ignorable_Code_Point). */
#include <string.h>

#include "base/mem.h"
#include "text/utf8.h"
#include "text/visible.h"

struct visible_range {
	uint32_t from, to;
};

/* Ordered. */
static const struct visible_range controls[] = {
	{ 0x0000, 0x001f },
	{ 0x007f, 0x009f },
	{ 0x061c, 0x061c },
	{ 0x200e, 0x200f },
	{ 0x2028, 0x202e },
	{ 0x2066, 0x2069 },
};

static const struct visible_range ignorable[] = {
	{ 0x00ad, 0x00ad },
	{ 0x034f, 0x034f },
	{ 0x115f, 0x1160 },
	{ 0x17b4, 0x17b5 },
	{ 0x180b, 0x180f },
	{ 0x200b, 0x200d },
	{ 0x2060, 0x2065 },
	{ 0x206a, 0x206f },
	{ 0x3164, 0x3164 },
	{ 0xfe00, 0xfe0f },
	{ 0xfeff, 0xfeff },
	{ 0xffa0, 0xffa0 },
	{ 0xfff0, 0xfffb }, /* with the interlinear annotation characters */
	{ 0x1bca0, 0x1bca3 },
	{ 0x1d173, 0x1d17a },
	{ 0xe0000, 0xe0fff },
};

static bool
visible_in(uint32_t code, const struct visible_range *r, size_t n)
{
	for (size_t i = 0; i < n && code >= r[i].from; i++)
		if (code <= r[i].to)
			return true;
	return false;
}

bool
vs_code_control(uint32_t code)
{
	return visible_in(code, controls, VS_LEN(controls));
}

bool
vs_code_hidden(uint32_t code)
{
	return vs_code_control(code) || visible_in(code, ignorable, VS_LEN(ignorable));
}

static void
visible_escape(struct vs_buf *b, uint32_t code)
{
	switch (code) {
	case '\n':
		vs_buf_str(b, "\\n");
		break;
	case '\r':
		vs_buf_str(b, "\\r");
		break;
	case '\t':
		vs_buf_str(b, "\\t");
		break;
	default:
		vs_buf_fmt(b,
			code < 0x80		 ? "\\x%02x"
				: code < 0x10000 ? "\\u%04x"
						 : "\\U%08x",
			(unsigned)code);
	}
}

void
vs_visible(struct vs_buf *b, const char *s, size_t n)
{
	size_t run = 0; /* bytes to copy unchanged */

	while (run < n) {
		uint32_t code;
		size_t k = vs_utf8_code(s + run, n - run, &code);

		if (k > 0 && !vs_code_hidden(code)) {
			run += k;
			continue;
		}
		vs_buf_add(b, s, run);
		if (k > 0)
			visible_escape(b, code);
		else
			vs_buf_fmt(b, "\\x%02x", (unsigned char)s[run]);
		run += k ? k : 1;
		s += run;
		n -= run;
		run = 0;
	}
	vs_buf_add(b, s, run);
}

void
vs_visible_str(struct vs_buf *b, const char *s)
{
	vs_visible(b, s, strlen(s));
}
