/* SPDX-License-Identifier: Apache-2.0 */
/* kube: JSON streams, what is read from a Node, and which Node a record means. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "kube/client.h"
#include "kube/json_stream.h"
#include "kube/node.h"
#include "kube/node_record.h"
#include "kube/object.h"
#include "tap.h"
#include "text/json.h"

static struct vs_buf seen = VS_BUF_INIT;
static struct vs_err err;

static int
each(void *arg, const char *s, size_t n, struct vs_err *e)
{
	(void)arg;
	if (strlen(s) != n)
		return vs_fail(e, VS_ERR_FAILED, "not terminated");
	if (strstr(s, "stop"))
		return vs_fail(e, VS_ERR_FAILED, "stopped");
	vs_buf_fmt(&seen, "<%s>", s);
	return 0;
}

static const char *const skip[] = { "big", "bigger", NULL };

/* Feed text in chunks of step bytes; what came out is in seen, the text around it
 * in *rest. */
static int
split(enum vs_json_stream_kind kind, const char *text, size_t step, char **rest)
{
	size_t n = strlen(text);
	struct vs_json_stream s;
	int bad = 0;

	vs_buf_cut(&seen, 0);
	vs_json_stream_init(&s, kind, each, NULL, skip);
	for (size_t i = 0; i < n && !bad; i += step)
		bad = vs_json_stream_feed(&s, text + i, n - i < step ? n - i : step, &err);
	if (rest)
		*rest = vs_strdup(s.rest.s);
	vs_json_stream_free(&s);
	return bad;
}

static const char events[] = "{\"type\":\"ADDED\",\"object\":{\"a\":[1,{\"b\":\"}{][\"}]}}\n"
			     "\r\n {\"q\":\"\\\"}\\\\\"}{\"u\":\"\\u007b\"}\n\n";
static const char events_seen[] =
	"<{\"type\":\"ADDED\",\"object\":{\"a\":[1,{\"b\":\"}{][\"}]}}><{\"q\":\"\\\"}\\\\\"}><{\"u\":\"\\u007b\"}>";
static const char list[] =
	"{\"kind\":\"items\",\"metadata\":{\"items\":[{\"no\":1}],\"continue\":\"a]\"} , \"items\" : [ {\"a\":{\"items\":[{}]}} ,\n{\"b\":\"]}\"}],\"z\":[{\"c\":1}]}\n";
static const char list_seen[] = "<{\"a\":{\"items\":[{}]}}><{\"b\":\"]}\"}>";
static const char list_rest[] =
	"{\"kind\":\"items\",\"metadata\":{\"items\":[{\"no\":1}],\"continue\":\"a]\"} , \"items\" : [],\"z\":[{\"c\":1}]}\n";

static const char *const cut_off[] = { "{\"items\":[{}", "{\"items\":[{", "{\"items\":[{}]",
	"{\"items\":[{}],\"metadata\":{}" };

static void
splitting(void)
{
	bool same = true, rests = true;

	for (size_t step = 1; step < sizeof list; step++) {
		VS_FREE char *rest = NULL;

		same &= split(VS_JSON_STREAM_EVENTS, events, step, NULL) == 0
			&& strcmp(seen.s, events_seen) == 0;
		rests &= split(VS_JSON_STREAM_LIST, list, step, &rest) == 0
			&& strcmp(seen.s, list_seen) == 0 && strcmp(rest, list_rest) == 0;
	}
	ok(same, "events, in chunks of every size");
	ok(rests, "a list: items one by one, and the rest of it, at every size");

	ok(split(VS_JSON_STREAM_EVENTS, "{\"a\":1}\n{\"b\"", 3, NULL) == 0
			&& strcmp(seen.s, "<{\"a\":1}>") == 0,
		"an event cut off is not handed on");
	/* as kube/nodes reads it at the end of a list */
	for (size_t i = 0; i < VS_LEN(cut_off); i++) {
		VS_FREE char *rest = NULL;
		int bad = split(VS_JSON_STREAM_LIST, cut_off[i], 3, &rest);
		VS_JSON_FREE json_t *j = vs_json_read(rest, strlen(rest), &err);

		ok(bad == 0 && j == NULL, "a list cut off is not JSON without its items");
	}
	ok(split(VS_JSON_STREAM_LIST, "{\"items\":null}", 1, NULL) == 0 && seen.len == 0,
		"no items: null");
	ok(split(VS_JSON_STREAM_LIST, "{\"items\":[]}", 1, NULL) == 0 && seen.len == 0,
		"no items: an empty list");
	ok(split(VS_JSON_STREAM_EVENTS, "<html>", 1, NULL) == -1, "HTML is refused");
	ok(split(VS_JSON_STREAM_EVENTS, "{}]", 1, NULL) == -1, "a bracket too many");
	ok(split(VS_JSON_STREAM_LIST, "{}}", 1, NULL) == -1, "in a list, too");
	ok(split(VS_JSON_STREAM_LIST, "{\"items\":[1]}", 1, NULL) == -1,
		"an item that is no object");
	ok(split(VS_JSON_STREAM_EVENTS, "{}{\"stop\":1}{}", 99, NULL) == -1
			&& strcmp(err.msg, "stopped") == 0 && strcmp(seen.s, "<{}>") == 0,
		"what each() says ends it");
}

