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
	struct vs_kvs keys;	     /* the keys they set, for all VMs; owned */
};

extern const struct vs_opt vs_vm_table[];

/* Fill o->keys.  names: number of VMs on the command line; 0: they come on stdin.
 * -1, VS_ERR_USAGE. */
int vs_vmopts_take(struct vs_vm_opts *o, int names, struct vs_err *err);
void vs_vmopts_free(struct vs_vm_opts *o);

/* Set want to the keys that the VM of that name gets; have are those it has, on
 * tells whether it is running.  Ignition reads its config once, and a used token
 * must not be put back: without --force the config is left out if the VM has it
 * already, or has booted with another (with a warning).  node: its node name, if
 * not the VM name; or NULL.  -1, VS_ERR_USAGE. */
int vs_vmopts_plan(const struct vs_vm_opts *o, const struct vs_kvs *have, bool on, const char *name,
	const char *node, struct vs_kvs *want, struct vs_err *err);

/* Set the host name key for the VM of that name, if an Ignition config or a host
 * name was given.  -1, VS_ERR_USAGE: not a valid node name. */
int vs_vmopts_hostname(
	const struct vs_vm_opts *o, const char *name, struct vs_kvs *to, struct vs_err *err);

/* If an existing VM has another Ignition config than asked, or none, say so:
 * appended to words, after "; ". */
void vs_vmopts_differ(const struct vs_vm_opts *o, const struct vs_kvs *have, bool on,
	const char *name, struct vs_buf *words);

#endif
