/* SPDX-License-Identifier: Apache-2.0 */
/* show.h - what a long list tells of each object: fields of its record.  Floor 4. */
#ifndef VS_INVENTORY_SHOW_H
#define VS_INVENTORY_SHOW_H

#include "base/opt.h"
#include "inventory/inventory.h"
#include "run/lines.h"
#include "text/record.h"
#include "vim/prop.h"

/* As enum vs_place_kind; all VMs, or those that are no templates beside those that
 * are. */
enum { VS_SHOW_VM = 1 << 16, VS_SHOW_TEMPLATE = 1 << 17 };

/* Kinds by their words, "vm", "host,cluster", as bits added to *kinds. */
int vs_show_kinds(const struct vs_list *words, unsigned *kinds, struct vs_err *err);

/* The properties that the fields of a kind come from, as vs_prop_want takes
 * them, with type; false: it has none (NULL-terminated, room for 16). */
bool vs_show_wants(unsigned kind, const char **type, const char **paths);

/* Set the fields.  content: those properties, or NULL; place: what it is of
 * (NULL for a VM); inv: for the names of hosts. */
void vs_show(struct vs_rec *rec, unsigned kind, struct vs_node *content,
	const struct vs_place *place, const struct vs_inv *inv);

/* Their records into lines; with fields when is_long: one request then, for
 * those that have any. */
int vs_show_places(struct vs_lines *lines, const struct vs_inv *inv, struct vs_place *const *places,
	size_t n, bool is_long, struct vs_err *err);

/* What a record says of a VirtualMachinePowerState: "on", "off", "suspended";
 * state, or a constant. */
const char *vs_show_power(const char *state);

/* "8G", "1536M", "431.2G": exact when it is a whole number of megabytes below
 * 10G or of gigabytes, else to a tenth.  buf: at least 24 bytes. */
const char *vs_show_size(int64_t bytes, char *buf, size_t n);

#endif
