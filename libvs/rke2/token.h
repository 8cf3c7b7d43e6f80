/* SPDX-License-Identifier: Apache-2.0 */
/* token.h - a join token and its parts.  Floor 2. */
#ifndef VS_RKE2_TOKEN_H
#define VS_RKE2_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* The longest accepted token, in bytes. */
enum { VS_TOKEN_MAX = 4096 };

/* Owns all it points to; vs_token_free overwrites the secrets.  text and password are
 * secret: they never go into a message, a log or an argument list. */
struct vs_token {
	char *text;	/* as given, without its line feed */
	char hash[65];	/* of the cluster's CA, [0-9a-f]{64}; "": none */
	char *user;	/* "server", "node" or ""; of a bootstrap token its id */
	char *password; /* or the secret of the bootstrap token */
	bool bootstrap; /* "id.secret" from `rke2 token create`: it expires */
};

#define VS_TOKEN_FREE __attribute__((cleanup(vs_token_free)))

/* The n bytes at s as a token, without one line feed (or CR LF) at the end:
 *
 *   K10 [CA-HASH] :: USER : PASSWORD     USER may be empty
 *   K10 [CA-HASH] :: ID.SECRET           [a-z0-9]{6} . [a-z0-9]{16}
 *   PASSWORD | ID.SECRET                 the same without a hash
 *
 * as in parseToken of k3s, pkg/clientaccess/token.go, which RKE2's agent runs.
 * Stricter in three ways: a hash is in lower case (or it could not match), there is no
 * white space, control character or byte order mark, and no more than VS_TOKEN_MAX bytes.
 * VS_ERR_USAGE: not a token; *t is empty, and the message contains no part of it. */
int vs_token_parse(struct vs_token *t, const char *s, size_t n, struct vs_err *err);

void vs_token_free(struct vs_token *t); /* *t is empty after */

#endif
