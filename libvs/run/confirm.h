/* SPDX-License-Identifier: Apache-2.0 */
/* confirm.h - ask the person at the terminal.  Floor 2. */
#ifndef VS_RUN_CONFIRM_H
#define VS_RUN_CONFIRM_H

#include <stdbool.h>

/* Is there a terminal to ask on?  /dev/tty: stdin may be a pipe of records. */
bool vs_confirm_can(void);

/* "TOOL: question [y/N] ": true for y and yes, false for all else, for no
 * terminal, and when a signal comes (which is the loop's to take).  Waits for
 * the answer, with everything else. */
bool vs_confirm(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
