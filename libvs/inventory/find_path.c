/* SPDX-License-Identifier: Apache-2.0 */
/* VMs whose path from the top is known: one by one by FindByInventoryPath, or by one
 * read of the names in their folder, whichever takes fewer requests.  vSphere Web
 * Services SDK: SearchIndex. */
#include <stdlib.h>
#include <string.h>

#include "inventory/find_parts.h"
#include "inventory/place.h"
#include "text/record.h"
#include "vim/reference.h"

static void find_path_missed(struct vs_find_question *a);
static void find_path_not_there(struct vs_find_dir *d, struct vs_find_question *a);

/* ---- one path: FindByInventoryPath */

/* As vCenter expects it: only '/', '\' and '%' of a name are encoded. */
static void
find_path_wire_path(const char *normal, struct vs_buf *b)
{
	VS_BUF_FREE struct vs_buf plain = VS_BUF_INIT;

	while (*normal == '/') {
		size_t n = strcspn(++normal, "/");

		vs_buf_cut(&plain, 0);
		vs_path_decode(normal, n, &plain);
		vs_buf_ch(b, '/');
		for (const char *p = plain.s; *p; p++)
			if (*p == '/' || *p == '\\' || *p == '%')
				vs_buf_fmt(b, "%%%02x", (unsigned char)*p);
			else
				vs_buf_ch(b, *p);
		normal += n;
	}
}

static struct vs_call *
find_path_call(struct vs_find *f, const char *path, void (*end)(struct vs_call *, enum vs_call_end),
	void *arg)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_call *c =
		vs_vc_call(f->vc, "FindByInventoryPath", f->vc->content.search_index, false);

	find_path_wire_path(path, &b);
	vs_xw_text(&c->w, "inventoryPath", b.s);
	vs_call_send(c, end, arg);
	return c;
}

static void
find_path_not_a_vm(struct vs_find_question *a, const char *ref)
{
	struct vs_err err;

	vs_fail(&err, VS_ERR_NOT_FOUND, "'%s' is a %.*s, not a VM", a->path, (int)strcspn(ref, ":"),
		ref);
	vs_find_question_answer(a, NULL, NULL, &err);
}

static void
find_path_one_found(struct vs_call *c, enum vs_call_end how)
{
	struct vs_find_question *a = c->arg;
	struct vs_err err = c->err;
	VS_FREE char *ref =
		how == VS_CALL_REPLY ? vs_node_ref(vs_node_at(c->reply, "returnval")) : NULL;

	a->call = NULL;
	vs_find_questions_remove(&a->find->live, a);
	if (how != VS_CALL_REPLY)
		vs_find_question_answer(a, NULL, NULL, &err);
	else if (ref == NULL)
		find_path_missed(a);
	else if (!vs_ref_is(ref, "VirtualMachine"))
		find_path_not_a_vm(a, ref);
	else
		vs_find_question_answer(a, ref, a->path, NULL);
}

static void
find_path_one(struct vs_find_question *a)
{
	vs_find_questions_put(&a->find->live, a);
	a->call = find_path_call(a->find, a->path, find_path_one_found, a);
}

/* ---- the names in one folder */

static const char *
find_path_name_of(const char *path)
{
	return strrchr(path, '/') + 1;
}

static struct vs_find_dir *
find_path_dir_of(struct vs_find *f, const char *path)
{
	size_t n = (size_t)(find_path_name_of(path) - 1 - path);
	struct vs_find_dir *d;

	for (d = f->dirs; d; d = d->next)
		if (strlen(d->path) == n && strncmp(d->path, path, n) == 0)
			return d;
	d = vs_alloc(1, sizeof *d);
	d->find = f;
	d->path = vs_strndup(path, n);
	d->next = f->dirs;
	f->dirs = d;
	return d;
}

static bool
find_path_dir_busy(const struct vs_find_dir *d)
{
	return d->call || d->list.prop;
}

/* True: a is answered. */
static bool
find_path_answer_from(struct vs_find_dir *d, struct vs_find_question *a)
{
	struct vs_vm_entry *e =
		d->none ? NULL : vs_vm_list_get(&d->list, find_path_name_of(a->path));

	if (e)
		vs_find_question_answer(a, e->ref, a->path, NULL);
	return e != NULL;
}

static void
find_path_dir_ready(struct vs_find_dir *d)
{
	struct vs_find_questions now = d->waiting;
	struct vs_find_question *a;

	d->ready = true;
	d->waiting = (struct vs_find_questions){ 0 };
	while ((a = vs_find_questions_take(&now)) != NULL)
		if (!find_path_answer_from(d, a))
			find_path_not_there(d, a);
}

