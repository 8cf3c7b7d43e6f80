/* SPDX-License-Identifier: Apache-2.0 */
/* The type and value of a scalar, with or without a tag: yaml.v3, resolve.go, and Go's
 * strconv and time.Parse as far as it uses them. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "butane/goyaml_scalar.h"

#define PREFIX "tag:yaml.org,2002:"

const char *
vs_goyaml_tag(const char *tag, char *buf, size_t n)
{
	size_t skip = sizeof PREFIX - 1;

	if (strncmp(tag, PREFIX, skip) != 0)
		return tag;
	snprintf(buf, n, "!!%s", tag + skip);
	return buf;
}

static bool
goyaml_scalar_one_of(const char *s, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(s, *words) == 0)
			return true;
	return false;
}

/* Words with a meaning of their own; VS_GOYAML_STRING: another word. */
static struct vs_goyaml
goyaml_scalar_word(const char *s, bool may_be_null)
{
	static const char *const yes[] = { "true", "True", "TRUE", NULL };
	static const char *const no[] = { "false", "False", "FALSE", NULL };
	static const char *const null[] = { "", "~", "null", "Null", "NULL", NULL };
	static const char *const nan[] = { ".nan", ".NaN", ".NAN", NULL };
	static const char *const inf[] = { ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF",
		NULL };
	static const char *const minus[] = { "-.inf", "-.Inf", "-.INF", NULL };

	if (goyaml_scalar_one_of(s, null))
		return (struct vs_goyaml){ .kind = may_be_null ? VS_GOYAML_NULL
							       : VS_GOYAML_STRING };
	if (goyaml_scalar_one_of(s, yes) || goyaml_scalar_one_of(s, no))
		return (struct vs_goyaml){ .kind = VS_GOYAML_BOOL,
			.truth = goyaml_scalar_one_of(s, yes) };
	if (goyaml_scalar_one_of(s, nan))
		return (struct vs_goyaml){ .kind = VS_GOYAML_FLOAT, .x = NAN };
	if (goyaml_scalar_one_of(s, inf) || goyaml_scalar_one_of(s, minus))
		return (struct vs_goyaml){ .kind = VS_GOYAML_FLOAT,
			.x = goyaml_scalar_one_of(s, inf) ? INFINITY : -INFINITY };
	return (struct vs_goyaml){ .kind = VS_GOYAML_STRING };
}

/* Only digits, and they fit into 64 bits. */
static bool
goyaml_scalar_natural(const char *s, unsigned base, unsigned long long *to)
{
	*to = 0;
	for (; *s; s++) {
		unsigned c = (unsigned char)*s | 0x20;
		unsigned digit = c >= 'a' ? c - 'a' + 10 : (unsigned)*s - '0';

		if (!isxdigit((unsigned char)*s) || digit >= base)
			return false;
		if (__builtin_mul_overflow(*to, base, to) || __builtin_add_overflow(*to, digit, to))
			return false;
	}
	return true;
}

/* Go's strconv with base 0: a prefix gives the base, a leading 0 makes it 8. */
static bool
goyaml_scalar_prefixed(const char *s, unsigned long long *to)
{
	if (*s == '\0')
		return false;
	if (s[0] != '0')
		return goyaml_scalar_natural(s, 10, to);
	if (s[1] && s[2]) {
		if ((s[1] | 0x20) == 'x')
			return goyaml_scalar_natural(s + 2, 16, to);
		if ((s[1] | 0x20) == 'o')
			return goyaml_scalar_natural(s + 2, 8, to);
		if ((s[1] | 0x20) == 'b')
			return goyaml_scalar_natural(s + 2, 2, to);
	}
	return goyaml_scalar_natural(s + 1, 8, to);
}

static struct vs_goyaml
goyaml_scalar_negated(unsigned long long u, bool minus)
{
	if (u > (1ull << 63) - !minus)
		return (struct vs_goyaml){ .kind = minus ? VS_GOYAML_STRING : VS_GOYAML_UINT };
	return (struct vs_goyaml){ .kind = VS_GOYAML_INT,
		.n = minus ? (long long)-u : (long long)u };
}

static struct vs_goyaml
goyaml_scalar_integer(const char *s)
{
	bool sign = *s == '-' || *s == '+';
	unsigned long long u;
	struct vs_goyaml g;

	if (!goyaml_scalar_prefixed(s + sign, &u))
		return (struct vs_goyaml){ .kind = VS_GOYAML_STRING };
	g = goyaml_scalar_negated(u, *s == '-');
	/* an unsigned number must not have a sign */
	if (g.kind == VS_GOYAML_UINT && sign)
		g.kind = VS_GOYAML_STRING;
	return g;
}

