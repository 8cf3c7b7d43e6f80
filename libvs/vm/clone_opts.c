/* SPDX-License-Identifier: Apache-2.0 */
/* clone_opts.c - the options of a clone, and which of them contradict each other.
 *
 * The objects that they name are looked up in clone.c. */
#include <stddef.h>

#include "vm/clone.h"

const struct vs_opt vs_clone_table[] = {
	{ 'c', "cpus", VS_OPT_POS, offsetof(struct vs_clone_request, cpus), "CPUS",
		"number of virtual CPUs" },
	{ 'm', "memory", VS_OPT_SIZE, offsetof(struct vs_clone_request, memory), "SIZE",
		"memory, such as 8G" },
	{ 'd', "disk", VS_OPT_SIZE, offsetof(struct vs_clone_request, disk), "SIZE",
		"grow the first disk to SIZE, such as 50G" },
	{ 0, "thin", VS_OPT_FLAG, offsetof(struct vs_clone_request, thin), NULL,
		"thin-provision the disks" },
	{ 0, "thick", VS_OPT_FLAG, offsetof(struct vs_clone_request, thick), NULL,
		"thick-provision the disks" },
	{ 'n', "network", VS_OPT_LIST, offsetof(struct vs_clone_request, networks), "NETWORK",
		"network of the card; repeat for more cards ($GOVC_NETWORK)" },
	{ 's', "datastore", VS_OPT_STR, offsetof(struct vs_clone_request, datastore), "DATASTORE",
		"datastore for the disks ($GOVC_DATASTORE)" },
	{ 0, "datastore-cluster", VS_OPT_STR, offsetof(struct vs_clone_request, pod), "NAME",
		"let Storage DRS choose a datastore ($GOVC_DATASTORE_CLUSTER)" },
	{ 0, "ds", VS_OPT_NOT, 0, NULL, "did you mean '--datastore'" },
	{ 0, "net", VS_OPT_NOT, 0, NULL, "did you mean '--network'" },
	{ 'p', "pool", VS_OPT_STR, offsetof(struct vs_clone_request, pool), "POOL",
		"resource pool ($GOVC_RESOURCE_POOL)" },
	{ 0, "cluster", VS_OPT_STR, offsetof(struct vs_clone_request, cluster), "NAME",
		"use the cluster's root pool ($GOVC_CLUSTER)" },
	{ 'H', "host", VS_OPT_STR, offsetof(struct vs_clone_request, host), "HOST",
		"host ($GOVC_HOST)" },
	{ 'f', "folder", VS_OPT_STR, offsetof(struct vs_clone_request, folder), "FOLDER",
		"VM folder ($GOVC_FOLDER)" },
	{ 0, "annotation", VS_OPT_STR, offsetof(struct vs_clone_request, annotation), "TEXT",
		"notes of the VM" },
	{ 0, "linked", VS_OPT_FLAG, offsetof(struct vs_clone_request, linked), NULL,
		"make a linked clone of the template's snapshot" },
	{ 0, "on", VS_OPT_FLAG, offsetof(struct vs_clone_request, on), NULL,
		"power on the clones" },
	{ 0 },
};

int
vs_clone_take(struct vs_clone_request *a, struct vs_err *err)
{
	if (a->thin && a->thick)
		return vs_fail(err, VS_ERR_USAGE, "--thin and --thick cannot be used together");
	a->provisioning = a->thin ? "thin" : a->thick ? "thick" : NULL;
	if (a->memory % (4 << 20) != 0)
		return vs_fail(err, VS_ERR_USAGE, "-m: memory must be a multiple of 4M");
	if (a->datastore && a->pod)
		return vs_fail(
			err, VS_ERR_USAGE, "-s and --datastore-cluster cannot be used together");
	if (a->linked && (a->disk || a->provisioning))
		return vs_fail(err, VS_ERR_USAGE,
			"--linked cannot be used with -d, --thin or --thick: the disk of a linked clone can neither grow nor be converted");
	return 0;
}
