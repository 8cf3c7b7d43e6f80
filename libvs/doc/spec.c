/* SPDX-License-Identifier: Apache-2.0 */
/* Versions: Ignition's as coreos/go-semver parses them; which of them Butane makes is
 * in coreos/butane, config/flatcar. */
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "doc/spec.h"

static const struct {
	const char *name;
	int spec;
} flatcars[] = { { "1.0.0", 3 }, { "1.1.0", 4 }, { "1.2.0-experimental", VS_SPEC_NEWEST } };

/* Returns what follows the number at s; NULL: it is not a number. */
static const char *
spec_number(const char *s, int *to)
{
	size_t n = strspn(s, "0123456789");

	*to = 0;
	if (n == 0 || n > 3)
		return NULL;
	for (; n > 0; n--)
		*to = *to * 10 + (*s++ - '0');
	return s;
}

bool
vs_spec_parse(struct vs_spec *s, const char *text)
{
	static const char beta[] = "experimental";

	*s = (struct vs_spec){ 0 };
	text = spec_number(text, &s->major);
	if (text == NULL || *text != '.')
		return false;
	text = spec_number(text + 1, &s->minor);
	if (text == NULL || *text != '.')
		return false;
	text = spec_number(text + 1, &s->patch);
	if (text == NULL)
		return false;
	/* go-semver ignores an empty pre-release and empty metadata */
	if (*text == '-') {
		text++;
		s->experimental = strncmp(text, beta, strlen(beta)) == 0;
		text += s->experimental ? strlen(beta) : 0;
	}
	text += *text == '+';
	return *text == '\0';
}

int
vs_spec_of_ignition(const char *version)
{
	struct vs_spec s;

	if (!vs_spec_parse(&s, version) || s.major != 3 || s.minor > VS_SPEC_NEWEST || s.patch > 0
		|| s.experimental != (s.minor == VS_SPEC_NEWEST))
		return -1;
	return s.minor;
}

int
vs_spec_of_flatcar(const char *version)
{
	for (size_t i = 0; i < VS_LEN(flatcars); i++)
		if (strcmp(version, flatcars[i].name) == 0)
			return flatcars[i].spec;
	return -1;
}

const char *
vs_spec_flatcar(int spec)
{
	for (size_t i = 0; i < VS_LEN(flatcars); i++)
		if (flatcars[i].spec == spec)
			return flatcars[i].name;
	return NULL;
}

const char *
vs_spec_name(int spec, bool json)
{
	static const char *const names[] = { "Ignition 3.0", "Ignition 3.1", "Ignition 3.2",
		"Ignition 3.3", "Ignition 3.4", "Ignition 3.5", "Ignition 3.6",
		"Ignition 3.7.0-experimental" };

	assert(spec >= 0 && spec <= VS_SPEC_NEWEST);
	if (json)
		return names[spec];
	return spec <= 3    ? "flatcar 1.0.0"
		: spec == 4 ? "flatcar 1.1.0"
			    : "flatcar 1.2.0-experimental";
}
