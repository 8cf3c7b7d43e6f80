/* SPDX-License-Identifier: Apache-2.0 */
/* auth.c - runs exec plugins, and writes the headers that log in.  Client certificates
 * from the kubeconfig are kube/client's.
 * Reference: client-go, pkg/apis/clientauthentication/v1 and plugin/pkg/client/auth/exec. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "kube/auth.h"
#include "kube/object.h"
#include "text/base64.h"
#include "text/json.h"
#include "text/json_write.h"

enum {
	PLUGIN_MS = 60 * 1000,
	TYPING_MS = 300 * 1000,
	RENEW_EARLY_S = 10,
	MAX_OUTPUT = 1 << 20, /* of a plugin; also of a token file */
};

/* The ExecCredential that the plugin gets in its environment. */
static char *
auth_exec_info(const struct vs_kubeconf *c, bool interactive)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	VS_BUF_FREE struct vs_buf ca = VS_BUF_INIT;
	struct vs_jw w = { .b = &b };

	vs_jw_object(&w, NULL);
	vs_jw_str(&w, "kind", "ExecCredential");
	vs_jw_str(&w, "apiVersion", c->exec->api_version);
	vs_jw_object(&w, "spec");
	vs_jw_bool(&w, "interactive", interactive);
	if (c->exec->cluster_info) {
		vs_jw_object(&w, "cluster");
		vs_jw_str(&w, "server", c->server);
		if (c->server_name)
			vs_jw_str(&w, "tls-server-name", c->server_name);
		if (c->insecure)
			vs_jw_bool(&w, "insecure-skip-tls-verify", true);
		if (c->ca) {
			vs_base64(c->ca, strlen(c->ca), &ca);
			vs_jw_str(&w, "certificate-authority-data", ca.s);
		}
		if (c->proxy)
			vs_jw_str(&w, "proxy-url", c->proxy);
		vs_jw_close(&w, true);
	}
	vs_jw_close(&w, true);
	vs_jw_close(&w, true);
	return vs_printf("KUBERNETES_EXEC_INFO=%s", b.s);
}

/* Its stdout to out; its stderr is for the user. */
static int
auth_run_plugin(const struct vs_kubeconf *c, struct vs_buf *out, struct vs_err *err)
{
	const struct vs_kexec *e = c->exec;
	bool tty = isatty(0) && e->interactive != VS_KEXEC_NEVER;
	VS_FREE char *info = auth_exec_info(c, tty);
	VS_LIST_FREE struct vs_list argv = { 0 }, env = { 0 };
	struct vs_proc p = {
		.tty = tty, .out = out, .said = vs_proc_said, .timeout = tty ? TYPING_MS : PLUGIN_MS
	};

	if (e->interactive == VS_KEXEC_ALWAYS && !tty)
		return vs_fail(err, VS_ERR_UNREACHABLE,
			"exec plugin '%s' needs a terminal on stdin", e->command);
	vs_list_add(&argv, e->command);
	for (size_t i = 0; i < e->args.n; i++)
		vs_list_add(&argv, e->args.v[i]);
	vs_list_add(&argv, NULL);
	vs_list_add(&env, info);
	for (size_t i = 0; i < e->env.n; i++)
		vs_list_add(&env, e->env.v[i]);
	vs_list_add(&env, NULL);
	if (c->exec_ms > 0 && c->exec_ms < p.timeout)
		p.timeout = c->exec_ms;
	p.argv = argv.v;
	p.env = env.v;
	vs_info("running exec plugin '%s'", e->command);
	if (vs_proc_run(&p, err) < 0) {
		if (err->code == VS_ERR_NOT_FOUND && e->install_hint)
			vs_fail(err, VS_ERR_UNREACHABLE, "cannot run '%s': no such program: %s",
				e->command, e->install_hint);
		err->code = VS_ERR_UNREACHABLE;
		return vs_wrap(err, "exec plugin");
	}
	if (p.status != 0 && !out->over)
		return vs_fail(err, VS_ERR_UNREACHABLE, "exec plugin '%s' exited with status %d",
			e->command, p.status);
	return 0;
}

static const char *
auth_member(json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s && *s ? s : NULL;
}

static int
auth_bad_output(const struct vs_kubeconf *c, const char *what, struct vs_err *err)
{
	return vs_fail(err, VS_ERR_UNREACHABLE, "exec plugin '%s': %s", c->exec->command, what);
}

