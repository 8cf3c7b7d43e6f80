/* SPDX-License-Identifier: Apache-2.0 */
/* gather.h - what jobs want to know of their VMs, read in one call a round.  Floor 5. */
#ifndef VS_ENGINE_GATHER_H
#define VS_ENGINE_GATHER_H

#include "vim/vcenter.h"

struct vs_gather;

enum vs_look_end {
	VS_LOOK_READ, /* content: its ObjectContent, valid only during the call */
	VS_LOOK_GONE,
	VS_LOOK_FAILED, /* err */
};

/* Embedded in its owner; stays where it is until it has ended or is forgotten. */
struct vs_look {
	const char *ref; /* the owner's */
	void (*ended)(
		void *arg, enum vs_look_end how, struct vs_node *content, const struct vs_err *err);
	void *arg;
	/* private */
	enum { VS_LOOK_IDLE, VS_LOOK_QUEUED, VS_LOOK_OUT } state;
	struct vs_look *next;
};

/* props: of each VM, NULL at the end; borrowed. */
struct vs_gather *vs_gather_new(struct vs_vc *vc, const char *const *props);
void vs_gather_free(struct vs_gather *g); /* NULL is fine */

void vs_gather_add(struct vs_gather *g, struct vs_look *l);
void vs_gather_forget(struct vs_gather *g, struct vs_look *l); /* fine when idle */
bool vs_look_is_out(const struct vs_look *l); /* its answer may be older than now */

/* Each round: read what was added, unless a call is out. */
void vs_gather_flush(struct vs_gather *g);

#endif
