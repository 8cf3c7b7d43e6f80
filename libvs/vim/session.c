/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "vim/cache.h"
#include "vim/session.h"

static const char COOKIE[] = "vmware_soap_session";

enum { LOCK_RETRY = 50, FIRST_DELAY = 500, LONGEST_DELAY = 30000 }; /* ms */

struct vs_session {
	struct vs_vc *vc;
	struct vs_cache *cache; /* NULL: none */
	char *dead;		/* the cookie that failed, or NULL */
	int64_t began;		/* CLOCK_REALTIME ms, when this process did */
	int64_t lock_until;
	struct vs_timer timer;
	struct vs_call *opening; /* RetrieveServiceContent or Login, or NULL */
	int64_t give_up;	 /* of a Login whose answer is lost */
	unsigned tries;
	struct vs_call *leaving;
};

static int64_t
session_wall_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct vs_session *
vs_session_new(struct vs_vc *vc)
{
	struct vs_session *s = vs_alloc(1, sizeof *s);

	s->vc = vc;
	s->began = session_wall_clock();
	s->cache = vc->conn->persist ? vs_cache_open(vc->conn) : NULL;
	return s;
}

void
vs_session_free(struct vs_session *s)
{
	if (s == NULL)
		return;
	vs_timer_clear(s->vc->loop, &s->timer);
	vs_cache_free(s->cache);
	vs_free_secret(s->dead);
	free(s);
}

static void
session_ready(struct vs_session *s)
{
	struct vs_vc *vc = s->vc;

	vs_cache_unlock(s->cache);
	vc->state = VS_VC_READY;
	vc->generation++;
	vs_soap_ready(vc);
}

static void
session_failed(struct vs_session *s, const struct vs_err *why)
{
	struct vs_vc *vc = s->vc;

	vs_cache_unlock(s->cache);
	vc->why = *why;
	vc->state = VS_VC_FAILED;
	vs_soap_failed(vc);
}

/* A session that is in the cache, if it is any use; true: taken. */
static bool
session_take_cached(struct vs_session *s, const struct vs_cached *c)
{
	struct vs_vc *vc = s->vc;

	if (c->cookie == NULL || (s->dead && strcmp(s->dead, c->cookie) == 0))
		return false;
	vs_http_set_cookie(vc->http, vc->conn->host, COOKIE, c->cookie);
	vs_content_free(&vc->content);
	vs_content_copy(&vc->content, &c->content);
	/* another tool has spoken with it */
	vc->answered = true;
	session_ready(s);
	return true;
}

static void
session_keep(struct vs_session *s, int64_t refused)
{
	struct vs_vc *vc = s->vc;
	struct vs_cached c = { .refused = refused, .content = vc->content };

	if (s->cache == NULL)
		return;
	if (refused == 0)
		c.cookie = (char *)vs_http_cookie(vc->http, COOKIE);
	vs_cache_write(s->cache, vc->conn, &c);
}

static void session_login(void *arg);
static void session_logout(struct vs_session *s);

/* No answer: vCenter restarts, or is far away.  What the lost one may have
 * made idles out there. */
static void
session_login_again(struct vs_session *s, const struct vs_err *why)
{
	int64_t delay = FIRST_DELAY << (s->tries < 6 ? s->tries : 6);

	if (delay > LONGEST_DELAY)
		delay = LONGEST_DELAY;
	delay = delay / 2 + random() % (delay / 2 + 1);
	s->tries++;
	vs_info("%s; again in %.1f s", why->msg, (double)delay / 1000);
	vs_timer_set(s->vc->loop, &s->timer, vs_now() + delay, session_login, s);
}

