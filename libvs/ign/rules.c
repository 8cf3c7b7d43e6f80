/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ign/rules.h"
#include "text/base64.h"
#include "text/utf8.h"

#define SHOWN(v) vs_shown(v, (char[64]){ 0 }, 64)

/* ---- what rules share */

/* "type_guid" is "typeGuid" in Ignition, "size_mib" "sizeMiB". */
static void
rules_camel(char *s)
{
	char *to = s;
	bool up = false;

	for (; *s; s++) {
		if (strcmp(s, "_mib") == 0) {
			memcpy(to, "MiB", 4);
			return;
		}
		if (*s == '_') {
			up = true;
			continue;
		}
		*to++ = up && *s >= 'a' && *s <= 'z' ? (char)(*s - 'a' + 'A') : *s;
		up = false;
	}
	*to = '\0';
}

const char *
vs_path_below(const struct vs_report *r, const struct vs_tree *v, const char *path, const char *key,
	char *buf)
{
	const struct vs_tree *child = vs_tree_get(v, key);
	size_t n = strlen(path);

	if (child && child->from)
		return child->from;
	if (v->from || n + strlen(key) + 2 > VS_PATH_MAX)
		return path;
	memcpy(buf, path, n);
	if (n > 0)
		buf[n++] = '.';
	memcpy(buf + n, key, strlen(key) + 1);
	if (r->json)
		rules_camel(buf + n);
	return buf;
}

bool
vs_nonempty(const struct vs_tree *v)
{
	return v && (v->kind == VS_TREE_SCALAR ? v->len > 0 : v->child != NULL);
}

long long
vs_number_of(const struct vs_tree *map, const char *key)
{
	const struct vs_tree *v = vs_field_given(map, key);
	long long n = 0;

	return v && vs_value_int(v, &n) ? n : 0;
}

bool
vs_truth_of(const struct vs_tree *map, const char *key, bool otherwise)
{
	const struct vs_tree *v = vs_field_given(map, key);
	bool b = otherwise;

	return v && vs_value_bool(v, &b) ? b : otherwise;
}

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
		vs_report(r, VS_VERDICT_ERROR, v, path, "an empty path");
	else if (*s != '/')
		vs_report(r, VS_VERDICT_ERROR, v, path, "'%s' is no absolute path", SHOWN(v));
	else if (strstr(s, "//") || strstr(s, "/./") || strstr(s, "/../")
		|| (v->len > 1 && s[v->len - 1] == '/')
		|| (v->len > 1 && strcmp(s + v->len - 2, "/.") == 0)
		|| (v->len > 2 && strcmp(s + v->len - 3, "/..") == 0))
		vs_report(r, VS_VERDICT_ERROR, v, path,
			"'%s' is not the simplest form of this path: no '//', '.', '..' or '/' at the end",
			SHOWN(v));
	else if (rules_control(s))
		vs_report(r, VS_VERDICT_STRICT, v, path, "a control character in a path");
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
		vs_report(r, VS_VERDICT_ERROR, v, path, "'%s' is no hash: sha256-HEX or sha512-HEX",
			SHOWN(v));
		return;
	}
	hex++;
	if (strlen(hex) != want)
		vs_report(r, VS_VERDICT_ERROR, v, path, "%.6s needs %zu hex digits, not %zu",
			v->text, want, strlen(hex));
	else if (strspn(hex, "0123456789abcdef") != want)
		vs_report(r, VS_VERDICT_STRICT, v, path, "%.6s needs hex digits in lower case",
			v->text);
}

void
vs_rule_compression(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	if (v->len > 0 && strcmp(v->text, "gzip") != 0)
		vs_report(r, VS_VERDICT_ERROR, v, path,
			"'%s' is no compression: gzip, or leave it out", SHOWN(v));
}

void
vs_rule_header_name(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	if (v->len == 0)
		vs_report(r, VS_VERDICT_ERROR, v, path, "it cannot be empty");
}

void
vs_rule_header_value(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	if (v->len == 0)
		vs_report(r, VS_VERDICT_ERROR, v, path,
			"it cannot be empty; leave it out to take a header of that name away");
}

/* ---- SSH keys */

/* The next word, where quotes (as in options) hold blanks together. */
static size_t
rules_word(const char *s)
{
	bool quoted = false;
	size_t n = 0;

	for (; s[n] && (quoted || (s[n] != ' ' && s[n] != '\t')); n++) {
		if (s[n] == '\\' && s[n + 1])
			n++;
		else if (s[n] == '"')
			quoted = !quoted;
	}
	return n;
}

static bool
rules_key_type(const char *s, size_t n)
{
	static const char *const types[] = { "ssh-ed25519", "ssh-rsa", "ssh-dss",
		"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
		"sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
		"ssh-ed25519-cert-v01@openssh.com", "ssh-rsa-cert-v01@openssh.com",
		"ecdsa-sha2-nistp256-cert-v01@openssh.com",
		"ecdsa-sha2-nistp384-cert-v01@openssh.com",
		"ecdsa-sha2-nistp521-cert-v01@openssh.com" };

	for (size_t i = 0; i < VS_LEN(types); i++)
		if (strlen(types[i]) == n && memcmp(types[i], s, n) == 0)
			return true;
	return false;
}

/* The key itself names its type again, behind a length of four bytes. */
static bool
rules_names_type(const struct vs_buf *key, const char *type, size_t n)
{
	const unsigned char *s = (const unsigned char *)key->s;

	return key->len > n + 4 && s[0] == 0 && s[1] == 0 && s[2] == 0 && s[3] == n
		&& memcmp(s + 4, type, n) == 0;
}

const char *
vs_ssh_key_flaw(const char *line)
{
	VS_BUF_FREE struct vs_buf key = VS_BUF_INIT;
	struct vs_err err;
	const char *type;
	size_t n;

	if (strstr(line, "PRIVATE KEY"))
		return "this is a private key: give the .pub file";
	if (!vs_utf8(line, strlen(line)))
		return "no SSH public key: it is not UTF-8 text";
	line += strspn(line, " \t");
	n = rules_word(line);
	if (!rules_key_type(line, n)) {
		line += n;
		line += strspn(line, " \t");
		n = rules_word(line);
	}
	if (!rules_key_type(line, n))
		return "no SSH public key: a type such as ssh-ed25519 is missing";
	type = line;
	line += n;
	line += strspn(line, " \t");
	if (vs_unbase64(line, strcspn(line, " \t\r"), &key, &err) < 0 || !key.len)
		return "a damaged SSH public key: what follows its type is no base64";
	if (!rules_names_type(&key, type, n))
		return "a damaged SSH public key: it is of another type inside";
	return NULL;
}

void
vs_rule_ssh_key(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	const char *flaw = vs_ssh_key_flaw(v->text);

	if (flaw)
		vs_report(r, VS_VERDICT_HINT, v, path, "%s", flaw);
}

void
vs_rule_apply(enum vs_rule id, struct vs_report *r, const struct vs_tree *v, const char *path)
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
		[VS_RULE_DOCUMENT] = vs_rule_document,
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

	if (id != VS_RULE_NONE)
		apply[id](r, v, path);
}
