/* SPDX-License-Identifier: Apache-2.0 */
/* tls.h - whom a connection trusts.  Floor 1. */
#ifndef VS_NET_TLS_H
#define VS_NET_TLS_H

#include <stdbool.h>

#include "base/err.h"

/* Borrowed strings, all optional; lives as long as the http client. */
struct vs_trust {
	bool insecure;	      /* -k: nothing is checked */
	const char *ca_files; /* PEM files, ':' between; replaces the system's */
	const char *ca_pem;   /* PEM text, the same in memory */
	const char *pin;      /* thumbprint "AA:BB:..", SHA-256 (32) or SHA-1 (20 bytes): the
				 * leaf must have it and nothing else is checked; checked in the
				 * handshake, before a byte is sent */
	const char *cert_pem, *key_pem; /* client certificate, PEM text */
	const char *server_name;	/* SNI and name to verify, instead of the URL's host */
};

enum { VS_PIN = 96 }; /* bytes: a SHA-256 thumbprint with its NUL */

/* A thumbprint as people write it (any case, with colons or without) to
 * "AA:BB:.."; false: s is none.  pin: VS_PIN bytes. */
bool vs_pin_read(const char *s, char *pin);

/* Look host:port up in known_hosts files (':' between the files; lines "host[:port]
 * AA:BB.."; a missing file is an empty one; port 443 when none stands there; the
 * last line of a host counts, as with govc).
 * 1: found, pin (VS_PIN bytes) is set; 0: not there; -1: a line of this host is no
 * thumbprint, or a file cannot be read (VS_ERR_USAGE).  Warns when it is a SHA-1. */
int vs_known_host(const char *files, const char *host, int port, char *pin, struct vs_err *err);

/* ---- for net/http alone: the trust of one client, made once for all of its
 * connections.  VS_ERR_USAGE names the file or the pin that cannot be used. */
struct vs_tls;
struct vs_tls *vs_tls_new(const struct vs_trust *t, struct vs_err *err);
void vs_tls_free(struct vs_tls *tls);

/* Put it into an OpenSSL SSL_CTX. */
void vs_tls_setup(struct vs_tls *tls, void *ssl_ctx);

/* True: its own CAs (or its pin) are all that counts; false: the system's are used. */
bool vs_tls_own_ca(const struct vs_tls *tls);

/* SHA-256 thumbprint of the certificate refused last, and OpenSSL's reason;
 * "" when none was.  Both borrowed. */
const char *vs_tls_refused(const struct vs_tls *tls, const char **why);

#endif
