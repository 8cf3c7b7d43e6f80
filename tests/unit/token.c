/* SPDX-License-Identifier: Apache-2.0 */
/* Join tokens: rke2/token. */
#include "rke2/token.h"
#include "base/mem.h"
#include "tap.h"

#define H64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define X64 "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"

/* Those of k3s, pkg/clientaccess/token_test.go, and what follows from its
 * parseToken. */
static const struct {
	const char *text, *hash, *user, *password, *name;
	bool bootstrap;
} good[] = {
	{ "K10" H64 "::server:s3cret", H64, "server", "s3cret", "K10" H64 "::server:***", false },
	{ "K10" H64 "::node:s3cret\n", H64, "node", "s3cret", "K10" H64 "::node:***", false },
	{ "K10" H64 ":::pw", H64, "", "pw", "K10" H64 ":::***", false },
	{ "K10::user:pw", "", "user", "pw", "K10::user:***", false },
	{ "K10:::pw", "", "", "pw", "K10:::***", false },
	{ "K10x:y", "", "x", "y", "K10::x:***", false },
	{ "K10" H64 "::u:p:q::r", H64, "u", "p:q::r", "K10" H64 "::u:***", false },
	{ "K10" H64 "::abc123.0123456789abcdef", H64, "abc123", "0123456789abcdef",
		"K10" H64 "::abc123.***", true },
	{ "abc123.0123456789abcdef\r\n", "", "abc123", "0123456789abcdef", "abc123.***", true },
	{ "just-a-password", "", "", "just-a-password", "***", false },
	{ "a::b", "", "", "a::b", "***", false },
	{ "user:pw", "", "", "user:pw", "***", false },
	{ "ABC123.0123456789abcdef", "", "", "ABC123.0123456789abcdef", "***", false },
	{ "abc123.0123456789abcdef0", "", "", "abc123.0123456789abcdef0", "***", false },
};

static const struct {
	const char *text;
	size_t n; /* 0: strlen */
	const char *why;
} bad[] = {
	{ "", 0, "must not be empty" },
	{ "\n", 0, "must not be empty" },
	{ "\r\n", 0, "must not be empty" },
	{ "K10", 0, "invalid token format" },
	{ "K10::", 0, "invalid token format" },
	{ "K10::x", 0, "invalid token format" },
	{ "K10::x:", 0, "invalid token format" },
	{ "K10" H64 "::server", 0, "invalid token format" },
	{ "K10" H64, 0, "invalid token format" },
	{ "K10XX::x:y", 0, "invalid token CA hash length: 2" },
	{ "K10" H64 "0::x:y", 0, "invalid token CA hash length: 65" },
	{ "K10x:y::z", 0, "invalid token CA hash length" },
	{ "K10" X64 "::x:y", 0, "expected 64 of [0-9a-f]" },
	{ "K10" H64 "::server:s3cret\n\n", 0, "more than one line" },
	{ "K10" H64 "::server:s3cret\nmore", 0, "more than one line" },
	{ " K10" H64 "::server:s3cret", 0, "contains white space at byte 1" },
	{ "s3cret\tx", 0, "contains white space at byte 7" },
	{ "s3cret\x1b", 0, "contains a control character at byte 7" },
	{ "s3cret\x7f", 0, "contains a control character at byte 7" },
	{ "s3cret\0x", 8, "contains a control character at byte 7" },
	{ "\xef\xbb\xbf"
	  "K10" H64 "::server:s3cret",
		0, "byte order mark" },
};

static void
tokens(void)
{
	struct vs_err err = { 0 };
	struct vs_token t;

	for (size_t i = 0; i < VS_LEN(good); i++) {
		const char *s = good[i].text;
		int rc = vs_token_parse(&t, s, strlen(s), &err);

		if (!ok(rc == 0, good[i].name))
			continue;
		is(t.hash, good[i].hash, "its hash");
		is(t.user, good[i].user, "its user");
		is(t.password, good[i].password, "its password");
		ok(t.bootstrap == good[i].bootstrap, "bootstrap or not");
		ok(strlen(t.text) == strcspn(s, "\r\n") && strncmp(t.text, s, strlen(t.text)) == 0,
			"the text is as given, without its line feed");
		vs_token_free(&t);
	}
	for (size_t i = 0; i < VS_LEN(bad); i++) {
		size_t n = bad[i].n ? bad[i].n : strlen(bad[i].text);

		memset(&t, 0x55, sizeof t);
		err = (struct vs_err){ 0 };
		ok(vs_token_parse(&t, bad[i].text, n, &err) == -1 && err.code == VS_ERR_USAGE,
			bad[i].why);
		if (!ok(strstr(err.msg, bad[i].why) != NULL, "... is said"))
			printf("# %s\n", err.msg);
		ok(strstr(err.msg, "s3cret") == NULL, "... and no secret");
		ok(t.text == NULL && t.password == NULL && t.user == NULL,
			"... and nothing is left");
	}
}

static void
lengths(void)
{
	char big[VS_TOKEN_MAX + 2];
	struct vs_err err = { 0 };
	struct vs_token t;

	memset(big, 'a', sizeof big);
	ok(vs_token_parse(&t, big, VS_TOKEN_MAX, &err) == 0, "the longest token");
	vs_token_free(&t);
	ok(vs_token_parse(&t, big, VS_TOKEN_MAX + 1, &err) == -1
			&& strstr(err.msg, "longer than 4096") != NULL,
		"one byte more");
	big[VS_TOKEN_MAX] = '\n';
	ok(vs_token_parse(&t, big, VS_TOKEN_MAX + 1, &err) == 0, "its line feed does not count");
	vs_token_free(&t);
	vs_token_free(&t);
	ok(t.text == NULL, "freeing twice is harmless");
}

int
main(void)
{
	tokens();
	lengths();
	return done();
}
