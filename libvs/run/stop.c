#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "run/say.h"
#include "run/stop.h"

struct vs_stop {
	struct vs_loop *loop;
	int fd;
	bool told;
	void (*call)(void *arg, int sig);
	void *arg;
};

static void
signalled(void *arg, int revents)
{
	struct vs_stop *s = arg;
	struct signalfd_siginfo info;

	(void)revents;
	if (read(s->fd, &info, sizeof info) != sizeof info)
		return;
	if (s->told) {
		vs_progress(NULL);
		_exit(128 + (int)info.ssi_signo);
	}
	s->told = true;
	s->call(s->arg, (int)info.ssi_signo);
}

struct vs_stop *
vs_stop_new(struct vs_loop *l, void (*call)(void *, int), void *arg)
{
	struct vs_stop *s = vs_alloc(1, sizeof *s);
	sigset_t set;

	s->loop = l;
	s->call = call;
	s->arg = arg;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	s->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	vs_loop_fd(l, s->fd, POLLIN, signalled, s);
	return s;
}

void
vs_stop_free(struct vs_stop *s)
{
	if (s == NULL)
		return;
	vs_loop_fd(s->loop, s->fd, -1, NULL, NULL);
	close(s->fd);
	free(s);
}
