/* SPDX-License-Identifier: Apache-2.0 */
/* inventory.h - the places of a vCenter: everything but its VMs.  Floor 4.
 *
 * One RetrievePropertiesEx (and its further pages) reads all places of the
 * kinds a tool asks for; names, paths and references are looked up here then.
 *
 *	struct vs_inv *inv = vs_inv_read(vc, VS_PLACE_FOLDER | VS_PLACE_NETWORK, err);
 *	dc = vs_inv_datacenter(inv, template_path, err);
 *	net = vs_inv_find(inv, VS_PLACE_NETWORK, "workers", dc, "-n", err);
 */
#ifndef VS_INVENTORY_INVENTORY_H
#define VS_INVENTORY_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "vim/vcenter.h"

enum vs_place_kind {
	VS_PLACE_DATACENTER = 1 << 0,	     /* always read, with the folders above them */
	VS_PLACE_FOLDER = 1 << 1,	     /* VM folders, and the vApps among them */
	VS_PLACE_CLUSTER = 1 << 2,	     /* compute resources: clusters, stand-alone hosts */
	VS_PLACE_POOL = 1 << 3,		     /* resource pools and vApps; brings VS_PLACE_CLUSTER */
	VS_PLACE_HOST = 1 << 4,		     /* brings VS_PLACE_CLUSTER */
	VS_PLACE_DATASTORE = 1 << 5,	     /* brings VS_PLACE_DATASTORE_CLUSTER */
	VS_PLACE_DATASTORE_CLUSTER = 1 << 6, /* datastore clusters */
	VS_PLACE_NETWORK = 1 << 7,	     /* standard, distributed, opaque; no uplinks */
	VS_PLACE_OTHER = 1 << 8,	     /* never asked for: what stands in the others'
				 * paths, switches and their uplinks */
};

/* Lives as long as its inventory; nothing of it is to be changed. */
struct vs_place {
	const char *ref; /* "Folder:group-v3" */
	enum vs_place_kind kind;
	const char *name;	     /* as vCenter has it: '%', '/', '\' as %xx */
	const char *path;	     /* "/DC0/host/DC0_C0/Resources/pool1", as in records */
	struct vs_place *parent;     /* NULL: at the top, or it may not be seen */
	struct vs_place *datacenter; /* it is in; its own for one; or NULL */
	struct vs_place *next;	     /* of the inventory, in the order they came */
	const char *parent_ref;	     /* or NULL */
	bool holder;		     /* a vApp as what VMs lie in */
	union {
		struct { /* VS_PLACE_DATACENTER: references; NULL when not read */
			const char *vm_folder, *host_folder, *datastore_folder, *network_folder;
		};
		const char *root_pool; /* VS_PLACE_CLUSTER: its ResourcePool */
		struct {	       /* VS_PLACE_NETWORK */
			/* distributed: the port group's key and its switch's
			 * uuid (NULL: the switch may not be read);
			 * opaque: opaqueNetworkId and opaqueNetworkType;
			 * standard: both NULL, the name is all */
			const char *net_id, *net_switch;
			const char *switch_ref;
		};
		const char *uuid; /* of a switch (VS_PLACE_OTHER) */
	};
};

/* Owned; the places live in it. */
struct vs_inv {
	struct vs_vc *vc;
	unsigned kinds;		/* that were read */
	struct vs_place *first; /* then ->next, in the order they came */
	/* private */
	struct vs_arena arena;
	struct vs_map by_ref, by_path;
	struct vs_place **last;
	struct vs_prop *prop; /* while it is read */
	void (*end)(void *arg, const struct vs_err *err);
	void *arg;
};

/* All places of these kinds (bits of enum vs_place_kind), turning the loop until they
 * are here; opens the session when there is none.  NULL with the error. */
struct vs_inv *vs_inv_read(struct vs_vc *vc, unsigned kinds, struct vs_err *err);

/* The same without waiting: end() comes from the loop; err NULL: it is read.
 * The session must be open.  vs_inv_free is fine before that, too. */
struct vs_inv *vs_inv_send(struct vs_vc *vc, unsigned kinds,
	void (*end)(void *arg, const struct vs_err *err), void *arg);
void vs_inv_free(struct vs_inv *inv); /* NULL is fine */

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

/* NULL: there is none.  A vApp is two places: a pool, and (vs_inv_holder) what
 * VMs lie in, below the VM folder. */
struct vs_place *vs_inv_by_ref(const struct vs_inv *inv, const char *ref);
struct vs_place *vs_inv_holder(const struct vs_inv *inv, const char *ref);
/* What stands at this normal path, of any kind.  When several do (networks):
 * the first of them. */
struct vs_place *vs_inv_at(const struct vs_inv *inv, const char *path);

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

const char *vs_place_kind_name(enum vs_place_kind kind); /* "resource pool" */

#endif
