/* SPDX-License-Identifier: Apache-2.0 */
#include "client.h"

#include "answers.h"
#include "tap.h"

static struct cert ca, leaf;
static struct server srv;
static char *
url(const char *path)
{
	static char s[8][128];
	static int i;

	i = (i + 1) % 8;
	snprintf(s[i], sizeof s[i], "https://127.0.0.1:%d%s", srv.port, path);
	return s[i];
}

static struct vs_http *
client(void)
{
	return open_client(&(struct vs_http_conf){ .trust.ca_pem = ca.pem,
		.user_agent = "test/1",
		.connect_ms = 3000 * patience,
		.idle_ms = 10000 * patience });
}

static void
plain_answers(void)
{
	struct vs_http *h = client();
	struct result a = { .body = VS_BUF_INIT };

	fetch(h, &a, "GET", url("/ok"), NULL, false);
	ok(a.how == VS_HTTP_ANSWER && a.status == 200, "an answer");
	is(a.body.s, "hello", "and its body");
	ok(a.first_status == 200, "status is there when data comes");
	ok(a.retry_after == -1, "no Retry-After");
	fetch(h, &a, "GET", url("/gzip"), NULL, false);
	is(a.body.s, "a text that was packed packed packed", "gzip");
	fetch(h, &a, "GET", url("/later"), NULL, false);
	ok(a.how == VS_HTTP_ANSWER && a.status == 503, "503 is an answer");
	is(a.body.s, "busy", "with a body");
	ok(a.retry_after == 7, "Retry-After");
	fetch(h, &a, "GET", url("/past"), NULL, false);
	ok(a.retry_after == 0, "a date that is over");
	fetch(h, &a, "GET", url("/moved"), NULL, false);
	ok(a.status == 302, "redirects are not followed");
	fetch(h, &a, "GET", url("/hints"), NULL, false);
	ok(a.status == 201 && a.retry_after == -1, "interim answers are skipped");
	fetch(h, &a, "GET", url("/big"), NULL, false);
	ok(a.body.len == 1 << 20, "a mebibyte");
	ok(srv.conns == 1, "all over one connection");
	vs_http_close(h);
	vs_buf_free(&a.body);
}

static void
methods(void)
{
	static const char *const m[] = { "POST", "PUT", "PATCH", "DELETE" };
	struct vs_http *h = client();
	struct result a = { .body = VS_BUF_INIT };
	struct vs_http_req *r;

	for (size_t i = 0; i < 2 * VS_LEN(m); i++) {
		VS_FREE char *want = vs_printf("%s /echo body<%zu>", m[i / 2], i);
		VS_FREE char *body = vs_printf("body<%zu>", i);

		fetch(h, &a, m[i / 2], url("/echo"), body, i % 2);
		is(a.body.s, want, i % 2 ? "write" : "read");
	}
	fetch(h, &a, "DELETE", url("/echo"), NULL, true);
	is(a.body.s, "DELETE /echo ", "without a body");
	fetch(h, &a, "POST", url("/echo"), NULL, true);
	is(a.body.s, "POST /echo ", "an empty body");
	ok(strstr(seen_head, "\r\nContent-Length: 0\r\n"), "with its length");
	ok(!strstr(seen_head, "Expect") && !strstr(seen_head, "Content-Type"),
		"headers that were not requested are not sent");
	ok(strstr(seen_head, "\r\nUser-Agent: test/1\r\n"), "the user agent");
	ok(strstr(seen_head, "\r\nAccept-Encoding: gzip\r\n"), "gzip is accepted");
	r = prepare(&a, "POST", url("/echo"), "{}");
	r->headers = vs_strdup("Content-Type: application/json\nX-One: 1\n"
			       "Authorization: Bearer t\n");
	post_req(h, r);
	settle();
	ok(strstr(seen_head, "\r\nContent-Type: application/json\r\n")
			&& strstr(seen_head, "\r\nX-One: 1\r\n")
			&& strstr(seen_head, "\r\nAuthorization: Bearer t\r\n"),
		"the headers that were given");
	vs_http_close(h);
	vs_buf_free(&a.body);
}

