/* SPDX-License-Identifier: Apache-2.0 */
/* guestinfo/encoding: the encoding of a config, and what is wrong with it;
 * ign/flatcar: which version reads what */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "guestinfo/encoding.h"
#include "guestinfo/guestinfo.h"
#include "guestinfo/layers.h"
#include "ign/flatcar.h"
#include "tap.h"
#include "text/base64.h"
#include "text/gzip.h"

/* Long enough for gzip, and with characters that differ between alphabets. */
static const char config[] =
	"{\"ignition\":{\"version\":\"3.4.0\"},\"storage\":{\"files\":[{\"path\":\"/etc/motd\",\"contents\":{\"source\":\"data:,S3CRET%3F%3E%3E%3E~~~>>>~~~???\"}}]}}";

static struct vs_buf b64 = VS_BUF_INIT, gz = VS_BUF_INIT, gz64 = VS_BUF_INIT;

static void
encode(void)
{
	vs_base64(config, strlen(config), &b64);
	vs_gzip(config, strlen(config), &gz);
	vs_base64(gz.s, gz.len, &gz64);
}

/* Unwrap it, and say in one string what came of that: the form, and of each
 * finding its path and the beginning of its text. */
static char *
outcome(const struct vs_encoded *w, struct vs_buf *text)
{
	VS_REPORT_FREE struct vs_report r = { 0 };
	struct vs_buf b = VS_BUF_INIT;
	const char *form = "?";
	int bad = vs_encoding_unwrap(w, text, &form, &r);

	vs_buf_fmt(&b, "%s%s", form, bad ? " lost" : "");
	for (size_t i = 0; i < r.n; i++) {
		vs_buf_fmt(&b, " | %s%s%s%.*s", r.v[i].warning ? "warning " : "",
			r.v[i].path ? r.v[i].path : "", r.v[i].path ? " " : "",
			(int)strcspn(r.v[i].text, ":,("), r.v[i].text);
		ok(strstr(r.v[i].text, "S3CRET") == NULL && strchr(r.v[i].text, '\n') == NULL,
			"one line, no secret");
	}
	return vs_buf_take(&b);
}

/* The n bytes at s under a key with this encoding become the config, with these
 * findings. */
static void
key(const char *s, size_t n, const char *encoding, const char *want, const char *name)
{
	const struct vs_encoded w = {
		.data = s, .n = n, .key = "k", .encoding = encoding, .file = "f"
	};
	VS_BUF_FREE struct vs_buf text = VS_BUF_INIT;
	VS_FREE char *got = outcome(&w, &text);

	is(got, want, name);
	if (strstr(want, "lost") == NULL)
		is(text.s, config, "... and what is in it");
}

static void
file(const char *s, size_t n, const char *want, const char *name)
{
	const struct vs_encoded w = { .data = s, .n = n, .file = "f" };
	VS_BUF_FREE struct vs_buf text = VS_BUF_INIT;
	VS_FREE char *got = outcome(&w, &text);

	is(got, want, name);
	if (strstr(want, "lost") == NULL)
		is(text.s, config, "... and what is in it");
}

static void
good(void)
{
	static const char *const both[] = { "gzip+base64", "gz+base64", "gzip+b64", "gz+b64" };

	key(b64.s, b64.len, "base64", "base64", "base64");
	key(b64.s, b64.len, "b64", "base64", "b64");
	for (size_t i = 0; i < VS_LEN(both); i++)
		key(gz64.s, gz64.len, both[i], "gzip+base64", both[i]);
	key(config, strlen(config), NULL, " | warning k plain text", "plain");
	key(config, strlen(config), "", " | warning k plain text", "plain, an empty encoding");
	file(config, strlen(config), "", "a file");
	file(b64.s, b64.len, "base64", "a file in base64");
	file(gz64.s, gz64.len, "gzip+base64", "a file in both");
	file(gz.s, gz.len, "gzip | warning raw gzip", "a file of gzip");
}

