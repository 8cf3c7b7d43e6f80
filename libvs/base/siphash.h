/* SPDX-License-Identifier: Apache-2.0 */
/* siphash.h - a keyed hash for tables whose keys others choose.  Floor 0. */
#ifndef VS_BASE_SIPHASH_H
#define VS_BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

/* Without the key, texts that have the same hash cannot be found.  Not a digest. */
uint64_t vs_siphash(const uint64_t key[2], const void *p, size_t n);
/* A key that is new in each process and for each caller. */
void vs_siphash_key(uint64_t key[2]);

#endif
