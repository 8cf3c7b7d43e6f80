/* SPDX-License-Identifier: Apache-2.0 */
/* vs-wait - wait until virtual machines are in a given state */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "engine/engine.h"
#include "vm/guest.h"
#include "inventory/show.h"

enum what { IP, ON, OFF, TOOLS, GONE, KEY };

struct wait {
	struct vs_conn_opts conn;
	bool v6;
	enum what what;
	char *key, *key_path; /* of KEY */
	const char *value;
};

static const struct vs_opt opts[] = {
	{ '6', "ipv6", VS_OPT_FLAG, offsetof(struct wait, v6), NULL,
		"ip: an IPv6 address instead of an IPv4 one" },
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
static const char *const phases[] = { "waiting for an address", "waiting for power-on",
	"waiting for power-off", "waiting for VMware Tools", "waiting for it to go",
	"waiting for the key" };

/* What was last heard of one VM, to say why it is not there yet. */
struct one {
	char *power, *tools, *is;
	struct vs_buf others;
	bool said_off;
};

static void
wait_drop(struct vs_job *job)
{
	struct one *o = job->data;

	if (o == NULL)
		return;
	free(o->power);
	free(o->tools);
	free(o->is);
	vs_buf_free(&o->others);
}

static void
wait_note(char **to, const char *text)
{
	if (text)
		vs_set(to, text);
}

static bool
wait_is(const char *s, const char *other)
{
	return s && strcmp(s, other) == 0;
}

static bool
wait_have_address(struct vs_job *job, const struct vs_event *ev)
{
	struct one *o = job->data;
	const struct wait *w = vs_job_arg(job);
	struct vs_node *net = vs_event_prop(ev, "guest.net");
	const char *ip = net ? vs_guest_address(net, w->v6) : NULL;

	if (net) {
		vs_buf_cut(&o->others, 0);
		vs_guest_others(net, &o->others);
	}
	if (ip && wait_is(o->power, "poweredOn"))
		vs_rec_set(&job->rec, "ip", ip);
	if (wait_is(o->power, "poweredOff") && !o->said_off) {
		vs_warn("%s: is off: it has no address before it is powered on", vs_job_name(job));
		o->said_off = true;
	}
	return ip != NULL && wait_is(o->power, "poweredOn");
}

/* True when it is as it should be. */
static bool
wait_reached(struct vs_job *job, const struct vs_event *ev)
{
	struct one *o = job->data;
	const struct wait *w = vs_job_arg(job);
	struct vs_node *opt = w->key_path ? vs_event_prop(ev, w->key_path) : NULL;

	wait_note(&o->power, vs_event_text(ev, "runtime.powerState"));
	wait_note(&o->tools, vs_event_text(ev, "guest.toolsRunningStatus"));
	switch (w->what) {
	case IP:
		return wait_have_address(job, ev);
	case ON:
		return wait_is(o->power, "poweredOn");
	case OFF:
		return wait_is(o->power, "poweredOff");
	case TOOLS:
		return wait_is(o->tools, "guestToolsRunning");
	case KEY:
		if (opt) {
			const char *v = vs_node_text(opt, "value");

			wait_note(&o->is, v ? v : opt->text);
		}
		if (!wait_is(o->is ? o->is : "", w->value))
			return false;
		vs_rec_set(&job->rec, w->key, w->value);
		return true;
	case GONE:
		break;
	}
	return false;
}

/* What a record says of the power is from before the waiting. */
static void
wait_tell_power(struct vs_job *job)
{
	enum what what = ((const struct wait *)vs_job_arg(job))->what;
	const struct one *o = job->data;

	if (o->power && (what == ON || what == OFF || vs_rec_get(&job->rec, "power")))
		vs_rec_set(&job->rec, "power", vs_show_power(o->power));
}

static const char *
wait_why_not(const struct wait *w, const struct one *o)
{
	bool on = wait_is(o->power, "poweredOn");

	switch (w->what) {
	case IP:
		if (!on)
			return "it is not on";
		if (o->others.len)
			return w->v6 ? "it has no IPv6 address that others can reach, only "
				     : "it has no address that others can reach, only ";
		if (wait_is(o->tools, "guestToolsRunning"))
			return "VMware Tools are running and tell no address; is there DHCP on its network?";
		return "VMware Tools are not running in it; has it booted? (its console tells)";
	case TOOLS:
		return on ? "they are not running" : "it is not on";
	case KEY:
		return o->is && *o->is ? "has another value" : "is not there";
	default:
		return wait_is(o->power, "suspended") ? "it is suspended"
			: on			      ? "it is on"
						      : "it is off";
	}
}

static enum vs_step
wait_step(struct vs_job *job, const struct vs_event *ev, struct vs_err *err)
{
	const struct wait *w = vs_job_arg(job);
	struct vs_node *question = vs_event_prop(ev, "runtime.question");
	struct one *o = job->data;

	switch (ev->kind) {
	case VS_EVENT_READY:
		job->data = o = vs_alloc(1, sizeof *o);
		o->others = (struct vs_buf)VS_BUF_INIT;
		vs_job_phase(job, phases[w->what], -1);
		return VS_STEP_WAIT;
	case VS_EVENT_PROPS:
		if (question && *vs_node_text(question, "text"))
			return vs_fail(err, VS_ERR_FAILED, "it waits for an answer itself: %s",
				vs_node_text(question, "text"));
		if (!wait_reached(job, ev))
			return VS_STEP_WAIT;
		wait_tell_power(job);
		return VS_STEP_DONE;
	case VS_EVENT_GONE:
		if (w->what == GONE)
			return VS_STEP_DONE;
		*err = *ev->err;
		return VS_STEP_FAIL;
	case VS_EVENT_DEADLINE:
		return vs_fail(err, VS_ERR_TIMED_OUT, "%s; %s%s%s%s", ev->err->msg,
			w->key ? w->key : "", w->key ? " " : "", wait_why_not(w, o),
			w->what == IP && wait_is(o->power, "poweredOn") ? o->others.s : "");
	default:
		*err = *ev->err;
		return VS_STEP_FAIL;
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
		w->what = i < 0 ? IP : (enum what)i;
		return i < 0 ? -1 : 0;
	}
	w->what = KEY;
	w->key = vs_strndup(word, (size_t)(eq - word));
	w->value = eq + 1;
	w->key_path = vs_printf("config.extraConfig[\"%s\"]", w->key);
	if (strchr(w->key, '"') == NULL && strchr(w->key, ']') == NULL)
		return 0;
	vs_fail(&err, VS_ERR_USAGE, "'%s' is no extraConfig key", w->key);
	vs_run_fail(run, &err);
	return -1;
}

int
main(int argc, char **argv)
{
	struct wait w = { 0 };
	const char *watch[5] = { "runtime.powerState", "runtime.question" };
	const struct vs_verb verb = { .watch = watch,
		.reads = true,
		.step = wait_step,
		.drop = wait_drop,
		.timeout = 600000,
		.arg = &w };
	struct vs_run run;

	if (vs_run_begin(&run, &tool, &w, argc, argv) < 0 || wait_take(&run, &w) < 0)
		return run.status;
	if (w.what == IP || w.what == TOOLS)
		watch[2] = "guest.toolsRunningStatus";
	if (w.what == IP)
		watch[3] = "guest.net";
	if (w.what == KEY)
		watch[2] = w.key_path;
	vs_engine_run(&run, &w.conn, &verb, 1);
	free(w.key);
	free(w.key_path);
	return run.status;
}