/* What the encoding says against what is there. */
static void
words(void)
{
	const char *s = config;
	size_t n = strlen(config);

	key(b64.s, b64.len, NULL, "base64 | k.encoding the encoding is missing", "missing");
	key(b64.s, b64.len, "", "base64 | k.encoding the encoding is empty", "empty");
	key(gz64.s, gz64.len, NULL, "gzip+base64 | k.encoding the encoding is missing",
		"missing, of both");
	key(gz64.s, gz64.len, "base64", "gzip+base64 | k.encoding the encoding is 'base64'",
		"base64 for both");
	key(b64.s, b64.len, "gzip+base64", "base64 | k.encoding the encoding is 'gzip+base64'",
		"both for base64");
	key(gz64.s, gz64.len, "gzip", "gzip+base64 | k.encoding the encoding is 'gzip'",
		"gzip for both");
	key(s, n, "base64", " | k.encoding the encoding is 'base64'", "base64 for none");
	key(s, n, "gz+b64", " | k.encoding the encoding is 'gz+b64'", "both for none");
	key(gz.s, gz.len, "gzip", "gzip | k raw gzip", "raw gzip");
	key(b64.s, b64.len, "Base64",
		"base64 | k.encoding 'Base64' is not an encoding that Ignition knows",
		"a name in capitals");
	key(b64.s, b64.len, "gzip-base64",
		"base64 | k.encoding 'gzip-base64' is not an encoding that Ignition knows",
		"a name of somebody else's");
	key(b64.s, b64.len, "base64\n", "base64 | k.encoding white space around the encoding",
		"a line feed behind the name");
	key(b64.s, b64.len, "a\nb", "base64 | k.encoding not an encoding that Ignition knows",
		"what cannot be shown");
	key("AAAAAAAAAAAAAAAAAAAAAAAA", 24, "base64",
		" lost | k the base64 contains neither text nor gzip",
		"base64 of nothing that is known");
}

static void
edit(struct vs_buf *b, const char *s, size_t n, size_t at, const char *put)
{
	vs_buf_cut(b, 0);
	vs_buf_add(b, s, at);
	vs_buf_str(b, put);
	vs_buf_add(b, s + at, n - at);
}

static void
damaged(void)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	size_t n = b64.len;

	edit(&b, b64.s, n, 76, "\n");
	key(b.s, b.len, "base64", "base64 | warning k line breaks in the base64", "a line break");
	edit(&b, b64.s, n, n, "\r\n");
	key(b.s, b.len, "base64", "base64 | warning k line breaks in the base64",
		"a line break at the end of a value");
	file(b.s, b.len, "base64", "... and of a file, which has one");
	edit(&b, b64.s, n, 10, " ");
	key(b.s, b.len, "base64", "base64 | k white space in the base64 at byte 11", "a blank");
	edit(&b, b64.s, n, 0, "\"");
	key(b.s, b.len, "base64", "base64 | k byte 1 is not in the base64 alphabet", "a quote");
	edit(&b, b64.s, n, 0, "");
	for (size_t i = 0; i < b.len; i++)
		b.s[i] = b.s[i] == '+' ? '-' : b.s[i] == '/' ? '_' : b.s[i];
	ok(strcmp(b.s, b64.s) != 0, "the alphabets differ");
	key(b.s, b.len, "base64", "base64 | k base64 in the URL-safe alphabet ",
		"the URL-safe alphabet");
	edit(&b, b64.s, n, 0, "");
	while (b.s[b.len - 1] == '=')
		vs_buf_cut(&b, b.len - 1);
	ok(b.len < n, "there was padding");
	key(b.s, b.len, "base64", "base64 | k the base64 padding is missing ", "without padding");
	file(b.s, b.len, "base64 | the base64 padding is missing ", "... in a file");
	edit(&b, b64.s, n, 0, "");
	ok(strcmp(b.s + n - 2, "==") == 0, "there were two of them");
	vs_buf_cut(&b, n - 1);
	key(b.s, b.len, "base64", "base64 | k the base64 padding is missing ", "with half of it");
	edit(&b, b64.s, n, n, "=");
	key(b.s, b.len, "base64", "base64 | k too many '=' at the end of the base64",
		"too much padding");
	edit(&b, gz64.s, gz64.len, 0, "");
	vs_buf_cut(&b, 41);
	key(b.s, b.len, "gzip+base64",
		"gzip+base64 lost | k the base64 is truncated | k cannot unpack the gzip data ",
		"cut short");
}

