/* SPDX-License-Identifier: Apache-2.0 */
/* backoff.h - how long to wait before the next try.  Floor 0. */
#ifndef VS_BASE_BACKOFF_H
#define VS_BASE_BACKOFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Milliseconds to wait after `failed` failed tries (1 after the first): `first`,
 * doubled with each try up to `longest`, of which a random part, up to a half, is
 * left out so that the tools of a pipe do not all come back at once. */
int64_t vs_backoff(unsigned failed, int64_t first, int64_t longest);

/* How soon a long poll may be sent again, so that a server whose answers come at once does
 * not make us ask without end.  { 0 } at first. */
struct vs_pace {
	int64_t pause; /* ms after the last answer */
	/* private */
	unsigned nothing; /* answers in a row that came at once and brought nothing new */
	size_t quick;	  /* answers in a row that came at once */
};

/* An answer came after ms; news: it brought something.  burst: so many in a row may come at
 * once before the next one has to wait in any case. */
void vs_pace_answered(struct vs_pace *p, int64_t ms, bool news, size_t burst);

#endif
