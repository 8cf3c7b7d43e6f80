/* SPDX-License-Identifier: Apache-2.0 */
/* Reading whole files and stdin, and writing files so that no one sees half of one.
 * Records are read and written by run/input and run/output. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/io.h"
#include "base/mem.h"

static const size_t LIMIT = 64 << 20;

int
vs_claim_stdin(const char *what, struct vs_err *err)
{
	static const char *io_stdin_user;

	if (io_stdin_user)
		return vs_fail(err, VS_ERR_USAGE, "stdin ('-') cannot be both %s and %s",
			io_stdin_user, what);
	io_stdin_user = what;
	return 0;
}

int
vs_read_fd(int fd, struct vs_buf *b, struct vs_err *err)
{
	char part[16384];
	size_t max = b->max;
	bool late = false;
	ssize_t n = 0;

	if (max == 0)
		b->max = LIMIT;
	/* where there is nothing yet, read could wait without hearing signals */
	while (!(late = (vs_wait_fd(fd, POLLIN, -1, err) < 0))) {
		n = read(fd, part, sizeof part);
		if (n > 0)
			vs_buf_add(b, part, (size_t)n);
		else if (n == 0 || (errno != EINTR && errno != EAGAIN))
			break;
		if (b->over)
			break;
	}
	if (b->secret)
		vs_wipe(part, sizeof part);
	b->max = max;
	if (late)
		return -1;
	if (n < 0)
		return vs_fail(err, VS_ERR_USAGE, "%s", strerror(errno));
	if (b->over)
		return vs_fail(
			err, VS_ERR_USAGE, "it is larger than %zu KiB", (max ? max : LIMIT) >> 10);
	return 0;
}

int
vs_read_file(const char *path, const char *what, struct vs_buf *b, struct vs_err *err)
{
	VS_CLOSEFD int fd = -1;
	int from = 0;

	if (strcmp(path, "-") == 0) {
		if (vs_claim_stdin(what, err) < 0)
			return -1;
	} else {
		fd = vs_open_input(path, err);
		if (fd < 0)
			return vs_wrap(err, "cannot read %s '%s'", what, path);
		from = fd;
	}
	if (vs_read_fd(from, b, err) < 0)
		return vs_wrap(err, "cannot read %s '%s'", what, path);
	return 0;
}

int
vs_write_fd(int fd, const void *p, size_t n, struct vs_err *err)
{
	const char *s = p;

	while (n > 0) {
		ssize_t k = write(fd, s, n);

		if (k >= 0) {
			s += k;
			n -= (size_t)k;
		} else if (errno == EAGAIN) {
			(void)vs_wait_fd(fd, POLLOUT, -1, NULL);
		} else if (errno != EINTR) {
			return vs_fail(err, VS_ERR_FAILED, "cannot write: %s", strerror(errno));
		}
	}
	return 0;
}

static int
io_write_out(int fd, const void *p, size_t n, mode_t mode, struct vs_err *err)
{
	if (vs_write_fd(fd, p, n, err) < 0)
		return -1;
	if (fchmod(fd, mode) < 0 || fsync(fd) < 0)
		return vs_fail(err, VS_ERR_FAILED, "%s", strerror(errno));
	return 0;
}

int
vs_write_file(const char *path, const void *p, size_t n, mode_t mode, struct vs_err *err)
{
	VS_CLOSEFD int fd = -1;
	int got = vs_open_contents(path, &fd, err);

	if (got < 0)
		return -1;
	return got ? vs_write_fd(fd, p, n, err) : vs_write_state(path, p, n, mode, err);
}

int
vs_write_state(const char *path, const void *p, size_t n, mode_t mode, struct vs_err *err)
{
	VS_FREE char *tmp = NULL;
	VS_CLOSEFD int fd = vs_open_temporary(path, &tmp);

	if (fd < 0)
		return vs_fail(err, VS_ERR_FAILED, "cannot write '%s': %s", path, strerror(errno));
	if (io_write_out(fd, p, n, mode, err) < 0) {
		unlink(tmp);
		return vs_wrap(err, "cannot write '%s'", path);
	}
	if (rename(tmp, path) < 0) {
		vs_fail(err, VS_ERR_FAILED, "cannot write '%s': %s", path, strerror(errno));
		unlink(tmp);
		return -1;
	}
	return 0;
}
