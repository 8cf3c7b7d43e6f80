/* SPDX-License-Identifier: Apache-2.0 */
/* Suggestions for names that were not found: optimal string alignment distance. */
#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/spelling.h"

enum { LONGEST = 63 };

static unsigned
spelling_min(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static unsigned
spelling_distance(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);
	unsigned d[3][LONGEST + 1];

	if (n > LONGEST || m > LONGEST)
		return UINT_MAX;
	for (size_t j = 0; j <= m; j++)
		d[0][j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned *now = d[i % 3], *up = d[(i - 1) % 3], *up2 = d[(i + 1) % 3];

		now[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			int x = tolower((unsigned char)a[i - 1]);
			int y = tolower((unsigned char)b[j - 1]);

			now[j] = spelling_min(
				spelling_min(up[j], now[j - 1]) + 1, up[j - 1] + (x != y));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = spelling_min(now[j], up2[j - 2] + 1);
		}
	}
	return d[n % 3][m];
}

/* worker-2 is not a typo of worker-9. */
static bool
spelling_other_number(const char *a, const char *b)
{
	while (*a && *b) {
		if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
			a += strspn(a, "0123456789");
			b += strspn(b, "0123456789");
		} else if (*a++ != *b++) {
			return false;
		}
	}
	return *a == *b;
}

const char *
vs_did_you_mean(const char *const *words, size_t n, const char *s)
{
	const char *best = NULL;
	unsigned least_seen = (unsigned)(strlen(s) + 2) / 3 + 1;

	for (size_t i = 0; i < n; i++) {
		unsigned k = spelling_distance(words[i], s);

		if (k < least_seen && !(k > 0 && spelling_other_number(words[i], s))) {
			least_seen = k;
			best = words[i];
		}
	}
	return best;
}
