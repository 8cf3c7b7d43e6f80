/* SPDX-License-Identifier: Apache-2.0 */
/* A request as a libcurl easy handle: options and callbacks (curl.se/libcurl/c).
 * Made sure here: a write is never sent a second time by libcurl itself. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/mem.h"
#include "base/num.h"
#include "net/http_parts.h"

/* ---- what libcurl calls in curl_multi_perform(): no handle may join or leave the
 * curl_multi here */

/* Connected, and no byte of the request has been sent. */
static int
http_easy_before_send(void *arg, char *ip, char *local_ip, int port, int local_port)
{
	struct vs_http_req *r = arg;

	(void)ip, (void)local_ip, (void)port, (void)local_port;
	r->http->stood = true;
	r->seen = vs_now();
	r->empty = 0;
	/* The second time: a reused connection was dead, and libcurl is about to
	 * send the request again over a new one (Curl_retry_request in
	 * lib/transfer.c). */
	if (r->connected && (r->write || r->fill))
		return CURL_PREREQFUNC_ABORT;
	r->connected = true;
	return CURL_PREREQFUNC_OK;
}

/* What is received and is not part of an answer, such as an extension of a chunk that never
 * ends: none of it reaches the callbacks below.  libcurl calls this before it looks at it. */
static int
http_easy_received(CURL *easy, curl_infotype type, char *p, size_t n, void *arg)
{
	struct vs_http_req *r = arg;

	(void)easy, (void)p;
	if (r->connected && (type == CURLINFO_DATA_IN || type == CURLINFO_SSL_DATA_IN))
		r->empty += n;
	return 0;
}

/* Called often, also in libcurl's loop over the bytes of a proxy's answer to CONNECT,
 * which comes back to our loop only when there are no more: once for each of them. */
static int
http_easy_progress(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	struct vs_http_req *r = arg;

	(void)a, (void)b, (void)c, (void)d;
	if (r->bad || r->over)
		return r->bad;
	if (!r->connected)
		r->empty++;
	if (r->empty > (size_t)vs_bound(VS_BOUND_OVERHEAD))
		vs_http_body_exceed(r,
			r->connected ? "the overhead of the answer" : "the answer of the proxy",
			VS_BOUND_OVERHEAD);
	return r->bad;
}

static CURLcode
http_easy_tls_context(CURL *easy, void *ssl_ctx, void *arg)
{
	struct vs_http_req *r = arg;

	(void)easy;
	vs_tls_setup(r->http->tls, ssl_ctx);
	return CURLE_OK;
}

/* Without a seek callback libcurl cannot send again what it has read: it fails with
 * CURLE_SEND_FAIL_REWIND instead. */
static size_t
http_easy_read_body(char *p, size_t size, size_t n, void *arg)
{
	struct vs_http_req *r = arg;
	long got;

	n *= size;
	r->seen = vs_now();
	if (r->over)
		return CURL_READFUNC_ABORT;
	if (r->fill) {
		got = r->fill(r, p, n);
		if (got == VS_HTTP_PAUSE) {
			r->paused = true;
			return CURL_READFUNC_PAUSE;
		}
		if (got < 0 || (size_t)got > n) {
			r->stop = true;
			return CURL_READFUNC_ABORT;
		}
		r->sent += (size_t)got;
		r->moved += (size_t)got;
		return (size_t)got;
	}
	if (n > r->body.len - r->sent)
		n = r->body.len - r->sent;
	memcpy(p, r->body.s + r->sent, n);
	r->sent += n;
	return n;
}

static size_t
http_easy_write_body(char *p, size_t size, size_t n, void *arg)
{
	struct vs_http_req *r = arg;

	r->seen = vs_now();
	r->empty = 0;
	return r->over ? CURL_WRITEFUNC_ERROR : vs_http_body_take(r, p, n * size);
}

static bool
http_easy_is_header(const char *p, size_t n, const char *name, const char **value, size_t *len)
{
	size_t k = strlen(name);

	if (n <= k || p[k] != ':' || strncasecmp(p, name, k) != 0)
		return false;
	for (k++; k < n && (p[k] == ' ' || p[k] == '\t');)
		k++;
	while (n > k && strchr(" \t\r\n", p[n - 1]))
		n--;
	*value = p + k;
	*len = n - k;
	return true;
}

/* Seconds, or a date (RFC 9110, 10.2.3). */
static long
http_easy_retry_after(const char *s, size_t n)
{
	VS_FREE char *text = vs_strndup(s, n);
	struct vs_err err;
	int64_t seconds;
	time_t at;

	if (vs_num(text, 0, INT32_MAX, &seconds, &err) == 0)
		return (long)seconds;
	at = curl_getdate(text, NULL);
	if (at == (time_t)-1)
		return -1;
	at -= time(NULL);
	return at < 0 ? 0 : at > INT32_MAX ? INT32_MAX : (long)at;
}

