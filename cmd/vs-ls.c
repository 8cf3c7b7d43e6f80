/* vs-ls - list virtual machines, templates, and where they can go */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "run/lines.h"
#include "vim/find.h"
#include "vim/reader.h"
#include "vim/select.h"
#include "vim/show.h"

enum {
	VMS = VS_VM | VS_TEMPLATE,
	IN_FOLDERS = VMS | VS_FOLDER,	/* listed level by level */
};

static bool is_long, deep;
static struct vs_list words;

static const struct vs_opt opts[] = {
	{ 'l', "long", VS_OPT_FLAG, &is_long, NULL,
		"with power, CPUs, address ... as fields" },
	{ 'R', "recursive", VS_OPT_FLAG, &deep, NULL,
		"VMs, templates and folders of all folders below, too" },
	{ 't', "type", VS_OPT_LIST, &words, "KIND[,KIND...]",
		"vm, template, host, cluster, pool, datastore, network, folder, "
		"datastore-cluster or datacenter (vm,template)" },
	{ 0 }
};

static const struct vs_opt *const tables[] = { opts, vs_conn_opts, NULL };

static const struct vs_tool tool = {
	.name = "vs-ls",
	.args = "[PATH...]",
	.does = "list virtual machines, templates, and where they can go",
	.tables = tables, .max = -1,
};

struct ls {
	struct vs_reader *r;
	unsigned wanted;
	struct vs_inv *inv;
	struct vs_select select;
	struct vs_lines *lines;
	struct vs_place **places;	/* to be listed */
	size_t n, cap;
};

/* ---- places */

static void
found_place(void *arg, struct vs_place *p)
{
	struct ls *ls = arg;

	vs_grow(ls->places, ls->n, ls->cap);
	ls->places[ls->n++] = p;
}

/* Folders are listed as VMs are: of one level, unless -R. */
static void
list_folders(struct ls *ls)
{
	for (struct vs_place *p = ls->inv->first; p; p = p->next)
		if (p->kind == VS_FOLDER && p->parent
		    && vs_select_takes(&ls->select, p->parent, p->name, p->ref))
			found_place(ls, p);
}

/* ---- VMs and templates */

static bool
all_vms(const struct ls *ls)
{
	return (ls->wanted & VMS) == VMS;
}

static void
vm_read(void *arg, struct vs_node *content)
{
	struct ls *ls = arg;
	VS_FREE char *ref = vs_node_ref(vs_node_at(content, "obj"));
	VS_FREE char *parent = vs_node_ref(vs_prop_get(content, "parent"));
	VS_FREE char *vapp = vs_node_ref(vs_prop_get(content, "parentVApp"));
	const char *up = vapp ? vapp : parent;
	const char *name = vs_prop_text(content, "name");
	const char *tmpl = vs_prop_text(content, "summary.config.template");
	unsigned kind = tmpl && strcmp(tmpl, "true") == 0 ? VS_TEMPLATE : VS_VM;
	struct vs_buf path = VS_BUF_INIT;
	struct vs_rec rec;

	if (ref == NULL || name == NULL || !(all_vms(ls) || (ls->wanted & kind))
	    || !vs_select_takes(&ls->select,
	    up ? vs_inv_holder(ls->inv, up) : NULL, name, ref))
		return;
	vs_inv_vm_path(ls->inv, up, name, &path);
	rec = (struct vs_rec){ .path = vs_buf_take(&path), .ref = vs_steal(ref) };
	if (is_long)
		vs_show(&rec, VS_VM, content, NULL, ls->inv);
	vs_lines_add(ls->lines, &rec);
}

static int
read_vms(struct ls *ls, struct vs_err *err)
{
	const char *paths[16 + 4] = { "name", "parent", "parentVApp" }, *type;
	struct vs_prop *prop = vs_prop_new(ls->r->vc);

	if (is_long)
		vs_show_wants(VS_VM, &type, paths + 3);
	else if (!all_vms(ls))
		paths[3] = "summary.config.template";
	vs_prop_want(prop, "VirtualMachine", paths);
	if (vs_select_from(&ls->select, prop))
		return vs_prop_wait(prop, vm_read, ls, err);
	vs_prop_drop(prop);
	return 0;
}

/* ---- what is asked for */

static void
not_found(struct ls *ls, const char *given)
{
	bool one = (ls->wanted & (ls->wanted - 1)) == 0;
	struct vs_err err;

	if (vs_is_pattern(given))
		vs_fail(&err, VS_NOTFOUND, "nothing matches '%s'", given);
	else if (one && (ls->wanted & VMS))
		/* it was found, but is not of this kind */
		vs_fail(&err, VS_NOTFOUND, "'%s' is %s template", given,
			ls->wanted == VS_VM ? "a" : "no");
	else if (!one || vs_inv_find(ls->inv, ls->wanted, given, NULL, NULL, &err))
		vs_fail(&err, VS_NOTFOUND, "cannot find '%s'", given);
	vs_run_fail(ls->r->run, &err);
}

