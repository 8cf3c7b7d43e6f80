/* SPDX-License-Identifier: Apache-2.0 */
/* doc, ign, butane: values, placeholders, merging, and the config that is written */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "butane/butane.h"
#include "butane/placeholders.h"
#include "doc/merge.h"
#include "doc/value.h"
#include "ign/ignition.h"
#include "ign/ssh_key.h"
#include "ign/validate.h"
#include "tap.h"
#include "text/yaml.h"

#define HEAD "variant: flatcar\nversion: 1.0.0\n"
#define JSON "{\"ignition\":{\"version\":\"3.3.0\"}"

static void
load(struct vs_tree_doc *d, const char *s)
{
	struct vs_err err;

	*d = (struct vs_tree_doc){ 0 };
	if (vs_yaml_read(d, s, strlen(s), "f", &err) < 0)
		printf("# %s\n", err.msg);
}

/* The config of a document with others on top, or its findings. */
static char *
made(const char *const *texts, size_t n, struct vs_vars *vars)
{
	struct vs_tree_doc d[4];
	VS_REPORT_FREE struct vs_report r = { 0 };
	struct vs_buf b = VS_BUF_INIT;
	int bad = -1;

	for (size_t i = 0; i < n; i++) {
		load(&d[i], texts[i]);
		vs_placeholders_fill(&d[i], vars, &r);
		if (i > 0)
			vs_merge(&d[0], &d[i]);
	}
	if (r.errors == 0)
		bad = vs_butane_check(&d[0], "f", &r);
	if (bad == 0) {
		vs_butane_expand(&d[0], NULL, &r);
		vs_validate(&d[0], &r);
	}
	if (bad == 0 && r.errors == 0)
		vs_ignition_write(&d[0], r.spec, false, &b);
	vs_report_sort(&r);
	for (size_t i = 0; i < r.n; i++) {
		vs_finding_str(&r.v[i], &b);
		vs_buf_ch(&b, '\n');
	}
	for (size_t i = 0; i < n; i++)
		vs_tree_free(&d[i]);
	vs_buf_cut(&b, b.len - 1);
	return vs_buf_take(&b);
}

static void
numbers(void)
{
	static const struct {
		const char *text;
		bool good;
		long long n;
	} all[] = {
		{ "0", true, 0 },
		{ "12", true, 12 },
		{ "0644", true, 0644 },
		{ "0o644", true, 0644 },
		{ "0O17", true, 017 },
		{ "0x1A4", true, 420 },
		{ "0b11", true, 3 },
		{ "1_000", true, 1000 },
		{ "-5", true, -5 },
		{ "+5", true, 5 },
		{ "-017", true, -15 },
		{ "08", false, 0 },
		{ "0888", false, 0 },
		{ "1.5", false, 0 },
		{ "1e3", false, 0 },
		{ "", false, 0 },
		{ "0x", false, 0 },
		{ "_", false, 0 },
		{ "12k", false, 0 },
		{ "- 5", false, 0 },
		{ "9999999999999999999999", false, 0 },
		{ "true", false, 0 },
	};

	for (size_t i = 0; i < VS_LEN(all); i++) {
		VS_FREE char *text = vs_strdup(all[i].text);
		struct vs_tree v = { .text = text, .len = strlen(text) };
		long long n = 0;

		ok(vs_value_int(&v, &n) == all[i].good && (!all[i].good || n == all[i].n),
			all[i].text);
		v.style = VS_TREE_QUOTED;
		ok(!vs_value_int(&v, &n), "never in quotes");
	}
}

static void
truths(void)
{
	static const char *const yes[] = { "true", "True", "yes", "on", "y" };
	static const char *const no[] = { "false", "FALSE", "no", "Off", "n" };
	static const char *const none[] = { "tRue", "1", "", "yess", "null" };

	for (size_t i = 0; i < VS_LEN(yes); i++) {
		VS_FREE char *t = vs_strdup(yes[i]), *f = vs_strdup(no[i]), *x = vs_strdup(none[i]);
		bool b = false;

		ok(vs_value_bool(&(struct vs_tree){ .text = t }, &b) && b, t);
		ok(vs_value_bool(&(struct vs_tree){ .text = f }, &b) && !b, f);
		ok(!vs_value_bool(&(struct vs_tree){ .text = x }, &b), none[i]);
	}
}

