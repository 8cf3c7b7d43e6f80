/* SPDX-License-Identifier: Apache-2.0 */
#include "client.h"
#include "server.h"
#include "tap.h"

#include "base/io.h"
#include "net/pem.h"

static struct cert ca, other, leaf, old, named, me, nameless, client_only, unknown;
static struct server good, expired, elsewhere, careful, plain, cn, purpose, fickle, ancient;
static char pin[VS_PIN], sha1[VS_PIN], other_pin[VS_PIN];
static char dir[] = "/tmp/vsutils-tls-XXXXXX";
static char peer[256]; /* who the client said it is */

static atomic_int renegotiated; /* what the client answered to that; -1: it was not tried */

static void
fickle_cert(const struct cert *c)
{
	SSL_CTX_use_cert_and_key(fickle.ctx, c->x, c->key, NULL, 1);
}

static atomic_int shaken; /* handshakes that were completed */

static void
count_handshakes(const SSL *ssl, int where, int ret)
{
	(void)ssl, (void)ret;
	shaken += (where & SSL_CB_HANDSHAKE_DONE) != 0;
}

/* A handshake in the midst of a connection. */
static void
negotiate_again(struct conn *c)
{
	const struct timeval second = { .tv_sec = 1 };
	int before;
	char b;

	setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
	SSL_renegotiate(c->ssl);
	SSL_do_handshake(c->ssl); /* only sends the request for one */
	before = shaken;
	SSL_peek(c->ssl, &b, 1);
	renegotiated = shaken > before;
}

static void
answer(struct conn *c)
{
	X509 *x = c->ssl ? SSL_get1_peer_certificate(c->ssl) : NULL;

	*peer = '\0';
	if (x)
		X509_NAME_get_text_by_NID(
			X509_get_subject_name(x), NID_commonName, peer, sizeof peer);
	X509_free(x);
	if (strcmp(c->path, "/again") == 0)
		negotiate_again(c);
	c->close = strcmp(c->path, "/leave") == 0;
	say_body(c, c->close ? "200 OK\r\nConnection: close" : "200 OK",
		strcasestr(c->head.s, "\r\nHost: ") + 8);
}

/* One request to s; err.msg of the result is "" when it was answered. */
static struct result *
visit(struct server *s, struct vs_trust trust)
{
	static struct result a = { .body = VS_BUF_INIT };
	const struct vs_http_conf conf = {
		.trust = trust,
		.connect_ms = 3000 * patience,
		.trust_hint = "give its CA",
		.name_hint = "use its name",
	};
	VS_FREE char *url = vs_printf("https://127.0.0.1:%d/", s->port);
	struct vs_http *h = open_client(&conf);
	int requests = s->requests;

	fetch(h, &a, "POST", url, "secret", true);
	vs_http_close(h);
	/* a lost one is sent, but with TLS 1.3 a client hears too late that
	 * the server does not want it */
	ok(s->requests == requests + (a.how == VS_HTTP_ANSWER),
		"no request arrives that has no answer");
	return &a;
}

static void
welcome(struct server *s, struct vs_trust t, const char *name)
{
	struct result *a = visit(s, t);

	if (!ok(a->how == VS_HTTP_ANSWER && a->status == 200, name))
		printf("# %s\n", a->err.msg);
}

static void
refuse(struct server *s, struct vs_trust t, const char *why, const char *name)
{
	struct result *a = visit(s, t);

	ok(a->how == VS_HTTP_NOT_SENT && a->err.code == VS_ERR_UNREACHABLE, name);
	if (!ok(strstr(a->err.msg, why), "the reason"))
		printf("# %s\n", a->err.msg);
}

static char *
in_dir(const char *name, const char *text)
{
	char *path = vs_printf("%s/%s", dir, name);
	struct vs_err err;

	if (text && vs_write_file(path, text, strlen(text), 0600, &err) < 0)
		printf("Bail out! %s\n", err.msg);
	return path;
}

