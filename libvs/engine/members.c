/* SPDX-License-Identifier: Apache-2.0 */
/* members.c - the view as vCenter has it, compared with what the members want.
 *
 * Sends nothing; watch.c does.  Source: vSphere Web Services API, ListView and
 * PropertyCollector.UpdateSet: "enter" and "leave" are differences between two polls. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "engine/members.h"

struct vs_entry {
	char *ref;
	struct vs_member *first;
	bool in_view;	  /* as last written */
	bool entered;	  /* ... and its "enter" has been seen */
	bool again;	  /* to be removed, and then added */
	bool queued;	  /* is in dirty */
	bool expected;	  /* in the response with the full state */
	unsigned leaving; /* removals whose "leave" has not been seen */
};

enum members_move { MEMBERS_STAY, MEMBERS_IN, MEMBERS_OUT };

static enum members_move
members_wants(const struct vs_entry *e)
{
	assert(e->in_view || !e->entered); /* entered only what is in the view */
	/* Not out before its "enter" has been seen: if it comes and goes between two
	 * polls, no "leave" is sent, and we would wait forever. */
	if (e->in_view)
		return e->entered && (e->first == NULL || e->again) ? MEMBERS_OUT : MEMBERS_STAY;
	/* Not in before its "leave" has been seen: if it goes and comes between two
	 * polls, no "enter" is sent, and the member would not get the full state. */
	return e->first && e->leaving == 0 ? MEMBERS_IN : MEMBERS_STAY;
}

static void
members_touch(struct vs_members *ms, struct vs_entry *e)
{
	if (e->queued || members_wants(e) == MEMBERS_STAY)
		return;
	e->queued = true;
	vs_grow(ms->dirty, ms->n_dirty, ms->cap_dirty);
	ms->dirty[ms->n_dirty++] = e;
}

void
vs_members_add(struct vs_members *ms, struct vs_member *m)
{
	struct vs_entry *e = vs_map_get(&ms->by_ref, m->ref);

	if (m->entry)
		return;
	if (e == NULL) {
		e = vs_alloc(1, sizeof *e);
		e->ref = vs_strdup(m->ref);
		vs_map_put(&ms->by_ref, m->ref, e);
	}
	m->entry = e;
	m->seen = 0;
	m->next = e->first;
	e->first = m;
	/* one added before the "enter" gets the full state from it */
	e->again = e->in_view && e->entered;
	ms->n++;
	members_touch(ms, e);
}

void
vs_members_remove(struct vs_members *ms, struct vs_member *m)
{
	struct vs_entry *e = m->entry;
	struct vs_member **at;

	if (e == NULL)
		return;
	for (at = &e->first; *at != m;)
		at = &(*at)->next;
	*at = m->next;
	m->entry = NULL;
	assert(ms->n > 0);
	ms->n--;
	members_touch(ms, e);
}

/* No member wants it, and the view does not have it. */
static void
members_forget(struct vs_members *ms, struct vs_entry *e)
{
	if (e->first || e->in_view || e->queued || e->leaving)
		return;
	vs_map_del(&ms->by_ref, e->ref);
	free(e->ref);
	free(e);
}

void
vs_members_free(struct vs_members *ms)
{
	struct vs_entry *e;
	size_t at = 0;

	while ((e = vs_map_next(&ms->by_ref, &at, NULL)) != NULL) {
		free(e->ref);
		free(e);
	}
	vs_map_free(&ms->by_ref);
	free(ms->dirty);
	*ms = (struct vs_members){ 0 };
}

void
vs_members_wanted(struct vs_members *ms, size_t *in, size_t *out, bool *urgent)
{
	*in = *out = 0;
	*urgent = false;
	for (size_t i = 0; i < ms->n_dirty; i++) {
		enum members_move p = members_wants(ms->dirty[i]);

		*in += p == MEMBERS_IN;
		*out += p == MEMBERS_OUT;
		*urgent |= p == MEMBERS_OUT && ms->dirty[i]->first;
	}
}

