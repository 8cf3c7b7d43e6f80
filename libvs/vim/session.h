/* SPDX-License-Identifier: Apache-2.0 */
/* session.h - logged in once, shared by the tools of a pipe.  Floor 3. */
#ifndef VS_VIM_SESSION_H
#define VS_VIM_SESSION_H

#include "vim/soap.h"

struct vs_session *vs_session_new(struct vs_vc *vc);
void vs_session_free(struct vs_session *s); /* NULL is fine */

/* Have a session, turning the loop until there is one; before anything that
 * needs vc->content.  -1: VS_ERR_UNREACHABLE, as vc->why says. */
int vs_session_wait(struct vs_vc *vc, struct vs_err *err);

/* Make vc->state VS_VC_READY or VS_VC_FAILED, by the cache or by a Login, and
 * call vs_soap_ready or vs_soap_failed. */
void vs_session_open(struct vs_vc *vc);

/* vCenter does not know the session of that generation any more. */
void vs_session_expired(struct vs_vc *vc, unsigned generation);

/* The run is over: no Login any more.  True: the session is not one to keep,
 * and ends: vs_session_busy until Logout has been answered, after a Login that
 * was out already. */
bool vs_session_leave(struct vs_vc *vc);
bool vs_session_busy(const struct vs_vc *vc);

#endif
