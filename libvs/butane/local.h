/* SPDX-License-Identifier: Apache-2.0 */
/* local.h - reads the user's files below the folder of --files-dir.  Floor 4. */
#ifndef VS_BUTANE_LOCAL_H
#define VS_BUTANE_LOCAL_H

#include "doc/path.h"
#include "doc/report.h"

struct vs_local {
	struct vs_tree_doc *doc;
	struct vs_report *r;
	const char *dir;     /* borrowed; NULL: none was given */
	int fd;		     /* of dir, -1: not open; the caller closes it */
	struct vs_path path; /* of the value being expanded */
};

/* Open the file or folder that v names, for reading.  Nothing outside the folder
 * can be opened, whatever '..' or symbolic links say.  -1: reported. */
int vs_local_open(struct vs_local *l, const struct vs_tree *v);

/* Read what 'local', 'contents_local' and 'ssh_authorized_keys_local' name into the
 * document.  Trees are left to vs_trees_expand. */
void vs_local_expand(struct vs_local *l);

#endif