static void
authorities(void)
{
	VS_FREE char *one = in_dir("ca.pem", ca.pem);
	VS_FREE char *two = in_dir("other.pem", other.pem);
	VS_FREE char *both = vs_printf("%s:%s", two, one);
	VS_FREE char *lf = in_dir("leaf.pem", leaf.pem);
	VS_FREE char *want = vs_printf(
		"(unable to get local issuer certificate; its SHA-256 thumbprint is %s): give its CA",
		pin);

	welcome(&good, (struct vs_trust){ .ca_pem = ca.pem }, "a CA in memory");
	welcome(&good, (struct vs_trust){ .ca_files = one }, "a CA in a file");
	welcome(&good, (struct vs_trust){ .ca_files = both }, "in one of two");
	welcome(&good, (struct vs_trust){ .ca_files = lf }, "the leaf as a CA");
	welcome(&good, (struct vs_trust){ .ca_files = two, .ca_pem = ca.pem }, "files and memory");
	refuse(&good, (struct vs_trust){ .ca_files = two }, "not trusted", "another CA");
	refuse(&good, (struct vs_trust){ .ca_pem = other.pem }, pin, "the thumbprint is shown");
	refuse(&good, (struct vs_trust){ 0 }, want, "the system's CAs");
	refuse(&elsewhere, (struct vs_trust){ .ca_pem = ca.pem },
		"the certificate is for 'vc.example', '*.vc.example', '2001:db8::1', not for '127.0.0.1': use its name",
		"another name");
	refuse(&elsewhere, (struct vs_trust){ .ca_files = one },
		"not for '127.0.0.1': use its name", "another name, with a CA in a file");
	refuse(&cn, (struct vs_trust){ .ca_pem = ca.pem },
		"the certificate has no host name, only the common name (CN) '127.0.0.1', which is not compared: use its name",
		"a common name");
	refuse(&cn, (struct vs_trust){ .ca_files = one, .server_name = "127.0.0.1" },
		"only the common name", "a common name, with a CA in a file");
	refuse(&purpose, (struct vs_trust){ .ca_pem = ca.pem },
		"(unsuitable certificate purpose; its SHA-256 thumbprint is ",
		"a client's certificate");
	refuse(&purpose, (struct vs_trust){ .ca_files = one }, "unsuitable certificate purpose",
		"... with a CA in a file");
	refuse(&expired, (struct vs_trust){ .ca_pem = ca.pem }, "certificate has expired",
		"expired");
}

static void
pins(void)
{
	VS_FREE char *small = vs_strdup(pin), *bare = vs_alloc(1, sizeof pin), *both = NULL;
	char wrong[VS_PIN], *to = bare;

	for (char *p = small; *p; p++)
		*p = (char)(*p >= 'A' ? *p | 0x20 : *p);
	for (char *p = pin; *p; p++)
		if (*p != ':')
			*to++ = *p;
	strcpy(wrong, pin);
	wrong[94] = wrong[94] == '0' ? '1' : '0';
	welcome(&good, (struct vs_trust){ .pins = pin }, "a pin, and no CA");
	welcome(&good, (struct vs_trust){ .pins = small }, "in small letters");
	welcome(&good, (struct vs_trust){ .pins = bare }, "without colons");
	welcome(&good, (struct vs_trust){ .pins = sha1 }, "a SHA-1");
	welcome(&good, (struct vs_trust){ .pins = pin, .ca_pem = other.pem },
		"the pin alone counts");
	refuse(&good, (struct vs_trust){ .pins = wrong }, pin, "another pin");
	refuse(&good, (struct vs_trust){ .pins = other_pin, .ca_pem = ca.pem },
		"is pinned: was it renewed, or is this another server?",
		"even where the CA is trusted");
	both = vs_printf("%s %s", wrong, pin);
	welcome(&good, (struct vs_trust){ .pins = both }, "the second of two pins");
	free(both);
	both = vs_printf("%s  %s", sha1, wrong);
	welcome(&good, (struct vs_trust){ .pins = both }, "the first of two, a SHA-1");
	refuse(&elsewhere, (struct vs_trust){ .pins = both }, both, "none of two");
	cert_pin(&nameless, EVP_sha256(), wrong);
	welcome(&cn, (struct vs_trust){ .pins = wrong }, "a pin needs no name");
	cert_pin(&client_only, EVP_sha256(), wrong);
	welcome(&purpose, (struct vs_trust){ .pins = wrong }, "nor a purpose");
	cert_pin(&named, EVP_sha256(), wrong);
	welcome(&elsewhere, (struct vs_trust){ .pins = wrong }, "and may have another name");
	wrong[94] = wrong[94] == '0' ? '1' : '0';
	welcome(&elsewhere, (struct vs_trust){ .insecure = true }, "-k: any name");
	welcome(&good, (struct vs_trust){ .insecure = true, .pins = wrong }, "-k: any pin");
}

