/* SPDX-License-Identifier: Apache-2.0 */
/* io.h - whole files in, whole files out.  Floor 0. */
#ifndef VS_BASE_IO_H
#define VS_BASE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

/* Append all of a file ("-": stdin, at most once in a run) to b, whose max
 * bounds it (0: 64 MiB).  -1: VS_ERR_NOT_FOUND when there is no such file,
 * VS_ERR_USAGE otherwise; what names the thing in the message: "token". */
int vs_read_file(const char *path, const char *what, struct vs_buf *b, struct vs_err *err);
int vs_read_fd(int fd, struct vs_buf *b, struct vs_err *err);

/* Claim stdin for what ("the token"); VS_ERR_USAGE when it is claimed already. */
int vs_claim_stdin(const char *what, struct vs_err *err);

/* Write by a temporary file beside it and rename, so that nobody ever reads
 * half of it; mode is exact, whatever the umask.  VS_ERR_FAILED when it cannot. */
int vs_write_file(const char *path, const void *p, size_t n, mode_t mode, struct vs_err *err);

/* All of it to a descriptor; waits for one that is not ready. */
int vs_write_fd(int fd, const void *p, size_t n, struct vs_err *err);

#endif
