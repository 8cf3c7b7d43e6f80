/* SPDX-License-Identifier: Apache-2.0 */
/* pem.h - a client certificate and its key, as PEM text.  Floor 1. */
#ifndef VS_NET_PEM_H
#define VS_NET_PEM_H

#include "base/err.h"

/* 0: a TLS client can use them.  VS_ERR_USAGE: one of them is not PEM, the key is
 * encrypted, or they do not belong together; no part of the key is in the message. */
int vs_pem_check_pair(const char *cert, const char *key, struct vs_err *err);

/* The pem_password_cb of every PEM reader: without one, OpenSSL asks on the terminal. */
int vs_pem_no_passphrase(char *to, int size, int writing, void *arg);

#endif
