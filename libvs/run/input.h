/* SPDX-License-Identifier: Apache-2.0 */
/* input.h - records from operands, or from lines on stdin.  Floor 2. */
#ifndef VS_RUN_INPUT_H
#define VS_RUN_INPUT_H

#include "base/err.h"
#include "net/loop.h"
#include "text/record.h"

struct vs_input_to {
	void *arg;
	void (*record)(void *arg, struct vs_rec *rec);	  /* takes what rec owns */
	void (*bad)(void *arg, const struct vs_err *err); /* a line that is not a record */
	void (*end)(void *arg);
};

struct vs_input;

/* From names (NULL-terminated; the callbacks are called at once), or, when that is
 * NULL, from stdin: read as it arrives and queued by the caller, so that a writer
 * never waits for us.  stdin is not set O_NONBLOCK: it is shared. */
struct vs_input *vs_input_open(
	struct vs_loop *l, const char *const *names, const struct vs_input_to *to);
void vs_input_close(struct vs_input *in); /* NULL is fine */

#endif
