/* SPDX-License-Identifier: Apache-2.0 */
/* butane_rules.h - Butane's own rules for values, beyond their types.  Floor 4. */
#ifndef VS_BUTANE_BUTANE_RULES_H
#define VS_BUTANE_BUTANE_RULES_H

#include "doc/report.h"
#include "doc/schema.h"

/* Run one rule on v, a value of the right type; path is its place.  VS_BUTANE_RULE_NONE
 * does nothing. */
void vs_butane_rules_apply(
	enum vs_butane_rule id, struct vs_report *r, const struct vs_tree *v, const char *path);

#endif
