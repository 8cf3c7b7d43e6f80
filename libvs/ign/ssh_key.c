/* SPDX-License-Identifier: Apache-2.0 */
/* SSH public keys: types are OpenSSH's (sshd(8), AUTHORIZED_KEYS FILE FORMAT).  Only the
 * type inside the key is checked, not its numbers. */
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "ign/ssh_key.h"
#include "text/base64.h"
#include "text/utf8.h"

/* The length of the next word; quotes, as in options, protect blanks. */
static size_t
ssh_key_word(const char *s)
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
ssh_key_is_type(const char *s, size_t n)
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

/* Does the decoded key start with its type, after a length of four bytes? */
static bool
ssh_key_names_type(const struct vs_buf *key, const char *type, size_t n)
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
		return "not an SSH public key: it is not UTF-8";
	line += strspn(line, " \t");
	n = ssh_key_word(line);
	if (!ssh_key_is_type(line, n)) {
		line += n;
		line += strspn(line, " \t");
		n = ssh_key_word(line);
	}
	if (!ssh_key_is_type(line, n))
		return "not an SSH public key: a type such as ssh-ed25519 is missing";
	type = line;
	line += n;
	line += strspn(line, " \t");
	if (vs_unbase64(line, strcspn(line, " \t\r"), &key, &err) < 0 || !key.len)
		return "damaged SSH public key: its data is not base64";
	if (!ssh_key_names_type(&key, type, n))
		return "damaged SSH public key: its data is for another type";
	return NULL;
}
