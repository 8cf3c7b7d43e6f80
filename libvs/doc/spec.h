/* SPDX-License-Identifier: Apache-2.0 */
/* spec.h - versions of Ignition's config, and of the Butane that makes them.  Floor 2.
 *
 * Version 3.N of Ignition is written as its minor, N: 0 to VS_SPEC_NEWEST, of which
 * VS_SPEC_NEWEST is experimental. */
#ifndef VS_DOC_SPEC_H
#define VS_DOC_SPEC_H

#include <stdbool.h>

enum { VS_SPEC_NEWEST = 7 };

/* A version as its numbers: "3.4.0" is 3, 4, 0. */
struct vs_spec {
	int major, minor, patch;
	bool experimental;
};

/* Parse MAJOR.MINOR.PATCH[-experimental]; false: it is something else. */
bool vs_spec_parse(struct vs_spec *s, const char *text);

/* The minor of an Ignition version ("3.4.0"), or of the one that a version of
 * Butane's flatcar variant makes ("1.1.0" makes 3.4.0); -1: not supported here. */
int vs_spec_of_ignition(const char *version);
int vs_spec_of_flatcar(const char *version);

/* The version of Butane's flatcar variant that makes Ignition 3.spec; NULL: none
 * does. */
const char *vs_spec_flatcar(int spec);

/* For messages: "Ignition 3.4", or, unless json, the version of Butane that has
 * it, "flatcar 1.1.0". */
const char *vs_spec_name(int spec, bool json);

#endif
