/* SPDX-License-Identifier: Apache-2.0 */
/* peek.h - a look at the beginning of stdin, which stays there.  Floor 2. */
#ifndef VS_RUN_PEEK_H
#define VS_RUN_PEEK_H

#include "base/buf.h"

/* Append what can be seen: the first of what a pipe or socket holds, once it
 * holds a line or PEEK_MAX bytes (a writer that is slower than a second or two
 * between two pieces of one line is taken by what has come); the first bytes of
 * a file from where it is read on.  Nothing of a terminal or another device. */
void vs_peek_stdin(struct vs_buf *to);

#endif
