/* SPDX-License-Identifier: Apache-2.0 */
/* text/record: what is read, what is refused, and that what is written is read again */
#include <stdlib.h>
#include <string.h>

#include "../fuzz/record_road.h"
#include "tap.h"

static const struct {
	const char *line, *record; /* as text; NULL: refused */
	const char *why;	   /* part of the message */
} lines[] = {
	{ "w-1", "w-1", NULL },
	{ "/DC0/vm/w-1\tVirtualMachine:vm-42\tip=10.0.0.17",
		"/DC0/vm/w-1\tVirtualMachine:vm-42\tip=10.0.0.17", NULL },
	{ "w-1\r", "w-1", NULL },
	{ "w-1\t\ta=b\t", "w-1\ta=b", NULL },
	{ "w-1\ta=x=y\ta=z", "w-1\ta=z", NULL },
	{ "w-1\ta=50%25%zz%4", "w-1\ta=50%25%25zz%254", NULL },
	/* no value holds NUL */
	{ "w-1\ta=b%00c", "w-1\ta=b%2500c", NULL },
	{ "w-1\ta=\033[2J\177\xc2\x9b\xe2\x80\xae\xff", "w-1\ta=%1b[2J%7f%c2%9b%e2%80%ae%ff",
		NULL },
	/* invisible, but it acts on nothing: as it is */
	{ "w-1\xe2\x80\x8d\ta=\xe2\x80\x8d", "w-1\xe2\x80\x8d\ta=\xe2\x80\x8d", NULL },
	/* a field whose value looks like a reference, and the other way round */
	{ "w-1\tx=VirtualMachine:vm-6", "w-1\tx=VirtualMachine:vm-6", NULL },
	{ "w-1\tx:y=VirtualMachine:vm-6", "w-1\tx:y=VirtualMachine:vm-6", NULL },
	{ "w-1\tVirtualMachine:vm-1\tx=VirtualMachine:vm-6",
		"w-1\tVirtualMachine:vm-1\tx=VirtualMachine:vm-6", NULL },
	{ "w-1\tx=1\tVirtualMachine:vm-6", NULL, "'VirtualMachine:vm-6' is not a key=value field" },
	{ "w-1\tVirtualMachine:vm-1\tVirtualMachine:vm-6", NULL,
		"'VirtualMachine:vm-6' is not a key=value field" },
	{ "n-1\tNetwork:HaNetwork-VM Network", "n-1\tNetwork:HaNetwork-VM Network", NULL },
	{ "", NULL, "the record has no path" },
	{ "\tVirtualMachine:vm-1", NULL, "the record has no path" },
	{ "w-1\tVirtualMachine:", NULL, "'VirtualMachine:' is not a reference" },
	{ "w-1\t:vm-1", NULL, "':vm-1' is not a reference" },
	{ "w-1\tVirtual Machine:vm-1", NULL, "is not a reference" },
	{ "w-1\tVirtualMachine:vm-1\033[2J", NULL,
		"the reference contains a control character: it is written as '%1b'" },
	{ "w-1\tVirtualMachine:vm-1\xff", NULL, "the reference is not UTF-8" },
	{ "w\033[2J", NULL, "the path contains a control character: it is written as '%1b'" },
	{ "w\xc2\x9b", NULL, "the path contains a control character: it is written as '%c2%9b'" },
	{ "w\xe2\x80\xae", NULL,
		"the path contains a control character: it is written as '%e2%80%ae'" },
	{ "w\xff", NULL, "the path is not UTF-8" },
	{ "w-1\tk\a=v", NULL, "the key of a field contains a control character" },
	{ "w-1\tk\xe2\x80\xa8=v", NULL, "the key of a field contains a control character" },
	{ "w-1\tk\xff=v", NULL, "the key of a field is not UTF-8" },
	{ "w-1\t=v", NULL, "is not a key=value field" },
	{ "w-1\tref=VirtualMachine:vm-6", NULL, "'ref' is not the key of a field" },
	{ "w-1\tpath=/DC0/vm/w-2", NULL, "'path' is not the key of a field" },
	{ "w-1\tname=w-2", NULL, "'name' is not the key of a field" },

	{ "{\"path\":\"/DC0/vm/w-1\",\"ref\":\"VirtualMachine:vm-1\",\"name\":\"x\",\"k\":\"a\\tb%\"}",
		"/DC0/vm/w-1\tVirtualMachine:vm-1\tk=a%09b%25", NULL },
	{ "{\"name\":\"w-1\"}", "w-1", NULL },
	{ "{\"path\":\"{w\"}", "%7bw", NULL },
	{ "{\"path\":\"w-1\",\"x\":\"VirtualMachine:vm-6\"}", "w-1\tx=VirtualMachine:vm-6", NULL },
	{ "{\"path\":\"/DC0/vm/worker-1\",\"ref\":\"VirtualMachine:vm-1\",\"k\\n/DC0/vm/victim\\tVirtualMachine:vm-6\\tz\":\"v\"}",
		NULL, "the key of a field contains a control character: it is written as '%0a'" },
	{ "{\"path\":\"w\\nv\"}", NULL, "the path contains a control character" },
	{ "{\"path\":\"w\",\"ref\":\"VirtualMachine:vm-1\\nv\"}", NULL,
		"the reference contains a control character" },
	{ "{\"path\":\"w\",\"ref\":\"VirtualMachine:vm-1\\tz\"}", NULL,
		"the reference contains a control character" },
	{ "{\"path\":\"w\",\"ref\":\"vm-1\"}", NULL, "'vm-1' is not a reference" },
	{ "{\"path\":\"w\",\"ref\":\"VirtualMachine:vm=1\"}", NULL, "is not a reference" },
	{ "{\"path\":\"w\",\"ref\":\"\"}", NULL, "'' is not a reference" },
	{ "{\"path\":\"w\",\"a=b\":\"c\"}", NULL, "'a=b' is not the key of a field" },
	{ "{\"path\":\"w\",\"\":\"c\"}", NULL, "a field has no key" },
	{ "{\"path\":\"w\",\"k\":1}", NULL, "\"k\" is not a string" },
	{ "{\"path\":1,\"name\":\"w\"}", NULL, "a record needs \"path\"" },
	{ "{\"path\":\"\",\"name\":\"w\"}", NULL, "a record needs \"path\"" },
	{ "{\"path\":\"w\",\"k\":\"1\",\"k\":\"2\"}", NULL,
		"not a JSON object: duplicate object key" },
	{ "{\"path\":\"w\",\"\\u0070ath\":\"v\"}", NULL, "duplicate object key" },
	{ "{\"path\":\"w\",\"k\":\"a\\u0000b\"}", NULL, "not a JSON object" },
	{ "{\"path\":\"w\"} x", NULL, "not a JSON object" },
	{ "{\"path\":\"w\",\"k\":\"\xff\"}", NULL, "not a JSON object" },
};

