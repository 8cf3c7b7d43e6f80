/* SPDX-License-Identifier: Apache-2.0 */
/* The RKE2 release of a worker, as values for placeholders: a pinned release that
 * Ignition fetches and checks, or a channel that the node asks at its first boot
 * (docs.rke2.io; github.com/rancher/rke2/releases). */
#include <string.h>

#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "worker/release.h"

#define TARBALL	 "rke2.linux-amd64.tar.gz"
#define GITHUB	 "https://github.com/rancher/rke2/releases/download"
#define CHANNELS "https://update.rke2.io/v1-release/channels"

static bool
release_sha256(const char *s, size_t n)
{
	return n == 64 && strspn(s, "0123456789abcdef") >= 64;
}

/* The checksum of the tarball in a sha256sum-amd64.txt: lines "HEX  NAME". */
static int
release_find_sum(const char *path, char hex[65], struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = { .s = vs_buf_empty, .max = 1 << 20 };

	if (vs_read_file(path, "the checksums", &b, err) < 0)
		return -1;
	for (const char *s = b.s; *s; s += strcspn(s, "\n"), s += *s == '\n') {
		size_t n = strcspn(s, " \t\r\n");
		const char *name = s + n + strspn(s + n, " \t*");

		if (strcspn(name, "\r\n") != strlen(TARBALL)
			|| strncmp(name, TARBALL, strlen(TARBALL)) != 0)
			continue;
		if (!release_sha256(s, n))
			return vs_fail(err, VS_ERR_USAGE,
				"the checksum of " TARBALL " in '%s' is not a SHA-256", path);
		memcpy(hex, s, 64);
		hex[64] = '\0';
		return 0;
	}
	return vs_fail(err, VS_ERR_USAGE,
		"'%s' has no line for " TARBALL ": expected sha256sum-amd64.txt of the release",
		path);
}

static int
release_sum(const struct vs_worker *w, const char *version, char hex[65], struct vs_err *err)
{
	if (w->sha256 && w->sums)
		return vs_fail(
			err, VS_ERR_USAGE, "--rke2-sha256 and --rke2-sums cannot be used together");
	if (w->sums)
		return release_find_sum(w->sums, hex, err);
	if (w->sha256 == NULL)
		return vs_fail(err, VS_ERR_USAGE,
			"--rke2 %s needs the checksum of " TARBALL
			": give --rke2-sha256 HEX, or --rke2-sums FILE (sha256sum-amd64.txt of the release)",
			version);
	if (!release_sha256(w->sha256, strlen(w->sha256)))
		return vs_fail(err, VS_ERR_USAGE,
			"--rke2-sha256: '%.70s' is not a SHA-256: expected 64 hex digits in lower case",
			w->sha256);
	memcpy(hex, w->sha256, 65);
	return 0;
}

/* The URL goes into a shell script's environment: only characters of URLs are
 * accepted.  *out has no trailing slashes. */
static int
release_mirror(const struct vs_worker *w, char **out, struct vs_err *err)
{
	const char *s = w->mirror ? w->mirror : GITHUB;
	size_t n = strlen(s);
	const char *rest = strstr(s, "://");

	if (strchr(s, '@'))
		return vs_fail(err, VS_ERR_USAGE,
			"--rke2-url must not contain a user name or password: every node would store it");
	if (rest == NULL || rest[3] == '\0' || rest[3] == '/'
		|| (strncmp(s, "https:", 6) != 0 && strncmp(s, "http:", 5) != 0))
		return vs_fail(
			err, VS_ERR_USAGE, "--rke2-url: '%s' is not an https:// or http:// URL", s);
	if (strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/[]%+,=")
		!= n)
		return vs_fail(err, VS_ERR_USAGE,
			"--rke2-url: '%s' contains a query, or characters that must be percent-encoded",
			s);
	while (n > 0 && s[n - 1] == '/')
		n--;
	*out = vs_strndup(s, n);
	return 0;
}

