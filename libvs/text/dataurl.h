/* SPDX-License-Identifier: Apache-2.0 */
/* dataurl.h - data URLs (RFC 2397).  Floor 1. */
#ifndef VS_TEXT_DATAURL_H
#define VS_TEXT_DATAURL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* The shortest data URL for the n bytes, appended: percent-encoded, base64, or
 * base64 of the gzipped bytes; the last only if may_gzip and if it saves more
 * than 4 characters.  If two have the same length, percent-encoding wins.  The
 * rule is Butane's (base/util/url.go), so both encode a file alike.  Returns
 * true if the data was gzipped. */
bool vs_data_url(const void *p, size_t n, bool may_gzip, struct vs_buf *to);

/* The data of a data URL, appended; gzip is not undone.  -1, VS_ERR_USAGE: not a
 * data URL, or a bad escape. */
int vs_undata_url(const char *url, struct vs_buf *to, struct vs_err *err);

#endif
