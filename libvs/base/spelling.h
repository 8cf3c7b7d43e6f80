/* SPDX-License-Identifier: Apache-2.0 */
/* spelling.h - the name that was probably meant.  Floor 0. */
#ifndef VS_BASE_SPELLING_H
#define VS_BASE_SPELLING_H

#include <stddef.h>

/* The word that differs least from s, by at most a third of its letters (an edit
 * adds, drops or replaces a letter, or swaps two); NULL: none is close enough. */
const char *vs_did_you_mean(const char *const *words, size_t n, const char *s);

#endif
