/* SPDX-License-Identifier: Apache-2.0 */
/* token.h - a join token: its grammar, its parts.  Floor 2. */
#ifndef VS_RKE2_TOKEN_H
#define VS_RKE2_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* The longest token that is taken, in bytes. */
enum { VS_TOKEN_MAX = 4096 };

/* Owns what it points to; vs_token_free overwrites it.  text and password are
 * secrets: they never go into a message, a log or an argument list. */
struct vs_token {
	char *text;	/* as given, without its line feed */
	char hash[65];	/* of the cluster's CA, [0-9a-f]{64}; "": not pinned */
	char *user;	/* "server", "node" or ""; of a bootstrap token its id */
	char *password; /* or the bootstrap token's secret */
	bool bootstrap; /* "id.secret" by `rke2 token create`: it expires */
	bool brief;	/* no K10 before it: a password or id.secret alone */
};

#define VS_TOKEN_FREE __attribute__((cleanup(vs_token_free)))

/* The n bytes at s as a token; one line feed (or CR LF) behind it is dropped.
 *
 *   K10 [CA-HASH] :: USER : PASSWORD     USER may be empty
 *   K10 [CA-HASH] :: ID.SECRET           [a-z0-9]{6} . [a-z0-9]{16}
 *   PASSWORD | ID.SECRET                 the same without a hash
 *
 * as in parseToken of k3s, pkg/clientaccess/token.go, which RKE2's agent runs.
 * Stricter in three ways: a hash is lower-case hex (it could not match
 * otherwise), no white space, control bytes or byte order mark, no more than
 * VS_TOKEN_MAX bytes.  VS_ERR_USAGE when it is none; the message never holds a
 * part of it.  *t is empty after an error. */
int vs_token_parse(struct vs_token *t, const char *s, size_t n, struct vs_err *err);

/* What may be shown of it: "K10<hash>::node:***".  Freed with free(). */
char *vs_token_show(const struct vs_token *t);

void vs_token_free(struct vs_token *t);

#endif
