/* find_priv.h - the parts of vim/find among themselves.  Floor 3. */
#ifndef VS_VIM_FIND_PRIV_H
#define VS_VIM_FIND_PRIV_H

#include "vim/find.h"
#include "vim/vmlist.h"

/* One question. */
struct vs_ask {
	struct vs_ask *next;
	struct vs_find *find;
	char *given;
	char *normal;	/* its normal form; no '/' in front: below FOLDER */
	char *path;	/* normal, from the top; NULL: not known yet */
	struct vs_call *call;
	void (*found)(void *, const char *, const char *, const struct vs_err *);
	void *arg;
};

struct vs_asks {
	struct vs_ask *first, **last;
};

/* A folder or vApp whose VMs are read by name. */
struct vs_find_dir {
	struct vs_find *find;
	char *path;
	struct vs_find_dir *next;
	struct vs_call *call;	/* that looks for its reference */
	bool ready;
	bool none;		/* ready: there is no such folder */
	struct vs_vm_list list;
	struct vs_asks waiting;
	size_t wanted;		/* by how many questions that go out together */
};

struct vs_find {
	struct vs_vc *vc;
	struct vs_inv *inv, *own_inv;
	bool inv_ready;
	const char *folder;	/* as given, or NULL */
	char *folder_path;	/* once it is known */
	struct vs_vm_list all;
	bool all_sent, all_ready;
	struct vs_asks fresh, for_inv, for_all, live;
	struct vs_find_dir *dirs;
	size_t open;		/* questions without an answer */
	unsigned guesses;	/* "did you mean" so far */
	/* of vs_find_wait: 0: no answer yet, 1, or -1 with the error */
	int got;
	char *got_ref, *got_path;
	struct vs_err got_err;
};

/* ---- find.c */
void vs_asks_put(struct vs_asks *q, struct vs_ask *a);
struct vs_ask *vs_asks_take(struct vs_asks *q);		/* or NULL */
void vs_asks_remove(struct vs_asks *q, struct vs_ask *a);
void vs_asks_drop(struct vs_asks *q);
void vs_asks_fail(struct vs_asks *q, const struct vs_err *err);
void vs_ask_answer(struct vs_ask *a, const char *ref, const char *path,
	const struct vs_err *err);	/* frees it */
/* Read the inventory if that has not begun; what waits for it goes on then. */
void vs_find_need_inv(struct vs_find *f);

/* ---- findpath.c: those whose path from the top is known */
void vs_find_by_path(struct vs_find *f, struct vs_asks *asks);
void vs_find_dir_free(struct vs_find_dir *d);

/* ---- findall.c: those that may lie anywhere */
void vs_find_anywhere(struct vs_ask *a);
void vs_find_list_all(struct vs_find *f);	/* the inventory is here */
/* No VM of that name; names: where a similar one is looked for, or NULL. */
void vs_find_none(struct vs_ask *a, const struct vs_vm_list *names);

#endif
