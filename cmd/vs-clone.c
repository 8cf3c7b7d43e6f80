/* SPDX-License-Identifier: Apache-2.0 */
/* vs-clone - create virtual machines from a template */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "engine/engine.h"
#include "guestinfo/vmkeys.h"
#include "vim/reference.h"
#include "vm/clone.h"

enum { MAKES = 3 }; /* tries to create one VM, when it vanishes while it is created */

struct clone {
	struct vs_conn_opts conn;
	struct vs_vm_opts vm;
	struct vs_clone_request request;
	/* set by clone_prepare */
	struct vs_clone to;
	char *plan; /* in words, for --dry-run */
};

static const struct vs_tool_opts tables[] = { { vs_clone_table, offsetof(struct clone, request) },
	{ vs_vm_table, offsetof(struct clone, vm) },
	{ vs_change_table, offsetof(struct clone, conn) },
	{ vs_conn_table, offsetof(struct clone, conn) }, { 0 } };

static const struct vs_tool tool = {
	.name = "vs-clone",
	.args = "TEMPLATE [NAME...]",
	.does = "create virtual machines from a template",
	.options = tables,
	.min = 1,
	.max = -1,
	.records = true,
};

struct clone_state {
	char *name; /* as vCenter stores it; NULL: not started */
	struct vs_kvs extra;
	char id[37];
	bool placing; /* RecommendDatastores was sent */
	bool looking; /* FindChild was sent */
	bool made;    /* by this run */
	int makes;
};

static void
clone_drop(struct vs_job *job)
{
	struct clone_state *s = job->state;

	free(s->name);
	vs_kvs_free(&s->extra);
}

static enum vs_step
clone_look_at(struct vs_job *job, const char *ref)
{
	vs_job_attach(job, ref);
	vs_job_delay(job, 0);
	return VS_STEP_AGAIN;
}

static enum vs_step
clone_send(struct vs_job *job, const char *datastore)
{
	const struct clone *c = vs_job_arg(job);
	struct clone_state *s = job->state;
	struct vs_xw *w = vs_job_write(job, c->plan, "CloneVM_Task", c->to.ref);

	vs_job_phase(job, "cloning", -1);
	vs_clone_write(w, &c->to, s->name, &s->extra, datastore);
	return VS_STEP_CALL;
}

static enum vs_step
clone_make(struct vs_job *job)
{
	const struct clone *c = vs_job_arg(job);
	struct clone_state *s = job->state;

	vs_job_detach(job);
	if (c->to.pod == NULL)
		return clone_send(job, NULL);
	s->placing = true;
	vs_job_phase(job, "placing", -1);
	vs_clone_place(vs_job_read(job, "RecommendDatastores",
			       vs_job_engine(job)->vc->content.storage_resource_manager),
		&c->to, s->name);
	return VS_STEP_CALL;
}

/* The job has its slot.  Does the VM exist already? */
static enum vs_step
clone_begin(struct vs_job *job, struct vs_err *err)
{
	const struct clone *c = vs_job_arg(job);
	struct clone_state *s = job->state;
	const char *there;

	if ((s->name = vs_clone_name(&c->to, &job->rec, err)) == NULL)
		return VS_STEP_FAIL;
	vs_clone_id(&c->to, s->name, s->id);
	vs_kvs_set(&s->extra, VS_KEY_ID, s->id, false);
	if (vs_vmopts_hostname(&c->vm, s->name, &s->extra, err) < 0)
		return VS_STEP_FAIL;
	if (c->vm.hostname)
		vs_rec_set(&job->rec, "node", c->vm.hostname);
	there = vs_clone_existing(&c->to, s->name);
	return there ? clone_look_at(job, there) : clone_make(job);
}

static enum vs_step
clone_finish(struct vs_job *job, const struct vs_event *ev)
{
	const struct clone *c = vs_job_arg(job);
	bool on = vs_event_is(ev, "runtime.powerState", "poweredOn");

	vs_rec_set(&job->rec, "uuid", vs_event_text(ev, "config.uuid"));
	/* a clone task may succeed and leave the VM off */
	if (c->request.on && !on) {
		vs_job_phase(job, "powering on", -1);
		vs_job_write(job, "power it on", "PowerOnVM_Task", NULL);
		return VS_STEP_CALL;
	}
	vs_rec_set(&job->rec, "power", on ? "on" : "off");
	return VS_STEP_DONE;
}

/* A VM of that name exists: created now, by an earlier run, or by another tool. */
static enum vs_step
clone_judge(struct vs_job *job, const struct vs_event *ev, struct vs_err *err)
{
	const struct clone *c = vs_job_arg(job);
	struct clone_state *s = job->state;
	VS_BUF_FREE struct vs_buf words = VS_BUF_INIT;

	if (vs_event_prop(ev, "config.instanceUuid") == NULL) {
		if (vs_clone_unread(ev->content, err) < 0)
			return VS_STEP_FAIL;
		vs_job_phase(job, "being created", -1);
		return VS_STEP_WAIT; /* for its config */
	}
	if (vs_clone_judge(&c->to, ev->content, s->name, s->id, &words, err) < 0)
		return VS_STEP_FAIL;
	if (words.len == 0)
		return clone_finish(job, ev);
	if (s->made)
		return vs_fail(err, VS_ERR_FAILED, "was created, but differs from the request: %s",
			words.s);
	return vs_fail(err, VS_ERR_FAILED,
		"exists and differs: %s; nothing was changed: change it in vCenter, or destroy it and run this again",
		words.s);
}

