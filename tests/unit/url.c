/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"
#include "net/url.h"
#include "tap.h"

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
		"https://u:secret%00@h", "https://h:", "https://h_\xc3", "https://u:secret@" };
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
	return done();
}
