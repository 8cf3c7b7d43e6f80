/* SPDX-License-Identifier: Apache-2.0 */
/* inventory.h - the places of a vCenter: everything but its VMs.  Floor 4.
 *
 * One RetrievePropertiesEx (and its further pages) reads all places of the
 * kinds a tool asks for; what a name means is decided in
 * inventory/lookup.
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
	const struct vs_place *met;  /* private: while the inventory is read */
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

/* NULL: there is none.  A vApp is two places: a pool, and (vs_inv_holder) what
 * VMs lie in, below the VM folder. */
struct vs_place *vs_inv_by_ref(const struct vs_inv *inv, const char *ref);
struct vs_place *vs_inv_holder(const struct vs_inv *inv, const char *ref);
/* What stands at this normal path, of any kind.  When several do (networks):
 * the first of them. */
struct vs_place *vs_inv_at(const struct vs_inv *inv, const char *path);

const char *vs_place_kind_name(enum vs_place_kind kind); /* "resource pool" */

#endif
