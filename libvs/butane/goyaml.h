/* SPDX-License-Identifier: Apache-2.0 */
/* goyaml.h - a Butane document as Go reads it, made plain.  Floor 4.
 *
 * Butane reads by gopkg.in/yaml.v3 (v3.0.1: decode.go, resolve.go) into typed
 * structs.  So an alias, a merge key or a tag means something only where a known
 * field stands, a number may be written in many ways, and a list item that is
 * nothing is none.  What it warns of follows from the text as it stands, before
 * any of that: ValidateUnusedKeys in Ignition's config/validate. */
#ifndef VS_BUTANE_GOYAML_H
#define VS_BUTANE_GOYAML_H

#include "doc/report.h"

/* A document that was read with d->lax (or without), its placeholders filled,
 * becomes one that holds nothing but what stands for itself: plain decimals,
 * true and false, strings, no null items, no aliases, merge keys and tags.  A
 * key that is not known here keeps its place, its value is empty; those that
 * Butane is silent about are gone.  Strings may hold a NUL, and what was !!binary
 * need not be UTF-8.
 *
 * Reports what Butane's reader refuses (a key twice in a map that it reads, a tag
 * that the value does not fit, an alias inside of what it stands for, aliases
 * that make too much), and Butane's own warnings about aliases, merge keys and
 * null.  Wrong types are left as they are, for vs_butane_check.  -1: errors, and
 * the document is plain, but what they are about is not in it. */
int vs_goyaml_plain_tree(struct vs_tree_doc *d, struct vs_report *r);

#endif
