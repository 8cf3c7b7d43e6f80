/* SPDX-License-Identifier: Apache-2.0 */
/* clone.h - what all clones share, and the one call that creates each of them.  Floor 5.
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

/* The request; borrowed.  NULL or 0: the template decides. */
struct vs_clone_request {
	const char *template;
	int64_t cpus, memory, disk; /* bytes */
	struct vs_list networks;    /* -n, first card first */
	const char *datastore, *pod, *pool, *cluster, *host, *folder;
	bool thin, thick;
	const char *annotation;
	bool linked, on;
	/* not options: */
	const char *provisioning;    /* "thin", "thick"; set by vs_clone_take */
	const struct vs_vm_opts *vm; /* the keys of all clones */
};

extern const struct vs_opt vs_clone_table[];
/* Check the options: VS_ERR_USAGE when they contradict each other. */
int vs_clone_take(struct vs_clone_request *a, struct vs_err *err);

/* The size of the first disk, in whole MiB, or 0. */
int64_t vs_clone_disk_bytes(const struct vs_clone_request *a);

/* The objects in this vCenter that the request refers to. */
struct vs_clone {
	const struct vs_clone_request *ask;
	struct vs_inv *inv;
	struct vs_place *dc, *folder, *pool, *host, *datastore, *pod;
	struct vs_place **nets; /* of the array; the places are of inv */
	size_t n_nets;
	char *ref, *path; /* of the template */
	char *folder_path;
	bool is_on, has_vapp;
	char *snapshot;	    /* its current snapshot, or NULL */
	int64_t cores;	    /* per socket */
	struct vs_xp *kept; /* the tree that devices borrows from */
	struct vs_devices devices;
	struct vs_kvs inherited; /* its keys that a clone must not have */
	struct vs_map there;	 /* names in the folder -> "VirtualMachine:vm-1" */
	char *vcenter;		 /* the instanceUuid of this vCenter */
};

/* Look all of it up, in three reads for any number of clones.  per_vm: is it a key that
 * a clone must not inherit? */
int vs_clone_prepare(struct vs_clone *c, const struct vs_clone_request *ask, struct vs_vc *vc,
	bool (*per_vm)(const char *key), struct vs_err *err);
void vs_clone_free(struct vs_clone *c);

/* The reference of the VM of that name in the folder, or NULL. */
const char *vs_clone_existing(const struct vs_clone *c, const char *name);

/* The id of a clone of that name: UUIDv5 (RFC 4122) of vCenter, folder and name, the
 * same in every run.  buf: 37 bytes. */
void vs_clone_id(const struct vs_clone *c, const char *name, char *buf);

/* What a clone will be, in words: "clone '/DC0/vm/t' into ..."; owned by the caller. */
char *vs_clone_plan(const struct vs_clone *c);

/* The name in a record or operand, as vCenter stores it ('%', '/' and '\' encoded);
 * owned by the caller.  The path of the record becomes the full one.  NULL,
 * VS_ERR_USAGE: another folder, or an empty or too long name. */
char *vs_clone_name(const struct vs_clone *c, struct vs_rec *rec, struct vs_err *err);

/* The elements of CloneVM_Task after _this: folder, name, spec.  extra: the keys of this
 * clone alone.  datastore: the recommended one, or NULL. */
void vs_clone_write(struct vs_xw *w, const struct vs_clone *c, const char *name,
	const struct vs_kvs *extra, const char *datastore);

/* The elements of RecommendDatastores, for a clone in a datastore cluster; and the
 * recommended datastore, owned by the caller. */
void vs_clone_place(struct vs_xw *w, const struct vs_clone *c, const char *name);
char *vs_clone_placed(struct vs_node *reply, struct vs_err *err);

/* A VM exists, but its config is not reported.  0: it is still being created; -1: it
 * cannot be read, and why.  away: by its runtime.connectionState (NULL: unknown) vCenter
 * cannot reach it.  Source: vSphere Web Services API, VirtualMachineConnectionState. */
bool vs_clone_away(const char *state);
int vs_clone_unread(struct vs_node *content, struct vs_err *err);

/* What is watched until the config of a VM is reported. */
extern const char *const vs_clone_watch[];

/* Is a VM with these properties (vs_clone_props) the clone of that name and id?  -1: it
 * was not created by vs-clone.  0: how it differs from the request is appended to words. */
extern const char *const vs_clone_props[];
int vs_clone_judge(const struct vs_clone *c, struct vs_node *content, const char *name,
	const char *id, struct vs_buf *words, struct vs_err *err);

#endif
