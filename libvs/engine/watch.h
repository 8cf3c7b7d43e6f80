/* SPDX-License-Identifier: Apache-2.0 */
/* watch.h - one filter over one list of tasks and VMs, and the long poll that
 * drives them all.  Floor 5.
 *
 * A PropertyCollector of our own (the default one is shared by all users of the
 * session), ONE PropertyFilter over ONE ListView, ONE WaitForUpdatesEx at a time
 * (vSphere Web Services SDK: PropertyCollector; ListView). */
#ifndef VS_ENGINE_WATCH_H
#define VS_ENGINE_WATCH_H

#include "engine/members.h"
#include "vim/vcenter.h"

struct vs_watch;

/* verb_paths: what is watched of VMs, NULL: nothing; for other types see the table
 * in watch.c.  broken(): contact is lost for longer than vc->wire.retry_ms, or the
 * session is. */
struct vs_watch *vs_watch_new(struct vs_vc *vc, const char *const *verb_paths, bool progress,
	void (*broken)(void *arg, const struct vs_err *err), void *arg);
void vs_watch_free(struct vs_watch *w);

void vs_watch_add(struct vs_watch *w, struct vs_member *m);
void vs_watch_remove(struct vs_watch *w, struct vs_member *m); /* no-op when not added */

/* Each round: add and remove members, poll. */
void vs_watch_turn(struct vs_watch *w);

/* Destroy view and collector (and the filter with it), unless the whole session is
 * about to end; busy until that is answered. */
void vs_watch_close(struct vs_watch *w, bool session_ends);
bool vs_watch_busy(const struct vs_watch *w);

#endif
