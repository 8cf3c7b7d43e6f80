/* SPDX-License-Identifier: Apache-2.0 */
/* gather.c - the queue of looks, and the one RetrievePropertiesEx that is out.
 *
 * What an answer means for a job is not known here. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/map.h"
#include "base/mem.h"
#include "engine/gather.h"
#include "vim/prop.h"
#include "vim/reference.h"

enum { BATCH = 250 }; /* VMs in one call */

struct vs_gather {
	struct vs_vc *vc;
	const char *const *props;
	struct vs_look *first, **last;
	struct vs_prop *prop; /* in flight, or NULL */
	struct vs_map out;    /* ref -> struct vs_look, still without an answer */
	bool alone;	      /* one VM a call: a fault names none of them */
};

struct vs_gather *
vs_gather_new(struct vs_vc *vc, const char *const *props)
{
	struct vs_gather *g = vs_alloc(1, sizeof *g);

	g->vc = vc;
	g->props = props;
	g->last = &g->first;
	return g;
}

void
vs_gather_free(struct vs_gather *g)
{
	if (g == NULL)
		return;
	vs_prop_drop(g->prop);
	vs_map_free(&g->out);
	free(g);
}

void
vs_gather_add(struct vs_gather *g, struct vs_look *l)
{
	assert(l->state == VS_LOOK_IDLE);
	l->state = VS_LOOK_QUEUED;
	l->next = NULL;
	*g->last = l;
	g->last = &l->next;
}

static void
gather_take_out(struct vs_gather *g, struct vs_look **at)
{
	struct vs_look *l = *at;

	l->state = VS_LOOK_IDLE;
	*at = l->next;
	if (g->last == &l->next)
		g->last = at;
}

void
vs_gather_forget(struct vs_gather *g, struct vs_look *l)
{
	struct vs_look **at = &g->first;

	switch (l->state) {
	case VS_LOOK_IDLE:
		break;
	case VS_LOOK_OUT:
		assert(vs_map_get(&g->out, l->ref) == l); /* its ref has not changed */
		vs_map_del(&g->out, l->ref);
		l->state = VS_LOOK_IDLE;
		break;
	case VS_LOOK_QUEUED:
		while (*at != l)
			at = &(*at)->next;
		gather_take_out(g, at);
		break;
	}
}

bool
vs_look_is_out(const struct vs_look *l)
{
	return l->state == VS_LOOK_OUT;
}

static void
gather_object(void *arg, struct vs_node *content)
{
	struct vs_gather *g = arg;
	VS_FREE char *ref = vs_node_ref(vs_node_at(content, "obj"));
	struct vs_look *l = ref ? vs_map_del(&g->out, ref) : NULL;

	if (l == NULL)
		return;
	l->state = VS_LOOK_IDLE;
	l->ended(l->arg, VS_LOOK_READ, content, NULL);
}

/* Take a look that is still without an answer; NULL: there are no more. */
static struct vs_look *
gather_next_out(struct vs_gather *g)
{
	size_t at = 0;
	struct vs_look *l = vs_map_next(&g->out, &at, NULL);

	if (l) {
		vs_map_del(&g->out, l->ref);
		l->state = VS_LOOK_IDLE;
	}
	return l;
}

/* Is the object of that id the one that a fault's message is about? */
static bool
gather_is_named(const char *msg, const char *ref)
{
	const char *id = strchr(ref, ':') + 1, *in = msg, *at;
	size_t n = strlen(id);

	/* "vm-10" is in "vm-101", which may be another one of them */
	for (; (at = strstr(in, id)) != NULL; in = at + 1)
		if ((at == msg || strchr(" (:'\"", at[-1])) && strchr(" ,)'\"", at[n]))
			return true;
	return false;
}

/* One of them is gone, and the fault of the whole call names it; the others are
 * read again.  When it names none, each is read alone. */
static void
gather_not_found(struct vs_gather *g, const struct vs_err *err)
{
	size_t n = 0, at = 0;
	struct vs_look *l;
	bool named = false;

	while (vs_map_next(&g->out, &at, NULL))
		n++; /* those that were forgotten meanwhile do not count */
	while ((l = gather_next_out(g)) != NULL) {
		if (n == 1 || gather_is_named(err->msg, l->ref)) {
			named = true;
			l->ended(l->arg, VS_LOOK_GONE, NULL, NULL);
		} else {
			vs_gather_add(g, l);
		}
	}
	g->alone |= !named;
}

static void
gather_end(void *arg, const struct vs_err *err)
{
	struct vs_gather *g = arg;
	struct vs_look *l;

	g->prop = NULL;
	if (err && strcmp(err->fault, "ManagedObjectNotFound") == 0)
		gather_not_found(g, err);
	while ((l = gather_next_out(g)) != NULL)
		l->ended(l->arg, err ? VS_LOOK_FAILED : VS_LOOK_GONE, NULL, err);
	vs_map_free(&g->out);
}

void
vs_gather_flush(struct vs_gather *g)
{
	struct vs_look *l, **from = &g->first;
	size_t n = 0;

	/* those added while a call is out go with the next one */
	if (g->prop || g->first == NULL)
		return;
	g->prop = vs_prop_new(g->vc);
	vs_prop_want(g->prop, "VirtualMachine", g->props);
	while ((l = *from) != NULL && n < (g->alone ? 1 : BATCH)) {
		/* a VM that is in the input twice: the second one waits */
		if (vs_map_get(&g->out, l->ref)) {
			from = &l->next;
			continue;
		}
		gather_take_out(g, from);
		l->state = VS_LOOK_OUT;
		vs_map_put(&g->out, l->ref, l);
		vs_prop_of(g->prop, l->ref);
		n++;
	}
	vs_prop_send(g->prop, gather_object, gather_end, g);
}
