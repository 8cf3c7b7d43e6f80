/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "ign/ssh_key.h"
#include "worker/worker_parts.h"

#define TARBALL	 "rke2.linux-amd64.tar.gz"
#define GITHUB	 "https://github.com/rancher/rke2/releases/download"
#define CHANNELS "https://update.rke2.io/v1-release/channels"

/* ---- which RKE2 */

static bool
worker_parts_sha256(const char *s, size_t n)
{
	return n == 64 && strspn(s, "0123456789abcdef") >= 64;
}

/* The sum of the tarball in a sha256sum-amd64.txt: "HEX  NAME" lines. */
static int
worker_parts_find_sum(const char *path, char hex[65], struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = { .s = vs_buf_empty, .max = 1 << 20 };

	if (vs_read_file(path, "the sums", &b, err) < 0)
		return -1;
	for (const char *s = b.s; *s; s += strcspn(s, "\n"), s += *s == '\n') {
		size_t n = strcspn(s, " \t\r\n");
		const char *name = s + n + strspn(s + n, " \t*");

		if (strcspn(name, "\r\n") != strlen(TARBALL)
			|| strncmp(name, TARBALL, strlen(TARBALL)) != 0)
			continue;
		if (!worker_parts_sha256(s, n))
			return vs_fail(err, VS_ERR_USAGE,
				"the sum of " TARBALL " in '%s' is no SHA-256", path);
		memcpy(hex, s, 64);
		hex[64] = '\0';
		return 0;
	}
	return vs_fail(err, VS_ERR_USAGE,
		"'%s' has no line for " TARBALL
		": it is sha256sum-amd64.txt of the release that is wanted",
		path);
}

static int
worker_parts_sum(const struct vs_worker *w, const char *version, char hex[65], struct vs_err *err)
{
	if (w->sha256 && w->sums)
		return vs_fail(err, VS_ERR_USAGE, "either --rke2-sha256 or --rke2-sums, not both");
	if (w->sums)
		return worker_parts_find_sum(w->sums, hex, err);
	if (w->sha256 == NULL)
		return vs_fail(err, VS_ERR_USAGE,
			"--rke2 %s needs the sum of its " TARBALL
			": --rke2-sha256 HEX, or --rke2-sums FILE (the release's sha256sum-amd64.txt)",
			version);
	if (!worker_parts_sha256(w->sha256, strlen(w->sha256)))
		return vs_fail(err, VS_ERR_USAGE,
			"--rke2-sha256: '%.70s' is no SHA-256: 64 hex digits in lower case",
			w->sha256);
	memcpy(hex, w->sha256, 65);
	return 0;
}

/* A mirror's URL goes into a unit's environment: nothing but what an URL may
 * hold.  *out: without slashes at its end. */
static int
worker_parts_mirror(const struct vs_worker *w, char **out, struct vs_err *err)
{
	const char *s = w->mirror ? w->mirror : GITHUB;
	size_t n = strlen(s);
	const char *rest = strstr(s, "://");

	if (strchr(s, '@'))
		return vs_fail(err, VS_ERR_USAGE,
			"--rke2-url holds a user or a password: it must not, every node would keep it");
	if (rest == NULL || rest[3] == '\0' || rest[3] == '/'
		|| (strncmp(s, "https:", 6) != 0 && strncmp(s, "http:", 5) != 0))
		return vs_fail(
			err, VS_ERR_USAGE, "--rke2-url: '%s' is no https:// or http:// URL", s);
	if (strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/[]%+,=")
		!= n)
		return vs_fail(err, VS_ERR_USAGE,
			"--rke2-url: '%s' has characters that must be written as %%xx, or a query",
			s);
	while (n > 0 && s[n - 1] == '/')
		n--;
	*out = vs_strndup(s, n);
	return 0;
}

static void
worker_parts_env(struct vs_buf *b, const char *key, const char *value)
{
	/* for sh, which reads the file, and just as well for systemd's
	 * EnvironmentFile= */
	vs_buf_fmt(b, "%s=\"", key);
	for (; *value; value++) {
		if (strchr("\"\\$`", *value))
			vs_buf_ch(b, '\\');
		vs_buf_ch(b, *value);
	}
	vs_buf_str(b, "\"\n");
}

