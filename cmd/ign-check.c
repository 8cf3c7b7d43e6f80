/* SPDX-License-Identifier: Apache-2.0 */
/* ign-check - check whether a machine will boot with its Ignition config */
#include <stddef.h>
#include <string.h>

#include "base/io.h"
#include "base/log.h"
#include "check/verdict.h"
#include "engine/engine.h"
#include "guestinfo/encoding.h"
#include "ign/flatcar.h"
#include "run/ordered.h"
#include "run/peek.h"
#include "vm/extra.h"

struct ign_check {
	struct vs_conn_opts conn;
	struct vs_check_options boot;
	const char *flatcar;
	struct vs_ordered found; /* of VMs */
};

static const struct vs_opt opts[] = {
	{ 0, "worker", VS_OPT_FLAG, offsetof(struct ign_check, boot.worker), NULL,
		"check that it becomes an RKE2 worker, too" },
	{ 0, "flatcar", VS_OPT_STR, offsetof(struct ign_check, flatcar), "VERSION",
		"Flatcar version that boots with it: 4081, stable" },
	{ 'd', "files-dir", VS_OPT_STR, offsetof(struct ign_check, boot.files_dir), "DIR",
		"directory of the local files of a Butane document" },
	{ 0, "lax", VS_OPT_FLAG, offsetof(struct ign_check, boot.lax), NULL,
		"be no stricter than Butane and Ignition" },
	{ 0 },
};

static const struct vs_tool_opts tables[] = {
	{ opts, 0 },
	{ vs_conn_table, offsetof(struct ign_check, conn) },
	{ 0 },
};

static const struct vs_tool tool = {
	.name = "ign-check",
	.args = "[FILE...]",
	.does = "check whether a machine will boot with its Ignition config",
	.options = tables,
	.min = 0,
	.max = -1,
	.records = true,
};

/* Print the findings about one input; named: its name before each of them. */
static void
ign_check_print(const struct vs_run *run, const struct vs_report *r, const char *input, bool named,
	enum vs_err_code code, const char *note, struct vs_buf *out)
{
	vs_verdict_write(r, named || run->json ? input : NULL, run->json, out);
	if (note && !run->quiet)
		vs_say("%s: %s", input, note);
	else if (code == VS_ERR_NONE && note == NULL)
		vs_info("%s: nothing prevents it from booting", input);
}

static void
ign_check_file(struct vs_run *run, const struct vs_check_options *boot, const char *path,
	struct vs_buf *out)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_SECRET;
	VS_REPORT_FREE struct vs_report r = { 0 };
	const char *name = strcmp(path, "-") == 0 ? "stdin" : path;
	const char *note = NULL;
	enum vs_err_code code;
	struct vs_err err;

	if (vs_read_file(path, "the config", &b, &err) < 0) {
		vs_run_fail(run, &err);
		return;
	}
	code = vs_verdict_file(boot, name, b.s, b.len, &r, &note);
	ign_check_print(run, &r, name, run->n > 1, code, note, out);
	if (run->status == 0)
		run->status = (int)code;
}

static enum vs_step
ign_check_vm(struct vs_job *job, const struct vs_kvs *keys)
{
	const struct vs_run *run = vs_job_engine(job)->run;
	struct ign_check *c = vs_job_arg(job);
	VS_REPORT_FREE struct vs_report r = { 0 };
	struct vs_buf out = VS_BUF_INIT;
	const char *note = NULL;
	enum vs_err_code code;

	code = vs_verdict_keys(&c->boot, job->rec.path, keys, &r, &note);
	ign_check_print(run, &r, job->rec.path, true, code, note, &out);
	vs_ordered_add(&c->found, job->index, &out);
	if (code == VS_ERR_NONE)
		return VS_STEP_DONE;
	vs_job_drop(job, code); /* the findings say why */
	return VS_STEP_FAIL;
}

static enum vs_step
ign_check_step(struct vs_job *job, const struct vs_event *ev, struct vs_err *err)
{
	VS_KVS_FREE struct vs_kvs keys = { 0 };

	if (ev->kind != VS_EVENT_READY)
		return vs_event_fail(ev, err);
	if (vs_extra_get(ev->content, &keys, err) < 0)
		return VS_STEP_FAIL;
	return ign_check_vm(job, &keys);
}

static void
ign_check_vms(struct vs_run *run, struct ign_check *c, struct vs_buf *out)
{
	static const char *const props[] = { "config.extraConfig", "config.instanceUuid", NULL };
	const struct vs_verb verb = {
		.props = props, .reads = true, .step = ign_check_step, .arg = c
	};
	const char *to = run->out;

	/* the findings are the output, not the records */
	run->out = "/dev/null";
	vs_engine_run(run, &c->conn, &verb, 0);
	run->out = to;
	vs_ordered_take(&c->found, out);
}

int
main(int argc, char **argv)
{
	VS_BUF_FREE struct vs_buf out = VS_BUF_INIT;
	VS_BUF_FREE struct vs_buf head = VS_BUF_SECRET;
	struct ign_check c = { 0 };
	struct vs_run run;
	struct vs_err err;

	if (vs_run_begin(&run, &tool, &c, argc, argv) < 0)
		return run.status;
	if (c.flatcar && (c.boot.flatcar = vs_flatcar_parse(c.flatcar, &err)) < 0)
		return vs_run_usage(&run, "--flatcar: %s", err.msg);
	if (run.n > 0 && run.expect >= 0)
		return vs_run_usage(&run, "--expect counts VMs, but the operands are files");
	if (run.n == 0)
		vs_peek_stdin(&head);
	for (int i = 0; i < run.n; i++)
		ign_check_file(&run, &c.boot, run.operands[i], &out);
	if (run.n == 0 && vs_encoding_is_config(head.s, head.len))
		ign_check_file(&run, &c.boot, "-", &out);
	else if (run.n == 0)
		ign_check_vms(&run, &c, &out);
	vs_run_result(&run, out.s, out.len, 0644);
	return vs_run_end(&run);
}
