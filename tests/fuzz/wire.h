/* SPDX-License-Identifier: Apache-2.0 */
/* wire.h - in place of net/loop and net/http: a vCenter whose answers are the input.
 *
 * They replace those of the library when a target is linked, so this is included once in
 * a target.  Answers are separated by lines "====".  One may begin with a line "500" (any
 * HTTP status; 200 otherwise), "lost" or "refused", of no answer at all.  After the last
 * answer every request is refused.  The clock moves only when there is nothing but a timer
 * to wait for. */
#ifndef FUZZ_WIRE_H
#define FUZZ_WIRE_H

#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "fuzz.h"
#include "net/http.h"
#include "vim/vcenter.h"

#define PASSWORD "S3CRET"

struct vs_loop {
	struct vs_timer *timers; /* soonest first */
	struct vs_http_req *sent, *aborted;
};

struct vs_http {
	struct vs_loop *loop;
	char cookie[16];
};

static struct {
	const char *next, *end; /* answers */
	size_t piece;		/* bytes of a body that come at once; 0: all */
	size_t requests, answers;
	bool password; /* it is in the answers */
} wire;

/* ---- the loop */

struct vs_loop *
vs_loop_new(struct vs_err *err)
{
	(void)err;
	return vs_alloc(1, sizeof(struct vs_loop));
}

void
vs_loop_free(struct vs_loop *l)
{
	must(l->timers == NULL, "no timer outlives its owner");
	must(l->sent == NULL && l->aborted == NULL, "no request outlives its client");
	free(l);
}

void
vs_timer_clear(struct vs_loop *l, struct vs_timer *t)
{
	for (struct vs_timer **p = &l->timers; t->set && *p; p = &(*p)->next)
		if (*p == t) {
			*p = t->next;
			break;
		}
	t->set = false;
}

void
vs_timer_set(struct vs_loop *l, struct vs_timer *t, int64_t at, void (*call)(void *), void *arg)
{
	struct vs_timer **p = &l->timers;

	vs_timer_clear(l, t);
	while (*p && (*p)->at <= at)
		p = &(*p)->next;
	*t = (struct vs_timer){ .at = at, .call = call, .arg = arg, .next = *p, .set = true };
	*p = t;
}

static void
wire_free(struct vs_http_req *r)
{
	free(r->url);
	free(r->headers);
	vs_buf_free(&r->body);
	free(r);
}

static void
wire_end(struct vs_http_req *r, enum vs_http_end how)
{
	if (how == VS_HTTP_LOST || how == VS_HTTP_NOT_SENT)
		vs_fail(&r->err, VS_ERR_UNREACHABLE, "vc.example: no answer");
	r->end(r, how);
	wire_free(r);
}

/* The next answer: its first line is cut off. */
static bool
wire_line(const char **s, const char *end, const char *line)
{
	size_t n = strlen(line);

	if ((size_t)(end - *s) < n + 1 || memcmp(*s, line, n) != 0 || (*s)[n] != '\n')
		return false;
	*s += n + 1;
	return true;
}

static void
wire_answer(struct vs_http_req *r)
{
	static const char SEP[] = "\n====\n";
	const char *s = wire.next, *end = NULL, *after;
	char status[] = "100";

	wire.requests++;
	if (s == wire.end) {
		wire_end(r, VS_HTTP_NOT_SENT);
		return;
	}
	wire.answers++;
	end = memmem(s, (size_t)(wire.end - s), SEP, strlen(SEP));
	after = end ? end + strlen(SEP) : wire.end;
	end = end ? end : wire.end;
	wire.next = after;
	if (wire_line(&s, end, "refused") || wire_line(&s, end, "lost")) {
		wire_end(r, s[-2] == 't' ? VS_HTTP_LOST : VS_HTTP_NOT_SENT);
		return;
	}
	r->status = 200;
	for (int code = 200; code < 600; code++) {
		snprintf(status, sizeof status, "%d", code);
		if (wire_line(&s, end, status))
			r->status = code;
	}
	while (s < end) {
		size_t n = wire.piece && wire.piece < (size_t)(end - s) ? wire.piece
									: (size_t)(end - s);
		VS_FREE char *exact = vs_alloc(n, 1);

		memcpy(exact, s, n);
		if (r->data(r, exact, n) == -1) {
			wire_end(r, VS_HTTP_ABORTED);
			return;
		}
		s += n;
	}
	wire_end(r, VS_HTTP_ANSWER);
}

