/* SPDX-License-Identifier: Apache-2.0 */
/* Standard base64 with padding (RFC 4648, section 4), as strict as Go's decoder. */
#include <stdint.h>

#include "text/base64.h"

static const char base64_alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
vs_base64(const void *p, size_t n, struct vs_buf *to)
{
	const unsigned char *s = p;
	char four[4];

	for (; n >= 3; s += 3, n -= 3) {
		four[0] = base64_alphabet[s[0] >> 2];
		four[1] = base64_alphabet[(s[0] & 3) << 4 | s[1] >> 4];
		four[2] = base64_alphabet[(s[1] & 15) << 2 | s[2] >> 6];
		four[3] = base64_alphabet[s[2] & 63];
		vs_buf_add(to, four, 4);
	}
	if (n == 0)
		return;
	four[0] = base64_alphabet[s[0] >> 2];
	four[1] = base64_alphabet[(s[0] & 3) << 4 | (n == 2 ? s[1] >> 4 : 0)];
	four[2] = n == 2 ? base64_alphabet[(s[1] & 15) << 2] : '=';
	four[3] = '=';
	vs_buf_add(to, four, 4);
}

static int
base64_value_of(unsigned char c)
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
base64_not_base64(const char *s, size_t i, struct vs_err *err)
{
	if (s[i] == '-' || s[i] == '_')
		return vs_fail(err, VS_ERR_USAGE,
			"base64: byte %zu is from the URL-safe alphabet, not the standard one",
			i + 1);
	if (s[i] == '=')
		return vs_fail(err, VS_ERR_USAGE, "base64: unexpected padding at byte %zu", i + 1);
	return vs_fail(err, VS_ERR_USAGE, "base64: byte %zu is not in the alphabet", i + 1);
}

/* The rest from s[i]: line ends and exactly pad '='. */
static int
base64_ending(const char *s, size_t i, size_t n, int pad, struct vs_err *err)
{
	for (; i < n; i++) {
		if (s[i] == '\r' || s[i] == '\n')
			continue;
		if (s[i] != '=' || pad-- == 0)
			return vs_fail(err, VS_ERR_USAGE, "base64: data after the end, at byte %zu",
				i + 1);
	}
	if (pad > 0)
		return vs_fail(err, VS_ERR_USAGE, "base64: truncated");
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
		int v = base64_value_of((unsigned char)s[i]);

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
		return base64_not_base64(s, i, err);
	if (have == 1)
		return vs_fail(err, VS_ERR_USAGE, "base64: truncated");
	if (base64_ending(s, i, n, have ? 4 - have : 0, err) < 0)
		return -1;
	bits <<= 6 * (4 - have);
	three[0] = (char)(bits >> 16);
	three[1] = (char)(bits >> 8);
	vs_buf_add(to, three, have ? (size_t)have - 1 : 0);
	return 0;
}
