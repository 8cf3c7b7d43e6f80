/* SPDX-License-Identifier: Apache-2.0 */
/* The options -i, -e, -E and --hostname, and which of their keys a VM gets.  Keys are
 * made in vmkeys and written in vm/extra. */
#include <stddef.h>
#include <string.h>

#include "base/log.h"
#include "guestinfo/vmkeys.h"
#include "guestinfo/vmopts.h"

const struct vs_opt vs_vm_table[] = {
	{ 'i', "ignition", VS_OPT_STR, offsetof(struct vs_vm_opts, ignition), "FILE",
		"boot with this Ignition config, '-' for stdin" },
	{ 0, "hostname", VS_OPT_STR, offsetof(struct vs_vm_opts, hostname), "NAME",
		"host name, if not the VM name (one VM only)" },
	{ 'e', "extra", VS_OPT_LIST, offsetof(struct vs_vm_opts, pairs), "KEY=VALUE",
		"set an extraConfig key (repeatable)" },
	{ 'E', "extra-file", VS_OPT_LIST, offsetof(struct vs_vm_opts, files), "KEY=FILE",
		"set an extraConfig key to the content of FILE" },
	{ 0 },
};

static int
vmopts_check_hostname(const char *s, int names, struct vs_err *err)
{
	if (s && names != 1)
		return vs_fail(err, VS_ERR_USAGE, "--hostname requires exactly one NAME");
	if (s && !vs_vmkeys_hostname_valid(s))
		return vs_fail(err, VS_ERR_USAGE,
			"'%s' is not a host name: use a-z, 0-9 and '-', at most 63 characters", s);
	return 0;
}

int
vs_vmopts_take(struct vs_vm_opts *o, int names, struct vs_err *err)
{
	if (vmopts_check_hostname(o->hostname, names, err) < 0)
		return -1;
	if (names == 0 && o->ignition && strcmp(o->ignition, "-") == 0)
		return vs_fail(err, VS_ERR_USAGE,
			"stdin ('-') cannot supply both the Ignition config and the names");
	if (o->ignition && vs_vmkeys_load(o->ignition, &o->keys, err) < 0)
		return -1;
	for (size_t i = 0; i < o->pairs.n; i++)
		if (vs_kvs_parse(&o->keys, o->pairs.v[i], err) < 0)
			return vs_wrap(err, "-e");
	for (size_t i = 0; i < o->files.n; i++)
		if (vs_kvs_parse_file(&o->keys, o->files.v[i], err) < 0)
			return vs_wrap(err, "-E");
	return 0;
}

void
vs_vmopts_free(struct vs_vm_opts *o)
{
	vs_kvs_free(&o->keys);
	vs_list_free(&o->pairs);
	vs_list_free(&o->files);
}

int
vs_vmopts_hostname(
	const struct vs_vm_opts *o, const char *name, struct vs_kvs *to, struct vs_err *err)
{
	const char *given = o->hostname;

	if (o->ignition == NULL && given == NULL)
		return 0;
	if (given == NULL && !vs_vmkeys_hostname_valid(name))
		return vs_fail(err, VS_ERR_USAGE,
			"'%s' is not a valid node name (a-z, 0-9 and '-', at most 63 characters): give --hostname",
			name);
	vs_kvs_set(to, VS_KEY_HOSTNAME, given ? given : name, false);
	return 0;
}

/* Should the VM get the Ignition config?  No if it has that one already, and no,
 * with a warning that ends in hint, if it is on or has booted with another. */
static bool
vmopts_wanted(const struct vs_vm_opts *o, const struct vs_kvs *have, bool on, const char *name,
	const char *hint)
{
	switch (vs_vmkeys_compare(&o->keys, have, on)) {
	case VS_VMKEYS_SAME:
		return false;
	case VS_VMKEYS_BOOTED:
		vs_warn("%s: is running or has booted with another Ignition config, which is left as it is%s",
			name, hint);
		return false;
	case VS_VMKEYS_NEW:
		break;
	}
	return true;
}

int
vs_vmopts_plan(const struct vs_vm_opts *o, const struct vs_kvs *have, bool on, const char *name,
	const char *node, struct vs_kvs *want, struct vs_err *err)
{
	bool with = !o->ignition || o->force
		|| vmopts_wanted(o, have, on, name, " ('--force' sends the new one)");

	for (size_t i = 0; i < o->keys.n; i++)
		if (with || !vs_vmkeys_is_ignition(o->keys.v[i].key))
			vs_kvs_set(want, o->keys.v[i].key, o->keys.v[i].value, o->keys.v[i].secret);
	return with ? vs_vmopts_hostname(o, node ? node : name, want, err) : 0;
}

void
vs_vmopts_differ(const struct vs_vm_opts *o, const struct vs_kvs *have, bool on, const char *name,
	struct vs_buf *words)
{
	if (o->ignition == NULL || !vmopts_wanted(o, have, on, name, ""))
		return;
	vs_buf_fmt(words, "%s%s", words->len ? "; " : "",
		vs_kvs_get(have, VS_KEY_DIGEST)
			? "its Ignition config is a different one"
			: "it has no Ignition config ('vs-extraconfig -i' sends one)");
}
