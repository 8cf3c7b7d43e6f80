/* SPDX-License-Identifier: Apache-2.0 */
/* extra.c - read, write and compare extraConfig; which keys there are is not known here.
 *
 * Source: vSphere Web Services API, OptionValue, VirtualMachineConfigSpec.extraConfig. */
#include <string.h>

#include "vim/prop.h"
#include "vm/extra.h"

void
vs_extra_read(struct vs_node *val, struct vs_kvs *to)
{
	struct vs_node *o = vs_node_at(val, "OptionValue");

	for (; o; o = vs_node_next(o)) {
		const char *key = vs_node_text(o, "key");
		const char *value = vs_node_text(o, "value");

		if (key)
			vs_kvs_set(to, key, value ? value : "", true);
	}
}

int
vs_extra_get(struct vs_node *content, struct vs_kvs *to, struct vs_err *err)
{
	/* what may not be read may have any value, even the digest of a config with a used
	 * token */
	if (vs_prop_need_config(content, "config.extraConfig", "advanced keys", err) < 0)
		return -1;
	vs_extra_read(vs_prop_get(content, "config.extraConfig"), to);
	return 0;
}

void
vs_extra_write(struct vs_xw *w, const struct vs_kvs *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct vs_kv *kv = &l->v[i];

		vs_xw_open_type(w, "extraConfig", "OptionValue");
		vs_xw_text(w, "key", kv->key);
		/* only the owner of a key knows whether it is secret: a trace shows no
		 * value, as in replies */
		vs_xw_typed(w, "value", "xsd:string", kv->value, true);
		vs_xw_close(w);
	}
}

size_t
vs_extra_diff(const struct vs_kvs *want, const struct vs_kvs *have, struct vs_kvs *diff)
{
	size_t n = 0;

	for (size_t i = 0; i < want->n; i++) {
		const struct vs_kv *kv = &want->v[i];
		const char *is = vs_kvs_get(have, kv->key);

		/* for vCenter a missing key and an empty value are the same */
		if (strcmp(is ? is : "", kv->value) == 0)
			continue;
		vs_kvs_set(diff, kv->key, kv->value, kv->secret);
		n++;
	}
	return n;
}