/* What a write meets on a connection that was used before, and died. */
static void
dead_connections(void)
{
	struct vs_http *h = client();
	struct result a = { .body = VS_BUF_INIT };

	fetch(h, &a, "GET", url("/ok"), NULL, false);
	dies = 0;
	fetch(h, &a, "POST", url("/die"), "clone", true);
	ok(a.how == VS_HTTP_LOST, "a write is lost");
	ok(dies == 1, "it was sent once");
	ok(a.err.code == VS_ERR_UNREACHABLE && strstr(a.err.msg, "without an answer"),
		"the message says so");

	fetch(h, &a, "GET", url("/ok"), NULL, false);
	fetch(h, &a, "DELETE", url("/die"), NULL, true);
	ok(a.how == VS_HTTP_LOST && dies == 2, "a write without a body, too");
	fetch(h, &a, "GET", url("/ok"), NULL, false);
	fetch(h, &a, "POST", url("/die"), NULL, true);
	ok(a.how == VS_HTTP_LOST && dies == 3, "a write with an empty body, too");

	fetch(h, &a, "GET", url("/ok"), NULL, false);
	fetch(h, &a, "POST", url("/die"), "look", false);
	ok(a.how == VS_HTTP_ANSWER && dies == 4, "a read is sent again");
	is(a.body.s, "fresh", "over a new connection");
	vs_http_close(h);
	vs_buf_free(&a.body);
}

static void
broken_answers(void)
{
	static const char *const bad[][2] = {
		{ "/cut", "closed in the middle of the answer" },
		{ "/chunks", "closed in the middle of the answer" },
		{ "/nonsense", "does not speak HTTP" },
		{ "/reset", "connection reset by peer" },
		{ "/shut", "closed without an answer" },
	};
	struct vs_http *h = client();
	struct result a = { .body = VS_BUF_INIT };

	for (size_t i = 0; i < VS_LEN(bad); i++) {
		fetch(h, &a, "GET", url(bad[i][0]), NULL, false);
		ok(a.how == VS_HTTP_LOST && a.err.code == VS_ERR_UNREACHABLE, bad[i][0]);
		if (!ok(strstr(a.err.msg, bad[i][1]), "the reason"))
			printf("# %s\n", a.err.msg);
	}
	vs_http_close(h);
	vs_buf_free(&a.body);
}

static void
time_limits(void)
{
	struct vs_http *h = client();
	struct result a = { .body = VS_BUF_INIT }, b = { .body = VS_BUF_INIT };
	struct vs_http_req *r;
	int64_t from = vs_now();

	r = prepare(&a, "GET", url("/silent"), NULL);
	r->idle_ms = 300;
	post_req(h, r);
	settle();
	ok(a.how == VS_HTTP_LOST && a.err.code == VS_ERR_UNREACHABLE, "silence ends a call");
	ok(vs_now() - from >= 300 && vs_now() - from < 3000 * patience, "at its limit");
	ok(strstr(a.err.msg, "no data received for 0.3 s"), "and is named");

	r = prepare(&a, "GET", url("/drip"), NULL);
	r->idle_ms = 1500 * patience;
	post_req(h, r);
	settle();
	ok(a.how == VS_HTTP_ANSWER && a.body.len == 8, "slow is not silent");

	from = vs_now();
	r = prepare(&a, "GET", url("/drip"), NULL);
	r->total_ms = 300;
	post_req(h, r);
	settle();
	ok(a.how == VS_HTTP_LOST && a.err.code == VS_ERR_TIMED_OUT, "a limit for all of it");
	ok(vs_now() - from < 3000 * patience, "holds");

	/* eight that are silent hold all connections */
	struct result s[8] = { 0 };
	for (int i = 0; i < 8; i++) {
		s[i].body = (struct vs_buf)VS_BUF_INIT;
		r = prepare(&s[i], "GET", url("/silent"), NULL);
		r->total_ms = 800;
		post_req(h, r);
	}
	r = prepare(&b, "GET", url("/ok"), NULL);
	r->total_ms = 300;
	post_req(h, r);
	settle();
	ok(b.how == VS_HTTP_NOT_SENT && b.err.code == VS_ERR_TIMED_OUT,
		"a limit that is over before it was its turn");
	vs_http_close(h);
	vs_buf_free(&a.body);
}

