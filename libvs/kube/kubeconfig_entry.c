/* SPDX-License-Identifier: Apache-2.0 */
/* kubeconfig_entry.c - reads one entry of "clusters" and one of "users".
 * Reference: client-go, tools/clientcmd/api/v1/types.go, and validation.go for what
 * contradicts itself. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/mem.h"
#include "kube/kubeconfig.h"
#include "text/base64.h"

enum { MAX_PEM = 1 << 20 };

/* A path in a kubeconfig is relative to the folder of the file. */
static char *
kubeconfig_entry_resolve(struct vs_kmap m, const char *path)
{
	const char *slash = strrchr(m.file->path, '/');

	if (*path == '/' || slash == NULL)
		return vs_strdup(path);
	return vs_printf("%.*s/%s", (int)(slash - m.file->path), m.file->path, path);
}

static int
kubeconfig_entry_copy(struct vs_kmap m, const char *key, char **to, struct vs_err *err)
{
	const char *s;
	int is = vs_kmap_str(m, key, &s, err);

	if (is > 0 && *s)
		vs_set(to, s);
	return is < 0 ? -1 : 0;
}

/* "KEY-data" in base64, or else the file that KEY names. */
static int
kubeconfig_entry_pem(
	struct vs_kmap m, const char *key, const char *what, char **to, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = { .s = vs_buf_empty, .max = MAX_PEM, .secret = true };
	VS_FREE char *data_key = vs_printf("%s-data", key);
	VS_FREE char *path = NULL;
	const char *s;
	int is = vs_kmap_str(m, data_key, &s, err);

	if (is > 0 && *s) {
		if (vs_unbase64(s, strlen(s), &b, err) < 0) {
			VS_FREE char *said = vs_strdup(err->msg);

			return vs_kmap_fail(m, err, "'%s': %s", data_key, said);
		}
	} else if (is >= 0 && (is = vs_kmap_str(m, key, &s, err)) > 0 && *s) {
		path = kubeconfig_entry_resolve(m, s);
		if (vs_read_file(path, what, &b, err) < 0) {
			err->code = VS_ERR_USAGE;
			return vs_wrap(err, "%s", m.file->path);
		}
	} else {
		return is < 0 ? -1 : 0;
	}
	if (b.over)
		return vs_kmap_fail(m, err, "'%s' is larger than %d KiB", data_key, MAX_PEM >> 10);
	*to = vs_buf_take(&b);
	if (strstr(*to, "-----BEGIN ") == NULL)
		return vs_kmap_fail(m, err, "'%s' is not PEM", path ? key : data_key);
	return 0;
}

static bool
kubeconfig_entry_begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

int
vs_kubeconf_cluster(struct vs_kmap m, struct vs_kubeconf *c, struct vs_err *err)
{
	size_t n;

	if (kubeconfig_entry_copy(m, "server", &c->server, err) < 0
		|| kubeconfig_entry_copy(m, "tls-server-name", &c->server_name, err) < 0
		|| kubeconfig_entry_copy(m, "proxy-url", &c->proxy, err) < 0
		|| vs_kmap_bool(m, "insecure-skip-tls-verify", &c->insecure, err) < 0
		|| kubeconfig_entry_pem(
			   m, "certificate-authority", "certificate-authority", &c->ca, err)
			< 0)
		return -1;
	if (c->server == NULL)
		return vs_fail(err, VS_ERR_USAGE, "%s: no 'server'", m.file->path);
	if (strchr(c->server, '@'))
		return vs_kmap_fail(m, err,
			"'server' must not contain a user name or password: put them into the user entry");
	if (!kubeconfig_entry_begins(c->server, "https://")
		&& !kubeconfig_entry_begins(c->server, "http://"))
		return vs_kmap_fail(m, err, "'server' must begin with https://");
	for (n = strlen(c->server); n > 8 && c->server[n - 1] == '/'; n--)
		c->server[n - 1] = '\0';
	if (c->insecure && c->ca)
		return vs_kmap_fail(m, err,
			"'insecure-skip-tls-verify' and a certificate authority are mutually exclusive");
	if (c->proxy && !kubeconfig_entry_begins(c->proxy, "http://")
		&& !kubeconfig_entry_begins(c->proxy, "https://")
		&& !kubeconfig_entry_begins(c->proxy, "socks5://"))
		return vs_kmap_fail(
			m, err, "'proxy-url' must begin with http://, https:// or socks5://");
	return 0;
}

