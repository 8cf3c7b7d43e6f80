/* SPDX-License-Identifier: Apache-2.0 */
/* butane.h - Butane, the flatcar variant, to Ignition.  Floor 4.
 *
 * The road: vs_yaml_read, vs_placeholders_fill (placeholders), vs_merge (fragments),
 * vs_butane_check, vs_butane_expand, vs_validate, vs_ignition_write.  All of
 * them go on after an error, so that a report holds what is wrong, not what
 * was found first; nothing is written when it holds errors.
 *
 * What comes out is what Butane 0.29 makes of the same document, once data
 * URLs are decoded. */
#ifndef VS_BUTANE_BUTANE_H
#define VS_BUTANE_BUTANE_H

#include <stdbool.h>

#include "base/buf.h"
#include "doc/report.h"

/* Keys, types, and what is Butane's own to say.  -1: no Butane document of a
 * version that is read here, and nothing else was looked at; otherwise 0, and
 * r->spec is the Ignition it makes.  file: what to call an empty document. */
int vs_butane_check(struct vs_tree_doc *d, const char *file, struct vs_report *r);

/* What is short for something else becomes that: files below dir (NULL: none
 * was given) that 'local' and its like name, mount units, trees, quadlets. */
void vs_butane_expand(struct vs_tree_doc *d, const char *dir, struct vs_report *r);

void vs_mounts_expand(struct vs_tree_doc *d, struct vs_report *r);
void vs_quadlets_expand(struct vs_tree_doc *d, struct vs_report *r);

/* "db@1.container" is an instance of a template, "db@.container". */
bool vs_quadlet_instance(const char *name);

/* An Ignition config (a tree of ign/ignition.h): keys, types, and
 * vs_validate.  -1: Ignition cannot even parse it; r->spec is -1 when it is
 * none of a version that is read here, and then nothing else was looked at. */
int vs_ignition_check(struct vs_tree_doc *d, const char *file, struct vs_report *r);

/* The same, whatever version it says it is of. */
int vs_ignition_check_as(struct vs_tree_doc *d, int spec, struct vs_report *r);

#endif
