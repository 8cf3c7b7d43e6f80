/* SPDX-License-Identifier: Apache-2.0 */
/* A session is the cookie vmware_soap_session, from the cache or from a Login.  One
 * tool of a pipe logs in, holding the cache's lock; the others wait for its result.
 * vSphere Web Services SDK: SessionManager; govmomi: session/cache. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/assert.h"
#include "base/backoff.h"
#include "base/bounds.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "vim/cache.h"
#include "vim/session.h"

static const char COOKIE[] = "vmware_soap_session";

enum { SESSION_LOCK_RETRY = 50, SESSION_FIRST_DELAY = 500, SESSION_LONGEST_DELAY = 30000 }; /* ms */

struct vs_session {
	struct vs_wire *wire;
	struct vs_content *content;
	void (*opened)(void *arg, const struct vs_err *why);
	void *arg;
	struct vs_cache *cache; /* NULL: none */
	char *dead;		/* the cookie that vCenter no longer knows, or NULL */
	int64_t renewed;	/* the last Login because of that; 0: none */
	int64_t began;		/* CLOCK_REALTIME ms: when this process started */
	int64_t lock_until;
	struct vs_timer timer;
	struct vs_call *opening; /* RetrieveServiceContent or Login, or NULL */
	int64_t give_up;	 /* when a Login without a response is not retried */
	unsigned tries;
	bool valid;		/* as far as we know */
	bool over;		/* after vs_session_leave */
	struct vs_call *logout; /* or NULL */
};

static int64_t
session_wall_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct vs_session *
vs_session_new(struct vs_wire *wire, struct vs_content *content,
	void (*opened)(void *, const struct vs_err *), void *arg)
{
	struct vs_session *s = vs_alloc(1, sizeof *s);

	*s = (struct vs_session){ .wire = wire, .content = content, .opened = opened, .arg = arg };
	s->began = session_wall_clock();
	s->cache = wire->conn->persist ? vs_cache_open(wire->conn) : NULL;
	return s;
}

void
vs_session_free(struct vs_session *s)
{
	if (s == NULL)
		return;
	vs_timer_clear(s->wire->loop, &s->timer);
	vs_cache_free(s->cache);
	vs_free_secret(s->dead);
	free(s);
}

/* why NULL: the session is valid. */
static void
session_settle(struct vs_session *s, const struct vs_err *why)
{
	vs_cache_unlock(s->cache);
	s->valid = why == NULL;
	s->opened(s->arg, why);
}

/* True: the cached session is used. */
static bool
session_take_cached(struct vs_session *s, const struct vs_cached *c)
{
	struct vs_wire *wire = s->wire;

	if (c->cookie == NULL || (s->dead && strcmp(s->dead, c->cookie) == 0))
		return false;
	vs_http_set_cookie(wire->http, wire->conn->host, COOKIE, c->cookie);
	vs_content_free(s->content);
	vs_content_copy(s->content, &c->content);
	vs_wire_speak(wire, s->content->api_version);
	/* it has answered another tool */
	wire->answered = true;
	session_settle(s, NULL);
	return true;
}

static void
session_keep(struct vs_session *s, int64_t refused)
{
	struct vs_cached c = { .refused = refused, .content = *s->content };

	if (s->cache == NULL)
		return;
	if (refused == 0)
		c.cookie = (char *)vs_http_cookie(s->wire->http, COOKIE);
	vs_cache_write(s->cache, s->wire->conn, &c);
}

static void session_login(void *arg);
static void session_logout(struct vs_session *s);

/* No response: vCenter is restarting, or the network is slow.  A session that the lost
 * Login may have opened expires in vCenter. */
static void
session_login_again(struct vs_session *s, const struct vs_err *why)
{
	int64_t delay = vs_backoff(++s->tries, SESSION_FIRST_DELAY, SESSION_LONGEST_DELAY);

	vs_info("%s; retrying in %.1f s", why->msg, (double)delay / 1000);
	vs_timer_set(s->wire->loop, &s->timer, vs_now() + delay, session_login, s);
}

static void
session_logged_in(struct vs_call *call, enum vs_call_end how)
{
	struct vs_session *s = call->arg;
	const struct vs_conn *conn = s->wire->conn;

	s->opening = NULL;
	if (s->over && s->cache == NULL) {
		if (how == VS_CALL_REPLY)
			session_logout(s);
		return;
	}
	if (how == VS_CALL_REPLY) {
		session_keep(s, 0);
		session_settle(s, NULL);
		return;
	}
	if (how == VS_CALL_LOST && !s->wire->cancelled && vs_now() < s->give_up) {
		session_login_again(s, &call->err);
		return;
	}
	if (strcmp(call->err.fault, "InvalidLogin") == 0)
		session_keep(s, session_wall_clock());
	vs_wrap(&call->err, "login as '%s' at %s %s", conn->user, conn->host,
		how == VS_CALL_FAULT ? "refused" : "failed");
	call->err.code = VS_ERR_UNREACHABLE;
	session_settle(s, &call->err);
}