int
vs_kauth_take(struct vs_kauth *a, const struct vs_buf *out, struct vs_err *err)
{
	const struct vs_kubeconf *c = a->conf;
	VS_JSON_FREE json_t *j = out->over ? NULL : vs_json_read(out->s, out->len, err);
	json_t *status = json_object_get(j, "status");
	const char *version = auth_member(j, "apiVersion");
	const char *kind = auth_member(j, "kind"), *expires;

	if (out->over)
		return vs_fail(err, VS_ERR_UNREACHABLE,
			"exec plugin '%s': its output is larger than %d KiB", c->exec->command,
			MAX_OUTPUT >> 10);
	if (j == NULL)
		return auth_bad_output(c, "its output is not JSON", err);
	if (kind == NULL || strcmp(kind, "ExecCredential") != 0)
		return auth_bad_output(c, "its output is not an ExecCredential", err);
	if (version == NULL || strcmp(version, c->exec->api_version) != 0)
		return auth_bad_output(
			c, "its output and the kubeconfig have different apiVersions", err);
	a->token = vs_strdup(auth_member(status, "token"));
	a->cert = vs_strdup(auth_member(status, "clientCertificateData"));
	a->key = vs_strdup(auth_member(status, "clientKeyData"));
	expires = auth_member(status, "expirationTimestamp");
	a->expires = expires ? vs_kobject_time(expires) : 0;
	if (expires && a->expires == 0)
		return auth_bad_output(c, "its expirationTimestamp is not a time", err);
	if (!a->cert != !a->key)
		return auth_bad_output(c, "it returned only one of certificate and key", err);
	if (a->token == NULL && a->cert == NULL)
		return auth_bad_output(c, "it returned neither a token nor a certificate", err);
	return 0;
}

static void
auth_forget(struct vs_kauth *a)
{
	vs_free_secret(a->token);
	free(a->cert);
	vs_free_secret(a->key);
	a->token = a->cert = a->key = NULL;
	a->expires = 0;
}

int
vs_kauth_fetch(struct vs_kauth *a, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf out = { .s = vs_buf_empty, .max = MAX_OUTPUT, .secret = true };

	if (a->conf->exec == NULL)
		return 0;
	if ((a->token || a->cert) && (a->expires == 0 || time(NULL) + RENEW_EARLY_S < a->expires))
		return 0;
	auth_forget(a);
	if (auth_run_plugin(a->conf, &out, err) < 0 || vs_kauth_take(a, &out, err) < 0) {
		auth_forget(a);
		return -1;
	}
	a->generation++;
	return 0;
}

bool
vs_kauth_refused(struct vs_kauth *a, unsigned generation)
{
	if (a->conf->exec && generation == a->generation)
		auth_forget(a);
	return a->conf->exec || a->conf->token_file;
}

static int
auth_bearer(struct vs_buf *b, const char *token, struct vs_err *err)
{
	size_t n = strcspn(token, "\r\n");

	/* a file ends with a line feed; another one would start a new header */
	if (token[n + strspn(token + n, "\r\n")] != '\0')
		return vs_fail(err, VS_ERR_UNREACHABLE, "the token has more than one line");
	for (const char *s = token; s < token + n; s++)
		if ((unsigned char)*s < ' ' || *s == 127)
			return vs_fail(
				err, VS_ERR_UNREACHABLE, "the token contains a control character");
	vs_buf_str(b, "Authorization: Bearer ");
	vs_buf_add(b, token, n);
	vs_buf_ch(b, '\n');
	return 0;
}

static void
auth_basic(struct vs_buf *b, const struct vs_kubeconf *c)
{
	VS_BUF_FREE struct vs_buf pair = VS_BUF_SECRET;

	vs_buf_fmt(&pair, "%s:%s", c->username, c->password ? c->password : "");
	vs_buf_str(b, "Authorization: Basic ");
	vs_base64(pair.s, pair.len, b);
	vs_buf_ch(b, '\n');
}

int
vs_kauth_headers(const struct vs_kauth *a, struct vs_buf *b, struct vs_err *err)
{
	const struct vs_kubeconf *c = a->conf;
	VS_BUF_FREE struct vs_buf file = { .s = vs_buf_empty, .max = MAX_OUTPUT, .secret = true };

	assert(!a->cert == !a->key);
	/* no secret is sent over plain http, as in client-go */
	if (strncmp(c->server, "https:", 6) != 0)
		return 0;
	if (c->headers)
		vs_buf_str(b, c->headers);
	if (a->token)
		return auth_bearer(b, a->token, err);
	if (c->token_file) {
		if (vs_read_file(c->token_file, "token file", &file, err) == 0)
			return auth_bearer(b, file.s, err);
		if (c->token == NULL) {
			err->code = VS_ERR_UNREACHABLE;
			return -1;
		}
	}
	if (c->token)
		return auth_bearer(b, c->token, err);
	if (c->username)
		auth_basic(b, c);
	return 0;
}

void
vs_kauth_free(struct vs_kauth *a)
{
	auth_forget(a);
}
