/* SPDX-License-Identifier: Apache-2.0 */
/* server.h - a small HTTPS server for unit tests, in threads of the test.
 *
 * What it answers is up to the test's answer(); certificates are made at run
 * time.  It listens on 127.0.0.1 only. */
#ifndef TESTS_SERVER_H
#define TESTS_SERVER_H

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

struct cert {
	X509 *x;
	EVP_PKEY *key;
	char *pem, *key_pem;
};

struct server {
	int fd, port;
	pthread_t thread;
	SSL_CTX *ctx; /* NULL: plain HTTP */
	atomic_int conns, handshakes, requests, resumed;
	atomic_int live; /* connections that stand now */
	char name[64];	 /* SNI of the last handshake */
};

struct conn {
	struct server *s;
	int fd;
	SSL *ssl;
	int served; /* requests answered before */
	bool close; /* set by answer(): no more after this one */
	char method[16], path[256];
	struct vs_buf head, body;
};

/* The test's own: reply to one request by say() and wait_a_bit(). */
static void answer(struct conn *c);

static inline void
add_ext(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *e;

	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, (char *)value);
	X509_add_ext(x, e, -1);
	X509_EXTENSION_free(e);
}

static inline char *
bio_text(BIO *b)
{
	char *p, *s;
	long n = BIO_get_mem_data(b, &p);

	s = vs_strndup(p, (size_t)n);
	BIO_free(b);
	return s;
}

/* ca NULL: signed by itself, a CA.  days < 0: expired.  eku: "clientAuth", or NULL. */
static inline struct cert
make_cert_for(const char *cn, const char *san, const char *eku, const struct cert *ca, int days)
{
	static int serial = 1;
	struct cert c = { .x = X509_new(), .key = EVP_EC_gen("P-256") };
	X509_NAME *name = X509_get_subject_name(c.x);
	BIO *b;

	X509_set_version(c.x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(c.x), serial++);
	X509_gmtime_adj(X509_getm_notBefore(c.x), -86400L * 30);
	X509_gmtime_adj(X509_getm_notAfter(c.x), 86400L * days);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)cn, -1, -1, 0);
	X509_set_issuer_name(c.x, ca ? X509_get_subject_name(ca->x) : name);
	X509_set_pubkey(c.x, c.key);
	add_ext(c.x, ca ? ca->x : c.x, NID_basic_constraints, ca ? "CA:FALSE" : "critical,CA:TRUE");
	if (san)
		add_ext(c.x, ca ? ca->x : c.x, NID_subject_alt_name, san);
	if (eku)
		add_ext(c.x, ca ? ca->x : c.x, NID_ext_key_usage, eku);
	X509_sign(c.x, ca ? ca->key : c.key, EVP_sha256());
	b = BIO_new(BIO_s_mem());
	PEM_write_bio_X509(b, c.x);
	c.pem = bio_text(b);
	b = BIO_new(BIO_s_mem());
	PEM_write_bio_PrivateKey(b, c.key, NULL, NULL, 0, NULL, NULL);
	c.key_pem = bio_text(b);
	return c;
}

static inline struct cert
make_cert(const char *cn, const char *san, const struct cert *ca, int days)
{
	return make_cert_for(cn, san, NULL, ca, days);
}

static inline void
free_cert(struct cert *c)
{
	X509_free(c->x);
	EVP_PKEY_free(c->key);
	free(c->pem);
	free(c->key_pem);
}

static inline void
cert_pin(const struct cert *c, const EVP_MD *md, char *to)
{
	unsigned char raw[EVP_MAX_MD_SIZE];
	unsigned n;

	X509_digest(c->x, md, raw, &n);
	for (unsigned i = 0; i < n; i++)
		to += sprintf(to, "%02X%s", raw[i], i + 1 < n ? ":" : "");
}

static inline bool
say_bytes(struct conn *c, const void *p, size_t n)
{
	while (n > 0) {
		long k = c->ssl ? SSL_write(c->ssl, p, (int)n) : write(c->fd, p, n);

		if (k <= 0)
			return false;
		p = (const char *)p + k;
		n -= (size_t)k;
	}
	return true;
}

static inline bool
say(struct conn *c, const char *s)
{
	return say_bytes(c, s, strlen(s));
}

static inline void
say_body(struct conn *c, const char *head, const char *body)
{
	VS_FREE char *s =
		vs_printf("HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s", head, strlen(body), body);

	say(c, s);
}

/* Until the client hangs up, or ms are over.  True: it hung up. */
static inline bool
wait_a_bit(struct conn *c, int ms)
{
	struct pollfd p = { .fd = c->fd, .events = POLLRDHUP };

	return poll(&p, 1, ms) > 0;
}

/* One byte of a request; -1: the client is gone. */
static inline int
hear(struct conn *c)
{
	unsigned char b;

	return (c->ssl ? SSL_read(c->ssl, &b, 1) : (int)read(c->fd, &b, 1)) == 1 ? b : -1;
}

