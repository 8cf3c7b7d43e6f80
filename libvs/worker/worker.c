/* SPDX-License-Identifier: Apache-2.0 */
/* Checks the parameters of a worker and turns them into values for placeholders.
 * Facts: docs.rke2.io (install/ha, reference/linux_agent_config). */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/io.h"
#include "base/log.h"
#include "base/num.h"
#include "net/url.h"
#include "rke2/label.h"
#include "rke2/token.h"
#include "text/utf8.h"
#include "text/yaml_write.h"
#include "worker/login.h"
#include "worker/release.h"
#include "worker/updates.h"
#include "worker/worker.h"

static const struct {
	const char *name, *hint;
} hints[] = {
	{ "SERVER", "-s URL" },
	{ "TOKEN", "-t FILE" },
	{ "RKE2_CONFIG", "-s URL and -t FILE" },
	{ "RKE2_VERSION", "--rke2 VERSION" },
	{ "RKE2_ENV", "--rke2 VERSION" },
	{ "RKE2_TARBALL", "a full version: --rke2 v1.33.4+rke2r1" },
	{ "RKE2_TARBALL_URL", "a full version: --rke2 v1.33.4+rke2r1" },
	{ "RKE2_SHA256",
		"a full version and its checksum: --rke2 v1.33.4+rke2r1 --rke2-sha256 HEX" },
	{ "UPDATE_CONF", "--updates kured, reboot or etcd-lock" },
};

bool
vs_worker_mode(const struct vs_worker *w)
{
	return w->server || w->token || w->rke2 || w->channel;
}

bool
vs_worker_any(const struct vs_worker *w)
{
	return vs_worker_mode(w) || w->keys.n > 0 || w->labels.n > 0 || w->taints.n > 0 || w->sha256
		|| w->sums || w->mirror || w->updates || w->group || w->window || w->allow_unpinned;
}

/* Length of the host at s, with its brackets; 0: not a host. */
static size_t
worker_host_len(const char *s)
{
	size_t n;

	if (*s != '[')
		return strspn(
			s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
	n = strspn(s + 1, "0123456789abcdefABCDEF:.");
	return n > 1 && s[n + 1] == ']' ? n + 2 : 0;
}

static int
worker_check_port(const char *url, const char *port, struct vs_err *err)
{
	int64_t n;

	if (*port == '\0') {
		vs_warn("the server '%s' has no port: RKE2 servers accept nodes on port 9345", url);
		return 0;
	}
	if (vs_num(port, 1, 65535, &n, err) < 0)
		return vs_fail(err, VS_ERR_USAGE,
			"the port of the server is not a number from 1 to 65535: expected https://HOST:9345");
	if (n == 6443)
		return vs_fail(err, VS_ERR_USAGE,
			"the server '%s': port 6443 is the Kubernetes API: RKE2 servers accept nodes on port 9345",
			url);
	if (n != 9345)
		vs_warn("the server '%s': RKE2 servers accept nodes on port 9345, not %s", url,
			port);
	return 0;
}

/* "https://HOST[:PORT][/]"; *end: its length without the slash. */
static int
worker_check_server(const char *url, size_t *end, struct vs_err *err)
{
	VS_FREE char *port = NULL;
	size_t n, digits = 0;

	if (strncmp(url, "https://", 8) != 0)
		return vs_fail(err, VS_ERR_USAGE,
			"the server '%s' is not an https:// URL: expected https://HOST:9345",
			vs_url_open(url) ? url : "***");
	if (strchr(url, '@'))
		return vs_fail(err, VS_ERR_USAGE,
			"the server URL must not contain a user name or password");
	n = 8 + worker_host_len(url + 8);
	if (url[n] == ':') {
		digits = strcspn(url + n + 1, "/?#");
		port = vs_strndup(url + n + 1, digits);
		digits++;
	}
	*end = n + digits;
	if (n == 8 || (url[*end] && strcmp(url + *end, "/") != 0))
		return vs_url_open(url)
			? vs_fail(
				err, VS_ERR_USAGE, "the server '%s' is not https://HOST:PORT", url)
			: vs_fail(err, VS_ERR_USAGE, "the server URL is not https://HOST:PORT");
	return worker_check_port(url, port ? port : "", err);
}

static int
worker_server(const struct vs_worker *w, struct vs_vars *vars, struct vs_err *err)
{
	VS_FREE char *url = NULL;
	size_t n = 0;

	if (w->server == NULL)
		return 0;
	if (worker_check_server(w->server, &n, err) < 0)
		return -1;
	url = vs_strndup(w->server, n);
	vs_vars_set(vars, "SERVER", url, false);
	return 0;
}

/* Is it a token instead of its file?  Then it must not be quoted. */
static bool
worker_is_token(const char *path)
{
	VS_TOKEN_FREE struct vs_token t = { 0 };
	struct vs_err err;

	return vs_token_parse(&t, path, strlen(path), &err) == 0 && (t.hash[0] || t.bootstrap);
}

static int
worker_token(const struct vs_worker *w, struct vs_vars *vars, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = { .s = vs_buf_empty, .max = 64 << 10, .secret = true };
	VS_TOKEN_FREE struct vs_token t = { 0 };

	if (w->token == NULL)
		return 0;
	if (vs_read_file(w->token, "the token", &b, err) < 0)
		return worker_is_token(w->token) ? vs_fail(err, VS_ERR_USAGE,
			       "-t takes a file with the token, or '-' for stdin: every user of this machine can read arguments")
						 : -1;
	if (vs_token_parse(&t, b.s, b.len, err) < 0)
		return vs_wrap(err, "the token in '%s'", w->token);
	if (!vs_utf8(t.text, strlen(t.text)))
		return vs_fail(err, VS_ERR_USAGE, "the token in '%s' is not valid UTF-8", w->token);
	if (t.hash[0] == '\0' && !w->allow_unpinned)
		return vs_fail(err, VS_ERR_USAGE,
			"the token in '%s' has no CA hash, so the node would trust any server at that address: use the full token 'K10...::...', or give --allow-unpinned",
			w->token);
	if (strcmp(t.user, "server") == 0 && !t.bootstrap)
		vs_info("this is the server token, which gives access to the whole cluster");
	vs_vars_set(vars, "TOKEN", t.text, true);
	return 0;
}

/* Of two labels with the same key, the kubelet would silently drop one. */
static int
worker_label(const struct vs_list *all, size_t i, struct vs_err *err)
{
	VS_LABEL_FREE struct vs_label l = { 0 };

	if (vs_label_parse(&l, all->v[i], err) < 0 || vs_label_kubelet(&l, err) < 0)
		return -1;
	for (size_t k = 0; k < i; k++)
		if (strncmp(all->v[k], all->v[i], strlen(l.key) + 1) == 0)
			return vs_fail(err, VS_ERR_USAGE, "label '%s' is given twice", l.key);
	return 0;
}

static int
worker_labels(const struct vs_worker *w, struct vs_vars *vars, struct vs_err *err)
{
	vs_vars_add(vars, "NODE_LABELS", NULL);
	for (size_t i = 0; i < w->labels.n; i++) {
		if (worker_label(&w->labels, i, err) < 0)
			return -1;
		vs_vars_add(vars, "NODE_LABELS", w->labels.v[i]);
	}
	vs_vars_add(vars, "NODE_TAINTS", NULL);
	for (size_t i = 0; i < w->taints.n; i++) {
		VS_TAINT_FREE struct vs_taint t = { 0 };

		if (vs_taint_parse(&t, w->taints.v[i], err) < 0)
			return -1;
		vs_vars_add(vars, "NODE_TAINTS", w->taints.v[i]);
	}
	return 0;
}

static void
worker_list(struct vs_buf *b, const char *key, const struct vs_list *l)
{
	if (l->n > 0)
		vs_buf_fmt(b, "%s:\n", key);
	for (size_t i = 0; i < l->n; i++) {
		vs_buf_str(b, "  - ");
		vs_yaml_str(b, l->v[i]);
		vs_buf_ch(b, '\n');
	}
}

/* /etc/rancher/rke2/config.yaml of an agent. */
static void
worker_config(const struct vs_worker *w, struct vs_vars *vars)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_SECRET;
	const struct vs_var *server = vs_vars_find(vars, "SERVER");
	const struct vs_var *token = vs_vars_find(vars, "TOKEN");

	assert(server && server->n == 1 && token && token->n == 1);

	vs_buf_str(&b, "server: ");
	vs_yaml_str(&b, server->v[0]);
	vs_buf_str(&b, "\ntoken: ");
	vs_yaml_str(&b, token->v[0]);
	vs_buf_ch(&b, '\n');
	worker_list(&b, "node-label", &w->labels);
	worker_list(&b, "node-taint", &w->taints);
	vs_vars_set(vars, "RKE2_CONFIG", b.s, true);
}

