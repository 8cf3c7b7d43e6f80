/* SPDX-License-Identifier: Apache-2.0 */
/* What a server may cost: each bound of net/http.h, and the connection that is closed
 * when one is exceeded. */
#include <zlib.h>

#include "bound.h"
#include "client.h"
#include "server.h"
#include "tap.h"

static struct cert ca, leaf;
static struct server srv;
static struct vs_http *http;
static atomic_int gone; /* endless answers that ended because the client hung up */

enum { PATTERN = 3 << 20, PERIOD = 251 };

static char *
url(const char *path)
{
	static char s[128];

	snprintf(s, sizeof s, "https://127.0.0.1:%d%s", srv.port, path);
	return s;
}

/* ---- the server */

static void
chunk(struct conn *c, const void *p, size_t n)
{
	VS_FREE char *head = vs_printf("%zx\r\n", n);

	if (!say(c, head) || !say_bytes(c, p, n) || !say(c, "\r\n"))
		c->close = true;
}

static void
pattern(char *to, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (char)('0' + i % PERIOD % 64);
}

/* gzip of n bytes of s; the caller's. */
static char *
zip(const char *s, size_t n, size_t *len)
{
	z_stream d = { .next_in = (unsigned char *)(uintptr_t)s, .avail_in = (unsigned)n };
	char *z;

	deflateInit2(&d, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
	*len = deflateBound(&d, n);
	z = vs_alloc(1, *len);
	d.next_out = (unsigned char *)z;
	d.avail_out = (unsigned)*len;
	deflate(&d, Z_FINISH);
	*len = d.total_out;
	deflateEnd(&d);
	return z;
}

static void
endless_gzip(struct conn *c)
{
	static const unsigned char zeros[64 << 10];
	unsigned char z[4096];
	z_stream d = { 0 };

	deflateInit2(&d, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
	while (!c->close) {
		d.next_in = (unsigned char *)(uintptr_t)zeros;
		d.avail_in = sizeof zeros;
		d.next_out = z;
		d.avail_out = sizeof z;
		deflate(&d, Z_SYNC_FLUSH);
		chunk(c, z, sizeof z - d.avail_out);
	}
	deflateEnd(&d);
}

/* /endless/STATUS/plain|chunked|gzip */
static void
endless(struct conn *c)
{
	const char *how = strrchr(c->path, '/') + 1;
	VS_FREE char *head = vs_printf("HTTP/1.1 %.3s No\r\n%s\r\n", c->path + 9,
		*how == 'p'	      ? "Content-Length: 99999999999\r\n"
			: *how == 'c' ? "Transfer-Encoding: chunked\r\n"
				      : "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n");
	char text[4096];

	memset(text, 'x', sizeof text);
	say(c, head);
	if (*how == 'g')
		endless_gzip(c);
	while (!c->close)
		if (*how == 'c')
			chunk(c, text, sizeof text);
		else
			c->close = !say_bytes(c, text, sizeof text);
	gone++;
}

/* /packed/cut|junk|sum|twice|whole, /plain, /chunks: the pattern */
static void
packed(struct conn *c)
{
	VS_FREE char *text = vs_alloc(1, PATTERN), *z = NULL, *head = NULL;
	const char *how = c->path + 8;
	size_t n, half;

	pattern(text, PATTERN);
	z = zip(text, PATTERN, &n);
	if (strcmp(how, "twice") == 0) {
		half = PATTERN / PERIOD / 2 * PERIOD;
		free(z);
		z = zip(text, half, &n);
		z = vs_realloc(z, n + PATTERN, 1);
		VS_FREE char *second = zip(text + half, PATTERN - half, &half);
		memcpy(z + n, second, half);
		n += half;
	}
	if (strcmp(how, "cut") == 0)
		n -= 20;
	if (strcmp(how, "junk") == 0)
		memset(z, 'x', 10);
	if (strcmp(how, "sum") == 0)
		z[n - 6] = (char)(z[n - 6] + 1);
	head = vs_printf(
		"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n", n);
	say(c, head);
	say_bytes(c, z, n);
}

static void
chunks(struct conn *c)
{
	VS_FREE char *text = vs_alloc(1, PATTERN);

	pattern(text, PATTERN);
	say(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
	for (size_t at = 0, n = 1; at < PATTERN && !c->close; at += n, n = n * 3 % 40009) {
		n = n < PATTERN - at ? n : PATTERN - at;
		chunk(c, text + at, n);
	}
	say(c, "0\r\n\r\n");
}

static void
drip(struct conn *c, const char *drop)
{
	while (!wait_a_bit(c, 50) && say(c, drop))
		;
	c->close = true;
	gone++;
}

static void
headers(struct conn *c)
{
	bool interim = strstr(c->path, "interim") != NULL;
	const char *line = interim	  ? "HTTP/1.1 100 Continue\r\n\r\n"
		: strstr(c->path, "line") ? "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
					  : "X-Header: value\r\n";

	say(c, interim ? line : "HTTP/1.1 200 OK\r\nX: ");
	for (int i = 0; i < 4000000 && say(c, line); i++)
		;
	c->close = true;
	gone++;
}

static void
answer(struct conn *c)
{
	VS_FREE char *text = NULL;

	if (strncmp(c->path, "/endless/", 9) == 0) {
		endless(c);
	} else if (strncmp(c->path, "/packed/", 8) == 0) {
		packed(c);
	} else if (strcmp(c->path, "/chunks") == 0) {
		chunks(c);
	} else if (strcmp(c->path, "/plain") == 0) {
		text = vs_alloc(1, PATTERN + 1);
		pattern(text, PATTERN);
		say_body(c, "200 OK", text);
	} else if (strcmp(c->path, "/blanks") == 0) {
		say(c, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
		drip(c, " ");
	} else if (strcmp(c->path, "/continue") == 0) {
		drip(c, "HTTP/1.1 100 Continue\r\n\r\n");
	} else if (strncmp(c->path, "/headers", 8) == 0) {
		headers(c);
	} else if (strcmp(c->path, "/slow") == 0) {
		say(c, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n");
		for (int i = 0; i < 12; i++) {
			wait_a_bit(c, 50);
			say(c, "x");
		}
	} else if (strcmp(c->path, "/br") == 0) {
		say(c, "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\nxx");
	} else {
		say_body(c, "200 OK", "hello");
	}
}

/* ---- the tests */

static struct result a = { .body = VS_BUF_INIT };

/* What the server has to notice: that the client hung up. */
static bool
hung_up(int before)
{
	for (int i = 0; i < 2000 && gone == before; i++)
		poll(NULL, 0, 10);
	return gone == before + 1;
}

/* A request to path must end so, with the connection closed, and the client goes on.
 * The bytes that were passed on. */
static size_t
ends(struct vs_http_req *r, const char *why, bool exceeded)
{
	VS_FREE char *what = vs_strdup(r->url);
	int before = gone;
	size_t n;

	post_req(http, r);
	ok(settle(), strrchr(what, ':'));
	ok(a.how == VS_HTTP_LOST && a.err.code == VS_ERR_UNREACHABLE, "lost");
	if (!ok(strstr(a.err.msg, why), "with the reason"))
		printf("# %s\n", a.err.msg);
	ok(a.exceeded == exceeded, exceeded ? "a bound" : "another try may help");
	ok(hung_up(before), "the connection is closed");
	n = a.body.len;
	r = prepare(&a, "GET", url("/"), NULL);
	r->limit_ms = 20000 * patience;
	post_req(http, r);
	settle();
	ok(a.how == VS_HTTP_ANSWER, "the client goes on");
	return n;
}

static void
bytes(void)
{
	static const char *const how[] = { "plain", "chunked", "gzip" };
	static const struct {
		int status;
		size_t most;
		const char *why;
	} row[] = {
		{ 200, 1 << 20, "the answer is larger than 1 MiB" },
		{ 500, 64 << 10, "the answer with HTTP status 500 is larger than 64 KiB" },
		{ 503, 64 << 10, "the answer with HTTP status 503 is larger than 64 KiB" },
	};

	lowered[VS_BOUND_ANSWER] = 1 << 20;
	lowered[VS_BOUND_REFUSAL] = 64 << 10;
	for (size_t i = 0; i < VS_LEN(how) * VS_LEN(row); i++) {
		VS_FREE char *path = vs_printf("/endless/%d/%s", row[i / 3].status, how[i % 3]);

		ok(ends(prepare(&a, "GET", url(path), NULL), row[i / 3].why, true)
				<= row[i / 3].most,
			"no byte more was passed on");
	}
	for (size_t i = 0; i < VS_LEN(how); i++) {
		VS_FREE char *path = vs_printf("/endless/200/%s", how[i]);
		int before = gone;

		a.refuse = 3;
		fetch(http, &a, "GET", url(path), NULL, false);
		ok(a.how == VS_HTTP_ABORTED && a.datas == 3, "data() gives up");
		ok(hung_up(before), "the connection is closed");
		a.refuse = 0;
	}
	lowered[VS_BOUND_ANSWER] = lowered[VS_BOUND_REFUSAL] = 0;
	/* VS_BOUND_HEADERS */
	ends(prepare(&a, "GET", url("/headers"), NULL),
		"the header of the answer is larger than 100 KiB", true);
	ends(prepare(&a, "GET", url("/headers/line"), NULL),
		"the header of the answer is larger than 100 KiB", true);
	ends(prepare(&a, "GET", url("/headers/interim"), NULL),
		"the header of the answer is larger than 100 KiB", true);
}

static void
times(void)
{
	struct vs_http_req *r;

	lowered[VS_BOUND_CALL_MS] = 900;
	lowered[VS_BOUND_WRITE_MS] = 300;
	ends(prepare(&a, "GET", url("/blanks"), NULL), "no complete answer within 0.9 s", false);
	r = prepare(&a, "POST", url("/blanks"), "x");
	r->write = true;
	ends(r, "no complete answer within 0.3 s", false);
	r = prepare(&a, "PATCH", url("/blanks"), "x");
	r->limit_ms = 200;
	ends(r, "no complete answer within 0.2 s", false);
	r = prepare(&a, "GET", url("/continue"), NULL);
	ends(r, "no complete answer within 0.9 s", false);
	r = prepare(&a, "GET", url("/continue"), NULL);
	r->limit_ms = -1;
	r->idle_ms = 500;
	ends(r, "no data received for 0.5 s", false);
	lowered[VS_BOUND_CALL_MS] = 200;
	r = prepare(&a, "GET", url("/slow"), NULL);
	r->limit_ms = -1;
	post_req(http, r);
	settle();
	ok(a.how == VS_HTTP_ANSWER && a.body.len == 12, "a watch has no limit");

	lowered[VS_BOUND_RATE_MS] = 500;
	r = prepare(&a, "GET", url("/blanks"), NULL);
	r->file = true;
	ends(r, "the transfer is too slow: less than 1 KiB/s for 0.5 s", false);
	lowered[VS_BOUND_RATE_BYTES] = 4;
	lowered[VS_BOUND_RATE_MS] = 500 * patience;
	r = prepare(&a, "GET", url("/slow"), NULL);
	r->file = true;
	post_req(http, r);
	settle();
	ok(a.how == VS_HTTP_ANSWER && a.body.len == 12, "a file that moves goes on");
	memset(lowered, 0, sizeof lowered);
	lowered[VS_BOUND_ANSWER] = 1 << 20;
	r = prepare(&a, "GET", url("/plain"), NULL);
	r->file = true;
	post_req(http, r);
	settle();
	ok(a.how == VS_HTTP_ANSWER && a.body.len == PATTERN, "a file may be larger");
	r = prepare(&a, "GET", url("/packed/whole"), NULL);
	r->limit_ms = -1;
	post_req(http, r);
	settle();
	ok(a.how == VS_HTTP_ANSWER && a.body.len == PATTERN, "and so may be a watch in all");
	lowered[VS_BOUND_ANSWER] = 0;
}

/* The deadline of a request counts also when another one has ended before. */
static void
deadlines(void)
{
	struct result other = { .body = VS_BUF_INIT };
	int64_t begun = vs_now();

	lowered[VS_BOUND_CALL_MS] = 4000;
	for (int i = 0; i < 2; i++) {
		struct vs_http_req *r = prepare(i ? &a : &other, "GET", url("/blanks"), NULL);

		r->total_ms = i ? 900 : 300;
		post_req(http, r);
	}
	settle();
	ok(other.err.code == VS_ERR_TIMED_OUT && strstr(other.err.msg, "within 0.3 s"),
		"the first of two deadlines");
	ok(a.err.code == VS_ERR_TIMED_OUT && strstr(a.err.msg, "within 0.9 s")
			&& vs_now() - begun < 3500,
		"the second one");
	lowered[VS_BOUND_CALL_MS] = 0;
	vs_buf_free(&other.body);
}

static struct vs_timer beat;
static int beats, rests;

static void
on_beat(void *arg)
{
	beats++;
	vs_timer_set(loop, &beat, vs_now(), on_beat, arg);
}

static struct vs_http_req *resting;

static void
wake(void *arg)
{
	(void)arg;
	vs_http_resume(resting);
}

/* Takes a rest at each fifth call. */
static int
sleepy_data(struct vs_http_req *r, const char *p, size_t n)
{
	static struct vs_timer timer;

	if (rests++ % 5 == 4) {
		resting = r;
		vs_timer_set(loop, &timer, vs_now() + rests % 2, wake, NULL);
		return VS_HTTP_PAUSE;
	}
	return result_data(r, p, n);
}

static bool
is_pattern(const struct vs_buf *b)
{
	VS_FREE char *want = vs_alloc(1, PATTERN);

	pattern(want, PATTERN);
	return b->len == PATTERN && memcmp(b->s, want, PATTERN) == 0;
}

/* A round of the loop passes on a bounded piece, also if what arrived unpacks to a
 * thousand times as much; timers and descriptors have their turn in between. */
static void
pieces(void)
{
	static const char *const paths[] = { "/plain", "/chunks", "/packed/whole",
		"/packed/twice" };
	size_t piece = (size_t)vs_bound(VS_BOUND_PIECE);

	for (size_t i = 0; i < 2 * VS_LEN(paths); i++) {
		struct vs_http_req *r = prepare(&a, "GET", url(paths[i / 2]), NULL);
		size_t most = 0, before;

		if (i % 2)
			r->data = sleepy_data;
		beats = 0;
		vs_timer_set(loop, &beat, vs_now(), on_beat, NULL);
		post_req(http, r);
		for (int64_t end = vs_now() + 60000; pending > 0 && vs_now() < end;) {
			before = a.body.len;
			vs_loop_turn(loop, 200);
			most = a.body.len - before > most ? a.body.len - before : most;
		}
		vs_timer_clear(loop, &beat);
		ok(a.how == VS_HTTP_ANSWER && is_pattern(&a.body), paths[i / 2]);
		ok(most <= piece && most > piece / 4, "in pieces of at most 32 KiB a round");
		ok(beats > PATTERN / (int)piece / 2, "between which others have their turn");
	}
	/* an answer that ends in the last of many pieces */
	lowered[VS_BOUND_PIECE] = 1000;
	fetch(http, &a, "GET", url("/packed/whole"), NULL, false);
	ok(a.how == VS_HTTP_ANSWER && is_pattern(&a.body), "in pieces of 1,000 bytes");
	lowered[VS_BOUND_PIECE] = 0;
}

static void
encodings(void)
{
	static const char *const bad[][2] = {
		{ "/packed/cut", "ends in the middle of its gzip data" },
		{ "/packed/junk", "not valid gzip" },
		{ "/packed/sum", "not valid gzip" },
		{ "/br", "an encoding that was not requested" },
	};

	for (size_t i = 0; i < VS_LEN(bad); i++) {
		fetch(http, &a, "GET", url(bad[i][0]), NULL, false);
		ok(a.how == VS_HTTP_LOST && a.err.code == VS_ERR_UNREACHABLE, bad[i][0]);
		if (!ok(strstr(a.err.msg, bad[i][1]), "the reason"))
			printf("# %s\n", a.err.msg);
	}
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
	http = open_client(&(struct vs_http_conf){ .trust.ca_pem = ca.pem });
	bytes();
	times();
	deadlines();
	pieces();
	encodings();
	vs_http_close(http);
	vs_loop_free(loop);
	stop_server(&srv);
	free_cert(&ca);
	free_cert(&leaf);
	vs_buf_free(&a.body);
	return done();
}
