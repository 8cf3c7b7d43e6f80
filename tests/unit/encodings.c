/* SPDX-License-Identifier: Apache-2.0 */
/* text/base64, text/gzip, text/utf8, text/dataurl */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tap.h"
#include "text/base64.h"
#include "text/dataurl.h"
#include "text/gzip.h"
#include "text/utf8.h"

static void
base64(void)
{
	static const char *const both[][2] = {
		{ "", "" },
		{ "f", "Zg==" },
		{ "fo", "Zm8=" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" },
		{ "{}\n", "e30K" },
		{ "\xff\xfe\xfd", "//79" },
		{ ">>>?", "Pj4+Pw==" },
	};
	struct vs_err err;

	for (size_t i = 0; i < VS_LEN(both); i++) {
		VS_BUF_FREE struct vs_buf a = VS_BUF_INIT, b = VS_BUF_INIT;

		vs_base64(both[i][0], strlen(both[i][0]), &a);
		is(a.s, both[i][1], "base64 as in RFC 4648");
		ok(vs_unbase64(a.s, a.len, &b, &err) == 0 && b.len == strlen(both[i][0])
				&& memcmp(b.s, both[i][0], b.len) == 0,
			"and back");
	}
}

static void
not_base64(void)
{
	static const char *const bad[][2] = {
		{ "Zg", "base64: truncated" },
		{ "Zg=", "base64: truncated" },
		{ "Z", "base64: truncated" },
		{ "Z===", "base64: unexpected padding at byte 2" },
		{ "=", "base64: unexpected padding at byte 1" },
		{ "Zm9v=", "base64: unexpected padding at byte 5" },
		{ "Zg==Zg==", "base64: data after the end, at byte 5" },
		{ "Zg===", "base64: data after the end, at byte 5" },
		{ "Zm 9v", "base64: byte 3 is not in the alphabet" },
		{ "Pj4-Pw==",
			"base64: byte 4 is from the URL-safe alphabet, not the standard one" },
	};
	struct vs_err err;
	VS_BUF_FREE struct vs_buf to = VS_BUF_INIT;

	for (size_t i = 0; i < VS_LEN(bad); i++) {
		err.msg[0] = '\0';
		ok(vs_unbase64(bad[i][0], strlen(bad[i][0]), &to, &err) == -1, bad[i][0]);
		is(err.msg, bad[i][1], "says why");
	}
	vs_buf_cut(&to, 0);
	ok(vs_unbase64("Zm\r\n9v\nYg=\n=\n", 13, &to, &err) == 0, "line ends in between are fine");
	is(to.s, "foob", "and left out");
}

/* The room that zlib gets is that of the text: its end may be its beginning again. */
static void
gzip_sizes(void)
{
	VS_FREE char *text = vs_alloc((1 << 15) + 2, 1);
	bool back = true, small = true;
	uint32_t seed = 1;

	for (unsigned i = 0; i < 7 * 8; i++) {
		VS_BUF_FREE struct vs_buf zip = VS_BUF_INIT, un = VS_BUF_INIT, less = VS_BUF_INIT;
		size_t n = ((size_t)1 << (9 + i / 8)) - i % 2 * 262 + i % 8 / 2 - 2;
		struct vs_err err;

		for (size_t k = 0; k < n; k++)
			text[k] = (char)('0' + ((seed = seed * 1664525 + 1013904223) >> 26));
		memcpy(text + n - 100, text, 100);
		vs_gzip(text, n, &zip);
		vs_gzip(text, n - 100, &less);
		back = back && vs_gunzip(zip.s, zip.len, &un, &err) == 0 && un.len == n
			&& memcmp(un.s, text, n) == 0;
		small = small && (n > (1 << 15) - 262 || zip.len < less.len + 20);
	}
	ok(back, "texts as long as a window, and a byte or two more or less: back");
	ok(small, "and what is said twice is short, however far apart");
}

static void
gzip(void)
{
	VS_BUF_FREE struct vs_buf a = VS_BUF_INIT, b = VS_BUF_INIT, back = VS_BUF_INIT;
	VS_BUF_FREE struct vs_buf huge = VS_BUF_INIT;
	VS_FREE char *big = vs_alloc(200000, 1), *bomb = NULL;
	struct vs_err err;

	for (size_t i = 0; i < 200000; i++)
		big[i] = (char)(i * i >> 7);
	vs_gzip(big, 200000, &a);
	vs_gzip(big, 200000, &b);
	ok(a.len == b.len && memcmp(a.s, b.s, a.len) == 0, "the same bytes twice");
	ok(memcmp(a.s, "\x1f\x8b\x08\0\0\0\0\0\x02\xff", 10) == 0,
		"header without time, name or system");
	ok(vs_gunzip(a.s, a.len, &back, &err) == 0 && back.len == 200000
			&& memcmp(back.s, big, 200000) == 0,
		"and back");
	vs_buf_cut(&back, 0);
	vs_buf_add(&b, a.s, a.len);
	ok(vs_gunzip(b.s, b.len, &back, &err) == 0 && back.len == 400000,
		"two members are one text");
	vs_buf_cut(&back, 0);
	ok(vs_gunzip(a.s, a.len - 9, &back, &err) == -1, "cut short");
	is(err.msg, "gzip: truncated", "says so");
	a.s[a.len / 2] ^= 0x55;
	vs_buf_cut(&back, 0);
	ok(vs_gunzip(a.s, a.len, &back, &err) == -1, "damaged");
	ok(vs_gunzip("hello, world", 12, &back, &err) == -1, "not gzip");
	is(err.msg, "not gzip", "says so");
	vs_buf_add(&b, "x", 1);
	vs_buf_cut(&back, 0);
	ok(vs_gunzip(b.s, b.len, &back, &err) == -1, "more behind its end");
	is(err.msg, "gzip: data after the end", "says so");
	vs_buf_cut(&back, 0);
	back.max = 100000;
	ok(vs_gunzip(b.s, b.len - 1, &back, &err) == -1, "too large");
	ok(back.len <= 100000 && strstr(err.msg, "more than 97 KiB"), "kept within its bounds");
	bomb = vs_alloc(((size_t)64 << 20) + 1, 1);
	vs_buf_cut(&a, 0);
	vs_gzip(bomb, ((size_t)64 << 20) + 1, &a);
	ok(vs_gunzip(a.s, a.len, &huge, &err) == -1 && strstr(err.msg, "more than 65536 KiB"),
		"without bounds of the caller's: 64 MiB");
}

static void
utf8(void)
{
	ok(vs_utf8("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", 10), "UTF-8");
	ok(!vs_utf8("\xff", 1), "no such byte");
	ok(!vs_utf8("\xc0\x80", 2), "overlong, 2 bytes");
	ok(!vs_utf8("\xe0\x80\x80", 3) && !vs_utf8("\xe0\x9f\xbf", 3), "overlong, 3 bytes");
	ok(!vs_utf8("\xf0\x80\x80\x80", 4), "overlong, 4 bytes");
	ok(!vs_utf8("\xed\xa0\x80", 3), "surrogate");
	ok(!vs_utf8("\xf4\x90\x80\x80", 4), "beyond U+10FFFF");
	ok(!vs_utf8("\xe2\x82", 2), "cut short");
	ok(!vs_utf8("\xe2\x28\xa1", 3), "no continuation");
}

static void
data_url(void)
{
	static const char *const both[][2] = {
		{ "", "data:," },
		{ "hello", "data:,hello" },
		{ "a b", "data:,a%20b" },
		{ "\xc3\xa4\xc3\xa4", "data:,%C3%A4%C3%A4" },
		{ "-_.!~*'()", "data:,-_.!~*'()" },
		{ "a/b+c\n", "data:,a%2Fb%2Bc%0A" },
		{ "\x01\x02\x03\x04\x05\x06\x07\x08", "data:;base64,AQIDBAUGBwg=" },
	};
	struct vs_err err;

	for (size_t i = 0; i < VS_LEN(both); i++) {
		VS_BUF_FREE struct vs_buf url = VS_BUF_INIT, back = VS_BUF_INIT;

		ok(!vs_data_url(both[i][0], strlen(both[i][0]), true, &url), "not gzipped");
		is(url.s, both[i][1], "data URL");
		ok(vs_undata_url(url.s, &back, &err) == 0, "read back");
		is(back.s, both[i][0], "equal");
	}
}

static void
data_url_gzip(void)
{
	VS_BUF_FREE struct vs_buf text = VS_BUF_INIT, url = VS_BUF_INIT, zip = VS_BUF_INIT,
				  back = VS_BUF_INIT;
	struct vs_err err;

	for (int i = 0; i < 100; i++)
		vs_buf_str(&text, "the same words again\n");
	ok(vs_data_url(text.s, text.len, true, &url), "gzipped when that is shorter");
	ok(url.len < text.len / 4, "much shorter");
	ok(vs_undata_url(url.s, &zip, &err) == 0 && vs_gunzip(zip.s, zip.len, &back, &err) == 0,
		"read back");
	is(back.s, text.s, "equal");
	vs_buf_cut(&url, 0);
	ok(!vs_data_url(text.s, text.len, false, &url), "not when it may not");
	vs_buf_cut(&url, 0);
	vs_data_url("     abcd", 9, false, &url);
	is(url.s, "data:,%20%20%20%20%20abcd", "percent-encoded when base64 is as long");
	vs_buf_cut(&back, 0);
	ok(vs_undata_url("data:text/plain;charset=utf-8;base64,Zm9v", &back, &err) == 0,
		"with a media type");
	is(back.s, "foo", "read");
	ok(vs_undata_url("http://x/", &back, &err) == -1, "another scheme");
	ok(vs_undata_url("data:", &back, &err) == -1, "without a comma");
	ok(vs_undata_url("data:,%4", &back, &err) == -1, "half an escape");
	ok(vs_undata_url("data:,%4x", &back, &err) == -1, "an escape with one digit");
	ok(vs_undata_url("data:;base64x,Zm9v", &back, &err) == -1, "another encoding");
	ok(vs_undata_url("data:;base64,Z", &back, &err) == -1, "bad base64");
}

int
main(void)
{
	base64();
	not_base64();
	gzip();
	gzip_sizes();
	utf8();
	data_url();
	data_url_gzip();
	return done();
}
