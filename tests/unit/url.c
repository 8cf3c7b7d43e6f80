/* SPDX-License-Identifier: Apache-2.0 */
/* URLs, and the cookies that go to their hosts. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "net/jar.h"
#include "net/url.h"
#include "tap.h"

/* No limit of ours: neither in number nor in length. */
static void
cookies(void)
{
	struct vs_url u = { .scheme = (char *)"https", .host = (char *)"h" };
	VS_BUF_FREE struct vs_buf want = VS_BUF_INIT, value = VS_BUF_INIT;
	struct vs_jar jar = { 0 };
	VS_FREE char *got = NULL;

	for (int i = 0; i < 20000; i++)
		vs_buf_ch(&value, 'v');
	for (int i = 0; i < 200; i++) {
		VS_FREE char *line = vs_printf("c%d=%s%d; Path=/; Secure", i, value.s, i);

		vs_jar_take(&jar, "h", line, strlen(line));
		vs_buf_fmt(&want, "%sc%d=%s%d", i ? "; " : "", i, value.s, i);
	}
	vs_jar_take(&jar, "other", "x=y", 3);
	got = vs_jar_header(&jar, &u);
	ok(got && strcmp(got, want.s) == 0, "200 cookies of 20,000 bytes");
	vs_jar_free(&jar);
	free(vs_steal(got));
	got = vs_jar_header(&jar, &u);
	ok(got == NULL, "none");
}

int
main(void)
{
	static const struct {
		const char *s, *user, *password, *host, *path;
		int port;
	} good[] = {
		{ "https://vc.example", NULL, NULL, "vc.example", NULL, 443 },
		{ "vc.example", NULL, NULL, "vc.example", NULL, 443 },
		{ "VC.example:8989/sdk", NULL, NULL, "vc.example", "/sdk", 8989 },
		{ "https://u:p@h/", "u", "p", "h", "/", 443 },
		{ "https://administrator@vsphere.local:p@ss:w%2Frd@h",
			"administrator@vsphere.local", "p@ss:w/rd", "h", NULL, 443 },
		{ "HTTPS://u@[::1]:44/a?b=c#d", "u", NULL, "::1", "/a?b=c", 44 },
		{ "[fe80::1]", NULL, NULL, "fe80::1", NULL, 443 },
		{ "https://h?x", NULL, NULL, "h", "/?x", 443 },
		{ "https://:@h", "", "", "h", NULL, 443 },
	};
	static const char *const bad[] = { "", "https://", "http://h", "ftp://h",
		"https://u:secret%zz@h", "https://h:0", "https://h:65536", "https://h:x",
		"https://[::1", "https://[::1]x", "https://a b", "https://h\n",
		"https://u:secret%00@h", "https://h:", "https://h_\xc3", "https://u:secret@",
		"https://u:secret/x@h/sdk", "https://u:x/secret@h", "https://u:secret#x@h",
		"https://u:secret?x@h", "https://u:1234/secret@h", "u:secret", "u@b:secret/x@h",
		"secret://h" };
	struct vs_url u = { 0 };
	struct vs_err err;

	for (size_t i = 0; i < VS_LEN(good); i++) {
		ok(vs_url_parse(good[i].s, &u, &err) == 0, good[i].s);
		is(u.user, good[i].user, "user");
		is(u.password, good[i].password, "password");
		is(u.host, good[i].host, "host");
		is(u.path, good[i].path, "path");
		ok(u.port == good[i].port, "port");
		vs_url_free(&u);
	}
	for (size_t i = 0; i < VS_LEN(bad); i++) {
		ok(vs_url_parse(bad[i], &u, &err) < 0 && err.code == VS_ERR_USAGE, "no URL");
		ok(!strstr(err.msg, "secret"), "the message shows no password");
	}
	u.plain_ok = true;
	ok(vs_url_parse("http://h", &u, &err) == 0 && u.port == 80, "plain HTTP");
	vs_url_free(&u);
	cookies();
	return done();
}
