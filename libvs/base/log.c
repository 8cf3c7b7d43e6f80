/* SPDX-License-Identifier: Apache-2.0 */
/* Warnings, notes and traces on their way to the sink that run/say sets.  What is
 * shown, and how, is decided there. */
#include <stdarg.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/log.h"

/* One for the process: any function may warn. */
static struct {
	void (*sink)(enum vs_log_level, const char *);
	unsigned mask; /* bits 1 << level */
} log_to;

static void
log_say(enum vs_log_level level, const char *fmt, va_list ap)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	if (!vs_log_on(level))
		return;
	vs_buf_vfmt(&b, fmt, ap);
	log_to.sink(level, b.s);
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
SAY(vs_said, VS_LOG_SAID)
SAY(vs_trace, VS_LOG_TRACE)

int
vs_log_on(enum vs_log_level level)
{
	return log_to.sink != NULL && (log_to.mask & 1u << level) != 0;
}

void
vs_log_to(void (*sink)(enum vs_log_level, const char *), unsigned mask)
{
	log_to.sink = sink;
	log_to.mask = mask;
}
