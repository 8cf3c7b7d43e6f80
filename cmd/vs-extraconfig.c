/* SPDX-License-Identifier: Apache-2.0 */
/* vs-extraconfig - set, read and clear advanced keys of virtual machines */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/engine.h"
#include "guestinfo/guestinfo.h"
#include "guestinfo/vmkeys.h"
#include "guestinfo/vmopts.h"
#include "vm/extra.h"

enum { SENDS = 3 };

struct extraconfig {
	struct vs_conn_opts conn;
	struct vs_vm_opts vm;
	struct vs_list gets;
	bool clear;
};

static const struct vs_opt opts[] = {
	{ 'g', "get", VS_OPT_LIST, offsetof(struct extraconfig, gets), "KEY",
		"add the value of KEY to the record (repeatable)" },
	{ 0, "clear-ignition", VS_OPT_FLAG, offsetof(struct extraconfig, clear), NULL,
		"remove the Ignition config, after the node has joined" },
	{ 0, "force", VS_OPT_FLAG, offsetof(struct extraconfig, vm.force), NULL,
		"send the Ignition config even to a VM that has booted" },
	{ 0 },
};

static const struct vs_tool_opts tables[] = {
	{ vs_vm_table, offsetof(struct extraconfig, vm) },
	{ opts, 0 },
	{ vs_change_table, offsetof(struct extraconfig, conn) },
	{ vs_conn_table, offsetof(struct extraconfig, conn) },
	{ 0 },
};

static const struct vs_tool tool = {
	.name = "vs-extraconfig",
	.args = "[VM...]",
	.does = "set, read and clear advanced keys of virtual machines",
	.options = tables,
	.min = 0,
	.max = -1,
	.records = true,
};

struct extraconfig_state {
	bool planned;
	struct vs_kvs want;
	int taken; /* changes that vCenter has accepted */
};

static void
extraconfig_drop(struct vs_job *job)
{
	struct extraconfig_state *s = job->state;

	vs_kvs_free(&s->want);
}

/* Whether the VM may have the config is decided again at each look: another run may have
 * been faster, and the VM may have booted and used it.  Not so after our own change:
 * then what was sent must be there. */
static bool
extraconfig_is_planned(
	const struct vs_vm_opts *vm, const struct extraconfig_state *s, const struct vs_kvs *have)
{
	if (!s->planned)
		return false;
	if (vm->ignition == NULL || !vs_kvs_get(&s->want, VS_IGN_DATA))
		return true;
	return s->taken > 0 && !vs_vmkeys_booted(have);
}

static int
extraconfig_plan(struct vs_job *job, const struct vs_event *ev, const struct vs_kvs *have,
	struct vs_err *err)
{
	const struct extraconfig *x = vs_job_arg(job);
	struct extraconfig_state *s = job->state;
	const char *power = vs_event_text(ev, "runtime.powerState");
	VS_BUF_FREE struct vs_buf name = VS_BUF_INIT;

	if (extraconfig_is_planned(&x->vm, s, have))
		return 0;
	s->planned = true;
	vs_kvs_free(&s->want);
	if (x->clear)
		vs_vmkeys_clear(&s->want);
	vs_path_decode(vs_job_name(job), strlen(vs_job_name(job)), &name);
	return vs_vmopts_plan(&x->vm, have, power && strcmp(power, "poweredOff") != 0, name.s,
		vs_rec_get(&job->rec, "node"), &s->want, err);
}

static enum vs_step
extraconfig_done(struct vs_job *job, const struct vs_kvs *have, struct vs_err *err)
{
	const struct extraconfig *x = vs_job_arg(job);

	for (size_t i = 0; i < x->gets.n; i++) {
		const char *key = x->gets.v[i], *value = vs_kvs_get(have, key);

		if (value == NULL)
			return vs_fail(err, VS_ERR_NOT_FOUND, "has no key '%s'", key);
		vs_rec_set(&job->rec, key, value);
	}
	if (x->vm.hostname)
		vs_rec_set(&job->rec, "node", x->vm.hostname);
	return VS_STEP_DONE;
}

