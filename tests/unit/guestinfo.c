/* SPDX-License-Identifier: Apache-2.0 */
/* guestinfo/guestinfo: pack, facts; guestinfo/encoding: back again */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "guestinfo/encoding.h"
#include "guestinfo/guestinfo.h"
#include "tap.h"
#include "text/dataurl.h"

static const char config[] =
	"{\"ignition\":{\"version\":\"3.4.0\"},\"storage\":{\"files\":[{\"path\":\"/etc/motd\",\"contents\":{\"source\":\"data:,hi\"}},{\"path\":\"/etc/rancher/rke2/config.yaml\",\"contents\":{\"source\":\"data:,server%3A%20%22https%3A%2F%2Fcp%3A9345%22%0Atoken%3A%20S3CRET%0A\"}}]}}";

/* The data under that encoding, unwrapped as ign-check does; the text of the one
 * finding that is expected, or "". */
static void
unwrapped(const char *data, size_t n, const char *encoding, const char *want, const char *finding,
	const char *name)
{
	const struct vs_encoded w = {
		.data = data, .n = n, .key = VS_IGN_DATA, .encoding = encoding, .file = "f"
	};
	VS_BUF_FREE struct vs_buf text = VS_BUF_INIT;
	VS_REPORT_FREE struct vs_report r = { 0 };
	const char *form;

	ok(vs_encoding_unwrap(&w, &text, &form, &r) == 0, name);
	is(text.s, want, "what is in it");
	ok(r.n == (*finding != '\0'), "findings");
	is(r.n ? r.v[0].text : "", finding, "the finding");
}

static void
there_and_back(void)
{
	static const char *const names[] = { "gzip+base64", "gz+base64", "gzip+b64", "gz+b64" };
	VS_BUF_FREE struct vs_buf a = VS_BUF_INIT, b = VS_BUF_INIT;
	struct vs_err err;

	ok(vs_guestinfo_pack(config, strlen(config), &a, &err) == 0
			&& vs_guestinfo_pack(config, strlen(config), &b, &err) == 0,
		"pack");
	is(a.s, b.s, "the same data twice");
	ok(strpbrk(a.s, "\r\n") == NULL, "one line");
	for (size_t i = 0; i < VS_LEN(names); i++)
		unwrapped(a.s, a.len, names[i], config, "", names[i]);
	unwrapped("e30K", 4, "base64", "{}\n", "", "what Ignition leaves behind");
	unwrapped("{}", 2, NULL, "{}",
		"plain text, which guestinfo may not pass on unchanged: 'vs-extraconfig -i FILE' sends it as gzip+base64",
		"no encoding");
	unwrapped("e30K", 4, "Base64", "{}\n",
		"'Base64' is not an encoding that Ignition knows: Ignition fails and the machine does not boot: set it to 'base64'",
		"other names");
	unwrapped("e30K", 4, "gzip+base64", "{}\n",
		"the encoding is 'gzip+base64', but the data is base64: Ignition fails and the machine does not boot: set it to 'base64'",
		"base64 alone is not gzip");
}

static void
refused(void)
{
	static const char *const bad[][2] = {
		{ "", "empty" },
		{ "variant: flatcar\nversion: 1.0.0\n",
			"this is a Butane document: translate it with ign-gen first" },
		{ "# mine\nversion: 1.0.0\nvariant: flatcar\n",
			"this is a Butane document: translate it with ign-gen first" },
		{ "#cloud-config\n", "this is a cloud-config, not Ignition" },
		{ "{}", "not an Ignition config: it has no ignition.version" },
		{ "[]", "not an Ignition config: it has no ignition.version" },
		{ "{\"ignition\":{\"version\":3}}",
			"not an Ignition config: it has no ignition.version" },
		{ "{\"ignition\":{\"version\":\"30.0.0\"}}",
			"unsupported Ignition version '30.0.0' (Flatcar reads 2.x and 3.x)" },
		{ "{\"ignition\":{\"version\":\"1.0.0\"}}",
			"unsupported Ignition version '1.0.0' (Flatcar reads 2.x and 3.x)" },
	};
	static const char secret[] = "{\"a\": \"S3CRET\", S3CRET }";
	static const char twice[] = "{\"S3CRET\": 1, \"S3CRET\": 2}";
	VS_BUF_FREE struct vs_buf to = VS_BUF_INIT;
	struct vs_err err;

	for (size_t i = 0; i < VS_LEN(bad); i++) {
		err.msg[0] = '\0';
		ok(vs_guestinfo_pack(bad[i][0], strlen(bad[i][0]), &to, &err) == -1
				&& err.code == VS_ERR_USAGE,
			bad[i][0]);
		is(err.msg, bad[i][1], "says why");
	}
	ok(vs_guestinfo_pack(secret, strlen(secret), &to, &err) == -1, "broken JSON");
	ok(strstr(err.msg, "S3CRET") == NULL && err.line == 1,
		"its place is named, its text is not");
	ok(vs_guestinfo_pack(twice, strlen(twice), &to, &err) == -1, "a key twice");
	ok(strstr(err.msg, "S3CRET") == NULL, "is not quoted either");
	ok(to.len == 0, "nothing came of them");
	ok(vs_guestinfo_pack("{\"ignition\":{\"version\":\"2.3.0\"}}", 32, &to, &err) == 0,
		"2.x is read by Flatcar");
}

static void
facts(void)
{
	VS_GUESTINFO_FACTS_FREE struct vs_guestinfo_facts f = { 0 };
	struct vs_err err;

	ok(vs_guestinfo_facts(config, strlen(config), &f, &err) == 0, "facts");
	is(f.version, "3.4.0", "version");
	is(f.server, "https://cp:9345", "server");
	vs_guestinfo_facts_free(&f);
	ok(vs_guestinfo_facts("{\"ignition\":{\"version\":\"3.4.0\"}}", 32, &f, &err) == 0,
		"without a server");
	ok(f.server == NULL, "there is none");
	vs_guestinfo_facts_free(&f);
	ok(vs_guestinfo_facts("{", 1, &f, &err) == -1, "broken");
}

/* The config's file may be gzipped within its data URL. */
static void
gzipped(void)
{
	VS_BUF_FREE struct vs_buf yaml = VS_BUF_INIT, json = VS_BUF_INIT;
	VS_GUESTINFO_FACTS_FREE struct vs_guestinfo_facts f = { 0 };
	struct vs_err err;

	for (int i = 0; i < 50; i++)
		vs_buf_str(&yaml, "# words words words\n");
	vs_buf_str(&yaml, "server: https://cp:9345\n");
	vs_buf_str(&json,
		"{\"ignition\":{\"version\":\"3.4.0\"},\"storage\":{\"files\":[{\"path\":\"/etc/rancher/rke2/config.yaml\",\"contents\":{\"compression\":\"gzip\",\"source\":\"");
	ok(vs_data_url(yaml.s, yaml.len, true, &json), "a gzipped file");
	vs_buf_str(&json, "\"}}]}}");
	ok(vs_guestinfo_facts(json.s, json.len, &f, &err) == 0, "is read");
	is(f.server, "https://cp:9345", "its server is found");
}

int
main(void)
{
	there_and_back();
	refused();
	facts();
	gzipped();
	return done();
}
