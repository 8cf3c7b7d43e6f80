/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/members.h"

struct vs_entry {
	char *ref;
	struct vs_member *first;
	bool in_view;	  /* as it was last written */
	bool entered;	  /* ... and its coming in has been seen */
	bool again;	  /* out, and then in */
	bool queued;	  /* stands in dirty */
	bool expected;	  /* in the answer that tells the full state */
	unsigned leaving; /* removals whose "leave" has not been seen */
};

enum place { STAYS, IN, OUT };

static enum place
members_wants(const struct vs_entry *e)
{
	/* out only when its coming in has been seen: what comes and leaves
	 * between two polls is no change either, and its leaving would be waited
	 * for for ever */
	if (e->in_view)
		return e->entered && (e->first == NULL || e->again) ? OUT : STAYS;
	/* in again only when its leaving has been seen: what leaves and comes
	 * back between two polls is no change, and nobody would be told */
	return e->first && e->leaving == 0 ? IN : STAYS;
}

static void
members_touch(struct vs_members *ms, struct vs_entry *e)
{
	if (e->queued || members_wants(e) == STAYS)
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
	/* who comes before that hears the full state by it */
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
	ms->n--;
	members_touch(ms, e);
}

/* Nobody asks for it, and the view does not have it. */
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
		enum place p = members_wants(ms->dirty[i]);

		*in += p == IN;
		*out += p == OUT;
		*urgent |= p == OUT && ms->dirty[i]->first;
	}
}

void
vs_members_write(struct vs_members *ms, struct vs_xw *w, const char *in, const char *out)
{
	size_t n = ms->n_dirty, left = 0;

	for (size_t i = 0; i < n; i++)
		if (members_wants(ms->dirty[i]) == IN)
			vs_xw_ref(w, in, ms->dirty[i]->ref);
	for (size_t i = 0; i < n; i++)
		if (out && members_wants(ms->dirty[i]) == OUT)
			vs_xw_ref(w, out, ms->dirty[i]->ref);
	for (size_t i = 0; i < n; i++) {
		struct vs_entry *e = ms->dirty[i];
		enum place p = members_wants(e);

		e->queued = false;
		if (p == IN) {
			e->in_view = true;
			e->entered = false;
		} else if (p == OUT && out) {
			e->in_view = e->again = false;
			e->leaving++;
		}
		/* one that went out to come in again stands there still */
		if (members_wants(e) != STAYS) {
			e->queued = true;
			ms->dirty[left++] = e;
		} else {
			members_forget(ms, e);
		}
	}
	ms->n_dirty = left;
}

/* All of them, to walk while the map changes; freed by the caller. */
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

	/* who is told may remove itself, others, or add some */
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

	e->in_view = e->again = false;
	while ((m = e->first) != NULL) {
		vs_members_remove(ms, m);
		m->update(m, NULL, true);
	}
	members_forget(ms, e);
}

void
vs_members_update(struct vs_members *ms, const char *ref, const char *kind, struct vs_node *update)
{
	struct vs_entry *e = ref ? vs_map_get(&ms->by_ref, ref) : NULL;

	if (e == NULL)
		return;
	e->expected = false;
	if (strcmp(kind, "leave") == 0 && e->leaving > 0) {
		e->leaving--; /* ours; not news */
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
}

void
vs_members_expect(struct vs_members *ms)
{
	size_t n;
	VS_FREE struct vs_entry **all = members_all_of(ms, &n);

	for (size_t i = 0; i < n; i++) {
		all[i]->expected = all[i]->in_view;
		all[i]->entered = false;
		/* what left before is not told any more */
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

	/* who is told of one may remove others, but none that is in the view is
	 * forgotten before it has been taken out of it */
	for (size_t i = 0; i < n; i++)
		if (all[i]->expected && all[i]->in_view) {
			all[i]->expected = false;
			members_gone(ms, all[i]);
		}
}
