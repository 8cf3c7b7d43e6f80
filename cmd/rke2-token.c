/* rke2-token - print the token by which nodes join an RKE2 cluster */
#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "rke2/remote.h"
#include "rke2/token.h"
#include "rke2/version.h"
#include "run/run.h"
#include "text/json.h"

static const char *from, *data_dir = "/var/lib/rancher/rke2";
static bool server_version;
static int64_t ttl = -1;
static struct vs_remote remote = { .ssh = "ssh" };

static const struct vs_opt opts[] = {
	{ 0, "from", VS_OPT_WORD, &from, "agent|server",
		"which to read; default: the agents', else the server's" },
	{ 0, "ttl", VS_OPT_DUR, &ttl, "DUR",
		"make a bootstrap token that expires after DUR" },
	{ 0, "server-version", VS_OPT_FLAG, &server_version, NULL,
		"print the server's RKE2 version instead" },
	{ 0, "data-dir", VS_OPT_STR, &data_dir, "DIR",
		"RKE2's data directory there; default: /var/lib/rancher/rke2" },
	{ 'i', "identity", VS_OPT_STR, &remote.key, "KEY",
		"log in with this private key" },
	{ 'P', "port", VS_OPT_STR, &remote.port, "PORT", "of the ssh server" },
	{ 0, "ssh", VS_OPT_STR, &remote.ssh, "COMMAND",
		"run COMMAND instead of ssh: 'ssh -J bastion'" },
	{ 0 }
};

static const struct vs_opt *const tables[] = { opts, NULL };

static const struct vs_tool tool = {
	.name = "rke2-token",
	.args = "[USER@]HOST",
	.does = "print the token by which nodes join an RKE2 cluster",
	.tables = tables,
	.min = 1, .max = 1,
};

static int
usage(const struct vs_run *run, struct vs_err *err)
{
	remote.host = run->operands[0];
	remote.timeout = run->timeout;
	if (ttl >= 0 && ttl < 1000)
		return vs_fail(err, VS_USAGE, "--ttl is less than a second");
	if (ttl >= 0 && from)
		return vs_fail(err, VS_USAGE,
			"--ttl makes a token, --from reads one: give one of them");
	if (server_version && (ttl >= 0 || from))
		return vs_fail(err, VS_USAGE, "--server-version prints no token: "
			"leave out %s", from ? "--from" : "--ttl");
	if (*data_dir != '/')
		return vs_fail(err, VS_USAGE,
			"--data-dir: '%s' is no absolute path", data_dir);
	return 0;
}

/* One that the agents share if there is one, else the server's own. */
static int
read_token(struct vs_buf *b, struct vs_err *err)
{
	VS_FREE char *agent = vs_printf("%s/server/agent-token", data_dir);
	VS_FREE char *server = vs_printf("%s/server/node-token", data_dir);
	const char *paths[] = { agent, server };
	size_t which = 0, n = 2, first = 0;

	if (from) {
		first = strcmp(from, "server") == 0;
		n = 1;
	}
	if (vs_remote_read(&remote, paths + first, n, b, &which, err) < 0) {
		if (err->code == VS_NOTFOUND)
			vs_fail(err, VS_NOTFOUND, "there is no '%s'%s%s on '%s': is it "
				"an RKE2 server, and is this its --data-dir",
				paths[first], n == 2 ? " and no " : "",
				n == 2 ? "node-token" : "", remote.host);
		return -1;
	}
	vs_info("read '%s' on '%s'", paths[first + which], remote.host);
	return 0;
}

static int
get_token(struct vs_token *t, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = { .s = vs_buf_empty, .secret = true };
	VS_FREE char *args = NULL;
	int rc;

	if (ttl < 0) {
		rc = read_token(&b, err);
	} else {
		args = vs_printf("token create --ttl %" PRId64 "s", ttl / 1000);
		rc = vs_remote_rke2(&remote, true, args, &b, err);
	}
	if (rc < 0)
		return -1;
	if (vs_token_parse(t, b.s, b.len, err) < 0) {
		err->code = VS_FAIL;
		return vs_wrap(err, "what '%s' gave", remote.host);
	}
	if (ttl >= 0 && !t->bootstrap)
		return vs_fail(err, VS_FAIL,
			"'rke2 token create' on '%s' gave no bootstrap token",
			remote.host);
	if (strcmp(t->user, "server") == 0 && !t->bootstrap)
		vs_warn("this token opens the whole cluster, as a server's: set "
			"'agent-token' on '%s', or make one with --ttl 1h",
			remote.host);
	if (t->hash[0] == '\0')
		vs_warn("this token has no CA hash: nodes cannot tell the cluster "
			"from an impostor");
	return 0;
}

static int
print_token(struct vs_run *run, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = { .s = vs_buf_empty, .secret = true };
	VS_TOKEN_FREE struct vs_token t = { 0 };
	struct vs_jw w = { .b = &b };

	if (get_token(&t, err) < 0)
		return -1;
	if (run->json) {
		vs_jw_object(&w, NULL);
		vs_jw_str(&w, "token", t.text);
		vs_jw_str(&w, "user", t.user);
		vs_jw_str(&w, "hash", t.hash);
		vs_jw_bool(&w, "bootstrap", t.bootstrap);
		vs_jw_close(&w, true);
	} else {
		vs_buf_str(&b, t.text);
	}
	vs_buf_ch(&b, '\n');
	vs_run_result(run, b.s, b.len, 0600);
	return 0;
}

static int
print_version(struct vs_run *run, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_version v;
	struct vs_jw w = { .b = &b };

	if (vs_remote_rke2(&remote, false, "--version", &b, err) < 0)
		return -1;
	if (vs_version_find(&v, b.s, err) < 0)
		return vs_wrap(err, "'rke2 --version' on '%s'", remote.host);
	vs_buf_cut(&b, 0);
	if (run->json) {
		vs_jw_object(&w, NULL);
		vs_jw_str(&w, "version", v.text);
		vs_jw_close(&w, true);
	} else {
		vs_buf_str(&b, v.text);
	}
	vs_buf_ch(&b, '\n');
	vs_run_result(run, b.s, b.len, 0644);
	return 0;
}

int
main(int argc, char **argv)
{
	struct vs_run run;
	struct vs_err err;

	if (vs_run_begin(&run, &tool, argc, argv) < 0)
		return run.status;
	if (usage(&run, &err) < 0
	    || (server_version ? print_version : print_token)(&run, &err) < 0)
		vs_run_fail(&run, &err);
	return vs_run_end(&run);
}
