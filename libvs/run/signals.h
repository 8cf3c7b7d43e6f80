/* SPDX-License-Identifier: Apache-2.0 */
/* signals.h - the first SIGINT, SIGTERM or SIGHUP is reported, the second ends the run.  Floor 2. */
#ifndef VS_RUN_SIGNALS_H
#define VS_RUN_SIGNALS_H

#include "net/loop.h"

struct vs_signals {
	struct vs_loop *loop;
	int fd;
	int sig; /* the one that was received, or 0 */
	void (*first)(void *arg);
	void *arg;
};

/* From now on the first one calls first() from the loop; signals that were ignored
 * when the process began stay ignored. */
void vs_signals_open(struct vs_signals *s, struct vs_loop *l, void (*first)(void *arg), void *arg);
void vs_signals_close(struct vs_signals *s); /* { 0 } is fine */

#endif
