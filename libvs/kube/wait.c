/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "kube/wait.h"

char *
vs_kwait_node(const struct vs_rec *rec, struct vs_err *err)
{
	const char *from = vs_rec_get(rec, "node");
	char *name = vs_strdup(from ? from : vs_rec_name(rec));
	bool part = false; /* a letter or digit stands before */
	size_t n = strlen(name);

	for (size_t i = 0; i < n; i++) {
		char c = name[i] = (char)tolower((unsigned char)name[i]);

		if (isalnum((unsigned char)c) || (c == '-' && i > 0 && name[i - 1] != '.'))
			part = c != '-';
		else if (c == '.' && part)
			part = false;
		else
			break;
		if (i + 1 == n && part && n <= 253)
			return name;
	}
	vs_fail(err, VS_ERR_USAGE,
		"no node can be called '%s': it takes letters, digits, '-' and '.'", name);
	free(name);
	return NULL;
}

void
vs_kwait_names_free(char **names)
{
	for (char **s = names; s && *s; s++)
		free(*s);
	free(names);
}

/* Names for the places of nodes whose names are not known yet. */
static char **
wait_run_places(int64_t n)
{
	char **names = vs_alloc((size_t)n + 1, sizeof *names);

	for (int64_t i = 0; i < n; i++)
		names[i] = vs_printf("node %lld of %lld", (long long)i + 1, (long long)n);
	return names;
}

static int
wait_run_run_jobs(struct vs_run *run, struct vs_kwait_conf *c, struct vs_err *err)
{
	struct vs_kwait *w = vs_kwait_new(c);
	struct vs_jobs_conf jobs = { .loop = c->loop,
		.slots = INT64_MAX,
		.mover = vs_kwait_mover(w),
		.timeout = c->timeout };
	bool by_labels = c->selector && run->n == 0;
	char **names = NULL;

	if (by_labels)
		names = c->any ? wait_run_places(run->expect) : vs_kwait_names(w, err);
	jobs.names = (const char *const *)names;
	if (names || !by_labels)
		vs_jobs_run(run, &jobs);
	vs_kwait_names_free(names);
	vs_kwait_free(w);
	return names || !by_labels ? 0 : -1;
}

int
vs_kwait_run(struct vs_run *run, struct vs_kwait_conf *c, struct vs_err *err)
{
	VS_FREE char *only = NULL;
	struct vs_rec rec = { 0 };
	struct vs_err none;

	c->operands = run->n > 0;
	c->any = c->selector && run->n == 0 && !c->want.gone && run->expect > 0;
	/* one node by name needs no list of all; a name that is none is the
	 * job's to report */
	if (run->n == 1
		&& vs_rec_read(run->operands[0], strlen(run->operands[0]), &rec, &none) == 0)
		only = vs_kwait_node(&rec, &none);
	vs_rec_free(&rec);
	c->only = only;
	return wait_run_run_jobs(run, c, err);
}
