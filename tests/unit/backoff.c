/* SPDX-License-Identifier: Apache-2.0 */
/* When a long poll may be sent again, and how long a try waits. */
#include "base/backoff.h"
#include "bound.h"
#include "tap.h"

static bool
within(int64_t ms, int64_t low, int64_t high)
{
	return ms >= low && ms <= high;
}

static void
tries(void)
{
	bool first = true, second = true, last = true;

	for (int i = 0; i < 1000; i++) {
		first = first && within(vs_backoff(1, 100, 1000), 50, 100);
		second = second && within(vs_backoff(2, 100, 1000), 100, 200);
		last = last && within(vs_backoff(1000 * 1000, 100, 1000), 500, 1000);
	}
	ok(first, "the first wait, of which up to a half is left out");
	ok(second, "the second is twice as long");
	ok(last, "the longest");
}

/* n answers in a row, each after ms. */
static int64_t
answers(struct vs_pace *p, size_t n, int64_t ms, bool news)
{
	while (n-- > 0)
		vs_pace_answered(p, ms, news, 8);
	return p->pause;
}

static void
polls(void)
{
	struct vs_pace p = { 0 };
	int64_t pause = vs_bound(VS_BOUND_PAUSE_MS), longest = vs_bound(VS_BOUND_PAUSE_MAX_MS);
	int64_t empty = vs_bound(VS_BOUND_EMPTY_MS);

	ok(p.pause == 0, "no pause at first");
	ok(answers(&p, 20, empty, false) == 0, "none after empty answers that took their time");
	ok(within(answers(&p, 1, empty - 1, false), pause / 2, pause),
		"one after one that came at once");
	ok(within(answers(&p, 1, 0, false), pause, 2 * pause), "twice as long after the next");
	ok(within(answers(&p, 50, 0, false), longest / 2, longest), "up to the longest");
	ok(answers(&p, 1, empty, true) == 0, "none after news");
	ok(answers(&p, 8, 0, true) == 0, "news may come at once, eight times in a row");
	ok(answers(&p, 1, 0, true) == pause, "then there is a pause between them");
	ok(answers(&p, 1, empty, false) == 0, "an answer that took its time ends the row");
	lowered[VS_BOUND_EMPTY_MS] = 10;
	ok(answers(&p, 1, 10, false) == 0, "what is too soon is a bound");
}

int
main(void)
{
	tries();
	polls();
	return done();
}
