/* SPDX-License-Identifier: Apache-2.0 */
/* rules.h - Ignition's rules for values, beyond their types.  Floor 3.
 *
 * From coreos/ignition, config/v3_N/types, with findings at the same paths; what
 * Ignition accepts although it must be a mistake is VS_VERDICT_STRICT. */
#ifndef VS_IGN_RULES_H
#define VS_IGN_RULES_H

#include <stdbool.h>

#include "doc/path.h"
#include "doc/report.h"
#include "doc/schema.h"
#include "doc/value.h"

/* Run one rule on v, a value of the right type; path is its place.  VS_RULE_NONE does
 * nothing. */
void vs_rules_apply(
	enum vs_rule id, struct vs_report *r, const struct vs_tree *v, const char *path);

/* The rules between sections, on the root of the document. */
void vs_rule_document(struct vs_report *r, const struct vs_tree *v, const char *path);

/* The mode that was meant if the digits of a decimal mode were meant to be octal; -1: the
 * mode makes sense as it is, or its digits make no sense as octal ones. */
long long vs_rules_mode_meant(long long mode, bool dir);

/* Why Ignition r->spec cannot fetch a URL, a literal that does not quote it (it may
 * have a password); NULL: it can, or v is "". */
const char *vs_rules_source_flaw(const struct vs_report *r, const struct vs_tree *v);

/* ---- the rules themselves, for the table in rules.c */

#define VS_RULE(name) \
	void vs_rule_##name(struct vs_report *r, const struct vs_tree *v, const char *path)

/* rules.c: strings */
VS_RULE(path);
VS_RULE(path_or_none);
VS_RULE(hash);
VS_RULE(compression);
VS_RULE(header_name);
VS_RULE(header_value);
VS_RULE(ssh_key);

/* rules_mode.c: file modes */
VS_RULE(file_mode);
VS_RULE(dir_mode);

/* rules_url.c: URLs */
VS_RULE(source);
VS_RULE(proxy);
VS_RULE(https_proxy);
VS_RULE(tang_url);

/* rules_unit.c: systemd */
VS_RULE(unit_name);
VS_RULE(dropin_name);
VS_RULE(unit_text);
VS_RULE(unit);
VS_RULE(systemd);

/* rules_node.c: resources and files */
VS_RULE(resource);
VS_RULE(fetched);   /* a resource that is required */
VS_RULE(authority); /* the same, with other rules in Ignition 3.0 */
VS_RULE(owner);
VS_RULE(file);
VS_RULE(storage);

/* rules_disk.c: partitions, file systems, RAID */
VS_RULE(guid);
VS_RULE(partition_label);
VS_RULE(partition);
VS_RULE(disk);
VS_RULE(filesystem);
VS_RULE(raid_level);
VS_RULE(raid);

/* rules_luks.c: encryption */
VS_RULE(luks_name);
VS_RULE(luks_label);
VS_RULE(key_file);
VS_RULE(luks);
VS_RULE(clevis_custom);
VS_RULE(advertisement);

#endif