static void
find_path_dir_listed(void *arg, const struct vs_err *err)
{
	struct vs_find_dir *d = arg;
	struct vs_err e;

	if (err == NULL) {
		find_path_dir_ready(d);
		return;
	}
	e = *err;
	vs_vm_list_free(&d->list);
	vs_find_questions_fail(&d->waiting, &e);
}

static void
find_path_list_ref(struct vs_find_dir *d, const char *ref)
{
	if (ref && (vs_ref_is(ref, "Folder") || vs_ref_is(ref, "VirtualApp"))) {
		vs_vm_list_send(&d->list, d->find->vc, ref, false, find_path_dir_listed, d);
	} else {
		d->none = true;
		find_path_dir_ready(d);
	}
}

static void
find_path_dir_found(struct vs_call *c, enum vs_call_end how)
{
	struct vs_find_dir *d = c->arg;
	struct vs_err err = c->err;
	VS_FREE char *ref =
		how == VS_CALL_REPLY ? vs_node_ref(vs_node_at(c->reply, "returnval")) : NULL;

	d->call = NULL;
	if (how != VS_CALL_REPLY)
		vs_find_questions_fail(&d->waiting, &err);
	else
		find_path_list_ref(d, ref);
}

/* The reference of the folder, if it is known already; or NULL. */
static const char *
find_path_known_ref(const struct vs_find_dir *d)
{
	struct vs_place *p = d->find->inv_ready ? vs_inv_at(d->find->inv, d->path) : NULL;

	return p ? p->ref : NULL;
}

static void
find_path_list_dir(struct vs_find_dir *d)
{
	const char *ref = find_path_known_ref(d);

	if (ref)
		find_path_list_ref(d, ref);
	else
		d->call = find_path_call(d->find, d->path, find_path_dir_found, d);
}

/* ---- names that do not exist */

static void
find_path_no_folder(struct vs_find_dir *d, struct vs_find_question *a)
{
	struct vs_err err;

	vs_fail(&err, VS_ERR_NOT_FOUND, "cannot find VM '%s': there is no folder '%s'", a->given,
		d->path);
	vs_find_question_answer(a, NULL, NULL, &err);
}

/* The folder's list has no such name. */
static void
find_path_not_there(struct vs_find_dir *d, struct vs_find_question *a)
{
	if (*a->normal != '/')
		vs_find_anywhere(a);
	else if (d->none && *d->path)
		find_path_no_folder(d, a);
	else
		vs_find_none(a, d->none ? NULL : &d->list);
}

/* FindByInventoryPath does not know it.  A relative path may be elsewhere; for one from
 * the top, the names in its folder are read to suggest a similar one. */
static void
find_path_missed(struct vs_find_question *a)
{
	struct vs_find_dir *d = find_path_dir_of(a->find, a->path);

	if (*a->normal != '/') {
		vs_find_anywhere(a);
	} else if (d->ready) {
		find_path_not_there(d, a);
	} else {
		vs_find_questions_put(&d->waiting, a);
		if (!find_path_dir_busy(d))
			find_path_list_dir(d);
	}
}

/* ---- the fewest requests */

void
vs_find_by_path(struct vs_find *f, struct vs_find_questions *asks)
{
	struct vs_find_question *a;

	for (a = asks->first; a; a = a->next)
		find_path_dir_of(f, a->path)->wanted++;
	while ((a = vs_find_questions_take(asks)) != NULL) {
		struct vs_find_dir *d = find_path_dir_of(f, a->path);

		if (d->ready) {
			/* the list may be older than the VM */
			if (!find_path_answer_from(d, a))
				find_path_one(a);
		} else if (find_path_dir_busy(d)) {
			vs_find_questions_put(&d->waiting, a);
		} else if (d->wanted > (find_path_known_ref(d) ? 1 : 2)) {
			/* one request, or two if its reference is needed, for all */
			d->wanted = 0;
			vs_find_questions_put(&d->waiting, a);
			find_path_list_dir(d);
		} else {
			find_path_one(a);
		}
	}
	for (struct vs_find_dir *d = f->dirs; d; d = d->next)
		d->wanted = 0;
}

void
vs_find_dir_free(struct vs_find_dir *d, const struct vs_err *err)
{
	vs_find_questions_fail(&d->waiting, err);
	vs_call_abort(d->call);
	vs_vm_list_free(&d->list);
	free(d->path);
	free(d);
}