static const char skips[] =
	"{\"big\" : [1,{\"a\":\"]}\\\"\"},[]] ,\"b\":{\"bigger\":{\"big\":{}},\"biggest\":[1],\"big\":\"x,}\"},\"c\":[{\"big\":-1e3},\"big\",{}],\"x\":\"big\",\"bi\\u0067\":1,\"big\":true}";
static const char skips_seen[] =
	"<{\"big\" :null,\"b\":{\"bigger\":null,\"biggest\":[1],\"big\":null},\"c\":[{\"big\":null},\"big\",{}],\"x\":\"big\",\"bi\\u0067\":1,\"big\":null}>";

static void
skipping(void)
{
	bool same = true;

	for (size_t step = 1; step < sizeof skips; step++)
		same &= split(VS_JSON_STREAM_EVENTS, skips, step, NULL) == 0
			&& strcmp(seen.s, skips_seen) == 0;
	if (!ok(same, "members that nobody reads, at every size"))
		printf("# %s\n# %s\n", seen.s, skips_seen);
}

static void
giants(void)
{
	char part[4096];
	struct vs_json_stream s;
	int bad;

	memset(part, 'x', sizeof part);
	vs_buf_cut(&seen, 0);
	vs_json_stream_init(&s, VS_JSON_STREAM_EVENTS, each, NULL, NULL);
	bad = vs_json_stream_feed(&s, "{\"a\":\"", 6, &err);
	for (int i = 0; i < 512 && !bad; i++)
		bad = vs_json_stream_feed(&s, part, sizeof part, &err);
	bad |= vs_json_stream_feed(&s, "\"}", 2, &err);
	ok(!bad && seen.len == 2 * 1024 * 1024 + 10, "an object of 2 MiB");
	bad = vs_json_stream_feed(&s, "{\"a\":\"", 6, &err);
	for (int i = 0; i < 1100 && !bad; i++)
		bad = vs_json_stream_feed(&s, part, sizeof part, &err);
	ok(bad && strcmp(err.msg, "the response contains an object larger than 4096 KiB") == 0,
		"one of more than 4 is refused");
	vs_json_stream_free(&s);
	/* what is skipped takes no memory, but a line without end is no answer */
	vs_json_stream_init(&s, VS_JSON_STREAM_EVENTS, each, NULL, skip);
	bad = vs_json_stream_feed(&s, "{\"big\":\"", 8, &err);
	for (int i = 0; i < 1100 && !bad; i++)
		bad = vs_json_stream_feed(&s, part, sizeof part, &err);
	ok(bad && s.one.cap < 100 && strstr(err.msg, "larger than 4096 KiB"),
		"neither is it within a member that is skipped");
	vs_json_stream_free(&s);
	vs_json_stream_init(&s, VS_JSON_STREAM_LIST, each, NULL, NULL);
	bad = vs_json_stream_feed(&s, "{\"a\":\"", 6, &err);
	for (int i = 0; i < 300 && !bad; i++)
		bad = vs_json_stream_feed(&s, part, sizeof part, &err);
	ok(bad && strcmp(err.msg, "the response has more than 1 MiB outside its items") == 0,
		"so is a list with more than 1 MiB around its items");
	vs_json_stream_free(&s);
}

