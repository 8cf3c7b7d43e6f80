/* SPDX-License-Identifier: Apache-2.0 */
/* Which version of Ignition is in which Flatcar; the tables have their sources. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/spelling.h"
#include "ign/flatcar.h"

/* From this major number up to that of the next row, Flatcar ships this Ignition.  It
 * supports 3.0.0 to 3.SPEC.0, and 3.(SPEC + 1).0-experimental.  All of them support
 * 2.x (flatcar/scripts, coreos-overlay, sys-apps/ignition/files, patches 0002, 0004
 * and 0010).
 *
 * From flatcar-website, data/releases, and Ignition's release notes, as of September
 * 2026. */
static const struct {
	int major;
	const char *ignition;
	int spec;      /* -1: no 3.x */
	bool released; /* in a channel, not only in nightlies */
} flatcars[] = {
	{ 0, "0.36", -1, true },
	{ 3185, "2.13", 3, true },
	{ 3535, "2.15", 4, true },
	{ 4152, "2.20", 5, true },
	{ 4799, "2.26", 6, false },
};

static const struct {
	const char *name;
	int major;
} channels[] = {
	{ "lts-2022", 3033 },
	{ "lts-2023", 3510 },
	{ "lts-2024", 4081 },
	{ "lts", 4081 },
	{ "stable", 4593 },
	{ "beta", 4757 },
	{ "alpha", 4790 },
};

enum { OLDEST = 1000, NEWEST = 99999 };

static int
flatcar_unknown(const char *version, struct vs_err *err)
{
	const char *names[VS_LEN(channels)], *near;

	for (size_t i = 0; i < VS_LEN(channels); i++)
		names[i] = channels[i].name;
	near = vs_did_you_mean(names, VS_LEN(names), version);
	return vs_fail(err, VS_ERR_USAGE, "'%.40s' is not a Flatcar version or channel%s%s%s",
		version,
		near ? ": did you mean '" : ": use 4081, 4593.2.5, stable, lts-2024 or the like",
		near ? near : "", near ? "'?" : "");
}

int
vs_flatcar_parse(const char *version, struct vs_err *err)
{
	size_t n = strspn(version, "0123456789");
	VS_FREE char *digits = vs_strndup(version, n);
	struct vs_err ignored;
	int64_t major;

	for (size_t i = 0; i < VS_LEN(channels); i++)
		if (strcmp(channels[i].name, version) == 0)
			return channels[i].major;
	/* a nightly has a suffix: 4799.0.0+nightly-20260826-2100 */
	if (version[n] != '\0'
		&& (version[n] != '.'
			|| strspn(version + n, ".0123456789") != strcspn(version + n, "+")))
		return flatcar_unknown(version, err);
	if (vs_num(digits, OLDEST, NEWEST, &major, &ignored) < 0)
		return flatcar_unknown(version, err);
	return (int)major;
}

static size_t
flatcar_row(int major)
{
	size_t i = VS_LEN(flatcars) - 1;

	while (flatcars[i].major > major)
		i--;
	return i;
}

/* The first row that supports it; VS_LEN(flatcars): none. */
static size_t
flatcar_first(const struct vs_spec *s)
{
	size_t i = 0;

	while (i < VS_LEN(flatcars)
		&& (s->experimental ? flatcars[i].spec + 1 != s->minor
				    : flatcars[i].spec < s->minor))
		i++;
	return i;
}

static void
flatcar_refuse(struct vs_report *r, const struct vs_tree *v, const char *path, const char *text,
	int major, size_t first)
{
	int newest = flatcars[flatcar_row(major)].spec;
	char other[64] = "";

	if (first < VS_LEN(flatcars))
		snprintf(other, sizeof other, "use Flatcar %d or later%s", flatcars[first].major,
			flatcars[first].released ? "" : " (nightlies only)");
	if (newest < 0)
		vs_report(r, VS_VERDICT_ERROR, v, path,
			"Flatcar %d supports only Ignition 2.x, not %s, and will not boot with it: %s",
			major, text, *other ? other : "no known Flatcar supports it");
	else
		vs_report(r, VS_VERDICT_ERROR, v, path,
			"Flatcar %d supports Ignition up to 3.%d.0, not %s, and will not boot with it: %s%s version 3.%d.0",
			major, newest, text, other, *other ? ", or" : "use", newest);
}

void
vs_flatcar_check(struct vs_report *r, const struct vs_tree *v, const char *path,
	const struct vs_spec *s, int major)
{
	size_t first = flatcar_first(s), own = flatcar_row(major);
	char text[48];

	if (s->major != 3)
		return;
	snprintf(text, sizeof text, "3.%d.0%s", s->minor, s->experimental ? "-experimental" : "");
	if (major > 0
		&& (s->experimental ? flatcars[own].spec + 1 != s->minor
				    : flatcars[own].spec < s->minor))
		flatcar_refuse(r, v, path, text, major, first);
	else if (s->experimental && !r->json)
		; /* vs_butane_check reports it */
	else if (s->experimental)
		vs_report(r, VS_VERDICT_HINT, v, path,
			"%s is experimental and may be rejected by the next Ignition release: use 3.4.0, which every Flatcar in use supports",
			text);
	else if (major == 0 && first < VS_LEN(flatcars) && s->minor > 4)
		vs_report(r, VS_VERDICT_HINT, v, path,
			"%s needs Flatcar %d or later%s, an older one will not boot: give --flatcar VERSION, or use version 3.4.0",
			text, flatcars[first].major,
			flatcars[first].released ? "" : " (nightlies only)");
}
