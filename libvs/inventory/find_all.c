/* SPDX-License-Identifier: Apache-2.0 */
/* VMs that may be in any folder: all VMs are listed, once in a run, and looked up by
 * name.  A name must be the end of exactly one path. */
#include <string.h>

#include "base/candidates.h"
#include "inventory/find_parts.h"
#include "inventory/lookup.h"
#include "inventory/place.h"
#include "text/record.h"

/* How often in a run a similar name is suggested: each time it is compared with all. */
enum { FIND_ALL_GUESSES = 20 };

/* Is the given name the end of this VM's path, which is put into b? */
static bool
find_all_is_meant(struct vs_find_question *a, struct vs_vm_entry *e, struct vs_buf *b)
{
	size_t n = strlen(a->normal);

	vs_buf_cut(b, 0);
	vs_inv_vm_path(a->find->inv, e->parent, e->name, b);
	return b->len > n && b->s[b->len - n - 1] == '/'
		&& strcmp(b->s + b->len - n, a->normal) == 0;
}

static void
find_all_ambiguous(struct vs_find_question *a, struct vs_vm_entry *e)
{
	VS_CANDIDATES_FREE struct vs_candidates c = VS_CANDIDATES_INIT;
	VS_BUF_FREE struct vs_buf path = VS_BUF_INIT;
	struct vs_err err;

	for (; e; e = e->same)
		if (find_all_is_meant(a, e, &path))
			vs_candidates_add(&c, "'%s' (%s)", path.s, e->ref);
	vs_fail(&err, VS_ERR_NOT_FOUND, "VM '%s' is ambiguous, give its path: candidates are %s",
		a->given, vs_candidates_text(&c));
	vs_find_question_answer(a, NULL, NULL, &err);
}

void
vs_find_none(struct vs_find_question *a, const struct vs_vm_list *names)
{
	struct vs_find *f = a->find;
	const char *slash = strrchr(a->normal, '/');
	const char *near = names && f->guesses++ < FIND_ALL_GUESSES
		? vs_vm_list_near(names, slash ? slash + 1 : a->normal)
		: NULL;
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_err err;

	if (near && names == &f->all)
		vs_inv_vm_path(f->inv, vs_vm_list_get(names, near)->parent, near, &b);
	else if (near)
		vs_buf_fmt(&b, "%.*s/%s", (int)(strrchr(a->path, '/') - a->path), a->path, near);
	if (strpbrk(a->given, "*?["))
		vs_fail(&err, VS_ERR_NOT_FOUND,
			"cannot find VM '%s': only vs-ls takes patterns, and this tool reads its records",
			a->given);
	else
		vs_fail(&err, VS_ERR_NOT_FOUND, "cannot find VM '%s'%s%s%s", a->given,
			near ? ": did you mean '" : "", b.s, near ? "'" : "");
	vs_find_question_answer(a, NULL, NULL, &err);
}

/* "vm-42" may be a reference, if no VM has this name. */
static struct vs_vm_entry *
find_all_by_id(const struct vs_find *f, const char *given)
{
	VS_FREE char *ref = vs_printf("VirtualMachine:%s", given);
	struct vs_vm_entry *e = strncmp(given, "vm-", 3) == 0 ? f->all.first : NULL;

	while (e && strcmp(e->ref, ref) != 0)
		e = e->next;
	return e;
}

static void find_all_look(struct vs_find_question *a);

/* "a/b" may be one name with a '/' in it. */
static bool
find_all_look_whole(struct vs_find_question *a)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	if (*a->normal == '/' || strchr(a->normal, '/') == NULL)
		return false;
	vs_path_encode(a->given, false, &b);
	if (vs_vm_list_get(&a->find->all, b.s) == NULL)
		return false;
	vs_set(&a->normal, b.s);
	find_all_look(a);
	return true;
}

static void
find_all_look(struct vs_find_question *a)
{
	struct vs_find *f = a->find;
	const char *slash = strrchr(a->normal, '/');
	struct vs_vm_entry *first, *hit = NULL;
	VS_BUF_FREE struct vs_buf path = VS_BUF_INIT;
	size_t hits = 0;

	first = vs_vm_list_get(&f->all, slash ? slash + 1 : a->normal);
	for (struct vs_vm_entry *e = first; e; e = e->same)
		if (find_all_is_meant(a, e, &path)) {
			hit = e;
			hits++;
		}
	if (hits > 1) {
		find_all_ambiguous(a, first);
		return;
	}
	if (hit == NULL)
		hit = find_all_by_id(f, a->given);
	if (hit == NULL) {
		if (!find_all_look_whole(a))
			vs_find_none(a, &f->all);
		return;
	}
	vs_buf_cut(&path, 0);
	vs_inv_vm_path(f->inv, hit->parent, hit->name, &path);
	vs_find_question_answer(a, hit->ref, path.s, NULL);
}

static void
find_all_listed(void *arg, const struct vs_err *err)
{
	struct vs_find *f = arg;
	struct vs_find_questions now = f->for_all;
	struct vs_err e;
	struct vs_find_question *a;

	if (err) {
		e = *err;
		f->all_sent = false;
		vs_vm_list_free(&f->all);
		vs_find_questions_fail(&f->for_all, &e);
		return;
	}
	f->all_ready = true;
	f->for_all = (struct vs_find_questions){ 0 };
	while ((a = vs_find_questions_take(&now)) != NULL)
		find_all_look(a);
}

/* A folder that was given as a path has not been checked so far. */
static int
find_all_check_folder(struct vs_find *f, struct vs_err *err)
{
	if (f->folder == NULL || vs_inv_at(f->inv, f->folder_path)
		|| vs_inv_find(f->inv, VS_PLACE_FOLDER, f->folder, NULL, "-f", err))
		return 0;
	return -1;
}

void
vs_find_list_all(struct vs_find *f)
{
	struct vs_place *dc = NULL;
	struct vs_err err;
	int bad = find_all_check_folder(f, &err);

	if (bad == 0 && f->vc->wire.conn->datacenter) {
		dc = vs_inv_datacenter(f->inv, NULL, &err);
		bad = dc == NULL;
	}
	if (bad) {
		vs_find_questions_fail(&f->for_all, &err);
		return;
	}
	if (f->all_sent)
		return;
	f->all_sent = true;
	vs_vm_list_send(&f->all, f->vc, dc ? dc->ref : f->vc->content.root_folder, true,
		find_all_listed, f);
}

void
vs_find_anywhere(struct vs_find_question *a)
{
	struct vs_find *f = a->find;

	if (f->all_ready) {
		find_all_look(a);
		return;
	}
	vs_find_questions_put(&f->for_all, a);
	if (f->inv_ready)
		vs_find_list_all(f);
	else
		vs_find_need_inv(f);
}
