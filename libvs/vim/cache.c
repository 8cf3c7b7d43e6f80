/* SPDX-License-Identifier: Apache-2.0 */
/* JSON, written by rename.  The file name is a digest of URL, user and trust.  The lock is a
 * file of its own that is never removed, so that all processes lock the same inode. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/io.h"
#include "base/keyring.h"
#include "base/log.h"
#include "base/mem.h"
#include "text/json.h"
#include "text/json_write.h"
#include "text/sha256.h"
#include "vim/cache.h"

static const char KEYRING[] = "HMAC with a key in the kernel's keyring";
static const char KIND[] = "vsutils session 2";

enum {
	CACHE_MAX = 1 << 20,   /* bytes of a file */
	CACHE_ROUNDS = 200000, /* of PBKDF2: 60 ms or more on the processors of 2025 */
};

void
vs_cached_free(struct vs_cached *c)
{
	vs_free_secret(c->cookie);
	vs_content_free(&c->content);
	*c = (struct vs_cached){ 0 };
}

static void
cache_hex(const unsigned char *p, size_t n, char *to)
{
	for (size_t i = 0; i < n; i++)
		snprintf(to + 2 * i, 3, "%02x", p[i]);
}

/* A relative path means another file in another folder. */
static char *
cache_trust_files(const char *files)
{
	VS_FREE char *from = NULL;

	for (const char *f = files; *f && from == NULL; f += strcspn(f, ":"), f += *f == ':')
		if (*f != '/' && *f != ':')
			from = getcwd(NULL, 0);
	return vs_printf("CAs in %s%s%s", files, from ? ", from " : "", from ? from : "");
}

/* How the server was authenticated: what was learnt without verification, or by trusting
 * others, is not used where more is asked for. */
static char *
cache_trust(const struct vs_conn *conn)
{
	return conn->insecure	 ? vs_strdup("none")
		: conn->pins	 ? vs_printf("thumbprint %s", conn->pins)
		: conn->ca_files ? cache_trust_files(conn->ca_files)
				 : vs_strdup("the system's CAs");
}

/* Who has the file must not be able to test passwords much faster than with vCenter.
 * With the key in the kernel's keyring, he cannot at all; without a keyring, a guess costs
 * a time that is paid once by each run. */
static bool
cache_hash(const char *password, const char *salt, bool keyring, char out[65])
{
	VS_FREE char *name = vs_printf("vsutils:%s", salt);
	unsigned char d[32], key[32];
	unsigned n = sizeof d;
	bool good;

	if (keyring) {
		good = vs_keyring_get(name, key, sizeof key)
			&& HMAC(EVP_sha256(), key, sizeof key, (const unsigned char *)password,
				strlen(password), d, &n);
		vs_wipe(key, sizeof key);
	} else {
		good = PKCS5_PBKDF2_HMAC(password, (int)strlen(password),
			(const unsigned char *)salt, (int)strlen(salt), CACHE_ROUNDS, EVP_sha256(),
			sizeof d, d);
	}
	if (good)
		cache_hex(d, sizeof d, out);
	return good;
}

/* In c->salt and c->digest; computed once. */
static bool
cache_digest(struct vs_cache *c, const char *password, const char *salt, bool keyring)
{
	if (strcmp(c->salt, salt) == 0 && c->keyring == keyring && *c->digest)
		return true;
	memmove(c->salt, salt, sizeof c->salt);
	c->keyring = keyring;
	*c->digest = '\0';
	return cache_hash(password, salt, keyring, c->digest);
}

/* A new salt, and a key if there is a keyring. */
static bool
cache_digest_new(struct vs_cache *c, const char *password)
{
	unsigned char salt[16], key[32];
	VS_FREE char *name = NULL;
	char hex[33];
	bool keyring;

	if (RAND_bytes(salt, sizeof salt) != 1 || RAND_bytes(key, sizeof key) != 1)
		return false;
	cache_hex(salt, sizeof salt, hex);
	name = vs_printf("vsutils:%s", hex);
	keyring = vs_keyring_put(name, key, sizeof key);
	vs_wipe(key, sizeof key);
	return cache_digest(c, password, hex, keyring);
}

