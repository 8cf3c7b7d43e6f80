/* SPDX-License-Identifier: Apache-2.0 */
/* schema.h - the fields of a Butane document and of Ignition, as data.  Floor 2.
 *
 * One table is used for reading (unknown keys, types, versions), merging (which
 * list items are the same) and writing (JSON names and their order).  In an Ignition
 * config, fields that only Butane has are unknown. */
#ifndef VS_DOC_SCHEMA_H
#define VS_DOC_SCHEMA_H

#include <stdbool.h>

enum vs_field_type {
	VS_FIELD_STRING,
	VS_FIELD_INT,
	VS_FIELD_BOOL,
	VS_FIELD_STRINGS, /* a list of strings */
	VS_FIELD_OBJECT,
	VS_FIELD_OBJECTS,  /* a list of objects */
	VS_FIELD_RESOURCE, /* an object; written as source and compression */
	VS_FIELD_RESOURCES,
	VS_FIELD_VERSION, /* ignition.version: only in Ignition */
	VS_FIELD_HEADER,  /* variant and version: only in Butane */
};

enum vs_need {
	VS_NEED_OPTIONAL,
	VS_NEED_EXPECTED, /* Ignition accepts its absence, which is a mistake */
	VS_NEED_REQUIRED, /* Ignition refuses its absence */
};

/* Rules beyond the type of a value.  The table only names them: Butane's own are in
 * butane/butane_rules.c and run before local files are read, Ignition's are in
 * ign/rules*.c and run on what will be written. */
enum vs_butane_rule {
	VS_BUTANE_RULE_NONE,
	VS_BUTANE_RULE_RESOURCE,
	VS_BUTANE_RULE_CONFIG,
	VS_BUTANE_RULE_TREE,
	VS_BUTANE_RULE_TREE_PATH,
	VS_BUTANE_RULE_FILESYSTEM,
	VS_BUTANE_RULE_MOUNT_OPTION,
	VS_BUTANE_RULE_UNIT,
	VS_BUTANE_RULE_QUADLET,
	VS_BUTANE_RULE_FILE_MODE,
	VS_BUTANE_RULE_DIR_MODE,
	VS_BUTANE_RULE_TREE_FILE_MODE,
	VS_BUTANE_RULE_TREE_DIR_MODE,
	VS_BUTANE_RULE_COUNT
};

enum vs_rule {
	VS_RULE_NONE,
	VS_RULE_FILE_MODE,
	VS_RULE_DIR_MODE,
	VS_RULE_PATH,
	VS_RULE_PATH_OR_NONE,
	VS_RULE_HASH,
	VS_RULE_COMPRESSION,
	VS_RULE_HEADER_NAME,
	VS_RULE_HEADER_VALUE,
	VS_RULE_SSH_KEY,
	VS_RULE_SOURCE,
	VS_RULE_PROXY,
	VS_RULE_HTTPS_PROXY,
	VS_RULE_TANG_URL,
	VS_RULE_UNIT_NAME,
	VS_RULE_DROPIN_NAME,
	VS_RULE_UNIT_TEXT,
	VS_RULE_UNIT,
	VS_RULE_SYSTEMD,
	VS_RULE_RESOURCE,
	VS_RULE_FETCHED,
	VS_RULE_AUTHORITY,
	VS_RULE_OWNER,
	VS_RULE_FILE,
	VS_RULE_STORAGE,
	VS_RULE_GUID,
	VS_RULE_PARTITION_LABEL,
	VS_RULE_PARTITION,
	VS_RULE_DISK,
	VS_RULE_FILESYSTEM,
	VS_RULE_RAID_LEVEL,
	VS_RULE_RAID,
	VS_RULE_LUKS_NAME,
	VS_RULE_LUKS_LABEL,
	VS_RULE_KEY_FILE,
	VS_RULE_LUKS,
	VS_RULE_CLEVIS_CUSTOM,
	VS_RULE_ADVERTISEMENT,
	VS_RULE_COUNT
};

/* A field of an object.  Versions are Ignition's, as in doc/spec.h. */
struct vs_field {
	const char *yaml; /* its name in Butane; NULL ends the table */
	const char *json; /* its name in Ignition; NULL: the same */
	enum vs_field_type type;
	const struct vs_field *sub; /* the fields of an object */
	enum vs_need need;
	bool key;	     /* identifies an item of a list; of a list of strings: each
			      * may be there only once */
	bool omit_zero;	     /* Ignition omits it when it is 0 */
	bool always;	     /* written even when it is empty */
	bool sugar;	     /* only in Butane: expanded into other fields, never written */
	const char *set;     /* lists with the same set may not share an item */
	int since;	     /* the version that introduced it; of sugar: the one that the
			      * first Butane to have it makes */
	int refused_before;  /* Butane knows it, but refuses it in earlier versions */
	const char *refusal; /* ... with this message */
	const char *foreign; /* belongs to another variant: this message */
	enum vs_butane_rule butane_rule; /* of a list of objects: for each item */
	enum vs_rule rule;
};

extern const struct vs_field vs_schema[]; /* the whole document */

enum { VS_FIELDS_MAX = 32 }; /* no table has more fields */

/* The field with that Butane name, or NULL. */
const struct vs_field *vs_field_find(const struct vs_field *table, const char *yaml);

/* Its name in Ignition's JSON, or in Butane. */
const char *vs_field_name(const struct vs_field *f, bool json);

/* The name of the field that identifies an item of f, a list of objects; or NULL. */
const char *vs_field_key(const struct vs_field *f);

#endif
