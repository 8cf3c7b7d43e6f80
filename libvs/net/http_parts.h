/* SPDX-License-Identifier: Apache-2.0 */
/* http_parts.h - what the files of the HTTP client share.  Floor 1. */
#ifndef VS_NET_HTTP_PARTS_H
#define VS_NET_HTTP_PARTS_H

#include <curl/curl.h>

#include "net/http.h"
#include "net/jar.h"

enum { VS_HTTP_CONNS = 8 };

struct vs_http {
	struct vs_loop *loop;
	struct vs_loop_hook hook;
	struct vs_timer timer;
	struct vs_tls *tls;
	struct vs_http_conf conf; /* defaults filled in; user_agent owned */
	/* TLS sessions, to be resumed, and connections: libcurl would let a
	 * client of the same loop that trusts otherwise use them too */
	CURLSH *share;
	struct vs_jar jar;
	struct vs_http_req *queue, **tail; /* not started yet */
	struct vs_http_req *running;
	int n_running;
	int to_sweep;	      /* requests of both lists that are over */
	int64_t soonest;      /* no deadline in the queue is before */
	bool stood;	      /* a connection was made once */
	bool calling, closed; /* in an end() or around one; to be freed after */
	CURL *spare[VS_HTTP_CONNS];
	int n_spare;
};

/* http_easy.c: make the libcurl handle of a request ready, and take it apart. */
void vs_http_easy_setup(struct vs_http_req *r);
void vs_http_easy_reset(struct vs_http_req *r);

/* http_err.c: r->err for a transfer that ended with a CURLcode. */
void vs_http_explain(struct vs_http_req *r, CURLcode code);

#endif
