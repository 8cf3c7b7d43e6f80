/* SPDX-License-Identifier: Apache-2.0 */
/* tls.h - which servers a connection trusts.  Floor 1. */
#ifndef VS_NET_TLS_H
#define VS_NET_TLS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Borrowed strings, all optional; lives as long as the http client. */
struct vs_trust {
	bool insecure;	      /* -k: nothing is verified */
	const char *ca_files; /* PEM files, separated by ':'; instead of the system's */
	const char *ca_pem;   /* PEM text, the same in memory */
	const char *pins;     /* thumbprints "AA:BB:..", separated by blanks, SHA-256 (32) or
			       * SHA-1 (20 bytes): the leaf must have one of them; nothing
			       * else is verified then, its names neither.  Verified in
			       * the handshake, before a byte is sent */
	const char *cert_pem, *key_pem; /* client certificate, PEM text */
	const char *server_name;	/* for SNI and to verify, instead of the URL's host */
};

enum { VS_PIN = 96 }; /* bytes: a SHA-256 thumbprint with its NUL */

/* Write a thumbprint (any case, with or without colons) as "AA:BB:.." to pin, VS_PIN
 * bytes.  False: s is not a thumbprint. */
bool vs_pin_read(const char *s, char *pin);

/* Look host:port up in known_hosts files, separated by ':', with lines "host[:port]
 * AA:BB..".  The default port is 443, a missing file is an empty one.
 * 1: found, *pins has all thumbprints of that host, as struct vs_trust takes them (the
 * caller's); 0: not found, *pins is NULL; -1, VS_ERR_USAGE: a line for this host has no
 * thumbprint, or a file cannot be read.  Warns about a SHA-1. */
int vs_known_host(const char *files, const char *host, int port, char **pins, struct vs_err *err);

/* $SSLKEYLOGFILE, before libcurl sees it: the keys of the connections go only to a file
 * of this user alone, and with a warning; otherwise it is unset. */
void vs_tls_key_log(void);

/* ---- for net/http only */

/* The trust of one client, made once for all of its connections. */
struct vs_tls;

/* The caller's.  NULL, VS_ERR_USAGE: a file or the pin cannot be used. */
struct vs_tls *vs_tls_new(const struct vs_trust *t, struct vs_err *err);
void vs_tls_free(struct vs_tls *tls);

/* Set it in ssl_ctx, an SSL_CTX of OpenSSL; TLS 1.2 at least, without renegotiation. */
void vs_tls_setup(struct vs_tls *tls, void *ssl_ctx);

/* True: the system's CAs are not used. */
bool vs_tls_own_ca(const struct vs_tls *tls);

/* The SHA-256 thumbprint of the certificate that was refused last, and OpenSSL's
 * reason; "" if none was refused.  Both borrowed. */
const char *vs_tls_refused(const struct vs_tls *tls, const char **why);

/* True: it was refused for having no host name. */
bool vs_tls_wrong_name(const struct vs_tls *tls);

/* What the certificate seen last is for: "'a.example' and 'b.example'", at most n bytes,
 * printable.  False: it has no host name, and to has its common name. */
bool vs_tls_names(const struct vs_tls *tls, char *to, size_t n);

#endif
