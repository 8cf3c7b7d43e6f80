/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for URLs: what Ignition can fetch, in which version.  From coreos/ignition,
 * config/v3_N/types/url.go and proxy.go. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ign/go_url.h"
#include "ign/rules.h"
#include "text/dataurl.h"

/* Compare a key of a query, which may be percent-encoded. */
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

/* Is the first versionId in the query empty? */
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

/* "arn:PARTITION:s3:REGION:ACCOUNT:BUCKET/KEY"; rest: what follows "arn:". */
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
	"not a URL that Ignition can fetch (http, https, tftp, gs, s3, arn, data or oem): put text into 'inline'";

/* Never quotes the URL: it may have a password, or be text that belongs into inline. */
static const char *
rules_url_flaw(const struct vs_report *r, const struct vs_go_url *u, const char *s)
{
	VS_BUF_FREE struct vs_buf data = VS_BUF_SECRET;
	static const char *const plain[] = { "http", "https", "tftp", "gs", "s3" };
	struct vs_err err;

	for (size_t i = 0; i < VS_LEN(plain); i++)
		if (strcmp(u->scheme, plain[i]) == 0) {
			if (i == 3 && r->spec < 2)
				return "'gs' URLs require Ignition 3.2";
			return i == 4 && rules_url_empty_version(u->rest)
				? "the versionId of the S3 URL is empty"
				: NULL;
		}
	if (strcmp(u->scheme, "data") == 0)
		return vs_undata_url(s, &data, &err) < 0 ? "invalid data URL" : NULL;
	if (strcmp(u->scheme, "arn") == 0 && r->spec < 4)
		return r->json
			? "'arn' URLs require Ignition 3.4"
			: "'arn' URLs require flatcar 1.1.0, but the document is flatcar 1.0.0";
	if (strcmp(u->scheme, "arn") == 0)
		return !rules_url_s3_arn(u->rest)
			? "not the ARN of an S3 object: expected arn:PARTITION:s3:REGION:ACCOUNT:BUCKET/KEY"
			: rules_url_empty_version(u->rest) ? "the versionId of the S3 ARN is empty"
							   : NULL;
	/* only Flatcar's Ignition has it: a file on the OEM partition */
	if (strcmp(u->scheme, "oem") == 0 && !r->lax)
		return NULL;
	return fetched;
}

const char *
vs_rules_source_flaw(const struct vs_report *r, const struct vs_tree *v)
{
	struct vs_go_url u;

	if (v->len == 0)
		return NULL;
	if (!vs_go_url_parse(v->text, v->len, &u))
		return fetched;
	return rules_url_flaw(r, &u, v->text);
}

void
vs_rule_source(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	const char *why = vs_rules_source_flaw(r, v);
	struct vs_go_url u;

	if (why == fetched && !v->secret && vs_go_url_parse(v->text, v->len, &u) && *u.scheme
		&& strncmp(u.rest, "//", 2) == 0)
		vs_report(r, VS_VERDICT_ERROR, v, path,
			"Ignition cannot fetch '%s://' URLs: use http, https, tftp, gs, s3, arn, data or oem",
			u.scheme);
	else if (why)
		vs_report(r, VS_VERDICT_ERROR, v, path, "%s", why);
	else if (strpbrk(v->text, " \t\r\n"))
		vs_report(r, VS_VERDICT_STRICT, v, path, "the URL contains white space");
}

static bool
rules_url_web(const struct vs_tree *v, struct vs_go_url *u)
{
	return vs_go_url_parse(v->text, v->len, u)
		&& (strcmp(u->scheme, "http") == 0 || strcmp(u->scheme, "https") == 0);
}

void
vs_rule_proxy(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	struct vs_go_url u;

	if (!rules_url_web(v, &u))
		vs_report(
			r, VS_VERDICT_ERROR, v, path, "a proxy must be an http:// or https:// URL");
}

void
vs_rule_https_proxy(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	struct vs_go_url u;

	vs_rule_proxy(r, v, path);
	if (rules_url_web(v, &u) && strcmp(u.scheme, "http") == 0)
		vs_report(
			r, VS_VERDICT_WARNING, v, path, "requests to this proxy are not encrypted");
}

void
vs_rule_tang_url(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	struct vs_go_url u;

	if (!rules_url_web(v, &u))
		vs_report(r, VS_VERDICT_ERROR, v, path,
			"a tang server must be an http:// or https:// URL");
}
