/* SPDX-License-Identifier: Apache-2.0 */
/* num.h - numbers, sizes and durations as users write them.  Floor 0. */
#ifndef VS_BASE_NUM_H
#define VS_BASE_NUM_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* All: VS_ERR_USAGE with s quoted when it is not one. */

/* A decimal integer from min to max, without blanks around it. */
int vs_num(const char *s, int64_t min, int64_t max, int64_t *to, struct vs_err *err);

/* "8G": K, M, G or T (binary), in bytes.  A unit is required: "8192" alone
 * would be megabytes to one reader and bytes to the next. */
int vs_size(const char *s, int64_t *bytes, struct vs_err *err);

/* "90s", "15m", "1h30m", "1.5s", "200ms", in milliseconds; "0" is 0. */
int vs_duration(const char *s, int64_t *ms, struct vs_err *err);

/* Milliseconds as "0:31", "12:05", "1:02:03".  buf: at least 24 bytes. */
const char *vs_clock(int64_t ms, char *buf, size_t n);

/* "256 MiB", "64 KiB", "1000 bytes".  buf: VS_BYTES bytes. */
enum { VS_BYTES = 32 };
const char *vs_bytes(int64_t n, char *buf);

/* Monotonic time in milliseconds. */
int64_t vs_now(void);

/* Milliseconds until then, as poll and vs_loop_turn take them: 0 when it has
 * passed, -1 (forever) for INT64_MAX. */
int vs_ms_until(int64_t at);

#endif
