/* SPDX-License-Identifier: Apache-2.0 */
/* input.h - where records come from: operands, or lines on stdin.  Floor 2. */
#ifndef VS_RUN_INPUT_H
#define VS_RUN_INPUT_H

#include "base/err.h"
#include "net/loop.h"
#include "text/record.h"

struct vs_input_to {
	void *arg;
	void (*record)(void *arg, struct vs_rec *rec);	  /* takes what rec owns */
	void (*bad)(void *arg, const struct vs_err *err); /* a line that is none */
	void (*end)(void *arg);
};

struct vs_input;

/* From names (NULL-terminated; the calls are made at once), or, when that is
 * NULL, from stdin: read as it comes and kept in the caller's queue, so that
 * nobody upstream waits for us.  stdin is never set O_NONBLOCK: it is shared. */
struct vs_input *vs_input_open(
	struct vs_loop *l, const char *const *names, const struct vs_input_to *to);
void vs_input_close(struct vs_input *in); /* NULL is fine */

#endif
