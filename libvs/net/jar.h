/* SPDX-License-Identifier: Apache-2.0 */
/* jar.h - cookies in memory, for one client.  Floor 1. */
#ifndef VS_NET_JAR_H
#define VS_NET_JAR_H

#include <stdbool.h>
#include <stddef.h>

#include "net/url.h"

struct vs_cookie {
	char *host, *name, *value; /* value is wiped */
	bool secure;
};

/* { 0 } is an empty one. */
struct vs_jar {
	struct vs_cookie *v;
	size_t n, cap;
};

/* The n bytes of a Set-Cookie value, as it came from host. */
void vs_jar_take(struct vs_jar *jar, const char *host, const char *line, size_t n);

/* The Cookie header's value for a request, or NULL; the caller's, a secret. */
char *vs_jar_header(const struct vs_jar *jar, const struct vs_url *to);

/* The first of that name, from whichever host, or NULL; borrowed until it is set. */
const char *vs_jar_get(const struct vs_jar *jar, const char *name);

/* Secure.  value NULL: all of that name are forgotten. */
void vs_jar_set(struct vs_jar *jar, const char *host, const char *name, const char *value);
void vs_jar_free(struct vs_jar *jar);

#endif
