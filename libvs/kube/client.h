/* SPDX-License-Identifier: Apache-2.0 */
/* client.h - requests to a Kubernetes API server.  Floor 3. */
#ifndef VS_KUBE_CLIENT_H
#define VS_KUBE_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "kube/kubeconfig.h"
#include "net/loop.h"

struct vs_kube; /* one server, as one user */

/* Sends nothing yet.  Takes over what conf owns (conf is empty after), even if it
 * fails.  Closed with vs_kube_close.  NULL, VS_ERR_USAGE: a certificate or a URL
 * cannot be used. */
struct vs_kube *vs_kube_open(struct vs_loop *l, struct vs_kubeconf *conf, struct vs_err *err);
/* Ends calls in flight without their end().  Not from a callback. */
void vs_kube_close(struct vs_kube *k);

struct vs_kube_call {
	const char *method; /* literal */
	char *path;	    /* "/api/v1/nodes?limit=500"; owned */
	const char *type;   /* Content-Type of the body; literal, or NULL */
	const char *accept; /* literal; NULL: application/json */
	struct vs_buf body;
	int64_t idle_ms;  /* ends the call after that long without a byte; 0: the bound IDLE_MS */
	int64_t total_ms; /* in all; 0: the bound CALL_MS, or WRITE_MS unless it is a GET */
	bool endless;	  /* a watch: neither total_ms nor the bound ANSWER ends it */
	/* Gets the body of a 2xx response as it arrives.  -1: err says what is wrong
	 * with it; the call ends.  NULL: the body, one object, is kept in answer. */
	int (*data)(struct vs_kube_call *, const char *p, size_t n, struct vs_err *err);
	/* Called once, from the loop; the call is freed after it. */
	void (*end)(struct vs_kube_call *);
	void *arg;
	/* for end(): */
	bool ok;	   /* a complete 2xx response */
	bool sent;	   /* false: no connection, or no credentials */
	bool again;	   /* may be retried: lost, 408, 429, 5xx; not what exceeds a bound */
	int status;	   /* HTTP; 0: no response */
	int64_t wait_ms;   /* the server's Retry-After; 0: none */
	struct vs_err err; /* unless ok.  VS_ERR_UNREACHABLE: no connection, or the
			    * credentials were refused (401); otherwise VS_ERR_FAILED
			    * with method, path and the API's message */
	struct vs_buf answer;
	/* private */
	struct vs_kube *kube;
	struct vs_http_req *req;
	unsigned generation;
	bool second, bad_data;
	bool unstarted; /* no credentials: its end() is due */
	struct vs_kube_call *next;
};

/* A call to fill in and send; takes over path. */
struct vs_kube_call *vs_kube_call(const char *method, char *path);
/* Takes over the call.  If there are no credentials, it ends as if they had been
 * refused, but never before the next round of the loop. */
void vs_kube_send(struct vs_kube *k, struct vs_kube_call *c);
void vs_kube_abort(struct vs_kube_call *c); /* frees it without its end() */

/* Returns -1: what is wrong with the answer to c, with method and path before it. */
int vs_kube_wrap(const struct vs_kube_call *c, struct vs_err *err);

/* Milliseconds to wait after c failed, the `failed`th failure in a row: what the
 * server asks for, or else half a second, doubled each time up to 30 s. */
int64_t vs_kube_delay(const struct vs_kube_call *c, unsigned failed);

/* Append s with percent escapes, as a part of a path or query. */
void vs_kube_quote(struct vs_buf *b, const char *s);

const char *vs_kube_server(const struct vs_kube *k); /* its URL; borrowed */

#endif
