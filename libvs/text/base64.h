/* SPDX-License-Identifier: Apache-2.0 */
/* base64.h - base64 encoding and decoding.  Floor 1. */
#ifndef VS_TEXT_BASE64_H
#define VS_TEXT_BASE64_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Standard alphabet with padding (RFC 4648, section 4), no line breaks; appended. */
void vs_base64(const void *p, size_t n, struct vs_buf *to);

/* Strict, but CR and LF are skipped, as Go's decoder does (Ignition decodes
 * guestinfo with it); appended.  -1, VS_ERR_USAGE: the message names the offset
 * and the kind of flaw and quotes no data. */
int vs_unbase64(const char *s, size_t n, struct vs_buf *to, struct vs_err *err);

#endif