/* The folder, created if missing; the caller's.  NULL: there is no private one. */
static char *
cache_folder(void)
{
	const char *base;
	VS_FREE char *cache = NULL;
	struct stat st;
	char *dir;

	if ((base = vs_env("XDG_RUNTIME_DIR")) == NULL
		&& (base = vs_env("XDG_CACHE_HOME")) == NULL) {
		if (vs_env("HOME") == NULL)
			return NULL;
		cache = vs_printf("%s/.cache", vs_env("HOME"));
		mkdir(cache, 0700);
		base = cache;
	}
	dir = vs_printf("%s/vsutils", base);
	mkdir(dir, 0700);
	if (lstat(dir, &st) < 0 || !S_ISDIR(st.st_mode) || st.st_uid != geteuid()
		|| (st.st_mode & 077) != 0) {
		vs_info("no session cache: '%s' is not a folder owned by this user with mode 0700",
			dir);
		free(dir);
		return NULL;
	}
	return dir;
}

struct vs_cache *
vs_cache_open(const struct vs_conn *conn)
{
	VS_FREE char *dir = cache_folder();
	VS_FREE char *trust = cache_trust(conn);
	VS_FREE char *key = vs_printf("%s\n%s\n%s\n", conn->url, conn->user, trust);
	char name[VS_SHA256_HEX];
	struct vs_cache *c;

	if (dir == NULL)
		return NULL;
	vs_sha256(key, strlen(key), name);
	c = vs_alloc(1, sizeof *c);
	c->path = vs_printf("%s/%.32s", dir, name);
	c->lock_path = vs_printf("%s.lock", c->path);
	c->lock = -1;
	return c;
}

void
vs_cache_free(struct vs_cache *c)
{
	if (c == NULL)
		return;
	vs_cache_unlock(c);
	free(c->path);
	free(c->lock_path);
	free(c);
}

bool
vs_cache_lock(struct vs_cache *c)
{
	const char *why;
	int fd = vs_open_state(c->lock_path, O_RDWR | O_CREAT, &why);
	bool taken;

	assert(c->lock < 0);
	if (fd < 0) {
		vs_info("no lock for the session cache: '%s': %s", c->lock_path, why);
		return true;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		taken = errno == EWOULDBLOCK || errno == EINTR;
		close(fd);
		return !taken;
	}
	c->lock = fd;
	return true;
}

void
vs_cache_unlock(struct vs_cache *c)
{
	if (c == NULL || c->lock < 0)
		return;
	close(c->lock);
	c->lock = -1;
}

/* The text of the file.  False: another user may have written it, or it is too large. */
static bool
cache_slurp(const char *path, struct vs_buf *b)
{
	const char *why;
	VS_CLOSEFD int fd = vs_open_state(path, O_RDONLY, &why);
	struct vs_err err;

	if (fd < 0 && *why)
		vs_info("the session cache '%s' is not used: %s", path, why);
	return fd >= 0 && vs_read_fd(fd, b, &err) == 0;
}

/* It goes into requests, the cookie and the API version into their headers. */
static char *
cache_text(json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	for (const char *c = s; c && *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return NULL;
	return s && *s ? vs_strdup(s) : NULL;
}

static bool
cache_same(json_t *o, const char *key, const char *want)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s && strcmp(s, want) == 0;
}

static bool
cache_ours(struct vs_cache *c, json_t *o, const struct vs_conn *conn)
{
	const char *salt = json_string_value(json_object_get(o, "salt"));
	VS_FREE char *trust = cache_trust(conn);

	return cache_same(o, "kind", KIND) && cache_same(o, "url", conn->url)
		&& cache_same(o, "user", conn->user) && cache_same(o, "trust", trust) && salt
		&& strlen(salt) == 32
		&& cache_digest(c, conn->password, salt, cache_same(o, "digest", KEYRING))
		&& cache_same(o, "password", c->digest);
}

