/* SPDX-License-Identifier: Apache-2.0 */
/* Records: the bytes as a line of stdin, and as the texts of a record, separated by NUL:
 * path, reference, then a key and a value each. */
#include <string.h>

#include "record_road.h"

static const char *
next(const char **at, const char *end)
{
	const char *s = *at;

	*at += strlen(s) + 1;
	if (*at > end)
		*at = end;
	return s;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	VS_FREE char *copy = vs_strndup("", 0);
	const char *at, *end;
	struct vs_rec r = { 0 };

	record_road_line((const char *)data, n);
	copy = vs_realloc(copy, n + 1, 1);
	memcpy(copy, data, n);
	copy[n] = '\0';
	at = copy;
	end = copy + n;
	record_road_name(at);
	if (*at == '\0')
		return 0;
	r.path = vs_strdup(next(&at, end));
	if (at < end)
		r.ref = vs_strdup(next(&at, end));
	while (at < end) {
		const char *key = next(&at, end);

		if (*key)
			vs_rec_set(&r, key, next(&at, end));
	}
	record_road(&r, false);
	vs_rec_free(&r);
	return 0;
}
