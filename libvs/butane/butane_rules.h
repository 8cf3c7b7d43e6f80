/* SPDX-License-Identifier: Apache-2.0 */
/* butane_rules.h - what Butane itself checks, beyond types.  Floor 4.
 *
 * coreos/butane, base/v0_N/validate.go: before anything is loaded. */
#ifndef VS_BUTANE_BUTANE_RULES_H
#define VS_BUTANE_BUTANE_RULES_H

#include "doc/schema.h"

/* Run the rule of that name on v, a value of the right type; path is its place for
 * messages.  VS_EARLY_NONE: nothing. */
void vs_early_apply(
	enum vs_early_rule id, struct vs_report *r, const struct vs_tree *v, const char *path);

#endif
