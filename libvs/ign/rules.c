#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "ign/rules.h"
#include "ign/schema.h"
#include "text/enc.h"

#define SHOWN(v) vs_shown(v, (char[64]){ 0 }, 64)

static bool
among(const char *s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(s, words[i]) == 0)
			return true;
	return false;
}

static bool
control(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return true;
	return false;
}

/* What goes into a line of a mount unit must not become two. */
void
vs_rule_line(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	if (control(v->text))
		vs_report_error(r, v, path, "a control character");
}

void
vs_rule_path(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	const char *s = v->text;

	if (*s == '\0')
		vs_report_error(r, v, path, "an empty path");
	else if (control(s))
		vs_report_error(r, v, path, "a control character in a path");
	else if (*s != '/')
		vs_report_error(r, v, path, "'%s' is no absolute path", SHOWN(v));
	else if (strstr(s, "//") || strstr(s, "/./") || strstr(s, "/../")
		 || (v->len > 1 && s[v->len - 1] == '/')
		 || (v->len > 1 && strcmp(s + v->len - 2, "/.") == 0)
		 || (v->len > 2 && strcmp(s + v->len - 3, "/..") == 0))
		vs_report_error(r, v, path, "'%s' is not the simplest form of this "
			"path: no '//', '.', '..' or '/' at the end", SHOWN(v));
}

void
vs_rule_path_or_none(struct vs_report *r, const struct vs_yaml *v,
	const char *path)
{
	if (v->len > 0)
		vs_rule_path(r, v, path);
}

void
vs_rule_name(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	if (v->len == 0)
		vs_report_error(r, v, path, "it cannot be empty");
}

/* Somebody may mean it: the owner may read, nobody may do more than the owner. */
static bool
sensible(long long m)
{
	int user = m >> 6 & 7, group = m >> 3 & 7, other = m & 7;

	return m <= 0777 && (user & 4) && (group & ~user) == 0
		&& (other & ~user) == 0;
}

void
vs_rule_mode(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	long long m = 0, octal = 0;
	bool octal_digits = v->len == 3 && strspn(v->text, "01234567") == 3;

	vs_value_int(v, &m);
	for (const char *p = v->text; octal_digits && *p; p++)
		octal = octal * 8 + (*p - '0');
	if (m < 0 || m > 07777)
		vs_report_error(r, v, path, "'%s' is no file mode: 0000 to 07777",
			SHOWN(v));
	else if (v->text[0] != '0' && octal_digits && !sensible(m)
		 && sensible(octal))
		vs_report_error(r, v, path, "%s is decimal, that is mode 0%llo: did "
			"you mean 0%s?", SHOWN(v), (unsigned long long)m, SHOWN(v));
	else if (m > 0777)
		vs_report_warn(r, v, path, "setuid, setgid and sticky bits have no "
			"effect before Ignition 3.6");
}

/* Not quoted: it may hold a password, or be what should have been inline. */
static void
no_source(struct vs_report *r, const struct vs_yaml *v, const char *path,
	const char *scheme)
{
	static const char known[] = "http, https, tftp, gs, s3, arn, data or oem";

	if (scheme && !v->secret)
		vs_report_error(r, v, path, "Ignition fetches nothing by '%s://': %s",
			scheme, known);
	else
		vs_report_error(r, v, path, "no URL that Ignition fetches (%s); text of "
			"your own goes to 'inline'", known);
}

void
vs_rule_source(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	static const char *const schemes[] = { "http", "https", "tftp", "gs", "s3",
		"arn", "data", "oem" };
	char scheme[8] = "";
	size_t n = strcspn(v->text, ":");
	VS_BUF_FREE struct vs_buf data = VS_BUF_INIT;
	struct vs_err err;

	if (v->len == 0)
		return;
	if (n < sizeof scheme && v->text[n] == ':')
		for (size_t i = 0; i < n; i++)
			scheme[i] = (char)(v->text[i] | 0x20);
	if (strcmp(scheme, "arn") == 0 && r->minor == 0)
		vs_report_error(r, v, path, "arn: came with flatcar 1.1.0, the "
			"document is 1.0.0");
	else if (!among(scheme, schemes, VS_LEN(schemes)))
		no_source(r, v, path, *scheme && strncmp(v->text + n, "://", 3) == 0
			? scheme : NULL);
	else if (strcmp(scheme, "data") == 0
		 && vs_undata_url(v->text, &data, &err) < 0)
		vs_report_error(r, v, path, "%s", err.msg);
	else if (strpbrk(v->text, " \t\r\n"))
		vs_report_error(r, v, path, "white space in a URL");
}

