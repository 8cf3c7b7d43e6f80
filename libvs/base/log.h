/* SPDX-License-Identifier: Apache-2.0 */
/* log.h - warnings, notes and traces of the library.  Floor 0.
 *
 * libvs prints nothing: run/ sets a sink that does, and that knows -q and -v.
 * Without a sink messages are dropped. */
#ifndef VS_BASE_LOG_H
#define VS_BASE_LOG_H

enum vs_log_level {
	VS_LOG_WARN,  /* shown unless -q */
	VS_LOG_INFO,  /* shown with -v */
	VS_LOG_SAID,  /* a line that a program of ours printed on its stderr; always shown */
	VS_LOG_TRACE, /* to the --trace file; the caller removes secrets */
};

void vs_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void vs_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void vs_said(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void vs_trace(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* True when this level is shown: saves formatting what is not. */
int vs_log_on(enum vs_log_level level);

/* The sink gets each message without a line feed, as it is: the sink makes it visible.
 * Bits of mask: 1 << level. */
void vs_log_to(void (*sink)(enum vs_log_level, const char *), unsigned mask);

#endif
