/* SPDX-License-Identifier: Apache-2.0 */
/* From a CURLcode, libcurl's error buffer and the certificate check to one message
 * with host and port.  Codes and texts: libcurl-errors(3), lib/ of curl 7.88 to 8. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "net/http_parts.h"

/* A text of libcurl's or OpenSSL's in our style: no capital, no full stop, no
 * "OpenSSL/3.0.11: error:0A000412:SSL routines::" before the reason. */
static void
http_err_own_words(const char *s, char *to, size_t size)
{
	static const char *const heads[] = { " routines::", "Recv failure: ", "Send failure: " };
	size_t n;

	for (size_t i = 0; i < VS_LEN(heads); i++) {
		const char *head = strstr(s, heads[i]);

		s = head ? head + strlen(heads[i]) : s;
	}
	snprintf(to, size, "%s", s);
	if (strcmp(to, "wrong version number") == 0)
		snprintf(to, size, "the server does not speak TLS");
	/* getpeername() fails once the other side has closed the connection */
	if (strstr(to, "SSL_ERROR_SYSCALL") || strstr(to, "unexpected eof")
		|| strstr(to, "getpeername() failed"))
		snprintf(to, size, "the connection was closed");
	n = strcspn(to, ",");
	if (strncmp(to + n, ", errno ", 8) == 0)
		to[n] = '\0';
	n = strlen(to);
	while (n > 0 && strchr(".!\n ", to[n - 1]))
		to[--n] = '\0';
	/* "Connection", but not "SSL", "HTTP" or "OpenSSL" */
	if (isupper((unsigned char)to[0]) && islower((unsigned char)to[1])
		&& strncmp(to, "OpenSSL", 7) != 0)
		to[0] = (char)tolower((unsigned char)to[0]);
}

static const char *
http_err_os_reason(struct vs_http_req *r, char *buf, size_t n)
{
	long e = 0;

	curl_easy_getinfo(r->easy, CURLINFO_OS_ERRNO, &e);
	if (e == 0)
		return NULL;
	http_err_own_words(strerror((int)e), buf, n);
	return buf;
}

/* libcurl failed to connect to another host than the URL's: the proxy. */
static void
http_err_name_proxy(struct vs_http_req *r, struct vs_err *err)
{
	char host[sizeof r->errbuf];
	int port;

	if (sscanf(r->errbuf, "Failed to connect to %255s port %d", host, &port) == 2
		&& (strcasecmp(host, r->where.host) != 0 || port != r->where.port)
		&& !r->http->conf.trust.server_name)
		vs_wrap(err, "through the proxy %s:%d", host, port);
}

static void
http_err_no_connection(struct vs_http_req *r, CURLcode code)
{
	char why[200];

	if (code == CURLE_COULDNT_RESOLVE_HOST) {
		vs_fail(&r->err, VS_ERR_UNREACHABLE, "host not found");
	} else if (code == CURLE_COULDNT_CONNECT) {
		if (!http_err_os_reason(r, why, sizeof why))
			http_err_own_words(r->errbuf, why, sizeof why);
		vs_fail(&r->err, VS_ERR_UNREACHABLE, "%s", why);
		http_err_name_proxy(r, &r->err);
	} else if (code == CURLE_OPERATION_TIMEDOUT) {
		vs_fail(&r->err, VS_ERR_UNREACHABLE, "no %s within %g s",
			strstr(r->errbuf, "SSL") ? "TLS handshake" : "answer",
			(double)r->http->conf.connect_ms / 1000);
		http_err_name_proxy(r, &r->err);
	} else {
		http_err_own_words(
			*r->errbuf ? r->errbuf : curl_easy_strerror(code), why, sizeof why);
		vs_fail(&r->err, VS_ERR_UNREACHABLE, "%s", why);
	}
	vs_wrap(&r->err, "cannot connect to %s:%d", r->where.host, r->where.port);
}

