/* SPDX-License-Identifier: Apache-2.0 */
/* Who is in the view, who wants in, who is told what. */
#include <stdlib.h>

#include "base/mem.h"
#include "engine/members.h"
#include "engine/task.h"
#include "tap.h"
#include "text/xml_write.h"

static struct vs_members ms;

struct who {
	struct vs_member m;
	int told, gone;
};

static void
update(struct vs_member *m, struct vs_node *changes, bool gone)
{
	struct who *w = m->arg;

	(void)changes;
	w->told += !gone;
	w->gone += gone;
}

/* One that leaves as soon as it has heard something. */
static void
update_once(struct vs_member *m, struct vs_node *changes, bool gone)
{
	update(m, changes, gone);
	vs_members_remove(&ms, m);
}

static void
join(struct who *w, const char *ref)
{
	*w = (struct who){ .m = { .ref = ref, .update = update, .arg = w } };
	vs_members_add(&ms, &w->m);
}

/* What a request says now. */
static char *
written(const char *out)
{
	struct vs_xw w = VS_XW_INIT;
	char *s;

	vs_members_write(&ms, &w, "add", out);
	s = vs_strdup(w.b.s);
	vs_xw_free(&w);
	return s;
}

static void
says(const char *out, const char *want, const char *name)
{
	VS_FREE char *s = written(out);

	is(s, want, name);
}

#define ADD(id) "<add type=\"VirtualMachine\">" id "</add>"
#define OUT(id) "<remove type=\"VirtualMachine\">" id "</remove>"
#define REF(id) "VirtualMachine:" id

static void
comes_and_goes(void)
{
	struct who a, b;
	size_t in, out;
	bool urgent;

	join(&a, REF("1"));
	join(&b, REF("2"));
	says(NULL, ADD("1") ADD("2"), "who joined goes in, in that order");
	says("remove", "", "... once");
	vs_members_update(&ms, REF("1"), "enter", NULL);
	ok(a.told == 1 && b.told == 0, "an update is told to whom it is about");
	vs_members_remove(&ms, &a.m);
	vs_members_wanted(&ms, &in, &out, &urgent);
	ok(in == 0 && out == 1 && !urgent, "a removal waits for others");
	vs_members_update(&ms, REF("1"), "modify", NULL);
	ok(a.told == 1, "who left is told no more");
	says("remove", OUT("1"), "it goes out");
	vs_members_update(&ms, REF("1"), "leave", NULL);
	ok(a.gone == 0, "our own removal is no news");
	vs_members_update(&ms, REF("2"), "leave", NULL);
	ok(b.gone == 1, "a leave that we did not ask for is");
	ok(ms.n == 0, "... and ends the membership");
	says("remove", "", "nothing is left to say");
}

static void
comes_again(void)
{
	struct who a, b;
	size_t in, out;
	bool urgent;

	join(&a, REF("1"));
	free(written(NULL));
	vs_members_update(&ms, REF("1"), "enter", NULL);
	join(&b, REF("1"));
	vs_members_wanted(&ms, &in, &out, &urgent);
	ok(urgent && out == 1, "a second one waits for the full state");
	says("remove", OUT("1"), "... out first");
	says("remove", "", "... not in before the leave was seen");
	vs_members_update(&ms, REF("1"), "leave", NULL);
	ok(a.gone == 0 && b.gone == 0, "... which is news for nobody");
	says("remove", ADD("1"), "... then in");
	vs_members_update(&ms, REF("1"), "enter", NULL);
	ok(a.told == 2 && b.told == 1, "... and both hear the state");
	a.m.update = b.m.update = update_once;
	vs_members_update(&ms, REF("1"), "modify", NULL);
	ok(a.told == 3 && b.told == 2 && ms.n == 0, "both may leave while told");
	vs_members_free(&ms);
}