bool
vs_cache_read(struct vs_cache *c, const struct vs_conn *conn, struct vs_cached *to)
{
	VS_BUF_FREE struct vs_buf b = { .s = vs_buf_empty, .max = CACHE_MAX, .secret = true };
	struct vs_err err;
	VS_JSON_FREE json_t *o = NULL;
	json_t *k;

	*to = (struct vs_cached){ 0 };
	if (cache_slurp(c->path, &b))
		o = vs_json_read(b.s, b.len, &err);
	if (!json_is_object(o) || !cache_ours(c, o, conn))
		return false;
	to->refused = json_integer_value(json_object_get(o, "refused"));
	to->cookie = cache_text(o, "cookie");
	k = json_object_get(o, "content");
	to->content = (struct vs_content){
		.root_folder = cache_text(k, "rootFolder"),
		.property_collector = cache_text(k, "propertyCollector"),
		.view_manager = cache_text(k, "viewManager"),
		.session_manager = cache_text(k, "sessionManager"),
		.search_index = cache_text(k, "searchIndex"),
		.storage_resource_manager = cache_text(k, "storageResourceManager"),
		.api_version = cache_text(k, "apiVersion"),
		.instance_uuid = cache_text(k, "instanceUuid"),
	};
	if (to->refused
		|| (to->cookie && to->content.root_folder && to->content.property_collector
			&& to->content.view_manager && to->content.session_manager
			&& to->content.search_index && to->content.api_version))
		return true;
	vs_cached_free(to);
	return false;
}

static void
cache_write_content(struct vs_jw *w, const struct vs_content *c)
{
	vs_jw_object(w, "content");
	vs_jw_str(w, "rootFolder", c->root_folder);
	vs_jw_str(w, "propertyCollector", c->property_collector);
	vs_jw_str(w, "viewManager", c->view_manager);
	vs_jw_str(w, "sessionManager", c->session_manager);
	vs_jw_str(w, "searchIndex", c->search_index);
	vs_jw_str(w, "storageResourceManager", c->storage_resource_manager);
	vs_jw_str(w, "apiVersion", c->api_version);
	vs_jw_str(w, "instanceUuid", c->instance_uuid);
	vs_jw_close(w, true);
}

void
vs_cache_write(struct vs_cache *c, const struct vs_conn *conn, const struct vs_cached *from)
{
	VS_BUF_FREE struct vs_buf b = { .s = vs_buf_empty, .max = CACHE_MAX, .secret = true };
	struct vs_jw w = { .b = &b };
	VS_FREE char *trust = cache_trust(conn);
	struct vs_err err;

	if (*c->digest == '\0' && !cache_digest_new(c, conn->password))
		return;
	vs_jw_object(&w, NULL);
	vs_jw_str(&w, "kind", KIND);
	vs_jw_str(&w, "url", conn->url);
	vs_jw_str(&w, "user", conn->user);
	vs_jw_str(&w, "trust", trust);
	vs_jw_str(&w, "digest", c->keyring ? KEYRING : "PBKDF2");
	vs_jw_str(&w, "salt", c->salt);
	vs_jw_str(&w, "password", c->digest);
	if (from->refused)
		vs_jw_int(&w, "refused", from->refused);
	if (from->cookie) {
		vs_jw_str(&w, "cookie", from->cookie);
		cache_write_content(&w, &from->content);
	}
	vs_jw_close(&w, true);
	vs_buf_ch(&b, '\n');
	if (b.over)
		vs_info("no session cache: the session is larger than %d bytes", CACHE_MAX);
	else if (vs_write_state(c->path, b.s, b.len, 0600, &err) < 0)
		vs_info("no session cache: %s", err.msg);
}
