/* SPDX-License-Identifier: Apache-2.0 */
/* URLs of a server, as users give them, and those in a config, as Go reads them. */
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "fuzz.h"
#include "ign/go_url.h"
#include "net/url.h"

#define SECRET "S3CRET"

/* s in percent-encoding, whatever it is */
static void
encode(struct vs_buf *b, const char *s)
{
	for (; *s; s++)
		vs_buf_fmt(b, "%%%02X", (unsigned char)*s);
}

static void
write_url(const struct vs_url *u, struct vs_buf *b)
{
	vs_buf_fmt(b, "%s://", u->scheme);
	if (u->user)
		encode(b, u->user);
	if (u->password) {
		vs_buf_ch(b, ':');
		encode(b, u->password);
	}
	if (u->user)
		vs_buf_ch(b, '@');
	vs_buf_fmt(b, strchr(u->host, ':') ? "[%s]:%d" : "%s:%d", u->host, u->port);
	vs_buf_str(b, u->path ? u->path : "");
}

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
parsed(const struct vs_url *u)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_url again = { .plain_ok = true };
	struct vs_err err;

	must(*u->host && u->port > 0 && u->port < 65536, "a URL has a host and a port");
	must(strcspn(u->host, " /?#@\"\\<>\r\n") == strlen(u->host), "a host is a name");
	must(u->path == NULL || (*u->path == '/' && !strpbrk(u->path, "#\r\n ")),
		"a path can be a line of a request");
	write_url(u, &b);
	must(vs_url_parse(b.s, &again, &err) == 0, "what is written is read again");
	must(same(u->scheme, again.scheme) && same(u->user, again.user)
			&& same(u->password, again.password) && same(u->host, again.host)
			&& same(u->path, again.path) && u->port == again.port,
		"and is the same");
	vs_url_free(&again);
}

/* Is the secret where only a host can be: after the last '@', before the next ':'? */
static bool
host_has_it(const char *s)
{
	const char *at = strrchr(s, '@');
	size_t scheme = strcspn(s, ":/@?#");
	const char *host = at ? at + 1 : s + (strncmp(s + scheme, "://", 3) == 0 ? scheme + 3 : 0);
	VS_FREE char *name = vs_strndup(host, strcspn(host, ":/?#"));

	return strcasestr(name, SECRET) != NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	VS_FREE char *s = vs_strndup((const char *)data, n);
	VS_FREE char *exact = vs_alloc(n ? n : 1, 1);
	struct vs_url u = { .plain_ok = n % 2 };
	struct vs_go_url go = { 0 };
	struct vs_err err = { 0 };

	if (vs_url_parse(s, &u, &err) == 0) {
		parsed(&u);
		vs_url_free(&u);
	} else {
		must(err.code == VS_ERR_USAGE && err.msg[0], "an error has a message");
		must(u.user == NULL && u.password == NULL && u.host == NULL,
			"and there is nothing to free");
		must(strpbrk(s, "@:") == NULL || !strcasestr(err.msg, SECRET) || host_has_it(s),
			"no message shows a password");
	}
	memcpy(exact, data, n);
	if (vs_go_url_parse(exact, n, &go)) {
		must(go.rest >= exact && go.rest <= exact + n, "the rest is a part of it");
		must(strlen(go.scheme) < sizeof go.scheme && (go.has_scheme || !*go.scheme),
			"a scheme is short");
	}
	return 0;
}
