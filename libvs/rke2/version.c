/* SPDX-License-Identifier: Apache-2.0 */
/* version.c - parses RKE2 versions; asks no server which ones exist.
 * Reference: release tags of github.com/rancher/rke2; channels at update.rke2.io. */
#include <string.h>

#include "base/assert.h"
#include "base/buf.h"
#include "base/mem.h"
#include "rke2/version.h"

/* The number at *s, without leading zeros; moves *s past it. */
static bool
version_number(const char **s, int *to)
{
	size_t n = strspn(*s, "0123456789");

	if (n == 0 || n > 5 || (n > 1 && **s == '0'))
		return false;
	for (*to = 0; n > 0; n--)
		*to = *to * 10 + (*(*s)++ - '0');
	return true;
}

static bool
version_skip(const char **s, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(*s, word, n) != 0)
		return false;
	*s += n;
	return true;
}

/* "-rc2", or nothing */
static bool
version_prerelease(const char **s)
{
	size_t n;

	if (!version_skip(s, "-"))
		return true;
	n = strspn(*s, "abcdefghijklmnopqrstuvwxyz0123456789.");
	*s += n;
	return n > 0;
}

/* All of s is a version. */
static bool
version_parse(struct vs_version *v, const char *s)
{
	size_t n = strlen(s);

	*v = (struct vs_version){ .patch = -1, .release = -1 };
	if (n >= sizeof v->text)
		return false;
	memcpy(v->text, s, n);
	if (!version_skip(&s, "v") || !version_number(&s, &v->major) || !version_skip(&s, ".")
		|| !version_number(&s, &v->minor))
		return false;
	if (*s == '\0')
		return true;
	v->pinned = true;
	return version_skip(&s, ".") && version_number(&s, &v->patch) && version_prerelease(&s)
		&& version_skip(&s, "+rke2r") && version_number(&s, &v->release) && *s == '\0';
}

/* Is s a version after the usual mistakes are corrected? */
static bool
version_repair(const char *s, struct vs_version *v)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	if (*s != 'v' && *s != 'V')
		vs_buf_ch(&b, 'v');
	while (*s) {
		if (version_skip(&s, "V"))
			vs_buf_ch(&b, 'v');
		else if (version_skip(&s, "-rke2")) /* as images are tagged */
			vs_buf_str(&b, "+rke2");
		else if (version_skip(&s, "%2B") || version_skip(&s, "%2b")) /* in a URL */
			vs_buf_ch(&b, '+');
		else
			vs_buf_ch(&b, *s++);
	}
	return version_parse(v, b.s);
}

int
vs_version_parse(struct vs_version *v, const char *s, struct vs_err *err)
{
	struct vs_version meant;

	if (version_parse(v, s))
		return 0;
	if (version_repair(s, &meant))
		return vs_fail(err, VS_ERR_USAGE, "'%s' is not an RKE2 version: did you mean '%s'",
			s, meant.text);
	if (v->patch >= 0)
		return vs_fail(err, VS_ERR_USAGE,
			"'%s' is not an RKE2 version: the release is missing, as in v%d.%d.%d+rke2r1; v%d.%d is the newest patch",
			s, v->major, v->minor, v->patch, v->major, v->minor);
	return vs_fail(err, VS_ERR_USAGE,
		"'%s' is not an RKE2 version: use v1.33 (the newest patch of a minor version) or v1.33.4+rke2r1 (one release)",
		s);
}

char *
vs_version_url(const struct vs_version *v)
{
	struct vs_buf b = VS_BUF_INIT;

	assert(*v->text); /* it was parsed */
	for (const char *s = v->text; *s; s++)
		if (*s == '+')
			vs_buf_str(&b, "%2B");
		else
			vs_buf_ch(&b, *s);
	return vs_buf_take(&b);
}

int
vs_version_find(struct vs_version *v, const char *text, struct vs_err *err)
{
	static const char blank[] = " \t\r\n";

	for (const char *s = text + strspn(text, blank); *s;) {
		size_t n = strcspn(s, blank);
		VS_FREE char *word = vs_strndup(s, n);

		if (version_parse(v, word) && v->pinned)
			return 0;
		s += n;
		s += strspn(s, blank);
	}
	return vs_fail(err, VS_ERR_FAILED, "no RKE2 version in the output");
}
