/* SPDX-License-Identifier: Apache-2.0 */
/* The file of the session cache, whatever is in it. */
#include <dirent.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "fuzz.h"
#include "vim/cache.h"

#define PASSWORD "S3CRET"

static char url[] = "https://vc.example/sdk", host[] = "vc.example", user[] = "admin",
	    password[] = PASSWORD;
static const struct vs_conn conn = {
	.url = url,
	.host = host,
	.port = 443,
	.user = user,
	.password = password,
};

/* In place of OpenSSL's, which are slow on purpose: every digest is "abab..". */
int
PKCS5_PBKDF2_HMAC(const char *pass, int pass_len, const unsigned char *salt, int salt_len,
	int rounds, const EVP_MD *md, int n, unsigned char *to)
{
	(void)pass, (void)pass_len, (void)salt, (void)salt_len, (void)rounds, (void)md;
	memset(to, 0xab, (size_t)n);
	return 1;
}

int
EVP_PBE_scrypt(const char *pass, size_t pass_len, const unsigned char *salt, size_t salt_len,
	uint64_t n, uint64_t r, uint64_t p, uint64_t max, unsigned char *to, size_t to_len)
{
	(void)pass, (void)pass_len, (void)salt, (void)salt_len, (void)n, (void)r, (void)p,
		(void)max;
	if (to)
		memset(to, 0xab, to_len);
	return 1;
}

/* Where fsync() costs nothing. */
static char folder[] = "/dev/shm/fuzz-cache-XXXXXX";

static void
clean(void)
{
	VS_FREE char *sub = vs_printf("%s/vsutils", folder);
	DIR *d = opendir(sub);

	for (struct dirent *e; d && (e = readdir(d)) != NULL;)
		unlinkat(dirfd(d), e->d_name, 0);
	if (d)
		closedir(d);
	rmdir(sub);
	rmdir(folder);
}

/* The cache of this process. */
static struct vs_cache *
cache(void)
{
	static struct vs_cache *c;

	if (c == NULL) {
		must(mkdtemp(folder) != NULL, "there is a folder");
		atexit(clean);
		setenv("XDG_RUNTIME_DIR", folder, 1);
		c = vs_cache_open(&conn);
		must(c != NULL, "there is a cache");
	}
	*c->salt = '\0';
	return c;
}

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
text(const char *s)
{
	for (; s && *s; s++)
		must((unsigned char)*s >= ' ' && *s != 0x7f,
			"what goes into requests has no control character");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct vs_cache *c = cache();
	VS_CLOSEFD int fd = open(c->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	VS_BUF_FREE struct vs_buf written = VS_BUF_INIT;
	struct vs_cached a, b;
	struct vs_err err;

	must(fd >= 0 && vs_write_fd(fd, data, n, &err) == 0, "there is a file");
	if (!vs_cache_read(c, &conn, &a)) {
		must(a.cookie == NULL && a.content.root_folder == NULL && a.refused == 0,
			"nothing is left of a file that is not used");
		return 0;
	}
	must(a.cookie || a.refused, "a session, or a refused login");
	must(a.cookie == NULL || a.refused || (a.content.root_folder && a.content.session_manager),
		"a session has its content");
	text(a.cookie);
	text(a.content.root_folder);
	text(a.content.api_version);
	text(a.content.property_collector);
	vs_cache_write(c, &conn, &a);
	must(vs_read_file(c->path, "it", &written, &err) == 0, "it is written");
	must(strstr(written.s, PASSWORD) == NULL || memmem(data, n, PASSWORD, strlen(PASSWORD)),
		"without the password");
	must(vs_cache_read(c, &conn, &b), "what is written is read again");
	must(same(a.cookie, b.cookie) && a.refused == b.refused, "and is the same");
	if (a.cookie)
		must(same(a.content.root_folder, b.content.root_folder)
				&& same(a.content.instance_uuid, b.content.instance_uuid)
				&& same(a.content.api_version, b.content.api_version),
			"with its content");
	vs_cached_free(&a);
	vs_cached_free(&b);
	return 0;
}
