/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 by OpenSSL. */
#include <openssl/evp.h>
#include <stdio.h>

#include "base/mem.h"
#include "text/sha256.h"

void
vs_sha256(const void *p, size_t n, char hex[VS_SHA256_HEX])
{
	unsigned char d[32];

	if (!EVP_Digest(p, n, d, NULL, EVP_sha256(), NULL))
		vs_no_memory(); /* the only reason */
	for (size_t i = 0; i < sizeof d; i++)
		snprintf(hex + 2 * i, 3, "%02x", d[i]);
}
