/* SPDX-License-Identifier: Apache-2.0 */
/* vmopts.h - the options that put a worker's keys into a VM.  Floor 4. */
#ifndef VS_GUESTINFO_VMOPTS_H
#define VS_GUESTINFO_VMOPTS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/kv.h"
#include "base/opt.h"

/* Filled by the table below; borrowed. */
struct vs_vm_opts {
	const char *ignition;	     /* -i FILE, or NULL */
	const char *hostname;	     /* --hostname NAME, or NULL */
	struct vs_list pairs, files; /* -e, -E */
	bool force;		     /* vs-extraconfig's own --force */
	struct vs_kvs keys;	     /* what they come to, for all VMs; owned */
};

extern const struct vs_opt vs_vm_table[];

/* Fill keys.  names: how many VMs stand on the command line; 0: they come on
 * stdin.  VS_ERR_USAGE. */
int vs_vmopts_take(struct vs_vm_opts *o, int names, struct vs_err *err);
void vs_vmopts_free(struct vs_vm_opts *o);

/* What of the keys is to be sent to the VM of that name, which has these keys and
 * is on or not.  Ignition reads its config once, and a token that was used must
 * not be put back: a VM that has that config already, or has booted with
 * another, gets none (the latter with a warning), unless --force.  node: what its
 * node is called when not by that name, or NULL.  VS_ERR_USAGE. */
int vs_vmopts_plan(const struct vs_vm_opts *o, const struct vs_kvs *have, bool on, const char *name,
	const char *node, struct vs_kvs *want, struct vs_err *err);

/* The hostname key of the VM of that name, when there is an Ignition config;
 * VS_ERR_USAGE when its name is none that a node can have. */
int vs_vmopts_hostname(
	const struct vs_vm_opts *o, const char *name, struct vs_kvs *to, struct vs_err *err);

/* Where a VM that exists has another Ignition config than asked, or none: says so,
 * appended to words behind "; ". */
void vs_vmopts_differ(const struct vs_vm_opts *o, const struct vs_kvs *have, bool on,
	const char *name, struct vs_buf *words);

#endif
