/* SPDX-License-Identifier: Apache-2.0 */
/* select.h - which VMs are listed: folders, patterns, single VMs.  Floor 4.
 *
 * One RetrievePropertiesEx reads them all; it may return more than is selected. */
#ifndef VS_INVENTORY_SELECT_H
#define VS_INVENTORY_SELECT_H

#include <stdbool.h>
#include <stddef.h>

#include "inventory/inventory.h"
#include "vim/prop.h"

struct vs_target {
	char *given;		/* NULL: no operand */
	struct vs_place *place; /* a folder: the VMs in it */
	bool pattern;
	/* of a pattern: the place that it is relative to (NULL: the top), the pattern
	 * of folders below that ("": only the place itself), the pattern of names */
	struct vs_place *base;
	char *dirs, *name;
	char *ref;   /* a single VM */
	size_t hits; /* VMs selected by it */
};

struct vs_select {
	struct vs_inv *inv;  /* read with VS_PLACE_FOLDER; borrowed */
	bool deep;	     /* also in all folders below */
	struct vs_place *in; /* FOLDER; NULL: the folders "vm" of all datacenters */
	struct vs_target *targets;
	size_t n, cap;
	struct vs_map seen;
};

/* folder: FOLDER as given; NULL: the datacenter's "vm", or that of each datacenter if
 * none is selected.  -1: it does not exist. */
int vs_select_open(
	struct vs_select *s, struct vs_inv *inv, const char *folder, bool deep, struct vs_err *err);
void vs_select_free(struct vs_select *s);

/* Add a folder (or a place above the VM folders), or a pattern; NULL: FOLDER itself.
 * False: it is neither, and may be the name of a VM. */
bool vs_select_add(struct vs_select *s, const char *given);
/* Add a single VM. */
void vs_select_vm(struct vs_select *s, const char *given, const char *ref);

/* Is this VM selected?  parent: its folder or vApp, or NULL. */
bool vs_select_takes(
	struct vs_select *s, const struct vs_place *parent, const char *name, const char *ref);

/* Add the objectSets to p.  False: there is nothing to read. */
bool vs_select_from(const struct vs_select *s, struct vs_prop *p);

/* The next pattern or single VM that selected nothing, or NULL; borrowed.  *at is 0 at
 * first. */
const char *vs_select_missed(const struct vs_select *s, size_t *at);

#endif
