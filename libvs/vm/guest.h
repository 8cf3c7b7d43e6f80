/* SPDX-License-Identifier: Apache-2.0 */
/* guest.h - the address of a guest, out of what VMware Tools tell.  Floor 5.
 *
 * Source: vim.vm.GuestInfo.net: one GuestNicInfo for every interface in the
 * guest, also those of containers, whose deviceConfigId is no card's (-1). */
#ifndef VS_VM_GUEST_H
#define VS_VM_GUEST_H

#include <stdbool.h>

#include "base/buf.h"
#include "text/xml.h"

/* The first address that others can reach: of a card of the VM, not link-local,
 * not loopback, of the family asked for.  net: the value of "guest.net".
 * NULL: none; borrowed from the tree. */
const char *vs_guest_address(struct vs_node *net, bool v6);

/* All addresses that were passed over, for a message; appended. */
void vs_guest_others(struct vs_node *net, struct vs_buf *words);

#endif
