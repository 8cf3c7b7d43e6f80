/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz.h - a fuzz target: a function that gets any bytes, and must not crash, leak or take
 * long.  It checks its own invariants with must().
 *
 * `make fuzz` links it with libFuzzer, which generates the bytes; `make units` with
 * main.c, which reads them from files. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Crashes if it does not hold, so that libFuzzer keeps the input. */
#define must(x, words) ((x) ? (void)0 : fuzz_broken(words, __FILE__, __LINE__))

/* The clock, in place of vs_now(): it moves only when a target moves it. */
__attribute__((weak)) int64_t fuzz_now = 1000;
int64_t __wrap_vs_now(void);

__attribute__((weak)) int64_t
__wrap_vs_now(void)
{
	return fuzz_now;
}

static inline void
fuzz_broken(const char *words, const char *file, int line)
{
	fprintf(stderr, "%s:%d: broken: %s\n", file, line, words);
	abort();
}

#endif
