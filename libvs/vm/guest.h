/* SPDX-License-Identifier: Apache-2.0 */
/* guest.h - the address of a guest, as reported by VMware Tools.  Floor 5.
 *
 * vSphere Web Services SDK: GuestInfo.net has a GuestNicInfo for each interface in the
 * guest; those of containers have the deviceConfigId -1. */
#ifndef VS_VM_GUEST_H
#define VS_VM_GUEST_H

#include <stdbool.h>

#include "base/buf.h"
#include "text/xml.h"

/* The first address that is reachable from outside: of a network card of the VM, of this
 * family, not link-local or loopback.  net: the value of "guest.net".  Borrowed from
 * the tree; NULL: there is none. */
const char *vs_guest_address(struct vs_node *net, bool v6);

/* Append all addresses to words, for a message that none of them is suitable. */
void vs_guest_others(struct vs_node *net, struct vs_buf *words);

#endif
