/* SPDX-License-Identifier: Apache-2.0 */
/* http.h - an HTTP client for one server, over a few kept connections.  Floor 1.
 *
 * HTTP/1.1 with keep-alive and gzip.  Up to 8 connections; the second is opened when
 * the first TLS handshake is done, so that it can be resumed and an untrusted
 * certificate is reported once (all waiting requests fail with it).  A redirect is
 * an answer.  HTTPS_PROXY and NO_PROXY are honoured. */
#ifndef VS_NET_HTTP_H
#define VS_NET_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/loop.h"
#include "net/tls.h"
#include "net/url.h"

struct vs_http_unzip;
struct vs_http; /* one server: trust, cookies in memory, connections */

struct vs_http_conf {
	struct vs_trust trust;
	const char *user_agent; /* copied */
	const char *trust_hint; /* what to do if the certificate is not trusted:
				 * "give its CA in .."; literal, or NULL */
	const char *name_hint;	/* the same, if it is for another host name */
	const char *proxy;	/* its URL; HTTPS_PROXY and NO_PROXY are ignored then;
				 * borrowed, or NULL */
	int64_t connect_ms;	/* name, connection and TLS together; 0: the bound CONNECT_MS */
	int64_t idle_ms;	/* without a byte; 0: the bound IDLE_MS */
	bool no_cookies;
	bool plain_ok; /* http URLs are accepted too */
};

/* The caller's.  NULL, VS_ERR_USAGE: a file or pin of the trust cannot be used. */
struct vs_http *vs_http_open(
	struct vs_loop *l, const struct vs_http_conf *conf, struct vs_err *err);
/* Aborts its requests, without their end().  May be called from an end(), but not
 * from a data() or fill().  NULL is fine. */
void vs_http_close(struct vs_http *h);

/* The cookie of that name, or NULL; borrowed until the next call.  Values are kept as
 * received, quotes included.  A cookie is sent only to the host that set it, whatever
 * its Domain and Path, and over https only if it is Secure. */
const char *vs_http_cookie(struct vs_http *h, const char *name);
void vs_http_set_cookie(struct vs_http *h, const char *host, const char *name,
	const char *value); /* value NULL: forgets all of that name */

enum vs_http_end {
	VS_HTTP_ANSWER,	  /* status is set, the body is complete */
	VS_HTTP_NOT_SENT, /* no byte of it was sent: no connection, no TLS, no trust */
	VS_HTTP_LOST,	  /* sent, or a part of it; no complete answer was received */
	VS_HTTP_ABORTED,  /* by vs_http_abort, or by a callback that returned -1 */
};

enum { VS_HTTP_PAUSE = -2 };

struct vs_http_req {
	const char *method; /* "GET", "POST", "PUT", "PATCH", "DELETE"; literal */
	char *url;	    /* owned, as all below; taken over by vs_http_send */
	char *headers;	    /* "Name: value\n" lines, or NULL; wiped when freed */
	struct vs_buf body;
	bool write;	   /* libcurl must never send it twice by itself */
	bool keep_cookies; /* a Set-Cookie of its answer is ignored */
	int64_t idle_ms;   /* since the last byte in either direction; 0: the
			    * client's; a long poll needs more */
	int64_t total_ms;  /* from vs_http_send to the end; 0: no limit */
	int64_t limit_ms;  /* from its start to the end; 0: the bound CALL_MS, or WRITE_MS
			    * if write is set; -1: none, nor one for
			    * bytes, for a watch */
	bool file;	   /* a file of any size: no bound for bytes and time, but a
			    * least rate (RATE_BYTES) */
	/* Instead of body, to stream one: put up to n bytes at p and return their
	 * number; 0: the end; -1: abort; VS_HTTP_PAUSE: none yet, call
	 * vs_http_resume later.  The server may answer before all was requested.
	 * A request with fill() is sent once, as with write. */
	long (*fill)(struct vs_http_req *, char *p, size_t n);
	int64_t fill_len; /* bytes in all; -1: unknown (chunked) */
	/* Called with parts of the decoded body, whatever the status is, and with no
	 * more than the bound PIECE in one round of the loop.  Returns 0; -1: abort
	 * (VS_HTTP_ABORTED), which closes the connection; or VS_HTTP_PAUSE: the same
	 * bytes come again after vs_http_resume. */
	int (*data)(struct vs_http_req *, const char *p, size_t n);
	/* Called once, by vs_loop_turn; the request is freed after it. */
	void (*end)(struct vs_http_req *, enum vs_http_end how);
	void *arg;
	/* for data() and end(): */
	int status;	   /* HTTP status; 0: no answer */
	long retry_after;  /* seconds, of a Retry-After header; -1: none */
	struct vs_err err; /* of NOT_SENT and LOST, with host and reason:
			     * VS_ERR_UNREACHABLE; VS_ERR_TIMED_OUT after total_ms */
	bool no_trust;	   /* NOT_SENT, and a retry cannot help: a certificate, the
			     * server's or ours, was refused */
	bool exceeded;	   /* LOST, and a retry cannot help: the answer exceeds a bound */
	/* private */
	struct vs_http *http;
	struct vs_loop_transfer transfer;
	struct vs_url where;
	void *easy, *slist, *connect_to;
	struct vs_http_unzip *unzip;
	size_t sent;
	size_t head, raw, got; /* bytes of headers and body; of the body, decoded */
	size_t empty;	       /* bytes received since the last one of these */
	size_t taken;	       /* of what libcurl passes again after a pause */
	size_t left;	       /* of PIECE, in this round */
	size_t moved;	       /* in either direction, up to `rated` */
	int64_t seen, deadline, limit, rated;
	bool connected, stop, bad, over, paused, resume, held, gzip;
	enum vs_http_end how; /* when it is over */
	char errbuf[256];
	struct vs_http_req *next;
};

/* A request to fill in and send; owns url.  It belongs to h from vs_http_send on, and
 * is started by the next round of the loop. */
struct vs_http_req *vs_http_req(const char *method, char *url);
void vs_http_send(struct vs_http *h, struct vs_http_req *r);
void vs_http_abort(struct vs_http_req *r);  /* end() is called later: VS_HTTP_ABORTED */
void vs_http_resume(struct vs_http_req *r); /* after VS_HTTP_PAUSE */

#endif