/* "0b-1", "0o+7": a sign after the prefix, which only this branch of resolve() accepts. */
static struct vs_goyaml
goyaml_scalar_inner_sign(const char *s)
{
	bool minus = *s == '-', inner;
	unsigned long long u;

	if (strncmp(s + minus, "0b", 2) != 0 && strncmp(s + minus, "0o", 2) != 0)
		return (struct vs_goyaml){ .kind = VS_GOYAML_STRING };
	inner = !minus && (s[2] == '-' || s[2] == '+');
	if (!inner || s[3] == '\0' || !goyaml_scalar_natural(s + 3, s[1] == 'b' ? 2 : 8, &u))
		return (struct vs_goyaml){ .kind = VS_GOYAML_STRING };
	return goyaml_scalar_negated(u, s[2] == '-');
}

static const char *
goyaml_scalar_digits(const char *s)
{
	while (isdigit((unsigned char)*s))
		s++;
	return s;
}

/* 1, 1., 1.5 or .5, with or without an exponent. */
static bool
goyaml_scalar_decimal(const char *s)
{
	const char *at = s + (*s == '-' || *s == '+'), *end = goyaml_scalar_digits(at);
	bool some = end > at;

	if (*end == '.') {
		at = end + 1;
		end = goyaml_scalar_digits(at);
		some |= end > at;
	}
	if (!some)
		return false;
	if (*end == 'e' || *end == 'E') {
		at = end + 1 + (end[1] == '-' || end[1] == '+');
		end = goyaml_scalar_digits(at);
		if (end == at)
			return false;
	}
	return *end == '\0';
}

static struct vs_goyaml
goyaml_scalar_real(const char *s)
{
	double x = goyaml_scalar_decimal(s) ? strtod(s, NULL) : INFINITY;

	/* too large a number is a string, too */
	return isinf(x) ? (struct vs_goyaml){ .kind = VS_GOYAML_STRING }
			: (struct vs_goyaml){ .kind = VS_GOYAML_FLOAT, .x = x };
}

/* Are all underscores between digits, as Go's floats require? */
static bool
goyaml_scalar_well_spaced(const char *s)
{
	for (const char *p = s; (p = strchr(p, '_')); p++)
		if (p == s || !isdigit((unsigned char)p[-1]) || !isdigit((unsigned char)p[1]))
			return false;
	return true;
}

static struct vs_goyaml
goyaml_scalar_number(const char *s)
{
	VS_FREE char *bare = vs_alloc(strlen(s) + 1, 1);
	struct vs_goyaml g;
	char *to = bare;

	for (const char *p = s; *p; p++)
		if (*p != '_')
			*to++ = *p;
	if (*s == '.')
		return goyaml_scalar_well_spaced(s)
			? goyaml_scalar_real(bare)
			: (struct vs_goyaml){ .kind = VS_GOYAML_STRING };
	g = goyaml_scalar_integer(bare);
	if (g.kind == VS_GOYAML_STRING)
		g = goyaml_scalar_real(bare);
	return g.kind == VS_GOYAML_STRING ? goyaml_scalar_inner_sign(bare) : g;
}

/* Parse one or two digits, at most max. */
static bool
goyaml_scalar_two_digits(const char **s, int max, int *to)
{
	if (!isdigit((unsigned char)**s))
		return false;
	*to = *(*s)++ - '0';
	if (isdigit((unsigned char)**s))
		*to = *to * 10 + *(*s)++ - '0';
	return *to <= max;
}

static bool
goyaml_scalar_zone(const char *s)
{
	int n;

	if (strcmp(s, "Z") == 0)
		return true;
	if ((*s != '+' && *s != '-') || strlen(s) != 6 || s[3] != ':')
		return false;
	return goyaml_scalar_two_digits(&(const char *){ s + 1 }, 24, &n)
		&& isdigit((unsigned char)s[2])
		&& goyaml_scalar_two_digits(&(const char *){ s + 4 }, 60, &n)
		&& isdigit((unsigned char)s[5]);
}

static bool
goyaml_scalar_time(const char **s)
{
	int n;

	if (!goyaml_scalar_two_digits(s, 23, &n) || *(*s)++ != ':'
		|| !goyaml_scalar_two_digits(s, 59, &n) || *(*s)++ != ':'
		|| !goyaml_scalar_two_digits(s, 59, &n))
		return false;
	if ((**s == '.' || **s == ',') && isdigit((unsigned char)(*s)[1]))
		*s = goyaml_scalar_digits(*s + 1);
	return true;
}

