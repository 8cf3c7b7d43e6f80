/* SPDX-License-Identifier: Apache-2.0 */
/* sha256.h - SHA-256 digests as text.  Floor 1.
 *
 * A file of its own, so that tools which need no digest do not link libcrypto. */
#ifndef VS_TEXT_SHA256_H
#define VS_TEXT_SHA256_H

#include <stddef.h>

enum { VS_SHA256_HEX = 65 }; /* 64 hex digits and a NUL */

/* The digest of the n bytes, in lower-case hex digits. */
void vs_sha256(const void *p, size_t n, char hex[VS_SHA256_HEX]);

#endif
