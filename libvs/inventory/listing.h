/* SPDX-License-Identifier: Apache-2.0 */
/* listing.h - the whole of vs-ls: VMs, templates and places as records.  Floor 4. */
#ifndef VS_INVENTORY_LISTING_H
#define VS_INVENTORY_LISTING_H

#include "inventory/show.h"
#include "vim/reader.h"

struct vs_listing {
	unsigned kinds;	    /* VS_SHOW_VM (without templates), VS_SHOW_TEMPLATE, VS_PLACE_HOST .. */
	bool is_long;	    /* with fields */
	bool deep;	    /* VMs, templates and folders of all levels */
	const char *folder; /* FOLDER, borrowed; NULL: the datacenter's "vm" */
	char **paths;	    /* n operands, borrowed; none: FOLDER */
	size_t n;
};

/* Print it.  An operand that does not exist is reported, and the others are listed.
 * -1: the list is incomplete, see err. */
int vs_listing_print(struct vs_reader *r, const struct vs_listing *what, struct vs_err *err);

#endif