static void
http_err_wrong_name(struct vs_http_req *r)
{
	const struct vs_http_conf *conf = &r->http->conf;
	const char *hint = conf->name_hint;
	char names[300];

	if (vs_tls_names(r->http->tls, names, sizeof names))
		vs_fail(&r->err, VS_ERR_UNREACHABLE, "the certificate is for %s, not for '%s'%s%s",
			names, conf->trust.server_name ? conf->trust.server_name : r->where.host,
			hint ? ": " : "", hint ? hint : "");
	else
		vs_fail(&r->err, VS_ERR_UNREACHABLE,
			"the certificate has no host name, only the common name (CN) %s, which is not compared%s%s",
			names, hint ? ": " : "", hint ? hint : "");
	vs_wrap(&r->err, "%s:%d", r->where.host, r->where.port);
}

static void
http_err_not_trusted(struct vs_http_req *r)
{
	const char *why, *hint = r->http->conf.trust_hint, *pins = r->http->conf.trust.pins;
	const char *seen = vs_tls_refused(r->http->tls, &why);
	char reason[200];

	if (*seen && pins) {
		vs_fail(&r->err, VS_ERR_UNREACHABLE,
			"%s:%d: the certificate has the thumbprint %s, but %s is pinned: was it renewed, or is this another server?",
			r->where.host, r->where.port, seen, pins);
		return;
	}
	if (vs_tls_wrong_name(r->http->tls) || strstr(r->errbuf, "subject name")) {
		http_err_wrong_name(r);
		return;
	}
	http_err_own_words(*seen ? why : r->errbuf, reason, sizeof reason);
	vs_fail(&r->err, VS_ERR_UNREACHABLE, "%s:%d: the certificate is not trusted (%s%s%s)%s%s",
		r->where.host, r->where.port, reason, *seen ? "; its SHA-256 thumbprint is " : "",
		seen, hint ? ": " : "", hint ? hint : "");
}

void
vs_http_explain(struct vs_http_req *r, CURLcode code)
{
	char why[256];

	r->no_trust = code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE
		|| code == CURLE_SSL_CERTPROBLEM;
	switch (code) {
	case CURLE_OUT_OF_MEMORY: /* that is how it refuses a long line of a header */
#if LIBCURL_VERSION_NUM >= 0x080600
	case CURLE_TOO_LARGE:
#endif
		if (r->connected && r->got == 0) {
			vs_http_body_exceed(r, "the header of the answer", VS_BOUND_HEADERS);
			return;
		}
		vs_no_memory();
	case CURLE_PEER_FAILED_VERIFICATION:
		http_err_not_trusted(r);
		return;
	case CURLE_SSL_CACERT_BADFILE:
		vs_fail(&r->err, VS_ERR_UNREACHABLE,
			"%s:%d: cannot read the system's CA certificates: is the package ca-certificates installed?",
			r->where.host, r->where.port);
		return;
	case CURLE_SSL_CERTPROBLEM:
		http_err_own_words(r->errbuf, why, sizeof why);
		vs_fail(&r->err, VS_ERR_UNREACHABLE,
			"%s:%d: cannot use the client certificate or its key (%s)", r->where.host,
			r->where.port, why);
		return;
	case CURLE_GOT_NOTHING:
	case CURLE_ABORTED_BY_CALLBACK: /* http_easy_before_send refused to send it again */
	case CURLE_SEND_FAIL_REWIND:
		snprintf(why, sizeof why, "the connection was closed without an answer");
		break;
	case CURLE_PARTIAL_FILE:
		snprintf(why, sizeof why, "the connection was closed in the middle of the answer");
		break;
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_UNSUPPORTED_PROTOCOL: /* "HTTP/0.9 when not allowed" */
		snprintf(why, sizeof why, "the server does not speak HTTP");
		break;
	default:
		if (!r->connected) {
			http_err_no_connection(r, code);
			return;
		}
		http_err_own_words(
			*r->errbuf ? r->errbuf : curl_easy_strerror(code), why, sizeof why);
	}
	vs_fail(&r->err, VS_ERR_UNREACHABLE, "%s:%d: %s", r->where.host, r->where.port, why);
}
