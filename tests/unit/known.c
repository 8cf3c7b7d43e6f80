/* SPDX-License-Identifier: Apache-2.0 */
/* Which cookie goes where, which line of known hosts is whose, and ports at their edges */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "net/jar.h"
#include "net/tls.h"
#include "net/url.h"
#include "tap.h"

#define PIN(x) x ":" x ":" x ":" x ":" x ":" x ":" x ":" x
#define ONE    PIN("11") ":" PIN("11") ":" PIN("11") ":" PIN("11")
#define TWO    PIN("22") ":" PIN("22") ":" PIN("22") ":" PIN("22")
#define SIX    PIN("66") ":" PIN("66") ":" PIN("66") ":" PIN("66")

static struct vs_err err;

static void
cookie(const char *line, const char *scheme, const char *host, const char *want)
{
	struct vs_url to = { .scheme = (char *)scheme, .host = (char *)host };
	struct vs_jar jar = { 0 };
	VS_FREE char *got = NULL;

	vs_jar_take(&jar, "h", line, strlen(line));
	got = vs_jar_header(&jar, &to);
	if (!ok(want ? got && strcmp(got, want) == 0 : got == NULL, line))
		printf("# %s\n", got ? got : "none");
	vs_jar_free(&jar);
}

static void
cookies(void)
{
	cookie("a=b", "https", "h", "a=b");
	cookie("a=b", "https", "H", "a=b");
	cookie("a=b", "https", "h.example", NULL);
	cookie("a=b; Secure", "https", "h", "a=b");
	cookie("a=b; Secure", "http", "h", NULL);
	cookie("a=b", "http", "h", "a=b");
	cookie("a=b; Max-Age=0", "https", "h", NULL);
	cookie("a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "https", "h", NULL);
	cookie("a=b; Expires=Thu, 01 Jan 2099 00:00:00 GMT", "https", "h", "a=b");
	/* Max-Age wins, wherever it is (RFC 6265, 5.3) */
	cookie("a=b; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "https", "h", "a=b");
	cookie("a=b; Max-Age=0; Expires=Thu, 01 Jan 2099 00:00:00 GMT", "https", "h", NULL);
	cookie("=b", "https", "h", NULL);
}

static void
known(const char *file, const char *host, int port, const char *want)
{
	VS_FREE char *pins = NULL;
	int found = vs_known_host(file, host, port, &pins, &err);

	if (!ok(found == (want != NULL) && (!want || (pins && strstr(pins, want))), host))
		printf("# %d %s\n", found, pins ? pins : "none");
}

static void
known_hosts(void)
{
	static const char lines[] = "# a comment\n"
				    "vc.example " ONE "\n"
				    "vc.example:8443 " TWO "\n"
				    "[::1]:6443 " SIX "\n";
	char dir[] = "/tmp/vsutils-known-XXXXXX";
	VS_FREE char *file = NULL;

	if (!ok(mkdtemp(dir) != NULL, "a scratch folder"))
		return;
	file = vs_printf("%s/known", dir);
	ok(vs_write_file(file, lines, strlen(lines), 0600, &err) == 0, "known hosts");
	known(file, "vc.example", 443, ONE);
	known(file, "VC.example", 443, ONE);
	known(file, "vc.example", 8443, TWO);
	known(file, "vc.example", 444, NULL);
	known(file, "vc.example.org", 443, NULL);
	known(file, "vc", 443, NULL);
	known(file, "example", 443, NULL);
	known(file, "::1", 6443, SIX);
	known(file, "::1", 443, NULL);
	known("/nowhere", "vc.example", 443, NULL);
	unlink(file);
	rmdir(dir);
}

static void
ports(void)
{
	static const struct {
		const char *url;
		int port;
	} all[] = { { "https://h:65535/", 65535 }, { "https://h:1", 1 }, { "https://h", 443 },
		{ "https://h:65536/", 0 }, { "https://h:0", 0 }, { "https://h:", 0 } };

	for (size_t i = 0; i < VS_LEN(all); i++) {
		struct vs_url u = { 0 };
		int bad = vs_url_parse(all[i].url, &u, &err);

		ok(bad ? all[i].port == 0 : u.port == all[i].port, all[i].url);
		vs_url_free(&u);
	}
}

int
main(void)
{
	cookies();
	known_hosts();
	ports();
	return done();
}