static void
layers(void)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT, c = VS_BUF_INIT;

	vs_base64(b64.s, b64.len, &b);
	key(b.s, b.len, "base64", "layers | k base64 twice", "base64 twice");
	file(b.s, b.len, "layers | base64 twice", "... in a file");
	vs_buf_cut(&b, 0);
	vs_base64(gz64.s, gz64.len, &b);
	key(b.s, b.len, "gzip+base64", "layers | k base64 twice", "base64 twice around gzip");
	vs_buf_cut(&b, 0);
	vs_gzip(b64.s, b64.len, &b);
	file(b.s, b.len, "layers | base64 and gzip in an order that no encoding describes",
		"gzip around base64");
	vs_gzip(gz.s, gz.len, &c);
	file(c.s, c.len, "layers | gzip twice", "gzip twice");
	vs_buf_cut(&b, 0);
	vs_buf_add(&b, gz.s, gz.len);
	vs_buf_str(&b, "more");
	vs_buf_cut(&c, 0);
	vs_base64(b.s, b.len, &c);
	key(c.s, c.len, "gzip+base64", "gzip+base64 | k cannot unpack the gzip data ",
		"more behind the gzip");
	vs_buf_cut(&c, 0);
	vs_base64(gz.s, gz.len - 9, &c);
	key(c.s, c.len, "gzip+base64", "gzip+base64 lost | k cannot unpack the gzip data ",
		"a gzip cut short");
}

static void
marks(void)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	edit(&b, config, strlen(config), 0, "\xef\xbb\xbf");
	file(b.s, b.len, " | a byte order mark before the config", "a byte order mark");
	edit(&b, "{\0}\0", 4, 0, "\xff\xfe");
	file(b.s, b.len, " lost | UTF-16 text", "UTF-16");
}

static void
beginnings(void)
{
	static const char *const configs[] = { "{\"ignition\":{", " \n{ \"storage\": {", "{}",
		"{ }\n", "{\"variant\":", "variant: flatcar\n", "# mine\n\n---\nvariant: flatcar\n",
		"version: 1.1.0\nvariant",
		"storage:\n  files:", "guestinfo.ignition.config.data=e30K\n", "\x1f\x8b\x08",
		"\xef\xbb\xbf{" };
	static const char *const records[] = { "", "\n", "w-1\n", "/DC0/vm/w-1\n",
		"/DC0/vm/w-1\tVirtualMachine:vm-42\n", "{\"path\":\"/DC0/vm/w-1\"}\n",
		"{\"name\":\"storage\"}\n", "storage\n", "ignition-1\n", "VirtualMachine:vm-42\n",
		"guestinfo.x\n", "e30K\n",
		"worker-with-a-name-of-some-length-that-goes-on-and-on-1\nworker-2\n",
		"/DC0/vm/abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\n" };
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	for (size_t i = 0; i < VS_LEN(configs); i++)
		ok(vs_encoding_is_config(configs[i], strlen(configs[i])), "a config");
	for (size_t i = 0; i < VS_LEN(records); i++)
		ok(!vs_encoding_is_config(records[i], strlen(records[i])), "a record");
	ok(vs_encoding_is_config(b64.s, b64.len), "base64");
	ok(vs_encoding_is_config(gz64.s, gz64.len), "base64 of gzip");
	edit(&b, gz64.s, gz64.len, 60, "\n");
	ok(vs_encoding_is_config(b.s, b.len), "... in two lines");
}

/* ---- Flatcar */

