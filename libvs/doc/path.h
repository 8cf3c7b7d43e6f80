/* SPDX-License-Identifier: Apache-2.0 */
/* path.h - the place of a value in a document: "storage.files.2".  Floor 2. */
#ifndef VS_DOC_PATH_H
#define VS_DOC_PATH_H

#include "base/buf.h"
#include "text/tree.h"

/* The path of a walk through a document.  VS_PATH_INIT is the root. */
struct vs_path {
	struct vs_buf b;
	size_t start; /* of the current path in b */
};

#define VS_PATH_INIT \
	{ \
		.b = VS_BUF_INIT \
	}
#define VS_PATH_FREE __attribute__((cleanup(vs_path_free)))
void vs_path_free(struct vs_path *p);

/* Where vs_path_leave returns to. */
struct vs_path_mark {
	size_t len, start;
};

/* Valid until the path changes. */
const char *vs_path_str(const struct vs_path *p);

/* Enter the value v of a key, or item i (from 0) of a list.  A value that was
 * generated from another one (v->from) has that one's path. */
struct vs_path_mark vs_path_key(struct vs_path *p, const struct vs_tree *v, const char *key);
struct vs_path_mark vs_path_item(struct vs_path *p, const struct vs_tree *v, size_t i);
/* Enter the value of an unknown key, of n bytes; a long key is cut.  It is escaped here,
 * because a NUL in it would end the path. */
struct vs_path_mark vs_path_unknown(struct vs_path *p, const struct vs_tree *v, size_t n);
void vs_path_leave(struct vs_path *p, struct vs_path_mark m);

/* The path of a key in the map v, which is at path.  Returns buf (VS_PATH_MAX
 * bytes), or path itself if v was generated from another value or the result would
 * not fit.  json: key is spelled as in Ignition's JSON. */
enum { VS_PATH_MAX = 256 };
#define VS_PATH_BUF(name) char name[VS_PATH_MAX]
const char *vs_path_below(
	bool json, const struct vs_tree *v, const char *path, const char *key, char *buf);

/* The same in a rule, whose arguments are r, v and path; valid in the block. */
#define VS_BELOW(key) vs_path_below(r->json, v, path, key, (char[VS_PATH_MAX]){ 0 })

#endif
