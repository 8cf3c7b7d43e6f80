/* SPDX-License-Identifier: Apache-2.0 */
/* vs-ls - list virtual machines, templates and other inventory objects */
#include <stddef.h>

#include "inventory/listing.h"

struct ls {
	struct vs_conn_opts conn;
	struct vs_listing what;
	struct vs_list words;
};

static const struct vs_opt opts[] = {
	{ 'l', "long", VS_OPT_FLAG, offsetof(struct ls, what.is_long), NULL,
		"add fields: power, CPUs, address, ..." },
	{ 'R', "recursive", VS_OPT_FLAG, offsetof(struct ls, what.deep), NULL,
		"list VMs, templates and folders of all levels below" },
	{ 't', "type", VS_OPT_LIST, offsetof(struct ls, words),
		"vm|template|host|cluster|pool|datastore|network|folder|datacenter",
		"or datastore-cluster; several with commas (vm,template)" },
	{ 0 },
};

static const struct vs_tool_opts tables[] = {
	{ opts, 0 },
	{ vs_conn_table, offsetof(struct ls, conn) },
	{ 0 },
};

static const struct vs_tool tool = {
	.name = "vs-ls",
	.args = "[PATH...]",
	.does = "list virtual machines, templates and other inventory objects",
	.options = tables,
	.max = -1,
};

static int
ls_work(struct vs_reader *r, struct vs_err *err)
{
	return vs_listing_print(r, r->arg, err);
}

int
main(int argc, char **argv)
{
	struct ls ls = { 0 };
	struct vs_run run;
	struct vs_err err;

	if (vs_run_begin(&run, &tool, &ls, argc, argv) < 0)
		return run.status;
	if (vs_show_kinds(&ls.words, &ls.what.kinds, &err) < 0) {
		vs_run_fail(&run, &err);
		vs_run_end(&run);
	} else {
		if (ls.what.kinds == 0)
			ls.what.kinds = VS_SHOW_VM | VS_SHOW_TEMPLATE;
		ls.what.folder = vs_env("GOVC_FOLDER");
		ls.what.paths = run.operands;
		ls.what.n = (size_t)run.n;
		vs_reader_run(&run, &ls.conn, ls_work, &ls.what);
	}
	vs_list_free(&ls.words);
	return run.status;
}
