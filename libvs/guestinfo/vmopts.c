/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/log.h"
#include "guestinfo/vmkeys.h"
#include "guestinfo/vmopts.h"

struct vs_vm_args vs_vm_args;

const struct vs_opt vs_vm_opts[] = {
	{ 'i', "ignition", VS_OPT_STR, &vs_vm_args.ignition, "FILE",
		"Ignition config it boots with; -: stdin" },
	{ 0, "hostname", VS_OPT_STR, &vs_vm_args.hostname, "NAME",
		"its host name, when that is not its own name (one VM)" },
	{ 'e', "extra", VS_OPT_LIST, &vs_vm_args.pairs, "KEY=VALUE",
		"set an extraConfig key; may be given again" },
	{ 'E', "extra-file", VS_OPT_LIST, &vs_vm_args.files, "KEY=FILE",
		"the same, with the content of FILE" },
	{ 0 },
};

static int
vmopts_check_hostname(int names, struct vs_err *err)
{
	const char *s = vs_vm_args.hostname;

	if (s && names != 1)
		return vs_fail(err, VS_ERR_USAGE, "--hostname goes with exactly one NAME");
	if (s && !vs_hostname_good(s))
		return vs_fail(
			err, VS_ERR_USAGE, "'%s' is no host name: a-z, 0-9 and '-', at most 63", s);
	return 0;
}

int
vs_vmopts_take(struct vs_kvs *to, int names, struct vs_err *err)
{
	const struct vs_vm_args *a = &vs_vm_args;

	if (vmopts_check_hostname(names, err) < 0)
		return -1;
	if (names == 0 && a->ignition && strcmp(a->ignition, "-") == 0)
		return vs_fail(err, VS_ERR_USAGE,
			"stdin ('-') cannot be both the Ignition config and the names");
	if (a->ignition && vs_vmkeys_load(a->ignition, to, err) < 0)
		return -1;
	for (size_t i = 0; i < a->pairs.n; i++)
		if (vs_kvs_parse(to, a->pairs.v[i], err) < 0)
			return vs_wrap(err, "-e");
	for (size_t i = 0; i < a->files.n; i++)
		if (vs_kvs_parse_file(to, a->files.v[i], err) < 0)
			return vs_wrap(err, "-E");
	return 0;
}

int
vs_vmopts_hostname(struct vs_kvs *to, const char *name, struct vs_err *err)
{
	const char *given = vs_vm_args.hostname;

	if (vs_vm_args.ignition == NULL && given == NULL)
		return 0;
	if (given == NULL && !vs_hostname_good(name))
		return vs_fail(err, VS_ERR_USAGE,
			"'%s' cannot be a node's name: that takes a-z, 0-9 and '-', at most 63; or give --hostname",
			name);
	vs_kvs_set(to, VS_KEY_HOSTNAME, given ? given : name, false);
	return 0;
}

bool
vs_vmopts_wanted(const struct vs_kvs *asked, const struct vs_kvs *have, bool on, const char *name,
	const char *hint)
{
	switch (vs_vmkeys_compare(asked, have, on)) {
	case VS_VMKEYS_SAME:
		return false;
	case VS_VMKEYS_BOOTED:
		vs_warn("%s: is running or has booted with another Ignition config; it is left as it is%s",
			name, hint);
		return false;
	case VS_VMKEYS_NEW:
		break;
	}
	return true;
}

int
vs_vmopts_plan(const struct vs_kvs *asked, const struct vs_kvs *have, bool on, bool force,
	const char *name, const char *node, struct vs_kvs *want, struct vs_err *err)
{
	bool with = !vs_vm_args.ignition || force
		|| vs_vmopts_wanted(asked, have, on, name, " ('--force' sends the new one)");

	for (size_t i = 0; i < asked->n; i++)
		if (with || !vs_vmkeys_of_ignition(asked->v[i].key))
			vs_kvs_set(want, asked->v[i].key, asked->v[i].value, asked->v[i].secret);
	return with ? vs_vmopts_hostname(want, node ? node : name, err) : 0;
}

void
vs_vmopts_differ(const struct vs_kvs *asked, const struct vs_kvs *have, bool on, const char *name,
	struct vs_buf *words)
{
	if (vs_vm_args.ignition == NULL || !vs_vmopts_wanted(asked, have, on, name, ""))
		return;
	vs_buf_fmt(words, "%s%s", words->len ? "; " : "",
		vs_kvs_get(have, VS_KEY_DIGEST)
			? "its Ignition config is another"
			: "it has no Ignition config ('vs-extraconfig -i' sends it)");
}
