/* node-wait - wait until nodes are ready, or gone */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "kube/wait.h"
#include "run/run.h"

enum { TIMEOUT = 15 * 60 * 1000 };

static const char *want = "ready", *selector, *kubeconfig, *context;
static struct vs_list labels, taints;

static const struct vs_opt opts[] = {
	{ 0, "for", VS_OPT_STR, &want, "WHAT",
		"ready (the default), gone, or CONDITION=STATUS" },
	{ 0, "label", VS_OPT_LIST, &labels, "K=V",
		"label the node when it shows up" },
	{ 0, "taint", VS_OPT_LIST, &taints, "K=V:EFFECT",
		"taint the node when it shows up" },
	{ 'l', "selector", VS_OPT_STR, &selector, "SELECTOR",
		"nodes with these labels: those named, or all" },
	{ 0, "kubeconfig", VS_OPT_STR, &kubeconfig, "FILE",
		"instead of KUBECONFIG and ~/.kube/config" },
	{ 0, "context", VS_OPT_STR, &context, "NAME",
		"instead of the kubeconfig's current one" },
	{ 0 }
};
static const struct vs_opt *const tables[] = { opts, NULL };

static const struct vs_tool tool = {
	.name = "node-wait",
	.args = "[NODE...]",
	.does = "wait until Kubernetes nodes are ready, or gone",
	.tables = tables,
	.max = -1,
	.records = true,
};

/* --for CONDITION=STATUS; own is the copy that the condition's name is cut
 * out of. */
static int
read_want(struct vs_kwait_conf *c, char *own, struct vs_err *err)
{
	static const char *const statuses[] = { "True", "False", "Unknown" };
	char *status = strchr(own, '=');

	c->state = want;
	if (strcmp(want, "ready") == 0)
		return 0;
	c->gone = strcmp(want, "gone") == 0;
	if (c->gone)
		return 0;
	if (status == NULL || status == own)
		return vs_fail(err, VS_USAGE, "--for '%s' is none of ready, gone,"
			" CONDITION=STATUS", want);
	*status++ = '\0';
	for (size_t i = 0; i < VS_LEN(statuses); i++)
		if (strcasecmp(status, statuses[i]) == 0)
			c->want.status = statuses[i];
	if (c->want.status == NULL)
		return vs_fail(err, VS_USAGE, "--for '%s': the status of a condition"
			" is True, False or Unknown", want);
	c->want.condition = own;
	return 0;
}

static int
read_marks(struct vs_kmarks *m, struct vs_err *err)
{
	m->labels = vs_alloc(labels.n, sizeof *m->labels);
	for (; m->n_labels < labels.n; m->n_labels++)
		if (vs_label_parse(&m->labels[m->n_labels],
		    labels.v[m->n_labels], err) < 0)
			return vs_wrap(err, "--label");
	m->taints = vs_alloc(taints.n, sizeof *m->taints);
	for (; m->n_taints < taints.n; m->n_taints++)
		if (vs_taint_parse(&m->taints[m->n_taints],
		    taints.v[m->n_taints], err) < 0)
			return vs_wrap(err, "--taint");
	return 0;
}

static void
free_marks(struct vs_kmarks *m)
{
	while (m->n_labels > 0)
		vs_label_free(&m->labels[--m->n_labels]);
	while (m->n_taints > 0)
		vs_taint_free(&m->taints[--m->n_taints]);
	free(m->labels);
	free(m->taints);
}

/* What cannot be meant together. */
static int
contradictions(const struct vs_run *run, const struct vs_kwait_conf *c,
	struct vs_err *err)
{
	bool marks = labels.n || taints.n;

	if (marks && c->gone)
		return vs_fail(err, VS_USAGE,
			"--label and --taint do not go with --for gone");
	if (marks && selector && run->n == 0)
		return vs_fail(err, VS_USAGE,
			"--label and --taint need the nodes by name, not by -l alone");
	if (kubeconfig && strcmp(kubeconfig, "-") == 0 && run->n == 0
	    && selector == NULL)
		return vs_fail(err, VS_USAGE, "stdin ('-') cannot be both the"
			" kubeconfig and the list of nodes");
	return 0;
}

/* Places for any nodes that match, when their number is known. */
static char **
places(int64_t n)
{
	char **names = vs_alloc((size_t)n + 1, sizeof *names);

	for (int64_t i = 0; i < n; i++)
		names[i] = vs_printf("node %lld of %lld", (long long)i + 1,
			(long long)n);
	return names;
}

static int
wait_for(struct vs_run *run, struct vs_kwait_conf *c, struct vs_err *err)
{
	struct vs_kwait *w = vs_kwait_new(c);
	struct vs_jobs_conf jobs = { .loop = c->loop, .slots = INT64_MAX,
		.mover = vs_kwait_mover(w), .timeout = c->timeout };
	bool by_labels = selector && run->n == 0;
	char **names = NULL;

	if (by_labels) {
		c->any = !c->gone && run->expect > 0;
		names = c->any ? places(run->expect) : vs_kwait_names(w, err);
	}
	jobs.names = (const char *const *)names;
	if (names || !by_labels)
		vs_jobs_run(run, &jobs);
	vs_kwait_names_free(names);
	vs_kwait_free(w);
	return names || !by_labels ? 0 : -1;
}

/* One node by name needs no list of all. */
static char *
only(const struct vs_run *run, struct vs_err *err)
{
	struct vs_rec rec = { 0 };
	char *name = NULL;

	if (run->n == 1 && vs_rec_read(run->operands[0],
	    strlen(run->operands[0]), &rec, err) == 0)
		name = vs_kwait_node(&rec, err);
	vs_rec_free(&rec);
	return name;
}

static int
work(struct vs_run *run, struct vs_kwait_conf *c, struct vs_err *err)
{
	const struct vs_kubeask ask = { .file = kubeconfig, .context = context };
	VS_FREE char *own = vs_strdup(want);
	VS_FREE char *name = NULL;
	struct vs_kubeconf conf;
	int bad;

	if (read_want(c, own, err) < 0 || read_marks(&c->marks, err) < 0
	    || contradictions(run, c, err) < 0
	    || vs_kubeconf_load(&ask, &conf, err) < 0)
		return -1;
	c->loop = vs_loop_new(err);
	if (c->loop == NULL) {
		vs_kubeconf_free(&conf);
		return -1;
	}
	c->kube = vs_kube_open(c->loop, &conf, err);
	c->only = name = only(run, err);
	bad = c->kube ? wait_for(run, c, err) : -1;
	vs_kube_close(c->kube);
	vs_loop_free(c->loop);
	return bad;
}

int
main(int argc, char **argv)
{
	struct vs_kwait_conf conf = { 0 };
	struct vs_run run;
	struct vs_err err;

	if (vs_run_begin(&run, &tool, argc, argv) < 0)
		return run.status;
	conf.selector = selector;
	conf.operands = run.n > 0;
	conf.timeout = run.timeout >= 0 ? run.timeout : TIMEOUT;
	if (work(&run, &conf, &err) < 0)
		vs_run_fail(&run, &err);
	free_marks(&conf.marks);
	vs_list_free(&labels);
	vs_list_free(&taints);
	return vs_run_end(&run);
}