static void
names_and_clients(void)
{
	struct result *a;

	welcome(&elsewhere, (struct vs_trust){ .ca_pem = ca.pem, .server_name = "vc.example" },
		"a name given for TLS");
	is(elsewhere.name, "vc.example", "is asked for (SNI)");
	a = visit(&elsewhere, (struct vs_trust){ .ca_pem = ca.pem, .server_name = "vc.example" });
	ok(strncmp(a->body.s, "127.0.0.1:", 10) == 0, "Host stays the URL's");
	refuse(&elsewhere, (struct vs_trust){ .ca_pem = ca.pem, .server_name = "vc2.example" },
		"'2001:db8::1', not for 'vc2.example': use its name", "another name");

	welcome(&careful,
		(struct vs_trust){ .ca_pem = ca.pem, .cert_pem = me.pem, .key_pem = me.key_pem },
		"a client's certificate");
	is(peer, "admin", "is shown");
	a = visit(&careful, (struct vs_trust){ .ca_pem = ca.pem });
	ok(a->how == VS_HTTP_LOST, "none, where one is needed");
	if (!ok(strstr(a->err.msg, "certificate required"), "the reason"))
		printf("# %s\n", a->err.msg);
	refuse(&plain, (struct vs_trust){ .ca_pem = ca.pem }, "does not speak TLS",
		"no TLS at all");
}

/* The server changes its certificate between two connections of a client, and within
 * one: each is verified. */
static void
changes_of_mind(void)
{
	const struct vs_http_conf trust[] = { { .trust.ca_pem = ca.pem }, { .trust.pins = pin } };
	VS_FREE char *url = vs_printf("https://127.0.0.1:%d/", fickle.port);
	VS_FREE char *leave = vs_printf("%sleave", url), *again = vs_printf("%sagain", url);
	struct result r = { .body = VS_BUF_INIT };

	for (size_t i = 0; i < 2 * VS_LEN(trust); i++) {
		struct vs_http *h = open_client(&trust[i / 2]);
		int requests;

		SSL_CTX_set_max_proto_version(fickle.ctx, i % 2 ? TLS1_2_VERSION : 0);
		fickle_cert(&leaf);
		fetch(h, &r, "GET", leave, NULL, false);
		ok(r.how == VS_HTTP_ANSWER, "the first connection is trusted");
		fickle_cert(&unknown);
		requests = fickle.requests;
		fetch(h, &r, "POST", url, "secret", true);
		ok(r.how == VS_HTTP_NOT_SENT && fickle.requests == requests,
			"the second, with another certificate, is not");
		fickle_cert(&leaf);
		fetch(h, &r, "GET", url, NULL, false);
		ok(r.how == VS_HTTP_ANSWER, "a third is again");
		vs_http_close(h);

		if (i % 2 == 0)
			continue;
		h = open_client(&trust[i / 2]);
		renegotiated = -1;
		fetch(h, &r, "GET", again, NULL, false);
		for (int k = 0; k < 2000 && renegotiated < 0; k++)
			poll(NULL, 0, 10);
		if (!ok(renegotiated == 0, "a new handshake on a connection is refused"))
			printf("# %d %d %s\n", (int)renegotiated, r.how, r.err.msg);
		vs_http_close(h);
	}
	vs_buf_free(&r.body);
}

static void
old_versions(void)
{
	static const int versions[] = { TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION,
		TLS1_3_VERSION };

	for (size_t i = 0; i < VS_LEN(versions); i++) {
		SSL_CTX_set_min_proto_version(ancient.ctx, versions[i]);
		SSL_CTX_set_max_proto_version(ancient.ctx, versions[i]);
		for (int k = 0; k < 3; k++) {
			const struct vs_trust t = { .ca_pem = k == 0 ? ca.pem : NULL,
				.pins = k == 1 ? pin : NULL,
				.insecure = k == 2 };
			struct result *a = visit(&ancient, t);

			ok((a->how == VS_HTTP_ANSWER) == (versions[i] >= TLS1_2_VERSION),
				versions[i] >= TLS1_2_VERSION ? "TLS 1.2 and 1.3"
							      : "TLS 1.0 and 1.1 are refused");
			if (versions[i] < TLS1_2_VERSION
				&& !ok(strstr(a->err.msg, "protocol version"), "the reason"))
				printf("# %s\n", a->err.msg);
		}
	}
}

