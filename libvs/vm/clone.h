/* SPDX-License-Identifier: Apache-2.0 */
/* clone.h - everything that clones share, and the one call that makes each.  Floor 5.
 *
 * Source: vSphere Web Services API, VirtualMachine.CloneVM_Task,
 * VirtualMachineCloneSpec; element order as in the WSDL. */
#ifndef VS_VM_CLONE_H
#define VS_VM_CLONE_H

#include "base/kv.h"
#include "base/map.h"
#include "guestinfo/vmopts.h"
#include "inventory/find.h"
#include "inventory/inventory.h"
#include "text/record.h"
#include "vm/device.h"

/* What is asked for; borrowed, NULL or 0: not asked for. */
struct vs_clone_request {
	const char *template;
	int64_t cpus, memory, disk; /* bytes */
	struct vs_list networks;    /* -n, first card first */
	const char *datastore, *pod, *pool, *cluster, *host, *folder;
	bool thin, thick;
	const char *annotation;
	bool linked, on;
	/* not options: */
	const char *provisioning;    /* "thin", "thick"; by vs_clone_take */
	const struct vs_vm_opts *vm; /* the keys for all of them */
};

extern const struct vs_opt vs_clone_table[];
/* Check what the options say: VS_ERR_USAGE when they contradict each other. */
int vs_clone_take(struct vs_clone_request *a, struct vs_err *err);

/* What that comes to in this vCenter. */
struct vs_clone {
	const struct vs_clone_request *ask;
	struct vs_inv *inv;
	struct vs_place *dc, *folder, *pool, *host, *datastore, *pod;
	struct vs_place **nets; /* of the array; the places are of inv */
	size_t n_nets;
	char *ref, *path; /* of the template */
	bool is_on, has_vapp;
	char *snapshot;	    /* its current one, or NULL */
	int64_t cores;	    /* per socket */
	struct vs_xp *kept; /* holds what devices borrows */
	struct vs_devices devices;
	struct vs_kvs inherited; /* its extraConfig that no clone may have */
	struct vs_map there;	 /* names in the folder -> "VirtualMachine:vm-1" */
	char *vcenter;		 /* its instanceUuid */
};

/* Look everything up: three reads for any number of clones. */
int vs_clone_prepare(struct vs_clone *c, const struct vs_clone_request *ask, struct vs_vc *vc,
	bool (*of_one)(const char *key), struct vs_err *err);
void vs_clone_free(struct vs_clone *c);

/* The reference of the VM of that name in the folder, or NULL. */
const char *vs_clone_existing(const struct vs_clone *c, const char *name);

/* The id that a clone of that name has: UUIDv5 (RFC 4122) of vCenter, folder
 * and name.  The same for every run; buf: 37 bytes. */
void vs_clone_id(const struct vs_clone *c, const char *name, char *buf);

/* What each clone is going to be, in words: "clone '/DC0/vm/t' to ..."; the
 * caller's. */
char *vs_clone_plan(const struct vs_clone *c);

/* The name that a record or an operand asks for, as vCenter keeps it (with '%',
 * '/' and '\' encoded), the caller's; its path becomes the full one.  NULL:
 * VS_ERR_USAGE, another folder, empty or too long a name. */
char *vs_clone_name(const struct vs_clone *c, struct vs_rec *rec, struct vs_err *err);

/* The elements of CloneVM_Task behind _this: folder, name, spec.
 * extra: of this one VM.  datastore: of a placement, or NULL. */
void vs_clone_write(struct vs_xw *w, const struct vs_clone *c, const char *name,
	const struct vs_kvs *extra, const char *datastore);

/* RecommendDatastores for a clone into the datastore cluster; and the
 * datastore that its answer recommends, owned by the caller. */
void vs_clone_place(struct vs_xw *w, const struct vs_clone *c, const char *name);
char *vs_clone_placed(struct vs_node *reply, struct vs_err *err);

/* Of a VM that exists, and whose config is not told: 0, it is still being made;
 * -1, nobody will tell, and why.  away: by its runtime.connectionState (NULL: not
 * told) vCenter does not reach it.
 * Source: vim.VirtualMachine.ConnectionState: of one that is inaccessible or
 * invalid no configuration can be returned. */
bool vs_clone_away(const char *state);
int vs_clone_unread(struct vs_node *content, struct vs_err *err);

/* What a VM is watched for while its config is not there yet. */
extern const char *const vs_clone_watch[];

/* Is a VM that exists, with these properties vs_clone_props, the clone of that
 * name and id?  -1: it is not ours.  0: what of it is not as asked is appended to
 * words; "": nothing. */
extern const char *const vs_clone_props[];
int vs_clone_judge(const struct vs_clone *c, struct vs_node *content, const char *name,
	const char *id, struct vs_buf *words, struct vs_err *err);

#endif
