/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "vim/fault.h"
#include "vim/session.h"
#include "vim/soap.h"
#include "vim/trace.h"

enum { FIRST_DELAY = 500, LONGEST_DELAY = 30000 }; /* ms between tries */

static const char HEAD[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	"<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Header><operationID>%s</operationID></soapenv:Header><soapenv:Body>";
static const char TAIL[] = "</soapenv:Body></soapenv:Envelope>";

static void soap_post(struct vs_call *c);

/* ---- one call */

struct vs_call *
vs_call_new(struct vs_vc *vc, const char *method, const char *self, bool write)
{
	struct vs_call *c = vs_alloc(1, sizeof *c);

	*c = (struct vs_call){ .vc = vc,
		.method = method,
		.write = write,
		.generation = vc->generation,
		.w = VS_XW_INIT,
		.raw = { .s = vs_buf_empty, .max = 1 << 20 } };
	vs_xw_open(&c->w, method);
	vs_xw_attr(&c->w, "xmlns", "urn:vim25");
	vs_xw_ref(&c->w, "_this", self);
	return c;
}

static void
soap_unlink_from(struct vs_call **list, struct vs_call *c)
{
	for (; *list; list = &(*list)->next)
		if (*list == c) {
			*list = c->next;
			return;
		}
}

static void
soap_forget(struct vs_call *c)
{
	struct vs_vc *vc = c->vc;

	soap_unlink_from(&vc->live, c);
	soap_unlink_from(&vc->waiting, c);
	for (vc->waiting_end = &vc->waiting; *vc->waiting_end;)
		vc->waiting_end = &(*vc->waiting_end)->next;
	vs_timer_clear(vc->loop, &c->timer);
	c->next = NULL;
}

void
vs_call_free(struct vs_call *c)
{
	if (c == NULL)
		return;
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
	soap_forget(c);
	if (c->req) {
		c->req->arg = NULL; /* its end() finds nobody */
		vs_http_abort(c->req);
	}
	vs_call_free(c);
}

static void
soap_finish(struct vs_call *c, enum vs_call_end how)
{
	soap_forget(c);
	if (how == VS_CALL_FAULT)
		vs_info("%s: %s (opID %s-%u)", c->method, c->err.msg, c->vc->op_id, c->serial);
	if (c->end)
		c->end(c, how);
	vs_call_free(c);
}

static void
soap_queue(struct vs_call *c)
{
	struct vs_vc *vc = c->vc;

	c->next = NULL;
	*vc->waiting_end = c;
	vc->waiting_end = &c->next;
	if (vc->state == VS_VC_NEW)
		vs_session_open(vc);
}

/* From the loop: to the session as it is now.  What it was about may have gone
 * with another one; or there is none, at present or for good. */
static void
soap_go(struct vs_call *c)
{
	struct vs_vc *vc = c->vc;

	if (vc->state == VS_VC_FAILED && !c->own) {
		c->err = vc->why;
		soap_finish(c, VS_CALL_FAILED);
	} else if (vc->state != VS_VC_READY && !c->own) {
		soap_forget(c);
		soap_queue(c);
	} else if (c->scoped && c->generation != vc->generation) {
		vs_fail(&c->err, VS_ERR_UNREACHABLE, "the session is not valid any more");
		soap_finish(c, VS_CALL_STALE);
	} else {
		soap_forget(c);
		c->next = vc->live;
		vc->live = c;
		soap_post(c);
	}
}

static void
soap_again(void *arg)
{
	soap_go(arg);
}

/* Once more after a while, or VS_CALL_FAILED with what is in c->err. */
static void
soap_retry(struct vs_call *c, long after)
{
	int64_t delay = FIRST_DELAY << (c->tries < 7 ? c->tries : 6);
	int64_t at;

	if (delay > LONGEST_DELAY)
		delay = LONGEST_DELAY;
	delay = delay / 2 + random() % (delay / 2 + 1);
	if (after > 0)
		delay = after * 1000;
	at = vs_now() + delay;
	c->tries++;
	if (c->vc->cancelled || (c->own && c->vc->leaving) || at > c->give_up) {
		soap_finish(c, VS_CALL_FAILED);
		return;
	}
	vs_info("%s: %s; again in %.1f s", c->method, c->err.msg, (double)delay / 1000);
	vs_timer_set(c->vc->loop, &c->timer, at, soap_again, c);
}

static bool
soap_later(int status)
{
	return status == 408 || status == 429 || (status >= 502 && status <= 504);
}

/* No answer that could be read.  sent: it may have been carried out. */
static void
soap_no_answer(struct vs_call *c, bool sent, long after)
{
	c->err.code = VS_ERR_UNREACHABLE;
	if (sent && c->write) {
		vs_wrap(&c->err, "%s was sent, but no good answer came", c->method);
		soap_finish(c, VS_CALL_LOST);
	} else if (!c->vc->answered || c->once) {
		/* the first word never came: nobody there, more likely than a
		 * passing fault; what cannot be repeated is begun anew by its owner */
		soap_finish(c, VS_CALL_FAILED);
	} else {
		soap_retry(c, after);
	}
}

static void
soap_session_gone(struct vs_call *c)
{
	struct vs_vc *vc = c->vc;
	unsigned was = c->generation;

	/* after the Logout there is none to renew: a Login would leave one behind */
	if (c->relogins++ || vc->leaving) {
		soap_finish(c, VS_CALL_FAULT);
		return;
	}
	/* from the queue it goes on, whatever becomes of the session */
	soap_forget(c);
	soap_queue(c);
	vs_session_expired(vc, was);
	if (vc->state == VS_VC_READY)
		vs_soap_ready(vc);
	else if (vc->state == VS_VC_FAILED)
		vs_soap_failed(vc);
}

static void
soap_got_fault(struct vs_call *c, struct vs_node *soap_fault)
{
	const char *text;

	c->fault = vs_fault_of_soap(soap_fault, &text);
	vs_fault_err(c->fault, text, &c->err);
	if (vs_fault_not_authenticated(c->fault) && !c->own)
		soap_session_gone(c);
	else
		soap_finish(c, VS_CALL_FAULT);
}

static void
soap_trace_answer(struct vs_call *c, int status)
{
	struct vs_buf b = VS_BUF_INIT;

	if (!vs_log_on(VS_LOG_TRACE))
		return;
	vs_trace_reply(c->raw.s, c->raw.len, &b);
	vs_trace("<-- %s %d%s\n%s", c->method, status, c->raw.over ? " (cut off at 1 MiB)" : "",
		b.s);
	vs_buf_free(&b);
}

static void
soap_answer(struct vs_call *c, struct vs_http_req *r)
{
	struct vs_node *root = NULL, *body;

	soap_trace_answer(c, r->status);
	if (r->status == 200 || r->status == 500) {
		if (!c->parse_failed)
			root = vs_xp_end(c->xp, &c->err);
	} else {
		vs_fail(&c->err, VS_ERR_UNREACHABLE, "%s: HTTP status %d from %s%s", c->method,
			r->status, c->vc->conn->url,
			c->vc->answered || soap_later(r->status)
				? ""
				: ": is this a vCenter?  (https://HOST/sdk in $GOVC_URL)");
		if (soap_later(r->status)) {
			/* somebody is there, who starts or is busy */
			c->vc->answered = true;
			/* 429: turned away at the door, nothing was done */
			soap_no_answer(c, r->status != 429, r->retry_after);
		} else {
			soap_finish(c, VS_CALL_FAILED);
		}
		return;
	}
	body = vs_node_at(root, "Body");
	body = body ? body->child : NULL;
	c->vc->answered |= body != NULL;
	if (body == NULL) {
		vs_fail(&c->err, VS_ERR_UNREACHABLE,
			"%s: the answer of %s:%d is no SOAP (HTTP status %d): is this a vCenter?",
			c->method, c->vc->conn->host, c->vc->conn->port, r->status);
		soap_no_answer(c, true, -1);
	} else if (strcmp(body->name, "Fault") == 0) {
		soap_got_fault(c, body);
	} else if (!c->own && vs_fault_in_answer(body->child)) {
		vs_fail(&c->err, VS_ERR_UNREACHABLE, "the session is not valid any more");
		snprintf(c->err.fault, sizeof c->err.fault, "NotAuthenticated");
		soap_session_gone(c);
	} else {
		c->reply = body;
		soap_finish(c, VS_CALL_REPLY);
	}
}

static void
soap_http_end(struct vs_http_req *r, enum vs_http_end how)
{
	struct vs_call *c = r->arg;

	if (c == NULL)
		return;
	c->req = NULL;
	switch (how) {
	case VS_HTTP_ANSWER:
		soap_answer(c, r);
		break;
	case VS_HTTP_NOT_SENT:
		c->err = r->err;
		if (r->no_trust)
			soap_finish(c, VS_CALL_FAILED);
		else
			soap_no_answer(c, false, -1);
		break;
	case VS_HTTP_LOST:
		c->err = r->err;
		soap_no_answer(c, true, -1);
		break;
	case VS_HTTP_ABORTED:
		/* the answer could not be parsed, c->err says why */
		soap_no_answer(c, true, -1);
		break;
	}
}

static int
soap_http_data(struct vs_http_req *r, const char *p, size_t n)
{
	struct vs_call *c = r->arg;

	if (c == NULL)
		return -1;
	if (vs_log_on(VS_LOG_TRACE))
		vs_buf_add(&c->raw, p, n);
	/* what a proxy says with 503 is no SOAP, and its status is enough */
	if ((r->status != 200 && r->status != 500) || c->parse_failed)
		return 0;
	if (vs_xp_feed(c->xp, p, n, &c->err) < 0)
		c->parse_failed = true;
	return 0;
}

static void
soap_trace_request(struct vs_call *c)
{
	struct vs_buf b = VS_BUF_INIT;

	if (!vs_log_on(VS_LOG_TRACE))
		return;
	vs_xw_trace(&c->w, &b);
	vs_trace("--> %s opID %s-%u\n%s", c->method, c->vc->op_id, c->serial, b.s);
	vs_buf_free(&b);
}

static void
soap_post(struct vs_call *c)
{
	struct vs_vc *vc = c->vc;
	struct vs_http_req *r = vs_http_req("POST", vs_strdup(vc->conn->url));
	VS_FREE char *id = NULL;

	c->serial = ++vc->serial;
	id = vs_printf("%s-%u", vc->op_id, c->serial);
	vs_xp_free(c->xp);
	c->xp = vs_xp_new(NULL, NULL, NULL);
	c->parse_failed = false;
	c->reply = c->fault = NULL;
	vs_buf_cut(&c->raw, 0);
	c->generation = vc->generation;
	r->headers = vs_printf("Content-Type: text/xml; charset=\"utf-8\"\n"
			       "SOAPAction: \"urn:vim25/%s\"\n",
		vs_vc_version(vc));
	r->body.secret = true;
	vs_buf_fmt(&r->body, HEAD, id);
	vs_buf_add(&r->body, c->w.b.s, c->w.b.len);
	vs_buf_str(&r->body, TAIL);
	r->write = c->write;
	/* an answer that comes late must not undo a Login */
	r->keep_cookies = !c->own;
	r->idle_ms = c->poll_ms ? c->poll_ms + 30000 : 0;
	r->data = soap_http_data;
	r->end = soap_http_end;
	r->arg = c;
	c->req = r;
	soap_trace_request(c);
	vs_http_send(vc->http, r);
}

static void
soap_refused(void *arg)
{
	soap_finish(arg, VS_CALL_FAILED);
}

void
vs_call_send(struct vs_call *c, void (*end)(struct vs_call *, enum vs_call_end), void *arg)
{
	struct vs_vc *vc = c->vc;

	c->end = end;
	c->arg = arg;
	while (c->w.depth > 0)
		vs_xw_close(&c->w);
	c->give_up = vs_now() + vc->retry_ms;
	if (c->w.bad || vc->state == VS_VC_FAILED) {
		c->err = vc->why;
		if (c->w.bad)
			vs_fail(&c->err, VS_ERR_USAGE,
				"%s: '%s' holds a character that XML cannot carry", c->method,
				c->w.bad);
		/* end() comes from the loop, never from here */
		c->next = vc->live;
		vc->live = c;
		vs_timer_set(vc->loop, &c->timer, vs_now(), soap_refused, c);
	} else if (c->own || vc->state == VS_VC_READY) {
		c->next = vc->live;
		vc->live = c;
		soap_post(c);
	} else {
		soap_queue(c);
	}
}

void
vs_soap_ready(struct vs_vc *vc)
{
	/* what ends now may abort others of the queue */
	while (vc->waiting && vc->state == VS_VC_READY)
		soap_go(vc->waiting);
}

void
vs_soap_failed(struct vs_vc *vc)
{
	struct vs_call *c;

	while ((c = vc->waiting) != NULL) {
		c->err = vc->why;
		soap_finish(c, VS_CALL_FAILED);
	}
}
