/* SPDX-License-Identifier: Apache-2.0 */
/* node-wait - wait until nodes are ready, or gone.
 * The waiting itself is in kube/wait. */
#include <stddef.h>
#include <string.h>

#include "kube/wait.h"
#include "run/run.h"

enum { TIMEOUT = 15 * 60 * 1000 };

struct node_wait {
	const char *want;
	struct vs_kubeask kube;
	struct vs_list labels, taints;
	struct vs_kwait_conf conf;
};

static const struct vs_opt opts[] = {
	{ 0, "for", VS_OPT_STR, offsetof(struct node_wait, want), "ready|gone|CONDITION=STATUS",
		"what to wait for (default: ready)" },
	{ 0, "label", VS_OPT_LIST, offsetof(struct node_wait, labels), "K=V",
		"set this label on the node when it joins" },
	{ 0, "taint", VS_OPT_LIST, offsetof(struct node_wait, taints), "K=V:EFFECT",
		"set this taint on the node when it joins" },
	{ 'l', "selector", VS_OPT_STR, offsetof(struct node_wait, conf.selector), "SELECTOR",
		"only nodes that match this label selector" },
	{ 0, "kubeconfig", VS_OPT_STR, offsetof(struct node_wait, kube.file), "FILE",
		"use it instead of KUBECONFIG and ~/.kube/config" },
	{ 0, "context", VS_OPT_STR, offsetof(struct node_wait, kube.context), "NAME",
		"use this context instead of the current one" },
	{ 0 },
};
static const struct vs_tool_opts tables[] = { { opts, 0 }, { 0 } };

static const struct vs_tool tool = {
	.name = "node-wait",
	.args = "[NODE...]",
	.does = "wait until Kubernetes nodes are ready, or gone",
	.options = tables,
	.max = -1,
	.records = true,
};

/* Options that exclude each other. */
static int
node_wait_contradictions(const struct vs_run *run, const struct node_wait *o, struct vs_err *err)
{
	bool marks = o->labels.n || o->taints.n;

	if (marks && o->conf.want.gone)
		return vs_fail(err, VS_ERR_USAGE,
			"--label and --taint cannot be combined with --for gone");
	if (marks && o->conf.selector && run->n == 0)
		return vs_fail(
			err, VS_ERR_USAGE, "--label and --taint need node names, not only -l");
	if (o->kube.file && strcmp(o->kube.file, "-") == 0 && run->n == 0
		&& o->conf.selector == NULL)
		return vs_fail(err, VS_ERR_USAGE,
			"stdin ('-') cannot be both the kubeconfig and the list of nodes");
	return 0;
}

static int
node_wait_work(struct vs_run *run, struct node_wait *o, struct vs_err *err)
{
	struct vs_kwait_conf *c = &o->conf;
	struct vs_kubeconf conf;
	int bad;

	c->timeout = run->timeout >= 0 ? run->timeout : TIMEOUT;
	if (vs_kwant_read(o->want, &c->want, err) < 0
		|| vs_knode_marks_read(&c->marks, &o->labels, &o->taints, err) < 0
		|| node_wait_contradictions(run, o, err) < 0
		|| vs_kubeconf_load(&o->kube, &conf, err) < 0)
		return -1;
	conf.exec_ms = c->timeout;
	c->loop = vs_loop_new(err);
	if (c->loop == NULL) {
		vs_kubeconf_free(&conf);
		return -1;
	}
	c->kube = vs_kube_open(c->loop, &conf, err);
	bad = c->kube ? vs_kwait_run(run, c, err) : -1;
	vs_kube_close(c->kube);
	vs_loop_free(c->loop);
	return bad;
}

int
main(int argc, char **argv)
{
	struct node_wait o = { .want = "ready" };
	struct vs_run run;
	struct vs_err err;

	if (vs_run_begin(&run, &tool, &o, argc, argv) < 0)
		return run.status;
	if (node_wait_work(&run, &o, &err) < 0)
		vs_run_fail(&run, &err);
	vs_kwant_free(&o.conf.want);
	vs_knode_marks_free(&o.conf.marks);
	vs_list_free(&o.labels);
	vs_list_free(&o.taints);
	return vs_run_end(&run);
}
