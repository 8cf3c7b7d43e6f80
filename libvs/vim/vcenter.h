/* SPDX-License-Identifier: Apache-2.0 */
/* vcenter.h - one vCenter: calls to it wait for its session, and survive its end.  Floor 3.
 *
 *	c = vs_vc_call(vc, "FindChild", vc->content.search_index, false);
 *	vs_xw_text(&c->w, "name", name);
 *	vs_call_send(c, end, arg);
 *
 * A call that finds its session gone (NotAuthenticated) waits for one new Login and
 * goes out again; what was bound to the old session is VS_CALL_STALE then. */
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
	struct vs_content content; /* of VS_VC_READY */
	enum vs_vc_state state;
	struct vs_err why;   /* of VS_VC_FAILED, which is for good */
	unsigned generation; /* of the session; collector, view and filter die with it */
	/* private */
	bool leaving; /* the run is over: nobody logs in any more */
	struct vs_session *session;
	struct vs_calls waiting; /* for the session */
	struct vs_gate gate;
};

/* NULL, VS_ERR_USAGE: the trust cannot be set up.  Nothing is sent: the session is
 * opened by the first call.  l, conn and tool are borrowed. */
struct vs_vc *vs_vc_open(
	struct vs_loop *l, const struct vs_conn *conn, const char *tool, struct vs_err *err);
void vs_vc_close(struct vs_vc *vc); /* drops what runs, without Logout; NULL is fine */

/* A call in the session: see vs_call_new and vs_call_send. */
struct vs_call *vs_vc_call(struct vs_vc *vc, const char *method, const char *self, bool write);

/* Have a session, turning the loop until there is one; before anything that needs
 * vc->content.  -1: as vc->why says, or "interrupted". */
int vs_vc_wait(struct vs_vc *vc, struct vs_err *err);

/* Turn the loop until done(arg).  -1, VS_ERR_FAILED "interrupted": wire.cancelled. */
int vs_vc_until(struct vs_vc *vc, bool (*done)(void *arg), void *arg, struct vs_err *err);

/* The run is over: see vs_session_leave. */
bool vs_vc_leave(struct vs_vc *vc);
bool vs_vc_busy(const struct vs_vc *vc);

#endif
