/* SPDX-License-Identifier: Apache-2.0 */
/* ign, butane: each rule at its edge, the last good value and the first bad one.  That they
 * are Ignition's and Butane's is tested with these themselves, in ign-diff.t. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "butane/butane.h"
#include "butane/placeholders.h"
#include "doc/spec.h"
#include "ign/ignition.h"
#include "ign/unit.h"
#include "ign/validate.h"
#include "tap.h"
#include "text/yaml.h"

/* The findings about a document, each on its line, or the config. */
static char *
judged(const char *version, const char *body, bool lax)
{
	VS_FREE char *text = vs_printf("variant: flatcar\nversion: %s\n%s\n", version, body);
	VS_TREE_FREE struct vs_tree_doc d = { 0 };
	VS_REPORT_FREE struct vs_report r = { .lax = lax };
	VS_VARS_FREE struct vs_vars vars = { 0 };
	struct vs_buf b = VS_BUF_INIT;
	struct vs_err err;

	vs_vars_set(&vars, "S", "s3cret://x", true);
	if (vs_yaml_read(&d, text, strlen(text), "f", &err) < 0) {
		vs_buf_str(&b, err.msg);
		return vs_buf_take(&b);
	}
	if (vs_placeholders_fill(&d, &vars, &r) == 0 && vs_butane_check(&d, "f", &r) == 0) {
		vs_butane_expand(&d, NULL, &r);
		vs_validate(&d, &r);
	}
	vs_report_sort(&r);
	for (size_t i = 0; i < r.n; i++)
		vs_buf_fmt(&b, "%s: %s\n", r.v[i].path ? r.v[i].path : "-", r.v[i].text);
	if (r.errors == 0)
		vs_ignition_write(&d, r.spec, false, &b);
	return vs_buf_take(&b);
}

