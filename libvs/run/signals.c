/* SPDX-License-Identifier: Apache-2.0 */
/* SIGINT, SIGTERM and SIGHUP by signalfd: the first is an event of the loop, the
 * second ends the process. */
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "run/say.h"
#include "run/signals.h"

static const int ends[] = { SIGINT, SIGTERM, SIGHUP };

static void
signals_ready(void *arg, int revents)
{
	struct vs_signals *s = arg;
	struct signalfd_siginfo info;

	(void)revents;
	if (read(s->fd, &info, sizeof info) != sizeof info)
		return;
	if (s->sig) {
		vs_progress(NULL);
		_exit(128 + (int)info.ssi_signo);
	}
	s->sig = (int)info.ssi_signo;
	s->first(s->arg);
}

void
vs_signals_open(struct vs_signals *s, struct vs_loop *l, void (*first)(void *), void *arg)
{
	struct sigaction old;
	sigset_t set;

	sigemptyset(&set);
	/* ignored by nohup or a shell's '&': stays ignored */
	for (size_t i = 0; i < VS_LEN(ends); i++)
		if (sigaction(ends[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaddset(&set, ends[i]);
	*s = (struct vs_signals){ .loop = l,
		.first = first,
		.arg = arg,
		.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK) };
	if (s->fd < 0)
		return; /* signals end the process, as by default */
	sigprocmask(SIG_BLOCK, &set, NULL);
	vs_loop_fd(l, s->fd, POLLIN, signals_ready, s);
}

void
vs_signals_close(struct vs_signals *s)
{
	if (s->loop == NULL || s->fd < 0)
		return;
	vs_loop_fd(s->loop, s->fd, -1, NULL, NULL);
	close(s->fd);
	s->fd = -1;
}