static void
who(const char *spec, int flatcar, const char *want)
{
	const struct vs_tree at = { .file = "f", .line = 1, .col = 1 };
	VS_REPORT_FREE struct vs_report r = { .json = true };
	VS_REPORT_FREE struct vs_report butane = { 0 };
	struct vs_spec s;
	VS_FREE char *name = vs_printf("%s on %d", spec, flatcar);

	ok(vs_spec_parse(&s, spec), spec);
	vs_flatcar_check(&r, &at, "ignition.version", &s, flatcar);
	if (want == NULL)
		ok(r.n == 0, name);
	else
		ok(r.n == 1 && strstr(r.v[0].text, want), name);
	if (r.n == 1)
		ok(r.v[0].warning
				== (flatcar == 0 || (s.experimental && strstr(want, "experiment"))),
			"an error, or a warning");
	vs_flatcar_check(&butane, &at, "version", &s, flatcar);
	ok(butane.n == (want && strcmp(want, "experiment") != 0),
		"of Butane the same, but what its own check says of an experiment");
}

static void
flatcars(void)
{
	static const struct {
		const char *name;
		int major;
	} names[] = {
		{ "4081", 4081 },
		{ "4593.2.5", 4593 },
		{ "4081.3", 4081 },
		{ "stable", 4593 },
		{ "lts-2024", 4081 },
		{ "lts-2022", 3033 },
		{ "4799.0.0+nightly-20260826-2100", 4799 },
		{ "stabel", -1 },
		{ "", -1 },
		{ "12", -1 },
		{ "4081x", -1 },
		{ "4081.3.x", -1 },
		{ "v4081", -1 },
		{ "999999", -1 },
	};
	struct vs_spec s;
	struct vs_err err;

	for (size_t i = 0; i < VS_LEN(names); i++)
		ok(vs_flatcar_parse(names[i].name, &err) == names[i].major, names[i].name);
	vs_flatcar_parse("stabel", &err);
	is(err.msg, "'stabel' is not a Flatcar version or channel: did you mean 'stable'?",
		"a hint");
	ok(err.code == VS_ERR_USAGE, "usage");
	ok(!vs_spec_parse(&s, "3.4") && !vs_spec_parse(&s, "3.4.0-beta")
			&& !vs_spec_parse(&s, "3. 4.0") && !vs_spec_parse(&s, "")
			&& !vs_spec_parse(&s, "3..0"),
		"no versions of the spec");
	ok(vs_spec_parse(&s, "03.4.0") && s.major == 3, "a zero more, as in Ignition");
	ok(vs_spec_parse(&s, "3.4.0-") && vs_spec_parse(&s, "3.4.0-+") && !s.experimental
			&& vs_spec_parse(&s, "3.7.0-experimental+") && s.experimental
			&& !vs_spec_parse(&s, "3.7.0experimental")
			&& !vs_spec_parse(&s, "3.7.0+experimental")
			&& !vs_spec_parse(&s, "3.7.0-experimental-")
			&& !vs_spec_parse(&s, "3.4.0+-"),
		"and a tail of nothing");
	who("2.3.0", 3033, NULL);
	who("3.0.0", 3033, "Flatcar 3185 or later");
	who("3.3.0", 3185, NULL);
	who("3.3.0", 3510, NULL);
	who("3.4.0", 3510, "Flatcar 3535 or later");
	who("3.4.0", 3535, NULL);
	who("3.4.0", 4081, NULL);
	who("3.5.0", 4081, "Flatcar 4152 or later");
	who("3.5.0", 4152, NULL);
	who("3.6.0", 4593, "Flatcar 4799 or later (nightlies only)");
	who("3.6.0", 4799, NULL);
	who("3.9.0", 4799, "will not boot with it: use version 3.6.0");
	who("3.7.0-experimental", 4593, "Flatcar 4799");
	who("3.7.0-experimental", 4799, "experiment");
	who("3.7.0-experimental", 0, "experiment");
	who("3.4.0", 0, NULL);
	who("3.5.0", 0, "Flatcar 4152 or later");
	who("3.6.0", 0, "Flatcar 4799 or later (nightlies only)");
}

int
main(void)
{
	encode();
	good();
	words();
	damaged();
	layers();
	marks();
	beginnings();
	flatcars();
	vs_buf_free(&b64);
	vs_buf_free(&gz);
	vs_buf_free(&gz64);
	return done();
}
