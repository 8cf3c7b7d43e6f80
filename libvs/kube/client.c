/* SPDX-License-Identifier: Apache-2.0 */
/* client.c - calls to an API server: credentials, connection, errors, one retry with
 * new credentials.  All other retries are up to the callers.
 * Reference: k8s.io/apimachinery, pkg/apis/meta/v1/types.go (Status). */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/backoff.h"
#include "base/bounds.h"
#include "base/mem.h"
#include "base/num.h"
#include "kube/auth.h"
#include "kube/client.h"
#include "kube/object.h"
#include "net/http.h"
#include "text/json.h"

enum {
	FIRST_WAIT_MS = 500,
	LONGEST_WAIT_MS = 30 * 1000,
	MAX_RETRY_AFTER_S = 3600, /* longer ones are ignored */
};

/* A client certificate belongs to its connections, so a new certificate needs new
 * connections.  The old ones are kept for the calls on them. */
struct client_link {
	struct vs_http *http;
	char *cert, *key; /* from an exec plugin; borrowed by http */
	struct client_link *older;
};

struct vs_kube {
	struct vs_loop *loop;
	struct vs_kubeconf conf;
	struct vs_kauth auth;
	struct client_link *link;   /* the newest */
	struct vs_kube_call *calls; /* from vs_kube_send to their end() */
	struct vs_timer due;
};

static void
client_free_link(struct client_link *l)
{
	if (l->http)
		vs_http_close(l->http);
	free(l->cert);
	vs_free_secret(l->key);
	free(l);
}

static int
client_connect_with(struct vs_kube *k, const char *cert, const char *key, struct vs_err *err)
{
	struct client_link *l = vs_alloc(1, sizeof *l);
	struct vs_http_conf conf = {
		.trust = {
			.insecure = k->conf.insecure,
			.ca_pem = k->conf.ca,
			.server_name = k->conf.server_name,
		},
		.user_agent = "vsutils",
		.trust_hint = "set its CA as certificate-authority-data in the kubeconfig",
		.name_hint = "set a name of the certificate as tls-server-name in the kubeconfig",
		.proxy = k->conf.proxy,
		.no_cookies = true,
		.plain_ok = true,
	};

	l->cert = vs_strdup(cert);
	l->key = vs_strdup(key);
	conf.trust.cert_pem = cert ? l->cert : k->conf.cert;
	conf.trust.key_pem = cert ? l->key : k->conf.key;
	l->http = vs_http_open(k->loop, &conf, err);
	if (l->http == NULL) {
		client_free_link(l);
		return vs_wrap(err, "%s", k->conf.from);
	}
	l->older = k->link;
	k->link = l;
	return 0;
}

struct vs_kube *
vs_kube_open(struct vs_loop *l, struct vs_kubeconf *conf, struct vs_err *err)
{
	struct vs_kube *k = vs_alloc(1, sizeof *k);
	struct vs_url url = { .plain_ok = true };

	assert(conf->server && conf->from);
	k->loop = l;
	k->conf = *conf;
	*conf = (struct vs_kubeconf){ 0 };
	k->auth.conf = &k->conf;
	if (vs_url_parse(k->conf.server, &url, err) < 0) {
		vs_wrap(err, "%s: 'server'", k->conf.from);
	} else if (client_connect_with(k, NULL, NULL, err) == 0) {
		vs_url_free(&url);
		return k;
	} else {
		vs_url_free(&url);
	}
	vs_kube_close(k);
	return NULL;
}

static void
client_free_call(struct vs_kube_call *c)
{
	free(c->path);
	vs_buf_free(&c->body);
	vs_buf_free(&c->answer);
	free(c);
}

static void
client_free_calls(struct vs_kube_call *c)
{
	while (c) {
		struct vs_kube_call *next = c->next;

		client_free_call(c);
		c = next;
	}
}

void
vs_kube_close(struct vs_kube *k)
{
	struct client_link *l, *older;

	if (k == NULL)
		return;
	vs_timer_clear(k->loop, &k->due);
	for (l = k->link; l; l = older) {
		older = l->older;
		client_free_link(l);
	}
	client_free_calls(k->calls);
	vs_kauth_free(&k->auth);
	vs_kubeconf_free(&k->conf);
	free(k);
}

