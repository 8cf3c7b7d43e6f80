/* rules.h - what must hold for a value, beyond its type.  Floor 3.
 *
 * What Ignition refuses at boot (coreos/ignition, config/v3_4/types,
 * config/validate) is an error here, and so is what it takes but cannot mean. */
#ifndef VS_IGN_RULES_H
#define VS_IGN_RULES_H

#include "ign/report.h"

/* Each: v is a value of the right type, path its place for messages. */
#define VS_RULE(name) \
	void vs_rule_ ## name(struct vs_report *, const struct vs_yaml *v, \
		const char *path)

/* rules.c: scalars */
VS_RULE(path);
VS_RULE(path_or_none);		/* may be "" */
VS_RULE(line);			/* no control characters */
VS_RULE(name);			/* must not be "" */
VS_RULE(mode);
VS_RULE(source);
VS_RULE(hash);
VS_RULE(compression);
VS_RULE(proxy);
VS_RULE(format);
VS_RULE(raid_level);
VS_RULE(ssh_key);

/* rules_unit.c: systemd */
VS_RULE(unit_name);
VS_RULE(dropin_name);
VS_RULE(unit_text);
VS_RULE(unit);

/* rules_node.c: what must hold between values */
VS_RULE(resource);
VS_RULE(fetched);		/* a resource that must be there */
VS_RULE(config);		/* a resource that is an Ignition config */
VS_RULE(merged);		/* both */
VS_RULE(owner);
VS_RULE(arguments);
VS_RULE(storage);

/* rules_disk.c: partitions, file systems, encryption, RAID */
VS_RULE(guid);
VS_RULE(partition);
VS_RULE(disk);
VS_RULE(filesystem);
VS_RULE(luks);
VS_RULE(raid);

/* NULL when line is a public key as sshd takes it (options in front are
 * fine), else what is wrong with it; a literal. */
const char *vs_ssh_key_flaw(const char *line);

#endif