void
vs_members_write(struct vs_members *ms, struct vs_xw *w, const char *in, const char *out)
{
	size_t n = ms->n_dirty, left = 0;

	for (size_t i = 0; i < n; i++)
		if (members_wants(ms->dirty[i]) == MEMBERS_IN)
			vs_xw_ref(w, in, ms->dirty[i]->ref);
	for (size_t i = 0; i < n; i++)
		if (out && members_wants(ms->dirty[i]) == MEMBERS_OUT)
			vs_xw_ref(w, out, ms->dirty[i]->ref);
	for (size_t i = 0; i < n; i++) {
		struct vs_entry *e = ms->dirty[i];
		enum members_move p = members_wants(e);

		e->queued = false;
		if (p == MEMBERS_IN) {
			e->in_view = true;
			e->entered = false;
		} else if (p == MEMBERS_OUT && out) {
			e->in_view = e->entered = e->again = false;
			e->leaving++;
		}
		/* one removed to be added again stays in dirty */
		if (members_wants(e) != MEMBERS_STAY) {
			e->queued = true;
			ms->dirty[left++] = e;
		} else {
			members_forget(ms, e);
		}
	}
	ms->n_dirty = left;
}

/* All entries, to walk while the map changes; freed by the caller. */
static struct vs_entry **
members_all_of(struct vs_members *ms, size_t *n)
{
	struct vs_entry **all = vs_alloc(ms->by_ref.n + 1, sizeof *all);
	struct vs_entry *e;
	size_t at = 0;

	for (*n = 0; (e = vs_map_next(&ms->by_ref, &at, NULL)) != NULL;)
		all[(*n)++] = e;
	return all;
}

void
vs_members_reset(struct vs_members *ms)
{
	struct vs_entry *e;
	size_t n;
	VS_FREE struct vs_entry **all = members_all_of(ms, &n);

	ms->n_dirty = 0;
	for (size_t i = 0; i < n; i++) {
		e = all[i];
		e->in_view = e->entered = e->again = false;
		e->queued = e->expected = false;
		e->leaving = 0;
		members_touch(ms, e);
		members_forget(ms, e);
	}
}

static void
members_tell(struct vs_members *ms, struct vs_entry *e, struct vs_node *update)
{
	unsigned round = ++ms->round;
	struct vs_member *m = e->first;

	/* update() may remove this member, remove others, or add some */
	while (m) {
		if (m->seen == round) {
			m = m->next;
			continue;
		}
		m->seen = round;
		m->update(m, update, false);
		m = e->first;
	}
}

static void
members_gone(struct vs_members *ms, struct vs_entry *e)
{
	struct vs_member *m;

	e->in_view = e->entered = e->again = false;
	while ((m = e->first) != NULL) {
		vs_members_remove(ms, m);
		m->update(m, NULL, true);
	}
	members_forget(ms, e);
}

bool
vs_members_update(struct vs_members *ms, const char *ref, const char *kind, struct vs_node *update)
{
	struct vs_entry *e = ref ? vs_map_get(&ms->by_ref, ref) : NULL;

	if (e == NULL)
		return false;
	e->expected = false;
	if (strcmp(kind, "leave") == 0 && e->leaving > 0) {
		e->leaving--; /* our own removal */
		members_touch(ms, e);
		members_forget(ms, e);
	} else if (strcmp(kind, "leave") == 0 || strcmp(kind, "gone") == 0) {
		members_gone(ms, e);
	} else {
		if (e->in_view && !e->entered) {
			e->entered = true;
			e->again = false;
		}
		members_tell(ms, e, update);
		members_touch(ms, e);
	}
	return true;
}

void
vs_members_expect(struct vs_members *ms)
{
	size_t n;
	VS_FREE struct vs_entry **all = members_all_of(ms, &n);

	for (size_t i = 0; i < n; i++) {
		all[i]->expected = all[i]->in_view;
		all[i]->entered = false;
		/* a "leave" from before is not reported any more */
		all[i]->leaving = 0;
		members_touch(ms, all[i]);
		members_forget(ms, all[i]);
	}
}

void
vs_members_missing(struct vs_members *ms)
{
	size_t n;
	VS_FREE struct vs_entry **all = members_all_of(ms, &n);

	/* update() may remove other members, but an entry that is in the view is not
	 * forgotten before it has been removed from it */
	for (size_t i = 0; i < n; i++)
		if (all[i]->expected && all[i]->in_view) {
			all[i]->expected = false;
			members_gone(ms, all[i]);
		}
}
