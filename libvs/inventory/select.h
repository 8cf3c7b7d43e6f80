/* SPDX-License-Identifier: Apache-2.0 */
/* select.h - which VMs a list is of: folders, patterns, single ones.  Floor 4.
 *
 * All are read by one RetrievePropertiesEx; what it brings beyond them is told
 * apart here. */
#ifndef VS_INVENTORY_SELECT_H
#define VS_INVENTORY_SELECT_H

#include <stdbool.h>
#include <stddef.h>

#include "inventory/inventory.h"
#include "vim/prop.h"

struct vs_target {
	char *given;		/* NULL: none was */
	struct vs_place *place; /* a folder: what lies in it */
	bool pattern;
	/* of a pattern: where it begins (NULL: at the top), the folders it
	 * may be in ("" for that place alone), the name */
	struct vs_place *base;
	char *dirs, *name;
	char *ref; /* a single VM */
	size_t hits;
};

struct vs_select {
	struct vs_inv *inv;  /* read with VS_PLACE_FOLDER; borrowed */
	bool deep;	     /* in all folders below, too */
	struct vs_place *in; /* where names begin; NULL: all datacenters' "vm" */
	struct vs_target *targets;
	size_t n, cap;
	struct vs_map seen;
};

/* folder: where names begin, as given; NULL: the datacenter's "vm", or those of
 * all datacenters when nobody has chosen one. */
int vs_select_open(
	struct vs_select *s, struct vs_inv *inv, const char *folder, bool deep, struct vs_err *err);
void vs_select_free(struct vs_select *s);

/* A folder (or what is above the VM folders), or a pattern.  NULL: where names
 * begin.  False: it is neither, and may be the name of a VM. */
bool vs_select_add(struct vs_select *s, const char *given);
void vs_select_vm(struct vs_select *s, const char *given, const char *ref);

/* Is this in the selection?  parent: what it lies in. */
bool vs_select_takes(
	struct vs_select *s, const struct vs_place *parent, const char *name, const char *ref);

/* Where they are read from: the objectSets of p.  False: nowhere. */
bool vs_select_from(const struct vs_select *s, struct vs_prop *p);

/* The next pattern or single VM that nothing was taken for, or NULL; *at begins
 * with 0. */
const char *vs_select_missed(const struct vs_select *s, size_t *at);

#endif