void
vs_loop_turn(struct vs_loop *l, int max_ms)
{
	struct vs_http_req *r;
	struct vs_timer *t;

	(void)max_ms;
	while ((r = l->aborted) != NULL) {
		l->aborted = r->next;
		wire_end(r, VS_HTTP_ABORTED);
	}
	if ((r = l->sent) != NULL) {
		l->sent = r->next;
		wire_answer(r);
		return;
	}
	t = l->timers;
	must(t != NULL, "something is waited for");
	fuzz_now = t->at > fuzz_now ? t->at : fuzz_now;
	vs_timer_clear(l, t);
	t->call(t->arg);
}

bool
vs_loop_until(struct vs_loop *l, bool (*done)(void *), void *arg, const bool *stop, int64_t until)
{
	while (!done(arg)) {
		if ((stop && *stop) || fuzz_now >= until)
			return false;
		vs_loop_turn(l, -1);
	}
	return true;
}

/* ---- the client */

struct vs_http *
vs_http_open(struct vs_loop *l, const struct vs_http_conf *conf, struct vs_err *err)
{
	struct vs_http *h = vs_alloc(1, sizeof *h);

	(void)conf, (void)err;
	h->loop = l;
	return h;
}

void
vs_http_close(struct vs_http *h)
{
	struct vs_http_req *r;

	while ((r = h->loop->sent) != NULL) {
		h->loop->sent = r->next;
		wire_free(r);
	}
	while ((r = h->loop->aborted) != NULL) {
		h->loop->aborted = r->next;
		wire_free(r);
	}
	free(h);
}

const char *
vs_http_cookie(struct vs_http *h, const char *name)
{
	(void)name;
	return *h->cookie ? h->cookie : NULL;
}

void
vs_http_set_cookie(struct vs_http *h, const char *host, const char *name, const char *value)
{
	(void)host, (void)name;
	snprintf(h->cookie, sizeof h->cookie, "%s", value ? value : "");
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

void
vs_http_send(struct vs_http *h, struct vs_http_req *r)
{
	struct vs_http_req **at = &h->loop->sent;

	while (*at)
		at = &(*at)->next;
	*at = r;
	r->http = h;
}

void
vs_http_abort(struct vs_http_req *r)
{
	struct vs_loop *l = r->http->loop;

	for (struct vs_http_req **p = &l->sent; *p; p = &(*p)->next)
		if (*p == r) {
			*p = r->next;
			r->next = l->aborted;
			l->aborted = r;
			return;
		}
	must(false, "a request that is aborted was sent");
}

/* ---- a connection */

/* What -v and --trace print. */
static void
wire_log(enum vs_log_level level, const char *text)
{
	(void)level;
	must(wire.password || strstr(text, PASSWORD) == NULL, "no log has the password");
}

static char wire_url[] = "https://vc.example/sdk", wire_host[] = "vc.example",
	    wire_user[] = "admin", wire_password[] = PASSWORD;
static const struct vs_conn wire_conn = {
	.url = wire_url,
	.host = wire_host,
	.port = 443,
	.user = wire_user,
	.password = wire_password,
	.connect_ms = 10000,
};

/* Start with the answers in data.  There is a session already, unless they begin with a
 * line "new". */
static struct vs_vc *
wire_begin(const uint8_t *data, size_t n, size_t piece, struct vs_loop *l)
{
	struct vs_err err;
	struct vs_vc *vc;

	memset(&wire, 0, sizeof wire);
	fuzz_now = 1000;
	srandom(1); /* of back-offs */
	wire.piece = piece;
	wire.next = (const char *)data;
	wire.end = wire.next + n;
	wire.password = memmem(data, n, PASSWORD, strlen(PASSWORD)) != NULL;
	vs_log_to(wire_log, ~0U);
	wire_line(&wire.next, wire.end, "new");
	vc = vs_vc_open(l, &wire_conn, "fuzz", &err);
	must(vc != NULL, "a connection opens");
	vc->wire.retry_ms = 4000;
	if (wire.next > (const char *)data)
		return vc;
	vc->content = (struct vs_content){
		.root_folder = vs_strdup("Folder:group-d1"),
		.property_collector = vs_strdup("PropertyCollector:pc"),
		.view_manager = vs_strdup("ViewManager:vm"),
		.session_manager = vs_strdup("SessionManager:sm"),
		.search_index = vs_strdup("SearchIndex:si"),
		.api_version = vs_strdup("8.0.1.0"),
	};
	vc->state = VS_VC_READY;
	vc->generation = 1;
	vc->wire.answered = true;
	return vc;
}

/* What a person is shown of it. */
static void
wire_said(const struct vs_err *err)
{
	must(err->code >= VS_ERR_FAILED && err->code <= VS_ERR_UNREACHABLE && err->msg[0],
		"an error has a status and a message");
	must(wire.password || strstr(err->msg, PASSWORD) == NULL, "no message has the password");
}

#endif
