/* SPDX-License-Identifier: Apache-2.0 */
/* rke2-token - print the token that nodes use to join an RKE2 cluster.
 * What runs on the server is in rke2/remote; no token is ever in a message. */
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "rke2/remote.h"
#include "rke2/token.h"
#include "rke2/version.h"
#include "run/run.h"
#include "text/json_write.h"

struct rke2_token {
	const char *from, *data_dir;
	bool server_version;
	int64_t ttl; /* ms; -1: not given */
	struct vs_remote remote;
};

static const struct vs_opt opts[] = {
	{ 0, "from", VS_OPT_WORD, offsetof(struct rke2_token, from), "agent|server",
		"token to read; default: the agents', else the server's" },
	{ 0, "ttl", VS_OPT_DUR, offsetof(struct rke2_token, ttl), "DUR",
		"create a bootstrap token that expires after DUR" },
	{ 0, "server-version", VS_OPT_FLAG, offsetof(struct rke2_token, server_version), NULL,
		"print the RKE2 version of the server instead" },
	{ 0, "data-dir", VS_OPT_STR, offsetof(struct rke2_token, data_dir), "DIR",
		"RKE2's data directory on HOST; default: /var/lib/rancher/rke2" },
	{ 'i', "identity", VS_OPT_STR, offsetof(struct rke2_token, remote.key), "KEY",
		"log in with this private key" },
	{ 'P', "port", VS_OPT_STR, offsetof(struct rke2_token, remote.port), "PORT",
		"port of the ssh server" },
	{ 0, "ssh", VS_OPT_STR, offsetof(struct rke2_token, remote.ssh), "COMMAND",
		"run COMMAND instead of ssh: 'ssh -J bastion'" },
	{ 0 },
};

static const struct vs_tool_opts tables[] = { { opts, 0 }, { 0 } };

static const struct vs_tool tool = {
	.name = "rke2-token",
	.args = "[USER@]HOST",
	.does = "print the token that nodes use to join an RKE2 cluster",
	.options = tables,
	.min = 1,
	.max = 1,
};

static int
rke2_token_usage(struct rke2_token *o, const struct vs_run *run, struct vs_err *err)
{
	o->remote.host = run->operands[0];
	o->remote.timeout = run->timeout;
	if (o->ttl >= 0 && o->ttl < 1000)
		return vs_fail(err, VS_ERR_USAGE, "--ttl must be at least one second");
	if (o->ttl >= 0 && o->from)
		return vs_fail(err, VS_ERR_USAGE,
			"--ttl creates a token, --from reads one: use only one of them");
	if (o->server_version && (o->ttl >= 0 || o->from))
		return vs_fail(err, VS_ERR_USAGE, "--server-version prints no token: omit %s",
			o->from ? "--from" : "--ttl");
	if (*o->data_dir != '/')
		return vs_fail(
			err, VS_ERR_USAGE, "--data-dir: '%s' is not an absolute path", o->data_dir);
	return 0;
}

static int
rke2_token_check(const struct rke2_token *o, const struct vs_token *t, struct vs_err *err)
{
	if (o->ttl >= 0 && !t->bootstrap)
		return vs_fail(err, VS_ERR_FAILED,
			"'rke2 token create' on '%s' printed no bootstrap token", o->remote.host);
	if (strcmp(t->user, "server") == 0 && !t->bootstrap)
		vs_warn("this is a server token, which gives access to the whole cluster: set 'agent-token' on '%s', or create a token with --ttl 1h",
			o->remote.host);
	if (t->hash[0] == '\0')
		vs_warn("this token has no CA hash: nodes cannot verify the identity of the cluster");
	return 0;
}

static int
rke2_token_get_token(
	const struct rke2_token *o, struct vs_buf *text, struct vs_jw *json, struct vs_err *err)
{
	VS_TOKEN_FREE struct vs_token t = { 0 };
	VS_FREE char *args = vs_printf("token create --ttl %" PRId64 "s", o->ttl / 1000);

	if ((o->ttl < 0 ? vs_remote_token(&o->remote, o->data_dir, o->from, text, err)
			: vs_remote_rke2(&o->remote, true, args, text, err))
		< 0)
		return -1;
	if (vs_token_parse(&t, text->s, text->len, err) < 0) {
		err->code = VS_ERR_FAILED;
		return vs_wrap(err, "token from '%s'", o->remote.host);
	}
	vs_buf_cut(text, 0);
	vs_buf_str(text, t.text);
	vs_jw_str(json, "token", t.text);
	vs_jw_str(json, "user", t.user);
	vs_jw_str(json, "hash", t.hash);
	vs_jw_bool(json, "bootstrap", t.bootstrap);
	return rke2_token_check(o, &t, err);
}

static int
rke2_token_get_version(
	const struct rke2_token *o, struct vs_buf *text, struct vs_jw *json, struct vs_err *err)
{
	struct vs_version v;

	if (vs_remote_rke2(&o->remote, false, "--version", text, err) < 0)
		return -1;
	if (vs_version_find(&v, text->s, err) < 0)
		return vs_wrap(err, "'rke2 --version' on '%s'", o->remote.host);
	vs_buf_cut(text, 0);
	vs_buf_str(text, v.text);
	vs_jw_str(json, "version", v.text);
	return 0;
}

int
main(int argc, char **argv)
{
	VS_BUF_FREE struct vs_buf text = VS_BUF_SECRET;
	VS_BUF_FREE struct vs_buf json = VS_BUF_SECRET;
	struct vs_jw w = { .b = &json };
	struct rke2_token o = {
		.data_dir = "/var/lib/rancher/rke2", .ttl = -1, .remote = { .ssh = "ssh" }
	};
	struct vs_buf *b;
	struct vs_run run;
	struct vs_err err;

	if (vs_run_begin(&run, &tool, &o, argc, argv) < 0)
		return run.status;
	b = run.json ? &json : &text;
	vs_jw_object(&w, NULL);
	if (rke2_token_usage(&o, &run, &err) < 0
		|| (o.server_version ? rke2_token_get_version : rke2_token_get_token)(
			   &o, &text, &w, &err)
			< 0) {
		vs_run_fail(&run, &err);
		return vs_run_end(&run);
	}
	vs_jw_close(&w, true);
	vs_buf_ch(b, '\n');
	vs_run_result(&run, b->s, b->len, 0600);
	return vs_run_end(&run);
}
