/* SPDX-License-Identifier: Apache-2.0 */
/* Reading JSON with jansson; errors never quote the input.  Depth and memory are bounded
 * here: jansson allows 2048 levels, and takes 100 times the bytes of "[{},{},{}]". */
#include <stdbool.h>
#include <string.h>

#include "base/bounds.h"
#include "text/json.h"

/* What jansson 2.14 allocates for an object, a list, and an item or member. */
enum { JSON_OBJECT_COST = 256, JSON_LIST_COST = 160, JSON_ITEM_COST = 64 };

void
vs_json_freep(json_t **j)
{
	json_decref(*j);
}

struct vs_json_size
vs_json_measure(const char *s, size_t n)
{
	struct vs_json_size m = { .values = 1, .memory = (int64_t)n };
	bool in_string = false;
	int64_t depth = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '"')
			in_string = !in_string;
		else if (in_string)
			i += s[i] == '\\';
		else if (s[i] == '{' || s[i] == '[') {
			m.memory += s[i] == '{' ? JSON_OBJECT_COST : JSON_LIST_COST;
			m.values++;
			m.depth = ++depth > m.depth ? depth : m.depth;
		} else if (s[i] == '}' || s[i] == ']') {
			depth--;
		} else if (s[i] == ',' || s[i] == ':') {
			m.memory += JSON_ITEM_COST;
			m.values++;
		}
	}
	return m;
}

static int
json_too_much(const char *s, size_t n, struct vs_err *err)
{
	struct vs_json_size m = vs_json_measure(s, n);

	if (m.depth > vs_bound(VS_BOUND_DEPTH))
		return vs_fail(err, VS_ERR_USAGE, "it is nested deeper than %d levels",
			(int)vs_bound(VS_BOUND_DEPTH));
	if (m.memory > vs_bound(VS_BOUND_TREE))
		return vs_fail(err, VS_ERR_USAGE, "it needs more than %d MiB of memory",
			(int)(vs_bound(VS_BOUND_TREE) >> 20));
	return 0;
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
	if (json_too_much(s, n, err) < 0)
		return NULL;
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
