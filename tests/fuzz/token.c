/* SPDX-License-Identifier: Apache-2.0 */
/* Join tokens: the bytes as a token file. */
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "fuzz.h"
#include "rke2/token.h"

#define SECRET "S3CRET"

static bool
has_control(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s <= ' ' || *s == 0x7f)
			return true;
	return false;
}

/* The text from its parts; "" if it has another form. */
static void
parts(const struct vs_token *t, struct vs_buf *b)
{
	bool full = strncmp(t->text, "K10", 3) == 0;

	if (full)
		vs_buf_fmt(b, "K10%s%s", t->hash, strstr(t->text, "::") ? "::" : "");
	if (t->bootstrap)
		vs_buf_fmt(b, "%s.", t->user);
	else if (full)
		vs_buf_fmt(b, "%s:", t->user);
	vs_buf_str(b, t->password);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	VS_TOKEN_FREE struct vs_token t = { 0 }, again = { 0 };
	VS_BUF_FREE struct vs_buf b = VS_BUF_SECRET;
	struct vs_err err = { 0 };

	if (vs_token_parse(&t, (const char *)data, n, &err) < 0) {
		must(err.code == VS_ERR_USAGE && err.msg[0], "a token is refused with a message");
		must(strstr(err.msg, SECRET) == NULL, "which shows no part of it");
		must(t.text == NULL && t.password == NULL && t.user == NULL, "and nothing is left");
		return 0;
	}
	must(!has_control(t.text) && *t.password, "a token has a password, and no white space");
	must(strlen(t.text) <= n && memcmp(t.text, data, strlen(t.text)) == 0, "it is as given");
	must(n - strlen(t.text) <= 2, "but for its line end");
	must(t.hash[0] == '\0' || strlen(t.hash) == 64, "a hash is whole or missing");
	parts(&t, &b);
	must(strcmp(b.s, t.text) == 0, "its parts are all of it");
	must(vs_token_parse(&again, t.text, strlen(t.text), &err) == 0
			&& strcmp(again.password, t.password) == 0
			&& strcmp(again.user, t.user) == 0 && again.bootstrap == t.bootstrap,
		"and it is the same when it is read again");
	return 0;
}