static void
release_env(struct vs_buf *b, const char *key, const char *value)
{
	/* sh reads the file; systemd's EnvironmentFile= could, too */
	vs_buf_fmt(b, "%s=\"", key);
	for (; *value; value++) {
		if (strchr("\"\\$`", *value))
			vs_buf_ch(b, '\\');
		vs_buf_ch(b, *value);
	}
	vs_buf_str(b, "\"\n");
}

static int
release_pinned(const struct vs_worker *w, const struct vs_version *v, const char *base,
	struct vs_vars *vars, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	VS_FREE char *part = vs_version_url(v);
	VS_FREE char *url = vs_printf("%s/%s/" TARBALL, base, part);
	VS_FREE char *path = vs_printf("/opt/rke2-%s.tar.gz", v->text);
	char hex[65];

	if (release_sum(w, v->text, hex, err) < 0)
		return -1;
	release_env(&b, "RKE2_TARBALL", path);
	release_env(&b, "RKE2_SHA256", hex);
	vs_vars_set(vars, "RKE2_ENV", b.s, false);
	vs_vars_set(vars, "RKE2_TARBALL", path, false);
	vs_vars_set(vars, "RKE2_TARBALL_URL", url, false);
	vs_vars_set(vars, "RKE2_SHA256", hex, false);
	return 0;
}

static int
release_newest(const struct vs_worker *w, const char *channel, const char *base,
	struct vs_vars *vars, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	VS_FREE char *channels = w->mirror ? vs_printf("%s/channels", base) : vs_strdup(CHANNELS);

	if (w->sha256 || w->sums)
		return vs_fail(err, VS_ERR_USAGE,
			"a checksum is for one release: give --rke2 as v1.33.4+rke2r1, or omit the checksum (the node verifies it at first boot)");
	if (strncmp(base, "https:", 6) != 0)
		vs_warn("--rke2-url is plain http: an attacker on the network can replace the release and its checksums");
	release_env(&b, "RKE2_CHANNEL", channel);
	release_env(&b, "RKE2_CHANNEL_URL", channels);
	release_env(&b, "RKE2_URL", base);
	vs_vars_set(vars, "RKE2_ENV", b.s, false);
	return 0;
}

static int
release_check_channel(const struct vs_worker *w, struct vs_err *err)
{
	size_t n = strlen(w->channel);

	if (w->rke2)
		return vs_fail(
			err, VS_ERR_USAGE, "--rke2 and --rke2-channel cannot be used together");
	if (n == 0 || strspn(w->channel, "abcdefghijklmnopqrstuvwxyz0123456789.-") != n
		|| w->channel[0] == '.')
		return vs_fail(err, VS_ERR_USAGE,
			"--rke2-channel: '%s' is not a channel (such as stable, latest, v1.33)",
			w->channel);
	vs_warn("channel '%s' moves to newer versions by itself, but a kubelet must not be newer than the API server: --rke2 v1.33 stays at the server's minor version",
		w->channel);
	return 0;
}

int
vs_release_vars(const struct vs_worker *w, struct vs_vars *vars, struct vs_err *err)
{
	VS_FREE char *base = NULL;
	struct vs_version v = { 0 };

	if (w->rke2 == NULL && w->channel == NULL) {
		if (w->sha256 || w->sums || w->mirror)
			return vs_fail(err, VS_ERR_USAGE, "--rke2-%s needs --rke2 VERSION",
				w->sha256	  ? "sha256"
					: w->sums ? "sums"
						  : "url");
		return 0;
	}
	if (w->channel && release_check_channel(w, err) < 0)
		return -1;
	if (w->rke2 && vs_version_parse(&v, w->rke2, err) < 0)
		return vs_wrap(err, "--rke2");
	if (release_mirror(w, &base, err) < 0)
		return -1;
	vs_vars_set(vars, "RKE2_VERSION", w->rke2 ? v.text : w->channel, false);
	if (v.pinned)
		return release_pinned(w, &v, base, vars, err);
	return release_newest(w, w->rke2 ? v.text : w->channel, base, vars, err);
}
