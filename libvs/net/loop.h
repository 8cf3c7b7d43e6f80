/* loop.h - one thread, one curl_multi, everything waits here.  Floor 1. */
#ifndef VS_NET_LOOP_H
#define VS_NET_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct vs_loop;

/* NULL when libcurl will not start (VS_FAIL).  vs_loop_free: closes connections. */
struct vs_loop *vs_loop_new(struct vs_err *err);
void vs_loop_free(struct vs_loop *l);

/* Watch a descriptor.  events: POLLIN, POLLOUT or 0 (errors and hang-up only);
 * call(arg, revents) is made from vs_loop_turn.  Again with the same fd:
 * changes what is watched; events < 0: no longer. */
void vs_loop_fd(struct vs_loop *l, int fd, int events,
	void (*call)(void *arg, int revents), void *arg);

/* A timer is a struct of the caller's; it must stay where it is while set.
 * at: vs_now() milliseconds.  Setting again moves it. */
struct vs_timer {
	int64_t at;
	void (*call)(void *arg);
	void *arg;
	struct vs_timer *next;
	bool set;
};

void vs_timer_set(struct vs_loop *l, struct vs_timer *t, int64_t at,
	void (*call)(void *arg), void *arg);
void vs_timer_clear(struct vs_loop *l, struct vs_timer *t);

/* One round: wait until something happens (at most max_ms, -1: for ever), let
 * libcurl work, make the calls.  Transfers that callers opened since the last
 * round are started here, never inside a callback.
 * Callbacks of descriptors, timers and finished requests may open requests, set
 * timers and watches, and abort requests. */
void vs_loop_turn(struct vs_loop *l, int max_ms);

#endif
