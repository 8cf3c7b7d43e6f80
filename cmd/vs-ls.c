/* SPDX-License-Identifier: Apache-2.0 */
/* vs-ls - list virtual machines, templates and other inventory objects */
#include "inventory/listing.h"

static struct vs_listing what;
static struct vs_list words;

static const struct vs_opt opts[] = {
	{ 'l', "long", VS_OPT_FLAG, &what.is_long, NULL,
		"with power, CPUs, address ... as fields" },
	{ 'R', "recursive", VS_OPT_FLAG, &what.deep, NULL,
		"VMs, templates and folders of all folders below, too" },
	{ 't', "type", VS_OPT_LIST, &words,
		"vm|template|host|cluster|pool|datastore|network|folder|datacenter",
		"or datastore-cluster; several with commas (vm,template)" },
	{ 0 },
};

static const struct vs_opt *const tables[] = { opts, vs_conn_opts, NULL };

static const struct vs_tool tool = {
	.name = "vs-ls",
	.args = "[PATH...]",
	.does = "list virtual machines, templates and other inventory objects",
	.tables = tables,
	.max = -1,
};

static int
ls_work(struct vs_reader *r, struct vs_err *err)
{
	return vs_listing_print(r, &what, err);
}

int
main(int argc, char **argv)
{
	struct vs_run run;
	struct vs_err err;

	if (vs_run_begin(&run, &tool, argc, argv) < 0)
		return run.status;
	if (vs_kinds_read(&words, &what.kinds, &err) < 0) {
		vs_run_fail(&run, &err);
		return vs_run_end(&run);
	}
	if (what.kinds == 0)
		what.kinds = VS_SHOW_VM | VS_SHOW_TEMPLATE;
	what.folder = vs_env("GOVC_FOLDER");
	what.paths = run.operands;
	what.n = (size_t)run.n;
	return vs_reader_run(&run, ls_work, NULL);
}
