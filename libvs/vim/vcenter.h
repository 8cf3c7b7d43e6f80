/* SPDX-License-Identifier: Apache-2.0 */
/* vcenter.h - one vCenter: calls wait for its session, and survive a new one.  Floor 3.
 *
 *	c = vs_vc_call(vc, "FindChild", vc->content.search_index, false);
 *	vs_xw_text(&c->w, "name", name);
 *	vs_call_send(c, end, arg);
 *
 * If vCenter no longer knows the session (NotAuthenticated), calls wait for one Login
 * and are sent again; those bound to the old session end with VS_CALL_STALE. */
#ifndef VS_VIM_VCENTER_H
#define VS_VIM_VCENTER_H

#include <stdbool.h>

#include "base/err.h"
#include "vim/call.h"
#include "vim/content.h"
#include "vim/session.h"

enum vs_vc_state { VS_VC_NEW, VS_VC_OPENING, VS_VC_READY, VS_VC_FAILED };

struct vs_vc {
	struct vs_wire wire;
	struct vs_content content; /* in VS_VC_READY */
	enum vs_vc_state state;
	struct vs_err why;   /* of VS_VC_FAILED, the final state */
	unsigned generation; /* of the session; collectors, views and filters end with it */
	/* private */
	bool leaving; /* the run is over: no Login any more */
	struct vs_session *session;
	struct vs_calls waiting; /* for the session */
	struct vs_gate gate;
};

/* The caller's.  NULL, VS_ERR_USAGE: a file or pin of the trust cannot be used.
 * Nothing is sent; the first call opens the session.  l and conn are borrowed. */
struct vs_vc *vs_vc_open(
	struct vs_loop *l, const struct vs_conn *conn, const char *tool, struct vs_err *err);
void vs_vc_close(struct vs_vc *vc); /* aborts its calls, no Logout; NULL is fine */

/* A call in the session: see vs_call_new and vs_call_send. */
struct vs_call *vs_vc_call(struct vs_vc *vc, const char *method, const char *self, bool write);

/* Turn the loop until there is a session; required before vc->content is used.
 * -1: vc->why, or "interrupted" as below. */
int vs_vc_wait(struct vs_vc *vc, struct vs_err *err);

/* Turn the loop until done(arg).  -1, VS_ERR_FAILED: "interrupted" (wire.cancelled). */
int vs_vc_until(struct vs_vc *vc, bool (*done)(void *arg), void *arg, struct vs_err *err);

/* The run is over: see vs_session_leave. */
bool vs_vc_leave(struct vs_vc *vc);
bool vs_vc_busy(const struct vs_vc *vc);

#endif
