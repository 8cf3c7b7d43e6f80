/* SPDX-License-Identifier: Apache-2.0 */
/* cache.h - the session cache: a file per vCenter, user and trust, and its lock.  Floor 3.
 *
 * A 0600 file in a 0700 folder under XDG_RUNTIME_DIR, XDG_CACHE_HOME or ~/.cache. */
#ifndef VS_VIM_CACHE_H
#define VS_VIM_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "vim/conn.h"
#include "vim/content.h"

struct vs_cache {
	char *path, *lock_path;
	int lock;	 /* descriptor; -1: not held */
	char salt[33];	 /* in hex; "": none */
	char digest[65]; /* of the password with that salt; "": not computed */
	bool keyring;	 /* ... and with a key of the kernel's keyring */
};

/* The contents of a file.  Owned strings. */
struct vs_cached {
	char *cookie; /* NULL: no session, only the note of a refused login */
	struct vs_content content;
	int64_t refused; /* CLOCK_REALTIME ms of a refused login; 0: none */
};

/* The caller's.  NULL: no cache: there is no home, or the folder is not private. */
struct vs_cache *vs_cache_open(const struct vs_conn *conn);
void vs_cache_free(struct vs_cache *c);

/* False: no file, or one that is invalid, not owned by this user, readable by others,
 * or for another password; the next write replaces it.  *to is the caller's. */
bool vs_cache_read(struct vs_cache *c, const struct vs_conn *conn, struct vs_cached *to);
/* Failures are only logged (-v): the cache is an optimization. */
void vs_cache_write(struct vs_cache *c, const struct vs_conn *conn, const struct vs_cached *from);
void vs_cached_free(struct vs_cached *c);

/* Try to take the lock, without waiting.  False: another process holds it.  True: it is
 * held, or cannot be taken at all (a read-only file system): go on without it. */
bool vs_cache_lock(struct vs_cache *c);
void vs_cache_unlock(struct vs_cache *c);

#endif
