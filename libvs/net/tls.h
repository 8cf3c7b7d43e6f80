/* tls.h - whom a connection trusts.  Floor 1. */
#ifndef VS_NET_TLS_H
#define VS_NET_TLS_H

#include <stdbool.h>

#include "base/err.h"

/* Borrowed strings, all optional; lives as long as the http client. */
struct vs_trust {
	bool insecure;		/* -k: nothing is checked */
	const char *ca_files;	/* PEM files, ':' between; replaces the system's */
	const char *ca_pem;	/* PEM text, the same in memory */
	const char *pin;	/* thumbprint "AA:BB:..", SHA-256 (32) or SHA-1 (20 bytes): the
				 * leaf must have it and nothing else is checked; checked in the
				 * handshake, before a byte is sent */
	const char *cert_pem, *key_pem;	/* client certificate, PEM text */
	const char *server_name;	/* SNI and name to verify, instead of the URL's host */
};

/* Look host:port up in known_hosts files (':' between the files; lines "host[:port]
 * AA:BB.."; a missing file is an empty one; port 443 when none stands there).
 * 1: found, pin (>= 96 bytes) is set; 0: not there; -1: a line of this host is no thumbprint (VS_USAGE). */
int vs_known_host(const char *files, const char *host, int port, char *pin,
	struct vs_err *err);

#endif
