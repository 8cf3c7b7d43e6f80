/* SPDX-License-Identifier: Apache-2.0 */
/* Exponential back-off with jitter.  random() is seeded by vs_run_begin; without
 * a seed the waits are the same in each run, and still correct. */
#include <stdlib.h>

#include "base/assert.h"
#include "base/backoff.h"
#include "base/bounds.h"

int64_t
vs_backoff(unsigned failed, int64_t first, int64_t longest)
{
	int64_t ms = first;

	assert(failed > 0 && first > 0 && longest >= first);
	while (--failed > 0 && ms < longest)
		ms *= 2;
	if (ms > longest)
		ms = longest;
	return ms / 2 + random() % (ms / 2 + 1);
}

void
vs_pace_answered(struct vs_pace *p, int64_t ms, bool news, size_t burst)
{
	bool quick = ms < vs_bound(VS_BOUND_EMPTY_MS);

	p->quick = quick ? p->quick + 1 : 0;
	p->nothing = quick && !news ? p->nothing + 1 : 0;
	if (p->nothing)
		p->pause = vs_backoff(
			p->nothing, vs_bound(VS_BOUND_PAUSE_MS), vs_bound(VS_BOUND_PAUSE_MAX_MS));
	else
		p->pause = p->quick > burst ? vs_bound(VS_BOUND_PAUSE_MS) : 0;
}
