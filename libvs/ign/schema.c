#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ign/rules.h"
#include "ign/schema.h"

#define STRING(y, ...)	{ .yaml = y, .type = VS_F_STRING, __VA_ARGS__ }
#define INT(y, ...)	{ .yaml = y, .type = VS_F_INT, __VA_ARGS__ }
#define BOOL(y, ...)	{ .yaml = y, .type = VS_F_BOOL, __VA_ARGS__ }
#define STRINGS(y, ...)	{ .yaml = y, .type = VS_F_STRINGS, __VA_ARGS__ }
#define OBJECT(y, t, ...) \
	{ .yaml = y, .type = VS_F_OBJECT, .sub = t, __VA_ARGS__ }
#define OBJECTS(y, t, ...) \
	{ .yaml = y, .type = VS_F_OBJECTS, .sub = t, __VA_ARGS__ }
#define RESOURCE(y, ...) \
	{ .yaml = y, .type = VS_F_RESOURCE, .sub = resource, __VA_ARGS__ }
#define RESOURCES(y, ...) \
	{ .yaml = y, .type = VS_F_RESOURCES, .sub = resource, __VA_ARGS__ }
#define JSON(j)		.json = j
#define NAME		.required = true, .key = true
#define CHECK(f)	.check = vs_rule_ ## f
#define REFUSED(why)	.refused = why
#define SINCE(minor)	.since = minor

static const char clevis[] = "clevis is not supported by the Ignition "
	"versions that flatcar 1.0.0 and 1.1.0 make";
static const char fcos[] = "this is of the fcos variant, flatcar has no such "
	"thing";

static const struct vs_field header[] = {
	STRING("name", NAME),
	STRING("value"),
	{ 0 }
};

static const struct vs_field verification[] = {
	STRING("hash", CHECK(hash)),
	{ 0 }
};

/* What is written of it stands in write.c; this is what may be read. */
static const struct vs_field resource[] = {
	STRING("compression", CHECK(compression)),
	OBJECTS("http_headers", header, JSON("httpHeaders")),
	STRING("source", CHECK(source)),
	STRING("inline"),
	STRING("local", .local = true),
	OBJECT("verification", verification),
	{ 0 }
};

static const struct vs_field owner[] = {
	INT("id"),
	STRING("name"),
	{ 0 }
};

static const struct vs_field config[] = {
	RESOURCES("merge", CHECK(merged)),
	RESOURCE("replace", CHECK(config)),
	{ 0 }
};

static const struct vs_field proxy[] = {
	STRING("http_proxy", JSON("httpProxy"), CHECK(proxy)),
	STRING("https_proxy", JSON("httpsProxy"), CHECK(proxy)),
	STRINGS("no_proxy", JSON("noProxy"), .key = true),
	{ 0 }
};

static const struct vs_field tls[] = {
	RESOURCES("certificate_authorities", JSON("certificateAuthorities"),
		CHECK(fetched)),
	{ 0 }
};

static const struct vs_field security[] = {
	OBJECT("tls", tls),
	{ 0 }
};

static const struct vs_field timeouts[] = {
	INT("http_response_headers", JSON("httpResponseHeaders")),
	INT("http_total", JSON("httpTotal")),
	{ 0 }
};

static const struct vs_field ignition[] = {
	OBJECT("config", config),
	OBJECT("proxy", proxy),
	OBJECT("security", security),
	OBJECT("timeouts", timeouts),
	{ .yaml = "version", .type = VS_F_VERSION,
		REFUSED("it follows from the version of the document") },
	{ 0 }
};

static const struct vs_field arguments[] = {
	STRINGS("should_exist", JSON("shouldExist"), .key = true),
	STRINGS("should_not_exist", JSON("shouldNotExist"), .key = true),
	{ 0 }
};

static const struct vs_field group[] = {
	INT("gid"),
	STRING("name", NAME),
	STRING("password_hash", JSON("passwordHash")),
	BOOL("should_exist", JSON("shouldExist")),
	BOOL("system"),
	{ 0 }
};