/* Was it created?  Look for its name in the folder. */
static enum vs_step
clone_look_for(struct vs_job *job)
{
	const struct clone *c = vs_job_arg(job);
	struct clone_state *s = job->state;
	struct vs_xw *w =
		vs_job_read(job, "FindChild", vs_job_engine(job)->vc->content.search_index);

	s->looking = true;
	vs_xw_ref(w, "entity", c->to.folder->ref);
	vs_xw_text(w, "name", s->name);
	return VS_STEP_CALL;
}

static enum vs_step
clone_judge_or_look(struct vs_job *job, const char *ref)
{
	return ref ? clone_look_at(job, ref) : clone_look_for(job);
}

static enum vs_step
clone_reply(struct vs_job *job, const struct vs_event *ev, struct vs_err *err)
{
	struct clone_state *s = job->state;
	VS_FREE char *ref = NULL;

	if (s->placing) {
		s->placing = false;
		ref = vs_clone_placed(ev->reply, err);
		return ref ? clone_send(job, ref) : VS_STEP_FAIL;
	}
	if (s->looking) {
		s->looking = false;
		ref = vs_node_ref(vs_node_at(ev->reply, "returnval"));
		return ref ? clone_look_at(job, ref) : clone_make(job);
	}
	return VS_STEP_TASK;
}

static enum vs_step
clone_fault(struct vs_job *job, const struct vs_event *ev, struct vs_err *err)
{
	const struct clone *c = vs_job_arg(job);
	VS_FREE char *ref = vs_node_ref(vs_node_at(ev->fault, "object"));
	const char *is = vs_node_text(ev->fault, "existingState");
	struct clone_state *s = job->state;

	s->placing = s->looking = false;
	if (strcmp(ev->err->fault, "DuplicateName") == 0 && ref
		&& !vs_ref_is(ref, "VirtualMachine"))
		return vs_fail(err, VS_ERR_FAILED, "the name is already used in '%s' by %s",
			c->to.folder_path, ref);
	if (strcmp(ev->err->fault, "DuplicateName") == 0)
		return clone_judge_or_look(job, ref);
	/* it was powered on by somebody else, or by the clone task itself */
	if (strcmp(ev->err->fault, "InvalidPowerState") == 0 && is && strcmp(is, "poweredOn") == 0)
		return clone_judge_or_look(job, vs_job_ref(job));
	return vs_job_retry(job, ev, err);
}

static enum vs_step
clone_step(struct vs_job *job, const struct vs_event *ev, struct vs_err *err)
{
	struct clone_state *s = job->state;

	switch (ev->kind) {
	case VS_EVENT_READY:
		if (s->name == NULL)
			return clone_begin(job, err);
		return ev->content ? clone_judge(job, ev, err) : clone_make(job);
	case VS_EVENT_REPLY:
		return clone_reply(job, ev, err);
	case VS_EVENT_TASK:
		s->made = true;
		return clone_judge_or_look(
			job, vs_job_result(job) ? vs_job_result(job) : vs_job_ref(job));
	case VS_EVENT_LOST:
		/* was it powered on, or created? */
		return vs_job_ref(job) ? VS_STEP_AGAIN : clone_look_for(job);
	case VS_EVENT_FAULT:
		return clone_fault(job, ev, err);
	case VS_EVENT_PROPS:
		/* its config is reported now, or will never be */
		if (vs_event_prop(ev, "config.instanceUuid")
			|| vs_clone_away(vs_event_text(ev, "runtime.connectionState")))
			return clone_look_at(job, vs_job_ref(job));
		return VS_STEP_WAIT;
	case VS_EVENT_GONE:
		/* the run that was creating it has failed, and removed it */
		if (s->makes++ < MAKES)
			return clone_make(job);
		return vs_fail(err, VS_ERR_FAILED,
			"cannot be created: the name is in use, but the object that has it was gone each time, or this user may not see it");
	default:
		return vs_event_fail(ev, err);
	}
}

static int
clone_prepare(struct vs_engine *e, struct vs_err *err)
{
	struct clone *c = e->verb->arg;

	if (vs_clone_prepare(&c->to, &c->request, e->vc, vs_vmkeys_per_vm, err) < 0)
		return -1;
	if (vs_vmkeys_booted(&c->to.inherited) || c->to.is_on)
		vs_warn("template '%s' has booted: its clones share a machine ID, and with it a DHCP lease",
			c->request.template);
	c->plan = vs_clone_plan(&c->to);
	return 0;
}

int
main(int argc, char **argv)
{
	struct clone c = { .request.vm = &c.vm };
	const struct vs_verb verb = { .props = vs_clone_props,
		.watch = vs_clone_watch,
		.makes = true,
		.prepare = clone_prepare,
		.step = clone_step,
		.state_size = sizeof(struct clone_state),
		.drop = clone_drop,
		.arg = &c };
	struct vs_run run;
	struct vs_err err;

	if (vs_run_begin(&run, &tool, &c, argc, argv) < 0)
		return run.status;
	c.request.template = run.operands[0];
	if (vs_clone_take(&c.request, &err) < 0 || vs_vmopts_take(&c.vm, run.n - 1, &err) < 0)
		vs_run_fail(&run, &err);
	else
		vs_engine_run(&run, &c.conn, &verb, 1);
	vs_clone_free(&c.to);
	free(c.plan);
	vs_vmopts_free(&c.vm);
	vs_list_free(&c.request.networks);
	return run.status;
}
