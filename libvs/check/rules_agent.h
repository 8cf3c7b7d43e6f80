/* SPDX-License-Identifier: Apache-2.0 */
/* rules_agent.h - the units of a config, and what starts rke2-agent.  Floor 6. */
#ifndef VS_CHECK_RULES_AGENT_H
#define VS_CHECK_RULES_AGENT_H

#include "check/effective.h"

/* Findings about enabled units that do not exist, and if nothing starts
 * rke2-agent. */
void vs_rules_agent(struct vs_effective *e);

#endif
