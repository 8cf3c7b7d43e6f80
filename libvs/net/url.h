/* SPDX-License-Identifier: Apache-2.0 */
/* url.h - an https URL, in its parts.  Floor 1. */
#ifndef VS_NET_URL_H
#define VS_NET_URL_H

#include <stdbool.h>

#include "base/err.h"

struct vs_url {
	bool plain_ok;			/* set by the caller: http is accepted too */
	char *scheme, *user, *password; /* owned, decoded; NULL when not there */
	char *host;			/* lower case, an IPv6 address without brackets */
	char *path;			/* from the '/' on, with the query; or NULL */
	int port;			/* 443 (http: 80) when none is given */
	bool open;			/* vs_url_open */
};

/* https when s has no scheme.  -1, VS_ERR_USAGE: s is not a URL; nothing to free
 * then.  No message shows the user, or any part of the password, however s is wrong. */
int vs_url_parse(const char *s, struct vs_url *u, struct vs_err *err);
void vs_url_free(struct vs_url *u); /* empty after; plain_ok stays */

/* May s be quoted?  False: a part of it may be a password. */
bool vs_url_open(const char *s);

/* The URL of a proxy, which libcurl will read: it would quote one that is wrong, or take
 * a part of the password for the host. */
int vs_url_check_proxy(const char *s, struct vs_err *err);

#endif