/* n opening brackets: an event, an item, around the items; skipped. */
static void
deep(enum vs_json_stream_kind kind, const char *head, int n, bool fine, const char *name)
{
	struct vs_json_stream s;
	int bad;

	vs_json_stream_init(&s, kind, each, NULL, skip);
	bad = vs_json_stream_feed(&s, head, strlen(head), &err);
	for (int i = 0; i < n && !bad; i++)
		bad = vs_json_stream_feed(&s, i % 2 ? "{\"a\":" : "[", i % 2 ? 5 : 1, &err);
	ok(fine ? bad == 0 : bad && strstr(err.msg, "nested deeper than 100 levels"), name);
	vs_json_stream_free(&s);
}

static void
depths(void)
{
	deep(VS_JSON_STREAM_EVENTS, "{\"a\":", 99, true, "100 levels");
	deep(VS_JSON_STREAM_EVENTS, "{\"a\":", 100, false, "101 levels");
	deep(VS_JSON_STREAM_EVENTS, "{\"big\":", 100, false, "101 levels that are skipped");
	deep(VS_JSON_STREAM_LIST, "{\"items\":[{\"a\":", 100, false, "in an item");
	deep(VS_JSON_STREAM_LIST, "{\"a\":", 100, false, "around the items");
}

/* What is no Node for us, and why. */
static const struct {
	const char *text, *says;
} no_nodes[] = {
	{ "[]", "the answer is not a Node" },
	{ "\"x\"", "the answer is not a Node" },
	{ "", "the answer is not a Node: empty" },
	{ "{\"kind\":\"Pod\"}", "the answer is not a Node, but has the kind Pod" },
	{ "{\"kind\":\"Status\",\"message\":\"no\"}",
		"the answer is not a Node, but a Status: no" },
	{ "{\"a\":1,\"a\":1}", "duplicate key" },
	{ "{\"a\":\"\\u0000\"}", "the answer is not a Node: not JSON" },
	{ "{\"a\":\"\xff\"}", "the answer is not a Node: not JSON" },
	{ "{\"a\":1e999}", "the answer is not a Node: not JSON" },
	{ "{\"a\":99999999999999999999}", "the answer is not a Node: not JSON" },
	{ "{\"a\":1} x", "the answer is not a Node: not JSON" },
};

static void
answers(void)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_json_size m;
	json_t *j;

	for (size_t i = 0; i < VS_LEN(no_nodes); i++) {
		j = vs_kobject_read(no_nodes[i].text, strlen(no_nodes[i].text), "Node", &err);
		if (!ok(j == NULL && err.code == VS_ERR_FAILED && strstr(err.msg, no_nodes[i].says),
			    no_nodes[i].says))
			printf("# %s\n", err.msg);
		json_decref(j);
	}
	vs_buf_str(&b, "{\"a\":[{}"); /* VS_BOUND_VALUES */
	for (int i = 0; i < 99990; i++)
		vs_buf_str(&b, ",1");
	vs_buf_str(&b, "]}");
	j = vs_kobject_read(b.s, b.len, "Node", &err);
	ok(j != NULL, "99,995 values");
	json_decref(j);
	vs_buf_cut(&b, b.len - 2);
	for (int i = 0; i < 10; i++)
		vs_buf_str(&b, ",{\"a,:[{\\\"\":1}");
	m = vs_json_measure(b.s, b.len);
	ok(m.values == 100025 && m.depth == 3, "counted outside of strings");
	vs_buf_str(&b, "]}");
	j = vs_kobject_read(b.s, b.len, "Node", &err);
	ok(j == NULL && strstr(err.msg, "an object with more than 100000 values"), "100,025");
}

