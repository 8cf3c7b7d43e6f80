/* SPDX-License-Identifier: Apache-2.0 */
/* text/visible: every code point and every byte, as a person sees it */
#include "text/visible.h"
#include "base/buf.h"
#include "base/mem.h"
#include "tap.h"
#include "text/utf8.h"

static void
examples(void)
{
	static const struct {
		const char *in;
		size_t n;
		const char *out;
	} all[] = {
		{ "", 0, "" },
		{ "plain /DC0/vm/w-1 'x'", 21, "plain /DC0/vm/w-1 'x'" },
		{ "a\nb\tc\rd", 7, "a\\nb\\tc\\rd" },
		{ "\033[31m\a\177", 7, "\\x1b[31m\\x07\\x7f" },
		{ "a\0b", 3, "a\\x00b" },
		{ "\xc2\x9b"
		  "2J",
			4, "\\u009b2J" },
		{ "\xe2\x80\xae"
		  "gpj",
			6, "\\u202egpj" },
		{ "\xf3\xa0\x81\x81", 4, "\\U000e0041" },
		{ "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", 9,
			"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80" },
		{ "\xff"
		  "a\xc3",
			3, "\\xffa\\xc3" },
		{ "\xed\xa0\x80\xc0\xaf", 5, "\\xed\\xa0\\x80\\xc0\\xaf" },
		{ "C:\\new", 6, "C:\\new" },
	};

	for (size_t i = 0; i < VS_LEN(all); i++) {
		VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

		vs_visible(&b, all[i].in, all[i].n);
		is(b.s, all[i].out, all[i].out);
	}
}

static size_t
encode(uint32_t c, char *s)
{
	if (c < 0x80)
		return *s = (char)c, 1;
	if (c < 0x800)
		return s[0] = (char)(0xc0 | c >> 6), s[1] = (char)(0x80 | (c & 0x3f)), 2;
	if (c < 0x10000) {
		s[0] = (char)(0xe0 | c >> 12);
		s[1] = (char)(0x80 | (c >> 6 & 0x3f));
		s[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	s[0] = (char)(0xf0 | c >> 18);
	s[1] = (char)(0x80 | (c >> 12 & 0x3f));
	s[2] = (char)(0x80 | (c >> 6 & 0x3f));
	s[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* Written out here, not taken from visible.c. */
static bool
is_control(uint32_t c)
{
	return c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e || c == 0x200f
		|| (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static bool
must_be_shown(uint32_t c)
{
	return is_control(c) || c == 0xad || (c >= 0x200b && c <= 0x200f)
		|| (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xe0000 && c <= 0xe0fff)
		|| (c >= 0xfe00 && c <= 0xfe0f) || c == 0x3164 || c == 0x180e;
}

static void
code_points(void)
{
	size_t raw = 0, changed = 0, hidden = 0, wrong = 0;

	for (uint32_t c = 0; c < 0x110000; c++) {
		VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
		char s[4];
		size_t n = encode(c, s);
		uint32_t back;
		bool same;

		if (c >= 0xd800 && c < 0xe000)
			continue;
		wrong += vs_utf8_code(s, n, &back) != n || back != c;
		wrong += vs_code_control(c) != is_control(c);
		vs_visible(&b, s, n);
		same = b.len == n && memcmp(b.s, s, n) == 0;
		raw += same && must_be_shown(c);
		changed += !same && !vs_code_hidden(c);
		hidden += !same;
		if (!same)
			for (size_t i = 0; i < b.len; i++)
				wrong += b.s[i] <= ' ' || b.s[i] > '~';
	}
	ok(raw == 0, "no character that acts or hides is copied");
	ok(changed == 0, "no other character is changed");
	ok(wrong == 0, "code points and control characters are told apart; escapes are ASCII");
	/* 65 C0, DEL and C1; 14 others; 4172 that are invisible */
	ok(hidden > 4096 && hidden < 4400, "their number");
}

static void
bytes(void)
{
	size_t wrong = 0;

	/* all pairs: cut short, overlong, stray */
	for (int i = 0; i < 256; i++)
		for (int k = 0; k < 256; k++) {
			VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
			const char s[2] = { (char)i, (char)k };

			vs_visible(&b, s, 2);
			wrong += !vs_utf8(b.s, b.len) || strlen(b.s) != b.len;
			for (size_t j = 0; j < b.len; j++)
				wrong += (unsigned char)b.s[j] < ' ' || b.s[j] == 0x7f;
		}
	ok(wrong == 0, "any two bytes give one line of UTF-8");
}

int
main(void)
{
	examples();
	code_points();
	bytes();
	return done();
}