static void
session_login(void *arg)
{
	struct vs_session *s = arg;
	struct vs_wire *wire = s->wire;
	struct vs_call *c;

	/* vCenter refuses a Login in a valid session */
	vs_http_set_cookie(wire->http, wire->conn->host, COOKIE, NULL);
	c = vs_call_new(wire, "Login", s->content->session_manager, true);
	vs_xw_text(&c->w, "userName", wire->conn->user);
	vs_xw_secret(&c->w, "password", wire->conn->password);
	/* fault messages in English, whatever the server's locale is */
	vs_xw_text(&c->w, "locale", "en_US");
	vs_call_send(c, session_logged_in, s);
	c->give_up = s->give_up;
	s->opening = c;
}

static void
session_got_content(struct vs_call *call, enum vs_call_end how)
{
	struct vs_session *s = call->arg;

	s->opening = NULL;
	if (how != VS_CALL_REPLY
		|| vs_content_read(s->content, call->reply, s->wire->conn, &call->err) < 0) {
		call->err.code = VS_ERR_UNREACHABLE;
		session_settle(s, &call->err);
		return;
	}
	vs_wire_speak(s->wire, s->content->api_version);
	session_login(s);
}

/* A session that is not known right after its Login: another Login would not help, and a
 * server could make us log in without end. */
static bool
session_tries_again(struct vs_session *s)
{
	int64_t last = s->renewed;
	struct vs_err err;

	if (s->dead == NULL)
		return true;
	s->renewed = vs_now();
	if (last == 0 || s->renewed - last > vs_bound(VS_BOUND_RETRY_MS))
		return true;
	vs_fail(&err, VS_ERR_UNREACHABLE,
		"%s:%d does not accept the session of its last login: not logging in again",
		s->wire->conn->host, s->wire->conn->port);
	snprintf(err.fault, sizeof err.fault, "NotAuthenticated");
	session_settle(s, &err);
	return false;
}

static void
session_begin(struct vs_session *s)
{
	struct vs_call *c;

	if (!session_tries_again(s))
		return;
	if (s->content->session_manager) {
		session_login(s);
		return;
	}
	c = vs_call_new(
		s->wire, "RetrieveServiceContent", "ServiceInstance:ServiceInstance", false);
	vs_call_send(c, session_got_content, s);
	s->opening = c;
}

/* While another tool logs in, wait for its result. */
static void
session_lock(void *arg)
{
	struct vs_session *s = arg;
	struct vs_cached c = { 0 };
	struct vs_err err;
	bool there;

	if (s->cache && !vs_cache_lock(s->cache) && vs_now() < s->lock_until) {
		vs_timer_set(
			s->wire->loop, &s->timer, vs_now() + SESSION_LOCK_RETRY, session_lock, s);
		return;
	}
	there = s->cache && vs_cache_read(s->cache, s->wire->conn, &c);
	/* a time in the future: the clock was set back after it was written */
	if (there && c.refused >= s->began && c.refused <= session_wall_clock()) {
		vs_fail(&err, VS_ERR_UNREACHABLE,
			"login as '%s' at %s was just refused for another tool using this password: not tried again",
			s->wire->conn->user, s->wire->conn->host);
		session_settle(s, &err);
	} else if (!there || !session_take_cached(s, &c)) {
		session_begin(s);
	}
	vs_cached_free(&c);
}

static void
session_open_locked(void *arg)
{
	struct vs_session *s = arg;

	s->lock_until = vs_now() + s->wire->conn->connect_ms;
	session_lock(s);
}

void
vs_session_open(struct vs_session *s)
{
	struct vs_cached c = { 0 };
	bool taken = false;

	assert(s->opening == NULL);
	s->valid = false;
	s->give_up = vs_now() + s->wire->retry_ms;
	s->tries = 0;
	if (s->cache && vs_cache_read(s->cache, s->wire->conn, &c))
		taken = session_take_cached(s, &c);
	vs_cached_free(&c);
	/* failures are reported from the loop */
	if (!taken)
		vs_timer_set(s->wire->loop, &s->timer, vs_now(), session_open_locked, s);
}

void
vs_session_renew(struct vs_session *s)
{
	vs_info("the session is no longer valid: logging in again");
	vs_free_secret(s->dead);
	s->dead = vs_strdup(vs_http_cookie(s->wire->http, COOKIE));
	vs_session_open(s);
}

static void
session_left(struct vs_call *call, enum vs_call_end how)
{
	struct vs_session *s = call->arg;

	(void)how; /* if it failed, the session expires in vCenter */
	s->logout = NULL;
}

static void
session_logout(struct vs_session *s)
{
	assert(s->logout == NULL);
	s->logout = vs_call_new(s->wire, "Logout", s->content->session_manager, true);
	s->logout->once = true;
	vs_call_send(s->logout, session_left, s);
}

bool
vs_session_leave(struct vs_session *s)
{
	s->over = true;
	if (s->cache)
		return false;
	vs_timer_clear(s->wire->loop, &s->timer);
	if (s->valid)
		session_logout(s);
	/* a Login in flight opens a session in any case: wait, then end it */
	else if (s->opening && s->opening->req && s->opening->write)
		s->opening->once = true;
	else
		vs_call_abort(vs_steal(s->opening));
	return true;
}

bool
vs_session_busy(const struct vs_session *s)
{
	return s->logout || (s->over && !s->cache && s->opening);
}
