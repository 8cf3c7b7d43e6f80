/* SPDX-License-Identifier: Apache-2.0 */
/* task.c - TaskInfo as it changes; what a job makes of its end is not known here.
 *
 * Source: vSphere Web Services API, TaskInfo, Task.CancelTask. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "engine/event.h"
#include "engine/task.h"
#include "vim/fault.h"
#include "vim/reference.h"

/* Its owner may follow another one right away. */
static void
task_over(struct vs_task *t, enum vs_task_end how, const struct vs_err *err, struct vs_node *fault)
{
	vs_watch_remove(t->watch, &t->member);
	vs_set(&t->ref, NULL);
	t->ended(t->arg, how, err, fault);
}

static void
task_failed(struct vs_task *t, struct vs_node *error)
{
	struct vs_err err;

	vs_fault_localized(error, &err);
	if (t->cancelled && strcmp(err.fault, "RequestCanceled") == 0)
		task_over(t, VS_TASK_CANCELLED, &err, NULL);
	else
		task_over(t, VS_TASK_FAILED, &err, vs_node_at(error, "fault"));
}

/* What a server calls progress, as a percentage; -1: it is not one. */
static int
task_percent(const char *s)
{
	struct vs_err ignored;
	int64_t n;

	if (s == NULL || vs_num(s, 0, INT64_MAX, &n, &ignored) < 0)
		return -1;
	return n < 100 ? (int)n : 100;
}

static void
task_update(struct vs_member *m, struct vs_node *update, bool gone)
{
	struct vs_task *t = m->arg;
	const struct vs_event ev = { .update = update };
	const char *state = vs_event_text(&ev, "info.state");
	const char *progress = vs_event_text(&ev, "info.progress");
	struct vs_node *result = vs_event_prop(&ev, "info.result");
	struct vs_err err;

	if (gone) {
		vs_fail(&err, VS_ERR_FAILED, "its task has disappeared from vCenter");
		task_over(t, VS_TASK_VANISHED, &err, NULL);
		return;
	}
	if (result) {
		free(t->result);
		t->result = vs_node_ref(result);
	}
	if (state)
		t->queued = strcmp(state, "queued") == 0;
	if (state && strcmp(state, "success") == 0)
		task_over(t, VS_TASK_SUCCESS, NULL, NULL);
	else if (state && strcmp(state, "error") == 0)
		task_failed(t, vs_event_prop(&ev, "info.error"));
	else
		t->moved(t->arg, t->queued, task_percent(progress));
}

void
vs_task_follow(struct vs_task *t, const char *ref)
{
	if (t->ref)
		vs_watch_remove(t->watch, &t->member);
	vs_set(&t->ref, ref);
	vs_set(&t->result, NULL);
	t->queued = t->cancelled = false;
	t->member = (struct vs_member){ .ref = t->ref, .update = task_update, .arg = t };
	vs_watch_add(t->watch, &t->member);
}

void
vs_task_cancel(struct vs_task *t)
{
	if (t->cancelled || t->ref == NULL)
		return;
	t->cancelled = true;
	vs_call_send(vs_vc_call(t->vc, "CancelTask", t->ref, false), NULL, NULL);
}

const char *
vs_task_result(const struct vs_task *t)
{
	return t->result;
}

void
vs_task_free(struct vs_task *t)
{
	if (t->ref)
		vs_watch_remove(t->watch, &t->member);
	free(vs_steal(t->ref));
	free(vs_steal(t->result));
}
