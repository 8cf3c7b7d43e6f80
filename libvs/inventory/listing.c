/* SPDX-License-Identifier: Apache-2.0 */
/* Inventory first, then places, then VMs: at most one request each, and one more for
 * the fields of places. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "inventory/find.h"
#include "inventory/listing.h"
#include "inventory/lookup.h"
#include "inventory/place_path.h"
#include "inventory/select.h"
#include "run/lines.h"
#include "vim/reference.h"

enum {
	LISTING_VMS = VS_SHOW_VM | VS_SHOW_TEMPLATE,
	LISTING_IN_FOLDERS = LISTING_VMS | VS_PLACE_FOLDER, /* one level, unless -R */
};

struct listing {
	struct vs_reader *r;
	const struct vs_listing *what;
	struct vs_inv *inv;
	struct vs_select select;
	struct vs_lines *lines;
	struct vs_place **places; /* to be listed */
	size_t n, cap;
};

/* ---- places */

static void
listing_add_place(void *arg, struct vs_place *p)
{
	struct listing *ls = arg;

	vs_grow(ls->places, ls->n, ls->cap);
	ls->places[ls->n++] = p;
}

static void
listing_add_folders(struct listing *ls)
{
	for (struct vs_place *p = ls->inv->first; p; p = p->next)
		if (p->kind == VS_PLACE_FOLDER && p->parent
			&& vs_select_takes(&ls->select, p->parent, p->name, p->ref))
			listing_add_place(ls, p);
}

/* ---- VMs and templates */

static bool
listing_all_vms(const struct listing *ls)
{
	return (ls->what->kinds & LISTING_VMS) == LISTING_VMS;
}

static void
listing_vm_read(void *arg, struct vs_node *content)
{
	struct listing *ls = arg;
	VS_FREE char *ref = vs_node_ref(vs_node_at(content, "obj"));
	VS_FREE char *parent = vs_node_ref(vs_prop_get(content, "parent"));
	VS_FREE char *vapp = vs_node_ref(vs_prop_get(content, "parentVApp"));
	const char *up = vapp ? vapp : parent;
	const char *name = vs_prop_text(content, "name");
	const char *tmpl = vs_prop_text(content, "summary.config.template");
	unsigned kind = tmpl && strcmp(tmpl, "true") == 0 ? VS_SHOW_TEMPLATE : VS_SHOW_VM;
	struct vs_buf path = VS_BUF_INIT;
	struct vs_rec rec;

	if (ref == NULL || name == NULL || !(listing_all_vms(ls) || (ls->what->kinds & kind))
		|| !vs_select_takes(&ls->select, up ? vs_inv_holder(ls->inv, up) : NULL, name, ref))
		return;
	vs_inv_vm_path(ls->inv, up, name, &path);
	rec = (struct vs_rec){ .path = vs_buf_take(&path), .ref = vs_steal(ref) };
	if (ls->what->is_long)
		vs_show(&rec, VS_SHOW_VM, content, NULL, ls->inv);
	vs_lines_add(ls->lines, &rec);
}

static int
listing_read_vms(struct listing *ls, struct vs_err *err)
{
	const char *paths[3 + VS_SHOW_PATHS] = { "name", "parent", "parentVApp" }, *type;
	struct vs_prop *prop = vs_prop_new(ls->r->vc);

	if (ls->what->is_long)
		vs_show_wants(VS_SHOW_VM, &type, paths + 3);
	else if (!listing_all_vms(ls))
		paths[3] = "summary.config.template";
	vs_prop_want(prop, "VirtualMachine", paths);
	if (vs_select_from(&ls->select, prop))
		return vs_prop_wait(prop, listing_vm_read, ls, err);
	vs_prop_drop(prop);
	return 0;
}

/* ---- operands */

static void
listing_not_found(struct listing *ls, const char *given)
{
	bool one = (ls->what->kinds & (ls->what->kinds - 1)) == 0;
	struct vs_err err;

	if (vs_is_pattern(given))
		vs_fail(&err, VS_ERR_NOT_FOUND, "nothing matches '%s'", given);
	else if (one && (ls->what->kinds & LISTING_VMS))
		/* it exists, but is not of this kind */
		vs_fail(&err, VS_ERR_NOT_FOUND, "'%s' is %s template", given,
			ls->what->kinds == VS_SHOW_VM ? "a" : "not a");
	else if (!one || vs_inv_find(ls->inv, ls->what->kinds, given, NULL, NULL, &err))
		vs_fail(&err, VS_ERR_NOT_FOUND, "cannot find '%s'", given);
	vs_run_fail(ls->r->run, &err);
}

