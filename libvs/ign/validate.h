/* SPDX-License-Identifier: Apache-2.0 */
/* validate.h - will Ignition take it.  Floor 3. */
#ifndef VS_IGN_VALIDATE_H
#define VS_IGN_VALIDATE_H

#include "doc/report.h"

/* The rules of Ignition r->spec for a tree whose types were checked and in
 * which nothing of Butane's own is left: what must be there, what must not be
 * there twice, and each field's rule (doc/schema.h).  From coreos/ignition,
 * config/validate and config/v3_N/types. */
void vs_validate(struct vs_tree_doc *d, struct vs_report *r);

#endif
