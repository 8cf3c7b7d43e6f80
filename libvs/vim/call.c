/* SPDX-License-Identifier: Apache-2.0 */
/* SOAP 1.1 over HTTP.  A read is retried for wire->retry_ms, a write only if it was
 * certainly not carried out.  HTTP status 408, 429 and 502 to 504 are temporary
 * (RFC 9110, 15); faults are never retried here (HACKING.md). */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/backoff.h"
#include "base/bounds.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "vim/call.h"
#include "vim/fault.h"
#include "vim/returns.h"
#include "vim/trace.h"

enum { CALL_FIRST_DELAY = 500, CALL_LONGEST_DELAY = 30000 }; /* ms between tries */

/* The newest API version that this code was tested with.  The version selects the
 * schema: vCenter rejects newer elements in a request and omits them in a reply. */
static const char NEWEST[] = "8.0.1.0";

static const char HEAD[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	"<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Header>";
static const char BODY[] = "</soapenv:Header><soapenv:Body>";
static const char TAIL[] = "</soapenv:Body></soapenv:Envelope>";

/* ---- the wire */

int
vs_wire_open(struct vs_wire *w, struct vs_loop *l, const struct vs_conn *conn, const char *tool,
	struct vs_err *err)
{
	VS_FREE char *agent = vs_printf("%s/" VS_VERSION, tool);
	const struct vs_http_conf conf = {
		.trust = {
			.insecure = conn->insecure,
			.ca_files = conn->ca_files,
			.pins = conn->pins,
		},
		.user_agent = agent,
		.connect_ms = conn->connect_ms,
		.trust_hint = "give its CA in $GOVC_TLS_CA_CERTS, or its thumbprint in $GOVC_TLS_KNOWN_HOSTS",
		.name_hint = "use a name of the certificate in the URL, or give its thumbprint in $GOVC_TLS_KNOWN_HOSTS",
	};
	struct vs_http *http = vs_http_open(l, &conf, err);

	if (http == NULL)
		return -1;
	*w = (struct vs_wire){
		.loop = l, .conn = conn, .http = http, .retry_ms = vs_bound(VS_BOUND_RETRY_MS)
	};
	w->op_id = vs_printf("%s-%04x", conn->operation_id ? conn->operation_id : tool,
		(unsigned)(getpid() ^ vs_now()) & 0xffff);
	vs_wire_speak(w, NULL);
	return 0;
}

void
vs_wire_close(struct vs_wire *w)
{
	while (w->flying.first)
		vs_call_abort(w->flying.first);
	vs_http_close(w->http);
	free(w->op_id);
	free(w->version);
}

void
vs_wire_speak(struct vs_wire *w, const char *api_version)
{
	if (w->conn->api_version)
		api_version = w->conn->api_version;
	else if (api_version == NULL)
		api_version = "7.0";
	else if (strverscmp(api_version, NEWEST) > 0)
		api_version = NEWEST;
	vs_set(&w->version, api_version);
}

/* ---- lists */

static void
call_leave_list(struct vs_call *c)
{
	struct vs_calls *l = c->list;
	struct vs_call **p;

	if (l == NULL)
		return;
	for (p = &l->first; *p != c; p = &(*p)->next)
		assert(*p != NULL); /* c->list is the list that it is in */
	*p = c->next;
	if (l->last == &c->next)
		l->last = p;
	c->next = NULL;
	c->list = NULL;
}

void
vs_calls_put(struct vs_calls *l, struct vs_call *c)
{
	call_leave_list(c);
	if (l->first == NULL)
		l->last = &l->first;
	*l->last = c;
	l->last = &c->next;
	c->list = l;
}

/* ---- one call */

struct vs_call *
vs_call_new(struct vs_wire *wire, const char *method, const char *self, bool write)
{
	struct vs_call *c = vs_alloc(1, sizeof *c);

	*c = (struct vs_call){ .wire = wire,
		.method = method,
		.write = write,
		.w = VS_XW_INIT,
		.raw = { .s = vs_buf_empty, .max = 1 << 20 } };
	vs_xw_open(&c->w, method);
	vs_xw_attr(&c->w, "xmlns", "urn:vim25");
	vs_xw_ref(&c->w, "_this", self);
	return c;
}

void
vs_call_free(struct vs_call *c)
{
	if (c == NULL)
		return;
	assert(c->list == NULL && c->req == NULL && !c->timer.set);
	vs_xp_free(c->xp);
	vs_xw_free(&c->w);
	vs_buf_free(&c->raw);
	free(c);
}

void
vs_call_abort(struct vs_call *c)
{
	if (c == NULL)
		return;
	call_leave_list(c);
	vs_timer_clear(c->wire->loop, &c->timer);
	if (c->req) {
		c->req->arg = NULL; /* call_http_end() then does nothing */
		vs_http_abort(vs_steal(c->req));
	}
	vs_call_free(c);
}

static void
call_finish(struct vs_call *c, enum vs_call_end how)
{
	call_leave_list(c);
	vs_timer_clear(c->wire->loop, &c->timer);
	if (how == VS_CALL_FAULT)
		vs_info("%s: %s (opID %s-%u)", c->method, c->err.msg, c->wire->op_id, c->serial);
	if (c->end)
		c->end(c, how);
	vs_call_free(c);
}

static void
call_again(void *arg)
{
	vs_call_go(arg);
}

/* Again after a delay, or VS_CALL_FAILED with c->err as it is.  after: the server's
 * Retry-After in seconds; -1: none. */
static void
call_retry(struct vs_call *c, long after)
{
	int64_t delay = vs_backoff(++c->tries, CALL_FIRST_DELAY, CALL_LONGEST_DELAY), at;

	if (after > 0)
		delay = (int64_t)after * 1000;
	at = vs_now() + delay;
	if (c->wire->cancelled || at > c->give_up) {
		call_finish(c, VS_CALL_FAILED);
		return;
	}
	vs_info("%s: %s; retrying in %.1f s", c->method, c->err.msg, (double)delay / 1000);
	vs_timer_set(c->wire->loop, &c->timer, at, call_again, c);
}

static bool
call_is_temporary(int status)
{
	return status == 408 || status == 429 || (status >= 502 && status <= 504);
}

/* No valid response.  sent: it may have been carried out. */
static void
call_no_answer(struct vs_call *c, bool sent, long after)
{
	c->err.code = VS_ERR_UNREACHABLE;
	if (sent && c->write) {
		vs_wrap(&c->err, "%s was sent, but no valid response was received", c->method);
		call_finish(c, VS_CALL_LOST);
	} else if (!c->wire->answered || c->once || c->exceeded) {
		/* a server that has never answered is more likely absent than busy;
		 * what cannot be repeated is started again by its owner */
		call_finish(c, VS_CALL_FAILED);
	} else {
		call_retry(c, after);
	}
}

static void
call_expired(struct vs_call *c)
{
	if (!c->gate->expired(c->gate->arg, c))
		call_finish(c, VS_CALL_FAULT);
}

static void
call_got_fault(struct vs_call *c, struct vs_node *soap_fault)
{
	const char *text;

	c->fault = vs_fault_of_soap(soap_fault, &text);
	vs_fault_err(c->fault, text, &c->err);
	if (vs_fault_not_authenticated(c->fault) && c->gate)
		call_expired(c);
	else
		call_finish(c, VS_CALL_FAULT);
}

static void
call_trace_answer(struct vs_call *c, int status)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	if (!vs_log_on(VS_LOG_TRACE))
		return;
	vs_trace_reply(c->raw.s, c->raw.len, &b);
	vs_trace("<-- %s %d%s\n%s", c->method, status, c->raw.over ? " (truncated at 1 MiB)" : "",
		b.s);
}

