/* SPDX-License-Identifier: Apache-2.0 */
/* Linked into the tools of build/lower: BOUNDS="CALL_MS=3000 ANSWER=100000" in the
 * environment replaces these bounds, so that a test can reach them soon. */
#include <stdlib.h>
#include <string.h>

#include "base/bounds.h"

int64_t __real_vs_bound(enum vs_bound which);
int64_t __wrap_vs_bound(enum vs_bound which);

int64_t
__wrap_vs_bound(enum vs_bound which)
{
#define LOWER_NAME(name, value) [VS_BOUND_##name] = #name,
	static const char *const names[] = { VS_BOUNDS(LOWER_NAME) };
	const char *s = getenv("BOUNDS");
	size_t n = strlen(names[which]);

	for (; s && *s; s = strchr(s, ' '), s = s ? s + 1 : NULL)
		if (strncmp(s, names[which], n) == 0 && s[n] == '=')
			return strtoll(s + n + 1, NULL, 10);
	return __real_vs_bound(which);
}
