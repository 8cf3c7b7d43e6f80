/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors and timers around curl_multi_poll().  Knows transfers, not requests:
 * those are net/http's.  libcurl's multi interface: curl.se/libcurl/c/libcurl-multi */
#include <curl/curl.h>
#include <poll.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/mem.h"
#include "base/num.h"
#include "net/loop.h"
#include "net/tls.h"

struct loop_watch {
	int fd;
	short events;
	unsigned id; /* a new one for each watch: the same fd may be watched again */
	void (*call)(void *arg, int revents);
	void *arg;
};

struct vs_loop {
	CURLM *multi;
	struct loop_watch *watches;
	size_t n_watches, cap_watches;
	unsigned next_id;
	struct vs_timer *timers; /* soonest first */
	struct vs_timer *due;	 /* called in this round */
	struct vs_loop_hook *hooks, *next_hook;
};

enum {
	LOOP_LONGEST_MS = 3600 * 1000, /* a round with nothing to wait for */
	LOOP_CONNECTIONS = 32,	       /* kept open, of all servers */
};

struct vs_loop *
vs_loop_new(struct vs_err *err)
{
	struct vs_loop *l;
	CURLM *multi;

	vs_tls_key_log();
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		vs_fail(err, VS_ERR_FAILED, "cannot initialize libcurl");
		return NULL;
	}
	multi = curl_multi_init();
	if (multi == NULL) {
		curl_global_cleanup();
		vs_fail(err, VS_ERR_FAILED, "cannot initialize libcurl");
		return NULL;
	}
	/* libcurl's default is four for each transfer in progress: too few when
	 * only one is left. */
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)LOOP_CONNECTIONS);
	l = vs_alloc(1, sizeof *l);
	l->multi = multi;
	return l;
}

void
vs_loop_free(struct vs_loop *l)
{
	if (l == NULL)
		return;
	assert(l->hooks == NULL); /* a client would be left without its loop */
	curl_multi_cleanup(l->multi);
	curl_global_cleanup();
	free(l->watches);
	free(l);
}

void
vs_loop_fd(struct vs_loop *l, int fd, int events, void (*call)(void *arg, int revents), void *arg)
{
	struct loop_watch *w = NULL;

	for (size_t i = 0; i < l->n_watches && w == NULL; i++)
		if (l->watches[i].fd == fd)
			w = &l->watches[i];
	if (events < 0) {
		if (w)
			*w = l->watches[--l->n_watches];
		return;
	}
	if (w == NULL) {
		vs_grow(l->watches, l->n_watches, l->cap_watches);
		w = &l->watches[l->n_watches++];
		w->id = ++l->next_id;
	}
	w->fd = fd;
	w->events = (short)events;
	w->call = call;
	w->arg = arg;
}

static void
loop_unlink_timer(struct vs_timer **list, struct vs_timer *t)
{
	for (; *list; list = &(*list)->next)
		if (*list == t) {
			*list = t->next;
			return;
		}
}

void
vs_timer_clear(struct vs_loop *l, struct vs_timer *t)
{
	if (!t->set)
		return;
	loop_unlink_timer(&l->timers, t);
	loop_unlink_timer(&l->due, t);
	t->set = false;
}

void
vs_timer_set(struct vs_loop *l, struct vs_timer *t, int64_t at, void (*call)(void *arg), void *arg)
{
	struct vs_timer **p = &l->timers;

	vs_timer_clear(l, t);
	while (*p && (*p)->at <= at)
		p = &(*p)->next;
	*t = (struct vs_timer){ .at = at, .call = call, .arg = arg, .next = *p, .set = true };
	*p = t;
}

void *
vs_loop_multi(struct vs_loop *l)
{
	return l->multi;
}

void
vs_loop_hook(struct vs_loop *l, struct vs_loop_hook *h)
{
	h->next = l->hooks;
	l->hooks = h;
}

