/* SPDX-License-Identifier: Apache-2.0 */
/* URLs as Go's net/url parses them (src/net/url/url.go): the same ones are refused.
 * Which schemes Ignition fetches is in rules_url.c. */
#include <ctype.h>
#include <string.h>

#include "ign/go_url.h"

static bool
go_url_hex(char c)
{
	return isxdigit((unsigned char)c);
}

/* Are there two hex digits after each '%'? */
static bool
go_url_escapes(const char *s, const char *end)
{
	for (; s < end; s++)
		if (*s == '%' && (end - s < 3 || !go_url_hex(s[1]) || !go_url_hex(s[2])))
			return false;
	return true;
}

static bool
go_url_port(const char *s, const char *end)
{
	if (s < end && *s++ != ':')
		return false;
	for (; s < end; s++)
		if (*s < '0' || *s > '9')
			return false;
	return true;
}

/* In a host name, '%' may only encode bytes that are not ASCII. */
static bool
go_url_host_name(const char *s, const char *end)
{
	for (; s < end; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '%') {
			if (end - s < 3 || !go_url_hex(s[1]) || !go_url_hex(s[2])
				|| (s[1] < '8' && strncmp(s, "%25", 3) != 0))
				return false;
			s += 2;
		} else if (c < 0x80 && !isalnum(c) && strchr("-_.~!$&'()*+,;=:[]<>\"", c) == NULL) {
			return false;
		}
	}
	return true;
}

/* "fe80::1%25eth0": hex digits, at least two colons, and a zone. */
static bool
go_url_address(const char *s, const char *end)
{
	const char *zone = memchr(s, '%', (size_t)(end - s));
	int colons = 0;

	if (zone && (end - zone < 4 || strncmp(zone, "%25", 3) != 0 || !go_url_escapes(zone, end)))
		return false;
	for (const char *p = s; p < (zone ? zone : end); p++) {
		if (!go_url_hex(*p) && *p != ':' && *p != '.')
			return false;
		colons += *p == ':';
	}
	return colons >= 2;
}

static bool
go_url_host(const char *scheme, const char *s, const char *end)
{
	const char *open = memrchr(s, '[', (size_t)(end - s)), *colon, *close;
	bool web = strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0;

	if (open) {
		close = memrchr(s, ']', (size_t)(end - s));
		return open == s && close && go_url_address(s + 1, close)
			&& go_url_port(close + 1, end);
	}
	colon = web ? memchr(s, ':', (size_t)(end - s)) : memrchr(s, ':', (size_t)(end - s));
	return (colon == NULL || go_url_port(colon, end)) && go_url_host_name(s, end);
}

static bool
go_url_user(const char *s, const char *end)
{
	if (!go_url_escapes(s, end))
		return false;
	for (; s < end; s++)
		if ((*s & 0x80)
			|| (!isalnum((unsigned char)*s)
				&& strchr("-._:~!$&'()*+,;=%@", *s) == NULL))
			return false;
	return true;
}

static bool
go_url_authority(const char *scheme, const char *s, const char *end)
{
	const char *at = memrchr(s, '@', (size_t)(end - s));

	return at ? go_url_user(s, at) && go_url_host(scheme, at + 1, end)
		  : go_url_host(scheme, s, end);
}

/* Split off the scheme, into u.  False: s starts with a colon. */
static bool
go_url_scheme(const char *s, const char *end, struct vs_go_url *u)
{
	size_t n = 0;

	u->rest = s;
	u->scheme[0] = '\0';
	while (s + n < end
		&& (isalpha((unsigned char)s[n])
			|| (n > 0 && (isdigit((unsigned char)s[n]) || strchr("+-.", s[n])))))
		n++;
	if (s + n == end || s[n] != ':')
		return true;
	u->rest = s + n + 1;
	u->has_scheme = true;
	for (size_t i = 0; i < n && n < sizeof u->scheme; i++) {
		u->scheme[i] = (char)tolower((unsigned char)s[i]);
		u->scheme[i + 1] = '\0';
	}
	return n > 0;
}

bool
vs_go_url_parse(const char *s, size_t n, struct vs_go_url *u)
{
	const char *end = memchr(s, '#', n), *slash;

	*u = (struct vs_go_url){ .rest = s };
	if (end && !go_url_escapes(end + 1, s + n))
		return false;
	if (end == NULL)
		end = s + n;
	for (const char *p = s; p < end; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return false;
	if (end - s == 1 && *s == '*')
		return true;
	if (!go_url_scheme(s, end, u))
		return false;
	s = u->rest;
	slash = memchr(s, '?', (size_t)(end - s));
	if (slash)
		end = slash;
	slash = memchr(s, '/', (size_t)(end - s));
	if (s == end || *s != '/')
		return u->has_scheme || memchr(s, ':', (size_t)((slash ? slash : end) - s)) == NULL;
	if (end - s > 1 && s[1] == '/' && (u->has_scheme || end - s == 2 || s[2] != '/')) {
		slash = memchr(s + 2, '/', (size_t)(end - s - 2));
		if (!go_url_authority(u->scheme, s + 2, slash ? slash : end))
			return false;
		s = slash ? slash : end;
	}
	return go_url_escapes(s, end);
}
