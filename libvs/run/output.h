/* SPDX-License-Identifier: Apache-2.0 */
/* output.h - records out, as soon as they are there.  Floor 2. */
#ifndef VS_RUN_OUTPUT_H
#define VS_RUN_OUTPUT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/loop.h"

struct vs_output;

/* To the file path, or stdout when it is NULL or "-".  A slow reader does not
 * hold us up: what it has not taken waits in memory.  gone(arg): nobody reads
 * any more, or it cannot be written (a full disk), which is said.  path is
 * borrowed.  secret: a file is its owner's alone, one that is there already too.
 * NULL when the file cannot be opened. */
struct vs_output *vs_output_open(struct vs_loop *l, const char *path, bool secret,
	void (*gone)(void *arg), void *arg, struct vs_err *err);
void vs_output_line(struct vs_output *o, const struct vs_buf *line);

/* No line comes any more; what is pending is dropped.  Who reads hears of the end
 * now, while there is still something to clean up.  Calls gone when that shows
 * that a file was not written. */
void vs_output_end(struct vs_output *o);
bool vs_output_pending(const struct vs_output *o);
bool vs_output_gone(const struct vs_output *o);
int vs_output_status(const struct vs_output *o); /* gone: 141, or VS_ERR_FAILED; else 0 */
void vs_output_close(struct vs_output *o);	 /* NULL is fine */

#endif