static const struct vs_field user[] = {
	STRING("gecos"),
	STRINGS("groups", .key = true),
	STRING("home_dir", JSON("homeDir")),
	STRING("name", NAME),
	BOOL("no_create_home", JSON("noCreateHome")),
	BOOL("no_log_init", JSON("noLogInit")),
	BOOL("no_user_group", JSON("noUserGroup")),
	STRING("password_hash", JSON("passwordHash")),
	STRING("primary_group", JSON("primaryGroup")),
	STRINGS("ssh_authorized_keys", JSON("sshAuthorizedKeys"),
		.key = true, CHECK(ssh_key)),
	STRINGS("ssh_authorized_keys_local", SINCE(1), .local = true),
	STRING("shell"),
	BOOL("should_exist", JSON("shouldExist")),
	BOOL("system"),
	INT("uid"),
	{ 0 }
};

static const struct vs_field passwd[] = {
	OBJECTS("groups", group),
	OBJECTS("users", user),
	{ 0 }
};

static const struct vs_field directory[] = {
	OBJECT("group", owner, CHECK(owner)),
	BOOL("overwrite"),
	STRING("path", NAME, CHECK(path)),
	OBJECT("user", owner, CHECK(owner)),
	INT("mode", CHECK(mode)),
	{ 0 }
};

static const struct vs_field partition[] = {
	STRING("guid", CHECK(guid)),
	STRING("label"),
	INT("number", .omit_zero = true),
	BOOL("resize"),
	BOOL("should_exist", JSON("shouldExist")),
	INT("size_mib", JSON("sizeMiB")),
	INT("start_mib", JSON("startMiB")),
	STRING("type_guid", JSON("typeGuid"), CHECK(guid)),
	BOOL("wipe_partition_entry", JSON("wipePartitionEntry")),
	{ 0 }
};

static const struct vs_field disk[] = {
	STRING("device", NAME, CHECK(path)),
	OBJECTS("partitions", partition, CHECK(partition)),
	BOOL("wipe_table", JSON("wipeTable")),
	{ 0 }
};

static const struct vs_field file[] = {
	OBJECT("group", owner, CHECK(owner)),
	BOOL("overwrite"),
	STRING("path", NAME, CHECK(path)),
	OBJECT("user", owner, CHECK(owner)),
	RESOURCES("append", CHECK(resource)),
	RESOURCE("contents", CHECK(resource)),
	INT("mode", CHECK(mode)),
	{ 0 }
};

static const struct vs_field filesystem[] = {
	STRING("device", NAME, CHECK(path)),
	STRING("format", CHECK(format)),
	STRING("label"),
	STRINGS("mount_options", JSON("mountOptions"), CHECK(line)),
	STRINGS("options"),
	STRING("path", CHECK(path_or_none)),
	STRING("uuid"),
	BOOL("wipe_filesystem", JSON("wipeFilesystem")),
	BOOL("with_mount_unit", .local = true),
	{ 0 }
};

static const struct vs_field link[] = {
	OBJECT("group", owner, CHECK(owner)),
	BOOL("overwrite"),
	STRING("path", NAME, CHECK(path)),
	OBJECT("user", owner, CHECK(owner)),
	BOOL("hard"),
	STRING("target", CHECK(name)),
	{ 0 }
};

static const struct vs_field luks[] = {
	OBJECT("clevis", NULL, REFUSED(clevis)),
	STRING("device", CHECK(path)),
	BOOL("discard", SINCE(1)),
	RESOURCE("key_file", JSON("keyFile"), CHECK(resource)),
	STRING("label"),
	STRING("name", NAME),
	STRINGS("open_options", JSON("openOptions"), SINCE(1), .key = true),
	STRINGS("options"),
	STRING("uuid"),
	BOOL("wipe_volume", JSON("wipeVolume")),
	{ 0 }
};

static const struct vs_field raid[] = {
	STRINGS("devices", .key = true, CHECK(path)),
	STRING("level", .required = true, CHECK(raid_level)),
	STRING("name", NAME),
	STRINGS("options"),
	INT("spares"),
	{ 0 }
};

static const struct vs_field tree[] = {
	STRING("local", .required = true),
	STRING("path", CHECK(path)),
	OBJECT("user", owner, SINCE(2)),
	OBJECT("group", owner, SINCE(2)),
	INT("file_mode", SINCE(2)),
	INT("dir_mode", SINCE(2)),
	{ 0 }
};

