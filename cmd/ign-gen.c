/* SPDX-License-Identifier: Apache-2.0 */
/* ign-gen - generate the Ignition config of a Flatcar machine */
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/log.h"
#include "butane/to_butane.h"
#include "guestinfo/guestinfo.h"
#include "run/run.h"
#include "run/say.h"
#include "worker/translate.h"

struct ign_gen {
	struct vs_worker worker;
	struct vs_translation gen;
	struct vs_report report;
	bool guestinfo, print_butane, check, raw, back;
};

static const struct vs_opt worker_opts[] = {
	{ 's', "server", VS_OPT_STR, offsetof(struct vs_worker, server), "URL",
		"RKE2 server to join, https://HOST:9345" },
	{ 't', "token", VS_OPT_STR, offsetof(struct vs_worker, token), "FILE",
		"file with the join token, '-' for stdin" },
	{ 'a', "authorized-key", VS_OPT_LIST, offsetof(struct vs_worker, keys), "FILE",
		"SSH public keys for the user core" },
	{ 0, "rke2", VS_OPT_STR, offsetof(struct vs_worker, rke2), "VERSION",
		"newest patch of v1.33, or exactly v1.33.4+rke2r1" },
	{ 0, "rke2-sha256", VS_OPT_STR, offsetof(struct vs_worker, sha256), "HEX",
		"SHA-256 of rke2.linux-amd64.tar.gz" },
	{ 0, "rke2-sums", VS_OPT_STR, offsetof(struct vs_worker, sums), "FILE",
		"SHA-256 from the release's sha256sum-amd64.txt" },
	{ 0, "rke2-url", VS_OPT_STR, offsetof(struct vs_worker, mirror), "URL",
		"mirror of the releases" },
	{ 0, "rke2-channel", VS_OPT_STR, offsetof(struct vs_worker, channel), "NAME",
		"newest release of this channel, without --rke2" },
	{ 0, "label", VS_OPT_LIST, offsetof(struct vs_worker, labels), "KEY=VALUE", "node label" },
	{ 0, "taint", VS_OPT_LIST, offsetof(struct vs_worker, taints), "KEY[=VALUE]:EFFECT",
		"node taint" },
	{ 0, "updates", VS_OPT_WORD, offsetof(struct vs_worker, updates),
		"none|kured|reboot|etcd-lock", "how Flatcar updates itself (default: none)" },
	{ 0, "group", VS_OPT_STR, offsetof(struct vs_worker, group), "NAME",
		"channel of these updates: stable, lts-2024" },
	{ 0, "reboot-window", VS_OPT_STR, offsetof(struct vs_worker, window), "START/LENGTH",
		"reboot only then: '04:00/1h', 'Thu 23:30/90m'" },
	{ 0, "allow-unpinned", VS_OPT_FLAG, offsetof(struct vs_worker, allow_unpinned), NULL,
		"accept a token without a CA hash" },
	{ 0 },
};

static const struct vs_opt opts[] = {
	{ 0, "add", VS_OPT_LIST, offsetof(struct ign_gen, gen.adds), "FILE",
		"merge this Butane file into the document" },
	{ 'D', "define", VS_OPT_LIST, offsetof(struct ign_gen, gen.defines), "NAME=VALUE",
		"value of the placeholder @{NAME}" },
	{ 'd', "files-dir", VS_OPT_STR, offsetof(struct ign_gen, gen.files_dir), "DIR",
		"directory of the local files of a document" },
	{ 0, "env", VS_OPT_FLAG, offsetof(struct ign_gen, gen.env), NULL,
		"take placeholder values from the environment" },
	{ 'p', "pretty", VS_OPT_FLAG, offsetof(struct ign_gen, gen.pretty), NULL,
		"indent the output" },
	{ 0, "check", VS_OPT_FLAG, offsetof(struct ign_gen, check), NULL,
		"only report errors and warnings" },
	{ 0, "strict", VS_OPT_FLAG, offsetof(struct ign_gen, gen.strict), NULL,
		"treat warnings as errors" },
	{ 0, "lax", VS_OPT_FLAG, offsetof(struct ign_gen, report.lax), NULL,
		"accept what Butane accepts" },
	{ 0, "raw", VS_OPT_FLAG, offsetof(struct ign_gen, raw), NULL,
		"no effect: flatcar configs are never wrapped" },
	{ 0, "guestinfo", VS_OPT_FLAG, offsetof(struct ign_gen, guestinfo), NULL,
		"print the two guestinfo KEY=VALUE lines" },
	{ 0, "print-butane", VS_OPT_FLAG, offsetof(struct ign_gen, print_butane), NULL,
		"print the built-in worker document" },
	{ 0, "from-ignition", VS_OPT_FLAG, offsetof(struct ign_gen, back), NULL,
		"convert the Ignition config in FILE to Butane" },
	{ 0 },
};

static const struct vs_tool_opts tables[] = {
	{ worker_opts, offsetof(struct ign_gen, worker) },
	{ opts, 0 },
	{ 0 },
};

static const struct vs_tool tool = {
	.name = "ign-gen",
	.args = "[FILE]",
	.does = "generate the Ignition config of a Flatcar machine",
	.options = tables,
	.min = 0,
	.max = 1,
};

