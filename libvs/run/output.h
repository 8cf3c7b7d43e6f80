/* SPDX-License-Identifier: Apache-2.0 */
/* output.h - records out, as soon as they are ready.  Floor 2. */
#ifndef VS_RUN_OUTPUT_H
#define VS_RUN_OUTPUT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/loop.h"

struct vs_output;

/* To the file path, or stdout when it is NULL or "-".  A slow reader does not
 * hold us up: what it has not taken waits in memory.  gone(arg): the reader has
 * gone, or it cannot be written (a full disk), which is reported.  path is
 * borrowed; the file is truncated with the first line.  contents: a file is written
 * at the end, by rename, with mode 0600.  NULL when the file cannot be opened. */
struct vs_output *vs_output_open(struct vs_loop *l, const char *path, bool contents,
	void (*gone)(void *arg), void *arg, struct vs_err *err);
void vs_output_line(struct vs_output *o, const struct vs_buf *line);

/* No line comes any more; what is pending is dropped.  The reader sees the end of
 * file now, while there is still something to clean up.  failed: a file that no
 * line was written to keeps what it held.  Calls gone when closing a file shows
 * that it was not written. */
void vs_output_end(struct vs_output *o, bool failed);
/* A regular file that is stdin, too: truncating it would lose what has not been read. */
bool vs_output_is_stdin(const struct vs_output *o);
bool vs_output_pending(const struct vs_output *o);
bool vs_output_gone(const struct vs_output *o);
int vs_output_status(const struct vs_output *o); /* gone: 141, or VS_ERR_FAILED; else 0 */
void vs_output_close(struct vs_output *o);	 /* NULL is fine */

#endif
