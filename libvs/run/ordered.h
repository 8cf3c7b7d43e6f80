/* SPDX-License-Identifier: Apache-2.0 */
/* ordered.h - texts about jobs, in the order of the input.  Floor 2.
 *
 * Jobs end in any order; a report about them should be the same each time. */
#ifndef VS_RUN_ORDERED_H
#define VS_RUN_ORDERED_H

#include <stddef.h>

#include "base/buf.h"

struct vs_ordered {
	struct vs_ordered_text *v;
	size_t n, cap;
};

/* index: the job's; takes over what text owns and leaves it empty. */
void vs_ordered_add(struct vs_ordered *o, size_t index, struct vs_buf *text);

/* Append all of them to to; o is empty after. */
void vs_ordered_take(struct vs_ordered *o, struct vs_buf *to);

#endif
