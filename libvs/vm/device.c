/* SPDX-License-Identifier: Apache-2.0 */
/* device.c - find disks and network cards in a VM's hardware, and write their changes.
 *
 * Source: vSphere Web Services API, VirtualDevice, VirtualDeviceConfigSpec. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/buf.h"
#include "base/mem.h"
#include "inventory/place.h"
#include "text/record.h"
#include "vim/prop.h"
#include "vim/reference.h"
#include "vm/device.h"

/* The subclasses of VirtualEthernetCard. */
static const char *const cards[] = { "VirtualVmxnet3", "VirtualE1000", "VirtualE1000e",
	"VirtualVmxnet2", "VirtualVmxnet", "VirtualPCNet32", "VirtualSriovEthernetCard",
	"VirtualVmxnet3Vrdma", "VirtualEthernetCard" };

static bool
device_is_card(const char *type)
{
	for (size_t i = 0; i < VS_LEN(cards); i++)
		if (strcmp(cards[i], type) == 0)
			return true;
	return false;
}

static void
device_read_disk(struct vs_node *n, struct vs_disk *d)
{
	int64_t kib = vs_node_int(n, "capacityInKB", 0);

	*d = (struct vs_disk){ .node = n,
		.key = vs_node_text(n, "key"),
		.bytes = vs_node_int(n, "capacityInBytes", -1),
		.datastore_id = vs_node_text(n, "backing/datastore"),
		.mode = vs_node_text(n, "backing/diskMode"),
		.child = vs_node_at(n, "backing/parent") != NULL };
	if (d->bytes < 0)
		d->bytes = kib < 0 ? 0 : kib > INT64_MAX / 1024 ? INT64_MAX : kib * 1024;
}

void
vs_devices_free(struct vs_devices *d)
{
	free(d->disks);
	free(d->nics);
	*d = (struct vs_devices){ 0 };
}

void
vs_devices_read(struct vs_node *val, struct vs_devices *d)
{
	vs_devices_free(d);
	for (struct vs_node *n = vs_node_at(val, "VirtualDevice"); n; n = vs_node_next(n)) {
		if (n->type == NULL || vs_node_text(n, "key") == NULL)
			continue;
		if (strcmp(n->type, "VirtualDisk") == 0) {
			vs_grow(d->disks, d->n_disks, d->cap_disks);
			device_read_disk(n, &d->disks[d->n_disks++]);
		} else if (device_is_card(n->type)) {
			const char *how = vs_node_text(n, "addressType");

			vs_grow(d->nics, d->n_nics, d->cap_nics);
			d->nics[d->n_nics++] = (struct vs_nic){ .node = n,
				.key = vs_node_text(n, "key"),
				.manual_mac = how && strcasecmp(how, "manual") == 0 };
		}
	}
}

/* The length of "[datastore] folder/" in "[datastore] folder/vm.vmx". */
static size_t
device_folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash + 1 - path) : 0;
}

const char *
vs_disk_elsewhere(struct vs_node *content)
{
	const char *vmx = vs_prop_text(content, "config.files.vmPathName");
	size_t n = vmx ? device_folder_of(vmx) : 0;
	VS_DEVICES_FREE struct vs_devices d = { 0 };

	vs_devices_read(vs_prop_get(content, "config.hardware.device"), &d);
	for (size_t i = 0; i < d.n_disks; i++) {
		const char *file = vs_node_text(d.disks[i].node, "backing/fileName");

		if (file && (n == 0 || device_folder_of(file) != n || strncmp(file, vmx, n) != 0))
			return file;
	}
	return NULL;
}

static void
device_open_change(struct vs_xw *w, const char *operation, const char *type)
{
	vs_xw_open_type(w, "deviceChange", "VirtualDeviceConfigSpec");
	vs_xw_text(w, "operation", operation);
	vs_xw_open_type(w, "device", type);
}

static void
device_close_change(struct vs_xw *w)
{
	vs_xw_close(w);
	vs_xw_close(w);
}

static void
device_echo_backing(struct vs_xw *w, struct vs_node *device)
{
	struct vs_node *backing = vs_node_at(device, "backing");

	vs_xw_open_type(w, "backing", backing ? backing->type : NULL);
	if (backing)
		vs_node_echo(backing, w);
	vs_xw_close(w);
}

void
vs_disk_grow(struct vs_xw *w, const struct vs_disk *disk, int64_t bytes)
{
	assert(bytes % (1 << 20) == 0);
	device_open_change(w, "edit", "VirtualDisk");
	vs_xw_text(w, "key", disk->key);
	device_echo_backing(w, disk->node);
	vs_xw_text(w, "controllerKey", vs_node_text(disk->node, "controllerKey"));
	vs_xw_text(w, "unitNumber", vs_node_text(disk->node, "unitNumber"));
	/* both: vCenter refuses a spec in which they differ */
	vs_xw_int(w, "capacityInKB", bytes / 1024);
	vs_xw_int(w, "capacityInBytes", bytes);
	device_close_change(w);
}

