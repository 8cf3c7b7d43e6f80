/* SPDX-License-Identifier: Apache-2.0 */
/* rules_worker.h - what an RKE2 worker needs in its config.  Floor 6.
 *
 * A config without it boots well, but the machine never becomes a node. */
#ifndef VS_CHECK_RULES_WORKER_H
#define VS_CHECK_RULES_WORKER_H

#include "doc/report.h"

/* d: an Ignition config with the names of doc/schema.h, valid or not; file: name
 * of the input, borrowed by the findings.  They have lines and columns only if
 * r->json is set.  No token is quoted. */
void vs_rules_worker(const struct vs_tree_doc *d, const char *file, struct vs_report *r);

#endif