static int
worker_parts_pinned(const struct vs_worker *w, const struct vs_version *v, const char *base,
	struct vs_vars *vars, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	VS_FREE char *part = vs_version_url(v);
	VS_FREE char *url = vs_printf("%s/%s/" TARBALL, base, part);
	VS_FREE char *path = vs_printf("/opt/rke2-%s.tar.gz", v->text);
	char hex[65];

	if (worker_parts_sum(w, v->text, hex, err) < 0)
		return -1;
	worker_parts_env(&b, "RKE2_TARBALL", path);
	worker_parts_env(&b, "RKE2_SHA256", hex);
	vs_vars_set(vars, "RKE2_ENV", b.s, false);
	vs_vars_set(vars, "RKE2_TARBALL", path, false);
	vs_vars_set(vars, "RKE2_TARBALL_URL", url, false);
	vs_vars_set(vars, "RKE2_SHA256", hex, false);
	return 0;
}

static int
worker_parts_newest(const struct vs_worker *w, const char *channel, const char *base,
	struct vs_vars *vars, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	VS_FREE char *channels = w->mirror ? vs_printf("%s/channels", base) : vs_strdup(CHANNELS);

	if (w->sha256 || w->sums)
		return vs_fail(err, VS_ERR_USAGE,
			"a sum is for one release: give --rke2 as v1.33.4+rke2r1, or leave the sum to the node's first boot");
	if (strncmp(base, "https:", 6) != 0)
		vs_warn("--rke2-url is plain http: who answers there in its place chooses what runs on the node, sums and all");
	worker_parts_env(&b, "RKE2_CHANNEL", channel);
	worker_parts_env(&b, "RKE2_CHANNEL_URL", channels);
	worker_parts_env(&b, "RKE2_URL", base);
	vs_vars_set(vars, "RKE2_ENV", b.s, false);
	return 0;
}

static int
worker_parts_channel_word(const struct vs_worker *w, struct vs_err *err)
{
	size_t n = strlen(w->channel);

	if (w->rke2)
		return vs_fail(err, VS_ERR_USAGE, "either --rke2 or --rke2-channel, not both");
	if (n == 0 || strspn(w->channel, "abcdefghijklmnopqrstuvwxyz0123456789.-") != n
		|| w->channel[0] == '.')
		return vs_fail(err, VS_ERR_USAGE,
			"--rke2-channel: '%s' is no channel: stable, latest, v1.33", w->channel);
	vs_warn("channel '%s' moves on by itself, and a kubelet must not be newer than its apiserver: --rke2 v1.33 follows the server's minor",
		w->channel);
	return 0;
}

int
vs_worker_release(const struct vs_worker *w, struct vs_vars *vars, struct vs_err *err)
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
	if (w->channel && worker_parts_channel_word(w, err) < 0)
		return -1;
	if (w->rke2 && vs_version_parse(&v, w->rke2, err) < 0)
		return vs_wrap(err, "--rke2");
	if (worker_parts_mirror(w, &base, err) < 0)
		return -1;
	vs_vars_set(vars, "RKE2_VERSION", w->rke2 ? v.text : w->channel, false);
	if (v.pinned)
		return worker_parts_pinned(w, &v, base, vars, err);
	return worker_parts_newest(w, w->rke2 ? v.text : w->channel, base, vars, err);
}

/* ---- who may log in */

static bool
worker_parts_has(const struct vs_var *var, const char *value)
{
	for (size_t i = 0; i < var->n; i++)
		if (strcmp(var->v[i], value) == 0)
			return true;
	return false;
}

static int
worker_parts_key_line(const char *s, size_t n, struct vs_vars *vars, struct vs_err *err)
{
	VS_SECRET char *line = NULL;
	const char *flaw;

	while (n > 0 && isspace((unsigned char)s[n - 1]))
		n--;
	line = vs_strndup(s, n);
	if (line[strspn(line, " \t")] == '\0' || line[strspn(line, " \t")] == '#')
		return 0;
	flaw = vs_ssh_key_flaw(line);
	if (flaw)
		return vs_fail(err, VS_ERR_USAGE, "%s", flaw);
	if (!worker_parts_has(vs_vars_at(vars, "SSH_KEYS"), line))
		vs_vars_add(vars, "SSH_KEYS", line);
	return 0;
}

