/* SPDX-License-Identifier: Apache-2.0 */
/* file.h - how files are opened: three rules, and nothing else opens one.  Floor 0.
 *
 * State is what we write and read again: a regular file of this user, without links,
 * that no one else can read or write.  Inputs are what the user names: anybody's, also
 * by links, and FIFOs.  Outputs are files, FIFOs and devices of this user: what another
 * user has put there, in /tmp for example, is refused, for root, too.
 *
 * The owner is looked up on the descriptor that is used.  Nothing waits in open():
 * signals are heard while the other end of a FIFO is waited for. */
#ifndef VS_BASE_FILE_H
#define VS_BASE_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

/* All return a descriptor with O_CLOEXEC, or -1. */

/* ---- state */

/* flags: O_RDONLY, or O_RDWR | O_CREAT.  -1: *why says what is wrong with it; "" if it
 * does not exist. */
int vs_open_state(const char *path, int flags, const char **why);

/* A new file beside path, with mode 0600; *tmp is its name, the caller's.  -1: errno. */
int vs_open_temporary(const char *path, char **tmp);

/* ---- inputs */

/* -1: VS_ERR_NOT_FOUND when it does not exist, else VS_ERR_USAGE; the message is only
 * the reason.  Read it with vs_read_fd, which waits for the writer of a FIFO. */
int vs_open_input(const char *path, struct vs_err *err);

/* These set errno.  Below: neither '..' nor a link leads out of the folder (EXDEV);
 * entry: a name in it, not a link. */
int vs_open_folder(const char *path);
int vs_open_below(int dir, const char *path);
int vs_open_entry(int dir, const char *name);

/* ---- outputs; VS_ERR_FAILED, or VS_ERR_USAGE when it belongs to another user */

/* For a stream: created with mode if it does not exist, else opened as it is.  *whole: a
 * file that holds nothing else: truncate it before the first byte. */
int vs_open_stream(const char *path, mode_t mode, bool *whole, struct vs_err *err);

/* For contents in one piece.  1: *fd is a FIFO, a device or a descriptor that we were
 * given: write to it.  0: create a file and rename it to path. */
int vs_open_contents(const char *path, int *fd, struct vs_err *err);

/* ---- what belongs to the process */

int vs_open_terminal(void);  /* /dev/tty, without blocking */
int vs_open_null(int flags); /* without O_CLOEXEC: it replaces one of 0 to 2 */

/* Wait until fd (-1: none) is ready, or for ms (-1: no limit).  Signals end the process
 * meanwhile, also if they are blocked for a signalfd.  -1, VS_ERR_TIMED_OUT: the time of
 * vs_wait_limit has passed; err NULL: it does not apply. */
int vs_wait_fd(int fd, short events, int ms, struct vs_err *err);

/* --timeout: how long inputs and outputs are waited for, in milliseconds from now. */
void vs_wait_limit(int64_t ms);

#endif