static void
cookies(void)
{
	struct vs_http *h = client();
	struct result a = { .body = VS_BUF_INIT };

	fetch(h, &a, "GET", url("/cookies"), NULL, false);
	is(vs_http_cookie(h, "vmware_soap_session"), "\"a1b2", "as RFC 6265: up to ;");
	is(vs_http_cookie(h, "plain"), "1", "another");
	is(vs_http_cookie(h, "gone"), "2", "header names in small letters");
	is(vs_http_cookie(h, "old"), NULL, "expired");
	fetch(h, &a, "GET", url("/echo"), NULL, false);
	ok(strstr(seen_head, "\r\nCookie: vmware_soap_session=\"a1b2; plain=1; gone=2\r\n"),
		"they are sent");
	fetch(h, &a, "GET", url("/cookies2"), NULL, false);
	is(vs_http_cookie(h, "gone"), NULL, "taken back");
	is(vs_http_cookie(h, "plain"), "2==", "replaced");
	vs_http_set_cookie(h, "127.0.0.1", "vmware_soap_session", "\"52 a\\b\"");
	vs_http_set_cookie(h, "other.example", "secret", "x");
	is(vs_http_cookie(h, "vmware_soap_session"), "\"52 a\\b\"", "set by hand");
	fetch(h, &a, "GET", url("/echo"), NULL, false);
	ok(strstr(seen_head, "vmware_soap_session=\"52 a\\b\""), "exactly");
	ok(!strstr(seen_head, "secret"), "another host's is not sent");
	vs_http_set_cookie(h, "", "vmware_soap_session", NULL);
	vs_http_set_cookie(h, "", "plain", NULL);
	fetch(h, &a, "GET", url("/echo"), NULL, false);
	ok(!strstr(seen_head, "Cookie"), "forgotten");
	vs_http_close(h);
	vs_buf_free(&a.body);
}

static void
many_at_once(void)
{
	struct vs_http *h = client();
	struct result r[60] = { 0 };
	int conns, resumed, good = 0;

	/* with TLS 1.3 a session comes after the handshake, which is too late */
	SSL_CTX_set_max_proto_version(srv.ctx, TLS1_2_VERSION);
	conns = srv.conns;
	resumed = srv.resumed;

	for (size_t i = 0; i < VS_LEN(r); i++) {
		r[i].body = (struct vs_buf)VS_BUF_INIT;
		post_req(h, prepare(&r[i], "GET", url("/crowd"), NULL));
	}
	ok(settle(), "sixty requests end");
	for (size_t i = 0; i < VS_LEN(r); i++) {
		good += r[i].ended == 1 && r[i].how == VS_HTTP_ANSWER
			&& strcmp(r[i].body.s, "one of many") == 0;
		vs_buf_free(&r[i].body);
	}
	ok(good == 60, "each with its answer, once");
	ok(srv.conns - conns == 8, "over eight connections");
	ok(most_flights == 8, "eight at a time");
	ok(srv.resumed - resumed == 7, "seven of them resume the first's session");
	SSL_CTX_set_max_proto_version(srv.ctx, 0);
	vs_http_close(h);
}

