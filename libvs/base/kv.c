/* SPDX-License-Identifier: Apache-2.0 */
/* A short list that is searched from its start; base/map is for many keys. */
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/kv.h"
#include "base/mem.h"

static void
kv_free_value(struct vs_kv *kv)
{
	if (kv->secret)
		vs_free_secret(kv->value);
	else
		free(kv->value);
}

void
vs_kvs_set(struct vs_kvs *l, const char *key, const char *value, bool secret)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i].key, key) == 0) {
			kv_free_value(&l->v[i]);
			l->v[i].value = vs_strdup(value);
			l->v[i].secret = secret;
			return;
		}
	vs_grow(l->v, l->n, l->cap);
	l->v[l->n++] = (struct vs_kv){ vs_strdup(key), vs_strdup(value), secret };
}

const char *
vs_kvs_get(const struct vs_kvs *l, const char *key)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i].key, key) == 0)
			return l->v[i].value;
	return NULL;
}

void
vs_kvs_free(struct vs_kvs *l)
{
	for (size_t i = 0; i < l->n; i++) {
		kv_free_value(&l->v[i]);
		free(l->v[i].key);
	}
	free(l->v);
	*l = (struct vs_kvs){ 0 };
}

static char *
kv_parse_key(const char *s, const char *shape, struct vs_err *err)
{
	const char *eq = strchr(s, '=');

	if (eq && eq > s)
		return vs_strndup(s, (size_t)(eq - s));
	/* it may be a value, and a secret: it is not quoted */
	vs_fail(err, VS_ERR_USAGE, "the argument is not %s", shape);
	return NULL;
}

int
vs_kvs_parse(struct vs_kvs *l, const char *s, struct vs_err *err)
{
	VS_FREE char *key = kv_parse_key(s, "KEY=VALUE", err);

	if (key == NULL)
		return -1;
	vs_kvs_set(l, key, strchr(s, '=') + 1, false);
	return 0;
}

int
vs_kvs_parse_file(struct vs_kvs *l, const char *s, struct vs_err *err)
{
	VS_FREE char *key = kv_parse_key(s, "KEY=FILE", err);
	VS_BUF_FREE struct vs_buf b = { .s = vs_buf_empty, .max = 1 << 20, .secret = true };

	if (key == NULL)
		return -1;
	if (vs_read_file(strchr(s, '=') + 1, "file", &b, err) < 0)
		return -1;
	if (memchr(b.s, '\0', b.len))
		return vs_fail(err, VS_ERR_USAGE,
			"%s: the file contains a NUL: not allowed in a value", key);
	vs_kvs_set(l, key, b.s, true);
	return 0;
}
