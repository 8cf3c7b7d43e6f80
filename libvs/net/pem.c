/* SPDX-License-Identifier: Apache-2.0 */
/* Checks a client certificate and key before libcurl gets them: of an encrypted key it
 * would want a passphrase, and crash without one (passwd_callback in 7.88).
 * Reference: RFC 7468; RFC 1421 for Proc-Type; Go's tls.X509KeyPair for which block is
 * the key. */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdbool.h>
#include <string.h>

#include "net/pem.h"

int
vs_pem_no_passphrase(char *to, int size, int writing, void *arg)
{
	(void)to, (void)size, (void)writing, (void)arg;
	return -1;
}

/* The certificate of the client, which comes first; those after it are its chain. */
static X509 *
pem_read_certs(const char *pem)
{
	BIO *bio = BIO_new_mem_buf(pem, (int)strlen(pem));
	X509 *first = NULL, *x;
	unsigned long e;

	while (bio && (x = PEM_read_bio_X509(bio, NULL, vs_pem_no_passphrase, NULL)) != NULL) {
		if (first)
			X509_free(x);
		else
			first = x;
	}
	BIO_free(bio);
	e = ERR_peek_last_error();
	ERR_clear_error();
	if (e == 0 || ERR_GET_REASON(e) == PEM_R_NO_START_LINE)
		return first;
	X509_free(first);
	return NULL;
}

/* True if any block of the text is encrypted, as PKCS #8 or by a Proc-Type header. */
static bool
pem_encrypted(const char *pem)
{
	BIO *bio = BIO_new_mem_buf(pem, (int)strlen(pem));
	char *name, *header;
	unsigned char *data;
	bool is = false;
	long n;

	while (bio && !is && PEM_read_bio(bio, &name, &header, &data, &n)) {
		is = strstr(name, "ENCRYPTED") || strstr(header, "ENCRYPTED");
		OPENSSL_free(name);
		OPENSSL_free(header);
		OPENSSL_clear_free(data, (size_t)n);
	}
	BIO_free(bio);
	ERR_clear_error();
	return is;
}

static EVP_PKEY *
pem_read_key(const char *pem)
{
	BIO *bio = BIO_new_mem_buf(pem, (int)strlen(pem));
	EVP_PKEY *key = NULL;

	if (bio)
		key = PEM_read_bio_PrivateKey(bio, NULL, vs_pem_no_passphrase, NULL);
	BIO_free(bio);
	ERR_clear_error();
	return key;
}

int
vs_pem_check_pair(const char *cert, const char *key, struct vs_err *err)
{
	X509 *x = pem_read_certs(cert);
	EVP_PKEY *k = pem_encrypted(key) ? NULL : pem_read_key(key);
	bool match = x && k && X509_check_private_key(x, k) == 1;
	int bad = 0;

	ERR_clear_error();
	if (x == NULL)
		bad = vs_fail(err, VS_ERR_USAGE, "the client certificate is not a PEM certificate");
	else if (k == NULL && pem_encrypted(key))
		bad = vs_fail(err, VS_ERR_USAGE,
			"the client key is encrypted: use a key without a passphrase (openssl pkey -in KEY -out PLAIN-KEY)");
	else if (k == NULL)
		bad = vs_fail(err, VS_ERR_USAGE, "the client key is not a PEM private key");
	else if (!match)
		bad = vs_fail(err, VS_ERR_USAGE,
			"the client key does not belong to the client certificate");
	X509_free(x);
	EVP_PKEY_free(k);
	return bad;
}
