/* SPDX-License-Identifier: Apache-2.0 */
/* flatcar.h - which Flatcar reads which Ignition config.  Floor 3. */
#ifndef VS_IGN_FLATCAR_H
#define VS_IGN_FLATCAR_H

#include <stdbool.h>

#include "base/err.h"
#include "doc/report.h"

/* A version of the Ignition spec as its numbers: "3.4.0" is 3, 4. */
struct vs_spec {
	int major, minor, patch;
	bool experimental;
};

/* MAJOR.MINOR.PATCH[-experimental]; false: it is none. */
bool vs_spec_parse(struct vs_spec *s, const char *text);

/* The major number of a Flatcar: of "4081", "4593.2.5", "4799.0.0+nightly...",
 * or of a channel, "stable", "lts-2024".  -1: VS_ERR_USAGE. */
int vs_flatcar_parse(const char *version, struct vs_err *err);

/* Findings at path, where v is, about a config of that spec.  For the Flatcar of
 * that major number (0: nobody said which): an error when it does not read it,
 * which says who does; else a hint when not all that are in use do (none about an
 * experiment in a Butane document: vs_butane_check has remarked on that). */
void vs_flatcar_check(struct vs_report *r, const struct vs_tree *v, const char *path,
	const struct vs_spec *s, int major);

#endif