/* The value of a header must not contain another header. */
static int
kubeconfig_entry_impersonate(
	struct vs_kmap m, struct vs_buf *b, const char *name, const char *value, struct vs_err *err)
{
	for (const char *s = value; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 127)
			return vs_kmap_fail(m, err, "control character in the value for %s", name);
	vs_buf_fmt(b, "%s: %s\n", name, value);
	return 0;
}

static int
kubeconfig_entry_impersonations(struct vs_kmap m, struct vs_kubeconf *c, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_kmap extra;
	struct vs_tree *group = NULL;
	const char *s;
	int is = vs_kmap_str(m, "as", &s, err);
	bool user = is > 0;

	if (is < 0 || (user && kubeconfig_entry_impersonate(m, &b, "Impersonate-User", s, err) < 0))
		return -1;
	is = vs_kmap_str(m, "as-uid", &s, err);
	if (is < 0
		|| (is > 0 && kubeconfig_entry_impersonate(m, &b, "Impersonate-Uid", s, err) < 0))
		return -1;
	while ((is = vs_kmap_next_str(m, "as-groups", &group, err)) > 0)
		if (kubeconfig_entry_impersonate(m, &b, "Impersonate-Group", group->text, err) < 0)
			return -1;
	if (is < 0)
		return -1;
	is = vs_kmap_map(m, "as-user-extra", &extra, err);
	if (is != 0)
		return is < 0 ? -1 : vs_kmap_fail(extra, err, "'as-user-extra' is not supported");
	if (b.len && !user)
		return vs_kmap_fail(m, err, "'as-groups' and 'as-uid' need 'as'");
	if (b.len)
		c->headers = vs_buf_take(&b);
	return 0;
}

static int
kubeconfig_entry_exec_args(struct vs_kmap m, struct vs_kexec *e, struct vs_err *err)
{
	struct vs_kmap item = { 0 };
	struct vs_tree *arg = NULL;
	const char *s, *value;
	int is;

	while ((is = vs_kmap_next_str(m, "args", &arg, err)) > 0)
		vs_strings_add(&e->args, arg->text);
	if (is < 0)
		return -1;
	while ((is = vs_kmap_next(m, "env", &item, err)) > 0) {
		is = vs_kmap_str(item, "name", &s, err);
		if (is == 0 || (is > 0 && (*s == '\0' || strchr(s, '='))))
			return vs_kmap_fail(item, err, "'env' needs a 'name'");
		value = "";
		if (is < 0 || vs_kmap_str(item, "value", &value, err) < 0)
			return -1;
		vs_strings_take(&e->env, vs_printf("%s=%s", s, value));
	}
	return is;
}

static int
kubeconfig_entry_exec_mode(struct vs_kmap m, struct vs_kexec *e, struct vs_err *err)
{
	const char *s = NULL;

	if (vs_kmap_str(m, "interactiveMode", &s, err) < 0)
		return -1;
	if (s == NULL || strcmp(s, "IfAvailable") == 0)
		e->interactive = VS_KEXEC_MAYBE;
	else if (strcmp(s, "Never") == 0)
		e->interactive = VS_KEXEC_NEVER;
	else if (strcmp(s, "Always") == 0)
		e->interactive = VS_KEXEC_ALWAYS;
	else
		return vs_kmap_fail(
			m, err, "interactiveMode '%s' is not one of Never, IfAvailable, Always", s);
	return 0;
}

