/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 6265, 5.2 and 5.3, without Domain and Path: a cookie belongs to the host that
 * set it.  libcurl's own engine would change values that are quoted, and write files.
 * libcurl limits the size of a header (100 KiB), so no limit is needed here. */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/buf.h"
#include "base/mem.h"
#include "net/jar.h"

static void
jar_put(struct vs_jar *jar, const char *host, const char *name, size_t name_len, const char *value,
	size_t len, bool secure)
{
	struct vs_cookie *c = NULL;

	for (size_t i = 0; i < jar->n && c == NULL; i++)
		if (strcasecmp(jar->v[i].host, host) == 0 && strlen(jar->v[i].name) == name_len
			&& strncmp(jar->v[i].name, name, name_len) == 0)
			c = &jar->v[i];
	if (c == NULL) {
		vs_grow(jar->v, jar->n, jar->cap);
		c = &jar->v[jar->n++];
		c->host = vs_strdup(host);
		c->name = vs_strndup(name, name_len);
	} else {
		vs_free_secret(c->value);
	}
	c->value = vs_strndup(value, len);
	c->secure = secure;
}

static void
jar_forget(struct vs_jar *jar, const char *host, const char *name, size_t name_len)
{
	size_t kept = 0;

	for (size_t i = 0; i < jar->n; i++) {
		struct vs_cookie *c = &jar->v[i];

		if (strlen(c->name) == name_len && strncmp(c->name, name, name_len) == 0
			&& (host == NULL || strcasecmp(c->host, host) == 0)) {
			free(c->host);
			free(c->name);
			vs_free_secret(c->value);
		} else {
			jar->v[kept++] = *c;
		}
	}
	jar->n = kept;
}

struct jar_attributes {
	bool secure, expired;
	bool max_age; /* which has precedence over Expires */
};

/* One attribute of a Set-Cookie line. */
static void
jar_attribute(const char *s, size_t n, struct jar_attributes *a)
{
	const char *eq = memchr(s, '=', n);
	size_t name = eq ? (size_t)(eq - s) : n;
	VS_FREE char *value = eq ? vs_strndup(eq + 1, n - name - 1) : NULL;

	if (name == 6 && strncasecmp(s, "secure", 6) == 0)
		a->secure = true;
	if (value == NULL || name != 7)
		return;
	if (strncasecmp(s, "max-age", 7) == 0) {
		a->max_age = true;
		a->expired = strtol(value, NULL, 10) <= 0;
	} else if (strncasecmp(s, "expires", 7) == 0 && !a->max_age) {
		time_t at = curl_getdate(value, NULL);

		a->expired = at != (time_t)-1 && at <= time(NULL);
	}
}

void
vs_jar_take(struct vs_jar *jar, const char *host, const char *line, size_t n)
{
	const char *end = line + n, *stop, *eq;
	size_t len, name;
	struct jar_attributes a = { 0 };

	while (line < end && (*line == ' ' || *line == '\t'))
		line++;
	stop = memchr(line, ';', (size_t)(end - line));
	if (stop == NULL)
		stop = end;
	len = (size_t)(stop - line);
	while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t'))
		len--;
	eq = memchr(line, '=', len);
	if (eq == NULL || eq == line)
		return;
	name = (size_t)(eq - line);
	while (stop < end) {
		const char *s = stop + 1;

		while (s < end && (*s == ' ' || *s == '\t'))
			s++;
		stop = memchr(s, ';', (size_t)(end - s));
		if (stop == NULL)
			stop = end;
		jar_attribute(s, (size_t)(stop - s), &a);
	}
	if (a.expired)
		jar_forget(jar, host, line, name);
	else
		jar_put(jar, host, line, name, eq + 1, len - name - 1, a.secure);
}

char *
vs_jar_header(const struct vs_jar *jar, const struct vs_url *to)
{
	struct vs_buf b = VS_BUF_SECRET;

	for (size_t i = 0; i < jar->n; i++) {
		const struct vs_cookie *c = &jar->v[i];

		if (strcasecmp(c->host, to->host) != 0
			|| (c->secure && strcmp(to->scheme, "https") != 0))
			continue;
		if (b.len)
			vs_buf_str(&b, "; ");
		vs_buf_str(&b, c->name);
		vs_buf_ch(&b, '=');
		vs_buf_str(&b, c->value);
	}
	if (b.len)
		return vs_buf_take(&b);
	return NULL;
}

void
vs_jar_free(struct vs_jar *jar)
{
	for (size_t i = 0; i < jar->n; i++) {
		free(jar->v[i].host);
		free(jar->v[i].name);
		vs_free_secret(jar->v[i].value);
	}
	free(jar->v);
	*jar = (struct vs_jar){ 0 };
}

const char *
vs_jar_get(const struct vs_jar *jar, const char *name)
{
	for (size_t i = 0; i < jar->n; i++)
		if (strcmp(jar->v[i].name, name) == 0)
			return jar->v[i].value;
	return NULL;
}

void
vs_jar_set(struct vs_jar *jar, const char *host, const char *name, const char *value)
{
	if (value)
		jar_put(jar, host, name, strlen(name), value, strlen(value), true);
	else
		jar_forget(jar, NULL, name, strlen(name));
}