static void
call_bad_status(struct vs_call *c, const struct vs_http_req *r)
{
	bool temporary = call_is_temporary(r->status);

	vs_fail(&c->err, VS_ERR_UNREACHABLE, "HTTP status %d from %s%s", r->status,
		c->wire->conn->url,
		c->wire->answered || temporary
			? ""
			: ": is this a vCenter? (the URL is https://HOST/sdk)");
	if (temporary) {
		/* a server is there; it is starting or busy */
		c->wire->answered = true;
		/* 429: rejected before anything was done */
		call_no_answer(c, r->status != 429, r->retry_after);
	} else {
		vs_wrap(&c->err, "%s", c->method);
		call_finish(c, VS_CALL_FAILED);
	}
}

/* Not SOAP, or more of it than a bound allows: that would only come again. */
static void
call_unusable(struct vs_call *c, int status)
{
	const struct vs_conn *conn = c->wire->conn;

	if (c->parse_failed && vs_xp_exceeded(c->xp)) {
		vs_wrap(&c->err, "the response from %s:%d", conn->host, conn->port);
		c->once = true;
	} else {
		vs_fail(&c->err, VS_ERR_UNREACHABLE,
			"the response from %s:%d is not SOAP (HTTP status %d): is this a vCenter?",
			conn->host, conn->port, status);
	}
	call_no_answer(c, true, -1);
}

