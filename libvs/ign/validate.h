/* SPDX-License-Identifier: Apache-2.0 */
/* validate.h - applies Ignition's rules to a document.  Floor 3. */
#ifndef VS_IGN_VALIDATE_H
#define VS_IGN_VALIDATE_H

#include "doc/report.h"

/* Report required fields that are missing, duplicate list items, and what the rule of
 * each field says, for Ignition r->spec.  Types have been checked, and what only Butane
 * has was expanded. */
void vs_validate(struct vs_tree_doc *d, struct vs_report *r);

#endif