/* says: what the findings contain; or, with '{', what the config contains. */
static const struct {
	const char *body, *says;
} rules[] = {
	/* paths, hashes */
	{ "storage: {directories: [{path: /a/..}]}", "is not a clean path" },
	{ "storage: {directories: [{path: /a/.}]}", "is not a clean path" },
	{ "storage: {directories: [{path: /a/}]}", "is not a clean path" },
	{ "storage: {directories: [{path: /a/...}]}", "{\"ignition\"" },
	{ "storage: {directories: [{path: /a/b..}]}", "{\"ignition\"" },
	{ "storage: {files: [{path: /a, contents: {source: 'http://x', verification: {hash: sha512-00}}}]}",
		"sha512 needs 128 hex digits, found 2" },
	{ "storage: {files: [{path: /a, contents: {source: 'http://x', verification: {hash: sha256-00}}}]}",
		"sha256 needs 64 hex digits, found 2" },
	/* partitions */
	{ "storage: {disks: [{device: /d, partitions: [{label: 123456789012345678901234567890123456}]}]}",
		"{\"ignition\"" },
	{ "storage: {disks: [{device: /d, partitions: [{label: 1234567890123456789012345678901234567}]}]}",
		"longer than 36 bytes" },
	{ "storage: {disks: [{device: /d, partitions: [{number: 1, start_mib: 1, size_mib: 10}, {number: 2, start_mib: 11, size_mib: 5}]}]}",
		"{\"ignition\"" },
	{ "storage: {disks: [{device: /d, partitions: [{number: 1, start_mib: 1, size_mib: 10}, {number: 2, start_mib: 10, size_mib: 5}]}]}",
		"overlaps" },
	{ "storage: {disks: [{device: /d, partitions: [{number: 1, start_mib: 10, size_mib: 5}, {number: 2, start_mib: 5, size_mib: 20}]}]}",
		"overlaps" },
	{ "storage: {disks: [{device: /d, partitions: [{number: 1, start_mib: 5, size_mib: 20}, {number: 2, start_mib: 10, size_mib: 5}]}]}",
		"storage.disks.0.partitions.1: this partition overlaps" },
	{ "storage: {disks: [{device: /d, partitions: [{number: 1, should_exist: false, size_mib: 1}]}]}",
		"cannot be used with 'size_mib'" },
	/* file systems, RAID */
	{ "storage: {filesystems: [{device: /d, format: ext4, label: 1234567890123456}]}",
		"{\"ignition\"" },
	{ "storage: {filesystems: [{device: /d, format: ext4, label: 12345678901234567}]}",
		"16 bytes at most" },
	{ "storage: {filesystems: [{device: /d, format: xfs, label: 1234567890123}]}",
		"12 bytes at most" },
	{ "storage: {raid: [{name: r, level: stripe, devices: [/a, /b], spares: 1}]}",
		"'stripe' cannot have spares" },
	{ "storage: {raid: [{name: r, level: '0', devices: [/a, /b], spares: 1}]}",
		"'0' cannot have spares" },
	{ "storage: {raid: [{name: r, level: raid1, devices: [/a, /b], spares: 1}]}",
		"{\"ignition\"" },
	/* LUKS */
	{ "storage: {luks: [{name: l, device: /d, label: 12345678901234567890123456789012345678901234567}]}",
		"{\"ignition\"" },
	{ "storage: {luks: [{name: l, device: /d, label: 123456789012345678901234567890123456789012345678}]}",
		"longer than 47 bytes" },
	/* modes, owners */
	{ "storage: {files: [{path: /a, mode: 07777}]}", "no effect before Ignition 3.6" },
	{ "storage: {files: [{path: /a, mode: 010000}]}", "is not a file mode" },
	{ "storage: {files: [{path: /a, mode: 0o644}]}", "\"mode\":420" },
	{ "storage: {files: [{path: /a, mode: 644}]}", "644 is decimal" },
	{ "storage: {directories: [{path: /a, mode: 755}]}", "755 is decimal" },
	{ "storage: {directories: [{path: /a, mode: 644}]}", "no effect before Ignition 3.6" },
	{ "storage: {files: [{path: /a, user: {id: 1, name: n}}]}",
		"storage.files.0.user: give either 'id' or 'name'" },
	{ "storage: {files: [{path: /a, user: {id: 1}}]}", "\"user\":{\"id\":1}" },
	/* between nodes */
	{ "storage: {links: [{path: /l, target: /t}], files: [{path: /l/f}]}",
		"'/l/f' is below '/l', which is a link" },
	{ "storage: {links: [{path: /l, target: /t}], files: [{path: /l/d/f}]}", "is below '/l'" },
	{ "storage: {links: [{path: /l, target: /t}], files: [{path: /lf}]}", "{\"ignition\"" },
	{ "storage: {directories: [{path: /a}], files: [{path: /a}]}",
		"the path '/a' is given twice" },
	{ "systemd: {units: [{name: a.service, dropins: [{name: x.conf, contents: '[Unit]'}]}]}\n"
	  "storage: {files: [{path: /etc/systemd/system/a.service.d/x.conf}]}",
		"also created by a systemd unit" },
	{ "systemd: {units: [{name: a.service, contents: '[Unit]'}]}\n"
	  "storage: {links: [{path: /etc/systemd/system/a.service, target: /t}]}",
		"also created by a systemd unit" },
	/* units */
	{ "systemd: {units: [{name: d@.service, contents: \"[Service]\\nType=simple\\n\"}, {name: d@x.service, enabled: true}]}",
		"the [Install] section of its template is missing" },
	{ "systemd: {units: [{name: d@.service, contents: \"[Install]\\nWantedBy=x.target\\n\"}, {name: d@x.service, enabled: true}]}",
		"{\"ignition\"" },
	{ "systemd: {units: [{name: a.service, contents: \"[Service]\\nType=simple\\n\", enabled: true}]}",
		"its [Install] section is missing" },
	{ "systemd: {units: [{name: a.service, contents: x, contents_local: y}]}",
		"give either 'contents' or 'contents_local'" },
	/* resources */
	{ "storage: {files: [{path: /a, contents: {inline: x, source: 'http://y'}}]}",
		"only one of 'inline', 'local' and 'source'" },
	{ "storage: {files: [{path: /a, contents: {source: 'arn:aws:s3:::b/k'}}]}",
		"{\"ignition\"" },
	{ "storage: {files: [{path: /a, contents: {source: 'arn:aws:s3:r:a:accesspoint/b/k'}}]}",
		"{\"ignition\"" },
	{ "storage: {files: [{path: /a, contents: {source: 'arn:aws:s3:r:a:accesspoint/k'}}]}",
		"not the ARN of an S3 object" },
	{ "storage: {files: [{path: /a, contents: {source: '@{S}'}}]}",
		"not a URL that Ignition can fetch" },
	{ "storage: {files: [{path: /a, contents: {source: 'ftp://x'}}]}",
		"cannot fetch 'ftp://' URLs" },
	{ "ignition: {config: {merge: [{inline: '{\"ignition\": {\"version\": \"3.4.0\"}, \"storage\": {\"files\": [{\"path\": \"x\"}]}}'}]}}",
		"is not an absolute path" },
	{ "ignition: {config: {merge: [{inline: '{\"ignition\": {\"version\": \"3.4.0\"}, \"storage\": {\"files\": [{\"path\": \"@{S}\"}]}}'}]}}",
		"the value filled in here is not a valid config" },
	/* types and versions */
	{ "storage: {luks: [{name: l, device: /d, discard: true, wipe_volume: true}]}",
		"\"discard\":true,\"name\":\"l\",\"wipeVolume\":true" },
	{ "storage: {files: [{path: /a, mode: '0644'}]}", "found a string: remove the quotes" },
	{ "systemd: {units: [{name: a.service, mask: 'true'}]}", "remove the quotes" },
	{ "storage: {files: [{path: \"a\\u009bb\"}]}", "'a\\u009bb' is not an absolute path" },
	/* mount units */
	{ "storage: {filesystems: [{device: /dev/disk/by-id/x, format: ext4, path: /a-b, with_mount_unit: true}]}",
		"systemd-fsck@dev-disk-by\\\\x2did-x.service" },
	{ "storage: {filesystems: [{device: /dev/x, format: ext4, path: /a-b, with_mount_unit: true}]}",
		"\"name\":\"a\\\\x2db.mount\"" },
	{ "storage: {filesystems: [{device: /dev/x, format: swap, with_mount_unit: true}]}",
		"\"name\":\"dev-x.swap\"" },
	{ "storage: {filesystems: [{device: /dev/x, format: ext4, with_mount_unit: true}]}",
		"storage.filesystems.0.path: missing, but required by 'with_mount_unit'" },
	{ "storage: {filesystems: [{device: /dev/x, format: ext4, path: /a, mount_options: [\"a\\nb\"], with_mount_unit: true}]}",
		"contains a control character" },
	{ "storage: {filesystems: [{device: /dev/x, format: ext4, path: /a, with_mount_unit: true}]}\n"
	  "systemd: {units: [{name: a.mount, enabled: false}, {name: a.mount, mask: true}]}",
		"'a.mount' is given twice" },
};