/* The name of one VM, on its way to vs_find. */
struct name {
	struct ls *ls;
	const char *given;
};

static void
found_vm(void *arg, const char *ref, const char *path, const struct vs_err *err)
{
	struct name *n = arg;

	(void)path;
	if (n->ls->r->vc->cancelled)
		return;
	if (err)
		vs_run_fail(n->ls->r->run, err);
	else
		vs_select_vm(&n->ls->select, n->given, ref);
}

/* One PATH, or NULL: none was given. */
static void
take_path(struct ls *ls, struct vs_find *find, const struct vs_place *dc,
	struct name *name)
{
	size_t hits = 0, had = ls->select.n;

	for (unsigned kind = 1; kind < VS_VM; kind <<= 1)
		if (ls->wanted & kind & ~IN_FOLDERS)
			hits += vs_inv_each(ls->inv, kind, name->given, dc,
				found_place, ls);
	if ((ls->wanted & IN_FOLDERS) && vs_select_add(&ls->select, name->given))
		/* what has met a datastore need not meet a VM */
		while (had < ls->select.n)
			ls->select.targets[had++].hits = hits;
	else if (hits == 0 && name->given && (ls->wanted & VMS))
		vs_find_ask(find, name->given, found_vm, name);
	else if (hits == 0 && name->given && !vs_inv_names(ls->inv, name->given))
		not_found(ls, name->given);
}

static int
take_paths(struct ls *ls, const struct vs_place *dc, struct vs_err *err)
{
	struct vs_run *run = ls->r->run;
	struct vs_vc *vc = ls->r->vc;
	struct vs_find *find = vs_find_new(vc, ls->inv, vs_env("GOVC_FOLDER"));
	VS_FREE struct name *names = vs_alloc((size_t)run->n + 1, sizeof *names);

	for (int i = 0; i < run->n || i == 0; i++) {
		names[i] = (struct name){ ls, run->n ? run->operands[i] : NULL };
		take_path(ls, find, dc, &names[i]);
	}
	vs_find_flush(find);
	while (vs_find_busy(find) && !vc->cancelled)
		vs_loop_turn(vc->loop, -1);
	vs_find_free(find);
	return vc->cancelled ? vs_fail(err, VS_FAIL, "interrupted") : 0;
}

static int
list(struct ls *ls, struct vs_err *err)
{
	struct vs_place *dc = NULL;
	const char *missed;
	size_t at = 0;

	if (ls->r->vc->conn->datacenter
	    && !(dc = vs_inv_datacenter(ls->inv, NULL, err)))
		return -1;
	if (take_paths(ls, dc, err) < 0)
		return -1;
	if (ls->wanted & VS_FOLDER)
		list_folders(ls);
	if (vs_show_places(ls->lines, ls->inv, ls->places, ls->n, is_long, err) < 0
	    || ((ls->wanted & VMS) && read_vms(ls, err) < 0))
		return -1;
	vs_lines_flush(ls->lines);
	while ((missed = vs_select_missed(&ls->select, &at)) != NULL)
		not_found(ls, missed);
	return 0;
}

static int
work(struct vs_reader *r, struct vs_err *err)
{
	struct ls ls = { .r = r, .wanted = *(unsigned *)r->arg };
	unsigned places = ls.wanted & ~(unsigned)VMS;
	int bad = -1;

	if (ls.wanted & VMS)
		places |= VS_FOLDER | (is_long ? VS_HOST : 0);
	ls.inv = vs_inv_read(r->vc, places, err);
	if (ls.inv == NULL)
		return -1;
	ls.lines = vs_lines_new(r->loop, r->output, r->run->json,
		is_long && isatty(1) && r->run->out == NULL);
	if (!(ls.wanted & IN_FOLDERS) || vs_select_open(&ls.select, ls.inv,
	    vs_env("GOVC_FOLDER"), deep, err) == 0)
		bad = list(&ls, err);
	vs_lines_free(ls.lines);
	vs_select_free(&ls.select);
	free(ls.places);
	vs_inv_free(ls.inv);
	return bad;
}

int
main(int argc, char **argv)
{
	struct vs_run run;
	struct vs_err err;
	unsigned wanted = 0;

	if (vs_run_begin(&run, &tool, argc, argv) < 0)
		return run.status;
	if (vs_kinds_read(&words, &wanted, &err) < 0) {
		vs_run_fail(&run, &err);
		return vs_run_end(&run);
	}
	if (wanted == 0)
		wanted = VMS;
	return vs_reader_run(&run, work, &wanted);
}
