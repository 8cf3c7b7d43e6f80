/* SPDX-License-Identifier: Apache-2.0 */
/* remote.c - runs a small sh script on an RKE2 server with the system's ssh, and judges
 * its output.  Which part of that is an answer is up to rke2/remote_answer.
 * Reference: docs.rke2.io (reference/server_config, security/token); ssh(1), sudo(8). */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/proc.h"
#include "rke2/remote.h"
#include "rke2/remote_answer.h"

enum {
	MAX_OUTPUT = 64 << 10,
	SSH_WORDS = 16, /* room for the options below, host, command and NULL */
	WAIT_MS = 60 * 1000,
};

/* stdout of a command is passed on; its stderr, in English, follows the end mark. */
static const char PROLOGUE[] = "try() {\n"
			       "	printf '\\n@vsutils begin\\n'\n"
			       "	{ why=$(LC_ALL=C \"$@\" 2>&1 >&3); } 3>&1\n"
			       "	status=$?\n"
			       "	printf '\\n@vsutils end %s\\n%s\\n' \"$status\" \"$why\"\n"
			       "	case $why in\n"
			       "	*'No such file'*) ;;\n"
			       "	*) exit 0 ;;\n"
			       "	esac\n"
			       "}\n"
			       "root=\n"
			       "[ \"$(id -u)\" = 0 ] || root='sudo -n'\n";

static void
remote_quote(struct vs_buf *b, const char *s)
{
	vs_buf_ch(b, '\'');
	for (; *s; s++)
		if (*s == '\'')
			vs_buf_str(b, "'\\''");
		else
			vs_buf_ch(b, *s);
	vs_buf_ch(b, '\'');
}

static bool
remote_terminal(void)
{
	VS_CLOSEFD int fd = vs_open_terminal();

	return fd >= 0;
}

static int
remote_check_host(const char *host, struct vs_err *err)
{
	const char *at = strrchr(host, '@'), *name = at ? at + 1 : host;
	const char *colon = strchr(name, ':');

	/* ssh would take it as an option: -oProxyCommand=... runs anything */
	if (*host == '-' || *host == '\0' || *name == '-' || *name == '\0' || at == host)
		return vs_fail(err, VS_ERR_USAGE, "'%s' is not a host: expected [USER@]HOST", host);
	for (const char *s = host; *s; s++)
		if ((unsigned char)*s <= ' ' || *s == 0x7f)
			return vs_fail(err, VS_ERR_USAGE,
				"'%s' is not a host: it contains white space", host);
	if (colon && strchr(colon + 1, ':') == NULL && strncmp(host, "ssh://", 6) != 0)
		return vs_fail(err, VS_ERR_USAGE,
			"'%s' is not a host: set the port with -P: -P %s %.*s", host, colon + 1,
			(int)(colon - host), host);
	return 0;
}

static int
remote_check(const struct vs_remote *r, struct vs_err *err)
{
	int64_t port;

	if (remote_check_host(r->host, err) < 0)
		return -1;
	if (r->port && vs_num(r->port, 1, 65535, &port, err) < 0)
		return vs_wrap(err, "port");
	return 0;
}

static int
remote_spawn(const struct vs_remote *r, char **words, size_t n, const struct vs_buf *script,
	struct vs_buf *out, struct vs_err *err)
{
	VS_FREE const char **argv = vs_alloc(n + SSH_WORDS, sizeof *argv);
	bool tty = remote_terminal();
	struct vs_proc p = {
		.argv = argv,
		.in = script->s,
		.in_len = script->len,
		.out = out,
		.said = vs_proc_said, /* ssh passes on what the server writes */
		.timeout = r->timeout >= 0 ? r->timeout
			: tty		   ? 0
					   : WAIT_MS,
	};
	size_t k = 0;

	while (k < n) {
		argv[k] = words[k];
		k++;
	}
	argv[k++] = "-T";
	argv[k++] = "-oConnectTimeout=10";
	if (!tty)
		argv[k++] = "-oBatchMode=yes";
	if (r->key) {
		argv[k++] = "-i";
		argv[k++] = r->key;
	}
	if (r->port) {
		argv[k++] = "-p";
		argv[k++] = r->port;
	}
	argv[k++] = r->host;
	argv[k++] = "sh -s";
	assert(k < n + SSH_WORDS); /* NULL ends it */
	vs_info("connecting to '%s' with '%s'", r->host, r->ssh);
	if (vs_proc_run(&p, err) < 0) {
		if (err->code == VS_ERR_TIMED_OUT)
			return vs_fail(err, VS_ERR_TIMED_OUT,
				"no answer from '%s' in time: set a longer --timeout", r->host);
		if (err->code == VS_ERR_UNREACHABLE)
			return -1;
		return vs_fail(err, VS_ERR_FAILED,
			"%s: install the OpenSSH client, or set another command with --ssh",
			err->msg);
	}
	return p.status;
}

/* Run the script; its output to out.  Returns ssh's exit status, or -1. */
static int
remote_run(const struct vs_remote *r, const struct vs_buf *script, struct vs_buf *out,
	struct vs_err *err)
{
	VS_STRINGS_FREE struct vs_strings words = { 0 };

	if (remote_check(r, err) < 0)
		return -1;
	if (vs_words(r->ssh, &words, err) < 0)
		return vs_wrap(err, "ssh command '%s'", r->ssh);
	if (words.n == 0)
		return vs_fail(err, VS_ERR_USAGE, "the ssh command is empty");
	return remote_spawn(r, words.v, words.n, script, out, err);
}