static void
reading(void)
{
	for (size_t i = 0; i < VS_LEN(lines); i++) {
		VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
		struct vs_rec r = { 0 };
		struct vs_err err = { 0 };

		if (vs_rec_read(lines[i].line, strlen(lines[i].line), &r, &err) == 0) {
			vs_rec_write(&r, false, &b);
			is(b.s, lines[i].record, "a line that is read");
			record_road(&r, true);
		} else {
			ok(lines[i].record == NULL && err.code == VS_ERR_USAGE,
				"a line that is refused");
			if (!strstr(err.msg, lines[i].why))
				is(err.msg, lines[i].why, "... and why");
		}
		vs_rec_free(&r);
	}
}

/* What a server could send, if nobody had refused it before. */
static void
writing(void)
{
	struct vs_rec r = { .path = vs_strdup("/DC0/vm/w\n-1"),
		.ref = vs_strdup("VirtualMachine:vm-1\n/DC0/vm/v\tVirtualMachine:vm-6") };
	VS_BUF_FREE struct vs_buf text = VS_BUF_INIT, json = VS_BUF_INIT;

	vs_rec_set(&r, "a=b\tc", "1\n2%");
	vs_rec_set(&r, "ref", "VirtualMachine:vm-6");
	vs_rec_set(&r, "u", "\xe2\x80\xae\xff");
	vs_rec_write(&r, false, &text);
	is(text.s,
		"/DC0/vm/w%0a-1\tVirtualMachine:vm-1%0a/DC0/vm/v%09VirtualMachine:vm-6"
		"\ta%3db%09c=1%0a2%25\t%72ef=VirtualMachine:vm-6\tu=%e2%80%ae%ff",
		"one line with its own fields only");
	vs_rec_write(&r, true, &json);
	is(json.s,
		"{\"path\":\"/DC0/vm/w%0a-1\","
		"\"ref\":\"VirtualMachine:vm-1%0a/DC0/vm/v%09VirtualMachine:vm-6\","
		"\"name\":\"w%0a-1\",\"a%3db%09c\":\"1\\n2%\",\"%72ef\":\"VirtualMachine:vm-6\","
		"\"u\":\"\\u202e\\ufffd\"}",
		"the same in JSON");
	vs_rec_free(&r);
}

