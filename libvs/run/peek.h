/* SPDX-License-Identifier: Apache-2.0 */
/* peek.h - look at the start of stdin without consuming it.  Floor 2. */
#ifndef VS_RUN_PEEK_H
#define VS_RUN_PEEK_H

#include "base/buf.h"

/* Append the first bytes of a pipe or socket, once it holds a line or 16 KiB (or
 * the writer has paused for two seconds within a line), or of a file, from the
 * current offset.  Nothing of a terminal or another device. */
void vs_peek_stdin(struct vs_buf *to);

#endif