int
vs_worker_vars(const struct vs_worker *w, struct vs_vars *vars, struct vs_err *err)
{
	for (size_t i = 0; i < VS_LEN(hints); i++)
		vs_vars_at(vars, hints[i].name)->hint = hints[i].hint;
	if (worker_server(w, vars, err) < 0 || worker_labels(w, vars, err) < 0
		|| vs_release_vars(w, vars, err) < 0 || vs_updates_vars(w, vars, err) < 0
		|| vs_login_vars(w, vars, err) < 0 || worker_token(w, vars, err) < 0)
		return -1;
	if (w->server && w->token)
		worker_config(w, vars);
	return 0;
}

/* Did the document use one of these placeholders ("A B C")? */
static bool
worker_any_used(const struct vs_vars *vars, const char *names)
{
	for (size_t n; *names; names += n + (names[n] == ' ')) {
		n = strcspn(names, " ");
		VS_FREE char *name = vs_strndup(names, n);

		if (vs_vars_used(vars, name))
			return true;
	}
	return false;
}

int
vs_worker_used(const struct vs_worker *w, const struct vs_vars *vars, struct vs_err *err)
{
	const struct {
		bool given;
		const char *option, *names;
	} all[] = {
		{ w->server, "-s", "RKE2_CONFIG SERVER" },
		{ w->token, "-t", "RKE2_CONFIG TOKEN" },
		{ w->labels.n, "--label", "RKE2_CONFIG NODE_LABELS" },
		{ w->taints.n, "--taint", "RKE2_CONFIG NODE_TAINTS" },
		{ w->keys.n, "-a", "SSH_KEYS" },
		{ w->rke2, "--rke2", "RKE2_ENV RKE2_VERSION RKE2_TARBALL_URL" },
		{ w->channel, "--rke2-channel", "RKE2_ENV RKE2_VERSION" },
	};

	for (size_t i = 0; i < VS_LEN(all); i++)
		if (all[i].given && !worker_any_used(vars, all[i].names))
			return vs_fail(err, VS_ERR_USAGE,
				"%s has no effect: the document does not use @{%.*s}",
				all[i].option, (int)strcspn(all[i].names, " "), all[i].names);
	return 0;
}
