/* SPDX-License-Identifier: Apache-2.0 */
/* enc.h - base64, gzip, percent escapes, data URLs.  Floor 1. */
#ifndef VS_TEXT_ENC_H
#define VS_TEXT_ENC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "text/utf8.h"

/* Standard alphabet with padding (RFC 4648, 4), no line breaks; appended. */
void vs_base64(const void *p, size_t n, struct vs_buf *to);

/* Strict, but for CR and LF, which are skipped as Go's decoder does (Ignition
 * reads guestinfo with it); appended.  VS_ERR_USAGE: says what is wrong and where,
 * never what stands there. */
int vs_unbase64(const char *s, size_t n, struct vs_buf *to, struct vs_err *err);

/* One gzip member, level 9, without time or name: the same bytes on every host
 * that has the same zlib.  Appended. */
void vs_gzip(const void *p, size_t n, struct vs_buf *to);

/* One or more members; to->max bounds the result (0: 64 MiB).  VS_ERR_USAGE:
 * no gzip, damaged, cut short, bytes behind it, or too large. */
int vs_gunzip(const void *p, size_t n, struct vs_buf *to, struct vs_err *err);

/* The shortest data URL of the n bytes (RFC 2397): percent-encoded, base64, or
 * base64 of the gzipped bytes; the last is chosen only when it is shorter by
 * more than 4 characters, and only if may_gzip.  Of equal length, percent
 * goes before base64.  The rule is Butane's (base/util/url.go), so that what
 * it makes and this is equal once decoded.  True: it was gzipped. */
bool vs_data_url(const void *p, size_t n, bool may_gzip, struct vs_buf *to);

/* What a data URL holds, appended; nothing is gunzipped.  VS_ERR_USAGE: no data
 * URL, or a bad escape. */
int vs_undata_url(const char *url, struct vs_buf *to, struct vs_err *err);

#endif
