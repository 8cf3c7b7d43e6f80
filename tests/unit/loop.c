/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "net/loop.h"
#include "tap.h"

static struct vs_loop *l;
static int pipes[2][2];

struct seen {
	int calls, revents;
};

static void
note(void *arg, int revents)
{
	struct seen *s = arg;

	s->calls++;
	s->revents = revents;
}

/* Rounds until *n is at least want; at most 2 s. */
static void
until(const int *n, int want)
{
	int64_t end = vs_now() + 2000;

	while (*n < want && vs_now() < end)
		vs_loop_turn(l, 100);
}

static void
descriptors(void)
{
	struct seen a = { 0 }, b = { 0 };
	char c;

	if (pipe(pipes[0]) < 0)
		exit(1);
	vs_loop_fd(l, pipes[0][0], POLLIN, note, &a);
	vs_loop_turn(l, 0);
	ok(a.calls == 0, "an empty pipe is not ready");
	ok(write(pipes[0][1], "x", 1) == 1, "a byte");
	vs_loop_turn(l, 1000);
	ok(a.calls == 1 && a.revents == POLLIN, "makes it so");
	vs_loop_fd(l, pipes[0][0], 0, note, &a);
	vs_loop_turn(l, 0);
	ok(a.calls == 1, "with events 0 it does not matter");
	vs_loop_fd(l, pipes[0][0], POLLIN, note, &b);
	vs_loop_turn(l, 0);
	ok(a.calls == 1 && b.calls == 1, "given again, the call changes");
	vs_loop_fd(l, pipes[0][0], -1, NULL, NULL);
	vs_loop_turn(l, 0);
	ok(b.calls == 1, "no longer");
	ok(read(pipes[0][0], &c, 1) == 1, "the byte is read");

	vs_loop_fd(l, pipes[0][1], POLLOUT, note, &a);
	vs_loop_turn(l, 0);
	ok(a.calls == 2 && a.revents == POLLOUT, "room to write");
	vs_loop_fd(l, pipes[0][1], 0, note, &a);
	vs_loop_turn(l, 0);
	ok(a.calls == 2, "not asked for");
	close(pipes[0][0]);
	vs_loop_turn(l, 1000);
	ok(a.calls == 3 && a.revents & POLLERR, "a reader that went shows, with events 0");
	vs_loop_fd(l, pipes[0][1], -1, NULL, NULL);
	close(pipes[0][1]);

	if (pipe(pipes[0]) < 0)
		exit(1);
	vs_loop_fd(l, pipes[0][0], POLLIN, note, &a);
	close(pipes[0][1]);
	vs_loop_turn(l, 1000);
	ok(a.calls == 4 && a.revents & POLLHUP, "a writer that went shows");
	vs_loop_fd(l, pipes[0][0], -1, NULL, NULL);
	close(pipes[0][0]);
}

static void
other_kinds(void)
{
	struct seen a = { 0 }, b = { 0 };
	FILE *f = tmpfile();
	sigset_t set;
	int sfd;

	vs_loop_fd(l, fileno(f), POLLIN, note, &a);
	vs_loop_turn(l, 1000);
	ok(a.calls == 1 && a.revents & POLLIN, "a regular file is ready");
	vs_loop_fd(l, fileno(f), -1, NULL, NULL);
	fclose(f);

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sfd = signalfd(-1, &set, SFD_CLOEXEC);
	vs_loop_fd(l, sfd, POLLIN, note, &b);
	kill(getpid(), SIGUSR1);
	until(&b.calls, 1);
	ok(b.calls == 1, "a signalfd");
	vs_loop_fd(l, sfd, -1, NULL, NULL);
	close(sfd);
}

static struct seen taken;

/* Two pipes are ready; whichever is called first ends the watch of both, and
 * takes the other's descriptor up again for something else. */
static void
end_both(void *arg, int revents)
{
	struct seen *s = arg;

	(void)revents;
	s->calls++;
	for (int i = 0; i < 2; i++)
		vs_loop_fd(l, pipes[i][0], -1, NULL, NULL);
	for (int i = 0; i < 2; i++)
		vs_loop_fd(l, pipes[i][0], POLLIN, note, &taken);
}

static void
changes_in_calls(void)
{
	struct seen a = { 0 };

	for (int i = 0; i < 2; i++) {
		if (pipe(pipes[i]) < 0 || write(pipes[i][1], "x", 1) != 1)
			exit(1);
		vs_loop_fd(l, pipes[i][0], POLLIN, end_both, &a);
	}
	vs_loop_turn(l, 1000);
	ok(a.calls == 1, "a watch that another call ended is not called");
	ok(taken.calls == 0, "nor is the new one, for what the old one saw");
	vs_loop_turn(l, 1000);
	ok(a.calls == 1 && taken.calls == 2, "but in the next round");
	for (int i = 0; i < 2; i++) {
		vs_loop_fd(l, pipes[i][0], -1, NULL, NULL);
		close(pipes[i][0]);
		close(pipes[i][1]);
	}
}