const char *
vs_kube_server(const struct vs_kube *k)
{
	return k->conf.server;
}

struct vs_kube_call *
vs_kube_call(const char *method, char *path)
{
	struct vs_kube_call *c = vs_alloc(1, sizeof *c);

	c->method = method;
	c->path = path;
	c->body = (struct vs_buf)VS_BUF_INIT;
	c->answer = (struct vs_buf)VS_BUF_INIT;
	return c;
}

/* False: it has left the list, its end() is being called. */
static bool
client_unlink_call(struct vs_kube *k, struct vs_kube_call *c)
{
	for (struct vs_kube_call **at = &k->calls; *at; at = &(*at)->next) {
		if (*at != c)
			continue;
		*at = c->next;
		return true;
	}
	return false;
}

static void
client_finish(struct vs_kube *k, struct vs_kube_call *c)
{
	bool found = client_unlink_call(k, c);

	assert(found);
	(void)found;
	c->end(c);
	client_free_call(c);
}

/* ---- responses */

int
vs_kube_wrap(const struct vs_kube_call *c, struct vs_err *err)
{
	return vs_wrap(err, "%s %.*s", c->method, (int)strcspn(c->path, "?"), c->path);
}

/* A part of a 2xx response. */
static int
client_take(struct vs_kube_call *c, const char *p, size_t n, struct vs_err *err)
{
	if (c->data)
		return c->data(c, p, n, err);
	if ((int64_t)(c->answer.len + n) > vs_bound(VS_BOUND_OBJECT))
		return vs_fail(err, VS_ERR_FAILED, "the answer is larger than %lld KiB",
			(long long)vs_bound(VS_BOUND_OBJECT) >> 10);
	vs_buf_add(&c->answer, p, n);
	return 0;
}

static int
client_data(struct vs_http_req *r, const char *p, size_t n)
{
	struct vs_kube_call *c = r->arg;
	struct vs_err err;

	if (c == NULL)
		return -1;
	if (r->status < 200 || r->status >= 300) {
		vs_buf_add(&c->answer, p, n); /* net/http ends it at the bound REFUSAL */
		return 0;
	}
	if (client_take(c, p, n, &err) == 0)
		return 0;
	if (r->arg) { /* or data() aborted the call, which is freed */
		c->err = err;
		vs_kube_wrap(c, &c->err);
		c->bad_data = true;
	}
	return -1;
}

/* The body is a Status, or whatever a proxy sends instead. */
static void
client_refused(struct vs_kube_call *c, long retry_after)
{
	struct vs_err err;
	VS_JSON_FREE json_t *j = vs_kobject_read(c->answer.s, c->answer.len, "Status", &err);
	const char *said = vs_kobject_str(j, "message");
	json_t *asked = json_object_get(json_object_get(j, "details"), "retryAfterSeconds");

	if (retry_after < 0 && json_integer_value(asked) > 0
		&& json_integer_value(asked) <= MAX_RETRY_AFTER_S)
		retry_after = (long)json_integer_value(asked);
	if (retry_after > 0 && retry_after <= MAX_RETRY_AFTER_S)
		c->wait_ms = retry_after * 1000;
	c->again = c->status == 429 || c->status >= 500 || c->status == 408;
	if (*said)
		vs_fail(&c->err, VS_ERR_FAILED, "%s", said);
	else
		vs_fail(&c->err, VS_ERR_FAILED, "HTTP status %d", c->status);
	if (c->status == 401) {
		vs_wrap(&c->err, "the API server %s rejected the credentials of %s",
			c->kube->conf.server, c->kube->conf.from);
		c->err.code = VS_ERR_UNREACHABLE;
	}
	vs_kube_wrap(c, &c->err);
}

static void client_start(struct vs_kube_call *c);

