/* SPDX-License-Identifier: Apache-2.0 */
/* load.h - files of the user's, below the folder of --files-dir.  Floor 4. */
#ifndef VS_BUTANE_LOAD_H
#define VS_BUTANE_LOAD_H

#include "doc/path.h"

struct vs_local {
	struct vs_tree_doc *doc;
	struct vs_report *r;
	const char *dir;     /* NULL: none was given */
	int fd;		     /* of dir, or -1 */
	struct vs_path path; /* of what is being loaded */
};

/* Open what v names; -1 with a finding.  Nothing outside of the folder. */
int vs_local_open(struct vs_local *l, const struct vs_tree *v);

/* tree.c: what is below the folders of storage.trees becomes files, links and,
 * when they have an owner or a mode, directories. */
void vs_load_trees(struct vs_local *l);

#endif
