/* SPDX-License-Identifier: Apache-2.0 */
/* trace.h - replies as --trace prints them, without secrets.  Floor 3. */
#ifndef VS_VIM_TRACE_H
#define VS_VIM_TRACE_H

#include "base/buf.h"

/* Append the n bytes of a reply to `to`.  The values of advanced keys become ***: in each
 * OptionValue (-E can put a secret under any key) and in a property of its own,
 * config.extraConfig["guestinfo.x"].value.  If the reply is truncated, everything after
 * the start of such a value is left out. */
void vs_trace_reply(const char *s, size_t n, struct vs_buf *to);

#endif
