/* SPDX-License-Identifier: Apache-2.0 */
/* schema.h - what may stand in a Butane document, as data.  Floor 2.
 *
 * One table serves reading (unknown keys, types, versions), merging (what
 * makes two list items the same) and writing (JSON names and their order), and
 * the same for Ignition configs, in which what is Butane's own is not known.
 * From coreos/butane, base/v0_4, v0_5 and v0_8_exp/schema.go; the order of
 * fields is that of Ignition's own JSON (config/v3_7_experimental/types). */
#ifndef VS_DOC_SCHEMA_H
#define VS_DOC_SCHEMA_H

#include <stdbool.h>

#include "doc/report.h"

enum vs_field_type {
	VS_FIELD_STRING,
	VS_FIELD_INT,
	VS_FIELD_BOOL,
	VS_FIELD_STRINGS, /* a list of strings */
	VS_FIELD_OBJECT,
	VS_FIELD_OBJECTS,  /* a list of objects */
	VS_FIELD_RESOURCE, /* an object: becomes source and compression */
	VS_FIELD_RESOURCES,
	VS_FIELD_VERSION, /* ignition.version: of Ignition only */
	VS_FIELD_HEADER,  /* variant and version: of Butane only */
};

enum vs_need {
	VS_NEED_OPTIONAL,
	VS_NEED_EXPECTED, /* Ignition takes it without, but cannot mean it */
	VS_NEED_REQUIRED, /* Ignition refuses it without */
};

/* Rules beyond the type of a value, by name: the table is data, the handlers are
 * in butane/butane_rules.c (early: Butane's own, before anything is loaded) and in
 * ign/rules*.c (Ignition's, for what is going to be written). */
enum vs_early_rule {
	VS_EARLY_NONE,
	VS_EARLY_RESOURCE,
	VS_EARLY_CONFIG,
	VS_EARLY_TREE_PATH,
	VS_EARLY_TREE,
	VS_EARLY_FILESYSTEM,
	VS_EARLY_LINE,
	VS_EARLY_UNIT,
	VS_EARLY_QUADLET,
	VS_EARLY_FILE_MODE,
	VS_EARLY_DIR_MODE,
	VS_EARLY_TREE_MODE,
	VS_EARLY_TREE_DIR_MODE,
	VS_EARLY_COUNT
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
	VS_RULE_DOCUMENT,
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

struct vs_field {
	const char *yaml;
	const char *json; /* NULL: the same as yaml */
	enum vs_field_type type;
	const struct vs_field *sub; /* of objects; ends with { 0 } */
	enum vs_need need;
	bool key;		  /* makes two items of a list the same one; of
				 * strings: none may stand there twice */
	bool omit_zero;		  /* Ignition leaves a 0 out */
	bool always;		  /* written even when nothing is in it */
	bool sugar;		  /* Butane's own: it becomes something else before
				 * Ignition sees it, and is never written */
	const char *set;	  /* lists of one set: what stands in one of them
				 * must not stand in another */
	int since;		  /* minor of the Ignition version, 0: all; of sugar: of
				 * the one that its Butane version makes */
	int until;		  /* refused for what came before; 0: never */
	const char *refused;	  /* why; NULL: it is not */
	const char *foreign;	  /* another variant's: why it means nothing here */
	enum vs_early_rule early; /* of objects: for the whole item */
	enum vs_rule rule;
};

extern const struct vs_field vs_butane[]; /* a whole document */

/* The field of that name, or NULL. */
const struct vs_field *vs_field_find(const struct vs_field *table, const char *yaml);

/* The name of a field in a document of that kind. */
const char *vs_field_name(const struct vs_field *f, bool json);

/* The field that makes two items of a list of objects the same, or NULL. */
const char *vs_field_key(const struct vs_field *f);

/* The value of a key that says something; NULL: none, null, or a bad one. */
struct vs_tree *vs_field_given(const struct vs_tree *map, const char *key);

/* "flatcar 1.1.0", "Ignition 3.4": what came with that minor. */
const char *vs_spec_name(int spec, bool json);

/* A value as its type; false: it is none of that. */
bool vs_value_int(const struct vs_tree *v, long long *to);
bool vs_value_bool(const struct vs_tree *v, bool *to);

#endif
