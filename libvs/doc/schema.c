/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of a Butane document, as one table, and how to find one in it.
 * From coreos/butane, base/v0_4, v0_5 and v0_8_exp/schema.go; fields are in the
 * order of Ignition's own JSON (config/v3_7_experimental/types). */
#include <string.h>

#include "doc/schema.h"

/* clang-format off */
#define STRING(y, ...)	{ .yaml = y, .type = VS_FIELD_STRING, __VA_ARGS__ }
#define INT(y, ...)	{ .yaml = y, .type = VS_FIELD_INT, __VA_ARGS__ }
#define BOOL(y, ...)	{ .yaml = y, .type = VS_FIELD_BOOL, __VA_ARGS__ }
#define STRINGS(y, ...)	{ .yaml = y, .type = VS_FIELD_STRINGS, __VA_ARGS__ }
#define OBJECT(y, t, ...) \
	{ .yaml = y, .type = VS_FIELD_OBJECT, .sub = t, __VA_ARGS__ }
#define OBJECTS(y, t, ...) \
	{ .yaml = y, .type = VS_FIELD_OBJECTS, .sub = t, __VA_ARGS__ }
#define RESOURCE(y, ...) \
	{ .yaml = y, .type = VS_FIELD_RESOURCE, .sub = resource, __VA_ARGS__ }
#define RESOURCES(y, ...) \
	{ .yaml = y, .type = VS_FIELD_RESOURCES, .sub = resource, __VA_ARGS__ }
#define REFERENCE(y, ...) \
	{ .yaml = y, .type = VS_FIELD_RESOURCE, .sub = reference, __VA_ARGS__ }
#define REFERENCES(y, ...) \
	{ .yaml = y, .type = VS_FIELD_RESOURCES, .sub = reference, __VA_ARGS__ }
#define JSON(j)		.json = j
#define REQUIRED		.need = VS_NEED_REQUIRED
#define NAME		.need = VS_NEED_REQUIRED, .key = true
#define LABEL		.need = VS_NEED_EXPECTED, .key = true
#define SUGAR		.sugar = true
#define BUTANE(id)	.butane_rule = VS_BUTANE_RULE_ ## id
#define RULE(id)	.rule = VS_RULE_ ## id
#define REFUSED_BEFORE(minor, why)	.refused_before = minor, .refusal = why
#define SINCE(minor)	.since = minor
/* clang-format on */

static const char clevis[] = "clevis needs flatcar 1.2.0-experimental";
static const char cex[] = "flatcar does not support cex";
static const char fcos[] = "only in the fcos variant, not in flatcar";

enum { NEVER = 99 };

static const struct vs_field header[] = {
	STRING("name", NAME, RULE(HEADER_NAME)),
	STRING("value", RULE(HEADER_VALUE)),
	{ 0 },
};

static const struct vs_field verification[] = {
	STRING("hash", RULE(HASH)),
	{ 0 },
};

/* What can be read.  How it is written is in ign/ignition_write.c. */
/* clang-format off */
#define RESOURCE_FIELDS(compressed_since) { \
	STRING("compression", SINCE(compressed_since), RULE(COMPRESSION)), \
	OBJECTS("http_headers", header, JSON("httpHeaders"), SINCE(1)), \
	STRING("source", RULE(SOURCE)), \
	STRING("inline", SUGAR), \
	STRING("local", SUGAR), \
	OBJECT("verification", verification), \
	{ 0 } \
}
/* clang-format on */

static const struct vs_field resource[] = RESOURCE_FIELDS(0);

/* Configs and certificate authorities had no compression before Ignition 3.1. */
static const struct vs_field reference[] = RESOURCE_FIELDS(1);

static const struct vs_field owner[] = {
	INT("id"),
	STRING("name"),
	{ 0 },
};

static const struct vs_field config[] = {
	REFERENCES("merge", .key = true, BUTANE(CONFIG), RULE(FETCHED)),
	REFERENCE("replace", BUTANE(CONFIG), RULE(RESOURCE)),
	{ 0 },
};

static const struct vs_field proxy[] = {
	STRING("http_proxy", JSON("httpProxy"), RULE(PROXY)),
	STRING("https_proxy", JSON("httpsProxy"), RULE(HTTPS_PROXY)),
	STRINGS("no_proxy", JSON("noProxy"), .key = true),
	{ 0 },
};

static const struct vs_field tls[] = {
	REFERENCES("certificate_authorities", JSON("certificateAuthorities"), .key = true,
		BUTANE(RESOURCE), RULE(AUTHORITY)),
	{ 0 },
};

static const struct vs_field security[] = {
	OBJECT("tls", tls),
	{ 0 },
};

static const struct vs_field timeouts[] = {
	INT("http_response_headers", JSON("httpResponseHeaders")),
	INT("http_total", JSON("httpTotal")),
	{ 0 },
};

static const struct vs_field ignition[] = {
	OBJECT("config", config),
	OBJECT("proxy", proxy, SINCE(1)),
	OBJECT("security", security),
	OBJECT("timeouts", timeouts),
	{ .yaml = "version",
		.type = VS_FIELD_VERSION,
		.foreign = "derived from the version of the document: remove it" },
	{ 0 },
};

