/* SPDX-License-Identifier: Apache-2.0 */
/* quadlet.h - systemd.quadlets: files for podman's generator.  Floor 4. */
#ifndef VS_BUTANE_QUADLET_H
#define VS_BUTANE_QUADLET_H

#include <stdbool.h>

#include "doc/report.h"

/* Add the file of each quadlet and drop-in; an instance becomes a link to its
 * template. */
void vs_quadlet_expand(struct vs_tree_doc *d, struct vs_report *r);

/* "db@1.container" is an instance of the template "db@.container". */
bool vs_quadlet_is_instance(const char *name);

#endif