static inline bool
hear_n(struct conn *c, long n)
{
	char buf[4096];

	while (n > 0) {
		size_t want = n < (long)sizeof buf ? (size_t)n : sizeof buf;
		long got = c->ssl ? SSL_read(c->ssl, buf, (int)want) : read(c->fd, buf, want);

		if (got <= 0)
			return false;
		vs_buf_add(&c->body, buf, (size_t)got);
		n -= got;
	}
	return true;
}

static inline bool
hear_chunks(struct conn *c)
{
	for (;;) {
		char line[32] = "";
		size_t n = 0;
		long len;
		int b;

		while ((b = hear(c)) >= 0 && b != '\n' && n < sizeof line - 1)
			line[n++] = (char)b;
		len = strtol(line, NULL, 16);
		if (b < 0 || !hear_n(c, len) || hear(c) < 0 || hear(c) < 0)
			return false;
		if (len == 0)
			return true;
	}
}

static inline bool
hear_request(struct conn *c)
{
	const char *len;
	int b;

	vs_buf_cut(&c->head, 0);
	vs_buf_cut(&c->body, 0);
	while (c->head.len < 4 || strcmp(c->head.s + c->head.len - 4, "\r\n\r\n")) {
		if ((b = hear(c)) < 0)
			return false;
		vs_buf_ch(&c->head, (char)b);
	}
	c->s->requests++;
	sscanf(c->head.s, "%15s %255s", c->method, c->path);
	if (strcasestr(c->head.s, "\r\nTransfer-Encoding: chunked"))
		return hear_chunks(c);
	len = strcasestr(c->head.s, "\r\nContent-Length:");
	return len == NULL || hear_n(c, strtol(len + 17, NULL, 10));
}

/* Read to the end: what is left unread would turn our last words, an alert
 * for example, into a reset. */
static inline void
hang_up(struct conn *c)
{
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	char buf[4096];

	shutdown(c->fd, SHUT_WR);
	while (poll(&p, 1, 2000) > 0 && read(c->fd, buf, sizeof buf) > 0)
		;
}

static inline void *
serve_conn(void *arg)
{
	struct conn *c = arg;
	const char *name;
	char first;

	c->head = c->body = (struct vs_buf)VS_BUF_INIT;
	if (c->s->ctx) {
		c->ssl = SSL_new(c->s->ctx);
		SSL_set_fd(c->ssl, c->fd);
		if (SSL_accept(c->ssl) != 1) {
			hang_up(c);
			goto out;
		}
		if (SSL_session_reused(c->ssl))
			c->s->resumed++;
		name = SSL_get_servername(c->ssl, TLSEXT_NAMETYPE_host_name);
		snprintf(c->s->name, sizeof c->s->name, "%s", name ? name : "");
	}
	c->s->handshakes++;
	/* TLS, where none is spoken: as web servers have it */
	if (c->ssl == NULL && recv(c->fd, &first, 1, MSG_PEEK) == 1 && first == 0x16) {
		say(c, "HTTP/1.1 400 Bad Request\r\n\r\n");
		hang_up(c);
		goto out;
	}
	for (; !c->close && hear_request(c); c->served++)
		answer(c);
out:
	SSL_free(c->ssl);
	close(c->fd);
	vs_buf_free(&c->head);
	vs_buf_free(&c->body);
	c->s->live--;
	free(c);
	return NULL;
}

static inline void *
serve(void *arg)
{
	struct server *s = arg;
	pthread_attr_t attr;
	int fd;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	while ((fd = accept(s->fd, NULL, NULL)) >= 0) {
		struct conn *c = vs_alloc(1, sizeof *c);
		pthread_t t;

		s->conns++;
		s->live++;
		c->s = s;
		c->fd = fd;
		pthread_create(&t, &attr, serve_conn, c);
	}
	return NULL;
}

/* A socket that listens on a port of its own choice. */
static inline int
listen_on(int *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (struct sockaddr *)&a, sizeof a) < 0 || listen(fd, 64) < 0
		|| getsockname(fd, (struct sockaddr *)&a, &n) < 0) {
		printf("Bail out! cannot listen on 127.0.0.1\n");
		exit(1);
	}
	*port = ntohs(a.sin_port);
	return fd;
}

/* When all clients are closed: let the threads end. */
static inline void
stop_server(struct server *s)
{
	shutdown(s->fd, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	close(s->fd);
	for (int i = 0; i < 2000 && s->live > 0; i++)
		poll(NULL, 0, 10);
	SSL_CTX_free(s->ctx);
}

/* It serves until stop_server(). */
static inline void
start_server(struct server *s, const struct cert *cert)
{
	signal(SIGPIPE, SIG_IGN);
	*s = (struct server){ 0 };
	s->fd = listen_on(&s->port);
	if (cert) {
		s->ctx = SSL_CTX_new(TLS_server_method());
		SSL_CTX_use_certificate(s->ctx, cert->x);
		SSL_CTX_use_PrivateKey(s->ctx, cert->key);
		SSL_CTX_set_session_id_context(s->ctx, (const unsigned char *)"t", 1);
	}
	pthread_create(&s->thread, NULL, serve, s);
}

#endif