static void
ssh_keys(void)
{
#define KEY "AAAAC3NzaC1lZDI1NTE5AAAAIBGYS8yD7qGXK6ApwTD1OjTUZ4WdCRoWBfsWoRqdwt/e"
	static const struct {
		const char *line, *says;
	} all[] = {
		{ "ssh-ed25519 " KEY, NULL },
		{ "ssh-ed25519 " KEY " me@here", NULL },
		{ "  ssh-ed25519\t" KEY "\r", NULL },
		{ "restrict,command=\"a b \\\" c\" ssh-ed25519 " KEY, NULL },
		{ "ssh-rsa " KEY, "another type" },
		{ "ssh-rsa AAAAB3NzaC1yc2EA", NULL },
		{ "ssh-dss AAAAB3NzaC1yc2EA", "another type" },
		{ "ssh-ed25519", "not base64" },
		{ "ssh-ed25519 AA=A", "not base64" },
		{ "ssh-ed25519 AAAA", "another type" },
		{ KEY, "a type such as" },
		{ "from=\"x ssh-ed25519 " KEY, "a type such as" },
		{ "-----BEGIN OPENSSH PRIVATE KEY-----", "the .pub file" },
		{ "ssh-ed25519 " KEY " \xff", "UTF-8" },
	};

	for (size_t i = 0; i < VS_LEN(all); i++) {
		const char *flaw = vs_ssh_key_flaw(all[i].line);

		ok(all[i].says ? flaw && strstr(flaw, all[i].says) : flaw == NULL,
			all[i].says ? all[i].says : "a key");
	}
}

static void
placeholders(void)
{
	static const struct {
		const char *text, *want;
	} all[] = {
		{ "[\"@{A}\"]", "[\"x: [\\\"\"]" },
		{ "[\"-@{A}@{A}-\"]", "[\"-x: [\\\"x: [\\\"-\"]" },
		{ "[\"@{L}\"]", "[\"1\",\"2\"]" },
		{ "[a, \"@{L}\", \"@{E}\", \"@{L3}\"]", "[\"a\",\"1\",\"2\",\"3\"]" },
		{ "[\"@{E}\"]", NULL },
		{ "[\"@@{A}\", \"a@@{A}@{A}\"]", "[\"@{A}\",\"a@{A}x: [\\\"\"]" },
		{ "[\"@{a}\", \"@{}\", \"@{A\", \"${A}\", \"@A\", \"@@@\"]",
			"[\"@{a}\",\"@{}\",\"@{A\",\"${A}\",\"@A\",\"@@@\"]" },
		{ "[\"@{P}\"]", "[\"@{A}\"]" },
		{ "[\"@{Aa}\"]", "[\"@{Aa}\"]" },
	};

	for (size_t i = 0; i < VS_LEN(all); i++) {
		VS_VARS_FREE struct vs_vars vars = { 0 };
		VS_FREE char *text = vs_printf(HEAD "kernel_arguments:\n"
						    "  should_exist: %s\n",
			all[i].text);
		VS_FREE char *want = all[i].want
			? vs_printf(JSON ",\"kernelArguments\":{\"shouldExist\":%s}}", all[i].want)
			: vs_strdup(JSON "}");
		VS_FREE char *got = NULL;

		vs_vars_set(&vars, "A", "x: [\"", false);
		vs_vars_set(&vars, "P", "@{A}", false); /* not filled again */
		vs_vars_add(&vars, "E", NULL);
		vs_vars_add(&vars, "L", "1");
		vs_vars_add(&vars, "L", "2");
		vs_vars_add(&vars, "L3", "3");
		got = made((const char *[]){ text }, 1, &vars);
		is(got, want, all[i].text);
	}
}

static void
unfilled(void)
{
	VS_VARS_FREE struct vs_vars vars = { 0 };
	VS_FREE char *got = NULL;
	struct vs_err err;

	vs_vars_at(&vars, "H")->hint = "--here";
	vs_vars_add(&vars, "L", "1");
	vs_vars_add(&vars, "L", "2");
	got = made(
		(const char *[]){ HEAD "storage:\n  files:\n"
				       "    - path: \"@{L}\"\n      contents:\n        inline: |\n"
				       "          one @{L}\n\n          @{H}@{N}\n" },
		1, &vars);
	is(got,
		"f:5:13: @{L} is a list: it must be a list item by itself\nf:8:1: @{L} is a list: it must be a list item by itself\nf:10:1: no value for @{H}: give --here\n"
		"f:10:1: no value for @{N}: give -D N=VALUE",
		"all missing values");
	ok(vs_vars_used(&vars, "L") && !vs_vars_used(&vars, "H"), "used and unused variables");
	ok(vs_vars_define(&vars, "X=a=b", &err) == 0
			&& strcmp(vs_vars_at(&vars, "X")->v[0], "a=b") == 0,
		"-D X=a=b");
	ok(vs_vars_define(&vars, "X=c", &err) == -1, "not twice");
	ok(vs_vars_define(&vars, "x=c", &err) == -1, "not in lower case");
	ok(vs_vars_define(&vars, "S3CRET", &err) == -1, "not without a value");
	ok(vs_vars_define(&vars, "Y=\xff", &err) == -1, "not other than UTF-8");
}