static void
call_answer(struct vs_call *c, struct vs_http_req *r)
{
	struct vs_node *root = NULL, *body;

	call_trace_answer(c, r->status);
	if (r->status != 200 && r->status != 500) {
		call_bad_status(c, r);
		return;
	}
	root = vs_xp_end(c->xp, &c->err);
	body = vs_node_at(root, "Body");
	body = body ? body->child : NULL;
	c->wire->answered |= body != NULL;
	if (body == NULL) {
		call_unusable(c, r->status);
	} else if (strcmp(body->name, "Fault") == 0) {
		call_got_fault(c, body);
	} else if (c->gate && vs_fault_in_answer(body->child)) {
		vs_fail(&c->err, VS_ERR_UNREACHABLE, "the session is no longer valid");
		snprintf(c->err.fault, sizeof c->err.fault, "NotAuthenticated");
		call_expired(c);
	} else if (vs_returns_check(c->method, body, &c->err) < 0) {
		call_finish(c, VS_CALL_FAILED);
	} else {
		c->reply = body;
		call_finish(c, VS_CALL_REPLY);
	}
}

static void
call_http_end(struct vs_http_req *r, enum vs_http_end how)
{
	struct vs_call *c = r->arg;

	if (c == NULL)
		return;
	c->req = NULL;
	switch (how) {
	case VS_HTTP_ANSWER:
		call_answer(c, r);
		break;
	case VS_HTTP_NOT_SENT:
		c->err = r->err;
		if (r->no_trust)
			call_finish(c, VS_CALL_FAILED);
		else
			call_no_answer(c, false, -1);
		break;
	case VS_HTTP_LOST:
		c->err = r->err;
		c->exceeded = r->exceeded;
		call_no_answer(c, true, -1);
		break;
	case VS_HTTP_ABORTED:
		assert(c->parse_failed); /* vs_call_abort has taken r->arg away */
		call_trace_answer(c, r->status);
		call_unusable(c, r->status);
		break;
	}
}

static int
call_http_data(struct vs_http_req *r, const char *p, size_t n)
{
	struct vs_call *c = r->arg;

	if (c == NULL)
		return -1;
	if (vs_log_on(VS_LOG_TRACE))
		vs_buf_add(&c->raw, p, n);
	/* with another status the body is a proxy's page, not SOAP */
	if (r->status != 200 && r->status != 500)
		return 0;
	c->parse_failed = vs_xp_feed(c->xp, p, n, &c->err) < 0;
	return c->parse_failed ? -1 : 0;
}

