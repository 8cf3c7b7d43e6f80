/* SPDX-License-Identifier: Apache-2.0 */
/* http.h - requests to one server, over a few kept connections.  Floor 1.
 *
 * HTTP/1.1 with keep-alive and gzip; up to 8 connections, opened one by one
 * until the first handshake is done (so that it can be resumed, and a refused
 * certificate is seen once: the requests that waited for it end with it).
 * Redirects are answers.  HTTPS_PROXY and NO_PROXY are honoured. */
#ifndef VS_NET_HTTP_H
#define VS_NET_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/loop.h"
#include "net/tls.h"
#include "net/url.h"

struct vs_http; /* one server: trust, cookies in memory, connections */

struct vs_http_conf {
	struct vs_trust trust;
	const char *user_agent; /* copied */
	const char *trust_hint; /* what to do when the certificate is not trusted:
				 * "give its CA in .."; literal, or NULL */
	const char *proxy;	/* URL, instead of what HTTPS_PROXY and NO_PROXY say;
				 * borrowed, or NULL */
	int64_t connect_ms;	/* name, connection and TLS together; 0: 10 s */
	int64_t idle_ms;	/* without a byte; 0: 60 s */
	bool no_cookies;
	bool plain_ok; /* http URLs are accepted too */
};

/* NULL: VS_ERR_USAGE, a part of the trust cannot be used. */
struct vs_http *vs_http_open(
	struct vs_loop *l, const struct vs_http_conf *conf, struct vs_err *err);
/* Aborts what runs, without its end().  Not from a data() or fill() of its own. */
void vs_http_close(struct vs_http *h);

/* The cookie of that name, or NULL; borrowed until the next call.  Values are
 * kept exactly as they came, quotes included.  A cookie goes to the host that
 * set it (whatever its Domain and Path say), with Secure over https only. */
const char *vs_http_cookie(struct vs_http *h, const char *name);
void vs_http_set_cookie(struct vs_http *h, const char *host, const char *name,
	const char *value); /* value NULL: forget all of that name */

enum vs_http_end {
	VS_HTTP_ANSWER,	  /* status is set, the body is complete */
	VS_HTTP_NOT_SENT, /* nothing of it left: no connection, no TLS, no trust */
	VS_HTTP_LOST,	  /* sent, or partly; no complete answer came */
	VS_HTTP_ABORTED,  /* by vs_http_abort, or by a callback that returned -1 */
};

enum { VS_HTTP_PAUSE = -2 };

struct vs_http_req {
	const char *method; /* "GET", "POST", "PUT", "PATCH", "DELETE"; literal */
	char *url;	    /* owned, as all below; taken over by vs_http_send */
	char *headers;	    /* "Name: value\n" lines, or NULL; wiped when freed */
	struct vs_buf body;
	bool write;	   /* must never be sent twice behind the caller's back */
	bool keep_cookies; /* a Set-Cookie of its answer is not taken */
	int64_t idle_ms;   /* 0: the client's; a long poll needs more.  Counts
				 * from the last byte in either direction */
	int64_t total_ms;  /* from vs_http_send to the end; 0: no limit */
	/* Instead of body, for one that is not all here: put up to n bytes at p
	 * and say how many; 0: the end, -1: end the request, VS_HTTP_PAUSE: none
	 * yet, vs_http_resume says when.  The server may answer before all of it
	 * was asked for.  A request with fill() is sent once, as with write. */
	long (*fill)(struct vs_http_req *, char *p, size_t n);
	int64_t fill_len; /* how many in all; -1: unknown (chunked) */
	/* Called with the body as it comes (not gzipped any more), for 2xx answers
	 * and all others alike, status and content_type are set; 0, or -1: end the
	 * request (VS_HTTP_ABORTED), or VS_HTTP_PAUSE: not now, the same bytes
	 * come again after vs_http_resume. */
	int (*data)(struct vs_http_req *, const char *p, size_t n);
	/* Called once, from vs_loop_turn; the request is freed after it. */
	void (*end)(struct vs_http_req *, enum vs_http_end how);
	void *arg;
	/* for data() and end(): */
	int status;	  /* HTTP status, 0: none came */
	long retry_after; /* seconds, of a Retry-After header; -1: none */
	char content_type[64];
	struct vs_err err; /* what, when NOT_SENT or LOST: names host and reason;
				 * VS_ERR_UNREACHABLE, VS_ERR_TIMED_OUT when total_ms is over */
	bool no_trust;	   /* NOT_SENT, and trying again is of no use: the
				 * certificate, or one of ours, is refused */
	size_t received;   /* bytes of body, decoded */
	/* private */
	struct vs_http *http;
	struct vs_loop_transfer transfer;
	struct vs_url where;
	void *easy, *slist, *connect_to;
	size_t sent;
	int64_t seen, deadline;
	bool connected, stop, over, paused, resume;
	enum vs_http_end how; /* when it is over */
	char errbuf[256];
	struct vs_http_req *next;
};

struct vs_http_req *vs_http_req(const char *method, char *url); /* takes url */
void vs_http_send(struct vs_http *h, struct vs_http_req *r);
void vs_http_abort(struct vs_http_req *r);  /* end() comes later, VS_HTTP_ABORTED */
void vs_http_resume(struct vs_http_req *r); /* after VS_HTTP_PAUSE */

#endif
