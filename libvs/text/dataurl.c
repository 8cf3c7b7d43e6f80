/* SPDX-License-Identifier: Apache-2.0 */
/* Data URLs as Butane writes them (base/util/url.go) and as Ignition reads them
 * (vincent-petithory/dataurl). */
#include <string.h>

#include "base/mem.h"
#include "text/base64.h"
#include "text/dataurl.h"
#include "text/gzip.h"

/* ---- encoding */

/* Unreserved characters of RFC 2396, as in Butane. */
static bool
dataurl_plain(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
		|| (c != '\0' && strchr("-_.!~*'()", c));
}

static void
dataurl_percent(const unsigned char *s, size_t n, struct vs_buf *to)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < n; i++) {
		char three[3] = { '%', hex[s[i] >> 4], hex[s[i] & 15] };

		if (dataurl_plain(s[i]))
			vs_buf_ch(to, (char)s[i]);
		else
			vs_buf_add(to, three, 3);
	}
}

/* Bytes of header and trailer: no gzip is shorter. */
enum { GZIP_FRAME = 20 };

static size_t
dataurl_base64_len(size_t n)
{
	return sizeof ";base64," - 1 + (n + 2) / 3 * 4;
}

bool
vs_data_url(const void *p, size_t n, bool may_gzip, struct vs_buf *to)
{
	VS_BUF_FREE struct vs_buf zip = VS_BUF_INIT;
	size_t best = 1;
	bool b64 = false;

	for (size_t i = 0; i < n; i++)
		best += dataurl_plain(((const unsigned char *)p)[i]) ? 1 : 3;
	if (dataurl_base64_len(n) < best) {
		best = dataurl_base64_len(n);
		b64 = true;
	}
	zip.secret = to->secret;
	if (may_gzip && dataurl_base64_len(GZIP_FRAME) + 4 < best)
		vs_gzip(p, n, &zip);
	vs_buf_str(to, "data:");
	if (zip.len > 0 && dataurl_base64_len(zip.len) + 4 < best) {
		vs_buf_str(to, ";base64,");
		vs_base64(zip.s, zip.len, to);
		return true;
	}
	vs_buf_str(to, b64 ? ";base64," : ",");
	if (b64)
		vs_base64(p, n, to);
	else
		dataurl_percent(p, n, to);
	return false;
}

/* ---- decoding: most of RFC 2397 */

static int
dataurl_digit(char c)
{
	return c >= '0' && c <= '9'    ? c - '0'
		: c >= 'a' && c <= 'f' ? c - 'a' + 10
		: c >= 'A' && c <= 'F' ? c - 'A' + 10
				       : -1;
}

static bool
dataurl_token(char c)
{
	return c > ' ' && c < 0x7f && strchr("()<>@,;:\\\"/[]?=", c) == NULL;
}

static size_t
dataurl_token_len(const char *s)
{
	size_t n = 0;

	while (dataurl_token(s[n]))
		n++;
	return n;
}

/* Skip a media type, "text/plain"; NULL: not one. */
static const char *
dataurl_media_type(const char *s)
{
	static const char *const types[] = { "text", "image", "audio", "video", "application",
		"message", "multipart", "x-", "X-" };
	size_t n = dataurl_token_len(s);
	bool known = false;

	for (size_t i = 0; i < VS_LEN(types); i++)
		known |= strncmp(s, types[i], strlen(types[i])) == 0;
	if (!known || s[n] != '/')
		return NULL;
	s += n + 1;
	return s + dataurl_token_len(s);
}

/* Length of the escape after a '\\' in quotes, as in Go; 0: not an escape. */
static size_t
dataurl_escape_len(const char *s)
{
	static const char hex[] = "0123456789abcdefABCDEF";

	if (*s && strchr("abfnrtv\\\"", *s))
		return 1;
	if (*s == 'x')
		return strspn(s + 1, hex) >= 2 ? 3 : 0;
	if (*s == 'u')
		return strspn(s + 1, hex) >= 4 ? 5 : 0;
	if (*s == 'U')
		return strspn(s + 1, hex) >= 8 ? 9 : 0;
	return *s < '4' && strspn(s, "01234567") >= 3 ? 3 : 0;
}

/* Skip the value of a parameter; NULL: invalid. */
static const char *
dataurl_param_value(const char *s)
{
	size_t n;

	if (*s == '"') {
		for (s++; *s && *s != '"'; s++) {
			n = *s == '\\' ? dataurl_escape_len(s + 1) : 0;
			if ((*s & 0x80) || *s == '\n' || (*s == '\\' && n == 0))
				return NULL;
			s += n;
		}
		return *s ? s + 1 : NULL;
	}
	n = dataurl_token_len(s);
	for (size_t i = 0; i < n; i++)
		if (s[i] == '%' && (dataurl_digit(s[i + 1]) < 0 || dataurl_digit(s[i + 2]) < 0))
			return NULL;
	return n > 0 ? s + n : NULL;
}

/* The data after the comma; NULL: what precedes it is invalid. */
static const char *
dataurl_data_of(const char *s, bool *base64)
{
	*base64 = false;
	if (dataurl_token(*s))
		s = dataurl_media_type(s);
	while (s && *s == ';') {
		size_t n = dataurl_token_len(++s);

		if (n == 0)
			return NULL;
		if (s[n] == ',') {
			*base64 = n == 6 && memcmp(s, "base64", 6) == 0;
			return *base64 ? s + n + 1 : NULL;
		}
		s = s[n] == '=' ? dataurl_param_value(s + n + 1) : NULL;
	}
	return s && *s == ',' ? s + 1 : NULL;
}

static int
dataurl_unpercent(const char *s, struct vs_buf *to, struct vs_err *err)
{
	for (; *s; s++) {
		if (*s <= ' ' || *s == 0x7f || strchr("<>#\"{}|\\^[]`", *s))
			return vs_fail(err, VS_ERR_USAGE,
				"data URL: contains a character that must be percent-encoded");
		if (*s != '%') {
			vs_buf_ch(to, *s);
			continue;
		}
		if (dataurl_digit(s[1]) < 0 || dataurl_digit(s[2]) < 0)
			return vs_fail(err, VS_ERR_USAGE,
				"data URL: '%%' is not followed by two hex digits");
		vs_buf_ch(to, (char)(dataurl_digit(s[1]) << 4 | dataurl_digit(s[2])));
		s += 2;
	}
	return 0;
}

int
vs_undata_url(const char *url, struct vs_buf *to, struct vs_err *err)
{
	const char *data;
	bool base64;

	if (strncmp(url, "data:", 5) != 0)
		return vs_fail(err, VS_ERR_USAGE, "not a data URL");
	if (strchr(url, ',') == NULL)
		return vs_fail(err, VS_ERR_USAGE, "data URL: no ',' before the data");
	data = dataurl_data_of(url + 5, &base64);
	if (data == NULL)
		return vs_fail(err, VS_ERR_USAGE,
			"data URL: expected a media type, ';base64' or ',' before the data");
	if (!base64)
		return dataurl_unpercent(data, to, err);
	if (strpbrk(data, "\r"))
		return vs_fail(err, VS_ERR_USAGE, "data URL: contains a carriage return");
	return vs_unbase64(data, strlen(data), to, err);
}
