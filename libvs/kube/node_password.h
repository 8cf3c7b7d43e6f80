/* SPDX-License-Identifier: Apache-2.0 */
/* node_password.h - the node password that an RKE2 server keeps.  Floor 3.
 *
 * The first agent of a name leaves a password with the server, which keeps its
 * hash in the Secret kube-system/NAME.node-password.rke2 and rejects (403) every
 * agent of that name with another password; a new VM always has another one.
 * The Secret is deleted with the Node; a worker that never became a Node leaves it
 * behind (k3s, pkg/nodepassword). */
#ifndef VS_KUBE_NODE_PASSWORD_H
#define VS_KUBE_NODE_PASSWORD_H

#include "kube/client.h"

struct vs_knode_password; /* one look-up */

/* Ask once whether there is such a Secret, for its metadata alone: the hash stays on
 * the server.  end() is called once, from the loop.  since: when the Secret was created,
 * as the API writes it, borrowed for the call; NULL: no such Secret, access denied, or no
 * answer within a few seconds. */
struct vs_knode_password *vs_knode_password_find(struct vs_kube *k, struct vs_loop *l,
	const char *node, void (*end)(void *arg, const char *since), void *arg);
/* Ends a look-up without its end(), which may call this as well.  NULL is fine. */
void vs_knode_password_free(struct vs_knode_password *p);

/* Append the name of the Secret. */
void vs_knode_password_name(const char *node, struct vs_buf *b);

#endif
