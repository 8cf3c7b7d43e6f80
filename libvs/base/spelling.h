/* SPDX-License-Identifier: Apache-2.0 */
/* spelling.h - what was probably meant.  Floor 0. */
#ifndef VS_BASE_SPELLING_H
#define VS_BASE_SPELLING_H

#include <stddef.h>

/* The word that differs least from s, by at most a third of its letters (an
 * edit is a letter more, less, other, or two swapped); NULL: none is near. */
const char *vs_did_you_mean(const char *const *words, size_t n, const char *s);

#endif