/* Between two polls of ours it may come in, and be wanted out or by another. */
static void
comes_unseen(void)
{
	struct who a, b;
	size_t in, out;
	bool urgent;

	join(&a, REF("1"));
	free(written(NULL));
	join(&b, REF("1"));
	says("remove", "", "a second one, before the first is seen in it: stays");
	vs_members_update(&ms, REF("1"), "enter", NULL);
	ok(a.told == 1 && b.told == 1, "... both hear the full state");
	vs_members_wanted(&ms, &in, &out, &urgent);
	ok(in == 0 && out == 0, "... and that was it");
	vs_members_remove(&ms, &a.m);
	vs_members_remove(&ms, &b.m);
	says("remove", OUT("1"), "nobody is left: out");
	vs_members_update(&ms, REF("1"), "leave", NULL);
	join(&a, REF("1"));
	says("remove", ADD("1"), "in again");
	vs_members_remove(&ms, &a.m);
	says("remove", "", "not out before it was seen in it");
	join(&b, REF("1"));
	vs_members_update(&ms, REF("1"), "enter", NULL);
	ok(b.told == 1, "... who comes meanwhile hears the state");
	vs_members_remove(&ms, &b.m);
	says("remove", OUT("1"), "... and then out");
	vs_members_update(&ms, REF("1"), "leave", NULL);
	vs_members_free(&ms);
}

static void
full_state(void)
{
	struct who a, b, c;
	VS_FREE char *all = NULL;

	join(&a, REF("1"));
	join(&b, REF("2"));
	free(written(NULL));
	vs_members_expect(&ms);
	join(&c, REF("3"));
	free(written("remove"));
	vs_members_update(&ms, REF("2"), "enter", NULL);
	vs_members_missing(&ms);
	ok(a.gone == 1 && b.gone == 0, "who is missing from the full state is gone");
	ok(c.gone == 0, "... but not who came while it was asked for");
	vs_members_reset(&ms);
	all = written(NULL);
	ok(strstr(all, ADD("2")) && strstr(all, ADD("3")) && !strstr(all, ADD("1")),
		"a new view takes in all who are left");
	vs_members_update(&ms, REF("3"), "gone", NULL);
	ok(c.gone == 1, "what cannot be put in is gone");
	vs_members_free(&ms);
}

/* ---- tasks */

static int percent;

static void
task_moved(void *arg, bool queued, int now)
{
	(void)arg;
	(void)queued;
	percent = now;
}

static void
shows(struct vs_task *t, const char *progress, int want)
{
	VS_FREE char *xml = vs_printf(
		"<u><kind>modify</kind><changeSet><name>info.progress</name><val>%s</val></changeSet></u>",
		progress);
	VS_FREE char *name = vs_printf("progress '%s' is %d", progress, want);
	struct vs_xp *xp = vs_xp_new(NULL, NULL, NULL);
	struct vs_err err;

	percent = -2;
	vs_xp_feed(xp, xml, strlen(xml), &err);
	t->member.update(&t->member, vs_xp_end(xp, &err), false);
	ok(percent == want, name);
	vs_xp_free(xp);
}

static void
task_progress(void)
{
	struct vs_vc vc = { 0 };
	struct vs_watch *w = vs_watch_new(&vc, NULL, true, NULL, NULL);
	struct vs_task t = { .watch = w, .moved = task_moved };

	vs_task_follow(&t, "Task:task-1");
	shows(&t, "0", 0);
	shows(&t, "42", 42);
	shows(&t, "100", 100);
	shows(&t, "1000", 100);
	shows(&t, "99999999999999999999", -1);
	shows(&t, "-1", -1);
	shows(&t, "abc", -1);
	shows(&t, "7x", -1);
	shows(&t, "", -1);
	vs_task_free(&t);
	vs_watch_free(w);
}

int
main(void)
{
	task_progress();
	comes_and_goes();
	comes_again();
	comes_unseen();
	full_state();
	return done();
}
