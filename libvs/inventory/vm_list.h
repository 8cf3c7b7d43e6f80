/* SPDX-License-Identifier: Apache-2.0 */
/* vm_list.h - VMs by name: those of one folder, or all.  Floor 4.
 *
 * For inventory/find, which reads a list once in a run and keeps it. */
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
	const char *name;	  /* as in a normal path */
	const char *parent;	  /* reference of its folder or vApp, or NULL */
	struct vs_vm_entry *same; /* another VM with this name */
	struct vs_vm_entry *next; /* in the list */
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

/* Read the VMs in `from` ("Folder:group-v3", "Datacenter:datacenter-2"); deep: also in
 * all folders and vApps below it, with their parent.  end() is called from the loop;
 * err NULL: the list is complete. */
void vs_vm_list_send(struct vs_vm_list *l, struct vs_vc *vc, const char *from, bool deep,
	void (*end)(void *arg, const struct vs_err *err), void *arg);

/* The first VM with this name, or NULL; the others are in ->same. */
struct vs_vm_entry *vs_vm_list_get(const struct vs_vm_list *l, const char *name);
/* The most similar name, or NULL. */
const char *vs_vm_list_near(const struct vs_vm_list *l, const char *name);
void vs_vm_list_free(struct vs_vm_list *l); /* { 0 } is fine */

/* The selections that lead from a folder or datacenter to its VMs: sets up to
 * VS_VM_WAYS of sels, returns their number. */
enum { VS_VM_WAYS = 4 };
size_t vs_vm_ways(struct vs_sel *sels, bool deep);

#endif
