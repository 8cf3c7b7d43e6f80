/* SPDX-License-Identifier: Apache-2.0 */
/* growth - CPU time for n and for 2n of something, for what reads input of others.
 * Prints "name<TAB>n<TAB>ms for n<TAB>ratio<TAB>ms of the longest call" for each row.
 * To measure something else, add a row: how its input begins, is repeated and ends, and
 * how it is read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "base/io.h"
#include "base/mem.h"
#include "engine/members.h"
#include "kube/json_stream.h"
#include "net/tls.h"
#include "rke2/version.h"
#include "text/gzip.h"
#include "text/json.h"
#include "text/json_tree.h"
#include "text/record.h"
#include "text/visible.h"
#include "text/xml.h"
#include "text/yaml.h"
#include "vim/fault.h"
#include "vim/prop.h"
#include "vim/trace.h"

enum { ENOUGH_MS = 50, PART = 16 << 10 };

static double longest; /* ms of a call that reads a part of a stream */

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
fail(const char *what, const struct vs_err *err)
{
	fprintf(stderr, "growth: %s: %s\n", what, err->msg);
	exit(1);
}

/* ---- how it is read */

static struct vs_node *
feed_xml(struct vs_xp *xp, const struct vs_buf *b)
{
	struct vs_err err = { 0 };
	struct vs_node *root;

	for (size_t at = 0; at < b->len; at += PART) {
		double from = now();

		if (vs_xp_feed(xp, b->s + at, b->len - at < PART ? b->len - at : PART, &err) < 0)
			fail("XML", &err);
		longest = now() - from > longest ? now() - from : longest;
	}
	root = vs_xp_end(xp, &err);
	if (root == NULL)
		fail("XML", &err);
	return root;
}

static void
read_xml(const struct vs_buf *b)
{
	struct vs_xp *xp = vs_xp_new(NULL, NULL, NULL);

	feed_xml(xp, b);
	vs_xp_free(xp);
}

static void
read_fault(const struct vs_buf *b)
{
	struct vs_xp *xp = vs_xp_new(NULL, NULL, NULL);
	struct vs_err err;

	vs_fault_err(feed_xml(xp, b), "text", &err);
	vs_xp_free(xp);
}

static int
drop(void *arg, const char *s, size_t n, struct vs_err *err)
{
	(void)arg, (void)s, (void)n, (void)err;
	return 0;
}

static void
read_stream(const struct vs_buf *b, enum vs_json_stream_kind kind)
{
	struct vs_json_stream s;
	struct vs_err err = { 0 };

	vs_json_stream_init(&s, kind, drop, NULL, NULL);
	for (size_t at = 0; at < b->len; at += PART) {
		double from = now();

		if (vs_json_stream_feed(
			    &s, b->s + at, b->len - at < PART ? b->len - at : PART, &err)
			< 0)
			fail("JSON stream", &err);
		longest = now() - from > longest ? now() - from : longest;
	}
	vs_json_stream_free(&s);
}

static void
read_list(const struct vs_buf *b)
{
	read_stream(b, VS_JSON_STREAM_LIST);
}

static void
read_events(const struct vs_buf *b)
{
	read_stream(b, VS_JSON_STREAM_EVENTS);
}

static void
read_json(const struct vs_buf *b)
{
	struct vs_tree_doc d = { 0 };
	struct vs_err err = { 0 };

	if (vs_json_tree_read(&d, b->s, b->len, "growth", &err) < 0)
		fail("JSON", &err);
	vs_tree_free(&d);
}

static void
read_yaml(const struct vs_buf *b)
{
	struct vs_tree_doc d = { 0 };
	struct vs_err err = { 0 };

	if (vs_yaml_read(&d, b->s, b->len, "growth", &err) < 0)
		fail("YAML", &err);
	vs_tree_free(&d);
}

static void
read_records(const struct vs_buf *b)
{
	struct vs_err err = { 0 };

	for (const char *s = b->s; *s; s += *s == '\n') {
		struct vs_rec r = { 0 };
		size_t n = strcspn(s, "\n");

		if (vs_rec_read(s, n, &r, &err) < 0)
			fail("record", &err);
		vs_rec_free(&r);
		s += n;
	}
}

static void
read_gzip(const struct vs_buf *b)
{
	VS_BUF_FREE struct vs_buf z = VS_BUF_INIT, to = VS_BUF_INIT;
	struct vs_err err = { 0 };

	vs_gzip(b->s, b->len, &z);
	if (vs_gunzip(z.s, z.len, &to, &err) < 0)
		fail("gzip", &err);
}