static void
client_end(struct vs_http_req *r, enum vs_http_end how)
{
	struct vs_kube_call *c = r->arg;
	bool refusal = r->exceeded && r->status >= 300; /* too much of one is still one */

	if (c == NULL)
		return;
	c->req = NULL;
	c->status = r->status;
	c->sent = how != VS_HTTP_NOT_SENT;
	if (c->bad_data) {
		c->again = true;
	} else if (how != VS_HTTP_ANSWER && !refusal) {
		c->err = r->err;
		if (c->sent)
			vs_kube_wrap(c, &c->err);
		c->again = !r->exceeded;
	} else if (r->status >= 200 && r->status < 300) {
		c->ok = true;
	} else if (r->status == 401 && !c->second
		&& vs_kauth_refused(&c->kube->auth, c->generation)) {
		c->second = true;
		vs_buf_free(&c->answer);
		client_start(c);
		return;
	} else {
		client_refused(c, r->retry_after);
	}
	client_finish(c->kube, c);
}

/* ---- requests */

static struct vs_kube_call *
client_find_unstarted(const struct vs_kube *k)
{
	struct vs_kube_call *c = k->calls;

	while (c && !c->unstarted)
		c = c->next;
	return c;
}

static void
client_end_unstarted(void *arg)
{
	struct vs_kube *k = arg;
	struct vs_kube_call *c;

	while ((c = client_find_unstarted(k)) != NULL)
		client_finish(k, c);
}

static int
client_prepare(struct vs_kube_call *c, struct vs_buf *headers)
{
	struct vs_kube *k = c->kube;
	struct vs_kauth *a = &k->auth;
	unsigned before = a->generation;

	if (vs_kauth_fetch(a, &c->err) < 0)
		return -1;
	if (a->generation != before && (a->cert || k->link->cert)
		&& client_connect_with(k, a->cert, a->key, &c->err) < 0) {
		/* the next call asks the plugin again */
		vs_kauth_refused(a, a->generation);
		return -1;
	}
	c->generation = a->generation;
	vs_buf_fmt(headers, "Accept: %s\n", c->accept ? c->accept : "application/json");
	if (c->type)
		vs_buf_fmt(headers, "Content-Type: %s\n", c->type);
	return vs_kauth_headers(a, headers, &c->err);
}

static int64_t
client_limit_ms(const struct vs_kube_call *c)
{
	if (c->endless)
		return -1;
	if (c->total_ms)
		return c->total_ms;
	return vs_bound(strcmp(c->method, "GET") == 0 ? VS_BOUND_CALL_MS : VS_BOUND_WRITE_MS);
}

static void
client_start(struct vs_kube_call *c)
{
	VS_BUF_FREE struct vs_buf headers = VS_BUF_SECRET;
	struct vs_kube *k = c->kube;
	struct vs_http_req *r;

	if (client_prepare(c, &headers) < 0) {
		c->err.code = VS_ERR_UNREACHABLE;
		c->unstarted = true;
		vs_timer_set(k->loop, &k->due, vs_now(), client_end_unstarted, k);
		return;
	}
	r = vs_http_req(c->method, vs_printf("%s%s", k->conf.server, c->path));
	r->headers = vs_buf_take(&headers);
	vs_buf_add(&r->body, c->body.s, c->body.len);
	r->idle_ms = c->idle_ms;
	r->limit_ms = client_limit_ms(c);
	r->data = client_data;
	r->end = client_end;
	r->arg = c;
	c->req = r;
	vs_http_send(k->link->http, r);
}

void
vs_kube_send(struct vs_kube *k, struct vs_kube_call *c)
{
	assert(c->kube == NULL && c->end);
	c->kube = k;
	c->next = k->calls;
	k->calls = c;
	client_start(c);
}

void
vs_kube_abort(struct vs_kube_call *c)
{
	if (!client_unlink_call(c->kube, c))
		return;
	if (c->req) {
		c->req->arg = NULL;
		vs_http_abort(c->req);
	}
	client_free_call(c);
}

int64_t
vs_kube_delay(const struct vs_kube_call *c, unsigned failed)
{
	return c->wait_ms > 0 ? c->wait_ms : vs_backoff(failed, FIRST_WAIT_MS, LONGEST_WAIT_MS);
}

void
vs_kube_quote(struct vs_buf *b, const char *s)
{
	for (; *s; s++) {
		if (isalnum((unsigned char)*s) || strchr("-._~", *s))
			vs_buf_ch(b, *s);
		else
			vs_buf_fmt(b, "%%%02X", (unsigned char)*s);
	}
}