static void
no_connection(void)
{
	const struct vs_http_conf hasty = { .trust.ca_pem = ca.pem, .connect_ms = 400 };
	struct vs_http *h = client();
	struct result a = { .body = VS_BUF_INIT };
	VS_FREE char *to = NULL, *want = NULL, *hang = NULL, *proxy = NULL;
	int64_t from;
	int port, fd;

	fd = listen_on(&port);
	close(fd);
	to = vs_printf("https://127.0.0.1:%d/", port);
	want = vs_printf("cannot connect to 127.0.0.1:%d: connection refused", port);
	fetch(h, &a, "GET", to, NULL, true);
	ok(a.how == VS_HTTP_NOT_SENT && a.err.code == VS_ERR_UNREACHABLE, "refused");
	is(a.err.msg, want, "and said so");
	fetch(h, &a, "GET", "https://host.invalid/", NULL, false);
	ok(a.how == VS_HTTP_NOT_SENT, "no such host");
	is(a.err.msg, "cannot connect to host.invalid:443: host not found", "and said so");
	proxy = vs_printf("http://127.0.0.1:%d", port);
	setenv("HTTPS_PROXY", proxy, 1);
	fetch(h, &a, "GET", "https://vc.example/", NULL, false);
	unsetenv("HTTPS_PROXY");
	free(want);
	want = vs_printf(
		"cannot connect to vc.example:443: through the proxy 127.0.0.1:%d: connection refused",
		port);
	is(a.err.msg, want, "a proxy that refuses");
	fetch(h, &a, "GET", "http://127.0.0.1/", NULL, false);
	ok(a.how == VS_HTTP_NOT_SENT && a.err.code == VS_ERR_USAGE, "http is refused");

	fd = listen_on(&port); /* never accepts */
	hang = vs_printf("https://127.0.0.1:%d/", port);
	vs_http_close(h);
	h = open_client(&hasty);
	from = vs_now();
	fetch(h, &a, "POST", hang, "x", true);
	ok(a.how == VS_HTTP_NOT_SENT && a.err.code == VS_ERR_UNREACHABLE, "a handshake that hangs");
	ok(vs_now() - from < 5000 * patience, "ends");
	ok(strstr(a.err.msg, "no TLS handshake within 0.4 s"), "and said so");
	close(fd);
	vs_http_close(h);
	vs_buf_free(&a.body);
}

/* The first that fails tells the others. */
static void
all_fail_with_the_first(void)
{
	const struct vs_http_conf conf = { .name_hint = "do this",
		.trust.ca_pem = leaf.pem,
		.trust.server_name = "wrong.example" };
	struct vs_http *h = open_client(&conf);
	struct result r[20] = { 0 };
	int conns = srv.conns, requests = srv.requests, good = 0;

	for (size_t i = 0; i < VS_LEN(r); i++) {
		r[i].body = (struct vs_buf)VS_BUF_INIT;
		post_req(h, prepare(&r[i], "POST", url("/ok"), "x"));
	}
	ok(settle(), "twenty requests end");
	for (size_t i = 0; i < VS_LEN(r); i++) {
		good += r[i].ended == 1 && r[i].how == VS_HTTP_NOT_SENT
			&& r[i].err.code == VS_ERR_UNREACHABLE
			&& strstr(r[i].err.msg, "not for 'wrong.example': do this");
		vs_buf_free(&r[i].body);
	}
	ok(good == 20, "not sent, each with the reason");
	ok(srv.conns - conns == 1, "after one connection");
	ok(srv.requests == requests, "without a byte of a request");
	vs_http_close(h);
}

static struct vs_http *chained;
static int chain;

static void
chain_end(struct vs_http_req *r, enum vs_http_end how)
{
	struct vs_http_req *next;

	pending--;
	if (how != VS_HTTP_ANSWER || ++chain == 5) {
		vs_http_close(r->http);
		return;
	}
	next = vs_http_req("GET", vs_strdup(url("/ok")));
	next->end = chain_end;
	post_req(chained, next);
}

