/* SPDX-License-Identifier: Apache-2.0 */
/* ignition.h - an Ignition config as the tree that Butane becomes.  Floor 3.
 *
 * From coreos/ignition, config/util/parsingErrors.go and config/validate, and
 * Go's encoding/json as far as it decides which key is which. */
#ifndef VS_IGN_IGNITION_H
#define VS_IGN_IGNITION_H

#include "doc/report.h"

/* JSON, with the keys named as in Butane: what is checked, merged and written
 * is one kind of tree.  file is for messages, and borrowed.  -1: no JSON, and
 * d is empty; 0 with findings at their keys, names as in JSON, otherwise:
 * a key that Ignition does not know is gone from the tree (a warning), one
 * whose letters are of the wrong case is taken as Ignition takes it (a
 * warning), and one that stands there in two ways is an error.  With r->lax
 * the later of two counts, as in Go. */
int vs_ignition_read(
	struct vs_tree_doc *d, const char *s, size_t n, const char *file, struct vs_report *r);

/* The names alone, of a tree of JSON (text/json_tree.h).  unknown: what a key is
 * that Ignition does not know. */
void vs_ignition_names(struct vs_tree_doc *d, enum vs_verdict unknown, struct vs_report *r);

#endif
