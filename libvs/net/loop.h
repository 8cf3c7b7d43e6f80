/* SPDX-License-Identifier: Apache-2.0 */
/* loop.h - one thread, one curl_multi, everything waits here.  Floor 1. */
#ifndef VS_NET_LOOP_H
#define VS_NET_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct vs_loop;

/* NULL when libcurl will not start (VS_ERR_FAILED).  vs_loop_free: closes connections. */
struct vs_loop *vs_loop_new(struct vs_err *err);
void vs_loop_free(struct vs_loop *l);

/* Watch a descriptor.  events: POLLIN, POLLOUT or 0 (errors and hang-up only);
 * call(arg, revents) is made from vs_loop_turn, with POLLERR, POLLHUP and POLLNVAL
 * whether asked for or not: end the watch then, or each round is called at once.
 * A regular file is always ready.  Again with the same fd:
 * changes what is watched; events < 0: no longer. */
void vs_loop_fd(
	struct vs_loop *l, int fd, int events, void (*call)(void *arg, int revents), void *arg);

/* A timer is a struct of the caller's; it must stay where it is while set.
 * at: vs_now() milliseconds.  Setting again moves it. */
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

/* One round: wait until something happens (at most max_ms, -1: forever), let
 * libcurl work, make the calls.  Transfers that callers opened since the last
 * round are started here, never inside a callback.
 * Callbacks of descriptors, timers and finished requests may open requests, set
 * timers and watches (their own too), and abort requests.  A descriptor must
 * not be closed while it is watched. */
void vs_loop_turn(struct vs_loop *l, int max_ms);

/* Turn the loop until done(arg), or *stop (NULL: never), or the clock passes
 * `until` (vs_now() milliseconds; INT64_MAX: never).  True: it is done. */
bool vs_loop_until(
	struct vs_loop *l, bool (*done)(void *arg), void *arg, const bool *stop, int64_t until);

/* ---- for net/http alone */

/* before() is called at the start of each round, outside of libcurl: handles
 * may join and leave curl_multi there.  True: calls were made, do not wait. */
struct vs_loop_hook {
	bool (*before)(void *arg);
	void *arg;
	struct vs_loop_hook *next;
};
void vs_loop_hook(struct vs_loop *l, struct vs_loop_hook *h);
void vs_loop_unhook(struct vs_loop *l, struct vs_loop_hook *h);

/* CURLOPT_PRIVATE of each handle in it points to one of these.  done() is
 * called when the handle has left curl_multi; result is a CURLcode. */
struct vs_loop_transfer {
	void (*done)(struct vs_loop_transfer *t, int result);
};
void *vs_loop_multi(struct vs_loop *l);

#endif
