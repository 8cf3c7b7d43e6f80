/* SPDX-License-Identifier: Apache-2.0 */
/* show.h - the fields of a long list, by kind of object.  Floor 4. */
#ifndef VS_INVENTORY_SHOW_H
#define VS_INVENTORY_SHOW_H

#include "base/opt.h"
#include "inventory/inventory.h"
#include "run/lines.h"
#include "text/record.h"
#include "vim/prop.h"

/* Further bits beside enum vs_place_kind.  Both together: all VMs. */
enum { VS_SHOW_VM = 1 << 16, VS_SHOW_TEMPLATE = 1 << 17 };

/* Add the kinds in words ("vm", "host,cluster") to *kinds.  -1, VS_ERR_USAGE. */
int vs_show_kinds(const struct vs_list *words, unsigned *kinds, struct vs_err *err);

/* The type and the properties that the fields of a kind are made from, as vs_prop_want
 * takes them, at most VS_SHOW_PATHS with the NULL.  False: it has no fields. */
enum { VS_SHOW_PATHS = 16 };
bool vs_show_wants(unsigned kind, const char **type, const char **paths);

/* Set the fields in rec.  content: those properties, or NULL; place: NULL for a VM;
 * inv: for the names of hosts. */
void vs_show(struct vs_rec *rec, unsigned kind, struct vs_node *content,
	const struct vs_place *place, const struct vs_inv *inv);

/* Add the records of n places to lines; is_long: with fields, by one request for all
 * that have some.  -1: that failed. */
int vs_show_places(struct vs_lines *lines, const struct vs_inv *inv, struct vs_place *const *places,
	size_t n, bool is_long, struct vs_err *err);

/* A VirtualMachinePowerState as in a record: "on", "off", "suspended"; a constant, or
 * state itself. */
const char *vs_show_power(const char *state);

/* "8G", "1536M", "431.2G": exact for a whole number of gigabytes, and of megabytes below
 * 10G; otherwise rounded to a tenth.  buf: at least 24 bytes; returned. */
const char *vs_show_size(int64_t bytes, char *buf, size_t n);

#endif
