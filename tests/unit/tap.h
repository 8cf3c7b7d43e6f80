/* SPDX-License-Identifier: Apache-2.0 */
/* tap.h - a unit test is a program that prints TAP. */
#include <stdio.h>
#include <string.h>

static int tap_n, tap_bad;

static inline int
tap_ok(int good, const char *name, const char *file, int line)
{
	printf("%sok %d - %s\n", good ? "" : "not ", ++tap_n, name);
	if (!good) {
		tap_bad++;
		printf("# %s:%d\n", file, line);
	}
	return good;
}

static inline void
tap_is(const char *got, const char *want, const char *name, const char *file, int line)
{
	int good = got && want ? strcmp(got, want) == 0 : got == want;

	if (!tap_ok(good, name, file, line))
		printf("# got  '%s'\n# want '%s'\n", got ? got : "(null)", want ? want : "(null)");
}

#define ok(x, name)	    tap_ok(!!(x), name, __FILE__, __LINE__)
#define is(got, want, name) tap_is(got, want, name, __FILE__, __LINE__)
#define done()		    (printf("1..%d\n", tap_n), tap_bad != 0)