/* A config is sent with the changeVersion of the last look: when the VM has changed since,
 * vCenter refuses it (ConcurrentAccess), and the next look decides. */
static enum vs_step
extraconfig_send(struct vs_job *job, const struct vs_event *ev, const struct vs_kvs *diff)
{
	const struct extraconfig *x = vs_job_arg(job);
	bool config = !x->clear && !x->vm.force && vs_kvs_get(diff, VS_IGN_DATA);
	struct vs_xw *w =
		vs_job_write(job, x->clear ? "clear its Ignition config" : "set its extraConfig",
			"ReconfigVM_Task", NULL);

	vs_job_phase(job, "reconfiguring", -1);
	vs_xw_open(w, "spec");
	if (config)
		vs_xw_text(w, "changeVersion", vs_event_text(ev, "config.changeVersion"));
	vs_extra_write(w, diff);
	vs_xw_close(w);
	return VS_STEP_CALL;
}

static enum vs_step
extraconfig_compare(struct vs_job *job, const struct vs_event *ev, struct vs_err *err)
{
	struct extraconfig_state *s = job->state;
	VS_KVS_FREE struct vs_kvs have = { 0 };
	VS_KVS_FREE struct vs_kvs diff = { 0 };

	if (vs_extra_get(ev->content, &have, err) < 0 || extraconfig_plan(job, ev, &have, err) < 0)
		return VS_STEP_FAIL;
	if (vs_extra_diff(&s->want, &have, &diff) == 0)
		return extraconfig_done(job, &have, err);
	if (s->taken >= SENDS)
		return vs_fail(err, VS_ERR_FAILED,
			"vCenter accepted the change, but '%s' does not have its new value",
			diff.v[0].key);
	return extraconfig_send(job, ev, &diff);
}

static enum vs_step
extraconfig_step(struct vs_job *job, const struct vs_event *ev, struct vs_err *err)
{
	const struct extraconfig *x = vs_job_arg(job);
	struct extraconfig_state *s = job->state;

	switch (ev->kind) {
	case VS_EVENT_READY:
		if (x->vm.keys.n + x->clear && vs_event_is(ev, "config.template", "true"))
			return vs_fail(err, VS_ERR_FAILED,
				"is a template: vCenter does not change the keys of a template");
		return extraconfig_compare(job, ev, err);
	case VS_EVENT_REPLY:
		return VS_STEP_TASK;
	case VS_EVENT_TASK:
		/* read it back: vCenter ignores some keys silently */
		s->taken++;
		vs_job_delay(job, 0);
		return VS_STEP_AGAIN;
	case VS_EVENT_LOST:
		/* look whether it was done; doing it twice does no harm */
		return VS_STEP_AGAIN;
	case VS_EVENT_FAULT:
		return vs_job_retry(job, ev, err);
	default:
		return vs_event_fail(ev, err);
	}
}

int
main(int argc, char **argv)
{
	static const char *const props[] = { "config.extraConfig", "config.changeVersion",
		"config.template", "config.instanceUuid", "runtime.powerState", NULL };
	struct extraconfig x = { 0 };
	struct vs_verb verb = { .props = props,
		.step = extraconfig_step,
		.state_size = sizeof(struct extraconfig_state),
		.drop = extraconfig_drop,
		.arg = &x };
	struct vs_run run;
	struct vs_err err;

	if (vs_run_begin(&run, &tool, &x, argc, argv) < 0)
		return run.status;
	if (vs_vmopts_take(&x.vm, run.n, &err) < 0) {
		vs_run_fail(&run, &err);
	} else if (x.clear && x.vm.ignition) {
		vs_run_usage(&run, "-i and --clear-ignition cannot be used together");
	} else if (x.vm.keys.n + x.gets.n + x.clear == 0 && !x.vm.hostname) {
		vs_run_usage(&run, "nothing to do: give -i, -e, -E, -g or --clear-ignition");
	} else {
		verb.reads = x.vm.keys.n + x.clear == 0 && !x.vm.hostname;
		run.contents = x.gets.n > 0;
		vs_engine_run(&run, &x.conn, &verb, 0);
	}
	vs_vmopts_free(&x.vm);
	vs_list_free(&x.gets);
	return run.status;
}
