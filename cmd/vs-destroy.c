/* SPDX-License-Identifier: Apache-2.0 */
/* vs-destroy - delete virtual machines and their disks */
#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "engine/engine.h"
#include "run/confirm.h"
#include "vm/device.h"

struct destroy {
	struct vs_conn_opts conn;
	bool off, templates, disks, yes;
};

static const struct vs_opt opts[] = {
	{ 'y', "yes", VS_OPT_FLAG, offsetof(struct destroy, yes), NULL,
		"do not ask for confirmation" },
	{ 0, "off", VS_OPT_FLAG, offsetof(struct destroy, off), NULL,
		"power off running VMs first" },
	{ 0, "template", VS_OPT_FLAG, offsetof(struct destroy, templates), NULL,
		"delete templates, too" },
	{ 0, "disks", VS_OPT_FLAG, offsetof(struct destroy, disks), NULL,
		"delete disks outside the VM's folder, too" },
	{ 0 },
};

static const struct vs_tool_opts tables[] = {
	{ opts, 0 },
	{ vs_change_table, offsetof(struct destroy, conn) },
	{ vs_conn_table, offsetof(struct destroy, conn) },
	{ 0 },
};

static const struct vs_tool tool = {
	.name = "vs-destroy",
	.args = "[VM...]",
	.does = "delete virtual machines and their disks",
	.options = tables,
	.min = 0,
	.max = -1,
	.records = true,
};

static const char *const props[] = { "config.template", "runtime.powerState",
	"config.hardware.device", "config.files.vmPathName", NULL };

struct destroy_state {
	bool confirmed;
	bool deleting;	/* the last request was Destroy_Task, not PowerOffVM_Task */
	bool not_found; /* said a fault, and a look followed */
};

/* A check needs its property: one that cannot be read, because the role lacks
 * System.Read or the VM is inaccessible, might forbid the deletion. */
static int
destroy_known(const struct destroy *d, const struct vs_event *ev, struct vs_err *err)
{
	static const char *const hints[] = { " (--template skips this check)", "",
		" (--disks skips this check)", " (--disks skips this check)" };
	const bool skip[] = { d->templates, false, d->disks, d->disks };

	for (size_t i = 0; props[i]; i++)
		if (!skip[i] && vs_event_prop(ev, props[i]) == NULL)
			return vs_fail(err, VS_ERR_FAILED, "not deleted: cannot read its %s%s",
				props[i], hints[i]);
	return 0;
}

static enum vs_step
destroy_send(struct vs_job *job)
{
	struct destroy_state *s = job->state;

	s->deleting = true;
	vs_job_phase(job, "deleting", -1);
	vs_job_write(job, "delete it and its disks", "Destroy_Task", NULL);
	return VS_STEP_CALL;
}

static enum vs_step
destroy_look(struct vs_job *job, const struct vs_event *ev, struct vs_err *err)
{
	const struct destroy *d = vs_job_arg(job);
	const char *power = vs_event_text(ev, "runtime.powerState");
	bool on = power && strcmp(power, "poweredOff") != 0;
	struct destroy_state *s = job->state;
	const char *disk;

	if (destroy_known(d, ev, err) < 0)
		return VS_STEP_FAIL;
	if (vs_prop_bool(ev->content, "config.template") && !d->templates)
		return vs_fail(err, VS_ERR_FAILED, "is a template: give --template to delete it");
	if (on && !d->off)
		return vs_fail(err, VS_ERR_FAILED, "is %s: give --off to power it off first",
			strcmp(power, "suspended") == 0 ? "suspended" : "running");
	if (!d->disks && (disk = vs_disk_elsewhere(ev->content)) != NULL)
		return vs_fail(err, VS_ERR_FAILED,
			"has a disk outside its own folder: '%s'; detach it, or give --disks to delete it, too",
			disk);
	/* once, even if the VM is read again */
	if (!d->yes && !s->confirmed) {
		vs_job_ask(job, "delete %s and its disks?", job->rec.path);
		return VS_STEP_ASK;
	}
	if (!on)
		return destroy_send(job);
	s->deleting = false; /* refused, and it was powered on since */
	vs_job_phase(job, "powering off", -1);
	vs_job_write(job, "power it off, then delete it and its disks", "PowerOffVM_Task", NULL);
	return VS_STEP_CALL;
}

static enum vs_step
destroy_step(struct vs_job *job, const struct vs_event *ev, struct vs_err *err)
{
	const struct destroy *d = vs_job_arg(job);
	struct destroy_state *s = job->state;

	switch (ev->kind) {
	case VS_EVENT_READY:
		return destroy_look(job, ev, err);
	case VS_EVENT_ANSWER:
		if (!ev->yes)
			return vs_fail(err, VS_ERR_FAILED, "not deleted, as answered");
		/* it may have changed while the question was open: look again */
		s->confirmed = true;
		vs_job_delay(job, 0);
		return VS_STEP_AGAIN;
	case VS_EVENT_REPLY:
		return VS_STEP_TASK;
	case VS_EVENT_TASK:
		return s->deleting ? VS_STEP_DONE : destroy_send(job);
	case VS_EVENT_GONE:
		return VS_STEP_DONE;
	case VS_EVENT_LOST:
		return VS_STEP_AGAIN;
	case VS_EVENT_FAULT:
		/* the VM or something that it has: look at it, once */
		if (strcmp(ev->err->fault, "ManagedObjectNotFound") == 0 && !s->not_found) {
			s->not_found = true;
			vs_job_delay(job, 0);
			return VS_STEP_AGAIN;
		}
		/* its power state has changed since: look again */
		if (strcmp(ev->err->fault, "InvalidPowerState") == 0 && d->off)
			return VS_STEP_AGAIN;
		return vs_job_retry(job, ev, err);
	default:
		return vs_event_fail(ev, err);
	}
}

int
main(int argc, char **argv)
{
	struct destroy d = { 0 };
	const struct vs_verb verb = { .props = props,
		.step = destroy_step,
		.state_size = sizeof(struct destroy_state),
		.arg = &d };
	struct vs_run run;

	if (vs_run_begin(&run, &tool, &d, argc, argv) < 0)
		return run.status;
	d.yes |= d.conn.dry_run;
	if (!d.yes && !vs_confirm_can())
		return vs_run_usage(&run, "no terminal to ask on: give -y");
	return vs_engine_run(&run, &d.conn, &verb, 0);
}