/* Those that flatcar 1.2.0-experimental has. */
static const struct {
	const char *body, *says;
} newer[] = {
	{ "storage: {luks: [{name: l, device: /d, clevis: {tang: [{url: 'http://x', thumbprint: t}]}}], "
	  "filesystems: [{device: /dev/mapper/l, format: ext4, path: /a, with_mount_unit: true}]}",
		"Options=_netdev\\n" },
	{ "storage: {luks: [{name: l, device: /d, clevis: {tang: [{url: 'http://x', thumbprint: t}]}}], "
	  "filesystems: [{device: /dev/mapper/l, format: swap, mount_options: [a], with_mount_unit: true}]}",
		"Options=a,_netdev\\n" },
	{ "storage: {luks: [{name: l, device: /d, clevis: {threshold: 1, custom: {pin: tpm2, config: '{}'}}}]}",
		"cannot be used with 'tang', 'tpm2' or 'threshold'" },
	{ "systemd: {quadlets: [{name: a@.container, contents: x}]}",
		"\"path\":\"/etc/containers/systemd/users/a@.container\",\"contents\"" },
	{ "systemd: {quadlets: [{name: a@b.container}]}", "\"target\":\"a@.container\"" },
};

/* The newest one exists only as a draft, the others only without that word. */
static void
versions(void)
{
	static const struct {
		const char *text;
		int spec;
	} all[] = { { "3.0.0", 0 }, { "3.6.0", 6 }, { "3.7.0-experimental", 7 }, { "3.7.0", -1 },
		{ "3.6.0-experimental", -1 }, { "3.8.0-experimental", -1 }, { "3.4.1", -1 },
		{ "2.3.0", -1 }, { "3.4", -1 }, { "", -1 } };

	for (size_t i = 0; i < VS_LEN(all); i++)
		ok(vs_spec_of_ignition(all[i].text) == all[i].spec, all[i].text);
}

