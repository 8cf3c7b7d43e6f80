/* SPDX-License-Identifier: Apache-2.0 */
/* device.h - the disks and network cards of a VM, read and edited.  Floor 5.
 *
 * Source: vSphere Web Services API, VirtualDevice and below; element order as
 * in the WSDL (base class first). */
#ifndef VS_VM_DEVICE_H
#define VS_VM_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "inventory/inventory.h"
#include "text/xml_write.h"

/* Both are borrowed from the tree of "config.hardware.device". */
struct vs_disk {
	struct vs_node *node;
	const char *key;
	int64_t bytes;
	const char *datastore_id; /* moid, or NULL */
	const char *mode;	  /* "persistent" */
	bool child;		  /* a delta disk: can neither grow nor be converted */
};

struct vs_nic {
	struct vs_node *node;
	const char *key;
	bool manual_mac;
};

/* { 0 } is an empty one. */
struct vs_devices {
	struct vs_disk *disks;
	struct vs_nic *nics;
	size_t n_disks, n_nics, cap_disks, cap_nics;
};
#define VS_DEVICES_FREE __attribute__((cleanup(vs_devices_free)))
void vs_devices_free(struct vs_devices *d);

/* All of them.  val: the value of "config.hardware.device"; in the order of their keys, as
 * vCenter gives them: the first disk is the one it boots from. */
void vs_devices_read(struct vs_node *val, struct vs_devices *d);

/* <deviceChange>..: grow the disk to bytes, a multiple of 1 MiB. */
void vs_disk_grow(struct vs_xw *w, const struct vs_disk *disk, int64_t bytes);

/* <disk>.. of a RelocateSpec: make the disk thin or thick, on datastore (NULL: where it
 * is). */
void vs_disk_convert(struct vs_xw *w, const struct vs_disk *disk, const char *datastore, bool thin);

/* The file of a disk that is outside the VM's own folder, or NULL; borrowed.  Of the
 * properties config.hardware.device and config.files.vmPathName. */
const char *vs_disk_elsewhere(struct vs_node *content);

/* <deviceChange>..: connect nic to net; NULL: a new vmxnet3 with that negative key. */
void vs_nic_connect(
	struct vs_xw *w, const struct vs_nic *nic, const struct vs_place *net, int new_key);
void vs_nic_remove(struct vs_xw *w, const struct vs_nic *nic);
/* The card stays where it is, and vCenter assigns a MAC address. */
void vs_nic_assign_mac(struct vs_xw *w, const struct vs_nic *nic);

/* Is the card connected to net?  Compares its backing. */
bool vs_nic_is_on(const struct vs_nic *nic, const struct vs_place *net);
/* The name of its network, for messages; owned by the caller. */
char *vs_nic_where(const struct vs_nic *nic);

/* VS_ERR_FAILED: this user may not read what is needed to connect to it. */
int vs_net_usable(const struct vs_place *net, struct vs_err *err);

#endif
