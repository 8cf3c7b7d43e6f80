/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz.h - what a target is: a function that is given bytes, and must neither
 * crash nor leak nor take long, whatever they are.  What else must hold it says
 * itself, by must().
 *
 * `make fuzz` links it with libFuzzer, which calls it with bytes of its own
 * making; `make units` with main.c, which calls it with files. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* An input that shows otherwise is kept, as one that crashes. */
#define must(x, words) ((x) ? (void)0 : fuzz_broken(words, __FILE__, __LINE__))

static inline void
fuzz_broken(const char *words, const char *file, int line)
{
	fprintf(stderr, "%s:%d: broken: %s\n", file, line, words);
	abort();
}

#endif
