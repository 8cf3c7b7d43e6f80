/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of vCenter: service content, Login, and a list of objects in pages. */
#include "vim/prop.h"
#include "wire.h"

struct seen {
	struct vs_buf text; /* what was passed on */
	size_t ends;
	struct vs_err err;
	bool failed;
};

static void
seen_object(void *arg, struct vs_node *content)
{
	struct seen *s = arg;
	struct vs_err err = { 0 };
	const char *name = vs_prop_text(content, "name");

	must(vs_node_at(content, "obj") != NULL, "an object that is passed on has a reference");
	vs_buf_fmt(&s->text, "%s %s %lld %d %d\n", vs_node_text(content, "obj"), name ? name : "-",
		(long long)vs_prop_int(content, "config.hardware.numCPU", -1),
		vs_prop_bool(content, "config.template"), vs_prop_missing(content, "name") != NULL);
	if (vs_prop_need_config(content, "config.version", "version", &err) < 0) {
		must(err.code == VS_ERR_FAILED && err.msg[0], "a property is missing for a reason");
		vs_buf_fmt(&s->text, "%s\n", err.msg);
	}
}

static void
seen_end(void *arg, const struct vs_err *err)
{
	struct seen *s = arg;

	s->ends++;
	if (err) {
		s->failed = true;
		s->err = *err;
	}
}

static bool
seen_all(void *arg)
{
	return ((struct seen *)arg)->ends > 0;
}

static void
list(const uint8_t *data, size_t n, size_t piece, struct seen *s)
{
	static const char *const paths[] = { "name", "config.version", NULL };
	struct vs_loop *l = vs_loop_new(NULL);
	struct vs_vc *vc = wire_begin(data, n, piece, l);
	struct vs_err err = { 0 };
	struct vs_prop *p;

	if (vs_vc_wait(vc, &err) < 0) {
		seen_end(s, &err);
	} else {
		p = vs_prop_new(vc);
		vs_prop_want(p, "VirtualMachine", paths);
		vs_prop_of(p, "VirtualMachine:vm-1");
		vs_prop_send(p, seen_object, seen_end, s);
		vs_vc_until(vc, seen_all, s, &err);
	}
	must(s->ends == 1, "a list ends once");
	must(wire.requests <= 200 + 2 * wire.answers, "requests come to an end");
	if (s->failed)
		wire_said(&s->err);
	vs_vc_close(vc);
	vs_loop_free(l);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct seen whole = { .text = VS_BUF_INIT }, parts = { .text = VS_BUF_INIT };

	list(data, n, 0, &whole);
	list(data, n, n % 7 + 1, &parts);
	must(strcmp(whole.text.s, parts.text.s) == 0 && whole.failed == parts.failed
			&& strcmp(whole.err.msg, parts.err.msg) == 0,
		"it does not matter in which pieces an answer comes");
	vs_buf_free(&whole.text);
	vs_buf_free(&parts.text);
	return 0;
}
