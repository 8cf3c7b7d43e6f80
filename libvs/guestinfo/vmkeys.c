/* SPDX-License-Identifier: Apache-2.0 */
/* The extraConfig keys of a worker: made from an Ignition file, compared with those a
 * VM has, cleared.  Sends nothing. */
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "guestinfo/guestinfo.h"
#include "guestinfo/vmkeys.h"
#include "text/sha256.h"

static int
vmkeys_check_size(const char *path, size_t n, struct vs_err *err)
{
	char words[VS_GUESTINFO_WORDS];

	switch (vs_guestinfo_size(n, words)) {
	case VS_GUESTINFO_SIZE_TOO_LARGE:
		return vs_fail(err, VS_ERR_USAGE, "%s: %s", path, words);
	case VS_GUESTINFO_SIZE_LARGE:
		vs_warn("%s: %s", path, words);
		break;
	case VS_GUESTINFO_SIZE_OK:
		break;
	}
	return 0;
}

static int
vmkeys_load(const char *path, struct vs_buf *json, struct vs_buf *data,
	struct vs_guestinfo_facts *facts, struct vs_err *err)
{
	if (vs_read_file(path, "the Ignition config", json, err) < 0)
		return -1;
	if (vs_guestinfo_pack(json->s, json->len, data, err) < 0
		|| vs_guestinfo_facts(json->s, json->len, facts, err) < 0)
		return vs_wrap(err, "%s", path);
	return vmkeys_check_size(path, data->len, err);
}

int
vs_vmkeys_load(const char *path, struct vs_kvs *to, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf json = { .s = vs_buf_empty, .max = 16 << 20, .secret = true };
	VS_BUF_FREE struct vs_buf data = VS_BUF_SECRET;
	VS_GUESTINFO_FACTS_FREE struct vs_guestinfo_facts facts = { 0 };
	char sum[VS_SHA256_HEX];

	if (vmkeys_load(path, &json, &data, &facts, err) < 0)
		return -1;
	vs_sha256(json.s, json.len, sum);
	vs_kvs_set(to, VS_IGN_DATA, data.s, true);
	vs_kvs_set(to, VS_IGN_ENCODING, VS_IGN_GZIP, false);
	vs_kvs_set(to, VS_KEY_DIGEST, sum, false);
	vs_kvs_set(to, VS_KEY_SERVER, facts.server ? facts.server : "", false);
	return 0;
}

void
vs_vmkeys_clear(struct vs_kvs *to)
{
	vs_kvs_set(to, VS_IGN_DATA, "", false);
	vs_kvs_set(to, VS_IGN_ENCODING, "", false);
}

bool
vs_vmkeys_booted(const struct vs_kvs *have)
{
	const char *data = vs_kvs_get(have, VS_IGN_DATA);

	if (data == NULL || *data == '\0')
		return vs_kvs_get(have, VS_KEY_DIGEST) != NULL;
	return strcmp(data, VS_IGN_BOOTED) == 0;
}

enum vs_vmkeys
vs_vmkeys_compare(const struct vs_kvs *want, const struct vs_kvs *have, bool on)
{
	const char *wanted = vs_kvs_get(want, VS_KEY_DIGEST);
	const char *has = vs_kvs_get(have, VS_KEY_DIGEST);

	if (wanted && has && strcmp(wanted, has) == 0)
		return VS_VMKEYS_SAME;
	return on || vs_vmkeys_booted(have) ? VS_VMKEYS_BOOTED : VS_VMKEYS_NEW;
}

bool
vs_vmkeys_is_ignition(const char *key)
{
	return strcmp(key, VS_IGN_DATA) == 0 || strcmp(key, VS_IGN_ENCODING) == 0
		|| strcmp(key, VS_KEY_DIGEST) == 0 || strcmp(key, VS_KEY_SERVER) == 0;
}

bool
vs_vmkeys_per_vm(const char *key)
{
	static const char *const prefixes[] = { "guestinfo.ignition.", "guestinfo.coreos.config.",
		"guestinfo.vsutils." };

	for (size_t i = 0; i < VS_LEN(prefixes); i++)
		if (strncmp(key, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return strcmp(key, VS_KEY_HOSTNAME) == 0 || strcmp(key, VS_KEY_ID) == 0;
}

bool
vs_vmkeys_hostname_valid(const char *s)
{
	static const char inner[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	size_t n = strlen(s);

	return n > 0 && n <= 63 && strspn(s, inner) == n && s[0] != '-' && s[n - 1] != '-';
}