static size_t
http_easy_take_header(char *p, size_t size, size_t n, void *arg)
{
	struct vs_http_req *r = arg;
	const char *value;
	size_t len;
	long status;

	n *= size;
	r->empty = 0;
	r->head += n;
	if (r->head > (size_t)vs_bound(VS_BOUND_HEADERS)) {
		vs_http_body_exceed(r, "the header of the answer", VS_BOUND_HEADERS);
		return 0;
	}
	if (n > 5 && strncmp(p, "HTTP/", 5) == 0) {
		curl_easy_getinfo(r->easy, CURLINFO_RESPONSE_CODE, &status);
		r->status = (int)status;
		r->retry_after = -1;
		r->gzip = false;
	} else if (http_easy_is_header(p, n, "Set-Cookie", &value, &len)) {
		if (!r->http->conf.no_cookies && !r->keep_cookies)
			vs_jar_take(&r->http->jar, r->where.host, value, len);
	} else if (http_easy_is_header(p, n, "Retry-After", &value, &len)) {
		r->retry_after = http_easy_retry_after(value, len);
	} else if (http_easy_is_header(p, n, "Content-Encoding", &value, &len)) {
		if (vs_http_body_encoding(r, value, len) < 0)
			return 0;
	}
	/* "100 Continue" again and again is not an answer */
	if (r->status >= 200)
		r->seen = vs_now();
	return n;
}

static void
http_easy_add_line(struct vs_http_req *r, const char *line)
{
	struct curl_slist *l = curl_slist_append(r->slist, line);

	if (l)
		r->slist = l;
}

static void
http_easy_set_headers(struct vs_http_req *r, bool body)
{
	bool type = false;

	for (const char *s = r->headers; s && *s; s += *s == '\n') {
		size_t n = strcspn(s, "\n");
		char *line = vs_strndup(s, n);

		type |= strncasecmp(line, "Content-Type:", 13) == 0;
		http_easy_add_line(r, line);
		vs_free_secret(line);
		s += n;
	}
	/* Not libcurl's defaults: the body is not a form, and "Expect: 100-continue"
	 * costs a round trip, or a second of waiting. */
	if (body && !type)
		http_easy_add_line(r, "Content-Type:");
	http_easy_add_line(r, "Expect:");
	/* unpacked by http_body.c, not by libcurl */
	http_easy_add_line(r, "Accept-Encoding: gzip");
	curl_easy_setopt(r->easy, CURLOPT_HTTPHEADER, r->slist);
}

/* With a server_name for TLS, the URL has that name, and the connection and the Host
 * header have the real one. */
static void
http_easy_set_url(struct vs_http_req *r)
{
	const char *name = r->http->conf.trust.server_name;
	const struct vs_url *u = &r->where;
	VS_FREE char *url = NULL, *to = NULL, *host = NULL;
	const char *l = strchr(u->host, ':') ? "[" : "", *e = *l ? "]" : "";
	struct curl_slist *list;

	if (name == NULL) {
		curl_easy_setopt(r->easy, CURLOPT_URL, r->url);
		return;
	}
	url = vs_printf("%s://%s:%d%s", u->scheme, name, u->port, u->path ? u->path : "/");
	to = vs_printf("::%s%s%s:%d", l, u->host, e, u->port);
	host = vs_printf("Host: %s%s%s:%d", l, u->host, e, u->port);
	http_easy_add_line(r, host);
	curl_easy_setopt(r->easy, CURLOPT_URL, url);
	list = curl_slist_append(NULL, to);
	curl_easy_setopt(r->easy, CURLOPT_CONNECT_TO, list);
	r->connect_to = list;
}

static bool
http_easy_has_ca_file(CURL *e)
{
	char *file = NULL;

	return curl_easy_getinfo(e, CURLINFO_CAINFO, &file) == CURLE_OK && file;
}

static void
http_easy_set_tls(struct vs_http_req *r)
{
	const struct vs_trust *t = &r->http->conf.trust;
	CURL *e = r->easy;
	bool pinned = t->insecure || t->pins;
	struct curl_blob blob = { .flags = CURL_BLOB_NOCOPY };

	curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, t->insecure ? 0L : 1L);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, pinned ? 0L : 2L);
	curl_easy_setopt(e, CURLOPT_SSL_CTX_FUNCTION, http_easy_tls_context);
	curl_easy_setopt(e, CURLOPT_SSL_CTX_DATA, r);
	/* Debian's libcurl has the system's CAs as a file and as a folder.  Only the
	 * file is read once for all connections (CURLOPT_CA_CACHE_TIMEOUT). */
	if (vs_tls_own_ca(r->http->tls))
		curl_easy_setopt(e, CURLOPT_CAINFO, NULL);
	if (vs_tls_own_ca(r->http->tls) || http_easy_has_ca_file(e))
		curl_easy_setopt(e, CURLOPT_CAPATH, NULL);
	if (t->cert_pem) {
		blob.data = (void *)t->cert_pem;
		blob.len = strlen(t->cert_pem);
		curl_easy_setopt(e, CURLOPT_SSLCERT_BLOB, &blob);
	}
	if (t->key_pem) {
		blob.data = (void *)t->key_pem;
		blob.len = strlen(t->key_pem);
		curl_easy_setopt(e, CURLOPT_SSLKEY_BLOB, &blob);
	}
}

