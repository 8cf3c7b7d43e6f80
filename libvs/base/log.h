/* SPDX-License-Identifier: Apache-2.0 */
/* log.h - what the library has to say beside its results.  Floor 0.
 *
 * libvs prints nothing: run/ gives the sink that does (and leaves out what
 * -q or a missing -v leave out).  Without a sink the words are dropped. */
#ifndef VS_BASE_LOG_H
#define VS_BASE_LOG_H

enum vs_log_level {
	VS_LOG_WARN,  /* shown unless -q */
	VS_LOG_INFO,  /* shown with -v */
	VS_LOG_TRACE, /* to the --trace file; secrets are blanked before */
};

void vs_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void vs_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void vs_trace(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* True when somebody listens: saves the work of making the words. */
int vs_log_on(enum vs_log_level level);

/* The sink gets one message, without a line feed.  Bits of mask: 1 << level. */
void vs_log_to(void (*sink)(enum vs_log_level, const char *), unsigned mask);

#endif
