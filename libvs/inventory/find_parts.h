/* SPDX-License-Identifier: Apache-2.0 */
/* find_parts.h - what find.c, find_path.c and find_all.c share.  Floor 4. */
#ifndef VS_INVENTORY_FIND_PARTS_H
#define VS_INVENTORY_FIND_PARTS_H

#include "inventory/find.h"
#include "inventory/find_question.h"
#include "inventory/vm_list.h"

/* A folder or vApp, and the VMs in it. */
struct vs_find_dir {
	struct vs_find *find;
	char *path;
	struct vs_find_dir *next;
	struct vs_call *call; /* for its reference */
	bool ready;
	bool none; /* ready, and it does not exist */
	struct vs_vm_list list;
	struct vs_find_questions waiting;
	size_t wanted; /* how many questions of this flush are about it */
};

struct vs_find {
	struct vs_vc *vc;
	struct vs_inv *inv, *own_inv;
	bool inv_ready;
	const char *folder; /* as given, or NULL */
	char *folder_path;  /* NULL: not known yet */
	struct vs_vm_list all;
	bool all_sent, all_ready;
	struct vs_find_questions fresh, for_inv, for_all, live;
	struct vs_find_dir *dirs;
	size_t open;	  /* questions without an answer */
	unsigned guesses; /* how often a similar name was looked for */
	/* for vs_find_wait: 0: no answer yet; 1: found; -1: got_err */
	int got;
	char *got_ref, *got_path;
	struct vs_err got_err;
};

/* ---- find.c */

/* Read the inventory, unless that has begun; then continue with f->for_inv. */
void vs_find_need_inv(struct vs_find *f);

/* ---- find_path.c: questions whose path from the top is known */

void vs_find_by_path(struct vs_find *f, struct vs_find_questions *asks);
void vs_find_dir_free(struct vs_find_dir *d, const struct vs_err *err); /* of its questions */

/* ---- find_all.c: questions that may be anywhere */

void vs_find_anywhere(struct vs_find_question *a);
void vs_find_list_all(struct vs_find *f); /* the inventory has been read */
/* No VM has this name.  names: where to look for a similar one, or NULL. */
void vs_find_none(struct vs_find_question *a, const struct vs_vm_list *names);

#endif
