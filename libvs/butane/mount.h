/* SPDX-License-Identifier: Apache-2.0 */
/* mount.h - with_mount_unit: a systemd unit for a file system.  Floor 4. */
#ifndef VS_BUTANE_MOUNT_H
#define VS_BUTANE_MOUNT_H

#include "doc/report.h"

/* Add the mount or swap unit of each file system that asks for one. */
void vs_mount_expand(struct vs_tree_doc *d, struct vs_report *r);

#endif
