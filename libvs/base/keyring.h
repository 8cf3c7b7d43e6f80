/* SPDX-License-Identifier: Apache-2.0 */
/* keyring.h - secrets in the kernel's keyring of this user, keyrings(7).  Floor 0. */
#ifndef VS_BASE_KEYRING_H
#define VS_BASE_KEYRING_H

#include <stdbool.h>
#include <stddef.h>

/* Read n bytes of the key with that name, and keep it for another day.  False: there is
 * no such key, or the kernel or a sandbox gives no keyring. */
bool vs_keyring_get(const char *name, void *to, size_t n);

/* Keep a key for a day.  False: it is not kept. */
bool vs_keyring_put(const char *name, const void *p, size_t n);

#endif
