/* http.h - requests to one server, over a few kept connections.  Floor 1.
 *
 * HTTP/1.1 with keep-alive and gzip; up to 8 connections, opened one by one
 * until the first handshake is done (so that it can be resumed, and a refused
 * certificate is seen once). */
#ifndef VS_NET_HTTP_H
#define VS_NET_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/loop.h"
#include "net/tls.h"

struct vs_http;		/* one server: trust, cookies in memory, connections */

struct vs_http_conf {
	struct vs_trust trust;
	const char *user_agent;
	int64_t connect_ms;	/* connect and TLS; 0: 10 s */
	int64_t idle_ms;	/* without a byte; 0: 60 s */
	bool no_cookies;
};

struct vs_http *vs_http_open(struct vs_loop *l, const struct vs_http_conf *conf,
	struct vs_err *err);
void vs_http_close(struct vs_http *h);	/* aborts what runs, without its end() */

/* The cookie of that name, or NULL; borrowed until the next call.  Values are
 * kept exactly as they came, quotes included. */
const char *vs_http_cookie(struct vs_http *h, const char *name);
void vs_http_set_cookie(struct vs_http *h, const char *host, const char *name,
	const char *value);	/* value NULL: forget all of that name */

enum vs_http_end {
	VS_HTTP_ANSWER,		/* status is set, the body is complete */
	VS_HTTP_NOT_SENT,	/* nothing of it left: no connection, no TLS, no trust */
	VS_HTTP_LOST,		/* sent, or partly; no complete answer came */
	VS_HTTP_ABORTED,	/* by vs_http_abort, or by a data() that returned -1 */
};

struct vs_http_req {
	const char *method;	/* "GET", "POST", "PUT", "PATCH", "DELETE"; literal */
	char *url;		/* owned, as all below; taken over by vs_http_send */
	char *headers;		/* "Name: value\n" lines, or NULL */
	struct vs_buf body;	/* POST, PUT, PATCH */
	bool write;		/* must never be sent twice behind the caller's back */
	int64_t idle_ms;	/* 0: the client's; a long poll needs more */
	int64_t total_ms;	/* 0: no limit */
	/* Called with the body as it comes (not gzipped any more), for 2xx answers
	 * and all others alike; -1 ends the request (VS_HTTP_ABORTED). */
	int (*data)(struct vs_http_req *, const char *p, size_t n);
	/* Called once, from vs_loop_turn; the request is freed after it. */
	void (*end)(struct vs_http_req *, enum vs_http_end how);
	void *arg;
	/* for end(): */
	int status;		/* HTTP status, 0: none came */
	long retry_after;	/* seconds, of a Retry-After header; -1: none */
	char content_type[64];
	struct vs_err err;	/* what, unless VS_HTTP_ANSWER: names host and reason;
				 * VS_UNREACH, VS_TIMEOUT when total_ms is over */
	size_t received;	/* bytes of body, decoded */
	/* private */
	struct vs_http *http;
	void *easy, *slist;
	size_t sent;
	bool queued, connected;
	char errbuf[256];
	struct vs_http_req *next;
};

struct vs_http_req *vs_http_req(const char *method, char *url);	/* takes url */
void vs_http_send(struct vs_http *h, struct vs_http_req *r);
void vs_http_abort(struct vs_http_req *r);	/* end() comes later, VS_HTTP_ABORTED */

/* Split a URL: https only unless plain_ok; 0 or VS_USAGE.  host is without brackets. */
struct vs_url {
	char *scheme, *user, *password, *host, *path;	/* owned; NULL when not there */
	int port;		/* 443 when none is given */
};
int vs_url_parse(const char *s, struct vs_url *u, struct vs_err *err);
void vs_url_free(struct vs_url *u);

#endif
