/* SPDX-License-Identifier: Apache-2.0 */
/* http_parts.h - what http.c, http_body.c, http_easy.c and http_err.c share.  Floor 1. */
#ifndef VS_NET_HTTP_PARTS_H
#define VS_NET_HTTP_PARTS_H

#include <curl/curl.h>

#include "base/bounds.h"
#include "net/http.h"
#include "net/jar.h"

enum { VS_HTTP_CONNS = 8 };

struct vs_http {
	struct vs_loop *loop;
	struct vs_loop_hook hook;
	struct vs_timer timer;
	struct vs_tls *tls;
	struct vs_http_conf conf; /* defaults filled in; user_agent owned */
	/* TLS sessions and connections: without a share of its own, libcurl would let
	 * another client of this loop, with another trust, use them */
	CURLSH *share;
	struct vs_jar jar;
	struct vs_http_req *queue, **tail; /* not started */
	struct vs_http_req *running;
	int n_running;
	int to_sweep;	 /* requests in both lists that are over */
	int64_t soonest; /* no deadline in the queue is earlier */
	bool stood;	 /* there was a connection */
	bool calling;	 /* in an end() */
	bool closed;	 /* by that end(): to be freed after it */
	CURL *spare[VS_HTTP_CONNS];
	int n_spare;
};

/* http_easy.c: all options of the request's libcurl handle, and none of them. */
void vs_http_easy_setup(struct vs_http_req *r);
void vs_http_easy_reset(struct vs_http_req *r);

/* http_body.c: bytes of the body; n, CURL_WRITEFUNC_PAUSE or _ERROR. */
size_t vs_http_body_take(struct vs_http_req *r, const char *p, size_t n);
/* The value of Content-Encoding; -1, as all below: r->bad and r->err are set. */
int vs_http_body_encoding(struct vs_http_req *r, const char *s, size_t n);
int vs_http_body_end(struct vs_http_req *r);
void vs_http_body_exceed(struct vs_http_req *r, const char *what, enum vs_bound which);
void vs_http_body_free(struct vs_http_req *r);

/* http_err.c: set r->err, for a transfer that ended with this code. */
void vs_http_explain(struct vs_http_req *r, CURLcode code);

#endif