/* metadata that is a part of the next request */
static void
cursors(void)
{
	static const struct {
		const char *value;
		int is;
	} t[] = { { "\"10\"", 1 }, { "\"eyJ2IjoibWV0YS5rOHMuaW8vdjEi==\"", 1 }, { "null", 0 },
		{ "\"\"", 0 }, { "10", -1 }, { "[\"1\"]", -1 }, { "{}", -1 }, { "\"a b\"", -1 },
		{ "\"a\\nb\"", -1 }, { "\"\u00e4\"", -1 } };
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	const char *to = NULL;
	json_t *j;

	for (size_t i = 0; i < VS_LEN(t); i++) {
		VS_FREE char *s = vs_printf("{\"metadata\":{\"v\":%s}}", t[i].value);

		j = vs_kobject_read(s, strlen(s), "Node", &err);
		ok(vs_kobject_cursor(j, "v", &to, &err) == t[i].is, t[i].value);
		json_decref(j);
	}
	vs_buf_str(&b, "{\"metadata\":{\"v\":\"");
	for (int i = 0; i < 20000; i++)
		vs_buf_ch(&b, 'x');
	vs_buf_str(&b, "\"}}");
	j = vs_kobject_read(b.s, b.len, "Node", &err);
	ok(vs_kobject_cursor(j, "v", &to, &err) < 0 && strstr(err.msg, "no valid v"), "20 KB");
	json_decref(j);
	j = vs_kobject_read("{\"metadata\":[]}", 15, "Node", &err);
	ok(vs_kobject_cursor(j, "v", &to, &err) == 0, "metadata of another type");
	json_decref(j);
}

/* ---- nodes */

/* A node by its spec and its conditions; what keeps it from want is in why. */
static void
node(const char *meta, const char *spec, const char *conditions, const struct vs_kwant *want,
	const char *why, const char *name)
{
	VS_FREE char *s = vs_printf(
		"{\"metadata\":{\"name\":\"n\"%s},\"spec\":{%s},\"status\":{\"conditions\":[%s],\"nodeInfo\":{\"kubeletVersion\":\"v1\",\"systemUUID\":\"U\"}}}",
		meta, spec, conditions);
	VS_JSON_FREE json_t *j = vs_json_read(s, strlen(s), &err);
	const struct vs_kwant ready = { 0 };
	struct vs_knode n = { 0 };

	if (!ok(j && vs_knode_read(j, want ? want : &ready, &n, &err) == 0, name))
		return;
	is(n.why, why, name);
	vs_knode_free(&n);
}

#define COND(t, s, m) "{\"type\":\"" t "\",\"status\":\"" s "\",\"message\":\"" m "\"}"
#define READY	      COND("Ready", "True", "kubelet is posting ready status")
#define TAINT(k)      "\"taints\":[{\"key\":\"" k "\",\"effect\":\"NoSchedule\"}]"

static void
readiness(void)
{
	node("", "", READY, NULL, NULL, "ready");
	node("", "\"unschedulable\":false", READY, NULL, NULL, "not cordoned");
	node("", TAINT("gpu"), READY, NULL, NULL, "a taint of one's own");
	node("", TAINT("node.kubernetes.io/out-of-service"), READY, NULL, NULL,
		"a taint of Kubernetes that is no start-up taint");
	node("", "", "", NULL, "the kubelet has not reported yet", "no condition");
	node("", "",
		COND("Ready", "False",
			"container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady"),
		NULL,
		"CNI not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady",
		"no CNI");
	node("", TAINT("node.kubernetes.io/not-ready"), COND("Ready", "False", "disk\\nfull"), NULL,
		"not ready: disk\nfull", "a message is as it was sent, said once");
	node("", "", COND("Ready", "False", "a\\u001b[1mb\\u009b1mc\\u00e4"), NULL,
		"not ready: a\x1b[1mb\xc2\x9b"
		"1mc\xc3\xa4",
		"it is escaped where it is printed");
	node("", TAINT("node.kubernetes.io/unreachable"),
		COND("Ready", "Unknown", "Kubelet stopped posting node status."), NULL,
		"not reporting (is its VM on?): Kubelet stopped posting node status.", "unknown");
	node("", TAINT("node.kubernetes.io/not-ready"), READY, NULL,
		"has the taint 'node.kubernetes.io/not-ready:NoSchedule'",
		"ready, but the taint is still there");
	node("", TAINT("node.cilium.io/agent-not-ready"), READY, NULL,
		"has the taint 'node.cilium.io/agent-not-ready:NoSchedule'",
		"cilium has not come up");
	node("", TAINT("node.cloudprovider.kubernetes.io/uninitialized"), READY, NULL,
		"has the taint 'node.cloudprovider.kubernetes.io/uninitialized:NoSchedule'",
		"no cloud provider yet");
	node("", "\"unschedulable\":true," TAINT("node.kubernetes.io/unschedulable"), READY, NULL,
		"cordoned (see 'kubectl uncordon')", "cordoned, said once");
	node("", TAINT("node.kubernetes.io/unschedulable"), READY, NULL,
		"has the taint 'node.kubernetes.io/unschedulable:NoSchedule'",
		"the taint of a cordon alone");
	node(",\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"", "", READY, NULL, "being deleted",
		"being deleted");
	node(",\"deletionTimestamp\":\"x\"", "\"unschedulable\":true", COND("Ready", "False", "m"),
		NULL, "being deleted; not ready: m; cordoned (see 'kubectl uncordon')",
		"all of it is said");
	node("", "", READY "," COND("NetworkUnavailable", "True", "no route"), NULL,
		"network unavailable: no route", "network");
	node("", "", READY "," COND("NetworkUnavailable", "False", "m"), NULL, NULL,
		"network is there");
}

