/* SPDX-License-Identifier: Apache-2.0 */
/* candidates.h - the candidates that a message lists: eight, and how many more.  Floor 0. */
#ifndef VS_BASE_CANDIDATES_H
#define VS_BASE_CANDIDATES_H

#include <stddef.h>

#include "base/buf.h"

struct vs_candidates {
	struct vs_buf text;
	size_t n; /* added so far, listed or not */
};

#define VS_CANDIDATES_INIT \
	{ \
		.text = VS_BUF_INIT \
	}
#define VS_CANDIDATES_FREE __attribute__((cleanup(vs_candidates_free)))

void vs_candidates_add(struct vs_candidates *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* "'a', 'b' and 3 more", once all are added; c owns it. */
const char *vs_candidates_text(struct vs_candidates *c);
void vs_candidates_free(struct vs_candidates *c);

#endif
