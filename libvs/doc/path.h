/* SPDX-License-Identifier: Apache-2.0 */
/* path.h - where in a document a walk is: "storage.files.2".  Floor 2. */
#ifndef VS_DOC_PATH_H
#define VS_DOC_PATH_H

#include "doc/schema.h"

struct vs_path {
	struct vs_buf b; /* vs_buf_free */
	size_t start;	 /* of the path that counts, in b */
};

#define VS_PATH_INIT \
	{ \
		.b = VS_BUF_INIT \
	}

/* What vs_path_leave goes back to. */
struct vs_path_mark {
	size_t len, start;
};

const char *vs_path_str(const struct vs_path *p);

/* To the value of a key, or an item.  What was made by something else in the
 * document has that one's path. */
struct vs_path_mark vs_path_key(struct vs_path *p, const struct vs_tree *v, const char *key);
struct vs_path_mark vs_path_item(struct vs_path *p, const struct vs_tree *v, size_t i);
/* The same to a key that nobody knows, whatever it is made of. */
struct vs_path_mark vs_path_unknown(struct vs_path *p, const struct vs_tree *v);
void vs_path_leave(struct vs_path *p, struct vs_path_mark m);

#endif
