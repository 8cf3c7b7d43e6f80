/* SPDX-License-Identifier: Apache-2.0 */
/* find.h - from the name of a VM to its reference.  Floor 4.
 *
 * Questions are collected and sent together, in as few requests as possible; answers
 * come from the loop.  Templates are VMs here.  A name can be:
 *	"VirtualMachine:vm-42"	used as it is; it may not exist
 *	"/DC0/vm/prod/web-1"	FindByInventoryPath, or one read of the names in its
 *				folder if several of them are needed
 *	"prod/web-1", "web-1"	the same below FOLDER; if it does not exist there, one
 *				list of all VMs (read once in a run), where it must be
 *				the end of exactly one path
 *	"vm-42"			a name, or else a reference
 */
#ifndef VS_INVENTORY_FIND_H
#define VS_INVENTORY_FIND_H

#include <stdbool.h>

#include "base/err.h"
#include "inventory/inventory.h"
#include "vim/vcenter.h"

struct vs_find;

/* The caller's.  folder: FOLDER above, from -f or $GOVC_FOLDER (borrowed); NULL: the
 * folder "vm" of the datacenter.  inv: an inventory with VS_PLACE_FOLDER (borrowed);
 * NULL: it is read if a question needs it. */
struct vs_find *vs_find_new(struct vs_vc *vc, struct vs_inv *inv, const char *folder);
/* Open questions end with the error "interrupted". */
void vs_find_free(struct vs_find *f); /* NULL is fine */

/* Ask for a VM.  found() is called once: by vs_find_flush, from the loop, or by
 * vs_find_free, never from here.  err NULL: its reference and full inventory path
 * (NULL if given is a reference), valid only during the call.  Otherwise why:
 * VS_ERR_NOT_FOUND: no such VM, or several, with their paths.
 * found() may ask again (except from vs_find_free); it must not free f. */
void vs_find_ask(struct vs_find *f, const char *given,
	void (*found)(void *arg, const char *ref, const char *path, const struct vs_err *err),
	void *arg);

/* Send the questions since the last flush: call it once per round of the loop, or
 * after the last question.  The session must be open. */
void vs_find_flush(struct vs_find *f);
bool vs_find_busy(const struct vs_find *f); /* are answers missing? */

/* Ask, and turn the loop until it is answered; opens the session if necessary.  0: *ref
 * and *path (NULL if given is a reference) are the caller's; -1: why. */
int vs_find_wait(struct vs_find *f, const char *given, char **ref, char **path, struct vs_err *err);

#endif