static void
http_easy_set_method(struct vs_http_req *r)
{
	CURL *e = r->easy;
	bool body = r->fill || r->body.len || strcmp(r->method, "POST") == 0
		|| strcmp(r->method, "PUT") == 0 || strcmp(r->method, "PATCH") == 0;

	http_easy_set_headers(r, body);
	if (!body) {
		curl_easy_setopt(e, CURLOPT_HTTPGET, 1L);
		if (strcmp(r->method, "HEAD") == 0)
			curl_easy_setopt(e, CURLOPT_NOBODY, 1L);
	} else {
		curl_easy_setopt(e, CURLOPT_POST, 1L);
		curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE,
			(curl_off_t)(r->fill ? r->fill_len : (int64_t)r->body.len));
		if (r->write || r->fill) {
			curl_easy_setopt(e, CURLOPT_READFUNCTION, http_easy_read_body);
			curl_easy_setopt(e, CURLOPT_READDATA, r);
		} else {
			curl_easy_setopt(e, CURLOPT_POSTFIELDS, r->body.s);
		}
	}
	if (strcmp(r->method, body ? "POST" : "GET") != 0)
		curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, r->method);
}

static void
http_easy_set_limits(struct vs_http_req *r)
{
	CURL *e = r->easy;

	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)r->http->conf.connect_ms);
	curl_easy_setopt(e, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(e, CURLOPT_TCP_KEEPIDLE, 30L);
	curl_easy_setopt(e, CURLOPT_TCP_KEEPINTVL, 10L);
	curl_easy_setopt(e, CURLOPT_BUFFERSIZE, 16384L);
	curl_easy_setopt(e, CURLOPT_UPLOAD_BUFFERSIZE, 16384L);
	/* at the end, do not wait for a name server that does not answer */
	curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, r->http->conf.plain_ok ? "https,http" : "https");
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
}

void
vs_http_easy_setup(struct vs_http_req *r)
{
	struct vs_http *h = r->http;
	CURL *e = r->easy;
	char *cookies = h->conf.no_cookies ? NULL : vs_jar_header(&h->jar, &r->where);

	curl_easy_setopt(e, CURLOPT_PRIVATE, &r->transfer);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, r->errbuf);
	curl_easy_setopt(e, CURLOPT_SHARE, h->share);
	curl_easy_setopt(e, CURLOPT_USERAGENT, h->conf.user_agent);
	if (h->conf.proxy) {
		curl_easy_setopt(e, CURLOPT_PROXY, h->conf.proxy);
		curl_easy_setopt(e, CURLOPT_NOPROXY, "");
	}
	curl_easy_setopt(e, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(e, CURLOPT_COOKIE, cookies);
	vs_free_secret(cookies);
	curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, http_easy_before_send);
	curl_easy_setopt(e, CURLOPT_PREREQDATA, r);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, http_easy_write_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, r);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, http_easy_take_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, r);
	curl_easy_setopt(e, CURLOPT_VERBOSE, 1L); /* for the next one */
	curl_easy_setopt(e, CURLOPT_DEBUGFUNCTION, http_easy_received);
	curl_easy_setopt(e, CURLOPT_DEBUGDATA, r);
	curl_easy_setopt(e, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(e, CURLOPT_XFERINFOFUNCTION, http_easy_progress);
	curl_easy_setopt(e, CURLOPT_XFERINFODATA, r);
	http_easy_set_limits(r);
	http_easy_set_tls(r);
	http_easy_set_url(r);
	http_easy_set_method(r);
}

static void
http_easy_free_list(struct curl_slist *list)
{
	for (struct curl_slist *l = list; l; l = l->next)
		vs_wipe(l->data, strlen(l->data));
	curl_slist_free_all(list);
}

void
vs_http_easy_reset(struct vs_http_req *r)
{
	if (r->easy)
		curl_easy_reset(r->easy);
	http_easy_free_list(r->slist);
	http_easy_free_list(r->connect_to);
	r->slist = r->connect_to = NULL;
}
