/* Butane to Ignition: the first byte says how (see below), the rest is the
 * document; what follows a line "%%%" is merged on top of it. */
#include <string.h>

#include "base/mem.h"
#include "fuzz.h"
#include "ign/butane.h"
#include "ign/validate.h"
#include "ign/fill.h"
#include "ign/guestinfo.h"
#include "ign/merge.h"
#include "text/json.h"
#include "text/utf8.h"

enum {
	PRETTY = 2,
	FILES = 4,	/* local files are below FOLDER */
};

#define FOLDER "tests/fuzz/files"
#define SECRET "S3CRET"

struct input {
	unsigned how;
	bool secret;			/* the secret is in the text itself */
	const char *text, *on;		/* on: NULL: none */
	size_t n, on_n;
};

static void
variables(struct vs_vars *vars)
{
	vs_vars_set(vars, "ONE", "x: \"\n- y", false);
	vs_vars_set(vars, "NUMBER", "0644", false);
	vs_vars_set(vars, "SECRET", SECRET, true);
	vs_vars_add(vars, "LIST", "a");
	vs_vars_add(vars, "LIST", "b");
	vs_vars_add(vars, "NONE", NULL);
}

/* What is said of a document is one line of text, and no secret. */
static void
said(const struct input *in, const struct vs_report *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const char *s = r->v[i].text;

		must(s && *s && strpbrk(s, "\n\r\033") == NULL, "a finding is one line");
		must(vs_utf8(s, strlen(s)), "a finding is UTF-8");
		must(in->secret || strstr(s, SECRET) == NULL,
			"a finding tells no secret");
	}
}

static int
read_one(struct vs_yaml_doc *d, const char *s, size_t n, struct vs_vars *vars,
	struct vs_report *r)
{
	struct vs_err err = { 0 };

	if (vs_yaml_read(d, s, n, "f", &err) < 0) {
		must(err.code == VS_USAGE && err.msg[0], "a refusal says why");
		must(vs_utf8(err.msg, strlen(err.msg)), "a refusal is UTF-8");
		return -1;
	}
	return vs_fill(d, vars, r);
}

/* All of it, as ign-gen does: see gen.c; the minor, or -1. */
static int
made(const struct input *in, struct vs_report *r, struct vs_buf *json,
	struct vs_buf *other)
{
	VS_VARS_FREE struct vs_vars vars = { 0 };
	VS_YAML_FREE struct vs_yaml_doc on = { 0 }, d = { 0 };
	int bad;

	variables(&vars);
	bad = read_one(&d, in->text, in->n, &vars, r);
	if (in->on)
		bad |= read_one(&on, in->on, in->on_n, &vars, r) < 0
			|| vs_butane_check(&on, "on", r) < 0;
	if (bad)
		return -1;
	if (in->on)
		vs_merge(&d, &on);
	if (vs_butane_check(&d, "f", r) < 0)
		return -1;
	vs_butane_expand(&d, in->how & FILES ? FOLDER : NULL, r);
	vs_validate(&d, r);
	if (r->errors > 0)
		return -1;
	vs_ignition_write(&d, r->spec, in->how & PRETTY, json);
	vs_ignition_write(&d, r->spec, !(in->how & PRETTY), other);
	return r->spec;
}

static json_t *
parsed(const struct vs_buf *b)
{
	return json_loadb(b->s, b->len, JSON_REJECT_DUPLICATES, NULL);
}

/* Ignition is JSON, whether pretty or not; the same each time; and read. */
static void
written(const struct input *in, const struct vs_buf *json,
	const struct vs_buf *other)
{
	VS_JSON_FREE json_t *a = parsed(json), *b = parsed(other);
	VS_BUF_FREE struct vs_buf again = VS_BUF_INIT, rest = VS_BUF_INIT,
		data = VS_BUF_INIT;
	VS_REPORT_FREE struct vs_report r = { 0 };
	struct vs_err err = { 0 };

	must(a && b, "what is written is JSON");
	must(json_equal(a, b), "pretty is the same");
	must(json->s[json->len - 1] == '\n', "with a line feed at its end");
	must(made(in, &r, &again, &rest) >= 0 && again.len == json->len
		&& memcmp(again.s, json->s, json->len) == 0, "the same the second time");
	must(vs_ign_pack(json->s, json->len, &data, &err) == 0, "a config for a VM");
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
	in = (struct input){ .how = data[0], .text = (const char *)data + 1,
		.n = n - 1,
		.secret = memmem(data, n, SECRET, strlen(SECRET)) != NULL };
	split(&in);
	if (made(&in, &r, &json, &other) >= 0)
		written(&in, &json, &other);
	vs_report_sort(&r);
	said(&in, &r);
	return 0;
}
