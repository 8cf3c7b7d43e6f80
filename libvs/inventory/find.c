/* SPDX-License-Identifier: Apache-2.0 */
/* Each question takes one of three ways: its path is known (find_path.c), it becomes
 * known once the inventory is read, or it may be anywhere (find_all.c). */
#include <stdlib.h>
#include <string.h>

#include "inventory/find_parts.h"
#include "inventory/lookup.h"
#include "inventory/place.h"
#include "inventory/place_path.h"
#include "vim/reference.h"
#include "vim/vcenter.h"

/* ---- where names begin */

/* Set the path from the top, if FOLDER is known.  It is not if there are several
 * datacenters and none was selected: the name may be in any of them.  -1: the folder
 * or datacenter that was selected does not exist. */
static int
find_complete(struct vs_find_question *a, struct vs_err *err)
{
	struct vs_find *f = a->find;
	struct vs_place *p;

	if (a->path)
		return 0;
	if (*a->normal == '/') {
		a->path = vs_strdup(a->normal);
		return 0;
	}
	if (f->folder_path == NULL && f->inv_ready) {
		p = vs_inv_find(f->inv, VS_PLACE_FOLDER, f->folder, NULL, "-f", err);
		if (p)
			f->folder_path = vs_place_path(p);
		else if (f->folder || f->vc->wire.conn->datacenter)
			return -1;
	}
	if (f->folder_path)
		a->path = vs_printf("%s/%s", f->folder_path, a->normal);
	return 0;
}

static void
find_continue(struct vs_find *f, struct vs_find_questions *from)
{
	struct vs_find_questions known = { 0 };
	struct vs_find_question *a;
	struct vs_err err;

	while ((a = vs_find_questions_take(from)) != NULL) {
		if (find_complete(a, &err) < 0)
			vs_find_question_answer(a, NULL, NULL, &err);
		else if (a->path)
			vs_find_questions_put(&known, a);
		else if (f->inv_ready)
			vs_find_anywhere(a);
		else
			vs_find_questions_put(&f->for_inv, a);
	}
	vs_find_by_path(f, &known);
	if (f->for_inv.first)
		vs_find_need_inv(f);
}

static void
find_inv_read(void *arg, const struct vs_err *err)
{
	struct vs_find *f = arg;
	struct vs_find_questions now = f->for_inv;
	struct vs_err e;

	if (err) {
		e = *err;
		/* the next question reads it again */
		vs_inv_free(f->own_inv);
		f->own_inv = NULL;
		vs_find_questions_fail(&f->for_inv, &e);
		vs_find_questions_fail(&f->for_all, &e);
		return;
	}
	f->inv = f->own_inv;
	f->inv_ready = true;
	f->for_inv = (struct vs_find_questions){ 0 };
	find_continue(f, &now);
	if (f->for_all.first)
		vs_find_list_all(f);
}

void
vs_find_need_inv(struct vs_find *f)
{
	if (f->own_inv == NULL)
		f->own_inv = vs_inv_send(f->vc, VS_PLACE_FOLDER, find_inv_read, f);
}

struct vs_find *
vs_find_new(struct vs_vc *vc, struct vs_inv *inv, const char *given)
{
	struct vs_find *f = vs_alloc(1, sizeof *f);
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	f->vc = vc;
	f->inv = inv;
	f->inv_ready = inv != NULL;
	f->folder = given;
	if (given && *given == '/') {
		vs_path_normal(given, &b);
		f->folder_path = vs_buf_take(&b);
	}
	return f;
}

void
vs_find_free(struct vs_find *f)
{
	struct vs_find_dir *d;
	struct vs_err err;

	if (f == NULL)
		return;
	vs_fail(&err, VS_ERR_FAILED, "interrupted");
	vs_find_questions_fail(&f->fresh, &err);
	vs_find_questions_fail(&f->for_inv, &err);
	vs_find_questions_fail(&f->for_all, &err);
	vs_find_questions_fail(&f->live, &err);
	while ((d = f->dirs) != NULL) {
		f->dirs = d->next;
		vs_find_dir_free(d, &err);
	}
	vs_vm_list_free(&f->all);
	vs_inv_free(f->own_inv);
	free(f->folder_path);
	free(f->got_ref);
	free(f->got_path);
	free(f);
}

void
vs_find_ask(struct vs_find *f, const char *given,
	void (*found)(void *, const char *, const char *, const struct vs_err *), void *arg)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_find_question *a = vs_alloc(1, sizeof *a);

	vs_path_normal(given, &b);
	a->find = f;
	a->open = &f->open;
	a->given = vs_strdup(given);
	a->normal = vs_buf_take(&b);
	a->found = found;
	a->arg = arg;
	vs_find_questions_put(&f->fresh, a);
	f->open++;
}

void
vs_find_flush(struct vs_find *f)
{
	struct vs_find_questions now = f->fresh, names = { 0 };
	struct vs_find_question *a;
	struct vs_err err;

	f->fresh = (struct vs_find_questions){ 0 };
	while ((a = vs_find_questions_take(&now)) != NULL) {
		if (vs_ref_is(a->given, "VirtualMachine")) {
			vs_find_question_answer(a, a->given, NULL, NULL);
		} else if (*a->normal == '\0') {
			vs_fail(&err, VS_ERR_NOT_FOUND, "'%s' is not the name of a VM", a->given);
			vs_find_question_answer(a, NULL, NULL, &err);
		} else {
			vs_find_questions_put(&names, a);
		}
	}
	find_continue(f, &names);
}

bool
vs_find_busy(const struct vs_find *f)
{
	return f->open > 0;
}

static bool
find_answered(void *arg)
{
	const struct vs_find *f = arg;

	return f->got != 0;
}

static void
find_wait_found(void *arg, const char *ref, const char *path, const struct vs_err *err)
{
	struct vs_find *f = arg;

	f->got = err ? -1 : 1;
	if (err)
		f->got_err = *err;
	vs_set(&f->got_ref, ref);
	vs_set(&f->got_path, path);
}

int
vs_find_wait(struct vs_find *f, const char *given, char **ref, char **path, struct vs_err *err)
{
	if (vs_vc_wait(f->vc, err) < 0)
		return -1;
	f->got = 0;
	vs_find_ask(f, given, find_wait_found, f);
	vs_find_flush(f);
	if (vs_vc_until(f->vc, find_answered, f, err) < 0)
		return -1;
	if (f->got < 0) {
		*err = f->got_err;
		return -1;
	}
	*ref = vs_steal(f->got_ref);
	*path = vs_steal(f->got_path);
	return 0;
}
