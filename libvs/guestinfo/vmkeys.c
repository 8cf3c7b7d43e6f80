/* SPDX-License-Identifier: Apache-2.0 */
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
	if (n > VS_GUESTINFO_MAX)
		return vs_fail(err, VS_ERR_USAGE,
			"'%s' is %zu KiB when encoded, a VM takes %d: put large files on a server and let the config fetch them",
			path, n >> 10, VS_GUESTINFO_MAX >> 10);
	if (n > VS_GUESTINFO_WARN)
		vs_warn("'%s' is %zu KiB when encoded: some ESXi take only %d", path, n >> 10,
			VS_GUESTINFO_WARN >> 10);
	return 0;
}

static int
vmkeys_load(const char *path, struct vs_buf *json, struct vs_buf *data,
	struct vs_guestinfo_facts *facts, struct vs_err *err)
{
	if (vs_read_file(path, "Ignition config", json, err) < 0)
		return -1;
	if (vs_guestinfo_pack(json->s, json->len, data, err) < 0
		|| vs_guestinfo_facts(json->s, json->len, facts, err) < 0)
		return vs_wrap(err, "%s", path);
	return vmkeys_check_size(path, data->len, err);
}

int
vs_vmkeys_load(const char *path, struct vs_kvs *to, struct vs_err *err)
{
	struct vs_buf json = { .s = vs_buf_empty, .max = 16 << 20, .secret = true };
	struct vs_buf data = { .s = vs_buf_empty, .secret = true };
	VS_IGN_FACTS_FREE struct vs_guestinfo_facts facts = { 0 };
	char sum[VS_SHA256_HEX];
	int bad = vmkeys_load(path, &json, &data, &facts, err);

	if (bad == 0) {
		vs_sha256(json.s, json.len, sum);
		vs_kvs_set(to, VS_IGN_DATA, data.s, true);
		vs_kvs_set(to, VS_IGN_ENCODING, VS_IGN_GZIP, false);
		vs_kvs_set(to, VS_KEY_DIGEST, sum, false);
		vs_kvs_set(to, VS_KEY_SERVER, facts.server ? facts.server : "", false);
	}
	vs_buf_free(&json);
	vs_buf_free(&data);
	return bad;
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
	const char *is = vs_kvs_get(have, VS_KEY_DIGEST);

	if (wanted && is && strcmp(wanted, is) == 0)
		return VS_VMKEYS_SAME;
	return on || vs_vmkeys_booted(have) ? VS_VMKEYS_BOOTED : VS_VMKEYS_NEW;
}

bool
vs_vmkeys_of_ignition(const char *key)
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
vs_hostname_good(const char *s)
{
	static const char inner[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	size_t n = strlen(s);

	return n > 0 && n <= 63 && strspn(s, inner) == n && s[0] != '-' && s[n - 1] != '-';
}
