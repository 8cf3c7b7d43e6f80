/* SPDX-License-Identifier: Apache-2.0 */
/* base: what is secret is wiped; key/value lists; paths in their shortest form */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clean.h"
#include "base/err.h"
#include "base/io.h"
#include "base/kv.h"
#include "base/mem.h"
#include "tap.h"

static struct vs_err err;

/* In place of libc's: vs_wipe calls one of them, the second with _FORTIFY_SOURCE. */
static size_t wiped;

void explicit_bzero(void *p, size_t n);
void __explicit_bzero_chk(void *p, size_t n, size_t room);

void
explicit_bzero(void *p, size_t n)
{
	wiped += n;
	memset(p, 0, n);
	__asm__ volatile("" : : "r"(p) : "memory");
}

void
__explicit_bzero_chk(void *p, size_t n, size_t room)
{
	(void)room;
	explicit_bzero(p, n);
}

static void
secrets(void)
{
	struct vs_buf b = VS_BUF_SECRET;
	char *s = vs_strdup("secret");

	vs_wipe(s, 6);
	ok(memcmp(s, "\0\0\0\0\0", 6) == 0, "wiping");
	vs_free_secret(s);
	vs_free_secret(NULL);
	wiped = 0;
	for (int i = 0; i < 100; i++)
		vs_buf_str(&b, "0123456789");
	ok(b.len == 1000 && strcmp(b.s + 990, "0123456789") == 0,
		"a buffer that leaves no copies grows");
	ok(wiped >= 64 + 128 + 256 + 512, "... and its old copies are wiped");
	wiped = 0;
	vs_buf_free(&b);
	ok(wiped >= 1000, "... and it itself, at the end");
	ok(b.secret && b.cap == 0, "... and stays one");
}

static void
pairs(const char *dir)
{
	VS_FREE char *path = vs_printf("%s/value", dir);
	VS_FREE char *given = vs_printf("k.file=%s", path);
	struct vs_kvs l = { 0 };

	ok(vs_kvs_parse(&l, "a=1", &err) == 0 && vs_kvs_parse(&l, "b=x=y", &err) == 0, "KEY=VALUE");
	is(vs_kvs_get(&l, "b"), "x=y", "... the first '=' ends the key");
	ok(vs_kvs_parse(&l, "a=2", &err) == 0 && l.n == 2, "a key again");
	is(vs_kvs_get(&l, "a"), "2", "... has the new value");
	ok(vs_kvs_parse(&l, "=v", &err) == -1 && vs_kvs_parse(&l, "v", &err) == -1, "no key");
	ok(!strstr(err.msg, "v'"), "... which is not quoted");
	ok(vs_write_file(path, "s3cret-value", 12, 0600, &err) == 0
			&& vs_kvs_parse_file(&l, given, &err) == 0,
		"KEY=FILE");
	is(vs_kvs_get(&l, "k.file"), "s3cret-value", "... is the file's content");
	wiped = 0;
	vs_kvs_free(&l);
	ok(wiped == 12, "... which is wiped at the end, and nothing else");
	unlink(path);
}

static void
cleaning(void)
{
	static const struct {
		const char *path, *clean;
		bool below;
	} all[] = {
		{ "a//b/./../c/", "a/c", true },
		{ "/a/b", "a/b", true },
		{ "a/..", "", true },
		{ "a/../..", "", false },
		{ "../a", "a", false },
		{ "../a/..", "", false },
		{ "a/../../b/c/..", "b", false },
		{ "..a/b..", "..a/b..", true },
	};

	for (size_t i = 0; i < VS_LEN(all); i++) {
		VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

		ok(vs_clean_path(all[i].path, &b) == all[i].below, all[i].path);
		is(b.s, all[i].clean, "... its shortest form");
	}
}

int
main(void)
{
	char dir[] = "/tmp/vsutils-secrets-XXXXXX";

	secrets();
	if (ok(mkdtemp(dir) != NULL, "a scratch folder"))
		pairs(dir);
	ok(rmdir(dir) == 0, "nothing is left in it");
	cleaning();
	return done();
}
