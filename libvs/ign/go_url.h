/* SPDX-License-Identifier: Apache-2.0 */
/* go_url.h - which URLs Ignition can parse.  Floor 3. */
#ifndef VS_IGN_GO_URL_H
#define VS_IGN_GO_URL_H

#include <stdbool.h>
#include <stddef.h>

struct vs_go_url {
	char scheme[8]; /* in lower case; "" if it is missing or longer */
	bool has_scheme;
	const char *rest; /* what follows the scheme and its ':'; borrowed */
};

/* Parse a URL (n bytes) as Go's net/url does, which refuses little.  False: it refuses
 * this one. */
bool vs_go_url_parse(const char *s, size_t n, struct vs_go_url *u);

#endif
