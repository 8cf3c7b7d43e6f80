/* SPDX-License-Identifier: Apache-2.0 */
/* bound.h - bounds that a unit test can lower: in place of libvs/base/bounds.c. */
#include "base/bounds.h"

static int64_t lowered[VS_BOUND_COUNT]; /* 0: the real one */

int64_t
vs_bound(enum vs_bound which)
{
#define BOUND_VALUE(name, value) [VS_BOUND_##name] = (value),
	static const int64_t real[] = { VS_BOUNDS(BOUND_VALUE) };

	return lowered[which] ? lowered[which] : real[which];
}