static void
conditions(void)
{
	struct vs_kwant disk;

	ok(vs_kwant_read("diskpressure=FALSE", &disk, &err) == 0, "a want");

	node("", "\"unschedulable\":true", COND("DiskPressure", "False", "m"), &disk, NULL,
		"a condition, case-blind, and nothing but it");
	node("", "", COND("DiskPressure", "True", "full"), &disk,
		"condition 'DiskPressure' is 'True', not 'False': full", "of another status");
	node("", "", READY, &disk, "has no condition 'diskpressure'", "not there");
	vs_kwant_free(&disk);
	ok(vs_kwant_read("gone", &disk, &err) == 0 && disk.gone, "gone");
	ok(vs_kwant_read("=True", &disk, &err) < 0 && vs_kwant_read("Ready=", &disk, &err) < 0
			&& vs_kwant_read("", &disk, &err) < 0,
		"what is none");
}

static void
uuids(void)
{
	const char *vm = "4213a1b2-c3d4-e5f6-0718-293a4b5c6d7e";

	ok(vs_kuuid_same("4213A1B2-C3D4-E5F6-0718-293A4B5C6D7E", vm), "the same UUID, in capitals");
	ok(vs_kuuid_same("b2a11342-d4c3-f6e5-0718-293a4b5c6d7e", vm),
		"three groups in the other byte order");
	ok(!vs_kuuid_same("b2a11342-d4c3-f6e5-1807-293a4b5c6d7e", vm), "but not the fourth");
	ok(!vs_kuuid_same("4213a1b2-c3d4-e5f6-0718-293a4b5c6d7f", vm), "another UUID");
	ok(!vs_kuuid_same("", vm) && !vs_kuuid_same("x", vm) && vs_kuuid_same("x", "X"),
		"what is no UUID is text");
}

/* A '+' of a continue token would be read as a blank. */
static void
quoting(void)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	vs_kube_quote(&b, "a-b.c_d~+/=,% \xc3\xa4");
	is(b.s, "a-b.c_d~%2B%2F%3D%2C%25%20%C3%A4", "what a query may not contain is encoded");
}

int
main(void)
{
	static const char nameless[] = "{\"spec\":1,\"status\":[]}";
	static const char odd[] = "{\"metadata\":{\"name\":\"a\"},\"spec\":1,\"status\":[]}";
	VS_JSON_FREE json_t *j = NULL;
	const struct vs_kwant ready = { 0 };
	struct vs_knode n = { 0 };

	quoting();
	splitting();
	skipping();
	giants();
	depths();
	answers();
	cursors();
	readiness();
	conditions();
	uuids();
	j = vs_json_read(nameless, sizeof nameless - 1, &err);
	ok(vs_knode_read(j, &ready, &n, &err) < 0, "no name: no node");
	json_decref(j);
	j = vs_json_read(odd, sizeof odd - 1, &err);
	ok(vs_knode_read(j, &ready, &n, &err) == 0 && n.why && !n.uuid,
		"members of the wrong kind are not there");
	vs_knode_free(&n);
	vs_buf_free(&seen);
	return done();
}
