/* SPDX-License-Identifier: Apache-2.0 */
/* kubeconfig_file.h - one kubeconfig file, read by key.  Floor 3.
 *
 * A thin layer over text/yaml (JSON is YAML to it).  Unknown keys are nobody's concern:
 * kubectl, too, leaves them alone.  Messages name file and line and quote
 * keys and names, never values: most of those are secrets. */
#ifndef VS_KUBE_KUBECONFIG_FILE_H
#define VS_KUBE_KUBECONFIG_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "text/tree.h"

struct vs_kfile {
	char *path;
	struct vs_tree_doc doc;
};

/* A mapping of a file; { 0 } has nothing in it.  All that is read from it is
 * borrowed from the file. */
struct vs_kmap {
	struct vs_kfile *file;
	struct vs_tree *node;
};

/* VS_ERR_NOT_FOUND: no such file; VS_ERR_USAGE: not readable, or no such document.  f
 * must stay where it is until vs_kfile_free. */
int vs_kfile_read(struct vs_kfile *f, const char *path, struct vs_err *err);
void vs_kfile_free(struct vs_kfile *f);
struct vs_kmap vs_kfile_root(struct vs_kfile *f);

/* Each: 1 there, 0 not (or null), -1 of the wrong kind (VS_ERR_USAGE).  *to is
 * left alone unless it is 1. */
int vs_kmap_str(struct vs_kmap m, const char *key, const char **to, struct vs_err *err);
int vs_kmap_bool(struct vs_kmap m, const char *key, bool *to, struct vs_err *err);
int vs_kmap_map(struct vs_kmap m, const char *key, struct vs_kmap *to, struct vs_err *err);

/* The list under key, one item a call: *item is { 0 } (or NULL) before the
 * first.  1: it is the next one (its text is (*item)->text); 0: the end. */
int vs_kmap_next(struct vs_kmap m, const char *key, struct vs_kmap *item, struct vs_err *err);
int vs_kmap_next_str(struct vs_kmap m, const char *key, struct vs_tree **item, struct vs_err *err);

/* "PATH:LINE: message", VS_ERR_USAGE. */
int vs_kmap_fail(struct vs_kmap m, struct vs_err *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