/* Parts that mean something somewhere. */
static const char *const parts[] = { "w-1", "/", "DC0", "vm", "%", "%0a", "%25", "%00", "=", ":",
	"VirtualMachine:vm-6", "\n", "\t", "\r", "\033[2J", "\177", "\xc2\x80", "\xc2\x9f",
	"\xe2\x80\xae", "\xe2\x80\xa8", "\xe2\x81\xa6", "\xd8\x9c", "\xc3\xa4", "\xf0\x9f\x98\x80",
	"\xf3\xa0\x81\x81", "\xff", "\xc3", "{", "}", "\"", "\\", "\\n", " ", "path", "ref", "name",
	"k", "\\u0000", "," };

static char *
some(size_t most)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	for (size_t n = (size_t)random() % most + 1; n > 0; n--)
		vs_buf_str(&b, parts[(size_t)random() % VS_LEN(parts)]);
	return vs_buf_take(&b);
}

/* Any texts in a record, and any text as a line; must() ends the process if an invariant
 * does not hold. */
static void
random_records(void)
{
	size_t taken = 0;

	srandom(12);
	for (int i = 0; i < 20000; i++) {
		VS_FREE char *line = some(12), *name = some(4);
		struct vs_rec r = { .path = some(4) }, back = { 0 };
		struct vs_err err;

		if (random() % 2)
			r.ref = some(3);
		for (long n = random() % 4; n > 0; n--) {
			VS_FREE char *key = some(2), *value = some(4);

			vs_rec_set(&r, key, value);
		}
		record_road(&r, false);
		record_road_name(name);
		record_road_line(line, strlen(line));
		if (vs_rec_read(line, strlen(line), &back, &err) == 0)
			taken++;
		vs_rec_free(&back);
		vs_rec_free(&r);
	}
	ok(taken > 500, "20000 records and lines: what is written is read");
}

static void
fields(void)
{
	struct vs_rec r = { .path = vs_strdup("w-1") };
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	vs_rec_set(&r, "a", "1");
	vs_rec_set(&r, "b", "2");
	vs_rec_set(&r, "c", "3");
	vs_rec_set(&r, "a", NULL);
	vs_rec_set(&r, "c", "4");
	vs_rec_set(&r, "d", NULL);
	vs_rec_write(&r, false, &b);
	is(b.s, "w-1\tb=2\tc=4", "a field is removed, another one changed");
	vs_rec_free(&r);
}

static void
many_fields(void)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_rec r = { 0 };
	struct vs_err err;

	vs_buf_str(&b, "/w");
	for (int i = 0; i < 1000; i++)
		vs_buf_fmt(&b, "\tk%d=v", i);
	ok(vs_rec_read(b.s, b.len, &r, &err) == 0, "1000 fields");
	vs_rec_free(&r);
	vs_buf_str(&b, "\tlast=v");
	ok(vs_rec_read(b.s, b.len, &r, &err) < 0 && strstr(err.msg, "more than 1000 fields"),
		"but not more");
	vs_rec_free(&r);
}

int
main(void)
{
	fields();
	reading();
	many_fields();
	writing();
	random_records();
	return done();
}
