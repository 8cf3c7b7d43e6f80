/* SPDX-License-Identifier: Apache-2.0 */
/* The variables of govc, with its meaning (govmomi: cli/flags/client.go, session.Secret).
 * Options take precedence.  No message shows a value that may be a secret. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "net/http.h"
#include "text/xml_write.h"
#include "vim/conn.h"

enum { CONN_VERSION = 40 }; /* bytes */

const struct vs_opt vs_conn_table[] = {
	{ 'u', "url", VS_OPT_STR, offsetof(struct vs_conn_opts, url), "URL",
		"URL of vCenter ($GOVC_URL)" },
	{ 'k', "insecure", VS_OPT_FLAG, offsetof(struct vs_conn_opts, insecure), NULL,
		"do not verify the certificate ($GOVC_INSECURE)" },
	{ 0, "datacenter", VS_OPT_STR, offsetof(struct vs_conn_opts, datacenter), "NAME",
		"look up names here ($GOVC_DATACENTER)" },
	{ 0, "vm", VS_OPT_NOT, 0, NULL, "give the VMs as operands" },
	{ 0, "dc", VS_OPT_NOT, 0, NULL, "did you mean '--datacenter'" },
	{ 0, "trace", VS_OPT_MAYBE, offsetof(struct vs_conn_opts, trace), "FILE",
		"log requests, without secrets, to FILE or stderr" },
	{ 0 },
};

const struct vs_opt vs_change_table[] = {
	{ 'j', "jobs", VS_OPT_POS, offsetof(struct vs_conn_opts, slots), "N",
		"change at most N VMs at a time (default: 64)" },
	{ 0, "dry-run", VS_OPT_FLAG, offsetof(struct vs_conn_opts, dry_run), NULL,
		"print what would be done, change nothing" },
	{ 0 },
};

const char *
vs_env(const char *name)
{
	const char *s = getenv(name);

	return s && *s ? s : NULL;
}

