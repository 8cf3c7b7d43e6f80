/* SPDX-License-Identifier: Apache-2.0 */
/* loop.h - the event loop: one thread, one curl_multi; all waiting is done here.  Floor 1. */
#ifndef VS_NET_LOOP_H
#define VS_NET_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct vs_loop;

/* The caller's.  NULL, VS_ERR_FAILED: libcurl does not start. */
struct vs_loop *vs_loop_new(struct vs_err *err);
/* Closes its connections; clients (vs_http_close) and timers are ended before. */
void vs_loop_free(struct vs_loop *l);

/* Watch a descriptor.  events: POLLIN, POLLOUT or 0 (errors and hang-up only).
 * vs_loop_turn calls call(arg, revents); POLLERR, POLLHUP and POLLNVAL are reported
 * whether requested or not: end the watch then, or the loop spins.  A regular file
 * is always ready.  A second call with the same fd replaces the watch; events < 0
 * ends it. */
void vs_loop_fd(
	struct vs_loop *l, int fd, int events, void (*call)(void *arg, int revents), void *arg);

/* A timer belongs to the caller and must not move while it is set.  { 0 } is one
 * that is not set.  Its call is made once, at the first round after `at`
 * (vs_now() milliseconds).  Setting it again moves it. */
struct vs_timer {
	int64_t at;
	void (*call)(void *arg);
	void *arg;
	struct vs_timer *next;
	bool set;
};

void vs_timer_set(
	struct vs_loop *l, struct vs_timer *t, int64_t at, void (*call)(void *arg), void *arg);
void vs_timer_clear(struct vs_loop *l, struct vs_timer *t);

/* One round: wait until something happens (at most max_ms; -1: no limit), let
 * libcurl work, make the calls.  Requests that were sent since the last round are
 * started here, never inside a callback.
 * Callbacks of descriptors, timers and finished requests may send and abort
 * requests, and set and end timers and watches, including their own.  A descriptor
 * must not be closed while it is watched. */
void vs_loop_turn(struct vs_loop *l, int max_ms);

/* Turn the loop until done(arg) is true, *stop is true (NULL: never), or `until` has
 * passed (vs_now() milliseconds; INT64_MAX: never).  Returns done(arg). */
bool vs_loop_until(
	struct vs_loop *l, bool (*done)(void *arg), void *arg, const bool *stop, int64_t until);

/* ---- for net/http only */

/* before() is called at the start of each round, when libcurl is not running:
 * handles may be added to and removed from curl_multi.  True: it made calls, so
 * this round must not wait.  h belongs to the caller, until unhooked. */
struct vs_loop_hook {
	bool (*before)(void *arg);
	void *arg;
	struct vs_loop_hook *next;
};
void vs_loop_hook(struct vs_loop *l, struct vs_loop_hook *h);
void vs_loop_unhook(struct vs_loop *l, struct vs_loop_hook *h);

/* CURLOPT_PRIVATE of each handle in the curl_multi points to one of these.  done()
 * is called after the handle was removed; result is a CURLcode. */
struct vs_loop_transfer {
	void (*done)(struct vs_loop_transfer *t, int result);
};
void *vs_loop_multi(struct vs_loop *l); /* the CURLM */

#endif