/* 2001-12-14, 2001-12-14t21:59:43.1Z, 2001-12-14 21:59:43. */
static bool
goyaml_scalar_timestamp(const char *s)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year = 0, month, day;
	const char *end = goyaml_scalar_digits(s);

	if (end != s + 4 || *end != '-')
		return false;
	while (s < end)
		year = year * 10 + *s++ - '0';
	s++;
	if (!goyaml_scalar_two_digits(&s, 12, &month) || month == 0 || *s++ != '-'
		|| !goyaml_scalar_two_digits(&s, 31, &day) || day == 0)
		return false;
	if (day > days[month - 1]
		&& !(month == 2 && day == 29 && year % 4 == 0 && (year % 100 || year % 400 == 0)))
		return false;
	if (*s == '\0')
		return true;
	if (*s == 'T' || *s == 't')
		return s++, goyaml_scalar_time(&s) && goyaml_scalar_zone(s);
	if (*s != ' ')
		return false;
	s += strspn(s, " ");
	return goyaml_scalar_time(&s) && *s == '\0';
}

/* tag: "", or the short form of one that resolve() checks the text for. */
static struct vs_goyaml
goyaml_scalar_untagged(const struct vs_tree *v, const char *tag)
{
	struct vs_goyaml g = { .kind = VS_GOYAML_STRING };

	/* a text with a NUL is a string */
	if (strlen(v->text) != v->len)
		return g;
	g = goyaml_scalar_word(v->text, v->style != VS_TREE_FILLED);
	if (g.kind != VS_GOYAML_STRING || strchr("+-.0123456789", v->text[0]) == NULL)
		return g;
	if ((*tag == '\0' || strcmp(tag, "!!timestamp") == 0) && goyaml_scalar_timestamp(v->text))
		return (struct vs_goyaml){ .kind = VS_GOYAML_TIME };
	return goyaml_scalar_number(v->text);
}

struct vs_goyaml
vs_goyaml_resolve(const struct vs_tree *v)
{
	static const struct {
		const char *tag;
		enum vs_goyaml_kind kind;
	} all[] = { { "!!bool", VS_GOYAML_BOOL }, { "!!int", VS_GOYAML_INT },
		{ "!!float", VS_GOYAML_FLOAT }, { "!!null", VS_GOYAML_NULL },
		{ "!!timestamp", VS_GOYAML_TIME } };
	const char *tag = v->tag ? VS_GOYAML_TAG(v->tag) : "";
	struct vs_goyaml g;

	if (strcmp(tag, "!!binary") == 0)
		return (struct vs_goyaml){ .kind = VS_GOYAML_BINARY };
	if (*tag == '\0')
		return v->style == VS_TREE_PLAIN || v->style == VS_TREE_FILLED
			? goyaml_scalar_untagged(v, tag)
			: (struct vs_goyaml){ .kind = VS_GOYAML_STRING };
	for (size_t i = 0; i < VS_LEN(all); i++) {
		if (strcmp(tag, all[i].tag) != 0)
			continue;
		g = goyaml_scalar_untagged(v, tag);
		if (all[i].kind == VS_GOYAML_FLOAT && g.kind == VS_GOYAML_INT)
			g = (struct vs_goyaml){ .kind = VS_GOYAML_FLOAT, .x = (double)g.n };
		if (all[i].kind == VS_GOYAML_INT && g.kind == VS_GOYAML_UINT)
			return g;
		return g.kind == all[i].kind ? g : (struct vs_goyaml){ .kind = VS_GOYAML_BAD };
	}
	return (struct vs_goyaml){ .kind = VS_GOYAML_STRING };
}

bool
vs_goyaml_int(const struct vs_goyaml *g, long long *to)
{
	*to = g->n;
	if (g->kind == VS_GOYAML_INT)
		return true;
	/* also true for NaN */
	if (g->kind != VS_GOYAML_FLOAT || !(g->x <= 0x1p63))
		return false;
	/* what does not fit becomes the same as on amd64 */
	*to = g->x >= -0x1p63 && g->x < 0x1p63 ? (long long)g->x : INT64_MIN;
	return true;
}

bool
vs_goyaml_bool(const struct vs_goyaml *g, const char *text, bool *to)
{
	static const char *const yes[] = { "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", NULL };
	static const char *const no[] = { "n", "N", "no", "No", "NO", "off", "Off", "OFF", NULL };

	*to = g->kind == VS_GOYAML_BOOL ? g->truth : goyaml_scalar_one_of(text, yes);
	return g->kind == VS_GOYAML_BOOL
		|| ((g->kind == VS_GOYAML_STRING || g->kind == VS_GOYAML_BINARY)
			&& (*to || goyaml_scalar_one_of(text, no)));
}
