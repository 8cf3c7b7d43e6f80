/* SPDX-License-Identifier: Apache-2.0 */
/* Expands a checked document in Butane's order (coreos/butane, base/v0_N/translate.go):
 * local files, mount units, trees, quadlets. */
#include <unistd.h>

#include "butane/butane.h"
#include "butane/local.h"
#include "butane/mount.h"
#include "butane/quadlet.h"
#include "butane/trees.h"

void
vs_butane_expand(struct vs_tree_doc *d, const char *dir, struct vs_report *r)
{
	struct vs_local l = { .doc = d, .r = r, .dir = dir, .fd = -1, .path = VS_PATH_INIT };

	vs_local_expand(&l);
	vs_mount_expand(d, r);
	vs_trees_expand(&l);
	vs_quadlet_expand(d, r);
	if (l.fd >= 0)
		close(l.fd);
	vs_path_free(&l.path);
}