static int
kubeconfig_entry_exec_plugin(struct vs_kmap m, struct vs_kexec *e, struct vs_err *err)
{
	const char *v;

	if (kubeconfig_entry_copy(m, "apiVersion", &e->api_version, err) < 0
		|| kubeconfig_entry_copy(m, "command", &e->command, err) < 0
		|| kubeconfig_entry_copy(m, "installHint", &e->install_hint, err) < 0
		|| vs_kmap_bool(m, "provideClusterInfo", &e->cluster_info, err) < 0
		|| kubeconfig_entry_exec_mode(m, e, err) < 0
		|| kubeconfig_entry_exec_args(m, e, err) < 0)
		return -1;
	if (e->command == NULL)
		return vs_kmap_fail(m, err, "'exec' needs a 'command'");
	/* a name alone is looked up in PATH */
	if (strchr(e->command, '/')) {
		VS_FREE char *path = kubeconfig_entry_resolve(m, e->command);

		vs_set(&e->command, path);
	}
	v = e->api_version ? e->api_version : "";
	if (strcmp(v, "client.authentication.k8s.io/v1") != 0
		&& strcmp(v, "client.authentication.k8s.io/v1beta1") != 0)
		return vs_kmap_fail(m, err,
			"exec: unsupported apiVersion '%s' (supported: client.authentication.k8s.io/v1, .../v1beta1)",
			v);
	return 0;
}

static int
kubeconfig_entry_contradictions(struct vs_kmap m, const struct vs_kubeconf *c, struct vs_err *err)
{
	if (c->cert && c->key == NULL)
		return vs_kmap_fail(m, err, "a client certificate without 'client-key'");
	if (c->key && c->cert == NULL)
		return vs_kmap_fail(m, err, "a client key without 'client-certificate'");
	if ((c->token || c->token_file) && c->username)
		return vs_kmap_fail(m, err, "a token and a user name are mutually exclusive");
	return 0;
}

int
vs_kubeconf_user(struct vs_kmap m, struct vs_kubeconf *c, struct vs_err *err)
{
	struct vs_kmap sub;
	const char *s;
	int is;

	if (kubeconfig_entry_pem(m, "client-certificate", "client-certificate", &c->cert, err) < 0
		|| kubeconfig_entry_pem(m, "client-key", "client-key", &c->key, err) < 0
		|| kubeconfig_entry_copy(m, "token", &c->token, err) < 0
		|| kubeconfig_entry_copy(m, "username", &c->username, err) < 0
		|| kubeconfig_entry_copy(m, "password", &c->password, err) < 0
		|| kubeconfig_entry_impersonations(m, c, err) < 0)
		return -1;
	is = vs_kmap_str(m, "tokenFile", &s, err);
	if (is > 0 && *s)
		c->token_file = kubeconfig_entry_resolve(m, s);
	if (is < 0 || kubeconfig_entry_contradictions(m, c, err) < 0)
		return -1;
	is = vs_kmap_map(m, "auth-provider", &sub, err);
	if (is != 0)
		return is < 0
			? -1
			: vs_kmap_fail(sub, err,
				"'auth-provider' was removed from Kubernetes: use an 'exec' plugin");
	is = vs_kmap_map(m, "exec", &sub, err);
	if (is <= 0)
		return is;
	c->exec = vs_alloc(1, sizeof *c->exec);
	c->exec->args.secret = c->exec->env.secret = true;
	return kubeconfig_entry_exec_plugin(sub, c->exec, err);
}

void
vs_kubeconf_free(struct vs_kubeconf *c)
{
	free(c->from);
	free(c->server);
	free(c->ca);
	free(c->server_name);
	vs_free_secret(c->proxy);
	free(c->cert);
	vs_free_secret(c->key);
	vs_free_secret(c->token);
	free(c->token_file);
	free(c->username);
	vs_free_secret(c->password);
	free(c->headers);
	if (c->exec) {
		free(c->exec->api_version);
		free(c->exec->command);
		vs_strings_free(&c->exec->args);
		vs_strings_free(&c->exec->env);
		free(c->exec->install_hint);
		free(c->exec);
	}
	*c = (struct vs_kubeconf){ 0 };
}