static void
session_logged_in(struct vs_call *call, enum vs_call_end how)
{
	struct vs_session *s = call->arg;
	struct vs_conn const *conn = s->vc->conn;

	s->opening = NULL;
	if (s->vc->leaving && s->cache == NULL) {
		s->vc->state = how == VS_CALL_REPLY ? VS_VC_READY : VS_VC_FAILED;
		if (how == VS_CALL_REPLY)
			session_logout(s);
		return;
	}
	if (how == VS_CALL_REPLY) {
		session_keep(s, 0);
		session_ready(s);
		return;
	}
	if (how == VS_CALL_LOST && !s->vc->cancelled && vs_now() < s->give_up) {
		session_login_again(s, &call->err);
		return;
	}
	if (strcmp(call->err.fault, "InvalidLogin") == 0)
		session_keep(s, session_wall_clock());
	vs_wrap(&call->err, "login as '%s' at %s %s", conn->user, conn->host,
		how == VS_CALL_FAULT ? "refused" : "failed");
	call->err.code = VS_ERR_UNREACHABLE;
	session_failed(s, &call->err);
}

static void
session_login(void *arg)
{
	struct vs_session *s = arg;
	struct vs_vc *vc = s->vc;
	struct vs_call *c;

	/* Login on a live session is refused */
	vs_http_set_cookie(vc->http, vc->conn->host, COOKIE, NULL);
	c = vs_call_new(vc, "Login", vc->content.session_manager, true);
	c->own = true;
	vs_xw_text(&c->w, "userName", vc->conn->user);
	vs_xw_secret(&c->w, "password", vc->conn->password);
	/* so that messages are the same everywhere */
	vs_xw_text(&c->w, "locale", "en_US");
	vs_call_send(c, session_logged_in, s);
	c->give_up = s->give_up;
	s->opening = c;
}

static int
session_take_content(struct vs_vc *vc, struct vs_node *reply, struct vs_err *err)
{
	struct vs_content *c = &vc->content;
	struct vs_node *v = vs_node_at(reply, "returnval");
	const char *type = vs_node_text(v, "about/apiType");

	vs_content_free(c);
	c->root_folder = vs_node_ref(vs_node_at(v, "rootFolder"));
	c->property_collector = vs_node_ref(vs_node_at(v, "propertyCollector"));
	c->view_manager = vs_node_ref(vs_node_at(v, "viewManager"));
	c->session_manager = vs_node_ref(vs_node_at(v, "sessionManager"));
	c->search_index = vs_node_ref(vs_node_at(v, "searchIndex"));
	c->storage_resource_manager = vs_node_ref(vs_node_at(v, "storageResourceManager"));
	c->api_version = vs_strdup(vs_node_text(v, "about/apiVersion"));
	c->instance_uuid = vs_strdup(vs_node_text(v, "about/instanceUuid"));
	if (!c->root_folder || !c->property_collector || !c->session_manager || !c->view_manager
		|| !c->search_index || !c->api_version)
		return vs_fail(err, VS_ERR_UNREACHABLE, "%s:%d does not answer as a vCenter does",
			vc->conn->host, vc->conn->port);
	if (type && strcmp(type, "VirtualCenter") != 0)
		return vs_fail(err, VS_ERR_UNREACHABLE, "%s:%d is no vCenter but a %s",
			vc->conn->host, vc->conn->port, type);
	return 0;
}

static void
session_got_content(struct vs_call *call, enum vs_call_end how)
{
	struct vs_session *s = call->arg;

	s->opening = NULL;
	if (how != VS_CALL_REPLY || session_take_content(s->vc, call->reply, &call->err) < 0) {
		call->err.code = VS_ERR_UNREACHABLE;
		session_failed(s, &call->err);
		return;
	}
	session_login(s);
}

static void
session_begin(struct vs_session *s)
{
	struct vs_call *c;

	if (s->vc->content.session_manager) {
		session_login(s);
		return;
	}
	c = vs_call_new(s->vc, "RetrieveServiceContent", "ServiceInstance:ServiceInstance", false);
	c->own = true;
	vs_call_send(c, session_got_content, s);
	s->opening = c;
}

