/* SPDX-License-Identifier: Apache-2.0 */
/* rules_rke2.h - the settings of rke2-agent in a config.  Floor 6. */
#ifndef VS_CHECK_RULES_RKE2_H
#define VS_CHECK_RULES_RKE2_H

#include "check/effective.h"

/* Findings about server, token, labels and taints, and about files with secrets
 * that every user of the machine can read. */
void vs_rules_rke2(struct vs_effective *e);

#endif
