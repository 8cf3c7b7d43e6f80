/* SPDX-License-Identifier: Apache-2.0 */
/* Verifies certificates in OpenSSL's handshake callback, against pins or our own CAs;
 * otherwise OpenSSL does it with the system's.  Host names are left to libcurl, which
 * would take a common name (CN) for one: Go's clients and RFC 9525 do not. */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "net/pem.h"
#include "net/tls.h"

struct vs_tls {
	bool insecure;
	char (*pins)[VS_PIN];
	size_t n_pins, cap_pins;
	X509_STORE *store; /* our own CAs, or NULL: the system's */
	X509 *leaf;	   /* seen last, or NULL */
	char refused[VS_PIN];
	bool nameless;	 /* that is why */
	const char *why; /* a constant of OpenSSL's */
};

static void
tls_print_pin(const unsigned char *p, size_t n, char *pin)
{
	for (size_t i = 0; i < n; i++, pin += 3)
		snprintf(pin, 4, "%02X%s", p[i], i + 1 < n ? ":" : "");
}

static bool
tls_is_sha1(const char *pin)
{
	return strlen(pin) == SHA_DIGEST_LENGTH * 3 - 1;
}

bool
vs_pin_read(const char *s, char *pin)
{
	unsigned char raw[SHA256_DIGEST_LENGTH];
	size_t n = 0;

	while (isxdigit((unsigned char)s[0]) && isxdigit((unsigned char)s[1])) {
		char byte[] = { s[0], s[1], '\0' };

		if (n == sizeof raw)
			return false;
		raw[n++] = (unsigned char)strtoul(byte, NULL, 16);
		s += 2;
		if (s[0] == ':' && s[1])
			s++;
	}
	if (*s || (n != SHA256_DIGEST_LENGTH && n != SHA_DIGEST_LENGTH))
		return false;
	tls_print_pin(raw, n, pin);
	return true;
}

void
vs_tls_key_log(void)
{
	static const char name[] = "SSLKEYLOGFILE";
	const char *path = getenv(name), *why = "";
	VS_CLOSEFD int fd = -1;

	if (path == NULL)
		return;
	/* libcurl would create it with mode 0644, and append to whatever is there */
	if (*path)
		fd = vs_open_state(path, O_RDWR | O_CREAT, &why);
	if (fd >= 0) {
		vs_warn("the keys of all connections are written to '%s' ($SSLKEYLOGFILE): with them, recorded traffic and the passwords in it can be read",
			path);
		return;
	}
	if (*path)
		vs_warn("$SSLKEYLOGFILE is not used: '%s': %s", path,
			*why ? why : "no such folder");
	unsetenv(name);
}

/* ---- known hosts: lines as `govc about.cert -thumbprint` prints them */

static bool
tls_names_host(const char *s, size_t n, const char *host, int port)
{
	const char *end = s + n, *colon;
	int64_t p = 443;
	struct vs_err err;

	if (n > 0 && *s == '[') {
		colon = memchr(s++, ']', n);
		if (colon == NULL)
			return false;
		n = (size_t)(colon++ - s);
	} else {
		colon = memchr(s, ':', n);
		/* a second one: an IPv6 address without brackets */
		if (colon && memchr(colon + 1, ':', (size_t)(end - colon - 1)))
			colon = NULL;
		n = (size_t)((colon ? colon : end) - s);
	}
	if (colon && colon < end) {
		VS_FREE char *text = vs_strndup(colon + 1, (size_t)(end - colon - 1));

		if (*colon != ':' || vs_num(text, 1, 65535, &p, &err) < 0)
			return false;
	}
	return p == port && strlen(host) == n && strncasecmp(s, host, n) == 0;
}

static int
tls_read_line(const char *file, int line, const char *s, size_t n, const char *host, int port,
	struct vs_buf *pins, struct vs_err *err)
{
	VS_FREE char *text = vs_strndup(s, n);
	char *name = text + strspn(text, " \t"), *thumb, *end;
	char pin[VS_PIN];

