/* SPDX-License-Identifier: Apache-2.0 */
/* What libcurl receives and passes to no callback, some of it without coming back to the
 * loop: it is bounded, too. */
#include "bound.h"
#include "client.h"
#include "server.h"
#include "tap.h"

static struct cert ca, leaf;
static struct server srv, proxy;
static struct vs_http *http;
static struct result a = { .body = VS_BUF_INIT };
static atomic_int gone; /* endless answers that ended because the client hung up */

/* /; or /CR: the line with the size of a chunk never ends.  CONNECT: a body without an
 * end. */
static void
answer(struct conn *c)
{
	char text[4096];

	memset(text, c->path[1] == 'C' ? '\r' : 'x', sizeof text);
	if (strcmp(c->method, "CONNECT") == 0)
		say(c, "HTTP/1.1 407 No\r\nContent-Length: 99999999999\r\n\r\n");
	else
		say(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;");
	while (say_bytes(c, text, sizeof text))
		;
	c->close = true;
	gone++;
}

/* The server has to notice that the client hung up. */
static bool
hung_up(int before)
{
	for (int i = 0; i < 2000 && gone == before; i++)
		poll(NULL, 0, 10);
	return gone == before + 1;
}

static void
chunk(const char *path)
{
	VS_FREE char *url = vs_printf("https://127.0.0.1:%d%s", srv.port, path);
	int before = gone;

	fetch(http, &a, "GET", url, NULL, false);
	ok(a.how == VS_HTTP_LOST && a.exceeded && a.body.len == 0, path);
	if (!ok(strstr(a.err.msg, "the overhead of the answer is larger than 50 KiB"), "says so"))
		printf("# %s\n", a.err.msg);
	ok(hung_up(before), "the connection is closed");
}

static void
connect_answer(void)
{
	VS_FREE char *at = vs_printf("http://127.0.0.1:%d", proxy.port);
	int before = gone;

	setenv("HTTPS_PROXY", at, 1);
	fetch(http, &a, "GET", "https://vc.example/", NULL, false);
	unsetenv("HTTPS_PROXY");
	ok(a.how == VS_HTTP_NOT_SENT && a.exceeded, "an answer to CONNECT without an end");
	is(a.err.msg, "vc.example:443: the answer of the proxy is larger than 50 KiB", "says so");
	ok(hung_up(before), "the connection is closed");
}

int
main(void)
{
	struct vs_err err;

	begin_clients();
	ca = make_cert("vsutils test CA", NULL, NULL, 3650);
	leaf = make_cert("leaf", "IP:127.0.0.1,DNS:localhost", &ca, 365);
	start_server(&srv, &leaf);
	start_server(&proxy, NULL);
	loop = vs_loop_new(&err);
	http = open_client(&(struct vs_http_conf){ .trust.ca_pem = ca.pem });
	lowered[VS_BOUND_OVERHEAD] = 50 << 10;
	chunk("/;");
	chunk("/CR");
	connect_answer();
	vs_http_close(http);
	vs_loop_free(loop);
	stop_server(&srv);
	stop_server(&proxy);
	free_cert(&ca);
	free_cert(&leaf);
	vs_buf_free(&a.body);
	return done();
}
