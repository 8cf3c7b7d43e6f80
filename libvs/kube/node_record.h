/* SPDX-License-Identifier: Apache-2.0 */
/* node_record.h - which Node a record means.  Floor 3. */
#ifndef VS_KUBE_NODE_RECORD_H
#define VS_KUBE_NODE_RECORD_H

#include <stdbool.h>

#include "base/err.h"
#include "kube/node.h"
#include "text/record.h"

/* The name: the field "node", or else the last component of the path, in lower
 * case as the kubelet writes its host name.  Freed with free().  NULL,
 * VS_ERR_USAGE: not a node name (RFC 1123 subdomain). */
char *vs_knode_record_name(const struct vs_rec *rec, struct vs_err *err);

/* False: the record has a field "uuid" (the BIOS UUID of a VM) and the Node has
 * the systemUUID of another machine, so it is left over from an older VM of
 * that name, or belongs to another cluster.  True if either is unknown. */
bool vs_knode_record_same(const struct vs_rec *rec, const struct vs_knode *node);

/* Compares a systemUUID with the BIOS UUID of a VM, ignoring case and dashes.
 * The first three groups may be in the other byte order, as SMBIOS before 2.6
 * and vSphere's older virtual hardware report them. */
bool vs_kuuid_same(const char *system_uuid, const char *vm_uuid);

#endif
