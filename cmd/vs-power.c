/* SPDX-License-Identifier: Apache-2.0 */
/* vs-power - turn virtual machines on and off */
#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "engine/engine.h"

enum { GRACE = 120000 };

struct power {
	struct vs_conn_opts conn;
	int64_t grace; /* ms */
	bool then_off;
	const struct action *action; /* the requested one */
};

static const struct vs_opt opts[] = {
	{ 0, "grace", VS_OPT_DUR, offsetof(struct power, grace), "DUR",
		"how long shutdown waits for the guest (default: 2m)" },
	{ 0, "then-off", VS_OPT_FLAG, offsetof(struct power, then_off), NULL,
		"power off after that time, or without VMware Tools" },
	{ 0 },
};

static const struct vs_tool_opts tables[] = {
	{ opts, 0 },
	{ vs_change_table, offsetof(struct power, conn) },
	{ vs_conn_table, offsetof(struct power, conn) },
	{ 0 },
};

static const struct vs_tool tool = {
	.name = "vs-power",
	.args = "on|off|shutdown|reboot|reset|suspend [VM...]",
	.does = "turn virtual machines on and off",
	.options = tables,
	.min = 1,
	.max = -1,
	.records = true,
};

/* What each word does; to: the power state in which there is nothing to do, NULL: it
 * cannot be seen whether it was done, so it is never sent twice; power: the field of
 * the record. */
static const struct action {
	const char *word, *what, *method, *to, *phase, *power;
} actions[] = {
	{ "on", "power on", "PowerOnVM_Task", "poweredOn", "powering on", "on" },
	{ "off", "power off", "PowerOffVM_Task", "poweredOff", "powering off", "off" },
	{ "suspend", "suspend", "SuspendVM_Task", "suspended", "suspending", "suspended" },
	{ "reset", "reset", "ResetVM_Task", NULL, "resetting", "on" },
	{ "shutdown", "shut the guest down", "ShutdownGuest", "poweredOff", "shutting down",
		"off" },
	{ "reboot", "reboot the guest", "RebootGuest", NULL, "rebooting", "on" },
};
static const struct action *const off = &actions[1];

struct power_state {
	const struct action *sent; /* last */
	bool maybe_down;	   /* a ShutdownGuest was sent, and its answer lost */
};

static enum vs_step
power_send(struct vs_job *job, const struct action *a)
{
	struct power_state *s = job->state;

	s->sent = a;
	vs_job_phase(job, a->phase, -1);
	vs_job_write(job, a->what, a->method, NULL);
	return VS_STEP_CALL;
}

static enum vs_step
power_done(struct vs_job *job)
{
	const struct power *p = vs_job_arg(job);

	vs_rec_set(&job->rec, "power", p->action->power);
	return VS_STEP_DONE;
}

/* After a ShutdownGuest whose response was lost the guest may be shutting down: VMware
 * Tools end before the power does. */
static enum vs_step
power_no_tools(struct vs_job *job, struct vs_err *err)
{
	const struct power *p = vs_job_arg(job);
	const struct power_state *s = job->state;

	if (s->maybe_down) {
		vs_job_timer(job, p->grace);
		return VS_STEP_WAIT;
	}
	if (p->then_off)
		return power_send(job, off);
	return vs_fail(err, VS_ERR_FAILED, "cannot %s: VMware Tools are not running%s",
		p->action->what, p->action->to ? " (--then-off powers it off)" : "");
}

static enum vs_step
power_look(struct vs_job *job, const struct vs_event *ev, struct vs_err *err)
{
	const char *tools = vs_event_text(ev, "guest.toolsRunningStatus");
	const struct action *action = ((const struct power *)vs_job_arg(job))->action;

	if (vs_event_is(ev, "config.template", "true"))
		return vs_fail(err, VS_ERR_FAILED, "cannot %s: it is a template", action->what);
	if (action->to && vs_event_is(ev, "runtime.powerState", action->to))
		return power_done(job);
	if (action != actions && action != off
		&& !vs_event_is(ev, "runtime.powerState", "poweredOn"))
		return vs_fail(err, VS_ERR_FAILED, "cannot %s: it is not powered on", action->what);
	if (!strstr(action->method, "Guest") || tools == NULL
		|| strcmp(tools, "guestToolsRunning") == 0)
		return power_send(job, action);
	return power_no_tools(job, err);
}