void
vs_rule_hash(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	const char *hex = strchr(v->text, '-');
	size_t type = hex ? (size_t)(hex - v->text) : 0, want;

	if (type == 6 && strncmp(v->text, "sha256", 6) == 0)
		want = 64;
	else if (type == 6 && strncmp(v->text, "sha512", 6) == 0)
		want = 128;
	else {
		vs_report_error(r, v, path, "'%s' is no hash: sha256-HEX or "
			"sha512-HEX", SHOWN(v));
		return;
	}
	hex++;
	if (strlen(hex) != want || strspn(hex, "0123456789abcdef") != want)
		vs_report_error(r, v, path, "%.6s needs %zu hex digits in lower case",
			v->text, want);
}

void
vs_rule_compression(struct vs_report *r, const struct vs_yaml *v,
	const char *path)
{
	if (v->len > 0 && strcmp(v->text, "gzip") != 0)
		vs_report_error(r, v, path, "'%s' is no compression: gzip, or leave "
			"it out", SHOWN(v));
}

void
vs_rule_proxy(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	if (strncasecmp(v->text, "http://", 7) != 0
	    && strncasecmp(v->text, "https://", 8) != 0)
		vs_report_error(r, v, path, "a proxy is an http:// or https:// URL");
}

void
vs_rule_format(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	static const char *const formats[] = { "ext4", "btrfs", "xfs", "vfat",
		"swap", "none" };

	if (v->len > 0 && !among(v->text, formats, VS_LEN(formats)))
		vs_report_error(r, v, path, "'%s' is no file system format: ext4, "
			"btrfs, xfs, vfat, swap or none", SHOWN(v));
}

void
vs_rule_raid_level(struct vs_report *r, const struct vs_yaml *v,
	const char *path)
{
	static const char *const levels[] = { "linear", "raid0", "0", "stripe",
		"raid1", "1", "mirror", "raid4", "4", "raid5", "5", "raid6", "6",
		"raid10", "10" };

	if (!among(v->text, levels, VS_LEN(levels)))
		vs_report_error(r, v, path, "'%s' is no RAID level: linear, raid0, "
			"raid1, raid4, raid5, raid6 or raid10", SHOWN(v));
}

/* The next word, where quotes (as in options) hold blanks together. */
static size_t
word(const char *s)
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
key_type(const char *s, size_t n)
{
	static const char *const types[] = {
		"ssh-ed25519", "ssh-rsa", "ssh-dss",
		"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
		"sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
		"ssh-ed25519-cert-v01@openssh.com", "ssh-rsa-cert-v01@openssh.com",
		"ecdsa-sha2-nistp256-cert-v01@openssh.com",
		"ecdsa-sha2-nistp384-cert-v01@openssh.com",
		"ecdsa-sha2-nistp521-cert-v01@openssh.com",
	};

	for (size_t i = 0; i < VS_LEN(types); i++)
		if (strlen(types[i]) == n && memcmp(types[i], s, n) == 0)
			return true;
	return false;
}

/* The key itself names its type again, behind a length of four bytes. */
static bool
names_type(const struct vs_buf *key, const char *type, size_t n)
{
	const unsigned char *s = (const unsigned char *)key->s;

	return key->len > n + 4 && s[0] == 0 && s[1] == 0 && s[2] == 0
		&& s[3] == n && memcmp(s + 4, type, n) == 0;
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
	n = word(line);
	if (!key_type(line, n)) {
		line += n;
		line += strspn(line, " \t");
		n = word(line);
	}
	if (!key_type(line, n))
		return "no SSH public key: a type such as ssh-ed25519 is missing";
	type = line;
	line += n;
	line += strspn(line, " \t");
	if (vs_unbase64(line, strcspn(line, " \t\r"), &key, &err) < 0 || !key.len)
		return "a damaged SSH public key: what follows its type is no base64";
	if (!names_type(&key, type, n))
		return "a damaged SSH public key: it is of another type inside";
	return NULL;
}

void
vs_rule_ssh_key(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	const char *flaw = vs_ssh_key_flaw(v->text);

	if (flaw)
		vs_report_warn(r, v, path, "%s", flaw);
}
