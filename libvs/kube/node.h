/* SPDX-License-Identifier: Apache-2.0 */
/* node.h - a Node, and whether it is what is waited for.  Floor 3.
 *
 * Of a Node of some 10 KB only these few strings are kept. */
#ifndef VS_KUBE_NODE_H
#define VS_KUBE_NODE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* What is waited for.  { 0 } is ready, in the sense below. */
struct vs_kwant {
	char *condition;    /* this one, and no more; owned, or NULL */
	const char *status; /* "True", "False", "Unknown"; literal */
	bool gone;	    /* that there is no such node */
};

/* "ready", "gone", or "CONDITION=STATUS"; VS_ERR_USAGE. */
int vs_kwant_read(const char *s, struct vs_kwant *want, struct vs_err *err);
void vs_kwant_free(struct vs_kwant *want);

/* As it was written, but for the case of the status; appended. */
void vs_kwant_name(const struct vs_kwant *want, struct vs_buf *b);

/* Owns all it points to. */
struct vs_knode {
	char *name;
	char *uuid;    /* status.nodeInfo.systemUUID, the BIOS UUID of the VM; or NULL */
	char *version; /* of the kubelet, or NULL: none has reported yet */
	char *why;     /* why it is not what is wanted; NULL: it is */
};

/* Read a Node object.  VS_ERR_FAILED when it has no name.
 *
 * Ready is: the condition Ready is True, NetworkUnavailable is not True, no
 * taint that Kubernetes, its cloud provider or Cilium puts on a node that may
 * not be used yet, not cordoned, not being deleted (reference: k8s.io/api
 * core/v1/well_known_taints.go; cilium's agent-not-ready taint). */
int vs_knode_read(
	json_t *object, const struct vs_kwant *want, struct vs_knode *to, struct vs_err *err);
void vs_knode_free(struct vs_knode *n);

/* metadata.name and metadata.resourceVersion of any object; "" when missing. */
const char *vs_kobject_name(json_t *object);
const char *vs_kobject_version(json_t *object);

/* Append what another program said, as one line that a terminal may show. */
void vs_kline(struct vs_buf *b, const char *s);

/* Is this systemUUID that of the VM with this BIOS UUID?  Case and dashes do
 * not count, and the first three groups may stand in the other byte order:
 * SMBIOS before 2.6 and vSphere's older virtual hardware give them so. */
bool vs_kuuid_same(const char *system_uuid, const char *vm_uuid);

#endif
