/* trace.h - requests and replies for --trace, without what is secret.  Floor 3. */
#ifndef VS_VIM_TRACE_H
#define VS_VIM_TRACE_H

#include "base/buf.h"

/* A reply as text: the values of guestinfo.* keys become ***, wherever an
 * OptionValue stands. */
void vs_trace_reply(const char *s, size_t n, struct vs_buf *to);

#endif
