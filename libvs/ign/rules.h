/* SPDX-License-Identifier: Apache-2.0 */
/* rules.h - what must hold for a value, beyond its type.  Floor 3.
 *
 * Butane's own rules (coreos/butane, base/v0_N/validate.go) and Ignition's
 * (coreos/ignition, config/v3_N/types), each at the same path; and beside
 * them, as VS_VERDICT_STRICT, what both take but nobody can mean. */
#ifndef VS_IGN_RULES_H
#define VS_IGN_RULES_H

#include "doc/schema.h"

/* Each: v is a value of the right type, path its place for messages. */
#define VS_EARLY(name) \
	void vs_early_##name(struct vs_report *r, const struct vs_tree *v, const char *path)
#define VS_RULE(name) \
	void vs_rule_##name(struct vs_report *r, const struct vs_tree *v, const char *path)

/* rules_mode.c */
VS_EARLY(file_mode);
VS_EARLY(dir_mode);
VS_EARLY(tree_mode);
VS_EARLY(tree_dir_mode);
VS_RULE(file_mode);
VS_RULE(dir_mode);

/* rules.c: scalars */
VS_RULE(path);
VS_RULE(path_or_none); /* may be "" */
VS_RULE(hash);
VS_RULE(compression);
VS_RULE(header_name);
VS_RULE(header_value);
VS_RULE(ssh_key);

/* rules_url.c */
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

/* rules_node.c: files and what they are made of */
VS_RULE(resource);
VS_RULE(fetched);   /* a resource that must be there */
VS_RULE(authority); /* the same, by other rules in Ignition 3.0 */
VS_RULE(owner);
VS_RULE(file);
VS_RULE(storage);
VS_RULE(document);

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

/* Run the rule of that name; VS_RULE_NONE: nothing. */
void vs_rule_apply(enum vs_rule id, struct vs_report *r, const struct vs_tree *v, const char *path);

/* The path of a key of v, which is at path: in a buffer for it, or path itself
 * when v was made by something else, whose path that is. */
enum { VS_PATH_MAX = 256 };
#define VS_PATH_BUF(name) char name[VS_PATH_MAX]
const char *vs_path_below(const struct vs_report *r, const struct vs_tree *v, const char *path,
	const char *key, char *buf);

/* The same in place. */
#define VS_BELOW(key) vs_path_below(r, v, path, key, (char[VS_PATH_MAX]){ 0 })

/* What a URL is to Ignition; go/src/net/url as far as it refuses.  Borrowed. */
struct vs_go_url {
	char scheme[8];	  /* in lower case; "" when longer, or none */
	bool any;	  /* there is a scheme */
	const char *rest; /* behind the scheme and its ':' */
};
bool vs_go_url(const char *s, size_t n, struct vs_go_url *u);

/* What is wrong with a URL that Ignition r->spec is to fetch, which is not
 * quoted, it may hold a password; NULL: nothing, or it is "".  A literal. */
const char *vs_source_flaw(const struct vs_report *r, const struct vs_tree *v);

/* True when it is there and not empty: a string with a text, a list with items. */
bool vs_nonempty(const struct vs_tree *v);

/* The number, or truth, of a key; what otherwise says when it is not given. */
long long vs_number_of(const struct vs_tree *map, const char *key);
bool vs_truth_of(const struct vs_tree *map, const char *key, bool otherwise);

/* NULL when line is a public key as sshd takes it (options in front are
 * fine), else what is wrong with it; a literal. */
const char *vs_ssh_key_flaw(const char *line);

#endif
