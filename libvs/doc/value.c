/* SPDX-License-Identifier: Apache-2.0 */
/* Values of fields: integers and booleans as Go's yaml reads them into typed
 * structs (gopkg.in/yaml.v3, resolve.go and decode.go), and whether one is given. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "doc/value.h"

struct vs_tree *
vs_value_given(const struct vs_tree *map, const char *key)
{
	struct vs_tree *v = map ? vs_tree_get(map, key) : NULL;

	return v && !v->bad && !vs_tree_null(v) ? v : NULL;
}

bool
vs_value_nonempty(const struct vs_tree *v)
{
	return v && (v->kind == VS_TREE_SCALAR ? v->len > 0 : v->child != NULL);
}

static int
value_base(const char **s)
{
	if ((*s)[0] != '0' || (*s)[1] == '\0')
		return 10;
	switch ((*s)[1] | 0x20) {
	case 'x':
		*s += 2;
		return 16;
	case 'o':
		*s += 2;
		return 8;
	case 'b':
		*s += 2;
		return 2;
	}
	*s += 1;
	return 8;
}

static bool
value_is_plain(const struct vs_tree *v)
{
	return v->kind == VS_TREE_SCALAR
		&& (v->style == VS_TREE_PLAIN || v->style == VS_TREE_FILLED);
}

bool
vs_value_int(const struct vs_tree *v, long long *to)
{
	char digits[72], *end; /* 64 in base 2, and a sign */
	const char *s = v->text;
	size_t n = 0;
	int base;

	if (!value_is_plain(v))
		return false;
	if (*s == '-' || *s == '+')
		digits[n++] = *s++;
	base = value_base(&s);
	if (*s == '_' || strspn(s, "0123456789abcdefABCDEF_") != strlen(s))
		return false;
	for (; *s && n < sizeof digits - 1; s++)
		if (*s != '_')
			digits[n++] = *s;
	digits[n] = '\0';
	if (*s || n == 0 || !isxdigit((unsigned char)digits[n - 1]))
		return false;
	errno = 0;
	*to = strtoll(digits, &end, base);
	return *end == '\0' && errno == 0;
}

bool
vs_value_bool(const struct vs_tree *v, bool *to)
{
	static const char words[][6] = { "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On",
		"ON", "y", "Y", "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF",
		"n", "N" };

	if (!value_is_plain(v))
		return false;
	for (size_t i = 0; i < VS_LEN(words); i++)
		if (strcmp(v->text, words[i]) == 0) {
			*to = i < VS_LEN(words) / 2;
			return true;
		}
	return false;
}

long long
vs_value_int_at(const struct vs_tree *map, const char *key)
{
	const struct vs_tree *v = vs_value_given(map, key);
	long long n = 0;

	return v && vs_value_int(v, &n) ? n : 0;
}

bool
vs_value_bool_at(const struct vs_tree *map, const char *key, bool otherwise)
{
	const struct vs_tree *v = vs_value_given(map, key);
	bool b = otherwise;

	return v && vs_value_bool(v, &b) ? b : otherwise;
}
