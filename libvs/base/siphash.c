/* SPDX-License-Identifier: Apache-2.0 */
/* SipHash-2-4: Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012. */
#include <endian.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/random.h>

#include "base/siphash.h"

static uint64_t
siphash_turn(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static void
siphash_rounds(uint64_t v[4], int n)
{
	while (n-- > 0) {
		v[0] += v[1];
		v[1] = siphash_turn(v[1], 13) ^ v[0];
		v[0] = siphash_turn(v[0], 32);
		v[2] += v[3];
		v[3] = siphash_turn(v[3], 16) ^ v[2];
		v[0] += v[3];
		v[3] = siphash_turn(v[3], 21) ^ v[0];
		v[2] += v[1];
		v[1] = siphash_turn(v[1], 17) ^ v[2];
		v[2] = siphash_turn(v[2], 32);
	}
}

static void
siphash_word(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	siphash_rounds(v, 2);
	v[0] ^= word;
}

uint64_t
vs_siphash(const uint64_t key[2], const void *p, size_t n)
{
	uint64_t v[4] = { key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d,
		key[0] ^ 0x6c7967656e657261, key[1] ^ 0x7465646279746573 };
	const unsigned char *s = p;
	uint64_t word;

	for (size_t left = n; left >= sizeof word; left -= sizeof word, s += sizeof word) {
		memcpy(&word, s, sizeof word);
		siphash_word(v, le64toh(word));
	}
	/* the rest, and the length in the last byte */
	word = 0;
	memcpy(&word, s, n % sizeof word);
	siphash_word(v, le64toh(word) | (uint64_t)n << 56);
	v[2] ^= 0xff;
	siphash_rounds(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

void
vs_siphash_key(uint64_t key[2])
{
	const void *start = (const void *)getauxval(AT_RANDOM);

	if (getrandom(key, 2 * sizeof *key, GRND_NONBLOCK) == 2 * sizeof *key)
		return;
	/* early at boot: 16 random bytes that the kernel gives each process */
	key[0] = key[1] = (uint64_t)(uintptr_t)key;
	if (start)
		memcpy(key, start, 2 * sizeof *key);
}