static void
merging(void)
{
	static const struct {
		const char *a, *b, *want, *name;
	} all[] = {
		{ "storage: {files: [{path: /a, mode: 1}, {path: /b}]}",
			"storage: {files: [{path: /b, mode: 2}, {path: /c}]}",
			"\"storage\":{\"files\":[{\"path\":\"/a\",\"mode\":1},{\"path\":\"/b\",\"mode\":2},{\"path\":\"/c\"}]}",
			"files by path" },
		{ "storage: {files: [{path: /a, contents: {inline: x}}]}",
			"storage: {files: [{path: /a, contents: {source: http://y}}]}",
			"\"storage\":{\"files\":[{\"path\":\"/a\",\"contents\":{\"source\":\"http://y\"}}]}",
			"contents as a whole" },
		{ "storage: {files: [{path: /a, append: [{inline: x}]}]}",
			"storage: {files: [{path: /a, append: [{inline: x}]}]}",
			"\"storage\":{\"files\":[{\"path\":\"/a\",\"append\":[{\"compression\":\"\",\"source\":\"data:,x\"},{\"compression\":\"\",\"source\":\"data:,x\"}]}]}",
			"appended contents are not merged" },
		{ "passwd: {users: [{name: u, groups: [a, b], uid: 1}]}",
			"passwd: {users: [{name: u, groups: [b, c], shell: /s}]}",
			"\"passwd\":{\"users\":[{\"groups\":[\"a\",\"b\",\"c\"],\"name\":\"u\",\"shell\":\"/s\",\"uid\":1}]}",
			"users; groups once" },
		{ "systemd: {units: [{name: a.service, mask: true}]}",
			"systemd: {units: [{name: a.service, mask: false}]}",
			"\"systemd\":{\"units\":[{\"mask\":false,\"name\":\"a.service\"}]}",
			"the later wins" },
		{ "systemd: {units: [{name: a.service, mask: true}]}",
			"systemd: {units: [{name: a.service, mask: null}]}",
			"\"systemd\":{\"units\":[{\"mask\":true,\"name\":\"a.service\"}]}",
			"unless it is null" },
		{ "storage: {files: [{path: /a}]}", "storage: {files: [{path: /b}, {path: /c}]}",
			"\"storage\":{\"files\":[{\"path\":\"/a\"},{\"path\":\"/b\"},{\"path\":\"/c\"}]}",
			"two new ones, in their order" },
		{ "systemd: {units: [{name: a.service, dropins: [{name: x.conf, contents: a=b}]}]}",
			"systemd: {units: [{name: a.service, dropins: [{name: x.conf, contents: c=d}, {name: y.conf}]}]}",
			"\"systemd\":{\"units\":[{\"dropins\":[{\"contents\":\"c=d\",\"name\":\"x.conf\"},{\"name\":\"y.conf\"}],\"name\":\"a.service\"}]}",
			"drop-ins by name" },
	};

	for (size_t i = 0; i < VS_LEN(all); i++) {
		VS_VARS_FREE struct vs_vars vars = { 0 };
		VS_FREE char *a = vs_printf(HEAD "%s\n", all[i].a);
		VS_FREE char *b = vs_printf(HEAD "%s\n", all[i].b);
		VS_FREE char *want = vs_printf(JSON ",%s}", all[i].want);
		VS_FREE char *got = made((const char *[]){ a, b }, 2, &vars);

		is(got, want, all[i].name);
	}
}

static void
versions(void)
{
	static const char *const none[] = { "0.1.0", "1.0.0~", "2.0.0", "[1]" };
	VS_VARS_FREE struct vs_vars vars = { 0 };
	VS_FREE char *got = made(
		(const char *[]){ HEAD,
			"variant: flatcar\nversion: 1.1.0\nstorage: {luks: [{name: l, device: /d, discard: true}]}",
			HEAD },
		3, &vars);

	is(got, "{\"ignition\":{\"version\":\"3.4.0\"},\"storage\":{\"luks\":[{\"device\":\"/d\",\"discard\":true,\"name\":\"l\"}]}}",
		"the newest version counts");
	for (size_t i = 0; i < VS_LEN(none); i++) {
		VS_FREE char *first = vs_printf("variant: flatcar\nversion: %s\n", none[i]);
		VS_FREE char *says = made(
			(const char *[]){ first, "variant: flatcar\nversion: 1.1.0\n" }, 2, &vars);

		ok(strncmp(says, "f:2:10: version: ", 17) == 0,
			"an unknown version is not hidden by it");
	}
}

int
main(void)
{
	numbers();
	truths();
	ssh_keys();
	placeholders();
	unfilled();
	merging();
	versions();
	return done();
}
