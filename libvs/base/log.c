/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/log.h"

static void (*to)(enum vs_log_level, const char *);
static unsigned listening;

static void
log_say(enum vs_log_level level, const char *fmt, va_list ap)
{
	struct vs_buf b = VS_BUF_INIT;

	if (!vs_log_on(level))
		return;
	vs_buf_vfmt(&b, fmt, ap);
	to(level, b.s);
	vs_buf_free(&b);
}

#define SAY(name, level) \
	void name(const char *fmt, ...) \
	{ \
		va_list ap; \
		va_start(ap, fmt); \
		log_say(level, fmt, ap); \
		va_end(ap); \
	}

SAY(vs_warn, VS_LOG_WARN)
SAY(vs_info, VS_LOG_INFO)
SAY(vs_trace, VS_LOG_TRACE)

int
vs_log_on(enum vs_log_level level)
{
	return to != NULL && (listening & 1u << level) != 0;
}

void
vs_log_to(void (*sink)(enum vs_log_level, const char *), unsigned mask)
{
	to = sink;
	listening = mask;
}
