/* SPDX-License-Identifier: Apache-2.0 */
/* node.h - a Node, and whether it is in the awaited state.  Floor 3.
 *
 * Only these few strings of a Node (some 10 KB) are kept. */
#ifndef VS_KUBE_NODE_H
#define VS_KUBE_NODE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

/* The awaited state; { 0 } is "ready" as defined below. */
struct vs_kwant {
	char *condition;    /* this condition alone; owned, or NULL */
	const char *status; /* its status: "True", "False", "Unknown"; literal */
	bool gone;	    /* the Node does not exist */
};

/* Reads "ready", "gone", or "CONDITION=STATUS"; VS_ERR_USAGE. */
int vs_kwant_read(const char *s, struct vs_kwant *want, struct vs_err *err);
void vs_kwant_free(struct vs_kwant *want);

/* Append it as it was written, but with the status in its usual case. */
void vs_kwant_name(const struct vs_kwant *want, struct vs_buf *b);

/* Owns all it points to. */
struct vs_knode {
	char *name;
	char *uid;     /* metadata.uid: of this Node, not of the next one of its name */
	char *uuid;    /* status.nodeInfo.systemUUID: the BIOS UUID of the VM; or NULL */
	char *version; /* the kubelet's, or NULL: it has not reported yet */
	char *why;     /* why it is not in the awaited state; NULL: it is */
};

/* Read a Node object; *to is freed with vs_knode_free.  VS_ERR_FAILED if it has
 * no name; *to is left alone then.
 *
 * A Node is ready if its condition Ready is True, NetworkUnavailable is not True,
 * it is neither cordoned nor being deleted, and has no taint with which
 * Kubernetes, its cloud provider or Cilium keeps pods off a node
 * (k8s.io/api core/v1/well_known_taints.go; Cilium's agent-not-ready taint). */
int vs_knode_read(
	json_t *object, const struct vs_kwant *want, struct vs_knode *to, struct vs_err *err);
void vs_knode_free(struct vs_knode *n); /* { 0 } is fine; *n is { 0 } after */

#endif
