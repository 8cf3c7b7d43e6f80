/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for single strings, and the table of all of Ignition's rules.  From
 * coreos/ignition, config/v3_N/types (path.go, verification.go, resource.go...). */
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "ign/rules.h"
#include "ign/ssh_key.h"

/* ---- paths */

static bool
rules_control(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return true;
	return false;
}

void
vs_rule_path(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	const char *s = v->text;

	if (*s == '\0')
		vs_report(r, VS_VERDICT_ERROR, v, path, "the path is empty");
	else if (*s != '/')
		vs_report(
			r, VS_VERDICT_ERROR, v, path, "'%s' is not an absolute path", VS_SHOWN(v));
	else if (strstr(s, "//") || strstr(s, "/./") || strstr(s, "/../")
		|| (v->len > 1 && s[v->len - 1] == '/')
		|| (v->len > 1 && strcmp(s + v->len - 2, "/.") == 0)
		|| (v->len > 2 && strcmp(s + v->len - 3, "/..") == 0))
		vs_report(r, VS_VERDICT_ERROR, v, path,
			"'%s' is not a clean path: remove '//', '.', '..' and a final '/'",
			VS_SHOWN(v));
	else if (rules_control(s))
		vs_report(r, VS_VERDICT_STRICT, v, path, "the path contains a control character");
}

void
vs_rule_path_or_none(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	if (v->len > 0)
		vs_rule_path(r, v, path);
}

/* ---- resources */

void
vs_rule_hash(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	const char *hex = strchr(v->text, '-');
	size_t type = hex ? (size_t)(hex - v->text) : 0, want;

	if (type == 6 && strncmp(v->text, "sha256", 6) == 0 && r->spec > 0)
		want = 64;
	else if (type == 6 && strncmp(v->text, "sha512", 6) == 0)
		want = 128;
	else {
		vs_report(r, VS_VERDICT_ERROR, v, path,
			"'%s' is not a hash: use sha256-HEX or sha512-HEX", VS_SHOWN(v));
		return;
	}
	hex++;
	if (strlen(hex) != want)
		vs_report(r, VS_VERDICT_ERROR, v, path, "%.6s needs %zu hex digits, found %zu",
			v->text, want, strlen(hex));
	else if (strspn(hex, "0123456789abcdef") != want)
		vs_report(
			r, VS_VERDICT_STRICT, v, path, "%.6s needs lower-case hex digits", v->text);
}

void
vs_rule_compression(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	if (v->len > 0 && strcmp(v->text, "gzip") != 0)
		vs_report(r, VS_VERDICT_ERROR, v, path,
			"unknown compression '%s': use gzip, or omit it", VS_SHOWN(v));
}

void
vs_rule_header_name(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	if (v->len == 0)
		vs_report(r, VS_VERDICT_ERROR, v, path, "must not be empty");
}

void
vs_rule_header_value(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	if (v->len == 0)
		vs_report(r, VS_VERDICT_ERROR, v, path,
			"must not be empty: omit it to remove the header");
}

void
vs_rule_ssh_key(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	const char *flaw = vs_ssh_key_flaw(v->text);

	if (flaw)
		vs_report(r, VS_VERDICT_HINT, v, path, "%s", flaw);
}

void
vs_rules_apply(enum vs_rule id, struct vs_report *r, const struct vs_tree *v, const char *path)
{
	static void (*const apply[VS_RULE_COUNT])(
		struct vs_report *, const struct vs_tree *, const char *) = {
		[VS_RULE_FILE_MODE] = vs_rule_file_mode,
		[VS_RULE_DIR_MODE] = vs_rule_dir_mode,
		[VS_RULE_PATH] = vs_rule_path,
		[VS_RULE_PATH_OR_NONE] = vs_rule_path_or_none,
		[VS_RULE_HASH] = vs_rule_hash,
		[VS_RULE_COMPRESSION] = vs_rule_compression,
		[VS_RULE_HEADER_NAME] = vs_rule_header_name,
		[VS_RULE_HEADER_VALUE] = vs_rule_header_value,
		[VS_RULE_SSH_KEY] = vs_rule_ssh_key,
		[VS_RULE_SOURCE] = vs_rule_source,
		[VS_RULE_PROXY] = vs_rule_proxy,
		[VS_RULE_HTTPS_PROXY] = vs_rule_https_proxy,
		[VS_RULE_TANG_URL] = vs_rule_tang_url,
		[VS_RULE_UNIT_NAME] = vs_rule_unit_name,
		[VS_RULE_DROPIN_NAME] = vs_rule_dropin_name,
		[VS_RULE_UNIT_TEXT] = vs_rule_unit_text,
		[VS_RULE_UNIT] = vs_rule_unit,
		[VS_RULE_SYSTEMD] = vs_rule_systemd,
		[VS_RULE_RESOURCE] = vs_rule_resource,
		[VS_RULE_FETCHED] = vs_rule_fetched,
		[VS_RULE_AUTHORITY] = vs_rule_authority,
		[VS_RULE_OWNER] = vs_rule_owner,
		[VS_RULE_FILE] = vs_rule_file,
		[VS_RULE_STORAGE] = vs_rule_storage,
		[VS_RULE_GUID] = vs_rule_guid,
		[VS_RULE_PARTITION_LABEL] = vs_rule_partition_label,
		[VS_RULE_PARTITION] = vs_rule_partition,
		[VS_RULE_DISK] = vs_rule_disk,
		[VS_RULE_FILESYSTEM] = vs_rule_filesystem,
		[VS_RULE_RAID_LEVEL] = vs_rule_raid_level,
		[VS_RULE_RAID] = vs_rule_raid,
		[VS_RULE_LUKS_NAME] = vs_rule_luks_name,
		[VS_RULE_LUKS_LABEL] = vs_rule_luks_label,
		[VS_RULE_KEY_FILE] = vs_rule_key_file,
		[VS_RULE_LUKS] = vs_rule_luks,
		[VS_RULE_CLEVIS_CUSTOM] = vs_rule_clevis_custom,
		[VS_RULE_ADVERTISEMENT] = vs_rule_advertisement,
	};

	if (id == VS_RULE_NONE)
		return;
	assert(id < VS_RULE_COUNT && apply[id]);
	apply[id](r, v, path);
}