/* While another tool logs in, this one waits for what it finds. */
static void
session_lock(void *arg)
{
	struct vs_session *s = arg;
	struct vs_cached c = { 0 };
	struct vs_err err;
	bool there;

	if (s->cache && !vs_cache_lock(s->cache) && vs_now() < s->lock_until) {
		vs_timer_set(s->vc->loop, &s->timer, vs_now() + LOCK_RETRY, session_lock, s);
		return;
	}
	there = s->cache && vs_cache_read(s->cache, s->vc->conn, &c);
	/* one of tomorrow was noted before the clock was set back */
	if (there && c.refused >= s->began && c.refused <= session_wall_clock()) {
		vs_fail(&err, VS_ERR_UNREACHABLE,
			"login as '%s' at %s was refused a moment ago to another tool with this password; not tried again",
			s->vc->conn->user, s->vc->conn->host);
		session_failed(s, &err);
	} else if (!there || !session_take_cached(s, &c)) {
		session_begin(s);
	}
	vs_cached_free(&c);
}

static void
session_open_locked(void *arg)
{
	struct vs_session *s = arg;

	s->lock_until = vs_now() + s->vc->conn->connect_ms;
	session_lock(s);
}

void
vs_session_open(struct vs_vc *vc)
{
	struct vs_session *s = vc->session;
	struct vs_cached c = { 0 };
	bool taken = false;

	vc->state = VS_VC_OPENING;
	s->give_up = vs_now() + vc->retry_ms;
	s->tries = 0;
	if (s->cache && vs_cache_read(s->cache, vc->conn, &c))
		taken = session_take_cached(s, &c);
	vs_cached_free(&c);
	/* from the loop: the caller has not queued its call yet */
	if (!taken)
		vs_timer_set(vc->loop, &s->timer, vs_now(), session_open_locked, s);
}

int
vs_session_wait(struct vs_vc *vc, struct vs_err *err)
{
	if (vc->state == VS_VC_NEW)
		vs_session_open(vc);
	while (vc->state == VS_VC_OPENING) {
		if (vc->cancelled)
			return vs_fail(err, VS_ERR_FAILED, "interrupted");
		vs_loop_turn(vc->loop, -1);
	}
	if (vc->state == VS_VC_READY)
		return 0;
	*err = vc->why;
	return -1;
}

void
vs_session_expired(struct vs_vc *vc, unsigned generation)
{
	struct vs_session *s = vc->session;
	const char *cookie = vs_http_cookie(vc->http, COOKIE);

	if (vc->state != VS_VC_READY || generation != vc->generation)
		return;
	vs_info("the session is not valid any more: logging in again");
	vs_free_secret(s->dead);
	s->dead = vs_strdup(cookie);
	vs_session_open(vc);
}

static void
session_left(struct vs_call *call, enum vs_call_end how)
{
	struct vs_session *s = call->arg;

	(void)how; /* it idles out when this did not work */
	s->leaving = NULL;
}

static void
session_logout(struct vs_session *s)
{
	struct vs_vc *vc = s->vc;

	s->leaving = vs_call_new(vc, "Logout", vc->content.session_manager, true);
	s->leaving->own = true;
	vs_call_send(s->leaving, session_left, s);
}

bool
vs_session_leave(struct vs_vc *vc)
{
	struct vs_session *s = vc->session;

	vc->leaving = true;
	if (s->cache)
		return false;
	vs_timer_clear(vc->loop, &s->timer);
	if (vc->state == VS_VC_READY)
		session_logout(s);
	/* a Login that is out makes a session, wanted or not: wait for it */
	else if (s->opening && !(s->opening->req && s->opening->write))
		vs_call_abort(vs_steal(s->opening));
	return true;
}

bool
vs_session_busy(const struct vs_vc *vc)
{
	const struct vs_session *s = vc->session;

	return s->leaving || (vc->leaving && !s->cache && s->opening);
}
