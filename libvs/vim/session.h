/* SPDX-License-Identifier: Apache-2.0 */
/* session.h - the session with vCenter, shared by the tools of a pipe.  Floor 3.
 *
 * Calls that wait for it are vim/vcenter's; this part only calls opened(). */
#ifndef VS_VIM_SESSION_H
#define VS_VIM_SESSION_H

#include <stdbool.h>

#include "vim/call.h"
#include "vim/content.h"

struct vs_session;

/* The caller's; wire and content are borrowed.  opened() reports the result of
 * vs_session_open.  why NULL: there is a session, and content is set; otherwise
 * VS_ERR_UNREACHABLE, and it must not be tried again. */
struct vs_session *vs_session_new(struct vs_wire *wire, struct vs_content *content,
	void (*opened)(void *arg, const struct vs_err *why), void *arg);
void vs_session_free(struct vs_session *s); /* no Logout; NULL is fine */

/* Take a session from the cache, or log in.  opened() is called once: from here if the
 * cache has a session, otherwise from the loop. */
void vs_session_open(struct vs_session *s);

/* vCenter no longer knows the session: open another one, as vs_session_open does. */
void vs_session_renew(struct vs_session *s);

/* The run is over.  False: the session stays in the cache.  True: it is ended, and busy
 * until Logout is answered (a Login in flight is waited for first); opened() is not
 * called any more. */
bool vs_session_leave(struct vs_session *s);
bool vs_session_busy(const struct vs_session *s);

#endif
