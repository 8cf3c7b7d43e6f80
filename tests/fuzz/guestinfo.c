/* SPDX-License-Identifier: Apache-2.0 */
/* guestinfo: the first line is the encoding of a VM, the rest its data; the rest is also
 * packed in each encoding; and all of it is a file for ign-check. */
#include "guestinfo/guestinfo.h"
#include "check/verdict.h"
#include "guestinfo/encoding.h"
#include "road.h"

static bool
same(const struct vs_buf *b, const void *p, size_t n)
{
	return b->len == n && memcmp(b->s, p, n) == 0;
}

/* Decode the data of a VM; 0: that worked. */
static int
unwrapped(
	const char *data, size_t n, const char *encoding, struct vs_buf *text, struct vs_report *r)
{
	const struct vs_encoded w = {
		.data = data, .n = n, .key = VS_IGN_DATA, .encoding = encoding, .file = "v"
	};
	const char *form;

	return vs_encoding_unwrap(&w, text, &form, r);
}

/* Unpacking packed data gives the same data. */
static void
packed(const char *json, size_t n)
{
	VS_BUF_FREE struct vs_buf data = VS_BUF_INIT, back = VS_BUF_INIT, again = VS_BUF_INIT;
	VS_REPORT_FREE struct vs_report r = { 0 };
	struct vs_err err = { 0 };

	if (vs_guestinfo_pack(json, n, &data, &err) < 0) {
		must(err.code == VS_ERR_USAGE && err.msg[0], "an error has a message");
		must(data.len == 0, "an error leaves no output");
		return;
	}
	must(unwrapped(data.s, data.len, VS_IGN_GZIP, &back, &r) == 0 && r.n == 0
			&& same(&back, json, n),
		"unpacking gives the same config");
	must(vs_guestinfo_pack(back.s, back.len, &again, &err) == 0
			&& same(&again, data.s, data.len),
		"the same config, the same data");
}

/* Several gzip members are one text; truncation and trailing data are errors. */
static void
members(const char *s, size_t n, const struct vs_buf *zip)
{
	VS_BUF_FREE struct vs_buf two = VS_BUF_INIT, back = VS_BUF_INIT;
	struct vs_err err = { 0 };

	vs_gzip(s, n / 3, &two);
	vs_gzip(s + n / 3, n - n / 3, &two);
	must(vs_gunzip(two.s, two.len, &back, &err) == 0 && same(&back, s, n),
		"two gzip members are one text");
	vs_buf_cut(&back, 0);
	must(vs_gunzip(zip->s, zip->len - 1 - n % (zip->len - 1), &back, &err) == -1,
		"truncated gzip is an error");
	vs_buf_cut(&back, 0);
	vs_buf_ch(&two, 'x');
	must(vs_gunzip(two.s, two.len, &back, &err) == -1, "gzip with trailing data is an error");
}

static void
encoded(const char *s, size_t n)
{
	VS_BUF_FREE struct vs_buf zip = VS_BUF_INIT, b64 = VS_BUF_INIT, both = VS_BUF_INIT,
				  back = VS_BUF_INIT;
	struct vs_err err = { 0 };

	vs_base64(s, n, &b64);
	vs_gzip(s, n, &zip);
	vs_base64(zip.s, zip.len, &both);
	must(vs_unbase64(b64.s, b64.len, &back, &err) == 0 && same(&back, s, n),
		"base64 round trip");
	vs_buf_cut(&back, 0);
	must(vs_gunzip(zip.s, zip.len, &back, &err) == 0 && same(&back, s, n), "gzip round trip");
	vs_buf_cut(&back, 0);
	must(vs_unbase64(both.s, both.len, &back, &err) == 0 && same(&back, zip.s, zip.len),
		"gzip and base64 round trip");
	members(s, n, &zip);
}

/* What ign-check prints: one line per finding, as text and as JSON. */
static void
findings(enum vs_err_code code, struct vs_report *r, const void *p, size_t n)
{
	VS_BUF_FREE struct vs_buf text = VS_BUF_INIT, json = VS_BUF_INIT;
	size_t lines = 0;

	must(code == VS_ERR_NONE || code == VS_ERR_FAILED || code == VS_ERR_USAGE, "a verdict");
	must(code != VS_ERR_NONE || r->errors == 0, "no success with errors");
	must(code == VS_ERR_NONE || r->n > 0, "a failure has findings");
	said(r, p, n);
	vs_verdict_write(r, "v", false, &text);
	must(vs_utf8(text.s, text.len), "findings are UTF-8");
	vs_verdict_write(r, "v", true, &json);
	for (char *s = json.s, *end; *s; s = end + 1, lines++) {
		VS_JSON_FREE json_t *j = NULL;

		end = strchr(s, '\n');
		must(end != NULL, "a finding is a line of JSON");
		j = json_loadb(s, (size_t)(end - s), JSON_REJECT_DUPLICATES, NULL);
		must(json_is_object(j), "a finding is JSON");
	}
	must(lines == r->n, "each finding is a line");
}

/* As the keys of a VM, and as a file. */
static void
booted(const struct vs_check_options *b, const char *encoding, const char *data, const void *p,
	size_t n)
{
	VS_REPORT_FREE struct vs_report r = { .quote = true }, r2 = r;
	struct vs_kvs keys = { 0 };
	const char *note = NULL;
	enum vs_err_code code;

	vs_kvs_set(&keys, VS_IGN_DATA, data, true);
	vs_kvs_set(&keys, VS_IGN_ENCODING, encoding, false);
	code = vs_verdict_keys(b, "v", &keys, &r, &note);
	findings(code, &r, p, n);
	vs_kvs_free(&keys);
	code = vs_verdict_file(b, "v", p, n, &r2, &note);
	findings(code, &r2, p, n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct vs_check_options plain = { .flatcar = 4081 },
					     worker = { .worker = true, .lax = true };
	VS_BUF_FREE struct vs_buf json = VS_BUF_INIT;
	const char *s = (const char *)data;
	const char *end = n ? memchr(s, '\n', n) : NULL;
	VS_FREE char *encoding = NULL, *text = NULL;
	VS_REPORT_FREE struct vs_report r = { 0 };

	if (end == NULL)
		return 0;
	encoding = vs_strndup(s, (size_t)(end - s));
	text = vs_strndup(end + 1, n - (size_t)(end + 1 - s));
	booted(&plain, encoding, text, data, n);
	booted(&worker, encoding, text, data, n);
	n -= (size_t)(end + 1 - s);
	s = end + 1;
	if (unwrapped(s, n, encoding, &json, &r) == 0)
		packed(json.s, json.len);
	else
		must(r.errors > 0, "an error has a message");
	encoded(s, n);
	return 0;
}
