/* SPDX-License-Identifier: Apache-2.0 */
/* The client's queue, its limits in time, and the order in which requests start and
 * end.  Handles join and leave curl_multi between rounds only (http_before_round). */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "base/num.h"
#include "net/http_parts.h"

static bool http_before_round(void *arg);

/* The proxy that libcurl will use. */
static int
http_check_proxy(const struct vs_http_conf *conf, struct vs_err *err)
{
	static const char *const names[] = { "https_proxy", "HTTPS_PROXY", "http_proxy",
		"all_proxy", "ALL_PROXY" };

	if (conf->proxy)
		return vs_url_check_proxy(conf->proxy, err) < 0 ? vs_wrap(err, "the proxy") : 0;
	for (size_t i = 0; i < VS_LEN(names); i++) {
		const char *s = getenv(names[i]);

		if (strcmp(names[i], "http_proxy") == 0 && !conf->plain_ok)
			continue;
		if (s && *s && vs_url_check_proxy(s, err) < 0)
			return vs_wrap(err, "$%s", names[i]);
	}
	return 0;
}

struct vs_http *
vs_http_open(struct vs_loop *l, const struct vs_http_conf *conf, struct vs_err *err)
{
	struct vs_tls *tls;
	struct vs_http *h;

	if (http_check_proxy(conf, err) < 0 || (tls = vs_tls_new(&conf->trust, err)) == NULL)
		return NULL;
	h = vs_alloc(1, sizeof *h);
	h->loop = l;
	h->tls = tls;
	h->conf = *conf;
	h->conf.user_agent = vs_strdup(conf->user_agent);
	if (h->conf.connect_ms <= 0)
		h->conf.connect_ms = vs_bound(VS_BOUND_CONNECT_MS);
	if (h->conf.idle_ms <= 0)
		h->conf.idle_ms = vs_bound(VS_BOUND_IDLE_MS);
	h->tail = &h->queue;
	h->share = curl_share_init();
	h->soonest = INT64_MAX;
	curl_share_setopt(h->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT);
	curl_share_setopt(h->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
	h->hook = (struct vs_loop_hook){ .before = http_before_round, .arg = h };
	vs_loop_hook(l, &h->hook);
	return h;
}

const char *
vs_http_cookie(struct vs_http *h, const char *name)
{
	return vs_jar_get(&h->jar, name);
}

void
vs_http_set_cookie(struct vs_http *h, const char *host, const char *name, const char *value)
{
	vs_jar_set(&h->jar, host, name, value);
}

struct vs_http_req *
vs_http_req(const char *method, char *url)
{
	struct vs_http_req *r = vs_alloc(1, sizeof *r);

	r->method = method;
	r->url = url;
	r->body = (struct vs_buf)VS_BUF_INIT;
	r->retry_after = -1;
	return r;
}

static void
http_free_req(struct vs_http_req *r)
{
	struct vs_http *h = r->http;

	vs_http_easy_reset(r);
	vs_http_body_free(r);
	if (r->easy && h->n_spare < VS_HTTP_CONNS)
		h->spare[h->n_spare++] = r->easy;
	else if (r->easy)
		curl_easy_cleanup(r->easy);
	free(r->url);
	vs_free_secret(r->headers);
	vs_buf_free(&r->body);
	vs_url_free(&r->where);
	free(r);
}

static void
http_unlink_req(struct vs_http *h, struct vs_http_req *r)
{
	struct vs_http_req **p = r->easy ? &h->running : &h->queue;

	while (*p != r) {
		assert(*p != NULL);
		p = &(*p)->next;
	}
	*p = r->next;
	if (r->easy)
		h->n_running--;
	else if (h->tail == &r->next)
		h->tail = p;
	if (r->over)
		h->to_sweep--;
	assert(h->n_running >= 0 && h->to_sweep >= 0);
}

static void
http_let_go(struct vs_http_req *r)
{
	if (r->easy)
		curl_multi_remove_handle(vs_loop_multi(r->http->loop), r->easy);
}

/* The handle has left curl_multi. */
static void
http_finish(struct vs_http_req *r, enum vs_http_end how)
{
	http_unlink_req(r->http, r);
	if (r->end)
		r->end(r, how);
	http_free_req(r);
}

static void
http_destroy(struct vs_http *h)
{
	struct vs_http_req *r;

	while ((r = h->running ? h->running : h->queue) != NULL) {
		http_let_go(r);
		http_unlink_req(h, r);
		http_free_req(r);
	}
	while (h->n_spare > 0)
		curl_easy_cleanup(h->spare[--h->n_spare]);
	vs_loop_unhook(h->loop, &h->hook);
	vs_timer_clear(h->loop, &h->timer);
	curl_share_cleanup(h->share);
	vs_tls_free(h->tls);
	vs_jar_free(&h->jar);
	free((char *)h->conf.user_agent);
	free(h);
}

void
vs_http_close(struct vs_http *h)
{
	if (h == NULL)
		return;
	h->closed = true;
	if (!h->calling)
		http_destroy(h);
}

/* It ends so, at the start of the next round. */
static void
http_mark(struct vs_http_req *r, enum vs_http_end how)
{
	if (r->over)
		return;
	r->over = true;
	r->how = how;
	r->http->to_sweep++;
}

void
vs_http_send(struct vs_http *h, struct vs_http_req *r)
{
	assert(r->http == NULL); /* sent once */
	r->http = h;
	r->deadline = r->total_ms > 0 ? vs_now() + r->total_ms : INT64_MAX;
	r->limit = r->rated = INT64_MAX;
	if (r->deadline < h->soonest)
		h->soonest = r->deadline;
	r->next = NULL;
	*h->tail = r;
	h->tail = &r->next;
	r->where.plain_ok = h->conf.plain_ok;
	if (vs_url_parse(r->url, &r->where, &r->err) < 0)
		http_mark(r, VS_HTTP_NOT_SENT);
}

void
vs_http_abort(struct vs_http_req *r)
{
	http_mark(r, VS_HTTP_ABORTED);
}

void
vs_http_resume(struct vs_http_req *r)
{
	r->resume = true;
}

static bool
http_same_server(const struct vs_url *a, const struct vs_url *b)
{
	return a->port == b->port && strcmp(a->host, b->host) == 0
		&& strcmp(a->scheme, b->scheme) == 0;
}

/* The first connection failed: the requests that wait for it would fail in the same
 * way, one after the other, each after the connect timeout. */
static void
http_fail_waiting(struct vs_http_req *first)
{
	for (struct vs_http_req *r = first->http->queue; r; r = r->next)
		if (!r->over && http_same_server(&r->where, &first->where)) {
			r->err = first->err;
			r->no_trust = first->no_trust;
			http_mark(r, VS_HTTP_NOT_SENT);
		}
}

static void
http_done(struct vs_loop_transfer *t, int result)
{
	struct vs_http_req *r =
		(struct vs_http_req *)((char *)t - offsetof(struct vs_http_req, transfer));
	struct vs_http *h = r->http;
	enum vs_http_end how = VS_HTTP_ANSWER;

	if (r->over) {
		how = r->how;
	} else if (r->stop) {
		how = VS_HTTP_ABORTED;
	} else if (r->bad || (result == CURLE_OK && vs_http_body_end(r) < 0)) {
		how = r->connected ? VS_HTTP_LOST : VS_HTTP_NOT_SENT;
	} else if (result != CURLE_OK) {
		vs_http_explain(r, (CURLcode)result);
		how = r->connected ? VS_HTTP_LOST : VS_HTTP_NOT_SENT;
	}
	if (how == VS_HTTP_NOT_SENT && !r->over && !h->stood)
		http_fail_waiting(r);
	h->calling = true;
	http_finish(r, how);
	h->calling = false;
	if (h->closed)
		http_destroy(h);
}

/* Its bounds in time. */
static void
http_limit(struct vs_http_req *r)
{
	if (r->limit_ms == 0 && !r->file)
		r->limit_ms = vs_bound(r->write ? VS_BOUND_WRITE_MS : VS_BOUND_CALL_MS);
	r->limit = r->limit_ms > 0 ? r->seen + r->limit_ms : INT64_MAX;
	r->rated = r->file ? r->seen + vs_bound(VS_BOUND_RATE_MS) : INT64_MAX;
}

static void
http_start(struct vs_http *h, struct vs_http_req *r)
{
	CURL *easy = h->n_spare ? h->spare[--h->n_spare] : curl_easy_init();

	assert(h->queue == r);
	if (easy == NULL)
		vs_no_memory();
	h->queue = r->next;
	if (h->queue == NULL)
		h->tail = &h->queue;
	r->next = h->running;
	h->running = r;
	h->n_running++;
	r->easy = easy;
	r->transfer.done = http_done;
	r->seen = vs_now();
	r->left = (size_t)vs_bound(VS_BOUND_PIECE);
	http_limit(r);
	vs_http_easy_setup(r);
	curl_multi_add_handle(vs_loop_multi(h->loop), easy);
}

static int64_t
http_idle_ms(const struct vs_http_req *r)
{
	return r->idle_ms > 0 ? r->idle_ms : r->http->conf.idle_ms;
}

/* A file that moves too slowly; what is paused waits for us. */
static bool
http_too_slow(struct vs_http_req *r, int64_t now)
{
	int64_t ms = vs_bound(VS_BOUND_RATE_MS);
	bool slow = !r->paused && (int64_t)r->moved < vs_bound(VS_BOUND_RATE_BYTES) * ms / 1000;

	r->moved = 0;
	r->rated = now + ms;
	return slow;
}

static void
http_expire(struct vs_http_req *r, int64_t now)
{
	enum vs_http_end how = r->connected ? VS_HTTP_LOST : VS_HTTP_NOT_SENT;
	const char *host = r->where.host;
	int port = r->where.port;
	char rate[VS_BYTES];

	if (r->over)
		return;
	if (now >= r->deadline)
		vs_fail(&r->err, VS_ERR_TIMED_OUT, "%s:%d: no answer within %g s", host, port,
			(double)r->total_ms / 1000);
	else if (now >= r->limit)
		vs_fail(&r->err, VS_ERR_UNREACHABLE, "%s:%d: no complete answer within %g s", host,
			port, (double)r->limit_ms / 1000);
	else if (r->connected && !r->paused && now - r->seen >= http_idle_ms(r))
		vs_fail(&r->err, VS_ERR_UNREACHABLE, "%s:%d: no data received for %g s", host, port,
			(double)http_idle_ms(r) / 1000);
	else if (now >= r->rated && http_too_slow(r, now))
		vs_fail(&r->err, VS_ERR_UNREACHABLE,
			"%s:%d: the transfer is too slow: less than %s/s for %g s", host, port,
			vs_bytes(vs_bound(VS_BOUND_RATE_BYTES), rate),
			(double)vs_bound(VS_BOUND_RATE_MS) / 1000);
	else
		return;
	http_mark(r, how);
}

static void
http_on_timer(void *arg)
{
	struct vs_http *h = arg;
	int64_t now = vs_now();

	for (struct vs_http_req *r = h->running; r; r = r->next)
		http_expire(r, now);
	h->soonest = INT64_MAX;
	for (struct vs_http_req *r = h->queue; r; r = r->next) {
		http_expire(r, now);
		if (!r->over && r->deadline < h->soonest)
			h->soonest = r->deadline;
	}
}

/* The timer for the next limit.  Bytes that arrive only move the limit on: the timer
 * then finds nothing to do, which is cheaper than to set it again for each of them. */
static void
http_arm(struct vs_http *h)
{
	int64_t at = h->soonest;

	for (struct vs_http_req *r = h->running; r; r = r->next) {
		/* libcurl limits the time to connect */
		int64_t idle = r->connected && !r->paused ? r->seen + http_idle_ms(r) : INT64_MAX;

		at = idle < at ? idle : at;
		at = r->deadline < at ? r->deadline : at;
		at = r->limit < at ? r->limit : at;
		at = r->rated < at ? r->rated : at;
	}
	if (at == INT64_MAX)
		vs_timer_clear(h->loop, &h->timer);
	else if (!h->timer.set || at < h->timer.at)
		vs_timer_set(h->loop, &h->timer, at, http_on_timer, h);
}

static struct vs_http_req *
http_find_over(struct vs_http *h)
{
	struct vs_http_req *r;

	/* A request is in one list only: "running" if it has a handle.  clang-analyzer
	 * cannot know that, and takes one that was freed from the queue for one of these. */
	for (r = h->running; r; r = r->next)
		if (r->over) /* NOLINT(clang-analyzer-unix.Malloc) */
			return r;
	for (r = h->queue; r && !r->over;)
		r = r->next;
	return r;
}

static void
http_resume(struct vs_http_req *r)
{
	r->resume = r->paused = r->held = false;
	r->seen = vs_now();
	/* may call data() at once, with the bytes that it refused before */
	if (curl_easy_pause(r->easy, CURLPAUSE_CONT) == CURLE_OK || r->over)
		return;
	if (!r->bad)
		vs_fail(&r->err, VS_ERR_UNREACHABLE, "%s:%d: cannot read the answer", r->where.host,
			r->where.port);
	http_mark(r, r->stop ? VS_HTTP_ABORTED : VS_HTTP_LOST);
}

static bool
http_before_round(void *arg)
{
	struct vs_http *h = arg;
	struct vs_http_req *r;
	bool called = false;

	for (r = h->running; r; r = r->next) {
		r->left = (size_t)vs_bound(VS_BOUND_PIECE);
		if ((r->resume || r->held) && !r->over)
			http_resume(r);
		called |= r->held;
	}
	h->calling = true;
	while (!h->closed && h->to_sweep > 0 && (r = http_find_over(h)) != NULL) {
		http_let_go(r);
		http_finish(r, r->how);
		called = true;
	}
	h->calling = false;
	if (h->closed) {
		http_destroy(h);
		return true;
	}
	while (h->queue && h->n_running < (h->stood ? VS_HTTP_CONNS : 1))
		http_start(h, h->queue);
	http_arm(h);
	return called;
}
