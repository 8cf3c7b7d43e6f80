/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ign/rules.h"
#include "text/dataurl.h"

/* Ignition parses URLs by Go's net/url, which refuses little; this refuses the
 * same. */

static bool
rules_url_hex(char c)
{
	return isxdigit((unsigned char)c);
}

/* Two hex digits behind each '%'. */
static bool
rules_url_escapes(const char *s, const char *end)
{
	for (; s < end; s++)
		if (*s == '%' && (end - s < 3 || !rules_url_hex(s[1]) || !rules_url_hex(s[2])))
			return false;
	return true;
}

static bool
rules_url_port(const char *s, const char *end)
{
	if (s < end && *s++ != ':')
		return false;
	for (; s < end; s++)
		if (*s < '0' || *s > '9')
			return false;
	return true;
}

/* What may stand in a host's name; '%' only for bytes that are no ASCII. */
static bool
rules_url_host_name(const char *s, const char *end)
{
	for (; s < end; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '%') {
			if (end - s < 3 || !rules_url_hex(s[1]) || !rules_url_hex(s[2])
				|| (s[1] < '8' && strncmp(s, "%25", 3) != 0))
				return false;
			s += 2;
		} else if (c < 0x80 && !isalnum(c) && strchr("-_.~!$&'()*+,;=:[]<>\"", c) == NULL) {
			return false;
		}
	}
	return true;
}

/* "[fe80::1%25eth0]": digits and colons enough, and a zone. */
static bool
rules_url_address(const char *s, const char *end)
{
	const char *zone = memchr(s, '%', (size_t)(end - s));
	int colons = 0;

	if (zone
		&& (end - zone < 4 || strncmp(zone, "%25", 3) != 0
			|| !rules_url_escapes(zone, end)))
		return false;
	for (const char *p = s; p < (zone ? zone : end); p++) {
		if (!rules_url_hex(*p) && *p != ':' && *p != '.')
			return false;
		colons += *p == ':';
	}
	return colons >= 2;
}

static bool
rules_url_host(const char *scheme, const char *s, const char *end)
{
	const char *open = memrchr(s, '[', (size_t)(end - s)), *colon, *close;
	bool web = strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0;

	if (open) {
		close = memrchr(s, ']', (size_t)(end - s));
		return open == s && close && rules_url_address(s + 1, close)
			&& rules_url_port(close + 1, end);
	}
	colon = web ? memchr(s, ':', (size_t)(end - s)) : memrchr(s, ':', (size_t)(end - s));
	return (colon == NULL || rules_url_port(colon, end)) && rules_url_host_name(s, end);
}

static bool
rules_url_user(const char *s, const char *end)
{
	if (!rules_url_escapes(s, end))
		return false;
	for (; s < end; s++)
		if ((*s & 0x80)
			|| (!isalnum((unsigned char)*s)
				&& strchr("-._:~!$&'()*+,;=%@", *s) == NULL))
			return false;
	return true;
}

static bool
rules_url_authority(const char *scheme, const char *s, const char *end)
{
	const char *at = memrchr(s, '@', (size_t)(end - s));

	return at ? rules_url_user(s, at) && rules_url_host(scheme, at + 1, end)
		  : rules_url_host(scheme, s, end);
}

/* The scheme into u; false: it begins with a colon. */
static bool
rules_url_scheme(const char *s, const char *end, struct vs_go_url *u)
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
	u->any = true;
	for (size_t i = 0; i < n && n < sizeof u->scheme; i++) {
		u->scheme[i] = (char)tolower((unsigned char)s[i]);
		u->scheme[i + 1] = '\0';
	}
	return n > 0;
}

