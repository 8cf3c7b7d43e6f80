/* SPDX-License-Identifier: Apache-2.0 */
/* members.h - what is in the ListView, what is to be added, what removed.  Floor 5.
 *
 * Several members may share a reference (a VM that is in the input twice).
 * Updates are state: when a member is added whose object is in the view already, the
 * object is removed and added again, so that the member gets the full state. */
#ifndef VS_ENGINE_MEMBERS_H
#define VS_ENGINE_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/map.h"
#include "text/xml_write.h"

/* Embedded in its owner; stays where it is from add to remove. */
struct vs_member {
	const char *ref; /* "Task:task-7"; the owner's */
	/* update: an ObjectUpdate (kind, changeSet*, missingSet*), state and not news:
	 * it may be reported again.  gone: the object no longer exists; the member
	 * has been removed already. */
	void (*update)(struct vs_member *m, struct vs_node *update, bool gone);
	void *arg;
	/* private */
	struct vs_entry *entry;
	struct vs_member *next;
	unsigned seen;
};

struct vs_members {
	struct vs_map by_ref;	 /* struct vs_entry */
	struct vs_entry **dirty; /* to be added or removed */
	size_t n_dirty, cap_dirty;
	size_t n; /* members */
	unsigned round;
};

void vs_members_add(struct vs_members *ms, struct vs_member *m);
void vs_members_remove(struct vs_members *ms, struct vs_member *m);
void vs_members_free(struct vs_members *ms);

/* How many references are to be added, and removed.  urgent: a member waits for a
 * removal, to be added again. */
void vs_members_wanted(struct vs_members *ms, size_t *in, size_t *out, bool *urgent);

/* Write them, <in> before <out> (NULL: no removals); from now on they count as done. */
void vs_members_write(struct vs_members *ms, struct vs_xw *w, const char *in, const char *out);

/* The view no longer exists: all members are to be added. */
void vs_members_reset(struct vs_members *ms);

/* An update of ref.  kind: "enter", "modify", "leave"; "gone": it could not be added.
 * False: there is no such object here. */
bool vs_members_update(
	struct vs_members *ms, const char *ref, const char *kind, struct vs_node *update);

/* The next response has the full state: what is in the view now must be in it.
 * vs_members_missing, after that response: what was not in it is gone. */
void vs_members_expect(struct vs_members *ms);
void vs_members_missing(struct vs_members *ms);

#endif
