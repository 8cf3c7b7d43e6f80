/* SPDX-License-Identifier: Apache-2.0 */
/* inventory.h - the places of a vCenter: everything except its VMs.  Floor 4.
 *
 * One RetrievePropertiesEx and its further pages read all places of the kinds that a
 * tool needs.  To find one by name: inventory/lookup.
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
	VS_PLACE_DATACENTER = 1 << 0, /* always read, with the folders above them */
	VS_PLACE_FOLDER = 1 << 1,     /* VM folders, and vApps as their parents */
	VS_PLACE_CLUSTER = 1 << 2,    /* compute resources: clusters, standalone hosts */
	VS_PLACE_POOL = 1 << 3,	      /* resource pools and vApps; implies VS_PLACE_CLUSTER */
	VS_PLACE_HOST = 1 << 4,	      /* implies VS_PLACE_CLUSTER */
	VS_PLACE_DATASTORE = 1 << 5,  /* implies VS_PLACE_DATASTORE_CLUSTER */
	VS_PLACE_DATASTORE_CLUSTER = 1 << 6, /* datastore clusters */
	VS_PLACE_NETWORK = 1 << 7,	     /* standard, distributed, opaque; no uplinks */
	VS_PLACE_OTHER = 1 << 8,	     /* not requested by itself: other folders in
				 * paths, switches and their uplinks */
};

/* Valid as long as its inventory; read only. */
struct vs_place {
	const char *ref; /* "Folder:group-v3" */
	enum vs_place_kind kind;
	const char *name;	     /* as vCenter stores it: '%', '/', '\' as %xx */
	const char *part;	     /* the name as in records: the end of its path */
	size_t len;		     /* of its path: see inventory/place */
	struct vs_place *parent;     /* NULL: at the top, or not visible to this user */
	struct vs_place *datacenter; /* that it is in, or that it is; or NULL */
	struct vs_place *next;	     /* in the inventory, in the order received */
	struct vs_place *same;	     /* with the same parent and part, or NULL */
	struct vs_place *same_last;  /* private: in the first of them */
	const char *parent_ref;	     /* or NULL */
	bool holder;		     /* a vApp as the parent of VMs */
	const struct vs_place *met;  /* private: while the inventory is read */
	union {
		struct { /* VS_PLACE_DATACENTER: references; NULL when not read */
			const char *vm_folder, *host_folder, *datastore_folder, *network_folder;
		};
		const char *root_pool; /* VS_PLACE_CLUSTER: its ResourcePool */
		struct {	       /* VS_PLACE_NETWORK */
			/* distributed: the key of the port group and the uuid of its
			 * switch (NULL: this user cannot read the switch);
			 * opaque: opaqueNetworkId and opaqueNetworkType;
			 * standard: NULL, it is identified by its name */
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
	struct vs_place *first; /* then ->next, in the order received */
	/* private */
	struct vs_arena arena;
	struct vs_map by_ref, by_child;
	struct vs_place **last;
	struct vs_prop *prop; /* while it is being read */
	void (*end)(void *arg, const struct vs_err *err);
	void *arg;
};

/* Read all places of these kinds (bits of enum vs_place_kind); turns the loop, and opens
 * the session if necessary.  The caller's.  NULL: see err. */
struct vs_inv *vs_inv_read(struct vs_vc *vc, unsigned kinds, struct vs_err *err);

/* The same without waiting: end() is called from the loop; err NULL: it has been read.
 * The session must be open.  vs_inv_free may be called before end(). */
struct vs_inv *vs_inv_send(struct vs_vc *vc, unsigned kinds,
	void (*end)(void *arg, const struct vs_err *err), void *arg);
void vs_inv_free(struct vs_inv *inv); /* NULL is fine */

/* The place with this reference, or NULL.  A vApp is two places: a pool, and
 * (vs_inv_holder) a parent of VMs below the VM folder. */
struct vs_place *vs_inv_by_ref(const struct vs_inv *inv, const char *ref);
struct vs_place *vs_inv_holder(const struct vs_inv *inv, const char *ref);

const char *vs_place_kind_name(enum vs_place_kind kind); /* "resource pool" */

#endif
