/* SPDX-License-Identifier: Apache-2.0 */
/* task.h - one task of vCenter: followed through the watch to its end, cancelled.  Floor 5. */
#ifndef VS_ENGINE_TASK_H
#define VS_ENGINE_TASK_H

#include "engine/watch.h"

enum vs_task_end {
	VS_TASK_SUCCESS,
	VS_TASK_FAILED,	   /* err, and the fault's object (or NULL) */
	VS_TASK_CANCELLED, /* by vs_task_cancel */
	VS_TASK_VANISHED,  /* vCenter no longer knows it: was it done? */
};

/* Embedded in its owner, which sets the first five; stays where it is while followed. */
struct vs_task {
	struct vs_vc *vc;
	struct vs_watch *watch;
	/* It waits in the queue of vCenter, or runs; percent -1: not reported. */
	void (*moved)(void *arg, bool queued, int percent);
	void (*ended)(
		void *arg, enum vs_task_end how, const struct vs_err *err, struct vs_node *fault);
	void *arg;
	/* private */
	struct vs_member member;
	char *ref; /* "Task:task-7"; NULL: none is followed */
	char *result;
	bool queued;
	bool cancelled; /* CancelTask was sent */
};

/* The one before is followed no longer. */
void vs_task_follow(struct vs_task *t, const char *ref);
/* A task that cannot be cancelled goes on and is still followed. */
void vs_task_cancel(struct vs_task *t);
/* The result of the last one, "VirtualMachine:vm-43", or NULL. */
const char *vs_task_result(const struct vs_task *t);
void vs_task_free(struct vs_task *t);

#endif
