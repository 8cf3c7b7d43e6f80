/* SPDX-License-Identifier: Apache-2.0 */
/* Butane to Ignition: the first byte selects options (see road.h), the rest is the
 * document; what follows a line "%%%" is merged into it. */
#include "butane/to_butane.h"
#include "guestinfo/guestinfo.h"
#include "ign/ignition.h"
#include "road.h"

/* The output is JSON, pretty or not, the same each time, and can be packed for a VM. */
static void
written(const struct input *in, const struct vs_buf *json, const struct vs_buf *other)
{
	VS_JSON_FREE json_t *a = road_json(json), *b = road_json(other);
	VS_BUF_FREE struct vs_buf again = VS_BUF_INIT, rest = VS_BUF_INIT, data = VS_BUF_INIT;
	VS_REPORT_FREE struct vs_report r = { 0 };
	struct vs_err err = { 0 };

	must(a && b, "the output is JSON");
	must(json_equal(a, b), "pretty output is the same");
	must(json->s[json->len - 1] == '\n', "the output ends with a line feed");
	must(made(in, &r, &again, &rest) == 0 && again.len == json->len
			&& memcmp(again.s, json->s, json->len) == 0,
		"the second output is the same");
	must(vs_guestinfo_pack(json->s, json->len, &data, &err) == 0,
		"the output can be packed for a VM");
}

/* Go's yaml refuses some texts that libyaml reads. */
static bool
go_reads(const char *s, size_t n)
{
	VS_TREE_FREE struct vs_tree_doc d = { .lax = true };
	struct vs_err err;

	return s == NULL || vs_yaml_read(&d, s, n, "f", &err) == 0;
}

/* An accepted document is accepted with --lax, too, with the same output. */
static void
laxly(const struct input *in, const struct vs_buf *json)
{
	VS_BUF_FREE struct vs_buf again = VS_BUF_INIT, rest = VS_BUF_INIT;
	VS_REPORT_FREE struct vs_report r = { 0 };
	struct input lax = *in;

	if (!go_reads(in->text, in->n) || !go_reads(in->on, in->on_n))
		return;
	lax.how |= LAX;
	must(made(&lax, &r, &again, &rest) == 0, "lax accepts no less");
	must(again.len == json->len && memcmp(again.s, json->s, json->len) == 0,
		"lax makes the same");
}

/* The output is accepted as input; translated back to Butane it makes the same config. */
static void
back(const struct vs_buf *json)
{
	VS_BUF_FREE struct vs_buf copy = VS_BUF_INIT, yaml = VS_BUF_INIT, again = VS_BUF_INIT,
				  rest = VS_BUF_INIT;
	VS_REPORT_FREE struct vs_report r = { .lax = true, .json = true }, r2 = { .lax = true },
					r3 = { 0 };
	VS_TREE_FREE struct vs_tree_doc d = { 0 };
	struct input in = { .how = LAX };

	must(vs_ignition_read(&d, json->s, json->len, "j", &r) == 0
			&& vs_ignition_check(&d, "j", &r) == 0 && r.errors == 0,
		"the output is Ignition");
	vs_ignition_write(&d, r.spec, false, &copy);
	must(same_config(json, &copy, true), "read and written again it is the same");
	must(vs_to_butane(json->s, json->len, "j", &r2, &yaml) == 0,
		"the output can be translated back");
	in.text = yaml.s;
	in.n = yaml.len;
	must(made(&in, &r3, &again, &rest) == 0, "the way back makes Butane");
	must(same_config(json, &again, true), "which makes the same config");
}

static void
split(struct input *in)
{
	static const char line[] = "\n%%%\n";
	const char *at = in->n ? memmem(in->text, in->n, line, sizeof line - 1) : NULL;

	if (at == NULL)
		return;
	in->on = at + sizeof line - 1;
	in->on_n = in->n - (size_t)(in->on - in->text);
	in->n = (size_t)(at + 1 - in->text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	VS_BUF_FREE struct vs_buf json = VS_BUF_INIT, other = VS_BUF_INIT;
	VS_REPORT_FREE struct vs_report r = { 0 };
	struct input in = { 0 };

	if (n == 0)
		return 0;
	in = (struct input){ .how = data[0], .text = (const char *)data + 1, .n = n - 1 };
	split(&in);
	if (made(&in, &r, &json, &other) == 0) {
		written(&in, &json, &other);
		if (!(in.how & LAX))
			laxly(&in, &json);
		back(&json);
	} else {
		must(json.len == 0, "a refused document has no output");
	}
	vs_report_sort(&r);
	said(&r, data, n);
	return 0;
}
