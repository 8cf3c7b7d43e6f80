/* SPDX-License-Identifier: Apache-2.0 */
/* lookup.h - find places of an inventory by name.  Floor 4.
 *
 *	struct vs_inv *inv = vs_inv_read(vc, VS_PLACE_FOLDER | VS_PLACE_NETWORK, err);
 *	dc = vs_inv_datacenter(inv, template_path, err);
 *	net = vs_inv_find(inv, VS_PLACE_NETWORK, "workers", dc, "-n", err);
 */
#ifndef VS_INVENTORY_LOOKUP_H
#define VS_INVENTORY_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "inventory/inventory.h"

/* The one place of this kind that given means:
 *	"Network:network-12"		its reference,
 *	"/DC0/network/workers"		its path,
 *	"C0/Resources/pool1"		its path below the folder of its kind,
 *	"workers", "Resources/pool1"	its name, or the end of its path;
 * names as vCenter shows them or as it stores them (%2f).  A shell pattern (*, ?, [..])
 * must match one place only.  A pool can also be given by the name of its cluster.
 * Unless given is a reference or a path from the top, the place must be in the
 * datacenter `in` (NULL: that of --datacenter or $GOVC_DATACENTER if set, else any).
 * given NULL: the only place there is; of pools: the cluster's own; of folders: the
 * datacenter's "vm".
 * option: how to select one, for the message: "-n"; or NULL.
 * NULL, VS_ERR_NOT_FOUND: no such place, or more than one; the message lists candidates. */
struct vs_place *vs_inv_find(struct vs_inv *inv, enum vs_place_kind kind, const char *given,
	const struct vs_place *in, const char *option, struct vs_err *err);

/* The datacenter of path (an absolute inventory path, or NULL), else that of
 * --datacenter or $GOVC_DATACENTER, else the only one.  NULL: see err. */
struct vs_place *vs_inv_datacenter(struct vs_inv *inv, const char *path, struct vs_err *err);

/* Append the path of a VM: the path of its folder or vApp (NULL: not known), its name. */
void vs_inv_vm_path(
	const struct vs_inv *inv, const char *parent_ref, const char *name, struct vs_buf *b);

/* The folder of this kind in a datacenter, "/DC0/host"; or NULL. */
struct vs_place *vs_inv_root(
	const struct vs_inv *inv, const struct vs_place *datacenter, enum vs_place_kind kind);

/* Call call() for each place of this kind that given means, as above, or if it means
 * none, for each one below the place that it names: the hosts of a cluster.  given
 * NULL: all in the datacenter `in` (NULL: in any).  Returns their number. */
size_t vs_inv_each(const struct vs_inv *inv, enum vs_place_kind kind, const char *given,
	const struct vs_place *in, void (*call)(void *arg, struct vs_place *p), void *arg);

/* Is given the path, or the end of the path, of a place of any kind? */
bool vs_inv_names(const struct vs_inv *inv, const char *given);

#endif