/* Are the options complete and consistent? */
static int
ign_gen_complete(const struct ign_gen *g, struct vs_err *err)
{
	if (g->back
		&& (g->gen.adds.n > 0 || g->gen.defines.n > 0 || g->guestinfo || g->gen.env
			|| g->gen.files_dir || vs_worker_any(&g->worker)))
		return vs_fail(err, VS_ERR_USAGE,
			"--from-ignition cannot be used with --add, -D, --env, -d, --guestinfo or worker options: convert to Butane first, then run ign-gen on that");
	if (g->gen.file)
		return 0;
	if (g->back)
		return vs_fail(
			err, VS_ERR_USAGE, "--from-ignition needs a FILE to read ('-' for stdin)");
	if (!vs_worker_mode(&g->worker))
		return vs_fail(err, VS_ERR_USAGE,
			"give a Butane FILE ('-' for stdin), or -s, -t and --rke2 for a worker");
	if (g->worker.server == NULL)
		return vs_fail(err, VS_ERR_USAGE,
			"-s is missing: the RKE2 server to join, https://HOST:9345");
	if (g->worker.token == NULL)
		return vs_fail(err, VS_ERR_USAGE,
			"-t is missing: a file with the join token, or '-' (rke2-token HOST | ign-gen -t - ...)");
	if (g->worker.rke2 == NULL && g->worker.channel == NULL)
		return vs_fail(err, VS_ERR_USAGE,
			"--rke2 is missing: the server's minor version, v1.33, or one release (rke2-token --server-version HOST)");
	return 0;
}

static int
ign_gen_as_guestinfo(
	const struct ign_gen *g, struct vs_buf *json, struct vs_buf *out, struct vs_err *err)
{
	char words[VS_GUESTINFO_WORDS];
	enum vs_guestinfo_size size;

	vs_buf_str(out, VS_IGN_DATA "=");
	if (vs_guestinfo_pack(json->s, json->len, out, err) < 0)
		return -1;
	size = vs_guestinfo_size(out->len - strlen(VS_IGN_DATA "="), words);
	if (size == VS_GUESTINFO_SIZE_TOO_LARGE)
		return vs_fail(err, VS_ERR_USAGE, "%s", words);
	if (size == VS_GUESTINFO_SIZE_LARGE && g->gen.strict)
		return vs_fail(err, VS_ERR_USAGE, "%s (--strict treats warnings as errors)", words);
	if (size == VS_GUESTINFO_SIZE_LARGE)
		vs_warn("%s", words);
	vs_buf_str(out, "\n" VS_IGN_ENCODING "=" VS_IGN_GZIP "\n");
	return 0;
}

static void
ign_gen_show(struct vs_run *run, struct ign_gen *g)
{
	struct vs_report *r = &g->report;

	for (size_t i = 0; i < r->n; i++) {
		VS_BUF_FREE struct vs_buf text = VS_BUF_INIT, lines = VS_BUF_INIT;
		/* -q must not hide why it was refused */
		bool warning = r->v[i].warning && !(g->gen.strict && run->quiet);

		vs_finding_str(&r->v[i], &text);
		if (warning)
			vs_warn("%s", text.s);
		else
			vs_run_say(run, VS_ERR_USAGE, text.s);
		if ((!warning || vs_log_on(VS_LOG_WARN)) && vs_report_quote(r, &r->v[i], &lines))
			vs_say_below(lines.s);
	}
	if (r->errors == 0 && r->n > 0 && g->gen.strict)
		vs_run_say(run, VS_ERR_USAGE, "refused: --strict treats warnings as errors");
}

static int
ign_gen_translate(struct ign_gen *g, struct vs_buf *out, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf json = VS_BUF_SECRET;

	if (vs_translate(&g->gen, &g->report, g->guestinfo ? &json : out, err) < 0)
		return -1;
	return g->guestinfo ? ign_gen_as_guestinfo(g, &json, out, err) : 0;
}

static int
ign_gen_to_butane(struct ign_gen *g, struct vs_buf *out, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf json = VS_BUF_SECRET;
	struct vs_report *r = &g->report;
	bool is_stdin = strcmp(g->gen.file, "-") == 0;

	if (vs_read_file(g->gen.file, "the config", &json, err) < 0)
		return -1;
	vs_report_source(r, is_stdin ? "stdin" : g->gen.file, json.s, json.len);
	if (vs_to_butane(json.s, json.len, is_stdin ? "stdin" : g->gen.file, r, out) < 0)
		return -1;
	return g->gen.strict && r->n > 0 ? -1 : 0;
}

static void
ign_gen_run(struct vs_run *run, struct ign_gen *g)
{
	VS_BUF_FREE struct vs_buf out = VS_BUF_SECRET;
	struct vs_err err = { 0 };
	int bad;

	g->gen.file = run->n > 0 ? run->operands[0] : NULL;
	g->report.quote = isatty(STDERR_FILENO);
	if (ign_gen_complete(g, &err) < 0) {
		vs_run_fail(run, &err);
		vs_say("'ign-gen --help' lists the options");
		return;
	}
	bad = g->back ? ign_gen_to_butane(g, &out, &err) : ign_gen_translate(g, &out, &err);
	ign_gen_show(run, g);
	if (bad && err.code)
		vs_run_fail(run, &err);
	if (bad == 0 && !g->check) /* it holds the token */
		vs_run_result(run, out.s, out.len, 0600);
	vs_report_free(&g->report);
}

int
main(int argc, char **argv)
{
	struct vs_butane_text t = vs_worker_document();
	struct ign_gen g = { .gen.worker = &g.worker };
	struct vs_run run;

	if (vs_run_begin(&run, &tool, &g, argc, argv) < 0)
		return run.status;
	if (g.print_butane && run.n > 0)
		vs_run_usage(&run, "--print-butane prints the built-in document, not '%s'",
			run.operands[0]);
	else if (g.print_butane)
		vs_run_result(&run, t.text, strlen(t.text), 0644);
	else
		ign_gen_run(&run, &g);
	vs_list_free(&g.worker.keys);
	vs_list_free(&g.worker.labels);
	vs_list_free(&g.worker.taints);
	vs_list_free(&g.gen.adds);
	vs_list_free(&g.gen.defines);
	return vs_run_end(&run);
}
