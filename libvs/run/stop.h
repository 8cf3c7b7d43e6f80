/* stop.h - told to stop by a signal.  Floor 2. */
#ifndef VS_RUN_STOP_H
#define VS_RUN_STOP_H

#include "net/loop.h"

struct vs_stop;

/* call() comes from the loop on the first SIGINT, SIGTERM or SIGHUP; the second
 * ends the process at once. */
struct vs_stop *vs_stop_new(struct vs_loop *l, void (*call)(void *arg, int sig),
	void *arg);
void vs_stop_free(struct vs_stop *s);	/* NULL is fine; signals stay blocked */

#endif