/* A line of 2048 bytes is too long for Ignition, if enough follows it. */
static void
long_lines(void)
{
	for (size_t n = 2046; n <= 2049; n++) {
		VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
		VS_FREE char *name = vs_printf("a unit with a line of %zu bytes", n);

		vs_buf_str(&b, "[Unit]\nA=");
		for (size_t i = 2; i < n; i++)
			vs_buf_ch(&b, 'x');
		for (size_t i = 0; i < 1000; i++)
			vs_buf_str(&b, "\nB=1");
		ok((vs_unit_flaw(b.s, b.len) != NULL) == (n >= 2048), name);
	}
}

/* Of two units with the name of a generated one, Butane takes the last. */
static void
last_unit(void)
{
	VS_FREE char *got = judged("1.1.0",
		"storage: {filesystems: [{device: /dev/x, format: ext4, path: /a, with_mount_unit: true}]}\n"
		"systemd: {units: [{name: a.mount, enabled: false}, {name: a.mount, mask: true}]}",
		true);

	if (!ok(strstr(got, "\"mask\":true") && strstr(got, "\"enabled\":true"),
		    "of two units with one name, the last"))
		printf("# %s\n", got);
}

/* A data URL that gets long when it is filled in is compressed, and says so. */
static void
long_url(void)
{
	static const char config[] =
		"{\"ignition\":{\"version\":\"3.4.0\"},\"storage\":{\"files\":[{\"path\":\"/a\",\"contents\":{\"compression\":\"\",\"source\":\"data:,%40%7BA%7D\"}}]}}";
	VS_TREE_FREE struct vs_tree_doc d = { 0 };
	VS_REPORT_FREE struct vs_report r = { 0 };
	VS_VARS_FREE struct vs_vars vars = { 0 };
	VS_BUF_FREE struct vs_buf value = VS_BUF_INIT;
	struct vs_tree *files, *contents;
	const char *how;

	for (int i = 0; i < 100; i++)
		vs_buf_str(&value, "the same words again ");
	vs_vars_set(&vars, "A", value.s, false);
	if (!ok(vs_ignition_read(&d, config, strlen(config), "f", &r) == 0
			    && vs_placeholders_fill_ignition(&d, &vars, &r) == 0,
		    "a data URL with a placeholder"))
		return;
	files = vs_tree_get(vs_tree_get(d.root, "storage"), "files");
	contents = vs_tree_get(files->child, "contents");
	how = vs_tree_text(contents, "compression");
	ok(how && strcmp(how, "gzip") == 0
			&& strncmp(vs_tree_text(contents, "source"), "data:;base64,H4sI", 17) == 0,
		"... is compressed when its value is long");
}

int
main(void)
{
	versions();
	long_url();
	long_lines();
	last_unit();
	for (size_t i = 0; i < VS_LEN(rules); i++) {
		VS_FREE char *got = judged("1.1.0", rules[i].body, false);
		VS_FREE char *name = vs_printf("rule %zu", i);

		if (!ok(strstr(got, rules[i].says) && !strstr(got, "s3cret"), name))
			printf("# %s\n# has not: %s\n", got, rules[i].says);
	}
	for (size_t i = 0; i < VS_LEN(newer); i++) {
		VS_FREE char *got = judged("1.2.0-experimental", newer[i].body, false);
		VS_FREE char *name = vs_printf("rule %zu of 1.2.0", i);

		if (!ok(strstr(got, newer[i].says) != NULL, name))
			printf("# %s\n# has not: %s\n", got, newer[i].says);
	}
	return done();
}