static int
worker_parts_key_file(const char *path, struct vs_vars *vars, struct vs_err *err)
{
	/* secret: it may be the private key, by mistake */
	VS_BUF_FREE struct vs_buf b = { .s = vs_buf_empty, .max = 1 << 20, .secret = true };
	size_t had = vs_vars_at(vars, "SSH_KEYS")->n;
	int line = 0;

	if (vs_read_file(path, "the SSH key", &b, err) < 0)
		return -1;
	for (const char *s = b.s; *s; s += *s == '\n') {
		size_t n = strcspn(s, "\n");

		line++;
		if (worker_parts_key_line(s, n, vars, err) < 0)
			return vs_wrap(err, "%s:%d", path, line);
		s += n;
	}
	if (vs_vars_at(vars, "SSH_KEYS")->n == had && had == 0)
		return vs_fail(err, VS_ERR_USAGE, "'%s' holds no SSH public key", path);
	return 0;
}

int
vs_worker_keys(const struct vs_worker *w, struct vs_vars *vars, struct vs_err *err)
{
	vs_vars_add(vars, "SSH_KEYS", NULL);
	for (size_t i = 0; i < w->keys.n; i++)
		if (worker_parts_key_file(w->keys.v[i], vars, err) < 0)
			return -1;
	return 0;
}

/* ---- Flatcar's own updates: /etc/flatcar/update.conf */

/* "HH:MM" */
static bool
worker_parts_hour(const char *s)
{
	static const char digits[] = "0123456789";

	return s[0] >= '0' && s[0] <= '2' && s[1] && strchr(digits, s[1])
		&& (s[0] < '2' || s[1] < '4') && s[2] == ':' && s[3] >= '0' && s[3] <= '5' && s[4]
		&& strchr(digits, s[4]);
}

/* "[DAY ]HH:MM" of a reboot window, as locksmith reads it. */
static bool
worker_parts_start(const char *s, size_t n)
{
	static const char days[] = "Sun Mon Tue Wed Thu Fri Sat ";

	if (n == 9) {
		char day[5] = { s[0], s[1], s[2], s[3], '\0' };
		const char *at = strstr(days, day);

		return at && (at - days) % 4 == 0 && worker_parts_hour(s + 4);
	}
	return n == 5 && worker_parts_hour(s);
}

static int
worker_parts_window(const char *s, struct vs_buf *conf, struct vs_err *err)
{
	const char *slash = strchr(s, '/');
	int64_t ms;

	if (slash == NULL || !worker_parts_start(s, (size_t)(slash - s))
		|| vs_duration(slash + 1, &ms, err) < 0 || ms < 60000)
		return vs_fail(err, VS_ERR_USAGE,
			"--reboot-window: '%s' is no [DAY ]HH:MM/LENGTH, such as '04:00/1h' or 'Thu 23:30/90m'",
			s);
	vs_buf_fmt(conf, "LOCKSMITHD_REBOOT_WINDOW_START=\"%.*s\"\n", (int)(slash - s), s);
	vs_buf_fmt(conf, "LOCKSMITHD_REBOOT_WINDOW_LENGTH=%s\n", slash + 1);
	return 0;
}

int
vs_worker_updates(const struct vs_worker *w, struct vs_vars *vars, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	const char *how = w->updates ? w->updates : "none";
	bool reboots = strcmp(how, "reboot") == 0 || strcmp(how, "etcd-lock") == 0;

	if (w->window && !reboots)
		return vs_fail(err, VS_ERR_USAGE,
			"--reboot-window goes with --updates reboot or etcd-lock");
	if (strcmp(how, "none") == 0) {
		if (w->group)
			return vs_fail(err, VS_ERR_USAGE,
				"--group goes with --updates kured, reboot or etcd-lock");
		return 0;
	}
	if (w->group
		&& (*w->group == '\0'
			|| strspn(w->group, "abcdefghijklmnopqrstuvwxyz0123456789.-")
				!= strlen(w->group)))
		return vs_fail(err, VS_ERR_USAGE,
			"--group: '%s' is no channel of Flatcar: stable, beta, alpha, lts, lts-2024",
			w->group);
	if (strcmp(how, "etcd-lock") == 0)
		vs_warn("--updates etcd-lock needs an etcd of the old v2 API at 127.0.0.1:2379: RKE2 has none, --updates kured does without");
	if (w->group)
		vs_buf_fmt(&b, "GROUP=%s\n", w->group);
	vs_buf_fmt(&b, "REBOOT_STRATEGY=%s\n", reboots ? how : "off");
	if (w->window && worker_parts_window(w->window, &b, err) < 0)
		return -1;
	vs_vars_set(vars, "UPDATE_CONF", b.s, false);
	return 0;
}
