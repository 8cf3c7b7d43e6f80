/* SPDX-License-Identifier: Apache-2.0 */
/* find.h - from what people call a VM to its reference.  Floor 4.
 *
 * Questions are gathered and asked together, with as few requests as there can
 * be; answers come from the loop.  A template is a VM here.  What can be meant:
 *	"VirtualMachine:vm-42"	taken as it is; it may not exist
 *	"/DC0/vm/prod/web-1"	FindByInventoryPath, or one read of its folder's
 *				names when several in it are asked for
 *	"prod/web-1", "web-1"	the same below FOLDER; what is not there: one
 *				listing of all VMs in the run, where it must be
 *				the end of exactly one path
 *	"vm-42"			a name like others; if no VM has it, a reference
 */
#ifndef VS_INVENTORY_FIND_H
#define VS_INVENTORY_FIND_H

#include <stdbool.h>

#include "base/err.h"
#include "inventory/inventory.h"
#include "vim/vcenter.h"

struct vs_find;

/* folder: FOLDER above, of -f or $GOVC_FOLDER (borrowed); NULL: the "vm" of the
 * datacenter.  inv: one that was read with VS_PLACE_FOLDER (borrowed), or NULL: it is
 * read when a question needs it. */
struct vs_find *vs_find_new(struct vs_vc *vc, struct vs_inv *inv, const char *folder);
/* Questions that are still open end with the error "interrupted". */
void vs_find_free(struct vs_find *f); /* NULL is fine */

/* Ask for a VM.  found() is called once: by vs_find_flush, later from the loop,
 * or by vs_find_free, never from here.  err NULL: ref is it, path its full inventory path
 * (NULL when a reference was given); both live during the call only.
 * Else err: VS_ERR_NOT_FOUND (none, or several: their paths), or what went wrong.
 * found() may ask again (not from vs_find_free); it must not free f. */
void vs_find_ask(struct vs_find *f, const char *given,
	void (*found)(void *arg, const char *ref, const char *path, const struct vs_err *err),
	void *arg);

/* Send what was asked since the last time: once a round of the loop, or when
 * the last question has been asked.  The session must be open. */
void vs_find_flush(struct vs_find *f);
bool vs_find_busy(const struct vs_find *f); /* answers are still to come */

/* Ask, and turn the loop until it is answered; opens the session when there is
 * none.  *ref and *path (NULL when a reference was given) are the caller's. */
int vs_find_wait(struct vs_find *f, const char *given, char **ref, char **path, struct vs_err *err);

#endif
