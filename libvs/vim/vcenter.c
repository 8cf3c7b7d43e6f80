/* SPDX-License-Identifier: Apache-2.0 */
/* The gate of all calls except the session's own.  NotAuthenticated leads to one Login
 * for all calls of that session; the session part ends all of them if it comes again
 * soon after that Login. */
#include <stdlib.h>

#include "base/assert.h"
#include "base/mem.h"
#include "net/loop.h"
#include "vim/vcenter.h"

static void
vcenter_open_session(struct vs_vc *vc)
{
	vc->state = VS_VC_OPENING;
	vs_session_open(vc->session);
}

/* Send the queue, or end it with vc->why.  An end() may abort other calls in it. */
static void
vcenter_flush(struct vs_vc *vc)
{
	while (vc->waiting.first && (vc->state == VS_VC_READY || vc->state == VS_VC_FAILED))
		vs_call_go(vc->waiting.first);
}

static void
vcenter_opened(void *arg, const struct vs_err *why)
{
	struct vs_vc *vc = arg;

	assert(vc->state == VS_VC_OPENING);
	if (why) {
		vc->why = *why;
		vc->state = VS_VC_FAILED;
	} else {
		vc->state = VS_VC_READY;
		vc->generation++;
	}
	vcenter_flush(vc);
}

static enum vs_gate_answer
vcenter_pass(void *arg, struct vs_call *c)
{
	struct vs_vc *vc = arg;

	switch (vc->state) {
	case VS_VC_FAILED:
		c->err = vc->why;
		return VS_GATE_SHUT;
	case VS_VC_NEW:
	case VS_VC_OPENING:
		vs_calls_put(&vc->waiting, c);
		if (vc->state == VS_VC_NEW)
			vcenter_open_session(vc);
		return VS_GATE_KEPT;
	case VS_VC_READY:
		break;
	}
	if (c->scoped && c->generation != vc->generation) {
		vs_fail(&c->err, VS_ERR_UNREACHABLE, "the session is no longer valid");
		return VS_GATE_STALE;
	}
	c->generation = vc->generation;
	return VS_GATE_OPEN;
}

static bool
vcenter_expired(void *arg, struct vs_call *c)
{
	struct vs_vc *vc = arg;
	bool current = c->generation == vc->generation;

	/* after the Logout a Login would leave a session behind */
	if (vc->leaving)
		return false;
	vs_calls_put(&vc->waiting, c);
	if (vc->state == VS_VC_READY && current) {
		vc->state = VS_VC_OPENING;
		vs_session_renew(vc->session);
	} else {
		vcenter_flush(vc);
	}
	return true;
}

struct vs_vc *
vs_vc_open(struct vs_loop *l, const struct vs_conn *conn, const char *tool, struct vs_err *err)
{
	struct vs_vc *vc = vs_alloc(1, sizeof *vc);

	if (vs_wire_open(&vc->wire, l, conn, tool, err) < 0) {
		free(vc);
		return NULL;
	}
	vc->gate = (struct vs_gate){ vcenter_pass, vcenter_expired, vc };
	vc->session = vs_session_new(&vc->wire, &vc->content, vcenter_opened, vc);
	return vc;
}

void
vs_vc_close(struct vs_vc *vc)
{
	if (vc == NULL)
		return;
	while (vc->waiting.first)
		vs_call_abort(vc->waiting.first);
	vs_wire_close(&vc->wire);
	vs_session_free(vc->session);
	vs_content_free(&vc->content);
	free(vc);
}

struct vs_call *
vs_vc_call(struct vs_vc *vc, const char *method, const char *self, bool write)
{
	struct vs_call *c = vs_call_new(&vc->wire, method, self, write);

	c->gate = &vc->gate;
	c->generation = vc->generation;
	return c;
}

int
vs_vc_until(struct vs_vc *vc, bool (*done)(void *), void *arg, struct vs_err *err)
{
	if (vs_loop_until(vc->wire.loop, done, arg, &vc->wire.cancelled, INT64_MAX))
		return 0;
	return vs_fail(err, VS_ERR_FAILED, "interrupted");
}

static bool
vcenter_settled(void *arg)
{
	const struct vs_vc *vc = arg;

	return vc->state == VS_VC_READY || vc->state == VS_VC_FAILED;
}

int
vs_vc_wait(struct vs_vc *vc, struct vs_err *err)
{
	if (vc->state == VS_VC_NEW)
		vcenter_open_session(vc);
	if (vs_vc_until(vc, vcenter_settled, vc, err) < 0)
		return -1;
	if (vc->state == VS_VC_READY)
		return 0;
	*err = vc->why;
	return -1;
}

bool
vs_vc_leave(struct vs_vc *vc)
{
	vc->leaving = true;
	return vs_session_leave(vc->session);
}

bool
vs_vc_busy(const struct vs_vc *vc)
{
	return vs_session_busy(vc->session);
}
