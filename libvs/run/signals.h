/* SPDX-License-Identifier: Apache-2.0 */
/* signals.h - the first SIGINT, SIGTERM or SIGHUP is told, the second ends.  Floor 2. */
#ifndef VS_RUN_SIGNALS_H
#define VS_RUN_SIGNALS_H

#include "net/loop.h"

struct vs_signals {
	struct vs_loop *loop;
	int fd;
	int sig; /* the one that came, 0: none */
	void (*first)(void *arg);
	void *arg;
};

/* From now on they come as calls of first() from the loop; those that were
 * ignored when the process began stay so. */
void vs_signals_open(struct vs_signals *s, struct vs_loop *l, void (*first)(void *arg), void *arg);
void vs_signals_close(struct vs_signals *s); /* { 0 } is fine */

#endif
