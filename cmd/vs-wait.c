/* SPDX-License-Identifier: Apache-2.0 */
/* vs-wait - wait until virtual machines are in a given state */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "engine/engine.h"
#include "inventory/show.h"
#include "vm/guest.h"

enum wait_goal { WAIT_IP, WAIT_ON, WAIT_OFF, WAIT_TOOLS, WAIT_GONE, WAIT_KEY };

struct wait {
	struct vs_conn_opts conn;
	bool v6;
	enum wait_goal goal;
	char *key, *key_path; /* of WAIT_KEY */
	const char *value;
};

static const struct vs_opt opts[] = {
	{ '6', "ipv6", VS_OPT_FLAG, offsetof(struct wait, v6), NULL,
		"ip: wait for an IPv6 address instead of IPv4" },
	{ 0 },
};

static const struct vs_tool_opts tables[] = {
	{ opts, 0 },
	{ vs_conn_table, offsetof(struct wait, conn) },
	{ 0 },
};

static const struct vs_tool tool = {
	.name = "vs-wait",
	.args = "ip|on|off|tools|gone|KEY=VALUE [VM...]",
	.does = "wait until virtual machines are in a given state",
	.options = tables,
	.min = 1,
	.max = -1,
	.records = true,
};

static const char *const words[] = { "ip", "on", "off", "tools", "gone" };

static const char *const phases[] = {
	[WAIT_IP] = "waiting for an address",
	[WAIT_ON] = "waiting for power-on",
	[WAIT_OFF] = "waiting for power-off",
	[WAIT_TOOLS] = "waiting for VMware Tools",
	[WAIT_GONE] = "waiting for its removal",
	[WAIT_KEY] = "waiting for the key",
};

/* The last known state of one VM, to say why it is not there yet. */
struct wait_state {
	char *power, *tools, *ip, *is; /* NULL: unset, or not reported yet */
	struct vs_buf others;	       /* addresses that do not count */
	bool said_off;
	bool hidden; /* the key may not be read */
};

static void
wait_drop(struct vs_job *job)
{
	struct wait_state *s = job->state;

	free(s->power);
	free(s->tools);
	free(s->ip);
	free(s->is);
	vs_buf_free(&s->others);
}

/* Removing a property is a change, too. */
static void
wait_note(char **to, const struct vs_event *ev, const char *path)
{
	if (vs_event_changed(ev, path))
		vs_set(to, vs_event_text(ev, path));
}

static bool
wait_is(const char *s, const char *other)
{
	return s && strcmp(s, other) == 0;
}

static bool
wait_have_address(struct vs_job *job, const struct vs_event *ev)
{
	const struct wait *w = vs_job_arg(job);
	struct wait_state *s = job->state;
	struct vs_node *net = vs_event_prop(ev, "guest.net");

	if (vs_event_changed(ev, "guest.net")) {
		vs_set(&s->ip, net ? vs_guest_address(net, w->v6) : NULL);
		vs_buf_cut(&s->others, 0);
		vs_guest_others(net, &s->others);
	}
	if (wait_is(s->power, "poweredOff")) {
		vs_set(&s->ip, NULL); /* from before it was powered off */
		if (!s->said_off)
			vs_warn("%s: is off; waiting for power-on", vs_job_name(job));
		s->said_off = true;
	}
	if (s->ip == NULL || !wait_is(s->power, "poweredOn"))
		return false;
	vs_rec_set(&job->rec, "ip", s->ip);
	return true;
}

static bool
wait_have_value(struct vs_job *job, const struct vs_event *ev)
{
	const struct wait *w = vs_job_arg(job);
	struct wait_state *s = job->state;
	struct vs_node *opt = vs_event_prop(ev, w->key_path);
	const char *v = vs_node_text(opt, "value");

	if (!vs_event_readable(ev, w->key_path)) {
		s->hidden = true;
	} else if (vs_event_changed(ev, w->key_path)) {
		s->hidden = false;
		vs_set(&s->is, v ? v : opt ? opt->text : NULL);
	}
	if (s->hidden || !wait_is(s->is ? s->is : "", w->value))
		return false;
	vs_rec_set(&job->rec, w->key, w->value);
	return true;
}

static bool
wait_reached(struct vs_job *job, const struct vs_event *ev)
{
	const struct wait *w = vs_job_arg(job);
	struct wait_state *s = job->state;

	wait_note(&s->power, ev, "runtime.powerState");
	wait_note(&s->tools, ev, "guest.toolsRunningStatus");
	switch (w->goal) {
	case WAIT_IP:
		return wait_have_address(job, ev);
	case WAIT_ON:
		return wait_is(s->power, "poweredOn");
	case WAIT_OFF:
		return wait_is(s->power, "poweredOff");
	case WAIT_TOOLS:
		return wait_is(s->tools, "guestToolsRunning");
	case WAIT_KEY:
		return wait_have_value(job, ev);
	case WAIT_GONE:
		break;
	}
	return false;
}