static const struct vs_field storage[] = {
	OBJECTS("directories", directory, .shared = true),
	OBJECTS("disks", disk, CHECK(disk)),
	OBJECTS("files", file, .shared = true),
	OBJECTS("filesystems", filesystem, CHECK(filesystem)),
	OBJECTS("links", link, .shared = true),
	OBJECTS("luks", luks, CHECK(luks)),
	OBJECTS("raid", raid, CHECK(raid)),
	OBJECTS("trees", tree, .local = true),
	{ 0 }
};

static const struct vs_field dropin[] = {
	STRING("contents", CHECK(unit_text)),
	STRING("contents_local", SINCE(1), .local = true),
	STRING("name", NAME, CHECK(dropin_name)),
	{ 0 }
};

static const struct vs_field unit[] = {
	STRING("contents", CHECK(unit_text)),
	STRING("contents_local", SINCE(1), .local = true),
	OBJECTS("dropins", dropin),
	BOOL("enabled"),
	BOOL("mask"),
	STRING("name", NAME, CHECK(unit_name)),
	{ 0 }
};

static const struct vs_field systemd[] = {
	OBJECTS("units", unit, CHECK(unit)),
	OBJECTS("quadlets", NULL, SINCE(2)),
	{ 0 }
};

const struct vs_field vs_butane[] = {
	{ .yaml = "variant", .type = VS_F_HEADER },
	{ .yaml = "version", .type = VS_F_HEADER },
	OBJECT("ignition", ignition, .always = true),
	OBJECT("kernel_arguments", arguments, JSON("kernelArguments"),
		CHECK(arguments)),
	OBJECT("passwd", passwd),
	OBJECT("storage", storage, CHECK(storage)),
	OBJECT("systemd", systemd),
	OBJECT("boot_device", NULL, REFUSED(fcos)),
	OBJECT("extensions", NULL, REFUSED(fcos)),
	OBJECT("grub", NULL, REFUSED(fcos)),
	{ 0 }
};

const struct vs_field *
vs_field_find(const struct vs_field *f, const char *yaml)
{
	for (; f->yaml; f++)
		if (strcmp(f->yaml, yaml) == 0)
			return f;
	return NULL;
}

static int
base_of(const char **s)
{
	if ((*s)[0] != '0' || (*s)[1] == '\0')
		return 10;
	switch ((*s)[1] | 0x20) {
	case 'x':
		*s += 2;
		return 16;
	case 'o':
		*s += 2;
		return 8;
	case 'b':
		*s += 2;
		return 2;
	}
	*s += 1;
	return 8;
}

static bool
bare(const struct vs_yaml *v)
{
	return v->kind == VS_YAML_SCALAR
		&& (v->style == VS_YAML_PLAIN || v->style == VS_YAML_FILLED);
}

/* As Go's yaml reads them: '_' between digits, 0644 and 0o644 octal, 0x and 0b. */
bool
vs_value_int(const struct vs_yaml *v, long long *to)
{
	char digits[32], *end;
	const char *s = v->text;
	size_t n = 0;
	bool minus;
	int base;

	if (!bare(v))
		return false;
	minus = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	base = base_of(&s);
	for (; *s; s++)
		if (*s != '_' && n < sizeof digits - 1)
			digits[n++] = *s;
	digits[n] = '\0';
	if (n == 0 || n > 18 || strspn(digits, "0123456789abcdefABCDEF") != n)
		return false;
	*to = strtoll(digits, &end, base);
	if (*end)
		return false;
	if (minus)
		*to = -*to;
	return true;
}

bool
vs_value_bool(const struct vs_yaml *v, bool *to)
{
	/* what Go's yaml takes for a truth where one is wanted */
	static const char words[][6] = {
		"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y",
		"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n",
		"N",
	};

	if (!bare(v))
		return false;
	for (size_t i = 0; i < VS_LEN(words); i++)
		if (strcmp(v->text, words[i]) == 0) {
			*to = i < VS_LEN(words) / 2;
			return true;
		}
	return false;
}
