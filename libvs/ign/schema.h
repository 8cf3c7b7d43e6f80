/* schema.h - what may stand in a Butane document, as data.  Floor 3.
 *
 * One table serves reading (unknown keys, types, versions), merging (what
 * makes two list items the same) and writing (JSON names and their order).
 * From coreos/butane, base/v0_4/schema.go and base/v0_5/schema.go; the order of
 * fields is that of Ignition's own JSON (config/v3_4/types/schema.go). */
#ifndef VS_IGN_SCHEMA_H
#define VS_IGN_SCHEMA_H

#include <stdbool.h>

#include "ign/report.h"

enum vs_field_type {
	VS_F_STRING,
	VS_F_INT,
	VS_F_BOOL,
	VS_F_STRINGS,		/* a list of strings */
	VS_F_OBJECT,
	VS_F_OBJECTS,		/* a list of objects */
	VS_F_RESOURCE,		/* an object: becomes source and compression */
	VS_F_RESOURCES,
	VS_F_VERSION,		/* ignition.version: written, never read */
	VS_F_HEADER,		/* variant and version: read, never written */
};

struct vs_field {
	const char *yaml;
	const char *json;	/* NULL: the same as yaml */
	enum vs_field_type type;
	const struct vs_field *sub;	/* of objects; ends with { 0 } */
	bool required;
	bool key;		/* makes two items of a list the same one; of
				 * strings: none may stand there twice */
	bool omit_zero;		/* Ignition leaves a 0 out */
	bool always;		/* written even when nothing is in it */
	bool local;		/* for us: names files of --files-dir, or asks for
				 * units; never written as it is */
	bool shared;		/* keys are also those of other lists: the parent's
				 * rule looks for doubles */
	int since;		/* minor of the flatcar variant: 0 is 1.0.0 */
	const char *refused;	/* why it cannot be used; NULL: it can */
	/* What else must hold for the value; of objects: for the whole item. */
	void (*check)(struct vs_report *, const struct vs_yaml *, const char *path);
};

extern const struct vs_field vs_butane[];	/* a whole document */

/* The field of that name, or NULL. */
const struct vs_field *vs_field_find(const struct vs_field *table,
	const char *yaml);

/* A value as its type; false: it is none of that. */
bool vs_value_int(const struct vs_yaml *v, long long *to);
bool vs_value_bool(const struct vs_yaml *v, bool *to);

#endif