/* The power state in the record is from before the wait. */
static void
wait_tell_power(struct vs_job *job)
{
	enum wait_goal goal = ((const struct wait *)vs_job_arg(job))->goal;
	const struct wait_state *s = job->state;

	if (s->power && (goal == WAIT_ON || goal == WAIT_OFF || vs_rec_get(&job->rec, "power")))
		vs_rec_set(&job->rec, "power", vs_show_power(s->power));
}

static const char *
wait_why_not(const struct wait *w, const struct wait_state *s)
{
	bool on = wait_is(s->power, "poweredOn");

	switch (w->goal) {
	case WAIT_IP:
		if (!on)
			return "it is not powered on";
		if (s->others.len)
			return w->v6 ? "it has no reachable IPv6 address, only "
				     : "it has no reachable address, only ";
		if (wait_is(s->tools, "guestToolsRunning"))
			return "VMware Tools are running but report no address; is there DHCP on its network?";
		return "VMware Tools are not running; has it booted? (see its console)";
	case WAIT_TOOLS:
		return on ? "VMware Tools are not running" : "it is not powered on";
	case WAIT_KEY:
		return s->hidden	  ? "may not be read by this user"
			: s->is && *s->is ? "has a different value"
					  : "is not set";
	default:
		return wait_is(s->power, "suspended") ? "it is suspended"
			: on			      ? "it is on"
						      : "it is off";
	}
}

static enum vs_step
wait_step(struct vs_job *job, const struct vs_event *ev, struct vs_err *err)
{
	const struct wait *w = vs_job_arg(job);
	const char *question = vs_node_text(vs_event_prop(ev, "runtime.question"), "text");
	struct wait_state *s = job->state;

	switch (ev->kind) {
	case VS_EVENT_READY:
		s->others = (struct vs_buf)VS_BUF_INIT;
		vs_job_phase(job, phases[w->goal], -1);
		return VS_STEP_WAIT;
	case VS_EVENT_PROPS:
		if (question && *question)
			return vs_fail(err, VS_ERR_FAILED,
				"vCenter is asking a question about it: %s", question);
		if (!wait_reached(job, ev))
			return VS_STEP_WAIT;
		wait_tell_power(job);
		return VS_STEP_DONE;
	case VS_EVENT_GONE:
		if (w->goal == WAIT_GONE)
			return VS_STEP_DONE;
		return vs_event_fail(ev, err);
	case VS_EVENT_DEADLINE:
		return vs_fail(err, VS_ERR_TIMED_OUT, "%s; %s%s%s%s", ev->err->msg,
			w->key ? w->key : "", w->key ? " " : "", wait_why_not(w, s),
			w->goal == WAIT_IP && wait_is(s->power, "poweredOn") ? s->others.s : "");
	default:
		return vs_event_fail(ev, err);
	}
}

static int
wait_take(struct vs_run *run, struct wait *w)
{
	const char *word = run->operands[0], *eq = strchr(word, '=');
	struct vs_err err;
	int i;

	if (eq == NULL || eq == word) {
		i = vs_run_word(run, words, VS_LEN(words), "KEY=VALUE");
		w->goal = i < 0 ? WAIT_IP : (enum wait_goal)i;
		return i < 0 ? -1 : 0;
	}
	w->goal = WAIT_KEY;
	w->key = vs_strndup(word, (size_t)(eq - word));
	w->value = eq + 1;
	w->key_path = vs_printf("config.extraConfig[\"%s\"]", w->key);
	if (strchr(w->key, '"') == NULL && strchr(w->key, ']') == NULL)
		return 0;
	vs_fail(&err, VS_ERR_USAGE, "'%s' is not a valid extraConfig key", w->key);
	vs_run_fail(run, &err);
	return -1;
}

static void
wait_work(struct vs_run *run, struct wait *w)
{
	const char *const power[] = { "runtime.powerState", "runtime.question", NULL };
	const char *const tools[] = { "runtime.powerState", "runtime.question",
		"guest.toolsRunningStatus", NULL };
	const char *const ip[] = { "runtime.powerState", "runtime.question",
		"guest.toolsRunningStatus", "guest.net", NULL };
	const char *const key[] = { "runtime.powerState", "runtime.question", w->key_path, NULL };
	const struct vs_verb verb = { .watch = w->goal == WAIT_IP ? ip
			: w->goal == WAIT_TOOLS			  ? tools
			: w->goal == WAIT_KEY			  ? key
								  : power,
		.reads = true,
		.step = wait_step,
		.state_size = sizeof(struct wait_state),
		.drop = wait_drop,
		.timeout = 600000,
		.arg = w };

	vs_engine_run(run, &w->conn, &verb, 1);
}

int
main(int argc, char **argv)
{
	struct wait w = { 0 };
	struct vs_run run;

	if (vs_run_begin(&run, &tool, &w, argc, argv) < 0)
		return run.status;
	if (wait_take(&run, &w) == 0)
		wait_work(&run, &w);
	free(w.key);
	free(w.key_path);
	return run.status;
}
