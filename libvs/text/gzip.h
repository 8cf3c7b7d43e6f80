/* SPDX-License-Identifier: Apache-2.0 */
/* gzip.h - gzip compression and decompression.  Floor 1. */
#ifndef VS_TEXT_GZIP_H
#define VS_TEXT_GZIP_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* One gzip member, level 9, without time stamp or name: the same bytes on every
 * host that has the same zlib.  Appended. */
void vs_gzip(const void *p, size_t n, struct vs_buf *to);

#define VS_GZIP_TRAILING "gzip: data after the end"

/* One or more members, appended; to->max limits the result (0: 64 MiB).  -1,
 * VS_ERR_USAGE: not gzip, damaged, truncated, too large, or followed by other
 * data (VS_GZIP_TRAILING).  to has what could be unpacked. */
int vs_gunzip(const void *p, size_t n, struct vs_buf *to, struct vs_err *err);

#endif
