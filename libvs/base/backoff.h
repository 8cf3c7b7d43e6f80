/* SPDX-License-Identifier: Apache-2.0 */
/* backoff.h - how long to wait before the next try.  Floor 0. */
#ifndef VS_BASE_BACKOFF_H
#define VS_BASE_BACKOFF_H

#include <stdint.h>

/* Milliseconds to wait after `failed` failed tries (1 after the first): `first`,
 * doubled with each try up to `longest`, of which a random part, up to a half, is
 * left out so that the tools of a pipe do not all come back at once. */
int64_t vs_backoff(unsigned failed, int64_t first, int64_t longest);

#endif
