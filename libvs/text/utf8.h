/* SPDX-License-Identifier: Apache-2.0 */
/* utf8.h - is it valid UTF-8.  Floor 1. */
#ifndef VS_TEXT_UTF8_H
#define VS_TEXT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Are the n bytes valid UTF-8 (RFC 3629): no overlong forms, no surrogates? */
bool vs_utf8(const char *s, size_t n);

/* Length in bytes of the character at s, of which n > 0 bytes are there; 0: not valid
 * UTF-8. */
size_t vs_utf8_next(const char *s, size_t n);

/* The same, and the character's code point; of what is not valid its first byte. */
size_t vs_utf8_code(const char *s, size_t n, uint32_t *code);

#endif
