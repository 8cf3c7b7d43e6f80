/* SPDX-License-Identifier: Apache-2.0 */
/* lookup.h - which places a name means, of an inventory that has been read.  Floor 4.
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

/* The one that is meant by given:
 *	"Network:network-12"		its reference,
 *	"/DC0/network/workers"		its path,
 *	"C0/Resources/pool1"		its path from the kind's own folder on,
 *	"workers", "Resources/pool1"	its name, or the end of its path;
 * names as vCenter shows them or as it stores them (%2f).  A pattern of the
 * shell (*, ?, [..]) is fine as long as it means one place; for a pool the name
 * of its cluster is, too.  Other than references and paths from the top, it
 * must lie in the datacenter in (NULL: --datacenter or $GOVC_DATACENTER when
 * that is set, else in any).
 * given NULL: the only one there is; of pools the cluster's own, of folders the
 * datacenter's "vm".
 * option: how one is chosen, for the message: "-n", or NULL.
 * NULL: VS_ERR_NOT_FOUND, none or more than one; the message lists the candidates. */
struct vs_place *vs_inv_find(struct vs_inv *inv, enum vs_place_kind kind, const char *given,
	const struct vs_place *in, const char *option, struct vs_err *err);

/* The datacenter that holds path (an absolute inventory path, or NULL), else
 * that of --datacenter or $GOVC_DATACENTER, else the only one. */
struct vs_place *vs_inv_datacenter(struct vs_inv *inv, const char *path, struct vs_err *err);

/* The path of a VM: that of its folder or vApp (or NULL) and its name. */
void vs_inv_vm_path(
	const struct vs_inv *inv, const char *parent_ref, const char *name, struct vs_buf *b);

/* Where names of this kind begin in a datacenter: "/DC0/host"; or NULL. */
struct vs_place *vs_inv_root(
	const struct vs_inv *inv, const struct vs_place *datacenter, enum vs_place_kind kind);

/* Is place what lies below above (not above itself)? */
bool vs_inv_below(const struct vs_place *place, const struct vs_place *above);

/* call() for each place of this kind that given means (as above, several are
 * fine) or, when it means none, that lies below what it names: the hosts of a
 * cluster.  given NULL: all that lie in the datacenter in (NULL: anywhere).
 * How many there were. */
size_t vs_inv_each(const struct vs_inv *inv, enum vs_place_kind kind, const char *given,
	const struct vs_place *in, void (*call)(void *arg, struct vs_place *p), void *arg);

/* Is it the path, or the end of the path, of a place of whatever kind? */
bool vs_inv_names(const struct vs_inv *inv, const char *given);

#endif
