/* SPDX-License-Identifier: Apache-2.0 */
/* utf8.h - what is UTF-8, and what is not.  Floor 1. */
#ifndef VS_TEXT_UTF8_H
#define VS_TEXT_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* True when the n bytes are UTF-8: no overlong forms, no surrogates. */
bool vs_utf8(const char *s, size_t n);

/* Bytes of the character at s (n > 0); 0: it is not UTF-8. */
size_t vs_utf8_next(const char *s, size_t n);

#endif
