/* SPDX-License-Identifier: Apache-2.0 */
/* placeholders.h - fills in the @{NAME} placeholders of a document.  Floor 4.
 *
 * They are filled in after parsing, scalar by scalar: a value cannot leave the
 * scalar that its placeholder is in, whatever it contains. */
#ifndef VS_BUTANE_PLACEHOLDERS_H
#define VS_BUTANE_PLACEHOLDERS_H

#include "butane/vars.h"
#include "doc/report.h"

/* The length of the placeholder at s, and of its name in *n; 0: s does not start
 * with one. */
size_t vs_placeholders_at(const char *s, size_t *n);

/* True if there is one anywhere in s; "@@{NAME}" counts, too. */
bool vs_placeholders_in(const char *s);

/* Fill in a document.  -1: reported: a name has no value, or a list is used where
 * one value is needed.  A list item that consists of a placeholder becomes one item
 * for each value.  "@@{NAME}" becomes the text "@{NAME}". */
int vs_placeholders_fill(struct vs_tree_doc *d, struct vs_vars *vars, struct vs_report *r);

/* The same for Ignition, whose texts are in data URLs, which may be gzipped. */
int vs_placeholders_fill_ignition(struct vs_tree_doc *d, struct vs_vars *vars, struct vs_report *r);

#endif
