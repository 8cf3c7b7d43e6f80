/* SPDX-License-Identifier: Apache-2.0 */
/* token.c - parses join tokens.  Whether a server accepts one, only the server knows.
 * Reference: k3s, pkg/clientaccess/token.go (parseToken); bootstrap tokens:
 * k8s.io/cluster-bootstrap, token/api. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "rke2/token.h"

enum { HASH_LEN = 64, ID_LEN = 6, SECRET_LEN = 16 };

static bool
token_all_of(const char *s, size_t n, const char *set)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] == '\0' || strchr(set, s[i]) == NULL)
			return false;
	return true;
}

/* [a-z0-9]{6}\.[a-z0-9]{16} and nothing else */
static bool
token_is_bootstrap(const char *s)
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyz0123456789";

	return strlen(s) == ID_LEN + 1 + SECRET_LEN && token_all_of(s, ID_LEN, set)
		&& s[ID_LEN] == '.' && token_all_of(s + ID_LEN + 1, SECRET_LEN, set);
}

static int
token_check_bytes(const char *s, size_t n, struct vs_err *err)
{
	if (n == 0)
		return vs_fail(err, VS_ERR_USAGE, "token must not be empty");
	if (n > VS_TOKEN_MAX)
		return vs_fail(err, VS_ERR_USAGE,
			"token is longer than %d bytes: is this a token file", VS_TOKEN_MAX);
	/* a byte order mark would be taken as a part of the password */
	if (n >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
		return vs_fail(err, VS_ERR_USAGE,
			"token starts with a byte order mark: save it as plain text");
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '\n' || c == '\r')
			return vs_fail(err, VS_ERR_USAGE, "token has more than one line");
		if (c == ' ' || c == '\t')
			return vs_fail(
				err, VS_ERR_USAGE, "token contains white space at byte %zu", i + 1);
		if (c < 0x20 || c == 0x7f)
			return vs_fail(err, VS_ERR_USAGE,
				"token contains a control character at byte %zu", i + 1);
	}
	return 0;
}

static int
token_take_hash(struct vs_token *t, const char *s, size_t n, struct vs_err *err)
{
	if (n != 0 && n != HASH_LEN)
		return vs_fail(err, VS_ERR_USAGE,
			"invalid token CA hash length: %zu, expected %d: is the token complete", n,
			HASH_LEN);
	if (!token_all_of(s, n, "0123456789abcdef"))
		return vs_fail(err, VS_ERR_USAGE, "invalid token CA hash: expected %d of [0-9a-f]",
			HASH_LEN);
	assert(n < sizeof t->hash);
	memcpy(t->hash, s, n);
	t->hash[n] = '\0';
	return 0;
}

/* USER:PASSWORD or ID.SECRET */
static int
token_take_creds(struct vs_token *t, const char *s, struct vs_err *err)
{
	const char *cut;

	t->bootstrap = token_is_bootstrap(s);
	cut = strchr(s, t->bootstrap ? '.' : ':');
	if (cut == NULL || cut[1] == '\0')
		return vs_fail(err, VS_ERR_USAGE,
			"invalid token format: no password: expected K10HASH::USER:PASSWORD");
	t->user = vs_strndup(s, (size_t)(cut - s));
	t->password = vs_strdup(cut + 1);
	return 0;
}

static int
token_take_parts(struct vs_token *t, struct vs_err *err)
{
	const char *s = t->text, *sep;

	if (strncmp(s, "K10", 3) != 0) {
		if (token_is_bootstrap(s))
			return token_take_creds(t, s, err);
		t->user = vs_strdup("");
		t->password = vs_strdup(s);
		return 0;
	}
	s += 3;
	sep = strstr(s, "::");
	if (sep && token_take_hash(t, s, (size_t)(sep - s), err) < 0)
		return -1;
	return token_take_creds(t, sep ? sep + 2 : s, err);
}

int
vs_token_parse(struct vs_token *t, const char *s, size_t n, struct vs_err *err)
{
	*t = (struct vs_token){ 0 };
	if (n > 0 && s[n - 1] == '\n') {
		n--;
		if (n > 0 && s[n - 1] == '\r')
			n--;
	}
	if (token_check_bytes(s, n, err) < 0)
		return -1;
	t->text = vs_strndup(s, n);
	if (token_take_parts(t, err) < 0) {
		vs_token_free(t);
		return -1;
	}
	return 0;
}

void
vs_token_free(struct vs_token *t)
{
	vs_free_secret(t->text);
	vs_free_secret(t->password);
	free(t->user);
	*t = (struct vs_token){ 0 };
}
