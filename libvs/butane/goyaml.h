/* SPDX-License-Identifier: Apache-2.0 */
/* goyaml.h - reads a Butane document as Go does.  Floor 4.
 *
 * Butane reads with gopkg.in/yaml.v3 (v3.0.1: decode.go, resolve.go) into typed
 * structs.  So aliases, merge keys and tags matter only at known fields, a number
 * can be written in many ways, and a null list item is dropped.  Its warnings are
 * about the text itself, before any of that: Ignition's config/validate,
 * ValidateUnusedKeys. */
#ifndef VS_BUTANE_GOYAML_H
#define VS_BUTANE_GOYAML_H

#include "doc/report.h"

/* Replace d->root by a plain tree: decimals, true and false, strings; no aliases,
 * merge keys, tags or null items.  d may be read with d->lax or without; its
 * placeholders are filled in.  An unknown key that Butane warns about is kept, with
 * an empty value; one that it ignores is dropped.  Strings may have NULs, and what was
 * !!binary may not be UTF-8.
 *
 * Reports what Butane's reader refuses (duplicate keys in a map that it reads, values
 * that do not fit their tags, cyclic aliases, aliases that expand too far), and
 * Butane's warnings about aliases, merge keys and null.  Values of wrong types are
 * kept, for vs_butane_check.  -1: it reported errors, and the plain tree lacks what
 * they are about. */
int vs_goyaml_plain_tree(struct vs_tree_doc *d, struct vs_report *r);

#endif
