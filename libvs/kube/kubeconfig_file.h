/* SPDX-License-Identifier: Apache-2.0 */
/* kubeconfig_file.h - one kubeconfig file, read by key.  Floor 3.
 *
 * A thin layer over text/yaml, which reads JSON as well.  Unknown keys are ignored, as
 * by kubectl.  Messages name file and line and quote keys and names, never values:
 * most of those are secrets. */
#ifndef VS_KUBE_KUBECONFIG_FILE_H
#define VS_KUBE_KUBECONFIG_FILE_H

#include <stdbool.h>

#include "base/err.h"
#include "text/tree.h"

struct vs_kfile {
	char *path;
	struct vs_tree_doc doc;
};

/* A mapping of a file; an empty one has no node.  All that is read from it is
 * borrowed from the file, which must not be moved meanwhile. */
struct vs_kmap {
	struct vs_kfile *file;
	struct vs_tree *node;
};

/* VS_ERR_NOT_FOUND: no such file; VS_ERR_USAGE: not readable, or not a YAML mapping.
 * Freed with vs_kfile_free, unless it failed. */
int vs_kfile_read(struct vs_kfile *f, const char *path, struct vs_err *err);
void vs_kfile_free(struct vs_kfile *f);
struct vs_kmap vs_kfile_root(struct vs_kfile *f);

/* Each returns 1: *to is set; 0: the key is missing or null; -1: the value has
 * another type (VS_ERR_USAGE). */
int vs_kmap_str(struct vs_kmap m, const char *key, const char **to, struct vs_err *err);
int vs_kmap_bool(struct vs_kmap m, const char *key, bool *to, struct vs_err *err);
int vs_kmap_map(struct vs_kmap m, const char *key, struct vs_kmap *to, struct vs_err *err);

/* Walk the list under key: *item is { 0 } (or NULL) before the first call.  1: *item
 * is the next one (of a string: (*item)->text); 0: the end; -1: VS_ERR_USAGE. */
int vs_kmap_next(struct vs_kmap m, const char *key, struct vs_kmap *item, struct vs_err *err);
int vs_kmap_next_str(struct vs_kmap m, const char *key, struct vs_tree **item, struct vs_err *err);

/* Returns -1, VS_ERR_USAGE, "PATH:LINE: message"; m has a node. */
int vs_kmap_fail(struct vs_kmap m, struct vs_err *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
