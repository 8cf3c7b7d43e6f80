/* SPDX-License-Identifier: Apache-2.0 */
/* trace.h - requests and replies for --trace, without what is secret.  Floor 3. */
#ifndef VS_VIM_TRACE_H
#define VS_VIM_TRACE_H

#include "base/buf.h"

/* A reply as text: the values of advanced keys become ***, in an OptionValue
 * (whichever its key: -E gives a secret any name) and as a property of their
 * own, config.extraConfig["guestinfo.x"].value. */
void vs_trace_reply(const char *s, size_t n, struct vs_buf *to);

#endif
