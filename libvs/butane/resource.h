/* SPDX-License-Identifier: Apache-2.0 */
/* resource.h - the text in the data URL of a resource of Ignition.  Floor 4. */
#ifndef VS_BUTANE_RESOURCE_H
#define VS_BUTANE_RESOURCE_H

#include <stdbool.h>

#include "base/buf.h"
#include "text/tree.h"

/* Decode (and gunzip) the source of a resource into text.  False: it is not a data
 * URL, or holds bytes that are not UTF-8, or a NUL. */
bool vs_resource_text(const struct vs_tree *resource, struct vs_buf *text);

#endif
