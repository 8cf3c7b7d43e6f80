/* SPDX-License-Identifier: Apache-2.0 */
/* What all jobs of a round want to know of their VMs is read in one call. */
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "engine/engine_job.h"
#include "vim/reference.h"

enum { BATCH = 250 }; /* VMs in one call */

struct vs_batch {
	struct vs_engine *e;
	struct vs_prop *prop;
	struct vs_batch *next; /* of the engine's, in flight */
	struct vs_map jobs;    /* ref -> struct vs_engine_job, of those still waiting */
};

static void
gather_name_mismatch(struct vs_engine_job *ej, const char *name)
{
	vs_engine_job_fail(ej, VS_ERR_NOT_FOUND,
		"%s is '%s' in this vCenter: the record is of another one, or the VM was renamed; nothing was done",
		ej->ref, name);
}

/* A moref means another VM in another vCenter: its name tells. */
static bool
gather_check_name(struct vs_engine_job *ej, struct vs_node *content)
{
	struct vs_rec *rec = &ej->job->rec;
	const char *name = vs_prop_text(content, "name");
	struct vs_buf b = VS_BUF_INIT;
	bool good = true;

	if (name == NULL && ej->check_name && !ej->checked) {
		vs_engine_job_fail(ej, VS_ERR_NOT_FOUND,
			"vCenter does not tell the name of %s, so it may be another VM than the record's; nothing was done",
			ej->ref);
		return false;
	}
	if (name == NULL || ej->checked)
		return true;
	ej->checked = true;
	vs_path_encode(name, true, &b);
	if (vs_ref_is(rec->path, "VirtualMachine"))
		vs_set(&rec->path, b.s);
	else if (ej->check_name)
		good = strcmp(vs_rec_name(rec), b.s) == 0;
	vs_buf_free(&b);
	if (!good)
		gather_name_mismatch(ej, name);
	return good;
}

static void
gather_object(void *arg, struct vs_node *content)
{
	struct vs_batch *b = arg;
	VS_FREE char *ref = vs_node_ref(vs_node_at(content, "obj"));
	struct vs_engine_job *ej = ref ? vs_map_del(&b->jobs, ref) : NULL;

	if (ej == NULL)
		return;
	ej->batch = NULL;
	if (!gather_check_name(ej, content))
		return;
	vs_engine_job_deliver(ej, &(struct vs_event){ .kind = VS_EVENT_READY, .content = content });
}

/* One of them is gone, and the fault of the whole call names it; the others
 * are read again.  When it names none, each is asked alone. */
static void
gather_not_found(struct vs_batch *b, const struct vs_err *err)
{
	size_t n = 0, at = 0;
	struct vs_engine_job *ej;
	bool named = false;

	while (vs_map_next(&b->jobs, &at, NULL))
		n++;
	at = 0;
	while ((ej = vs_map_next(&b->jobs, &at, NULL)) != NULL) {
		const char *id = strchr(ej->ref, ':') + 1;
		const char *in = strstr(err->msg, id);

		ej->batch = NULL;
		if (n == 1 || (in && strchr(" ,)'\"", in[strlen(id)]) != NULL)) {
			named = true;
			vs_engine_job_gone(ej);
		} else {
			vs_engine_job_look(ej);
		}
	}
	if (!named)
		b->e->read_alone = true;
}

static void
gather_end(void *arg, const struct vs_err *err)
{
	struct vs_batch *b = arg;
	struct vs_batch **at_batch;
	struct vs_engine_job *ej;
	size_t at = 0;

	for (at_batch = &b->e->batches; *at_batch != b;)
		at_batch = &(*at_batch)->next;
	*at_batch = b->next;
	if (err && strcmp(err->fault, "ManagedObjectNotFound") == 0) {
		gather_not_found(b, err);
	} else {
		while ((ej = vs_map_next(&b->jobs, &at, NULL)) != NULL) {
			ej->batch = NULL;
			if (err)
				vs_engine_job_fail(ej, err->code, "%s", err->msg);
			else
				vs_engine_job_gone(ej);
		}
	}
	vs_map_free(&b->jobs);
	free(b);
}

static void
gather_take_out(struct vs_engine *e, struct vs_engine_job **at)
{
	(*at)->to_read = false;
	if (e->reading_end == &(*at)->next_read)
		e->reading_end = at;
	*at = (*at)->next_read;
}

void
vs_gather_flush(struct vs_engine *e)
{
	/* while one is out the others gather */
	while (e->reading && e->batches == NULL) {
		struct vs_batch *b = vs_alloc(1, sizeof *b);
		struct vs_prop *p = vs_prop_new(e->vc);
		struct vs_engine_job *ej, **from = &e->reading;
		size_t n = 0;

		b->e = e;
		vs_prop_want(p, "VirtualMachine", e->props);
		while ((ej = *from) != NULL && n < (e->read_alone ? 1 : BATCH)) {
			/* the same VM twice in the input: the other one waits */
			if (vs_map_get(&b->jobs, ej->ref)) {
				from = &ej->next_read;
				continue;
			}
			gather_take_out(e, from);
			ej->next_read = NULL;
			ej->batch = b;
			ej->missed = false;
			vs_map_put(&b->jobs, ej->ref, ej);
			vs_prop_of(p, ej->ref);
			n++;
		}
		b->prop = p;
		b->next = e->batches;
		e->batches = b;
		vs_prop_send(p, gather_object, gather_end, b);
	}
}

void
vs_gather_forget(struct vs_engine_job *ej)
{
	struct vs_engine_job **at;

	if (ej->batch)
		vs_map_del(&ej->batch->jobs, ej->ref);
	ej->batch = NULL;
	for (at = &ej->e->reading; ej->to_read; at = &(*at)->next_read)
		if (*at == ej) {
			gather_take_out(ej->e, at);
			break;
		}
}

void
vs_gather_drop(struct vs_engine *e)
{
	struct vs_batch *b;

	while ((b = e->batches) != NULL) {
		e->batches = b->next;
		vs_prop_drop(b->prop);
		vs_map_free(&b->jobs);
		free(b);
	}
}