bool
vs_api_version_valid(const char *s)
{
	size_t n = strspn(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-_");

	return n > 0 && n <= CONN_VERSION && s[n] == '\0';
}

bool
vs_env_true(const char *name, bool otherwise)
{
	const char *s = vs_env(name);

	return s ? strcmp(s, "1") == 0 || strcasecmp(s, "true") == 0 : otherwise;
}

/* A value that is the name of a file is replaced by the contents of the file.  The
 * caller's, a secret; NULL: the file cannot be read. */
static char *
conn_secret(const char *name, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = { .s = vs_buf_empty, .max = 65536, .secret = true };
	const char *s = vs_env(name);
	struct stat st;

	if (s == NULL || stat(s, &st) < 0 || !S_ISREG(st.st_mode))
		return vs_strdup(s ? s : "");
	if (vs_read_file(s, "file", &b, err) < 0) {
		vs_fail(err, VS_ERR_USAGE, "cannot read the file named in $%s%s", name,
			b.over ? ": it is larger than 64 KiB" : "");
		return NULL;
	}
	while (b.len > 0 && strchr("\r\n\t ", b.s[b.len - 1]))
		vs_buf_cut(&b, b.len - 1);
	return vs_buf_take(&b);
}

/* "host", "host/sdk", "user:pw@host", "https://...". */
static int
conn_take_url(struct vs_conn *c, const char *given, bool option, struct vs_err *err)
{
	VS_FREE char *full =
		strstr(given, "://") ? vs_strdup(given) : vs_printf("https://%s", given);
	struct vs_url u = { 0 };
	bool v6;

	if (vs_url_parse(full, &u, err) < 0) {
		vs_wrap(err, option ? "--url" : "$GOVC_URL");
		return strchr(full, '@') ? vs_fail(err, VS_ERR_USAGE,
			       "%s; a password is better kept in $GOVC_PASSWORD", err->msg)
					 : -1;
	}
	if (option && u.password) {
		vs_url_free(&u);
		return vs_fail(err, VS_ERR_USAGE,
			"a password in --url is visible to all users of this machine: set $GOVC_PASSWORD instead");
	}
	v6 = strchr(u.host, ':') != NULL;
	c->port = u.port;
	c->url = vs_printf("%s://%s%s%s:%d%s", u.scheme, v6 ? "[" : "", u.host, v6 ? "]" : "",
		u.port, u.path && strcmp(u.path, "/") != 0 ? u.path : "/sdk");
	c->host = vs_steal(u.host);
	c->user = vs_steal(u.user);
	c->password = vs_steal(u.password);
	vs_url_free(&u);
	return 0;
}

static int
conn_take_login(struct vs_conn *c, struct vs_err *err)
{
	char *s;

	/* the environment takes precedence over the URL, as with govc */
	if (vs_env("GOVC_USERNAME") || c->user == NULL) {
		if ((s = conn_secret("GOVC_USERNAME", err)) == NULL)
			return -1;
		free(c->user);
		c->user = s;
	}
	if (vs_env("GOVC_PASSWORD") || c->password == NULL) {
		if ((s = conn_secret("GOVC_PASSWORD", err)) == NULL)
			return -1;
		vs_free_secret(c->password);
		c->password = s;
	}
	if (*c->user == '\0')
		return vs_fail(err, VS_ERR_USAGE, "no user name: set $GOVC_USERNAME");
	/* an empty one would count as a failed login, which may lock the account */
	if (*c->password == '\0')
		return vs_fail(err, VS_ERR_USAGE, "no password: set $GOVC_PASSWORD");
	if (*c->password == '/' && access(c->password, F_OK) < 0)
		vs_warn("$GOVC_PASSWORD begins with '/', but is not the name of a file: using it as the password");
	return 0;
}

static int
conn_take_trust(struct vs_conn *c, bool insecure, struct vs_err *err)
{
	const char *files = vs_env("GOVC_TLS_KNOWN_HOSTS");

	c->insecure = insecure || vs_env_true("GOVC_INSECURE", false);
	c->ca_files = vs_strdup(vs_env("GOVC_TLS_CA_CERTS"));
	if (files && vs_known_host(files, c->host, c->port, &c->pins, err) < 0)
		return vs_wrap(err, "$GOVC_TLS_KNOWN_HOSTS");
	return 0;
}

/* They go into each request. */
static int
conn_take_ids(struct vs_conn *c, struct vs_err *err)
{
	VS_XW_FREE struct vs_xw w = VS_XW_INIT;

	c->api_version = vs_strdup(vs_env("GOVC_VIM_VERSION"));
	c->operation_id = vs_strdup(vs_env("GOVC_OPERATION_ID"));
	if (c->api_version && !vs_api_version_valid(c->api_version))
		return vs_fail(err, VS_ERR_USAGE,
			"$GOVC_VIM_VERSION: '%s' is not an API version, such as 8.0.1.0",
			c->api_version);
	vs_xw_text(&w, "operationID", c->operation_id);
	if (w.bad)
		return vs_fail(err, VS_ERR_USAGE,
			"$GOVC_OPERATION_ID contains a character that XML cannot represent");
	return 0;
}

int
vs_conn_read(struct vs_conn *c, const struct vs_conn_opts *o, struct vs_err *err)
{
	const char *url = o->url, *s;

	*c = (struct vs_conn){ .connect_ms = 10000 };
	if (url == NULL && (url = vs_env("GOVC_URL")) == NULL)
		return vs_fail(err, VS_ERR_USAGE, "no vCenter: set $GOVC_URL or give --url");
	if (conn_take_url(c, url, url == o->url, err) < 0 || conn_take_login(c, err) < 0
		|| conn_take_trust(c, o->insecure, err) < 0)
		return -1;
	s = vs_env("GOVC_TLS_HANDSHAKE_TIMEOUT");
	if (s && vs_duration(s, &c->connect_ms, err) < 0)
		return vs_wrap(err, "$GOVC_TLS_HANDSHAKE_TIMEOUT");
	if (c->connect_ms <= 0)
		c->connect_ms = 10000;
	c->persist = vs_env_true("GOVC_PERSIST_SESSION", true);
	if (conn_take_ids(c, err) < 0)
		return -1;
	c->datacenter = vs_strdup(o->datacenter ? o->datacenter : vs_env("GOVC_DATACENTER"));
	return o->trace ? vs_say_trace(o->trace, err) : 0;
}

void
vs_conn_free(struct vs_conn *c)
{
	free(c->url);
	free(c->host);
	free(c->user);
	vs_free_secret(c->password);
	free(c->ca_files);
	free(c->pins);
	free(c->api_version);
	free(c->operation_id);
	free(c->datacenter);
	*c = (struct vs_conn){ 0 };
}
