/* SPDX-License-Identifier: Apache-2.0 */
/* kv.h - keys and values, in order of insertion.  Floor 0. */
#ifndef VS_BASE_KV_H
#define VS_BASE_KV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct vs_kv {
	char *key, *value;
	bool secret; /* wiped when freed, *** in a trace */
};

/* Owns its strings.  { 0 } is an empty list. */
struct vs_kvs {
	struct vs_kv *v;
	size_t n, cap;
};

#define VS_KVS_FREE __attribute__((cleanup(vs_kvs_free)))

/* Add key, or replace its value. */
void vs_kvs_set(struct vs_kvs *l, const char *key, const char *value, bool secret);
const char *vs_kvs_get(const struct vs_kvs *l, const char *key); /* or NULL */
void vs_kvs_free(struct vs_kvs *l);

/* "KEY=VALUE", split at the first '='; VS_ERR_USAGE without a key. */
int vs_kvs_parse(struct vs_kvs *l, const char *s, struct vs_err *err);
/* "KEY=FILE": the value is the content of the file, and secret. */
int vs_kvs_parse_file(struct vs_kvs *l, const char *s, struct vs_err *err);

#endif
