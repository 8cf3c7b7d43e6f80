/* SPDX-License-Identifier: Apache-2.0 */
/* ign/ignition_read: JSON's names for keys, and which ones Go accepts */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ign/ignition.h"
#include "tap.h"
#include "text/yaml_write.h"

/* The tree as YAML, then the findings, one a line. */
static char *
tree(const char *json, bool lax)
{
	VS_TREE_FREE struct vs_tree_doc d = { 0 };
	VS_REPORT_FREE struct vs_report r = { .lax = lax };
	struct vs_buf b = VS_BUF_INIT;

	if (vs_ignition_read(&d, json, strlen(json), "f", &r) == 0)
		vs_yaml_write(d.root, &b);
	for (size_t i = 0; i < r.n; i++) {
		vs_buf_str(&b, r.v[i].warning ? "warning: " : "error: ");
		vs_finding_str(&r.v[i], &b);
		vs_buf_ch(&b, '\n');
	}
	return vs_buf_take(&b);
}

static const struct {
	const char *json, *want, *lax, *name;
} named[] = {
	{ "{\"passwd\":{\"users\":[{\"name\":\"a\",\"sshAuthorizedKeys\":[\"k\"],\"shouldExist\":true}]},\"storage\":{\"disks\":[{\"partitions\":[{\"sizeMiB\":1}]}]}}",
		"passwd:\n  users:\n    - name: a\n      ssh_authorized_keys:\n"
		"        - k\n      should_exist: true\nstorage:\n  disks:\n"
		"    - partitions:\n        - size_mib: 1\n",
		NULL, "Butane's names for Ignition's" },
	{ "{\"passwd\":{\"users\":[{\"should_exist\":true,\"foo\":1,\"names\":2}]},\"variant\":\"flatcar\",\"boot_device\":{}}",
		"passwd:\n  users:\n    - {}\n"
		"warning: f:1:22: passwd.users.0.should_exist: unknown key: did you mean 'shouldExist'?\n"
		"warning: f:1:42: passwd.users.0.foo: unknown key\n"
		"warning: f:1:50: passwd.users.0.names: unknown key: did you mean 'name'?\n"
		"warning: f:1:63: variant: unknown key\n"
		"warning: f:1:83: boot_device: unknown key\n",
		NULL, "unknown keys are reported and removed" },
	{ "{\"storage\":{\"files\":[{\"contents\":{\"inline\":\"x\",\"local\":1}}],\"trees\":[]},\"\\u0007\":0}",
		"storage:\n  files:\n    - contents: {}\n"
		"warning: f:1:35: storage.files.0.contents.inline: unknown key\n"
		"warning: f:1:48: storage.files.0.contents.local: unknown key\n"
		"warning: f:1:61: storage.trees: unknown key\n"
		"warning: f:1:73: \\x07: unknown key\n",
		NULL, "so are keys that only Butane has" },
	{ "{\"Ignition\":{\"VERSION\":\"3.3.0\",\"foo\":1},\"\xe2\x84\xaa"
	  "ernelArgument\xc5\xbf\":{\"shouldExist\":[\"a\"]}}",
		"ignition:\n  version: \"3.3.0\"\nkernel_arguments:\n  should_exist:\n"
		"    - a\n"
		"warning: f:1:2: Ignition: wrong case: this key is spelled 'ignition'\n"
		"warning: f:1:14: Ignition.VERSION: wrong case: this key is spelled 'version'\n"
		"warning: f:1:32: Ignition.foo: unknown key\n"
		"warning: f:1:41: \xe2\x84\xaa"
		"ernelArgument\xc5\xbf: wrong case: this key is spelled 'kernelArguments'\n",
		"ignition:\n  version: \"3.3.0\"\nkernel_arguments:\n  should_exist:\n"
		"    - a\n"
		"warning: f:1:2: Ignition: wrong case: this key is spelled 'ignition'\n"
		"warning: f:1:41: \xe2\x84\xaa"
		"ernelArgument\xc5\xbf: wrong case: this key is spelled 'kernelArguments'\n",
		"a key in the wrong case is accepted, with a warning" },
	{ "{\"passwd\":null,\"systemd\":{\"units\":[null,{\"name\":null}]}}",
		"passwd: null\nsystemd:\n  units:\n    - null\n    - name: null\n"
		"warning: f:1:11: passwd: expected an object, found null\n"
		"warning: f:1:36: systemd.units.0: expected an object, found null\n",
		NULL, "null for an object" },
	{ "{\"storage\":[{\"paht\":1}],\"systemd\":{\"units\":{\"nmae\":1}}}",
		"storage:\n  - paht: 1\nsystemd:\n  units:\n    nmae: 1\n", NULL,
		"a wrong type is reported by vs_types_check" },
	{ "[1]", "- 1\n", NULL, "not a map" },
	{ "{\"a\":1,}", "error: f:1:8: trailing ',': JSON allows none after the last item\n", NULL,
		"not JSON" },
};

static void
names(void)
{
	for (size_t i = 0; i < VS_LEN(named); i++) {
		VS_FREE char *got = tree(named[i].json, false);
		VS_FREE char *lax = tree(named[i].json, true);

		is(got, named[i].want, named[i].name);
		is(lax, named[i].lax ? named[i].lax : named[i].want, "with lax");
	}
}

/* Duplicate keys are an error; with lax they are merged as in Go. */
static void
twice(void)
{
	static const struct {
		const char *json, *says, *lax;
	} all[] = {
		{ "{\"storage\":{\"files\":[{\"path\":\"/a\",\"Path\":\"/b\"}]}}",
			"error: f:1:35: storage.files.0.Path: duplicate key, first in line 1\n",
			"storage:\n  files:\n    - path: /b\n" },
		{ "{\"passwd\":{\"users\":[{\"name\":\"a\"}]},\"Passwd\":{\"Users\":[],\"groups\":[]}}",
			"error: f:1:36: Passwd: duplicate key, first in line 1\n",
			"passwd:\n  users: []\n  groups: []\n" },
		{ "{\"storage\":{},\"storage\":null}",
			"error: f:1:15: duplicate key 'storage', first in line 1\n",
			"storage: {}\n" },
		{ "{\"storage\":{\"files\":[{\"mode\":1,\"path\":\"/a\",\"path\":null,\"mode\":null}]}}",
			"error: f:1:56: duplicate key 'mode', first in line 1\n",
			"storage:\n  files:\n    - mode: null\n      path: /a\n" },
		{ "{\"storage\":3,\"storage\":{\"files\":[]},\"systemd\":{}}",
			"error: f:1:14: duplicate key 'storage', first in line 1\n",
			"storage:\n  files: []\nsystemd: {}\n" },
	};

	for (size_t i = 0; i < VS_LEN(all); i++) {
		VS_FREE char *got = tree(all[i].json, false);
		VS_FREE char *lax = tree(all[i].json, true);
		char *warned = strstr(lax, "warning: ");

		ok(strstr(got, all[i].says) != NULL, "twice");
		if (!strstr(got, all[i].says))
			printf("# %s\n", got);
		if (warned)
			*warned = '\0';
		is(lax, all[i].lax, "with lax");
	}
}

int
main(void)
{
	names();
	twice();
	return done();
}
