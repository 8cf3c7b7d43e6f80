/* SPDX-License-Identifier: Apache-2.0 */
/* find_parts.h - the parts of vim/find among themselves.  Floor 4. */
#ifndef VS_INVENTORY_FIND_PARTS_H
#define VS_INVENTORY_FIND_PARTS_H

#include "inventory/find.h"
#include "inventory/vm_list.h"

/* One question. */
struct vs_question {
	struct vs_question *next;
	struct vs_find *find;
	char *given;
	char *normal; /* its normal form; no '/' in front: below FOLDER */
	char *path;   /* normal, from the top; NULL: not known yet */
	struct vs_call *call;
	void (*found)(void *, const char *, const char *, const struct vs_err *);
	void *arg;
};

struct vs_questions {
	struct vs_question *first, **last;
};

/* A folder or vApp whose VMs are read by name. */
struct vs_find_dir {
	struct vs_find *find;
	char *path;
	struct vs_find_dir *next;
	struct vs_call *call; /* that looks for its reference */
	bool ready;
	bool none; /* ready: there is no such folder */
	struct vs_vm_list list;
	struct vs_questions waiting;
	size_t wanted; /* by how many questions that go out together */
};

struct vs_find {
	struct vs_vc *vc;
	struct vs_inv *inv, *own_inv;
	bool inv_ready;
	const char *folder; /* as given, or NULL */
	char *folder_path;  /* once it is known */
	struct vs_vm_list all;
	bool all_sent, all_ready;
	struct vs_questions fresh, for_inv, for_all, live;
	struct vs_find_dir *dirs;
	size_t open;	  /* questions without an answer */
	unsigned guesses; /* "did you mean" so far */
	/* of vs_find_wait: 0: no answer yet, 1, or -1 with the error */
	int got;
	char *got_ref, *got_path;
	struct vs_err got_err;
};

/* ---- find.c */
void vs_questions_put(struct vs_questions *q, struct vs_question *a);
struct vs_question *vs_questions_take(struct vs_questions *q); /* or NULL */
void vs_questions_remove(struct vs_questions *q, struct vs_question *a);
void vs_questions_fail(struct vs_questions *q, const struct vs_err *err);
void vs_question_answer(struct vs_question *a, const char *ref, const char *path,
	const struct vs_err *err); /* frees it */
/* Read the inventory if that has not begun; what waits for it goes on then. */
void vs_find_need_inv(struct vs_find *f);

/* ---- findpath.c: those whose path from the top is known */
void vs_find_by_path(struct vs_find *f, struct vs_questions *asks);
/* err: for the questions that wait for it. */
void vs_find_dir_free(struct vs_find_dir *d, const struct vs_err *err);

/* ---- findall.c: those that may lie anywhere */
void vs_find_anywhere(struct vs_question *a);
void vs_find_list_all(struct vs_find *f); /* the inventory is here */
/* No VM of that name; names: where a similar one is looked for, or NULL. */
void vs_find_none(struct vs_question *a, const struct vs_vm_list *names);

#endif
