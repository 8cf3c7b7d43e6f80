/* SPDX-License-Identifier: Apache-2.0 */
/* Reading JSON with jansson; errors never quote the input. */
#include <string.h>

#include "text/json.h"

void
vs_json_freep(json_t **j)
{
	json_decref(*j);
}

json_t *
vs_json_read(const char *s, size_t n, struct vs_err *err)
{
	json_error_t e;
	const char *nul = n ? memchr(s, '\0', n) : NULL;
	json_t *j;
	char *near;

	/* jansson ignores one after a number or a word */
	if (nul) {
		vs_fail(err, VS_ERR_USAGE, "not JSON: byte %zu is NUL", (size_t)(nul - s) + 1);
		return NULL;
	}
	j = json_loadb(s, n, JSON_REJECT_DUPLICATES, &e);
	if (j)
		return j;
	/* jansson quotes the text: "... near 'xyz'" */
	near = strstr(e.text, " near ");
	if (near)
		*near = '\0';
	if (n == 0)
		vs_fail(err, VS_ERR_USAGE, "empty");
	else if (json_error_code(&e) == json_error_duplicate_key)
		vs_fail_at(err, e.line, e.column, "duplicate key in an object");
	else
		vs_fail_at(err, e.line, e.column, "not JSON: %s", e.text);
	return NULL;
}
