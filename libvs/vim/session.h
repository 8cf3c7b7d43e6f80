/* SPDX-License-Identifier: Apache-2.0 */
/* session.h - logged in once, shared by the tools of a pipe.  Floor 3.
 *
 * Knows nothing of the calls that wait for it (vim/vcenter): it tells opened(). */
#ifndef VS_VIM_SESSION_H
#define VS_VIM_SESSION_H

#include <stdbool.h>

#include "vim/call.h"
#include "vim/content.h"

struct vs_session;

/* wire and content are borrowed; content is filled in before opened(NULL).
 * opened(): what vs_session_open led to; why NULL: there is a session; else
 * VS_ERR_UNREACHABLE, for good. */
struct vs_session *vs_session_new(struct vs_wire *wire, struct vs_content *content,
	void (*opened)(void *arg, const struct vs_err *why), void *arg);
void vs_session_free(struct vs_session *s); /* no Logout; NULL is fine */

/* From the cache, or by a Login.  opened() comes once: at once, when the cache has
 * a session, else from the loop. */
void vs_session_open(struct vs_session *s);

/* vCenter does not know the session any more: another one, as vs_session_open. */
void vs_session_renew(struct vs_session *s);

/* The run is over.  True: the session is not to be kept, and ends: it is busy until
 * Logout has been answered, after a Login that was out already.  Without one there
 * is no opened() any more. */
bool vs_session_leave(struct vs_session *s);
bool vs_session_busy(const struct vs_session *s);

#endif