static int
remote_explain(const struct vs_remote *r, const struct vs_remote_answer *a, const char *what,
	struct vs_err *err)
{
	VS_FREE char *line = vs_remote_answer_line(a);

	if (vs_remote_answer_mentions(a, "password is required")
		|| vs_remote_answer_mentions(a, "terminal is required")
		|| vs_remote_answer_mentions(a, "must have a tty"))
		return vs_fail(err, VS_ERR_FAILED,
			"sudo on '%s' requires a password: log in as root, or allow '%s' without one (NOPASSWD in sudoers)",
			r->host, what);
	if (a->status == 127 && vs_remote_answer_mentions(a, "sudo"))
		return vs_fail(err, VS_ERR_FAILED, "no sudo on '%s': log in as root", r->host);
	return vs_fail(err, VS_ERR_FAILED, "'%s' failed on '%s': %s", what, r->host,
		*line ? line : "no reason given");
}

/* 0: *a is the last answer in b; -1: why not. */
static int
remote_judge(const struct vs_remote *r, int status, const struct vs_buf *b,
	struct vs_remote_answer *a, size_t *count, struct vs_err *err)
{
	if (status < 0)
		return -1;
	if (b->over)
		return vs_fail(err, VS_ERR_FAILED,
			"'%s' sent more than %zu KiB, which is too much for a token", r->host,
			b->max >> 10);
	if (vs_remote_answer_find(b, a, count))
		return 0;
	if (status == 255)
		return vs_fail(err, VS_ERR_UNREACHABLE,
			"cannot log in to '%s' with ssh (see its message above): check the host name, the port (-P), the key (-i) and known_hosts",
			r->host);
	return vs_fail(err, VS_ERR_FAILED,
		"'%s' accepts the login but runs no commands (status %d): check the user's login shell",
		r->host, status);
}

/* The first of the files that exists; *which: its index. */
static int
remote_read_first(const struct vs_remote *r, char *const *paths, size_t n, struct vs_buf *out,
	size_t *which, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf script = VS_BUF_INIT;
	VS_BUF_FREE struct vs_buf b = { .s = vs_buf_empty, .max = MAX_OUTPUT, .secret = true };
	VS_FREE char *what = NULL;
	struct vs_remote_answer a = { 0 };
	size_t count = 0;
	int status;

	vs_buf_str(&script, PROLOGUE);
	vs_buf_str(&script, "main() {\n");
	for (size_t i = 0; i < n; i++) {
		vs_buf_str(&script, "	try $root cat ");
		remote_quote(&script, paths[i]);
		vs_buf_ch(&script, '\n');
	}
	vs_buf_str(&script, "}\nmain </dev/null\n");
	status = remote_run(r, &script, &b, err);
	if (remote_judge(r, status, &b, &a, &count, err) < 0)
		return -1;
	*which = count - 1 < n ? count - 1 : n - 1;
	if (a.status == 0) {
		vs_buf_add(out, a.out, a.out_len);
		return 0;
	}
	what = vs_printf("cat %s", paths[*which]);
	remote_explain(r, &a, what, err);
	if (vs_remote_answer_mentions(&a, "No such file"))
		err->code = VS_ERR_NOT_FOUND;
	return -1;
}

int
vs_remote_token(const struct vs_remote *r, const char *data_dir, const char *from,
	struct vs_buf *out, struct vs_err *err)
{
	VS_FREE char *agent = vs_printf("%s/server/agent-token", data_dir);
	VS_FREE char *server = vs_printf("%s/server/node-token", data_dir);
	char *const both[] = { agent, server };
	char *const *paths = from && strcmp(from, "server") == 0 ? both + 1 : both;
	size_t which = 0;

	if (remote_read_first(r, paths, from ? 1 : 2, out, &which, err) == 0) {
		vs_info("read '%s' on '%s'", paths[which], r->host);
		return 0;
	}
	if (err->code == VS_ERR_NOT_FOUND)
		vs_fail(err, VS_ERR_NOT_FOUND,
			"no '%s'%s on '%s': check that it is an RKE2 server, and its --data-dir",
			paths[0], from ? "" : " or node-token", r->host);
	return -1;
}

int
vs_remote_rke2(const struct vs_remote *r, bool root, const char *args, struct vs_buf *out,
	struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf script = VS_BUF_INIT;
	VS_BUF_FREE struct vs_buf b = { .s = vs_buf_empty, .max = MAX_OUTPUT, .secret = true };
	VS_FREE char *what = vs_printf("rke2 %s", args);
	struct vs_remote_answer a = { 0 };
	size_t count;
	int status;

	vs_buf_str(&script, PROLOGUE);
	vs_buf_fmt(&script,
		"absent() { return 127; }\n"
		"main() {\n"
		"	for rke2 in \"$(command -v rke2)\" /usr/local/bin/rke2 /opt/rke2/bin/rke2; do\n"
		"		[ -x \"$rke2\" ] && break\n"
		"	done\n"
		"	if [ -x \"$rke2\" ]; then try %s\"$rke2\" %s; else try absent; fi\n"
		"}\nmain </dev/null\n",
		root ? "$root " : "", args);
	status = remote_run(r, &script, &b, err);
	if (remote_judge(r, status, &b, &a, &count, err) < 0)
		return -1;
	if (a.status == 0) {
		vs_buf_add(out, a.out, a.out_len);
		return 0;
	}
	if (a.status == 127 && !vs_remote_answer_mentions(&a, "sudo"))
		return vs_fail(err, VS_ERR_NOT_FOUND,
			"no rke2 program on '%s' in PATH, /usr/local/bin or /opt/rke2/bin: check that it is an RKE2 server",
			r->host);
	return remote_explain(r, &a, what, err);
}
