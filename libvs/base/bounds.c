/* SPDX-License-Identifier: Apache-2.0 */
/* The bounds of bounds.h.  Nothing else: the tests replace this function. */
#include "base/bounds.h"

#include "base/assert.h"

int64_t
vs_bound(enum vs_bound which)
{
#define BOUNDS_VALUE(name, value) [VS_BOUND_##name] = (value),
	static const int64_t bounds[] = { VS_BOUNDS(BOUNDS_VALUE) };

	assert((unsigned)which < VS_BOUND_COUNT);
	return bounds[which];
}
