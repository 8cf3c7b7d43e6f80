/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at the start of stdin without consuming it, to tell a config from records:
 * pread, tee(2) or MSG_PEEK, by what stdin is. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "run/peek.h"

enum {
	PEEK_MAX = 16 << 10,
	PAUSES = 100, /* of PAUSE ms, while nothing arrives */
	PAUSE = 20,
};

static ssize_t
peek_file(char *s, size_t n)
{
	off_t at = lseek(0, 0, SEEK_CUR);

	return at < 0 ? -1 : pread(0, s, n, at);
}

/* tee(2) copies from pipe to pipe and consumes nothing */
static ssize_t
peek_pipe(char *s, size_t n)
{
	ssize_t got = -1;
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) < 0)
		return -1;
	got = tee(0, fd[1], n, SPLICE_F_NONBLOCK);
	if (got > 0)
		got = read(fd[0], s, (size_t)got);
	close(fd[0]);
	close(fd[1]);
	return got;
}

static ssize_t
peek_socket(char *s, size_t n)
{
	return recv(0, s, n, MSG_PEEK | MSG_DONTWAIT);
}

/* Until there is a whole line, or the end of the input. */
static ssize_t
peek_gather(ssize_t (*look)(char *, size_t), char *s, size_t n)
{
	struct pollfd p = { .fd = 0, .events = POLLIN };
	ssize_t got = -1, had = 0;

	for (int quiet = 0; quiet < PAUSES; quiet++) {
		if (poll(&p, 1, -1) < 0 && errno != EINTR)
			return -1;
		got = look(s, n);
		if (got < 0 && errno != EINTR && errno != EAGAIN)
			return -1;
		if (got == 0 || got == (ssize_t)n || (p.revents & POLLHUP)
			|| (got > 0 && memchr(s, '\n', (size_t)got)))
			break;
		if (got > had) {
			had = got;
			quiet = 0;
		}
		nanosleep(&(struct timespec){ .tv_nsec = PAUSE * 1000000L }, NULL);
	}
	return got;
}

void
vs_peek_stdin(struct vs_buf *to)
{
	char s[PEEK_MAX];
	ssize_t n = -1;
	struct stat st;

	if (fstat(0, &st) < 0)
		return;
	if (S_ISREG(st.st_mode))
		n = peek_file(s, sizeof s);
	else if (S_ISFIFO(st.st_mode))
		n = peek_gather(peek_pipe, s, sizeof s);
	else if (S_ISSOCK(st.st_mode))
		n = peek_gather(peek_socket, s, sizeof s);
	if (n > 0)
		vs_buf_add(to, s, (size_t)n);
	vs_wipe(s, sizeof s);
}