static void
aborts(void)
{
	struct vs_http *h = client();
	struct result a = { .body = VS_BUF_INIT, .refuse = 3 };
	struct result b = { .body = VS_BUF_INIT };
	struct vs_http_req *r;

	fetch(h, &a, "GET", url("/big"), NULL, false);
	ok(a.how == VS_HTTP_ABORTED && a.ended == 1, "data() ends a request");
	ok(a.datas == 3, "and is not called again");
	a.refuse = 0;
	r = prepare(&a, "GET", url("/silent"), NULL);
	post_req(h, r);
	vs_http_abort(r);
	ok(a.ended == 0, "end() does not come at once");
	settle();
	ok(a.how == VS_HTTP_ABORTED && a.ended == 1, "aborted before it began");
	r = prepare(&a, "GET", url("/drip"), NULL);
	post_req(h, r);
	for (int i = 0; i < 200 && a.datas == 0; i++)
		vs_loop_turn(loop, 100);
	vs_http_abort(r);
	vs_http_abort(r);
	settle();
	ok(a.how == VS_HTTP_ABORTED && a.ended == 1 && a.datas > 0, "in its midst");
	fetch(h, &b, "GET", url("/ok"), NULL, false);
	ok(b.how == VS_HTTP_ANSWER, "the client goes on");
	post_req(h, prepare(&a, "GET", url("/silent"), NULL));
	vs_loop_turn(loop, 0);
	vs_http_close(h);
	ok(a.ended == 0, "close() calls no end()");
	pending = 0;

	chained = client();
	r = vs_http_req("GET", vs_strdup(url("/ok")));
	r->end = chain_end;
	post_req(chained, r);
	settle();
	ok(chain == 5 && pending == 0, "end() opens requests, and closes the client at last");
	vs_buf_free(&a.body);
	vs_buf_free(&b.body);
}

static size_t filled;
static struct vs_http_req *waiting;
static struct vs_timer wake;

static void
wake_up(void *arg)
{
	(void)arg;
	vs_http_resume(waiting);
}

/* 100,000 bytes, with a rest in the middle. */
static long
fill(struct vs_http_req *r, char *p, size_t n)
{
	if (filled == 50000 && waiting == NULL) {
		waiting = r;
		vs_timer_set(loop, &wake, vs_now() + 900 * patience, wake_up, NULL);
		return VS_HTTP_PAUSE;
	}
	if (n > 50000 - filled % 50000)
		n = 50000 - filled % 50000;
	if (filled == 100000)
		return 0;
	memset(p, 'f', n);
	filled += n;
	return (long)n;
}

static int pauses;

static int
paused_data(struct vs_http_req *r, const char *p, size_t n)
{
	if (pauses++ == 1) {
		waiting = r;
		vs_timer_set(loop, &wake, vs_now() + 900 * patience, wake_up, NULL);
		return VS_HTTP_PAUSE;
	}
	return result_data(r, p, n);
}

static void
streams(void)
{
	struct vs_http *h = client();
	struct result a = { .body = VS_BUF_INIT };

	for (int known = 0; known < 2; known++) {
		struct vs_http_req *r = prepare(&a, "PUT", url("/echo"), NULL);
		int64_t from = vs_now();

		filled = 0;
		waiting = NULL;
		r->fill = fill;
		r->fill_len = known ? 100000 : -1;
		r->idle_ms = 600 * patience;
		post_req(h, r);
		settle();
		ok(a.how == VS_HTTP_ANSWER && a.body.len == 100010,
			known ? "a body of known length" : "a body in chunks");
		ok(vs_now() - from >= 900 * patience, "a pause does not count as idle");
	}
	for (int gz = 0; gz < 2; gz++) {
		struct vs_http_req *r = prepare(&a, "GET", url(gz ? "/gzip" : "/big"), NULL);

		pauses = gz;
		r->data = paused_data;
		r->idle_ms = 600 * patience;
		post_req(h, r);
		settle();
		ok(a.how == VS_HTTP_ANSWER && a.body.len == (gz ? 36 : 1 << 20),
			"what was not taken comes again");
	}
	vs_http_close(h);
	vs_buf_free(&a.body);
}

int
main(void)
{
	struct vs_err err;

	begin_clients();
	ca = make_cert("vsutils test CA", NULL, NULL, 3650);
	leaf = make_cert("leaf", "IP:127.0.0.1,DNS:localhost", &ca, 365);
	start_server(&srv, &leaf);
	loop = vs_loop_new(&err);
	plain_answers();
	methods();
	dead_connections();
	broken_answers();
	time_limits();
	cookies();
	many_at_once();
	no_connection();
	all_fail_with_the_first();
	aborts();
	streams();
	vs_loop_free(loop);
	stop_server(&srv);
	free_cert(&ca);
	free_cert(&leaf);
	return done();
}
