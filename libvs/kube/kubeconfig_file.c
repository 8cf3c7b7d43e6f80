/* SPDX-License-Identifier: Apache-2.0 */
/* kubeconfig_file.c - reads a kubeconfig file, and its members by key and type.
 * Which keys there are is up to kubeconfig_entry.c. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/assert.h"
#include "base/buf.h"
#include "base/io.h"
#include "base/mem.h"
#include "kube/kubeconfig_file.h"
#include "text/yaml.h"

enum { MAX_FILE = 8 << 20 };

int
vs_kmap_fail(struct vs_kmap m, struct vs_err *err, const char *fmt, ...)
{
	char msg[sizeof err->msg];
	va_list ap;

	assert(m.file && m.node);
	va_start(ap, fmt);
	vsnprintf(msg, sizeof msg, fmt, ap);
	va_end(ap);
	return vs_fail(err, VS_ERR_USAGE, "%s:%d: %s", m.file->path, m.node->line, msg);
}

static int
kubeconfig_file_load(struct vs_kfile *f, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = { .s = vs_buf_empty, .max = MAX_FILE, .secret = true };

	if (vs_read_file(f->path, "kubeconfig", &b, err) < 0)
		return -1;
	if (vs_yaml_read(&f->doc, b.s, b.len, f->path, err) < 0) {
		int line = err->line;

		vs_wrap(err, "%s:%d", f->path, line);
		err->line = err->col = 0;
		return -1;
	}
	if (f->doc.root && f->doc.root->kind != VS_TREE_MAP)
		return vs_fail(
			err, VS_ERR_USAGE, "%s: not a kubeconfig: expected a mapping", f->path);
	return 0;
}

int
vs_kfile_read(struct vs_kfile *f, const char *path, struct vs_err *err)
{
	*f = (struct vs_kfile){ .path = vs_strdup(path) };
	if (kubeconfig_file_load(f, err) == 0)
		return 0;
	vs_kfile_free(f);
	return -1;
}

void
vs_kfile_free(struct vs_kfile *f)
{
	vs_tree_free(&f->doc);
	free(f->path);
	*f = (struct vs_kfile){ 0 };
}

struct vs_kmap
vs_kfile_root(struct vs_kfile *f)
{
	return (struct vs_kmap){ f, f->doc.root };
}

/* As vs_kmap_str; what names the kind in the message. */
static int
kubeconfig_file_at(struct vs_kmap m, const char *key, enum vs_tree_kind kind, const char *what,
	struct vs_tree **to, struct vs_err *err)
{
	struct vs_tree *n = vs_tree_get(m.node, key);

	if (n == NULL || vs_tree_null(n))
		return 0;
	if (n->kind != kind)
		return vs_kmap_fail(
			(struct vs_kmap){ m.file, n }, err, "'%s' must be %s", key, what);
	*to = n;
	return 1;
}

int
vs_kmap_str(struct vs_kmap m, const char *key, const char **to, struct vs_err *err)
{
	struct vs_tree *n = NULL;
	int is = kubeconfig_file_at(m, key, VS_TREE_SCALAR, "a string", &n, err);

	if (is > 0)
		*to = n->text;
	return is;
}

int
vs_kmap_bool(struct vs_kmap m, const char *key, bool *to, struct vs_err *err)
{
	const char *s;
	int is = vs_kmap_str(m, key, &s, err);

	if (is <= 0)
		return is;
	if (strcasecmp(s, "true") != 0 && strcasecmp(s, "false") != 0)
		return vs_kmap_fail(m, err, "'%s' must be true or false", key);
	*to = strcasecmp(s, "true") == 0;
	return 1;
}

int
vs_kmap_map(struct vs_kmap m, const char *key, struct vs_kmap *to, struct vs_err *err)
{
	struct vs_tree *n = NULL;
	int is = kubeconfig_file_at(m, key, VS_TREE_MAP, "a mapping", &n, err);

	if (is > 0)
		*to = (struct vs_kmap){ m.file, n };
	return is;
}

static int
kubeconfig_file_next(struct vs_kmap m, const char *key, enum vs_tree_kind kind, const char *what,
	struct vs_tree **item, struct vs_err *err)
{
	struct vs_tree *list;
	int is;

	if (*item == NULL) {
		is = kubeconfig_file_at(m, key, VS_TREE_LIST, "a list", &list, err);
		if (is <= 0)
			return is;
		*item = list->child;
	} else {
		*item = (*item)->next;
	}
	if (*item == NULL)
		return 0;
	if ((*item)->kind != kind)
		return vs_kmap_fail((struct vs_kmap){ m.file, *item }, err,
			"an item of '%s' must be %s", key, what);
	return 1;
}

int
vs_kmap_next(struct vs_kmap m, const char *key, struct vs_kmap *item, struct vs_err *err)
{
	item->file = m.file;
	return kubeconfig_file_next(m, key, VS_TREE_MAP, "a mapping", &item->node, err);
}

int
vs_kmap_next_str(struct vs_kmap m, const char *key, struct vs_tree **item, struct vs_err *err)
{
	return kubeconfig_file_next(m, key, VS_TREE_SCALAR, "a string", item, err);
}
