/* SPDX-License-Identifier: Apache-2.0 */
/* io.h - whole files in, whole files out.  Floor 0. */
#ifndef VS_BASE_IO_H
#define VS_BASE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

/* Append all of a file ("-": stdin, at most once in a run) to b, up to b->max
 * (0: 64 MiB).  -1: VS_ERR_NOT_FOUND when there is no such file, VS_ERR_USAGE
 * otherwise; what is its name in messages: "the token". */
int vs_read_file(const char *path, const char *what, struct vs_buf *b, struct vs_err *err);
int vs_read_fd(int fd, struct vs_buf *b, struct vs_err *err);

/* Claim stdin for what ("the token"); VS_ERR_USAGE when it is already claimed. */
int vs_claim_stdin(const char *what, struct vs_err *err);

/* Write to a temporary file beside it and rename that, so that a reader never sees
 * half of it; the mode does not depend on the umask.  A FIFO or a device is written to.
 * VS_ERR_USAGE: what is there belongs to another user; VS_ERR_FAILED. */
int vs_write_file(const char *path, const void *p, size_t n, mode_t mode, struct vs_err *err);

/* The same for state: whatever is there is replaced. */
int vs_write_state(const char *path, const void *p, size_t n, mode_t mode, struct vs_err *err);

/* Write all of it to a descriptor, waiting until it is ready. */
int vs_write_fd(int fd, const void *p, size_t n, struct vs_err *err);

#endif