	thumb = name + strcspn(name, " \t");
	if (*name == '#' || !tls_names_host(name, (size_t)(thumb - name), host, port))
		return 0;
	thumb += strspn(thumb, " \t");
	for (end = thumb + strlen(thumb); end > thumb && isspace((unsigned char)end[-1]);)
		*--end = '\0';
	if (!vs_pin_read(thumb, pin))
		return vs_fail(err, VS_ERR_USAGE, "%s:%d: expected a SHA-256 thumbprint after '%s'",
			file, line, host);
	if (tls_is_sha1(pin))
		vs_warn("%s:%d: a SHA-1 thumbprint for '%s' can be forged: replace it with the SHA-256 one",
			file, line, host);
	vs_buf_fmt(pins, "%s%s", pins->len ? " " : "", pin);
	return 0;
}

static int
tls_read_known(
	const char *file, const char *host, int port, struct vs_buf *pins, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	int line = 0;

	if (vs_read_file(file, "known hosts", &b, err) < 0) {
		if (err->code != VS_ERR_NOT_FOUND)
			return -1;
		*err = (struct vs_err){ 0 };
		return 0;
	}
	for (const char *s = b.s; *s; s += *s == '\n') {
		size_t n = strcspn(s, "\n");

		if (tls_read_line(file, ++line, s, n, host, port, pins, err) < 0)
			return -1;
		s += n;
	}
	return 0;
}

int
vs_known_host(const char *files, const char *host, int port, char **pins, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	VS_FREE char *copy = vs_strdup(files);
	char *save = NULL;

	*pins = NULL;
	for (char *f = strtok_r(copy, ":", &save); f; f = strtok_r(NULL, ":", &save))
		if (tls_read_known(f, host, port, &b, err) < 0)
			return -1;
	if (b.len == 0)
		return 0;
	*pins = vs_buf_take(&b);
	return 1;
}

/* ---- trust in the handshake */

/* Add each certificate of a PEM text; returns their number, or -1: one is invalid. */
static int
tls_add_certs(X509_STORE *store, const char *pem, size_t len)
{
	BIO *bio = BIO_new_mem_buf(pem, (int)len);
	int n = 0;
	X509 *x;
	unsigned long e;

	while (bio && (x = PEM_read_bio_X509(bio, NULL, vs_pem_no_passphrase, NULL)) != NULL) {
		X509_STORE_add_cert(store, x);
		X509_free(x);
		n++;
	}
	BIO_free(bio);
	e = ERR_peek_last_error();
	if (e && ERR_GET_REASON(e) != PEM_R_NO_START_LINE)
		n = -1;
	ERR_clear_error();
	return n;
}

static int
tls_add_file(X509_STORE *store, const char *file, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	int n;

	if (vs_read_file(file, "CA certificates", &b, err) < 0)
		return -1;
	n = tls_add_certs(store, b.s, b.len);
	if (n == 0)
		return vs_fail(err, VS_ERR_USAGE, "'%s' has no PEM certificate", file);
	if (n < 0)
		return vs_fail(err, VS_ERR_USAGE, "'%s' has an invalid PEM certificate", file);
	return 0;
}

static int
tls_make_store(struct vs_tls *tls, const struct vs_trust *t, struct vs_err *err)
{
	VS_FREE char *files = vs_strdup(t->ca_files);
	char *save = NULL;

	tls->store = X509_STORE_new();
	if (tls->store == NULL)
		return vs_fail(err, VS_ERR_FAILED, "cannot initialize OpenSSL");
	for (char *f = files ? strtok_r(files, ":", &save) : NULL; f;
		f = strtok_r(NULL, ":", &save))
		if (tls_add_file(tls->store, f, err) < 0)
			return -1;
	if (t->ca_pem && tls_add_certs(tls->store, t->ca_pem, strlen(t->ca_pem)) <= 0)
		return vs_fail(err, VS_ERR_USAGE, "the CA certificate is not a PEM certificate");
	return 0;
}