/* An operand that may be the name of a VM. */
struct listing_name {
	struct listing *ls;
	const char *given;
};

static void
listing_found_vm(void *arg, const char *ref, const char *path, const struct vs_err *err)
{
	struct listing_name *n = arg;

	(void)path;
	if (n->ls->r->vc->wire.cancelled)
		return;
	if (err)
		vs_run_fail(n->ls->r->run, err);
	else
		vs_select_vm(&n->ls->select, n->given, ref);
}

/* One operand; given NULL: there are none. */
static void
listing_take_path(struct listing *ls, struct vs_find *find, const struct vs_place *dc,
	struct listing_name *name)
{
	size_t hits = 0, had = ls->select.n;

	for (unsigned kind = 1; kind < VS_SHOW_VM; kind <<= 1)
		if (ls->what->kinds & kind & ~LISTING_IN_FOLDERS)
			hits += vs_inv_each(ls->inv, kind, name->given, dc, listing_add_place, ls);
	if ((ls->what->kinds & LISTING_IN_FOLDERS) && vs_select_add(&ls->select, name->given))
		/* a pattern that matched a datastore need not match a VM */
		while (had < ls->select.n)
			ls->select.targets[had++].hits = hits;
	else if (hits == 0 && name->given && (ls->what->kinds & LISTING_VMS))
		vs_find_ask(find, name->given, listing_found_vm, name);
	else if (hits == 0 && name->given && !vs_inv_names(ls->inv, name->given))
		listing_not_found(ls, name->given);
}

static bool
listing_all_found(void *arg)
{
	return !vs_find_busy(arg);
}

static int
listing_take_paths(struct listing *ls, const struct vs_place *dc, struct vs_err *err)
{
	const struct vs_listing *what = ls->what;
	struct vs_vc *vc = ls->r->vc;
	struct vs_find *find = vs_find_new(vc, ls->inv, ls->what->folder);
	VS_FREE struct listing_name *names = vs_alloc(what->n + 1, sizeof *names);
	int result;

	for (size_t i = 0; i < what->n || i == 0; i++) {
		names[i] = (struct listing_name){ ls, what->n ? what->paths[i] : NULL };
		listing_take_path(ls, find, dc, &names[i]);
	}
	vs_find_flush(find);
	result = vs_vc_until(vc, listing_all_found, find, err);
	vs_find_free(find);
	return result;
}

static int
listing_print_all(struct listing *ls, struct vs_err *err)
{
	struct vs_place *dc = NULL;
	const char *missed;
	size_t at = 0;

	if (ls->r->vc->wire.conn->datacenter && !(dc = vs_inv_datacenter(ls->inv, NULL, err)))
		return -1;
	if (listing_take_paths(ls, dc, err) < 0)
		return -1;
	if (ls->what->kinds & VS_PLACE_FOLDER)
		listing_add_folders(ls);
	if (vs_show_places(ls->lines, ls->inv, ls->places, ls->n, ls->what->is_long, err) < 0
		|| ((ls->what->kinds & LISTING_VMS) && listing_read_vms(ls, err) < 0))
		return -1;
	vs_lines_flush(ls->lines);
	while ((missed = vs_select_missed(&ls->select, &at)) != NULL)
		listing_not_found(ls, missed);
	return 0;
}

int
vs_listing_print(struct vs_reader *r, const struct vs_listing *what, struct vs_err *err)
{
	struct listing ls = { .r = r, .what = what };
	unsigned places = what->kinds & ~(unsigned)LISTING_VMS;
	int bad = -1;

	if (what->kinds & LISTING_VMS)
		places |= VS_PLACE_FOLDER | (what->is_long ? VS_PLACE_HOST : 0);
	ls.inv = vs_inv_read(r->vc, places, err);
	if (ls.inv == NULL)
		return -1;
	/* columns for a terminal only */
	ls.lines = vs_lines_new(r->loop, r->output, r->run->json,
		what->is_long && isatty(1) && r->run->out == NULL);
	if (!(what->kinds & LISTING_IN_FOLDERS)
		|| vs_select_open(&ls.select, ls.inv, what->folder, what->deep, err) == 0)
		bad = listing_print_all(&ls, err);
	vs_lines_free(ls.lines);
	vs_select_free(&ls.select);
	free(ls.places);
	vs_inv_free(ls.inv);
	return bad;
}
