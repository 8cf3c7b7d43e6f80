/* SPDX-License-Identifier: Apache-2.0 */
/* butane.h - translates Butane, the flatcar variant, to Ignition.  Floor 4.
 *
 * The steps: vs_yaml_read, vs_placeholders_fill, vs_merge (fragments),
 * vs_butane_check, vs_butane_expand, vs_validate, vs_ignition_write.  Each goes on
 * after an error, so that the report is complete; write nothing if it has errors.
 * The result is that of Butane 0.29, once data URLs are decoded. */
#ifndef VS_BUTANE_BUTANE_H
#define VS_BUTANE_BUTANE_H

#include "doc/report.h"

/* Check keys, types and Butane's own rules.  Returns 0, with r->spec set to the
 * version of Ignition that the document makes; -1: it is not a Butane document of a
 * supported version, and nothing else was checked.  file: the name of an empty one. */
int vs_butane_check(struct vs_tree_doc *d, const char *file, struct vs_report *r);

/* Expand what only Butane has into what Ignition has: local files (below dir; NULL:
 * none was given), mount units, trees and quadlets. */
void vs_butane_expand(struct vs_tree_doc *d, const char *dir, struct vs_report *r);

#endif
