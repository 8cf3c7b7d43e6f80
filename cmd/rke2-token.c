/* SPDX-License-Identifier: Apache-2.0 */
/* rke2-token - print the token that nodes use to join an RKE2 cluster */
#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "rke2/remote.h"
#include "rke2/token.h"
#include "rke2/version.h"
#include "run/run.h"
#include "text/json_write.h"

static const char *from, *data_dir = "/var/lib/rancher/rke2";
static bool server_version;
static int64_t ttl = -1;
static struct vs_remote remote = { .ssh = "ssh" };

static const struct vs_opt opts[] = {
	{ 0, "from", VS_OPT_WORD, &from, "agent|server",
		"which to read; default: the agents', else the server's" },
	{ 0, "ttl", VS_OPT_DUR, &ttl, "DUR", "make a bootstrap token that expires after DUR" },
	{ 0, "server-version", VS_OPT_FLAG, &server_version, NULL,
		"print the server's RKE2 version instead" },
	{ 0, "data-dir", VS_OPT_STR, &data_dir, "DIR",
		"RKE2's data directory there; default: /var/lib/rancher/rke2" },
	{ 'i', "identity", VS_OPT_STR, &remote.key, "KEY", "log in with this private key" },
	{ 'P', "port", VS_OPT_STR, &remote.port, "PORT", "of the ssh server" },
	{ 0, "ssh", VS_OPT_STR, &remote.ssh, "COMMAND",
		"run COMMAND instead of ssh: 'ssh -J bastion'" },
	{ 0 },
};

static const struct vs_opt *const tables[] = { opts, NULL };

static const struct vs_tool tool = {
	.name = "rke2-token",
	.args = "[USER@]HOST",
	.does = "print the token that nodes use to join an RKE2 cluster",
	.tables = tables,
	.min = 1,
	.max = 1,
};

static int
rke2_token_usage(const struct vs_run *run, struct vs_err *err)
{
	remote.host = run->operands[0];
	remote.timeout = run->timeout;
	if (ttl >= 0 && ttl < 1000)
		return vs_fail(err, VS_ERR_USAGE, "--ttl is less than a second");
	if (ttl >= 0 && from)
		return vs_fail(err, VS_ERR_USAGE,
			"--ttl makes a token, --from reads one: give one of them");
	if (server_version && (ttl >= 0 || from))
		return vs_fail(err, VS_ERR_USAGE, "--server-version prints no token: leave out %s",
			from ? "--from" : "--ttl");
	if (*data_dir != '/')
		return vs_fail(err, VS_ERR_USAGE, "--data-dir: '%s' is no absolute path", data_dir);
	return 0;
}

static int
rke2_token_check(const struct vs_token *t, struct vs_err *err)
{
	if (ttl >= 0 && !t->bootstrap)
		return vs_fail(err, VS_ERR_FAILED,
			"'rke2 token create' on '%s' gave no bootstrap token", remote.host);
	if (strcmp(t->user, "server") == 0 && !t->bootstrap)
		vs_warn("this token opens the whole cluster, as a server's: set 'agent-token' on '%s', or make one with --ttl 1h",
			remote.host);
	if (t->hash[0] == '\0')
		vs_warn("this token has no CA hash: nodes cannot tell the cluster from an impostor");
	return 0;
}

static int
rke2_token_get_token(struct vs_buf *text, struct vs_jw *json, struct vs_err *err)
{
	VS_TOKEN_FREE struct vs_token t = { 0 };
	VS_FREE char *args = vs_printf("token create --ttl %" PRId64 "s", ttl / 1000);

	if ((ttl < 0 ? vs_remote_token(&remote, data_dir, from, text, err)
		     : vs_remote_rke2(&remote, true, args, text, err))
		< 0)
		return -1;
	if (vs_token_parse(&t, text->s, text->len, err) < 0) {
		err->code = VS_ERR_FAILED;
		return vs_wrap(err, "what '%s' gave", remote.host);
	}
	vs_buf_cut(text, 0);
	vs_buf_str(text, t.text);
	vs_jw_str(json, "token", t.text);
	vs_jw_str(json, "user", t.user);
	vs_jw_str(json, "hash", t.hash);
	vs_jw_bool(json, "bootstrap", t.bootstrap);
	return rke2_token_check(&t, err);
}

static int
rke2_token_get_version(struct vs_buf *text, struct vs_jw *json, struct vs_err *err)
{
	struct vs_version v;

	if (vs_remote_rke2(&remote, false, "--version", text, err) < 0)
		return -1;
	if (vs_version_find(&v, text->s, err) < 0)
		return vs_wrap(err, "'rke2 --version' on '%s'", remote.host);
	vs_buf_cut(text, 0);
	vs_buf_str(text, v.text);
	vs_jw_str(json, "version", v.text);
	return 0;
}

int
main(int argc, char **argv)
{
	VS_BUF_FREE struct vs_buf text = { .s = vs_buf_empty, .secret = true };
	VS_BUF_FREE struct vs_buf json = { .s = vs_buf_empty, .secret = true };
	struct vs_jw w = { .b = &json };
	struct vs_buf *b;
	struct vs_run run;
	struct vs_err err;

	if (vs_run_begin(&run, &tool, argc, argv) < 0)
		return run.status;
	b = run.json ? &json : &text;
	vs_jw_object(&w, NULL);
	if (rke2_token_usage(&run, &err) < 0
		|| (server_version ? rke2_token_get_version : rke2_token_get_token)(&text, &w, &err)
			< 0) {
		vs_run_fail(&run, &err);
		return vs_run_end(&run);
	}
	vs_jw_close(&w, true);
	vs_buf_ch(b, '\n');
	vs_run_result(&run, b->s, b->len, 0600);
	return vs_run_end(&run);
}
