/* SPDX-License-Identifier: Apache-2.0 */
/* visible.h - text of servers, guests and files as a person may see it.  Floor 1.
 *
 * Whatever libvs shows a person goes through vs_visible once, where it is printed
 * (run/say, run/lines, cmd/ign-check): messages and struct vs_err hold the text as it
 * is. */
#ifndef VS_TEXT_VISIBLE_H
#define VS_TEXT_VISIBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Characters that act on a terminal or on the order of a line: C0, DEL, C1, line and
 * paragraph separators, bidi controls.  Records hold none of them: text/record. */
bool vs_code_control(uint32_t code);

/* These, and what is invisible, so that two names may look the same: zero-width and
 * filler characters, variation selectors, tags. */
bool vs_code_hidden(uint32_t code);

/* Append n bytes as one line without hidden characters: "\n", "\t", "\r", "\x1b" for
 * other bytes below 0x80 and for those that are not UTF-8, "\u202e" or "\U000e0041" for
 * the rest.  A backslash stays as it is: this is for reading, not for parsing. */
void vs_visible(struct vs_buf *b, const char *s, size_t n);
void vs_visible_str(struct vs_buf *b, const char *s);

#endif
