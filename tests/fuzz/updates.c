/* SPDX-License-Identifier: Apache-2.0 */
/* Answers to the calls of a watch: collector, view, filter, update sets. */
#include "engine/watch.h"
#include "wire.h"

enum { MEMBERS = 4 };

struct seen {
	struct vs_buf text;
	struct vs_watch *watch;
	struct vs_member members[MEMBERS];
	bool gone[MEMBERS], again[MEMBERS];
	size_t left;
	bool broken;
	struct vs_err err;
};

static void
seen_update(struct vs_member *m, struct vs_node *update, bool gone)
{
	struct seen *s = m->arg;
	size_t i = (size_t)(m - s->members);
	struct vs_node *c;

	must(!s->gone[i], "what is gone has no further updates");
	vs_buf_fmt(&s->text, "%zu %s\n", i, gone ? "gone" : vs_node_text(update, "kind"));
	if (gone) {
		must(update == NULL, "what is gone has no update");
		s->gone[i] = true;
		s->left--;
		return;
	}
	for (c = vs_node_at(update, "changeSet"); c; c = vs_node_next(c)) {
		const char *name = vs_node_text(c, "name"), *val = vs_node_text(c, "val");

		vs_buf_fmt(&s->text, "  %s=%s\n", name ? name : "-", val ? val : "-");
		if (name && val && strcmp(name, "info.state") == 0 && strcmp(val, "success") == 0) {
			vs_watch_remove(s->watch, m);
			s->gone[i] = true;
			s->left--;
			return;
		}
		/* taken out, and put in again later, as by a step that answers AGAIN */
		if (name && strcmp(name, "again") == 0) {
			vs_watch_remove(s->watch, m);
			s->again[i] = true;
			return;
		}
	}
}

static void
seen_broken(void *arg, const struct vs_err *err)
{
	struct seen *s = arg;

	s->broken = true;
	s->err = *err;
}

static void
watched(const uint8_t *data, size_t n, size_t piece, struct seen *s)
{
	static const char *const refs[MEMBERS] = { "Task:task-1", "Task:task-2",
		"VirtualMachine:vm-1", "VirtualMachine:vm-1" };
	static const char *const paths[] = { "runtime.powerState", "name", NULL };
	struct vs_loop *l = vs_loop_new(NULL);
	struct vs_vc *vc = wire_begin(data, n, piece, l);
	struct vs_err err;

	s->watch = vs_watch_new(vc, paths, false, seen_broken, s);
	s->left = MEMBERS;
	for (size_t i = 0; i < MEMBERS; i++) {
		s->members[i] = (struct vs_member){ refs[i], seen_update, s, NULL, NULL, 0 };
		vs_watch_add(s->watch, &s->members[i]);
	}
	if (vs_vc_wait(vc, &err) < 0)
		seen_broken(s, &err);
	while (s->left > 0 && !s->broken) {
		for (size_t i = 0; i < MEMBERS; i++)
			if (s->again[i]) {
				vs_watch_add(s->watch, &s->members[i]);
				s->again[i] = false;
			}
		vs_watch_turn(s->watch);
		if (!s->broken && s->left > 0)
			vs_loop_turn(l, -1);
	}
	must(wire.requests <= 400 + 2 * wire.answers, "requests come to an end");
	if (s->broken)
		wire_said(&s->err);
	vs_watch_close(s->watch, n % 2);
	while (vs_watch_busy(s->watch))
		vs_loop_turn(l, -1);
	for (size_t i = 0; i < MEMBERS; i++)
		vs_watch_remove(s->watch, &s->members[i]);
	vs_watch_free(s->watch);
	vs_vc_close(vc);
	vs_loop_free(l);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct seen whole = { .text = VS_BUF_INIT }, parts = { .text = VS_BUF_INIT };

	watched(data, n, 0, &whole);
	watched(data, n, n % 7 + 1, &parts);
	must(strcmp(whole.text.s, parts.text.s) == 0 && whole.broken == parts.broken
			&& strcmp(whole.err.msg, parts.err.msg) == 0,
		"it does not matter in which pieces an answer comes");
	vs_buf_free(&whole.text);
	vs_buf_free(&parts.text);
	return 0;
}
