/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers, sizes and durations on command lines and in the environment, and the
 * monotonic clock.  strtod and strtoll take more than people mean: that is refused. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/num.h"

int
vs_num(const char *s, int64_t min, int64_t max, int64_t *to, struct vs_err *err)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(s, &end, 10);
	if (!(isdigit((unsigned char)*s) || (*s == '-' && isdigit((unsigned char)s[1]))) || *end
		|| errno)
		return vs_fail(err, VS_ERR_USAGE, "'%s' is not an integer", s);
	if (n < min || n > max)
		return vs_fail(err, VS_ERR_USAGE, "'%s' is not between %" PRId64 " and %" PRId64, s,
			min, max);
	*to = n;
	return 0;
}

int
vs_size(const char *s, int64_t *bytes, struct vs_err *err)
{
	static const char units[] = "KMGT";
	const char *unit;
	char *end;
	double n;

	errno = 0;
	n = isdigit((unsigned char)*s) ? strtod(s, &end) : -1;
	if (n < 0 || errno || strpbrk(s, "xXpPeE"))
		return vs_fail(err, VS_ERR_USAGE, "'%s' is not a size like 8G", s);
	unit = *end ? strchr(units, toupper((unsigned char)*end)) : NULL;
	if (unit == NULL)
		return vs_fail(err, VS_ERR_USAGE, "'%s' has no unit: K, M, G or T (8G, 8192M)", s);
	for (n *= 1024; unit > units; unit--)
		n *= 1024;
	/* "8Gi" as Kubernetes writes it, "8GiB" as the rest does */
	if ((end[1] && strcmp(end + 1, "i") != 0 && strcmp(end + 1, "iB") != 0) || n > 9e18)
		return vs_fail(err, VS_ERR_USAGE, "'%s' is not a size like 8G", s);
	if (n < 1)
		return vs_fail(err, VS_ERR_USAGE, "'%s' is less than one byte", s);
	*bytes = (int64_t)n;
	return 0;
}

static double
num_unit_ms(const char **s)
{
	static const struct {
		const char *name;
		double ms;
	} units[] = {
		{ "ms", 1 },
		{ "s", 1e3 },
		{ "m", 60e3 },
		{ "h", 3600e3 },
	};

	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		size_t n = strlen(units[i].name);

		if (strncmp(*s, units[i].name, n) == 0) {
			*s += n;
			return units[i].ms;
		}
	}
	return 0;
}

int
vs_duration(const char *s, int64_t *ms, struct vs_err *err)
{
	const char *p = s;
	double sum = 0;

	if (strcmp(s, "0") == 0) {
		*ms = 0;
		return 0;
	}
	do {
		char *end = NULL;
		double n = isdigit((unsigned char)*p) ? strtod(p, &end) : 0;
		double unit;

		p = end ? end : p;
		unit = num_unit_ms(&p);
		if (end == NULL || unit == 0 || !(n * unit < 1e15) || strpbrk(s, "xXpPeE"))
			return vs_fail(
				err, VS_ERR_USAGE, "'%s' is not a duration like 90s, 15m or 1h", s);
		sum += n * unit;
	} while (*p);
	*ms = (int64_t)sum;
	return 0;
}

const char *
vs_clock(int64_t ms, char *buf, size_t n)
{
	long s = (long)(ms / 1000);

	if (s < 3600)
		snprintf(buf, n, "%ld:%02ld", s / 60, s % 60);
	else
		snprintf(buf, n, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
	return buf;
}

const char *
vs_bytes(int64_t n, char *buf)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB" };
	size_t u = 0;

	for (; n >= 1024 && n % 1024 == 0 && u + 1 < VS_LEN(units); u++)
		n /= 1024;
	snprintf(buf, VS_BYTES, "%lld %s", (long long)n, units[u]);
	return buf;
}

int64_t
vs_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int
vs_ms_until(int64_t at)
{
	int64_t ms = at - vs_now();

	if (at == INT64_MAX)
		return -1;
	return ms < 0 ? 0 : ms > INT_MAX ? INT_MAX : (int)ms;
}
