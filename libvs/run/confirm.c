/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "run/confirm.h"
#include "run/say.h"
#include "run/signals.h"

enum { LOOK = 100 }; /* ms between two looks for a signal */

static int
confirm_terminal(void)
{
	static int tty = -1;

	if (tty < 0)
		tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
	return tty;
}

bool
vs_confirm_can(void)
{
	return confirm_terminal() >= 0;
}

/* -1: nothing was said before a signal came. */
static ssize_t
confirm_hear(int fd, char *to, size_t max)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t n;
	int there;

	do {
		there = poll(&p, 1, LOOK);
		if (vs_signals_pending() || (there < 0 && errno != EINTR))
			return -1;
	} while (there <= 0);
	do
		n = read(fd, to, max);
	while (n < 0 && errno == EINTR);
	return n;
}

bool
vs_confirm(const char *fmt, ...)
{
	struct vs_buf b = VS_BUF_INIT;
	struct vs_err err;
	char answer[64];
	ssize_t n = -1;
	va_list ap;

	if (vs_signals_pending())
		return false;
	vs_progress(NULL);
	vs_buf_fmt(&b, "%s: ", vs_say_name());
	va_start(ap, fmt);
	vs_buf_vfmt(&b, fmt, ap);
	va_end(ap);
	vs_buf_str(&b, " [y/N] ");
	if (vs_confirm_can() && vs_write_fd(confirm_terminal(), b.s, b.len, &err) == 0)
		n = confirm_hear(confirm_terminal(), answer, sizeof answer - 1);
	vs_buf_free(&b);
	if (n <= 0)
		return false;
	answer[n] = '\0';
	answer[strcspn(answer, "\n")] = '\0';
	return strcmp(answer, "y") == 0 || strcmp(answer, "yes") == 0;
}