static char order[64];
static struct vs_timer t[4];
static int fired;

static void
mark(void *arg)
{
	strcat(order, arg);
	fired++;
}

static void
set(struct vs_timer *timer, int64_t at, void (*call)(void *), const char *letter)
{
	vs_timer_set(l, timer, at, call, (void *)letter);
}

static void
clear_next(void *arg)
{
	mark(arg);
	vs_timer_clear(l, &t[1]);
}

static void
again(void *arg)
{
	mark(arg);
	vs_timer_set(l, &t[3], 0, again, arg);
}

static void
timers(void)
{
	int64_t now = vs_now();

	set(&t[0], now + 40, mark, "c");
	set(&t[1], now + 20, mark, "b");
	set(&t[2], now + 10, mark, "a");
	ok(t[0].set && t[1].set && t[2].set, "set");
	vs_loop_turn(l, 0);
	is(order, "", "not before their time");
	until(&fired, 3);
	is(order, "abc", "soonest first");
	ok(vs_now() - now >= 40 && vs_now() - now < 1500, "in time");
	ok(!t[0].set && !t[1].set && !t[2].set, "and not set any more");

	*order = '\0';
	fired = 0;
	set(&t[0], now + 10000, mark, "x");
	set(&t[0], vs_now() + 10, mark, "m");
	until(&fired, 1);
	is(order, "m", "set again, it moves");
	set(&t[0], vs_now(), mark, "x");
	vs_timer_clear(l, &t[0]);
	vs_timer_clear(l, &t[0]);
	vs_loop_turn(l, 10);
	is(order, "m", "cleared");

	*order = '\0';
	set(&t[0], 1, clear_next, "1");
	set(&t[1], 2, mark, "2");
	set(&t[2], 3, mark, "3");
	vs_loop_turn(l, 1000);
	is(order, "13", "one that is due clears another that is");

	*order = '\0';
	set(&t[3], 0, again, "z");
	vs_loop_turn(l, 1000);
	is(order, "z", "one that sets itself anew is called once a round");
	vs_loop_turn(l, 1000);
	is(order, "zz", "and again in the next");
	vs_timer_clear(l, &t[3]);
}

static void
waiting(void)
{
	int64_t now = vs_now();

	vs_loop_turn(l, 50);
	ok(vs_now() - now >= 45 && vs_now() - now < 2000,
		"nothing to do: the round waits as long as it may");
	now = vs_now();
	set(&t[0], now + 50, mark, "");
	vs_loop_turn(l, -1);
	ok(vs_now() - now >= 45 && vs_now() - now < 2000, "or until a timer");
}

static bool
rang(void *arg)
{
	return *(int *)arg > 0;
}

static void
ring(void *arg)
{
	++*(int *)arg;
}

static void
give_up(void *arg)
{
	*(bool *)arg = true;
}

static void
turned_until(void)
{
	int64_t now = vs_now();
	int rings = 1;
	bool stop = true;

	ok(vs_loop_until(l, rang, &rings, &stop, 0), "done before, stopped or late: done");
	rings = 0;
	stop = false;
	set(&t[0], now + 20, mark, "");
	vs_timer_set(l, &t[1], now + 50, ring, &rings);
	ok(vs_loop_until(l, rang, &rings, &stop, INT64_MAX) && vs_now() - now >= 45,
		"rounds are made until it is done");
	rings = 0;
	vs_timer_set(l, &t[0], vs_now() + 20, give_up, &stop);
	ok(!vs_loop_until(l, rang, &rings, &stop, INT64_MAX), "... or until stopped");
	now = vs_now();
	ok(!vs_loop_until(l, rang, &rings, NULL, now + 50) && vs_now() - now >= 45
			&& vs_now() - now < 2000,
		"... or for as long as it may take");
}

static int hooks_run;
static struct vs_loop_hook hooks[3];

static bool
unhook_all(void *arg)
{
	(void)arg;
	hooks_run++;
	for (int i = 0; i < 3; i++)
		vs_loop_unhook(l, &hooks[i]);
	return true;
}

static void
hooked(void)
{
	int64_t now = vs_now();

	for (int i = 0; i < 3; i++) {
		hooks[i].before = unhook_all;
		vs_loop_hook(l, &hooks[i]);
	}
	vs_loop_turn(l, 5000);
	ok(hooks_run == 1, "a hook that was taken out is not called");
	ok(vs_now() - now < 4000, "a round that made calls does not wait");
}

int
main(void)
{
	struct vs_err err;

	signal(SIGPIPE, SIG_IGN);
	l = vs_loop_new(&err);
	if (!ok(l != NULL, "a loop"))
		return 1;
	descriptors();
	other_kinds();
	changes_in_calls();
	timers();
	waiting();
	turned_until();
	hooked();
	vs_loop_free(l);
	return done();
}
