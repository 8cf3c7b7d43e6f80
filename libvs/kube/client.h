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

/* Nothing is sent yet.  Takes over what conf owns (it is empty after), also
 * when it fails: NULL, VS_ERR_USAGE: a certificate, or a URL, that cannot be used. */
struct vs_kube *vs_kube_open(struct vs_loop *l, struct vs_kubeconf *conf, struct vs_err *err);
/* Ends what runs, without its end().  Not from a callback. */
void vs_kube_close(struct vs_kube *k);

struct vs_kube_call {
	const char *method; /* literal */
	char *path;	    /* "/api/v1/nodes?limit=500"; owned */
	const char *type;   /* Content-Type of body; literal */
	const char *accept; /* NULL: application/json; literal */
	struct vs_buf body;
	int64_t idle_ms; /* 0: 60 s without a byte end it */
	/* The body of a 2xx answer, as it comes; -1: err says what is wrong with it.
	 * NULL: it is kept in answer. */
	int (*data)(struct vs_kube_call *, const char *p, size_t n, struct vs_err *err);
	/* Once, from the loop; the call is freed after it. */
	void (*end)(struct vs_kube_call *);
	void *arg;
	/* for end(): */
	bool ok;	   /* a 2xx answer, whole */
	bool sent;	   /* false: no connection came to be, no login */
	bool again;	   /* worth another try: lost, 429, 5xx */
	int status;	   /* HTTP; 0: no answer */
	int64_t wait_ms;   /* the server's wish before another try; 0: none */
	struct vs_err err; /* unless ok.  VS_ERR_UNREACHABLE: no connection, or login
				 * refused (401); otherwise VS_ERR_FAILED, in the API's words */
	struct vs_buf answer;
	/* private */
	struct vs_kube *kube;
	struct vs_http_req *req;
	unsigned generation;
	bool second, bad_data;
	struct vs_kube_call *next;
};

/* A call to fill in; path is taken over. */
struct vs_kube_call *vs_kube_call(const char *method, char *path);
/* A login that does not come to be ends the call like a refused one, later. */
void vs_kube_send(struct vs_kube *k, struct vs_kube_call *c);
void vs_kube_abort(struct vs_kube_call *c); /* its end() is not called */

/* Milliseconds before try number n (from 1) of what failed with c: what the
 * server wants, or else 0.5 s, doubled each time up to 30 s, a quarter of it
 * by chance: many clients must not come back at once. */
int64_t vs_kube_delay(const struct vs_kube_call *c, int n);

/* Append text as a part of a URL's query. */
void vs_kube_quote(struct vs_buf *b, const char *s);

const char *vs_kube_server(const struct vs_kube *k); /* its URL */

#endif