/* Clients of one loop must not use each other's connections or sessions. */
static void
two_clients(void)
{
	const struct vs_http_conf open = { .trust.pins = pin };
	const struct vs_http_conf strict = { .trust.pins = other_pin };
	VS_FREE char *url = vs_printf("https://127.0.0.1:%d/", good.port);
	struct vs_http *a = open_client(&open), *b = open_client(&strict);
	struct result r = { .body = VS_BUF_INIT };

	fetch(a, &r, "GET", url, NULL, false);
	ok(r.how == VS_HTTP_ANSWER, "one client is content");
	fetch(b, &r, "GET", url, NULL, false);
	ok(r.how == VS_HTTP_NOT_SENT, "the other is not, on the same loop");
	vs_http_close(a);
	vs_http_close(b);
	vs_buf_free(&r.body);
}

static void
no_client(struct vs_trust t, enum vs_err_code code, const char *part, const char *name)
{
	const struct vs_http_conf conf = { .trust = t };
	struct vs_err err = { 0 };
	struct vs_http *h = vs_http_open(loop, &conf, &err);

	ok(h == NULL && err.code == code, name);
	if (!ok(strstr(err.msg, part), "the reason"))
		printf("# %s\n", err.msg);
	vs_http_close(h);
}

/* The key of c, encrypted: as PKCS #8, or with a DEK-Info header. */
static char *
with_passphrase(const struct cert *c, bool pkcs8)
{
	BIO *b = BIO_new(BIO_s_mem());
	unsigned char pass[] = "S3CRET";

	if (pkcs8)
		PEM_write_bio_PKCS8PrivateKey(
			b, c->key, EVP_aes_128_cbc(), (char *)pass, 6, NULL, NULL);
	else
		PEM_write_bio_PrivateKey_traditional(
			b, c->key, EVP_aes_128_cbc(), pass, 6, NULL, NULL);
	return bio_text(b);
}

static void
broken_client(void)
{
	VS_FREE char *pkcs8 = with_passphrase(&me, true), *dek = with_passphrase(&me, false);
	VS_FREE char *after = vs_printf("%s%s", me.key_pem, pkcs8);
	VS_FREE char *cut = vs_strndup(me.key_pem, strlen(me.key_pem) / 2);
	VS_FREE char *chain = vs_printf("%s%s%s", me.pem, ca.pem, me.key_pem);
	VS_FREE char *broken = vs_printf("%s-----BEGIN CERTIFICATE-----\nAAAA\n", me.pem);
	const struct {
		const char *cert, *key, *why, *name;
	} t[] = {
		{ me.pem, pkcs8, "key is encrypted", "an encrypted key, PKCS #8" },
		{ me.pem, dek, "key is encrypted", "an encrypted key, DEK-Info" },
		{ me.pem, after, "key is encrypted", "an encrypted key after another one" },
		{ me.pem, cut, "not a PEM private key", "half a key" },
		{ me.pem, "", "not a PEM private key", "no key" },
		{ me.pem, me.pem, "not a PEM private key", "a certificate as key" },
		{ me.pem, leaf.key_pem, "does not belong to", "the key of another certificate" },
		{ me.key_pem, me.key_pem, "not a PEM certificate", "a key as certificate" },
		{ broken, me.key_pem, "not a PEM certificate", "a broken chain" },
		{ chain, chain, NULL, "a file with a chain and its key" },
	};

	ok(strstr(dek, "DEK-Info: ") && strstr(pkcs8, "BEGIN ENCRYPTED PRIVATE KEY"),
		"two kinds of encryption");
	for (size_t i = 0; i < VS_LEN(t); i++) {
		struct vs_err err = { 0 };
		int bad = vs_pem_check_pair(t[i].cert, t[i].key, &err);

		ok(t[i].why ? bad < 0 && err.code == VS_ERR_USAGE && strstr(err.msg, t[i].why)
			    : bad == 0,
			t[i].name);
	}
	no_client((struct vs_trust){ .cert_pem = me.pem, .key_pem = dek }, VS_ERR_USAGE,
		"key is encrypted", "a client with an encrypted key");
	no_client((struct vs_trust){ .cert_pem = me.pem, .key_pem = leaf.key_pem }, VS_ERR_USAGE,
		"does not belong to", "a client with the key of another certificate");
	no_client((struct vs_trust){ .ca_pem = dek }, VS_ERR_USAGE, "not a PEM certificate",
		"an encrypted key as CA");
}

