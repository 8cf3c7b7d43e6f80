/* SPDX-License-Identifier: Apache-2.0 */
/* text/json: read with places, written in order */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tap.h"
#include "text/json.h"
#include "text/json_write.h"

static void
strings(void)
{
	static const struct {
		const char *in;
		size_t n;
		const char *out;
	} all[] = {
		{ "", 0, "\"\"" },
		{ "a/b", 3, "\"a/b\"" },
		{ "\"\\\n\r\t", 5, "\"\\\"\\\\\\n\\r\\t\"" },
		{ "\x01\x1f\x7f", 3, "\"\\u0001\\u001f\\u007f\"" },
		{ "\xc2\x9b\xe2\x80\xae\xf3\xa0\x81\x81", 9, "\"\\u009b\\u202e\\udb40\\udc41\"" },
		{ "a\0b", 3, "\"a\\u0000b\"" },
		{ "\xc3\xa4\xe2\x82\xac", 5, "\"\xc3\xa4\xe2\x82\xac\"" },
		{ "\xff"
		  "a\xc3",
			3, "\"\\ufffda\\ufffd\"" },
	};

	for (size_t i = 0; i < VS_LEN(all); i++) {
		VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
		struct vs_err err;

		vs_json_strn(&b, all[i].in, all[i].n);
		is(b.s, all[i].out, "a string");
		vs_buf_str(&b, " ");
		b.s[b.len - 1] = ']';
		VS_BUF_FREE struct vs_buf list = VS_BUF_INIT;

		vs_buf_fmt(&list, "[%s", b.s);
		if (all[i].n != 3 || all[i].in[1] != '\0') {
			VS_JSON_FREE json_t *j = vs_json_read(list.s, list.len, &err);

			ok(j != NULL, "which can be read again");
		}
	}
}

static void
build(struct vs_jw *w)
{
	vs_jw_object(w, NULL);
	vs_jw_array(w, "none");
	vs_jw_close(w, false);
	vs_jw_str(w, "s", "x");
	vs_jw_object(w, "gone");
	vs_jw_array(w, "gone too");
	vs_jw_close(w, false);
	vs_jw_close(w, false);
	vs_jw_object(w, "kept");
	vs_jw_close(w, true);
	vs_jw_array(w, "list");
	vs_jw_int(w, NULL, -5);
	vs_jw_bool(w, NULL, true);
	vs_jw_str(w, NULL, NULL);
	vs_jw_object(w, NULL);
	vs_jw_close(w, false);
	vs_jw_object(w, NULL);
	vs_jw_bool(w, "b", false);
	vs_jw_close(w, false);
	vs_jw_close(w, false);
	vs_jw_close(w, false);
}

static void
writer(void)
{
	VS_BUF_FREE struct vs_buf a = VS_BUF_INIT, b = VS_BUF_INIT;
	struct vs_jw w = { .b = &a };

	build(&w);
	is(a.s, "{\"s\":\"x\",\"kept\":{},\"list\":[-5,true,null,{\"b\":false}]}",
		"compact; what is empty is left out, unless it is kept");
	w = (struct vs_jw){ .b = &b, .pretty = true };
	build(&w);
	is(b.s,
		"{\n  \"s\": \"x\",\n  \"kept\": {},\n  \"list\": [\n    -5,\n"
		"    true,\n    null,\n    {\n      \"b\": false\n    }\n  ]\n}",
		"pretty");
	vs_buf_cut(&a, 0);
	w = (struct vs_jw){ .b = &a };
	vs_jw_object(&w, NULL);
	vs_jw_close(&w, true);
	is(a.s, "{}", "an empty object, kept");
}

static void
reader(void)
{
	static const struct {
		const char *in;
		int line;
	} bad[] = {
		{ "{\"a\": S3CRET}", 1 },
		{ "{\"a\": 1,\n \"S3CRET\" 2}", 2 },
		{ "{} S3CRET", 1 },
		{ "[\"S3CRET\n\"]", 1 },
		{ "{\"S3CRET\":1,\"S3CRET\":1}", 1 },
		{ "\"S3CRET\"", 1 },
	};
	struct vs_err err;
	VS_JSON_FREE json_t *j = vs_json_read("{\"a\": [1]}\n", 11, &err);

	ok(json_array_size(json_object_get(j, "a")) == 1, "read");
	ok(vs_json_read("", 0, &err) == NULL, "nothing");
	is(err.msg, "empty", "is said");
	ok(vs_json_read("[1\0]", 4, &err) == NULL, "a NUL behind a number");
	is(err.msg, "not JSON: byte 3 is NUL", "is said, too");
	for (size_t i = 0; i < VS_LEN(bad); i++) {
		ok(vs_json_read(bad[i].in, strlen(bad[i].in), &err) == NULL, "not JSON");
		ok(err.line == bad[i].line && err.code == VS_ERR_USAGE, "its place");
		ok(strstr(err.msg, "S3CRET") == NULL, "nothing of it is quoted");
	}
}

int
main(void)
{
	strings();
	writer();
	reader();
	return done();
}
