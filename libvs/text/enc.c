/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/mem.h"
#include "text/enc.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum { UNZIP_MAX = 64 << 20 };

void
vs_base64(const void *p, size_t n, struct vs_buf *to)
{
	const unsigned char *s = p;
	char four[4];

	for (; n >= 3; s += 3, n -= 3) {
		four[0] = alphabet[s[0] >> 2];
		four[1] = alphabet[(s[0] & 3) << 4 | s[1] >> 4];
		four[2] = alphabet[(s[1] & 15) << 2 | s[2] >> 6];
		four[3] = alphabet[s[2] & 63];
		vs_buf_add(to, four, 4);
	}
	if (n == 0)
		return;
	four[0] = alphabet[s[0] >> 2];
	four[1] = alphabet[(s[0] & 3) << 4 | (n == 2 ? s[1] >> 4 : 0)];
	four[2] = n == 2 ? alphabet[(s[1] & 15) << 2] : '=';
	four[3] = '=';
	vs_buf_add(to, four, 4);
}

static int
enc_value_of(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static int
enc_not_base64(const char *s, size_t i, struct vs_err *err)
{
	if (s[i] == '-' || s[i] == '_')
		return vs_fail(err, VS_ERR_USAGE,
			"base64: byte %zu is of the URL-safe alphabet, the standard one is needed",
			i + 1);
	if (s[i] == '=')
		return vs_fail(err, VS_ERR_USAGE, "base64: padding too early, at byte %zu", i + 1);
	return vs_fail(err, VS_ERR_USAGE, "base64: byte %zu is not of its alphabet", i + 1);
}

/* Only padding and line ends may follow; pad is how many '=' are needed. */
static int
enc_ending(const char *s, size_t i, size_t n, int pad, struct vs_err *err)
{
	for (; i < n; i++) {
		if (s[i] == '\r' || s[i] == '\n')
			continue;
		if (s[i] != '=' || pad-- == 0)
			return vs_fail(err, VS_ERR_USAGE,
				"base64: more behind its end, at byte %zu", i + 1);
	}
	if (pad > 0)
		return vs_fail(err, VS_ERR_USAGE, "base64: cut short");
	return 0;
}

int
vs_unbase64(const char *s, size_t n, struct vs_buf *to, struct vs_err *err)
{
	uint32_t bits = 0;
	char three[3];
	int have = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		int v = enc_value_of((unsigned char)s[i]);

		if (s[i] == '\r' || s[i] == '\n')
			continue;
		if (v < 0)
			break;
		bits = bits << 6 | (uint32_t)v;
		if (++have < 4)
			continue;
		three[0] = (char)(bits >> 16);
		three[1] = (char)(bits >> 8);
		three[2] = (char)bits;
		vs_buf_add(to, three, 3);
		bits = 0;
		have = 0;
	}
	if (i < n && (s[i] != '=' || have < 2))
		return enc_not_base64(s, i, err);
	if (have == 1)
		return vs_fail(err, VS_ERR_USAGE, "base64: cut short");
	if (enc_ending(s, i, n, have ? 4 - have : 0, err) < 0)
		return -1;
	bits <<= 6 * (4 - have);
	three[0] = (char)(bits >> 16);
	three[1] = (char)(bits >> 8);
	vs_buf_add(to, three, have ? (size_t)have - 1 : 0);
	return 0;
}

/* The least b of low to high with n <= 2^b; high where there is none. */
static int
enc_bits_for(size_t n, int low, int high)
{
	while (low < high && n > (size_t)1 << low)
		low++;
	return low;
}

void
vs_gzip(const void *p, size_t n, struct vs_buf *to)
{
	/* Room for n bytes and no more (zlib.h, "Advanced functions"): to clear the
	 * 256 KiB of a full window takes longer than to deflate a small file.  A
	 * match begins 262 bytes before the window's end, at the latest. */
	int window = enc_bits_for(n + 262, 9, 15), memory = enc_bits_for(n, 7, 14) - 6;
	/* as Go writes it: no time, no name, operating system unknown */
	gz_header head = { .os = 255 };
	z_stream z = { .next_in = (Bytef *)(uintptr_t)p, .avail_in = (uInt)n };
	unsigned char part[16 << 10];
	int r;

	if (deflateInit2(&z, 9, Z_DEFLATED, window + 16, memory, Z_DEFAULT_STRATEGY) != Z_OK)
		vs_no_memory(); /* there is no other reason */
	deflateSetHeader(&z, &head);
	do {
		z.next_out = part;
		z.avail_out = sizeof part;
		r = deflate(&z, Z_FINISH);
		vs_buf_add(to, part, sizeof part - z.avail_out);
	} while (r == Z_OK);
	deflateEnd(&z);
	if (to->secret)
		vs_wipe(part, sizeof part);
}

/* One member; 0, or what zlib says. */
static int
enc_inflate_one(z_stream *z, struct vs_buf *to, size_t max)
{
	unsigned char part[16 << 10];
	int r;

	do {
		z->next_out = part;
		z->avail_out = sizeof part;
		r = inflate(z, Z_NO_FLUSH);
		if (r != Z_OK && r != Z_STREAM_END)
			break;
		if (sizeof part - z->avail_out > max - to->len) {
			to->over = true;
			break;
		}
		vs_buf_add(to, part, sizeof part - z->avail_out);
	} while (r == Z_OK);
	if (to->secret)
		vs_wipe(part, sizeof part);
	return r == Z_STREAM_END ? 0 : r == Z_OK ? Z_BUF_ERROR : r;
}

int
vs_gunzip(const void *p, size_t n, struct vs_buf *to, struct vs_err *err)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)p, .avail_in = (uInt)n };
	size_t max = to->max ? to->max : to->len + UNZIP_MAX;
	int members = 0, r;

	if (inflateInit2(&z, 15 + 16) != Z_OK)
		return vs_fail(err, VS_ERR_FAILED, "gzip: zlib does not start");
	do
		r = enc_inflate_one(&z, to, max);
	while (r == 0 && !to->over && ++members && z.avail_in > 0 && inflateReset(&z) == Z_OK);
	inflateEnd(&z);
	if (to->over)
		return vs_fail(
			err, VS_ERR_USAGE, "gzip: more than %zu KiB when unpacked", max >> 10);
	if (r != 0)
		return vs_fail(err, VS_ERR_USAGE,
			members			   ? "gzip: more behind its end"
				: r == Z_BUF_ERROR ? "gzip: cut short"
				: z.total_out == 0 ? "not gzip"
						   : "gzip: damaged");
	return 0;
}