static void
call_trace_request(struct vs_call *c)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	if (!vs_log_on(VS_LOG_TRACE))
		return;
	vs_xw_trace(&c->w, &b);
	vs_trace("--> %s opID %s-%u\n%s", c->method, c->wire->op_id, c->serial, b.s);
}

static void
call_post(struct vs_call *c)
{
	struct vs_wire *wire = c->wire;
	struct vs_http_req *r = vs_http_req("POST", vs_strdup(wire->conn->url));
	VS_XW_FREE struct vs_xw head = VS_XW_INIT;
	VS_FREE char *id = NULL;

	assert(c->req == NULL && c->list == &wire->flying);
	c->serial = ++wire->serial;
	id = vs_printf("%s-%u", wire->op_id, c->serial);
	vs_xp_free(c->xp);
	c->xp = vs_xp_new(NULL, NULL, NULL);
	c->parse_failed = false;
	c->reply = c->fault = NULL;
	vs_buf_cut(&c->raw, 0);
	r->headers = vs_printf("Content-Type: text/xml; charset=\"utf-8\"\n"
			       "SOAPAction: \"urn:vim25/%s\"\n",
		wire->version);
	r->body.secret = true;
	vs_xw_text(&head, "operationID", id);
	vs_buf_str(&r->body, HEAD);
	vs_buf_add(&r->body, head.b.s, head.b.len);
	vs_buf_str(&r->body, BODY);
	vs_buf_add(&r->body, c->w.b.s, c->w.b.len);
	vs_buf_str(&r->body, TAIL);
	r->write = c->write;
	/* a late answer of the old session must not undo a Login */
	r->keep_cookies = c->gate != NULL;
	r->idle_ms = c->poll_ms ? c->poll_ms + 30000 : 0;
	r->limit_ms = c->poll_ms ? c->poll_ms + vs_bound(VS_BOUND_CALL_MS) : 0;
	r->data = call_http_data;
	r->end = call_http_end;
	r->arg = c;
	c->req = r;
	call_trace_request(c);
	vs_http_send(wire->http, r);
}

static void
call_refused(void *arg)
{
	struct vs_call *c = arg;

	call_finish(c, c->refused);
}

/* end() must be called from the loop: now, if that is where we are. */
static void
call_refuse(struct vs_call *c, enum vs_call_end how, bool in_loop)
{
	if (in_loop) {
		call_finish(c, how);
		return;
	}
	c->refused = how;
	vs_calls_put(&c->wire->flying, c);
	vs_timer_set(c->wire->loop, &c->timer, vs_now(), call_refused, c);
}

static void
call_pass(struct vs_call *c, bool in_loop)
{
	switch (c->gate ? c->gate->pass(c->gate->arg, c) : VS_GATE_OPEN) {
	case VS_GATE_OPEN:
		vs_calls_put(&c->wire->flying, c);
		call_post(c);
		break;
	case VS_GATE_KEPT:
		break; /* c may have been sent, or freed, already */
	case VS_GATE_SHUT:
		call_refuse(c, VS_CALL_FAILED, in_loop);
		break;
	case VS_GATE_STALE:
		call_refuse(c, VS_CALL_STALE, in_loop);
		break;
	}
}

void
vs_call_go(struct vs_call *c)
{
	call_pass(c, true);
}

void
vs_call_send(struct vs_call *c, void (*end)(struct vs_call *, enum vs_call_end), void *arg)
{
	assert(c->list == NULL && c->req == NULL); /* sent once */
	c->end = end;
	c->arg = arg;
	while (c->w.depth > 0)
		vs_xw_close(&c->w);
	c->give_up = vs_now() + c->wire->retry_ms;
	if (c->w.bad) {
		vs_fail(&c->err, VS_ERR_USAGE,
			"%s: '%s' contains a character that XML cannot represent", c->method,
			c->w.bad);
		call_refuse(c, VS_CALL_FAILED, false);
	} else {
		call_pass(c, false);
	}
}
