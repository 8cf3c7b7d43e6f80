/* SPDX-License-Identifier: Apache-2.0 */
/* event.h - what happens to a job, and what its verb answers.  Floor 5. */
#ifndef VS_ENGINE_EVENT_H
#define VS_ENGINE_EVENT_H

#include <stdbool.h>

#include "base/err.h"
#include "text/xml.h"

enum vs_event_kind {
	VS_EVENT_READY,	   /* the props have been read (none wanted: the job has its slot) */
	VS_EVENT_REPLY,	   /* to the call that was opened: reply is its response element */
	VS_EVENT_TASK,	   /* the task succeeded: vs_job_result */
	VS_EVENT_FAULT,	   /* a call or a task failed: err, fault (its object, may be NULL) */
	VS_EVENT_LOST,	   /* the answer to a write, or its task, is lost: was it done? */
	VS_EVENT_PROPS,	   /* watched properties changed, or are reported again */
	VS_EVENT_GONE,	   /* the VM no longer exists */
	VS_EVENT_ANSWER,   /* to vs_job_ask: yes */
	VS_EVENT_TIMER,	   /* the time set by vs_job_timer is over */
	VS_EVENT_DEADLINE, /* --timeout is over; err says so, a better message may replace it */
};

struct vs_event {
	enum vs_event_kind kind;
	struct vs_node *reply, *fault;
	struct vs_node *content; /* READY: ObjectContent, all props */
	struct vs_node *update;	 /* PROPS: ObjectUpdate, what has changed */
	const struct vs_err *err;
	bool yes; /* ANSWER */
};

enum vs_step {
	VS_STEP_FAIL = -1, /* err says why; so "return vs_fail(err, ...)" is a step */
	VS_STEP_CALL,	   /* a request was opened with vs_job_read or vs_job_write */
	VS_STEP_TASK,	   /* follow the task that the reply names */
	VS_STEP_ASK,	   /* a question was put with vs_job_ask */
	VS_STEP_WAIT,	   /* for PROPS, TIMER, GONE */
	VS_STEP_AGAIN,	   /* after vs_job_delay: read the props again, then READY */
	VS_STEP_DONE,	   /* the record goes out */
};

/* What a step may remember between events (in job->state):
 *
 * READY has all of props as they are now; whatever was remembered of them is
 * obsolete.  PROPS has only what has changed: a property that is not in it still
 * has its last value, and one that was removed is a change without a value.  So a
 * verb that needs a value later stores it whenever vs_event_changed says so, with
 * NULL when vs_event_prop is NULL, and never infers "unset" from vs_event_prop
 * alone.  Updates are state, not news: the same value may be reported again, and
 * values in between are not reported at all.  Nodes and texts of an event are freed
 * after the step; copy what is to stay.  What was sent (a flag, a count) may be
 * remembered; whether it took effect must be read. */

/* The value of a property, of READY or PROPS; NULL: unset, not readable, or not
 * part of the event. */
struct vs_node *vs_event_prop(const struct vs_event *ev, const char *path);
const char *vs_event_text(const struct vs_event *ev, const char *path);
bool vs_event_is(const struct vs_event *ev, const char *path, const char *text);

/* The event has the current value of the property, which may be "unset". */
bool vs_event_changed(const struct vs_event *ev, const char *path);
/* False: it may be set, but this user may not read it. */
bool vs_event_readable(const struct vs_event *ev, const char *path);

/* VS_STEP_FAIL with the error of the event: FAULT, LOST, GONE, DEADLINE. */
enum vs_step vs_event_fail(const struct vs_event *ev, struct vs_err *err);

#endif
