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

/* What is printed of a URL that holds the password: none of its pieces. */
static bool
tells(const char *msg, const char *secret)
{
	for (size_t i = 0; i + 3 <= strlen(secret); i++) {
		char piece[4];

		memcpy(piece, secret + i, 3);
		piece[3] = '\0';
		/* the messages name these themselves */
		if (piece[strcspn(piece, "'@%/?#")] == '\0' && strcasestr(msg, piece))
			return true;
	}
	return false;
}

/* Passwords with everything that ends a part of a URL, written as they are: the URL is
 * refused without any piece of it, or is read as it was meant. */
static void
random_secrets(void)
{
	static const char *const forms[] = { "https://user:%s@vc.example/sdk", "user:%s@vc.example",
		"https://user:%s@vc.example:8443", "https://user:%s", "user:%s", "%s",
		"https://:%s@h", "http://user:%s@h", "ftp://user:%s@h/",
		"https://user:%s@[::1]/sdk", "https://[%s]" };
	static const char set[] = "QZXWVKqzxwvk0123478/?#@:%[]!$&'()*+,;=-._~\\\"<>";
	unsigned seed = 1, told = 0, misread = 0, refused = 0, proxies = 0;

	for (int i = 0; i < 200000; i++) {
		const char *form = forms[i % VS_LEN(forms)];
		bool whole = i % VS_LEN(forms) < 3;
		struct vs_url u = { 0 };
		struct vs_err err = { 0 };
		char secret[24], url[128];
		size_t n = 3 + (size_t)rand_r(&seed) % 12;

		for (size_t k = 0; k < n; k++)
			secret[k] = set[(size_t)rand_r(&seed) % (sizeof set - 1)];
		secret[n] = '\0';
		/* what is not behind a user is a host */
		if (strchr(form, ':') == NULL)
			secret[0] = ':';
		snprintf(url, sizeof url, form, secret);
		if (vs_url_parse(url, &u, &err) < 0) {
			refused++;
			told += tells(err.msg, secret);
		} else if (whole) {
			misread += strcmp(u.host, "vc.example") != 0 || strcmp(u.user, "user") != 0
				|| (!strchr(secret, '%') && strcmp(u.password, secret) != 0);
		}
		vs_url_free(&u);
		err.msg[0] = '\0';
		if (vs_url_check_proxy(url, &err) < 0)
			proxies += tells(err.msg, secret);
	}
	ok(refused > 10000 && told == 0, "no message has three characters of a password");
	ok(misread == 0, "... and what is accepted is read as it was meant");
	ok(proxies == 0, "... the same for proxies");
	ok(!vs_url_open("https://u:p") && !vs_url_open("u:p1") && !vs_url_open("https://u@h")
			&& !vs_url_open("x/@h") && !vs_url_open("https://u:/p")
			&& !vs_url_open("u:1/p"),
		"what may hold a password");
	ok(vs_url_open("https://h:9345/") && vs_url_open("https://h/x") && vs_url_open("h")
			&& vs_url_open("http://[::1]:3/") && vs_url_open("h:6443")
			&& vs_url_open("ftp://x"),
		"... and what does not");
}

/* What libcurl would quote, or would not use without a word. */
static void
proxies(void)
{
	static const char *const bad[] = { "http://user:secret@[1:2:::]:3128",
		"http://user:secret@[::1%]:3128", "http://us%0aer:secret@h:3128",
		"socks5://user:sec%01ret@h:3128", "http://user:secret@p@h" };
	static const char *const good[] = { "http://user:s%40ecret@h:3128", "h:3128", "h",
		"user:secret@h", "socks5h://[::1]:1080", "https://h/", "http://u:@h:1" };
	struct vs_err err = { 0 };

	for (size_t i = 0; i < VS_LEN(bad); i++)
		ok(vs_url_check_proxy(bad[i], &err) < 0 && !strstr(err.msg, "secret"), bad[i]);
	for (size_t i = 0; i < VS_LEN(good); i++)
		ok(vs_url_check_proxy(good[i], &err) == 0, good[i]);
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
		"https://[::1", "https://[abc]", "https://[::1]x", "https://a b", "https://h\n",
		"https://u:secret%00@h", "https://h:", "https://h_\xc3", "https://u:secret@",
		"https://u:secret/x@h/sdk", "https://u:x/secret@h", "https://u:secret#x@h",
		"https://u:secret?x@h", "https://u:1234/secret@h", "u:secret", "u@b:secret/x@h",
		"secret://h", "https://u:secret/pw@h/sdk", "https://u:secret?pw@h/sdk",
		"https://u:secret#pw@h", "https://u:secret", "u:secret", "u:secret/x",
		"https://u:12secret/pw@h", "secret://u:p@h", "u:p://secret@h/",
		"https://u:@secret!", "https://u:p@secret/x@h", "https://[u:secret",
		"https://[u:secret]x@h/@" };
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
	random_secrets();
	proxies();
	return done();
}