static void
broken_trust(void)
{
	VS_FREE char *cut = vs_strndup(ca.pem, strlen(ca.pem) / 2);
	VS_FREE char *none = in_dir("none.pem", "no certificate\n");
	VS_FREE char *half = in_dir("half.pem", cut);
	VS_FREE char *gone = in_dir("gone.pem", NULL);
	VS_FREE char *one = in_dir("ca.pem", ca.pem);
	VS_FREE char *list = vs_printf("%s:%s", one, gone);

	no_client((struct vs_trust){ .ca_files = gone }, VS_ERR_NOT_FOUND, "gone.pem", "no file");
	no_client((struct vs_trust){ .ca_files = list }, VS_ERR_NOT_FOUND, "gone.pem",
		"no second file");
	no_client((struct vs_trust){ .ca_files = none }, VS_ERR_USAGE, "none.pem", "no PEM");
	no_client((struct vs_trust){ .ca_files = half }, VS_ERR_USAGE, "half.pem", "half a PEM");
	no_client((struct vs_trust){ .ca_pem = "x" }, VS_ERR_USAGE, "is not a PEM certificate",
		"none in memory");
	no_client((struct vs_trust){ .pins = "AA:BB" }, VS_ERR_USAGE, "AA:BB", "half a pin");
}

static void
make_all(void)
{
	ca = make_cert("vsutils test CA", NULL, NULL, 3650);
	other = make_cert("another CA", NULL, NULL, 3650);
	leaf = make_cert("leaf", "IP:127.0.0.1", &ca, 365);
	old = make_cert("old", "IP:127.0.0.1", &ca, -1);
	named = make_cert("named", "DNS:vc.example,DNS:*.vc.example,IP:2001:db8::1", &ca, 365);
	nameless = make_cert("127.0.0.1", NULL, &ca, 365);
	client_only = make_cert_for("admin", "IP:127.0.0.1", "clientAuth", &ca, 365);
	unknown = make_cert("leaf", "IP:127.0.0.1", &other, 365);
	me = make_cert("admin", NULL, &ca, 365);
	cert_pin(&leaf, EVP_sha256(), pin);
	cert_pin(&leaf, EVP_sha1(), sha1);
	cert_pin(&other, EVP_sha256(), other_pin);
	start_server(&good, &leaf);
	start_server(&expired, &old);
	start_server(&elsewhere, &named);
	start_server(&careful, &leaf);
	start_server(&plain, NULL);
	start_server(&cn, &nameless);
	start_server(&purpose, &client_only);
	start_server(&fickle, &leaf);
	start_server(&ancient, &leaf);
	SSL_CTX_set_info_callback(fickle.ctx, count_handshakes);
	/* a resumed session has the first one's certificate, and its secrets */
	SSL_CTX_set_session_cache_mode(fickle.ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_options(fickle.ctx, SSL_OP_NO_TICKET);
	SSL_CTX_set_num_tickets(fickle.ctx, 0);
	SSL_CTX_set_cipher_list(ancient.ctx, "DEFAULT:@SECLEVEL=0");
	SSL_CTX_set_verify(careful.ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	X509_STORE_add_cert(SSL_CTX_get_cert_store(careful.ctx), ca.x);
}

int
main(void)
{
	struct vs_err err;
	static const char *const files[] = { "ca.pem", "other.pem", "leaf.pem", "none.pem",
		"half.pem" };

	begin_clients();
	if (mkdtemp(dir) == NULL)
		return 1;
	make_all();
	loop = vs_loop_new(&err);
	authorities();
	pins();
	names_and_clients();
	changes_of_mind();
	old_versions();
	two_clients();
	broken_trust();
	broken_client();
	vs_loop_free(loop);
	for (struct server **s = (struct server *[]){ &good, &expired, &elsewhere, &careful, &plain,
		     &cn, &purpose, &fickle, &ancient, NULL };
		*s; s++)
		stop_server(*s);
	for (struct cert **c = (struct cert *[]){ &ca, &other, &leaf, &old, &named, &me, &nameless,
		     &client_only, &unknown, NULL };
		*c; c++)
		free_cert(*c);
	for (size_t i = 0; i < VS_LEN(files); i++) {
		VS_FREE char *path = in_dir(files[i], NULL);

		unlink(path);
	}
	rmdir(dir);
	return done();
}