void
vs_loop_unhook(struct vs_loop *l, struct vs_loop_hook *h)
{
	if (l->next_hook == h)
		l->next_hook = h->next;
	for (struct vs_loop_hook **p = &l->hooks; *p; p = &(*p)->next)
		if (*p == h) {
			*p = h->next;
			return;
		}
}

static bool
loop_run_hooks(struct vs_loop *l)
{
	bool called = false;

	/* what is called may unhook any of them */
	for (struct vs_loop_hook *h = l->hooks; h; h = l->next_hook) {
		l->next_hook = h->next;
		called |= h->before(h->arg);
	}
	return called;
}

/* A handle is removed from curl_multi before done(), which may free it. */
static void
loop_finish_transfers(struct vs_loop *l)
{
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(l->multi, &left)) != NULL) {
		CURL *easy = msg->easy_handle;
		CURLcode result = msg->data.result;
		struct vs_loop_transfer *t = NULL;

		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&t);
		curl_multi_remove_handle(l->multi, easy);
		t->done(t, (int)result);
	}
}

static void
loop_run_timers(struct vs_loop *l)
{
	struct vs_timer **p = &l->timers, *t;
	int64_t now = vs_now();

	/* Set aside what is due now: a timer that its own call sets again waits
	 * for the next round. */
	while (*p && (*p)->at <= now)
		p = &(*p)->next;
	if (p == &l->timers)
		return;
	l->due = l->timers;
	l->timers = *p;
	*p = NULL;
	while ((t = l->due) != NULL) {
		l->due = t->next;
		assert(t->set);
		t->set = false;
		t->call(t->arg);
	}
}

/* curl_multi_poll() reports POLLIN and POLLOUT only.  A closed pipe has neither, so
 * poll() again. */
static void
loop_call_watches(struct vs_loop *l, struct pollfd *fds, const unsigned *ids, size_t n)
{
	if (n == 0 || poll(fds, n, 0) <= 0)
		return;
	for (size_t i = 0; i < n; i++) {
		struct loop_watch w = { 0 };

		/* an earlier call may have ended this watch */
		for (size_t k = 0; k < l->n_watches && fds[i].revents; k++)
			if (l->watches[k].id == ids[i])
				w = l->watches[k];
		if (w.call)
			w.call(w.arg, fds[i].revents);
	}
}

static int
loop_wait_ms(struct vs_loop *l, int max_ms)
{
	int64_t ms = max_ms < 0 ? LOOP_LONGEST_MS : max_ms;

	if (l->timers && l->timers->at - vs_now() < ms)
		ms = l->timers->at - vs_now();
	return ms < 0 ? 0 : (int)ms;
}

void
vs_loop_turn(struct vs_loop *l, int max_ms)
{
	bool called = loop_run_hooks(l);
	size_t n = l->n_watches;
	VS_FREE struct pollfd *fds = vs_alloc(n, sizeof *fds);
	VS_FREE struct curl_waitfd *waits = vs_alloc(n, sizeof *waits);
	VS_FREE unsigned *ids = vs_alloc(n, sizeof *ids);
	int running;

	for (size_t i = 0; i < n; i++) {
		const struct loop_watch *w = &l->watches[i];

		fds[i] = (struct pollfd){ .fd = w->fd, .events = w->events };
		waits[i].fd = w->fd;
		if (w->events & POLLIN)
			waits[i].events |= CURL_WAIT_POLLIN;
		if (w->events & POLLOUT)
			waits[i].events |= CURL_WAIT_POLLOUT;
		ids[i] = w->id;
	}
	curl_multi_poll(l->multi, waits, (unsigned)n, called ? 0 : loop_wait_ms(l, max_ms), NULL);
	curl_multi_perform(l->multi, &running);
	loop_finish_transfers(l);
	loop_call_watches(l, fds, ids, n);
	loop_run_timers(l);
}

bool
vs_loop_until(
	struct vs_loop *l, bool (*done)(void *arg), void *arg, const bool *stop, int64_t until)
{
	while (!done(arg)) {
		if ((stop && *stop) || vs_now() >= until)
			return false;
		vs_loop_turn(l, vs_ms_until(until));
	}
	return true;
}
