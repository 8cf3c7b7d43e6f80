/* SPDX-License-Identifier: Apache-2.0 */
/* Lists and watches of a Kubernetes API: the first byte says which, and how large the
 * chunks are that the rest comes in.  Each object is read as a Node, an event and a list. */
#include <string.h>

#include "base/mem.h"
#include "fuzz.h"
#include "kube/json_stream.h"
#include "kube/node.h"
#include "kube/object.h"
#include "text/json.h"

static const char *const skip[] = { "managedFields", "labels", NULL };

/* What came out of a stream, one object a line. */
struct output {
	struct vs_buf b;
	bool read; /* as Nodes, too */
};

static void
read_node(json_t *j)
{
	const struct vs_kwant want[] = { { 0 },
		{ .condition = (char *)"ready", .status = "True" } };
	const char *cursor;
	struct vs_err err = { 0 };

	for (size_t i = 0; i < VS_LEN(want); i++) {
		struct vs_knode node = { 0 };

		if (vs_knode_read(j, &want[i], &node, &err) == 0)
			must(node.name[0] && strlen(node.name) <= 253, "a node has a name");
		else
			must(err.code == VS_ERR_FAILED && err.msg[0], "no node: a message");
		vs_knode_free(&node);
	}
	if (vs_kobject_cursor(j, "resourceVersion", &cursor, &err) > 0)
		must(strcspn(cursor, " \t\r\n\033") == strlen(cursor), "a version is one word");
	if (vs_kobject_cursor(j, "continue", &cursor, &err) > 0)
		must(*cursor, "a token is not empty");
	vs_kobject_time(vs_kobject_str(j, "time"));
}

static void
read_object(const char *s, size_t n, const char *kind)
{
	struct vs_err err = { 0 };
	VS_JSON_FREE json_t *j = vs_kobject_read(s, n, kind, &err);

	if (j == NULL) {
		must(err.code == VS_ERR_FAILED && err.msg[0], "what is refused has a message");
		return;
	}
	must(json_is_object(j), "an object");
	read_node(j);
	if (json_is_object(json_object_get(j, "object")))
		read_node(json_object_get(j, "object"));
}

static int
each(void *arg, const char *s, size_t n, struct vs_err *err)
{
	struct output *to = arg;

	(void)err;
	must(n > 1 && s[0] == '{' && (s[n - 1] == '}' || s[n - 1] == ']') && s[n] == '\0',
		"an object ends with its bracket, and NUL");
	vs_buf_add(&to->b, s, n);
	vs_buf_ch(&to->b, '\n');
	if (to->read) {
		read_object(s, n, "Node");
		read_object(s, n, "WatchEvent");
	}
	return 0;
}

/* 0: all of it is a stream. */
static int
feed(struct output *to, enum vs_json_stream_kind kind, const char *s, size_t n, size_t step)
{
	struct vs_json_stream stream;
	struct vs_err err = { 0 };
	int bad = 0;

	vs_json_stream_init(&stream, kind, each, to, skip);
	for (size_t i = 0; i < n && !bad; i += step)
		bad = vs_json_stream_feed(&stream, s + i, n - i < step ? n - i : step, &err);
	must(!bad || (err.code == VS_ERR_FAILED && err.msg[0]), "an error has a message");
	if (!bad && to->read)
		read_object(stream.rest.s, stream.rest.len, "NodeList");
	vs_buf_add(&to->b, stream.rest.s, bad ? 0 : stream.rest.len);
	vs_json_stream_free(&stream);
	return bad;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct output whole = { .b = VS_BUF_INIT, .read = true }, parts = { .b = VS_BUF_INIT };
	enum vs_json_stream_kind kind;
	int bad;

	if (n < 1)
		return 0;
	kind = data[0] & 1 ? VS_JSON_STREAM_EVENTS : VS_JSON_STREAM_LIST;
	bad = feed(&whole, kind, (const char *)data + 1, n - 1, n);
	must(feed(&parts, kind, (const char *)data + 1, n - 1, 1 + data[0] / 2) == bad,
		"chunks of any size are the same stream");
	must(bad || strcmp(whole.b.s, parts.b.s) == 0, "with the same objects");
	vs_buf_free(&whole.b);
	vs_buf_free(&parts.b);
	return 0;
}
