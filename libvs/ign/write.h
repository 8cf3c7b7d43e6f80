/* SPDX-License-Identifier: Apache-2.0 */
/* write.h - an Ignition config out as JSON.  Floor 3. */
#ifndef VS_IGN_WRITE_H
#define VS_IGN_WRITE_H

#include "base/buf.h"
#include "doc/schema.h"

/* The Ignition config of a document without errors, version 3.spec, with a
 * line feed at its end; the same document gives the same bytes. */
void vs_ignition_write(const struct vs_tree_doc *d, int spec, bool pretty, struct vs_buf *json);

#endif
