/* SPDX-License-Identifier: Apache-2.0 */
/* listing.h - VMs, templates and places, as vs-ls prints them.  Floor 4. */
#ifndef VS_INVENTORY_LISTING_H
#define VS_INVENTORY_LISTING_H

#include "inventory/show.h"
#include "vim/reader.h"

struct vs_listing {
	unsigned kinds;	    /* VS_SHOW_VM (no templates then), VS_SHOW_TEMPLATE, VS_PLACE_HOST .. */
	bool is_long;	    /* with fields */
	bool deep;	    /* VMs, templates and folders of all levels */
	const char *folder; /* where names begin; NULL: the datacenter's "vm" */
	char **paths;	    /* what of; none: where names begin */
	size_t n;
};

/* Print it.  A path that is not there is reported, and the others are listed;
 * -1: that is all there will be, and err says why. */
int vs_listing_print(struct vs_reader *r, const struct vs_listing *what, struct vs_err *err);

#endif