static int
tls_take_pins(struct vs_tls *tls, const char *pins, struct vs_err *err)
{
	VS_FREE char *copy = vs_strdup(pins);
	char *save = NULL;

	for (char *p = strtok_r(copy, " ", &save); p; p = strtok_r(NULL, " ", &save)) {
		vs_grow(tls->pins, tls->n_pins, tls->cap_pins);
		if (!vs_pin_read(p, tls->pins[tls->n_pins]))
			return vs_fail(err, VS_ERR_USAGE, "'%s' is not a SHA-256 thumbprint", p);
		tls->n_pins++;
	}
	if (tls->n_pins == 0)
		return vs_fail(err, VS_ERR_USAGE, "'%s' is not a SHA-256 thumbprint", pins);
	return 0;
}

struct vs_tls *
vs_tls_new(const struct vs_trust *t, struct vs_err *err)
{
	struct vs_tls *tls = vs_alloc(1, sizeof *tls);

	tls->insecure = t->insecure;
	if (t->pins && tls_take_pins(tls, t->pins, err) < 0) {
		vs_tls_free(tls);
		return NULL;
	}
	/* a CA that is not used may be unreadable */
	if (!t->insecure && !t->pins && (t->ca_files || t->ca_pem)
		&& tls_make_store(tls, t, err) < 0) {
		vs_tls_free(tls);
		return NULL;
	}
	if (t->cert_pem && vs_pem_check_pair(t->cert_pem, t->key_pem ? t->key_pem : "", err) < 0) {
		vs_tls_free(tls);
		return NULL;
	}
	return tls;
}

void
vs_tls_free(struct vs_tls *tls)
{
	if (tls == NULL)
		return;
	X509_STORE_free(tls->store);
	X509_free(tls->leaf);
	free(tls->pins);
	free(tls);
}

bool
vs_tls_own_ca(const struct vs_tls *tls)
{
	return tls->insecure || tls->n_pins || tls->store;
}

const char *
vs_tls_refused(const struct vs_tls *tls, const char **why)
{
	*why = tls->why;
	return tls->refused;
}

bool
vs_tls_wrong_name(const struct vs_tls *tls)
{
	return tls->nameless;
}

static void
tls_thumbprint(X509 *x, const EVP_MD *md, char *pin)
{
	unsigned char raw[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	*pin = '\0';
	if (x && X509_digest(x, md, raw, &n))
		tls_print_pin(raw, n, pin);
}

/* Verify the chain in ctx against our own CAs.  The store in ctx is libcurl's: it is
 * set, from a cache that all handles share, after CURLOPT_SSL_CTX_FUNCTION was called
 * (ossl_bio_cf_in_read in 7.88). */
static bool
tls_verify_own(X509_STORE_CTX *ctx, X509_STORE *store)
{
	X509_STORE_CTX *own = X509_STORE_CTX_new();
	X509_VERIFY_PARAM *param;
	bool good;

	if (own == NULL
		|| !X509_STORE_CTX_init(own, store, X509_STORE_CTX_get0_cert(ctx),
			X509_STORE_CTX_get0_untrusted(ctx))) {
		X509_STORE_CTX_set_error(ctx, X509_V_ERR_OUT_OF_MEM);
		X509_STORE_CTX_free(own);
		return false;
	}
	/* the purpose and the security level of this connection */
	param = X509_STORE_CTX_get0_param(own);
	X509_VERIFY_PARAM_set1(param, X509_STORE_CTX_get0_param(ctx));
	/* A certificate that the user gives is trusted, root or not, as in Go and in
	 * libcurl. */
	X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
	good = X509_verify_cert(own) > 0;
	X509_STORE_CTX_set_error(ctx, good ? X509_V_OK : X509_STORE_CTX_get_error(own));
	X509_STORE_CTX_free(own);
	return good;
}

/* ---- the names in a certificate */

/* Whether it has a name that libcurl compares with the host's; then it ignores the CN. */
static bool
tls_has_name(X509 *x)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	bool found = false;

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		int type = sk_GENERAL_NAME_value(names, i)->type;

		found |= type == GEN_DNS || type == GEN_IPADD;
	}
	GENERAL_NAMES_free(names);
	return found;
}