static const struct vs_field arguments[] = {
	STRINGS("should_exist", JSON("shouldExist"), .key = true, .set = "kernel argument"),
	STRINGS("should_not_exist", JSON("shouldNotExist"), .key = true, .set = "kernel argument"),
	{ 0 },
};

static const struct vs_field group[] = {
	INT("gid"),
	STRING("name", LABEL),
	STRING("password_hash", JSON("passwordHash")),
	BOOL("should_exist", JSON("shouldExist"), SINCE(2)),
	BOOL("system"),
	{ 0 },
};

static const struct vs_field user[] = {
	STRING("gecos"),
	STRINGS("groups", .key = true),
	STRING("home_dir", JSON("homeDir")),
	STRING("name", LABEL),
	BOOL("no_create_home", JSON("noCreateHome")),
	BOOL("no_log_init", JSON("noLogInit")),
	BOOL("no_user_group", JSON("noUserGroup")),
	STRING("password_hash", JSON("passwordHash")),
	STRING("primary_group", JSON("primaryGroup")),
	STRINGS("ssh_authorized_keys", JSON("sshAuthorizedKeys"), .key = true, RULE(SSH_KEY)),
	STRINGS("ssh_authorized_keys_local", SINCE(4), SUGAR),
	STRING("shell"),
	BOOL("should_exist", JSON("shouldExist"), SINCE(2)),
	BOOL("system"),
	INT("uid"),
	{ 0 },
};

static const struct vs_field passwd[] = {
	OBJECTS("groups", group),
	OBJECTS("users", user),
	{ 0 },
};

static const struct vs_field directory[] = {
	OBJECT("group", owner, RULE(OWNER)),
	BOOL("overwrite"),
	STRING("path", NAME, RULE(PATH)),
	OBJECT("user", owner, RULE(OWNER)),
	INT("mode", BUTANE(DIR_MODE), RULE(DIR_MODE)),
	{ 0 },
};

static const struct vs_field partition[] = {
	STRING("guid", RULE(GUID)),
	STRING("label", RULE(PARTITION_LABEL)),
	INT("number", .omit_zero = true),
	BOOL("resize", SINCE(2)),
	BOOL("should_exist", JSON("shouldExist")),
	INT("size_mib", JSON("sizeMiB")),
	INT("start_mib", JSON("startMiB")),
	STRING("type_guid", JSON("typeGuid"), RULE(GUID)),
	BOOL("wipe_partition_entry", JSON("wipePartitionEntry")),
	{ 0 },
};

static const struct vs_field disk[] = {
	STRING("device", NAME, RULE(PATH)),
	OBJECTS("partitions", partition, RULE(PARTITION)),
	BOOL("wipe_table", JSON("wipeTable")),
	{ 0 },
};

static const struct vs_field file[] = {
	OBJECT("group", owner, RULE(OWNER)),
	BOOL("overwrite"),
	STRING("path", NAME, RULE(PATH)),
	OBJECT("user", owner, RULE(OWNER)),
	RESOURCES("append", BUTANE(RESOURCE), RULE(RESOURCE)),
	RESOURCE("contents", BUTANE(RESOURCE), RULE(RESOURCE)),
	INT("mode", BUTANE(FILE_MODE), RULE(FILE_MODE)),
	{ 0 },
};

static const struct vs_field filesystem[] = {
	STRING("device", NAME, RULE(PATH)),
	STRING("format"),
	STRING("label"),
	STRINGS("mount_options", JSON("mountOptions"), SINCE(1), BUTANE(MOUNT_OPTION)),
	STRINGS("options"),
	STRING("path", RULE(PATH_OR_NONE)),
	STRING("uuid"),
	BOOL("wipe_filesystem", JSON("wipeFilesystem")),
	BOOL("with_mount_unit", SUGAR),
	{ 0 },
};

static const struct vs_field link[] = {
	OBJECT("group", owner, RULE(OWNER)),
	BOOL("overwrite"),
	STRING("path", NAME, RULE(PATH)),
	OBJECT("user", owner, RULE(OWNER)),
	BOOL("hard"),
	STRING("target", REQUIRED),
	{ 0 },
};

static const struct vs_field clevis_custom[] = {
	STRING("config"),
	BOOL("needs_network", JSON("needsNetwork")),
	STRING("pin"),
	{ 0 },
};

static const struct vs_field tang[] = {
	STRING("advertisement", SINCE(4), RULE(ADVERTISEMENT)),
	STRING("thumbprint", REQUIRED),
	STRING("url", NAME, RULE(TANG_URL)),
	{ 0 },
};

static const struct vs_field clevis_of[] = {
	OBJECT("custom", clevis_custom, RULE(CLEVIS_CUSTOM)),
	OBJECTS("tang", tang),
	INT("threshold"),
	BOOL("tpm2"),
	{ 0 },
};

static const struct vs_field cex_of[] = {
	BOOL("enabled"),
	{ 0 },
};

