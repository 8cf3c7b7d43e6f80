/* SPDX-License-Identifier: Apache-2.0 */
/* answers.h - what the server of the HTTP tests says, by path.  After client.h. */
#include <zlib.h>

#include "server.h"

static atomic_int dies, flights, most_flights;
static char seen_head[4096];

static void
gzipped(struct conn *c, const char *s)
{
	unsigned char z[512];
	z_stream d = { .next_in = (unsigned char *)s,
		.avail_in = (unsigned)strlen(s),
		.next_out = z,
		.avail_out = sizeof z };
	VS_FREE char *head = NULL;

	deflateInit2(&d, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
	deflate(&d, Z_FINISH);
	head = vs_printf("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
			 "Content-Length: %lu\r\n\r\n",
		d.total_out);
	say(c, head);
	say_bytes(c, z, d.total_out);
	deflateEnd(&d);
}

static void
big(struct conn *c)
{
	char line[1024];

	memset(line, 'x', sizeof line);
	say(c, "HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n");
	for (int i = 0; i < 1024 && say_bytes(c, line, sizeof line); i++)
		;
}

static void
crowd(struct conn *c)
{
	int now = ++flights, most = most_flights;

	while (now > most && !atomic_compare_exchange_weak(&most_flights, &most, now))
		;
	wait_a_bit(c, 20 * patience); /* until all are here */
	flights--;
	say_body(c, "200 OK", "one of many");
}

static void
echo(struct conn *c)
{
	VS_FREE char *s = vs_printf("%s %s %s", c->method, c->path, c->body.s);

	snprintf(seen_head, sizeof seen_head, "%s", c->head.s);
	say_body(c, "200 OK", s);
}

/* Fine on a new connection; on one that served before, the request is read
 * and the connection closed. */
static void
die(struct conn *c)
{
	if (c->served == 0) {
		say_body(c, "200 OK", "fresh");
		return;
	}
	dies++;
	c->close = true;
}

static const struct {
	const char *path, *text;
	bool close;
} fixed[] = {
	{ "/cut", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart", true },
	{ "/chunks",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		"4\r\npart\r\n",
		true },
	{ "/moved",
		"HTTP/1.1 302 Found\r\nLocation: /ok\r\n"
		"Content-Length: 0\r\n\r\n",
		false },
	{ "/later",
		"HTTP/1.1 503 No\r\nRetry-After: 7\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 4\r\n\r\nbusy",
		false },
	{ "/past",
		"HTTP/1.1 503 No\r\nRetry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 0\r\n\r\n",
		false },
	{ "/hints",
		"HTTP/1.1 103 Early\r\nRetry-After: 9\r\n\r\n"
		"HTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\n!",
		false },
	{ "/cookies",
		"HTTP/1.1 200 OK\r\nSet-Cookie: vmware_soap_session=\"a1b2; c=d\"; Path=/; HttpOnly; Secure\r\nSet-Cookie: plain=1\r\nset-cookie: gone=2\r\nSet-Cookie: old=3; Expires=Sun, 06 Nov 1994 08:49:37 GMT\r\n"
		"Content-Length: 0\r\n\r\n",
		false },
	{ "/cookies2",
		"HTTP/1.1 200 OK\r\nSet-Cookie: gone=; Max-Age=0\r\n"
		"Set-Cookie: plain=2==\r\nSet-Cookie: =x\r\nSet-Cookie: y\r\n"
		"Content-Length: 0\r\n\r\n",
		false },
	{ "/nonsense", "SSH-2.0-OpenSSH\r\n", true },
};

static void
answer(struct conn *c)
{
	for (size_t i = 0; i < VS_LEN(fixed); i++)
		if (strcmp(c->path, fixed[i].path) == 0) {
			say(c, fixed[i].text);
			c->close = fixed[i].close;
			return;
		}
	if (strncmp(c->path, "/echo", 5) == 0) {
		echo(c);
	} else if (strcmp(c->path, "/die") == 0) {
		die(c);
	} else if (strcmp(c->path, "/gzip") == 0) {
		gzipped(c, "a text that was packed packed packed");
	} else if (strcmp(c->path, "/silent") == 0) {
		c->close = true;
		wait_a_bit(c, 15000 * patience);
	} else if (strcmp(c->path, "/drip") == 0) {
		say(c, "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n");
		for (int i = 0; i < 8; i++) {
			wait_a_bit(c, 250);
			say(c, "x");
		}
	} else if (strcmp(c->path, "/reset") == 0) {
		const struct linger now = { .l_onoff = 1 };

		setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
		c->close = true;
	} else if (strcmp(c->path, "/shut") == 0) {
		c->close = true;
	} else if (strcmp(c->path, "/big") == 0) {
		big(c);
	} else if (strcmp(c->path, "/crowd") == 0) {
		crowd(c);
	} else {
		say_body(c, "200 OK", "hello");
	}
}
