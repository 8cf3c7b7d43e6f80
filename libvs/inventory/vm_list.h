/* SPDX-License-Identifier: Apache-2.0 */
/* vm_list.h - VMs by name: those of one folder, or all there are.  Floor 4.
 *
 * For vim/find: a list is read once in a run and kept. */
#ifndef VS_INVENTORY_VM_LIST_H
#define VS_INVENTORY_VM_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/map.h"
#include "base/mem.h"
#include "inventory/inventory.h"
#include "vim/prop.h"

struct vs_vm_entry {
	const char *ref;
	const char *name;	  /* as it stands in a normal path */
	const char *parent;	  /* reference of what it lies in, or NULL */
	struct vs_vm_entry *same; /* another one of this name */
	struct vs_vm_entry *next; /* of the list */
};

struct vs_vm_list {
	struct vs_vm_entry *first;
	size_t n;
	/* private */
	struct vs_arena arena;
	struct vs_map by_name;
	struct vs_prop *prop; /* while it is read */
	void (*end)(void *arg, const struct vs_err *err);
	void *arg;
};

/* Read the VMs that lie in from ("Folder:group-v3", "Datacenter:datacenter-2"),
 * deep: in all folders and vApps below it, too; only then parent is read.
 * end() comes from the loop. */
void vs_vm_list_send(struct vs_vm_list *l, struct vs_vc *vc, const char *from, bool deep,
	void (*end)(void *arg, const struct vs_err *err), void *arg);

/* The first of that name, or NULL; the others by ->same. */
struct vs_vm_entry *vs_vm_list_get(const struct vs_vm_list *l, const char *name);
/* A name in it that was probably meant, or NULL. */
const char *vs_vm_list_near(const struct vs_vm_list *l, const char *name);
void vs_vm_list_free(struct vs_vm_list *l); /* { 0 } is fine */

/* The way from a folder or datacenter to its VMs; returns how many of sels
 * (room for 4) it takes. */
size_t vs_vm_ways(struct vs_sel *sels, bool deep);

#endif
