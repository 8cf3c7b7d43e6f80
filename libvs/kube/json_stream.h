/* SPDX-License-Identifier: Apache-2.0 */
/* split.h - cut a JSON stream into its objects while it arrives.  Floor 3.
 *
 * A list of 5,000 nodes is 50 MB, and a watch never ends: neither may be held
 * whole.  The cuts are found by counting brackets outside of strings; whether
 * a piece is JSON is for its reader to say.  Chunks may end anywhere. */
#ifndef VS_KUBE_SPLIT_H
#define VS_KUBE_SPLIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

enum vs_split_kind {
	VS_SPLIT_EVENTS, /* one object after the other: a watch */
	VS_SPLIT_LIST,	 /* one object, whose "items" are handed on */
};

struct vs_split {
	enum vs_split_kind kind;
	/* One whole object; s is borrowed for the call and ends with NUL.
	 * -1 ends the split, and is what vs_split_feed returns. */
	int (*each)(void *arg, const char *s, size_t n, struct vs_err *err);
	void *arg;
	/* Members of these names come as null, at whatever depth: what nobody will
	 * look at need not be parsed.  At most 15 letters; NULL at the end, or NULL. */
	const char *const *skip;
	struct vs_buf rest; /* of a list: the document without its items */
	/* private */
	struct vs_buf one; /* the object that is open */
	int open;	   /* brackets open in it; 0: none is */
	int depth;	   /* brackets open around it */
	bool in_string, escaped, in_items;
	char word[16]; /* the last string, when short */
	size_t word_len;
	int skipping; /* the value of a member at this depth; 0: none */
};

void vs_split_init(struct vs_split *s, enum vs_split_kind kind,
	int (*each)(void *, const char *, size_t, struct vs_err *), void *arg);

/* VS_ERR_FAILED: what comes is no such stream, or holds an object of more than
 * 16 MiB (etcd takes 1.5); or what each() said. */
int vs_split_feed(struct vs_split *s, const char *p, size_t n, struct vs_err *err);

/* True when the stream may end here: no object, and no list, is open. */
bool vs_split_whole(const struct vs_split *s);
void vs_split_free(struct vs_split *s);

#endif
