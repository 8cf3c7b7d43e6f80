/* SPDX-License-Identifier: Apache-2.0 */
/* extra.h - a VM's extraConfig: read, written, compared.  Floor 5.
 *
 * vim.vm.ConfigSpec.extraConfig: an existing key is replaced, a new one added,
 * one with an empty value removed. */
#ifndef VS_VM_EXTRA_H
#define VS_VM_EXTRA_H

#include "base/kv.h"
#include "text/xml_write.h"

/* From the value of "config.extraConfig" (ArrayOfOptionValue). */
void vs_extra_read(struct vs_node *val, struct vs_kvs *to);

/* The same from a VM's properties config.extraConfig and config.instanceUuid.  -1: its
 * configuration cannot be read, which is not the same as empty. */
int vs_extra_get(struct vs_node *content, struct vs_kvs *to, struct vs_err *err);

/* <extraConfig xsi:type="OptionValue">.. for each key. */
void vs_extra_write(struct vs_xw *w, const struct vs_kvs *l);

/* Add to diff what of want is not in have; returns how many. */
size_t vs_extra_diff(const struct vs_kvs *want, const struct vs_kvs *have, struct vs_kvs *diff);

#endif