static enum vs_step
power_unsure(const struct vs_event *ev, struct vs_err *err)
{
	return vs_fail(err, VS_ERR_FAILED, "%s; it may have taken effect, and is not repeated",
		ev->err->msg);
}

static enum vs_step
power_refused(struct vs_job *job, const struct vs_event *ev, struct vs_err *err)
{
	const struct action *action = ((const struct power *)vs_job_arg(job))->action;
	const char *is = vs_node_text(ev->fault, "existingState");

	/* it was already done by somebody else, or by a call that was sent before */
	if (strcmp(ev->err->fault, "InvalidPowerState") == 0 && is && action->to
		&& strcmp(is, action->to) == 0)
		return power_done(job);
	if (strcmp(ev->err->fault, "ToolsUnavailable") == 0)
		return power_no_tools(job, err);
	/* vCenter lost contact with the host: it may have been done */
	if (action->to == NULL && strcmp(ev->err->fault, "HostCommunication") == 0)
		return power_unsure(ev, err);
	return vs_job_retry(job, ev, err);
}

static enum vs_step
power_step(struct vs_job *job, const struct vs_event *ev, struct vs_err *err)
{
	const struct power *p = vs_job_arg(job);
	const struct action *action = p->action;
	struct power_state *s = job->state;

	switch (ev->kind) {
	case VS_EVENT_READY:
		return power_look(job, ev, err);
	case VS_EVENT_REPLY:
		if (vs_node_at(ev->reply, "returnval"))
			return VS_STEP_TASK;
		vs_job_timer(job, p->grace);
		return action->to ? VS_STEP_WAIT : power_done(job);
	case VS_EVENT_TASK:
		return power_done(job);
	case VS_EVENT_PROPS:
		return action->to && vs_event_is(ev, "runtime.powerState", action->to)
			? power_done(job)
			: VS_STEP_WAIT;
	case VS_EVENT_TIMER:
		if (p->then_off)
			return power_send(job, off);
		return vs_fail(err, VS_ERR_TIMED_OUT,
			"the guest was still up when the grace period ended (--then-off powers it off then)");
	case VS_EVENT_FAULT:
		return power_refused(job, ev, err);
	case VS_EVENT_LOST:
		if (action->to == NULL)
			return power_unsure(ev, err);
		if (strcmp(action->method, "ShutdownGuest") == 0 && s->sent == action)
			s->maybe_down = true;
		return VS_STEP_AGAIN;
	default:
		return vs_event_fail(ev, err);
	}
}

int
main(int argc, char **argv)
{
	static const char *const props[] = { "runtime.powerState", "config.template",
		"guest.toolsRunningStatus", NULL };
	static const char *const watch[] = { "runtime.powerState", NULL };
	struct power p = { .grace = -1 };
	const struct vs_verb verb = { .props = props,
		.watch = watch,
		.step = power_step,
		.state_size = sizeof(struct power_state),
		.arg = &p };
	const char *words[VS_LEN(actions)];
	struct vs_run run;
	int i;

	if (vs_run_begin(&run, &tool, &p, argc, argv) < 0)
		return run.status;
	for (i = 0; i < (int)VS_LEN(actions); i++)
		words[i] = actions[i].word;
	if ((i = vs_run_word(&run, words, VS_LEN(words), NULL)) < 0)
		return run.status;
	p.action = &actions[i];
	if ((p.then_off || p.grace >= 0) && strcmp(p.action->word, "shutdown") != 0)
		return vs_run_usage(&run, "--then-off and --grace are valid with 'shutdown' only");
	if (p.grace < 0)
		p.grace = GRACE;
	return vs_engine_run(&run, &p.conn, &verb, 1);
}