static const struct vs_field luks[] = {
	OBJECT("cex", cex_of, SINCE(5), REFUSED_BEFORE(NEVER, cex)),
	OBJECT("clevis", clevis_of, REFUSED_BEFORE(7, clevis)),
	STRING("device", REQUIRED, RULE(PATH)),
	BOOL("discard", SINCE(4)),
	RESOURCE("key_file", JSON("keyFile"), BUTANE(RESOURCE), RULE(KEY_FILE)),
	STRING("label", RULE(LUKS_LABEL)),
	STRING("name", LABEL, RULE(LUKS_NAME)),
	STRINGS("open_options", JSON("openOptions"), SINCE(4), .key = true),
	STRINGS("options"),
	STRING("uuid"),
	BOOL("wipe_volume", JSON("wipeVolume")),
	{ 0 },
};

static const struct vs_field raid[] = {
	STRINGS("devices", .key = true, RULE(PATH)),
	STRING("level", REQUIRED, RULE(RAID_LEVEL)),
	STRING("name", LABEL),
	STRINGS("options"),
	INT("spares"),
	{ 0 },
};

static const struct vs_field tree[] = {
	STRING("local", SUGAR),
	STRING("path", SUGAR, BUTANE(TREE_PATH)),
	OBJECT("user", owner, SINCE(7), SUGAR),
	OBJECT("group", owner, SINCE(7), SUGAR),
	INT("file_mode", SINCE(7), SUGAR, BUTANE(TREE_FILE_MODE)),
	INT("dir_mode", SINCE(7), SUGAR, BUTANE(TREE_DIR_MODE)),
	{ 0 },
};

static const struct vs_field storage[] = {
	OBJECTS("directories", directory, .set = "path"),
	OBJECTS("disks", disk, RULE(DISK)),
	OBJECTS("files", file, .set = "path", RULE(FILE)),
	OBJECTS("filesystems", filesystem, BUTANE(FILESYSTEM), RULE(FILESYSTEM)),
	OBJECTS("links", link, .set = "path"),
	OBJECTS("luks", luks, SINCE(2), RULE(LUKS)),
	OBJECTS("raid", raid, RULE(RAID)),
	OBJECTS("trees", tree, SUGAR, BUTANE(TREE)),
	{ 0 },
};

static const struct vs_field dropin[] = {
	STRING("contents", RULE(UNIT_TEXT)),
	STRING("contents_local", SINCE(4), SUGAR),
	STRING("name", NAME, RULE(DROPIN_NAME)),
	{ 0 },
};

static const struct vs_field unit[] = {
	STRING("contents", RULE(UNIT_TEXT)),
	STRING("contents_local", SINCE(4), SUGAR),
	OBJECTS("dropins", dropin, BUTANE(UNIT)),
	BOOL("enabled"),
	BOOL("mask"),
	STRING("name", NAME, RULE(UNIT_NAME)),
	{ 0 },
};

static const struct vs_field quadlet_dropin[] = {
	STRING("contents", SUGAR),
	STRING("contents_local", SUGAR),
	STRING("name", SUGAR, .key = true),
	{ 0 },
};

static const struct vs_field quadlet[] = {
	STRING("contents", SUGAR),
	STRING("contents_local", SUGAR),
	OBJECTS("dropins", quadlet_dropin, SUGAR, BUTANE(UNIT)),
	STRING("name", SUGAR, .key = true),
	BOOL("rootful", SUGAR),
	{ 0 },
};

static const struct vs_field systemd[] = {
	OBJECTS("units", unit, BUTANE(UNIT), RULE(UNIT)),
	OBJECTS("quadlets", quadlet, SINCE(7), SUGAR, BUTANE(QUADLET)),
	{ 0 },
};

const struct vs_field vs_schema[] = {
	{ .yaml = "variant", .type = VS_FIELD_HEADER },
	{ .yaml = "version", .type = VS_FIELD_HEADER },
	OBJECT("ignition", ignition, .always = true),
	OBJECT("kernel_arguments", arguments, JSON("kernelArguments"), SINCE(3)),
	OBJECT("passwd", passwd),
	OBJECT("storage", storage, RULE(STORAGE)),
	OBJECT("systemd", systemd, RULE(SYSTEMD)),
	OBJECT("boot_device", NULL, .foreign = fcos),
	OBJECT("extensions", NULL, .foreign = fcos),
	OBJECT("grub", NULL, .foreign = fcos),
	{ 0 },
};

const struct vs_field *
vs_field_find(const struct vs_field *f, const char *yaml)
{
	for (; f->yaml; f++)
		if (strcmp(f->yaml, yaml) == 0)
			return f;
	return NULL;
}

const char *
vs_field_name(const struct vs_field *f, bool json)
{
	return json && f->json ? f->json : f->yaml;
}

const char *
vs_field_key(const struct vs_field *f)
{
	for (const struct vs_field *s = f->sub; s && s->yaml; s++)
		if (s->key && s->type == VS_FIELD_STRING)
			return s->yaml;
	return NULL;
}
