/* SPDX-License-Identifier: Apache-2.0 */
/* members.h - who is in the ListView, who wants in, who is to leave.  Floor 5.
 *
 * Several members may share a reference (a VM that stands twice in the input).
 * Updates are state: a member that comes when its object is in the view already
 * has it taken out and put in again, and is told the full state by that. */
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
	struct vs_entry **dirty; /* those whose place may have to change */
	size_t n_dirty, cap_dirty;
	size_t n; /* members */
	unsigned round;
};

void vs_members_add(struct vs_members *ms, struct vs_member *m);
void vs_members_remove(struct vs_members *ms, struct vs_member *m);
void vs_members_free(struct vs_members *ms);

/* How many references are to go in, and out; out counts those at once when
 * somebody waits for it. */
void vs_members_wanted(struct vs_members *ms, size_t *in, size_t *out, bool *urgent);

/* Write them, <in> before <out> (NULL: none); from now on they count as done. */
void vs_members_write(struct vs_members *ms, struct vs_xw *w, const char *in, const char *out);

/* The view is no more: all members want in. */
void vs_members_reset(struct vs_members *ms);

/* An update of ref.  kind: "enter", "modify", "leave"; "gone" is one that could
 * not be put in. */
void vs_members_update(
	struct vs_members *ms, const char *ref, const char *kind, struct vs_node *update);

/* The next answer tells the full state: who is in the view now must be in it.
 * When it has come, missing: those who were not are gone. */
void vs_members_expect(struct vs_members *ms);
void vs_members_missing(struct vs_members *ms);

#endif