static void
read_properties(const struct vs_buf *b)
{
	struct vs_xp *xp = vs_xp_new(NULL, NULL, NULL);
	struct vs_node *o = vs_node_at(feed_xml(xp, b), "objects");

	for (; o; o = vs_node_next(o))
		(void)vs_prop_text(o, "last");
	vs_xp_free(xp);
}

static void
read_update(struct vs_member *m, struct vs_node *update, bool gone)
{
	(void)m, (void)update, (void)gone;
}

/* Each object enters, and leaves. */
static void
read_updates(const struct vs_buf *b)
{
	struct vs_xp *xp = vs_xp_new(NULL, NULL, NULL);
	struct vs_node *first = feed_xml(xp, b)->child, *o;
	VS_XW_FREE struct vs_xw w = VS_XW_INIT;
	VS_FREE struct vs_member *all = NULL;
	struct vs_members ms = { 0 };
	size_t n = 0;

	for (o = first; o; o = o->next)
		n++;
	all = vs_alloc(n, sizeof *all);
	for (o = first; o; o = o->next) {
		all[--n] = (struct vs_member){ .ref = o->text, .update = read_update };
		vs_members_add(&ms, &all[n]);
	}
	vs_members_write(&ms, &w, "add", "remove");
	vs_members_expect(&ms);
	for (o = first; o; o = o->next)
		vs_members_update(&ms, o->text, "enter", o);
	for (o = first; o; o = o->next)
		vs_members_update(&ms, o->text, "leave", o);
	vs_members_missing(&ms);
	vs_members_free(&ms);
	vs_xp_free(xp);
}

static void
read_trace(const struct vs_buf *b)
{
	VS_BUF_FREE struct vs_buf to = VS_BUF_INIT;

	vs_trace_reply(b->s, b->len, &to);
}

static void
read_shown(const struct vs_buf *b)
{
	VS_BUF_FREE struct vs_buf to = VS_BUF_INIT;

	vs_visible(&to, b->s, b->len);
}

static void
read_versions(const struct vs_buf *b)
{
	struct vs_version v;
	struct vs_err err;

	(void)vs_version_find(&v, b->s, &err);
}

/* As the session cache. */
static void
read_object(const struct vs_buf *b)
{
	struct vs_err err = { 0 };
	VS_JSON_FREE json_t *o = vs_json_read(b->s, b->len, &err);

	if (o == NULL)
		fail("JSON object", &err);
}

static void
read_known_hosts(const struct vs_buf *b)
{
	VS_CLOSEFD int fd = memfd_create("hosts", MFD_CLOEXEC);
	VS_FREE char *file = vs_printf("/proc/self/fd/%d", fd);
	VS_FREE char *pins = NULL;
	struct vs_err err = { 0 };

	if (vs_write_fd(fd, b->s, b->len, &err) < 0
		|| vs_known_host(file, "vc.example", 443, &pins, &err) < 0)
		fail("known hosts", &err);
}

/* ---- what is read: "%d" in `again` is its number */

