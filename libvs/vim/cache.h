/* SPDX-License-Identifier: Apache-2.0 */
/* cache.h - a session's place on disk, and the lock beside it.  Floor 3.
 *
 * A 0600 file in a 0700 folder below XDG_RUNTIME_DIR, XDG_CACHE_HOME or
 * ~/.cache, one for each vCenter, user and password. */
#ifndef VS_VIM_CACHE_H
#define VS_VIM_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "vim/conn.h"
#include "vim/content.h"

struct vs_cache {
	char *path, *lock_path;
	int lock;      /* descriptor, -1: not held */
	char salt[33]; /* of the file that was read last, hex; "" none */
};

/* What a file holds.  Owned strings. */
struct vs_cached {
	char *cookie; /* NULL: no session (a refused login's note) */
	struct vs_content content;
	int64_t refused; /* CLOCK_REALTIME ms of a refused login; 0: none */
};

/* NULL: there is no place for it (no home, not ours, not private): no cache. */
struct vs_cache *vs_cache_open(const struct vs_conn *conn);
void vs_cache_free(struct vs_cache *c);

/* False: no file, or one that is empty, cut, foreign, readable by others, or
 * of another password: as if it were not there; the next write heals it. */
bool vs_cache_read(struct vs_cache *c, const struct vs_conn *conn, struct vs_cached *to);
void vs_cache_write(struct vs_cache *c, const struct vs_conn *conn, const struct vs_cached *from);
void vs_cached_free(struct vs_cached *c);

/* Try to take the lock; never waits.  True: held (or it cannot be had at all,
 * and going on without is all that is left). */
bool vs_cache_lock(struct vs_cache *c);
void vs_cache_unlock(struct vs_cache *c);

#endif
