/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 3986, as far as an https URL of a server needs it: no fragment, no relative
 * form.  Messages quote nothing that may be a password or a part of one, also where
 * '/', '?', '#', '@' or the host is not where the user meant it to be. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "net/url.h"

static int
url_hex(char c)
{
	return isdigit((unsigned char)c)		 ? c - '0'
		: (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
							 : -1;
}

/* NULL: a '%' without two hexadecimal digits, or "%00". */
static char *
url_decode(const char *s, size_t n)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_SECRET;

	for (size_t i = 0; i < n; i++) {
		int c = (unsigned char)s[i];

		if (c == '%') {
			int hi = n - i > 2 ? url_hex(s[i + 1]) : -1;
			int lo = hi >= 0 ? url_hex(s[i + 2]) : -1;

			c = lo < 0 ? 0 : hi * 16 + lo;
			if (c == 0)
				return NULL;
			i += 2;
		}
		vs_buf_ch(&b, (char)c);
	}
	return vs_buf_take(&b);
}

static int
url_parse_user(const char *s, size_t n, struct vs_url *u, struct vs_err *err)
{
	const char *colon = memchr(s, ':', n);

	u->user = url_decode(s, colon ? (size_t)(colon - s) : n);
	if (colon)
		u->password = url_decode(colon + 1, n - (size_t)(colon + 1 - s));
	if (u->user == NULL || (colon && u->password == NULL))
		return vs_fail(err, VS_ERR_USAGE,
			"the user name or password in the URL is not percent-encoded: write '%%' as '%%25'");
	return 0;
}

static int
url_parse_host(const char *s, size_t n, struct vs_url *u, struct vs_err *err)
{
	const char *end = s + n, *stop, *allowed;
	bool v6 = n > 0 && *s == '[';
	int64_t port;

	if (v6) {
		allowed = "0123456789abcdefABCDEF:.%";
		stop = memchr(s++, ']', n);
		if (stop == NULL)
			return vs_fail(
				err, VS_ERR_USAGE, "the URL has no ']' after its IPv6 address");
	} else {
		allowed = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._~";
		stop = memchr(s, ':', n);
		if (stop == NULL)
			stop = end;
	}
	u->host = vs_strndup(s, (size_t)(stop - s));
	for (char *p = u->host; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	if (*u->host == '\0')
		return vs_fail(err, VS_ERR_USAGE, "the URL has no host");
	if (u->host[strspn(u->host, allowed)] || (v6 && !strchr(u->host, ':')))
		return !v6 && u->open
			? vs_fail(err, VS_ERR_USAGE, "'%s' is not a host name", u->host)
			: vs_fail(err, VS_ERR_USAGE, "the host in the URL is not a host name");
	if (stop < end && *stop == ']')
		stop++;
	if (stop == end)
		return 0;
	if (*stop == ':') {
		VS_FREE char *text = vs_strndup(stop + 1, (size_t)(end - stop - 1));

		if (vs_num(text, 1, 65535, &port, err) == 0) {
			u->port = (int)port;
			return 0;
		}
		/* "admin:password" without '@' looks like this, too */
		return vs_fail(err, VS_ERR_USAGE,
			"the port in the URL is not a number from 1 to 65535 (a user name and password end with '@')");
	}
	return vs_fail(err, VS_ERR_USAGE,
		"unexpected characters between the address and the port in the URL");
}

static int
url_parse(const char *s, struct vs_url *u, struct vs_err *err)
{
	const char *sep = strstr(s, "://"), *end, *at = NULL;
	size_t n = strcspn(s, ":/@?#");

	u->scheme = sep && sep == s + n ? vs_strndup(s, n) : vs_strdup("https");
	if (sep && sep == s + n)
		s = sep + 3;
	for (char *p = u->scheme; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	if (strcmp(u->scheme, "http") == 0 && !u->plain_ok)
		return vs_fail(err, VS_ERR_USAGE,
			"the URL begins with 'http://': only https is supported");
	if (strcmp(u->scheme, "https") != 0 && strcmp(u->scheme, "http") != 0)
		return vs_fail(err, VS_ERR_USAGE,
			"the URL does not begin with 'https://': only https is supported");
	u->port = strcmp(u->scheme, "https") == 0 ? 443 : 80;
	u->open = vs_url_open(s);
	for (const char *p = s; *p; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f)
			return vs_fail(err, VS_ERR_USAGE,
				"the URL contains a space or a control character");
	end = s + strcspn(s, "/?#");
	/* What is before it would be the host, and a part of a password be shown or looked up. */
	if (strchr(end, '@'))
		return vs_fail(err, VS_ERR_USAGE,
			"the URL has a '/', '?' or '#' before a '@': in a user name or password write '%%2F', '%%3F' or '%%23', elsewhere '%%40' for the '@'");
	/* the last one: a user name may be admin@vsphere.local */
	for (const char *p = s; p < end; p++)
		if (*p == '@')
			at = p;
	if (at && url_parse_user(s, (size_t)(at - s), u, err) < 0)
		return -1;
	if (at)
		s = at + 1;
	if (url_parse_host(s, (size_t)(end - s), u, err) < 0)
		return -1;
	n = strcspn(end, "#");
	if (n > 0)
		u->path = vs_printf("%s%.*s", *end == '/' ? "" : "/", (int)n, end);
	return 0;
}

/* HOST, HOST:PORT or HOST:PORT/, or HOST with a path: what follows a ':' is a
 * port, and there is no '@'. */
bool
vs_url_open(const char *s)
{
	const char *sep = strstr(s, "://"), *end, *colon;
	size_t n = strcspn(s, ":/@?#");

	if (sep && sep == s + n)
		s = sep + 3;
	if (strchr(s, '@'))
		return false;
	end = s + strcspn(s, "/?#");
	if (*s == '[' && memchr(s, ']', (size_t)(end - s)))
		s = memchr(s, ']', (size_t)(end - s));
	colon = memchr(s, ':', (size_t)(end - s));
	if (colon == NULL)
		return true;
	n = strspn(colon + 1, "0123456789");
	return n > 0 && colon + 1 + n == end && (*end == '\0' || strcmp(end, "/") == 0);
}

int
vs_url_parse(const char *s, struct vs_url *u, struct vs_err *err)
{
	*u = (struct vs_url){ .plain_ok = u->plain_ok };
	if (url_parse(s, u, err) == 0)
		return 0;
	vs_url_free(u);
	return -1;
}

void
vs_url_free(struct vs_url *u)
{
	free(u->scheme);
	free(u->user);
	vs_free_secret(u->password);
	free(u->host);
	free(u->path);
	*u = (struct vs_url){ .plain_ok = u->plain_ok };
}