static void
tls_add_name(struct vs_buf *b, const char *name, size_t n)
{
	vs_buf_str(b, b->len ? ", '" : "'");
	for (size_t i = 0; i < n; i++)
		vs_buf_ch(b, name[i] > ' ' && name[i] < 0x7f ? name[i] : '?');
	vs_buf_ch(b, '\'');
}

static void
tls_add_general_name(struct vs_buf *b, const GENERAL_NAME *name)
{
	const ASN1_OCTET_STRING *ip = name->d.iPAddress;
	char text[INET6_ADDRSTRLEN] = "";

	if (name->type == GEN_DNS) {
		tls_add_name(b, (const char *)ASN1_STRING_get0_data(name->d.dNSName),
			(size_t)ASN1_STRING_length(name->d.dNSName));
	} else if (name->type == GEN_IPADD) {
		inet_ntop(ip->length == 4 ? AF_INET : AF_INET6, ip->data, text, sizeof text);
		tls_add_name(b, text, ip->length == 4 || ip->length == 16 ? strlen(text) : 0);
	}
}

bool
vs_tls_names(const struct vs_tls *tls, char *to, size_t n)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	GENERAL_NAMES *names = NULL;
	char cn[256] = "";
	bool found;

	if (tls->leaf)
		names = X509_get_ext_d2i(tls->leaf, NID_subject_alt_name, NULL, NULL);
	for (int i = 0; i < sk_GENERAL_NAME_num(names) && b.len < n; i++)
		tls_add_general_name(&b, sk_GENERAL_NAME_value(names, i));
	GENERAL_NAMES_free(names);
	found = b.len > 0;
	if (!found && tls->leaf) {
		X509_NAME_get_text_by_NID(
			X509_get_subject_name(tls->leaf), NID_commonName, cn, sizeof cn);
		tls_add_name(&b, cn, strlen(cn));
	}
	snprintf(to, n, "%.*s%s", (int)(b.len < n ? b.len : n - 4), b.s, b.len < n ? "" : "...");
	return found;
}

/* ---- in the handshake */

static bool
tls_is_pinned(const struct vs_tls *tls, X509 *leaf)
{
	char seen[VS_PIN];

	for (size_t i = 0; i < tls->n_pins; i++) {
		tls_thumbprint(leaf, tls_is_sha1(tls->pins[i]) ? EVP_sha1() : EVP_sha256(), seen);
		if (*seen && strcmp(seen, tls->pins[i]) == 0)
			return true;
	}
	return false;
}

/* In place of OpenSSL's verification of the chain.  1: trusted. */
static int
tls_verify(X509_STORE_CTX *ctx, void *arg)
{
	struct vs_tls *tls = arg;
	X509 *leaf = X509_STORE_CTX_get0_cert(ctx);

	assert(!tls->insecure);
	tls->nameless = false;
	X509_free(tls->leaf);
	tls->leaf = leaf && X509_up_ref(leaf) ? leaf : NULL;
	if (tls->n_pins > 0) {
		if (tls_is_pinned(tls, leaf)) {
			X509_STORE_CTX_set_error(ctx, X509_V_OK);
			return 1;
		}
		X509_STORE_CTX_set_error(ctx, X509_V_ERR_CERT_REJECTED);
	} else if (tls->store ? tls_verify_own(ctx, tls->store) : X509_verify_cert(ctx) > 0) {
		if (tls_has_name(leaf))
			return 1;
		tls->nameless = true;
		X509_STORE_CTX_set_error(ctx, X509_V_ERR_HOSTNAME_MISMATCH);
	}
	tls_thumbprint(leaf, EVP_sha256(), tls->refused);
	tls->why = X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx));
	return 0;
}

void
vs_tls_setup(struct vs_tls *tls, void *ssl_ctx)
{
	SSL_CTX_set_min_proto_version(ssl_ctx, TLS1_2_VERSION);
	SSL_CTX_set_options(ssl_ctx, SSL_OP_NO_RENEGOTIATION);
	if (!tls->insecure)
		SSL_CTX_set_cert_verify_callback(ssl_ctx, tls_verify, tls);
}