void
vs_disk_convert(struct vs_xw *w, const struct vs_disk *disk, const char *datastore, bool thin)
{
	VS_FREE char *own =
		disk->datastore_id ? vs_printf("Datastore:%s", disk->datastore_id) : NULL;

	vs_xw_open(w, "disk");
	vs_xw_text(w, "diskId", disk->key);
	vs_xw_ref(w, "datastore", datastore ? datastore : own);
	vs_xw_open_type(w, "diskBackingInfo", "VirtualDiskFlatVer2BackingInfo");
	vs_xw_text(w, "fileName", "");
	vs_xw_text(w, "diskMode", disk->mode ? disk->mode : "persistent");
	vs_xw_bool(w, "thinProvisioned", thin);
	vs_xw_bool(w, "eagerlyScrub", false);
	vs_xw_close(w);
	vs_xw_close(w);
}

static void
device_write_backing(struct vs_xw *w, const struct vs_place *net)
{
	VS_BUF_FREE struct vs_buf name = VS_BUF_INIT;

	if (vs_ref_is(net->ref, "DistributedVirtualPortgroup")) {
		vs_xw_open_type(
			w, "backing", "VirtualEthernetCardDistributedVirtualPortBackingInfo");
		vs_xw_open(w, "port");
		vs_xw_text(w, "switchUuid", net->net_switch);
		vs_xw_text(w, "portgroupKey", net->net_id);
		vs_xw_close(w);
	} else if (vs_ref_is(net->ref, "OpaqueNetwork")) {
		vs_xw_open_type(w, "backing", "VirtualEthernetCardOpaqueNetworkBackingInfo");
		vs_xw_text(w, "opaqueNetworkId", net->net_id);
		vs_xw_text(w, "opaqueNetworkType", net->net_switch);
	} else {
		/* a network of a standard switch is identified by its name alone */
		vs_path_decode(net->name, strlen(net->name), &name);
		vs_xw_open_type(w, "backing", "VirtualEthernetCardNetworkBackingInfo");
		vs_xw_text(w, "deviceName", name.s);
	}
	vs_xw_close(w);
}

void
vs_nic_connect(struct vs_xw *w, const struct vs_nic *nic, const struct vs_place *net, int new_key)
{
	device_open_change(w, nic ? "edit" : "add", nic ? nic->node->type : "VirtualVmxnet3");
	if (nic)
		vs_xw_text(w, "key", nic->key);
	else
		vs_xw_int(w, "key", new_key);
	device_write_backing(w, net);
	vs_xw_open(w, "connectable");
	vs_xw_bool(w, "startConnected", true);
	vs_xw_bool(w, "allowGuestControl", true);
	vs_xw_bool(w, "connected", true);
	vs_xw_close(w);
	if (nic) {
		vs_xw_text(w, "controllerKey", vs_node_text(nic->node, "controllerKey"));
		vs_xw_text(w, "unitNumber", vs_node_text(nic->node, "unitNumber"));
	}
	/* or the template and all its clones would have the same MAC address */
	if (nic == NULL || nic->manual_mac)
		vs_xw_text(w, "addressType", "assigned");
	device_close_change(w);
}

void
vs_nic_assign_mac(struct vs_xw *w, const struct vs_nic *nic)
{
	device_open_change(w, "edit", nic->node->type);
	vs_xw_text(w, "key", nic->key);
	device_echo_backing(w, nic->node);
	vs_xw_text(w, "controllerKey", vs_node_text(nic->node, "controllerKey"));
	vs_xw_text(w, "unitNumber", vs_node_text(nic->node, "unitNumber"));
	vs_xw_text(w, "addressType", "assigned");
	device_close_change(w);
}

void
vs_nic_remove(struct vs_xw *w, const struct vs_nic *nic)
{
	device_open_change(w, "remove", nic->node->type);
	vs_xw_text(w, "key", nic->key);
	device_close_change(w);
}

bool
vs_nic_is_on(const struct vs_nic *nic, const struct vs_place *net)
{
	struct vs_node *b = vs_node_at(nic->node, "backing");
	const char *id = vs_node_text(b, "port/portgroupKey");
	VS_BUF_FREE struct vs_buf name = VS_BUF_INIT;

	if (id == NULL)
		id = vs_node_text(b, "opaqueNetworkId");
	if (id)
		return net->net_id && strcmp(id, net->net_id) == 0;
	id = vs_node_text(b, "deviceName");
	vs_path_decode(net->name, strlen(net->name), &name);
	return id && net->net_id == NULL && strcmp(id, name.s) == 0;
}

char *
vs_nic_where(const struct vs_nic *nic)
{
	struct vs_node *b = vs_node_at(nic->node, "backing");
	const char *s = vs_node_text(b, "deviceName");

	if (s == NULL)
		s = vs_node_text(b, "port/portgroupKey");
	if (s == NULL)
		s = vs_node_text(b, "opaqueNetworkId");
	return vs_strdup(s ? s : "nothing");
}

int
vs_net_usable(const struct vs_place *net, struct vs_err *err)
{
	VS_FREE char *path = vs_place_path(net);

	if (vs_ref_is(net->ref, "DistributedVirtualPortgroup")
		&& (net->net_id == NULL || net->net_switch == NULL))
		return vs_fail(err, VS_ERR_FAILED,
			"cannot use network '%s': the role of this user lacks System.Read on its distributed switch",
			path);
	if (vs_ref_is(net->ref, "OpaqueNetwork") && net->net_id == NULL)
		return vs_fail(err, VS_ERR_FAILED,
			"cannot use network '%s': vCenter does not report its ID", path);
	return 0;
}