static const struct row {
	const char *name, *begin, *again, *end;
	void (*read)(const struct vs_buf *);
	int most; /* where a bound ends it; 0: none */
} rows[] = {
	{ "XML: small elements", "<a>", "<b/>", "</a>", read_xml, 0 },
	{ "XML: elements of a listing", "<a>",
		"<o><obj type='V'>vm-%d</obj><propSet><name>name</name><val>w-%d</val></propSet></o>",
		"</a>", read_xml, 0 },
	{ "XML: names", "<a>", "<b%d/>", "</a>", read_xml, 60000 },
	{ "XML: attributes of one tag", "<a", " a%d=''", "/>", read_xml, 3000 },
	{ "XML: attributes of many tags", "<a>", "<b a='1' b='2' c='3' d='4' e='%d'/>", "</a>",
		read_xml, 0 },
	{ "XML: namespaces", "<a>", "<x:b xmlns:x='u%d'/>", "</a>", read_xml, 60000 },
	{ "XML: one text", "<a>", "text %d ", "</a>", read_xml, 0 },
	{ "XML: deep text", "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>", "text<b/>%d",
		"</a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a>",
		read_xml, 0 },
	{ "XML: comments", "<a>", "<!-- comment %d -->", "</a>", read_xml, 0 },
	{ "XML: instructions", "<a>", "<?pi %d?>", "</a>", read_xml, 0 },
	{ "XML: entities", "<a>", "&lt;&#%d;", "</a>", read_xml, 0 },
	{ "XML: CDATA sections", "<a>", "<![CDATA[ %d ]]>", "</a>", read_xml, 0 },
	{ "XML: one CDATA section", "<a><![CDATA[", "text %d ", "]]></a>", read_xml, 4000 },
	{ "fault: messages", "<a>",
		"<faultMessage><key>k%d</key><message>message %d</message></faultMessage>", "</a>",
		read_fault, 0 },
	{ "objects", "<a>",
		"<objects><obj>vm-%d</obj><propSet><name>name</name><val>w</val></propSet></objects>",
		"</a>", read_properties, 0 },
	{ "properties of an object", "<a><objects>",
		"<propSet><name>p%d</name><val>v</val></propSet>", "</objects></a>",
		read_properties, 0 },
	{ "updates", "<a>", "<o>VirtualMachine:vm-%d</o>", "</a>", read_updates, 0 },
	{ "trace: advanced keys", "", "<key>k%d</key><value>s</value>", "", read_trace, 0 },
	{ "trace: a value that is cut off", "<key>k</key><value>", "<a>", "", read_trace, 0 },
	{ "text that is shown", "", "a\x1b[%dm\xc2\x9b", "", read_shown, 0 },
	{ "text without a version", "", "v1.3%d v v1. ", "", read_versions, 0 },
	{ "known hosts", "", "vc%d.example AB:CD\n", "", read_known_hosts, 0 },
	{ "JSON object: keys", "{\"a\":1", ",\"k%d\":1", "}", read_object, 0 },
	{ "JSON list: items", "{\"items\":[{}", ",{\"metadata\":{\"name\":\"n%d\"}}", "]}",
		read_list, 0 },
	{ "JSON stream: events", "", "{\"type\":\"MODIFIED\",\"object\":{\"name\":\"n%d\"}}\n", "",
		read_events, 0 },
	{ "JSON: keys", "{\"a\":1", ",\"k%d\":1", "}", read_json, 0 },
	{ "JSON: items", "[1", ",{\"k\":%d}", "]", read_json, 0 },
	{ "YAML: keys", "", "k%d: v\n", "", read_yaml, 0 },
	{ "YAML: items", "", "- {k: %d}\n", "", read_yaml, 0 },
	{ "records", "", "/DC0/vm/w-%d\tVirtualMachine:vm-%d\tip=10.0.0.1\n", "", read_records, 0 },
	{ "record: fields", "/DC0/vm/w\tVirtualMachine:vm-1", "\tk%d=v", "\n", read_records, 1000 },
	{ "gzip: text", "", "text %d and text\n", "", read_gzip, 0 },
};

static void
make(const struct row *r, int n, struct vs_buf *b)
{
	vs_buf_cut(b, 0);
	vs_buf_str(b, r->begin);
	for (int i = 0; i < n; i++)
		vs_buf_fmt(b, r->again, 1000 + (strstr(r->again, "&#") ? i % 50000 : i), 1000 + i);
	vs_buf_str(b, r->end);
}

static double
once(const struct row *r, const struct vs_buf *b)
{
	double from = now();

	r->read(b);
	return now() - from;
}

/* The least times of some runs, in turn: other programs only add to them. */
static void
measure(const struct row *r)
{
	VS_BUF_FREE struct vs_buf one = VS_BUF_INIT, two = VS_BUF_INIT;
	double ms, ms2 = 1e9, t;
	int n = 500;

	make(r, n, &one);
	while ((ms = once(r, &one)) < ENOUGH_MS && (r->most == 0 || n * 4 <= r->most))
		make(r, n *= 2, &one);
	make(r, 2 * n, &two);
	longest = 0;
	for (int i = 0; i < 8 && (i < 3 || ms2 > ms * 2.1); i++) {
		t = once(r, &one);
		ms = t < ms ? t : ms;
		t = once(r, &two);
		ms2 = t < ms2 ? t : ms2;
	}
	printf("%s\t%d\t%.1f\t%.2f\t%.1f\n", r->name, n, ms, ms2 / ms, longest);
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	for (size_t i = 0; i < VS_LEN(rows); i++)
		if (argc < 2 || strstr(rows[i].name, argv[1]))
			measure(&rows[i]);
	return 0;
}