bool
vs_go_url(const char *s, size_t n, struct vs_go_url *u)
{
	const char *end = memchr(s, '#', n), *slash;

	*u = (struct vs_go_url){ .rest = s };
	if (end && !rules_url_escapes(end + 1, s + n))
		return false;
	if (end == NULL)
		end = s + n;
	for (const char *p = s; p < end; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return false;
	if (end - s == 1 && *s == '*')
		return true;
	if (!rules_url_scheme(s, end, u))
		return false;
	s = u->rest;
	slash = memchr(s, '?', (size_t)(end - s));
	if (slash)
		end = slash;
	slash = memchr(s, '/', (size_t)(end - s));
	if (s == end || *s != '/')
		return u->any || memchr(s, ':', (size_t)((slash ? slash : end) - s)) == NULL;
	if (end - s > 1 && s[1] == '/' && (u->any || end - s == 2 || s[2] != '/')) {
		slash = memchr(s + 2, '/', (size_t)(end - s - 2));
		if (!rules_url_authority(u->scheme, s + 2, slash ? slash : end))
			return false;
		s = slash ? slash : end;
	}
	return rules_url_escapes(s, end);
}

/* A key of a query, which may be percent-encoded. */
static bool
rules_url_key_is(const char *s, size_t n, const char *key)
{
	const char *end = s + n;

	for (; *key && s < end; key++, s++) {
		char two[3] = "";

		if (*s == '%' && end - s > 2) {
			memcpy(two, s + 1, 2);
			s += 2;
		}
		if ((*two ? (char)strtol(two, NULL, 16) : *s) != *key)
			return false;
	}
	return *key == '\0' && s == end;
}

/* "versionId=" in the query, with nothing behind the first one. */
static bool
rules_url_empty_version(const char *rest)
{
	const char *end = rest + strcspn(rest, "#");
	const char *q = memchr(rest, '?', (size_t)(end - rest));

	while (q && q++ < end) {
		size_t n = strcspn(q, "&#"), k = strcspn(q, "=&#");

		if (rules_url_key_is(q, k, "versionId"))
			return n <= k + 1;
		q = q[n] == '&' ? q + n : NULL;
	}
	return false;
}

/* "arn:PARTITION:s3:REGION:ACCOUNT:BUCKET/KEY", u.rest is behind "arn:". */
static bool
rules_url_s3_arn(const char *rest)
{
	size_t n = strcspn(rest, "?#"), parts = 1, slashes = 0;
	const char *part[6] = { rest };

	for (size_t i = 0; i < n; i++) {
		if (rest[i] == ':' && parts < 5)
			part[parts++] = rest + i + 1;
		slashes += rest[i] == '/';
	}
	if (*rest == '/' || parts < 5 || strncmp(part[1], "s3:", 3) != 0)
		return false;
	return slashes >= (strncmp(part[4], "accesspoint/", 12) == 0 ? 2 : 1);
}

static const char fetched[] =
	"no URL that Ignition fetches (http, https, tftp, gs, s3, arn, data or oem); text of your own goes to 'inline'";

/* Not quoted: it may hold a password, or be what should have been inline. */
static const char *
rules_url_flaw(const struct vs_report *r, const struct vs_go_url *u, const char *s)
{
	VS_BUF_FREE struct vs_buf data = { .s = vs_buf_empty, .secret = true };
	static const char *const plain[] = { "http", "https", "tftp", "gs", "s3" };
	struct vs_err err;

	for (size_t i = 0; i < VS_LEN(plain); i++)
		if (strcmp(u->scheme, plain[i]) == 0) {
			if (i == 3 && r->spec < 2)
				return "gs: came with Ignition 3.2";
			return i == 4 && rules_url_empty_version(u->rest)
				? "an S3 URL whose versionId is empty"
				: NULL;
		}
	if (strcmp(u->scheme, "data") == 0)
		return vs_undata_url(s, &data, &err) < 0 ? "a damaged data URL" : NULL;
	if (strcmp(u->scheme, "arn") == 0 && r->spec < 4)
		return r->json ? "arn: came with Ignition 3.4"
			       : "arn: came with flatcar 1.1.0, the document is 1.0.0";
	if (strcmp(u->scheme, "arn") == 0)
		return !rules_url_s3_arn(u->rest)
			? "no ARN of an S3 object: arn:PARTITION:s3:REGION:ACCOUNT:BUCKET/KEY"
			: rules_url_empty_version(u->rest) ? "an S3 ARN whose versionId is empty"
							   : NULL;
	/* Flatcar's Ignition reads it from the OEM partition, upstream's does not. */
	if (strcmp(u->scheme, "oem") == 0 && !r->lax)
		return NULL;
	return fetched;
}

const char *
vs_source_flaw(const struct vs_report *r, const struct vs_tree *v)
{
	struct vs_go_url u;

	if (v->len == 0)
		return NULL;
	if (!vs_go_url(v->text, v->len, &u))
		return fetched;
	return rules_url_flaw(r, &u, v->text);
}

void
vs_rule_source(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	const char *why = vs_source_flaw(r, v);
	struct vs_go_url u;

	if (why == fetched && !v->secret && vs_go_url(v->text, v->len, &u) && *u.scheme
		&& strncmp(u.rest, "//", 2) == 0)
		vs_report(r, VS_VERDICT_ERROR, v, path,
			"Ignition fetches nothing by '%s://': http, https, tftp, gs, s3, arn, data or oem",
			u.scheme);
	else if (why)
		vs_report(r, VS_VERDICT_ERROR, v, path, "%s", why);
	else if (strpbrk(v->text, " \t\r\n"))
		vs_report(r, VS_VERDICT_STRICT, v, path, "white space in a URL");
}

static bool
rules_url_web(const struct vs_tree *v, struct vs_go_url *u)
{
	return vs_go_url(v->text, v->len, u)
		&& (strcmp(u->scheme, "http") == 0 || strcmp(u->scheme, "https") == 0);
}

void
vs_rule_proxy(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	struct vs_go_url u;

	if (!rules_url_web(v, &u))
		vs_report(r, VS_VERDICT_ERROR, v, path, "a proxy is an http:// or https:// URL");
}

void
vs_rule_https_proxy(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	struct vs_go_url u;

	vs_rule_proxy(r, v, path);
	if (rules_url_web(v, &u) && strcmp(u.scheme, "http") == 0)
		vs_report(r, VS_VERDICT_WARNING, v, path,
			"what is asked of this proxy goes to it in the clear");
}

void
vs_rule_tang_url(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	struct vs_go_url u;

	if (!rules_url_web(v, &u))
		vs_report(r, VS_VERDICT_ERROR, v, path,
			"a tang server is an http:// or https:// URL");
}
