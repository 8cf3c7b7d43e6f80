/* SPDX-License-Identifier: Apache-2.0 */
/* password.h - what an RKE2 server keeps of a node's password.  Floor 3.
 *
 * The first agent of a name leaves a password with the server, which keeps its
 * hash in the Secret kube-system/NAME.node-password.rke2 and refuses (403) every
 * agent of that name that has another one: a new VM, always.  The Secret goes
 * when the Node is deleted; a worker that never became a Node leaves it behind
 * (reference: k3s pkg/nodepassword). */
#ifndef VS_KUBE_PASSWORD_H
#define VS_KUBE_PASSWORD_H

#include "kube/client.h"

struct vs_kpass;

/* Is there such a Secret?  Asks once, for its metadata alone: the hash stays
 * where it is.  end() is called once, later: since is when it was made, as the
 * API writes it; NULL: there is none, or we may not know, or no answer came
 * within a few seconds. */
struct vs_kpass *vs_kpass_look(struct vs_kube *k, struct vs_loop *l, const char *node,
	void (*end)(void *arg, const char *since), void *arg);
void vs_kpass_free(struct vs_kpass *p); /* NULL is fine; end() may call it */

/* Append the Secret's name. */
void vs_kpass_name(const char *node, struct vs_buf *b);

#endif
