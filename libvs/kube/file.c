#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/mem.h"
#include "kube/file.h"

enum { MAX_FILE = 8 << 20 };

static int
fail_at(const struct vs_kfile *f, yaml_mark_t at, struct vs_err *err,
	const char *fmt, va_list ap)
{
	char msg[sizeof err->msg];

	vsnprintf(msg, sizeof msg, fmt, ap);
	return vs_fail(err, VS_USAGE, "%s:%zu: %s", f->path, at.line + 1, msg);
}

int
vs_kmap_fail(struct vs_kmap m, struct vs_err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fail_at(m.file, m.node->start_mark, err, fmt, ap);
	va_end(ap);
	return -1;
}

static int
load(struct vs_kfile *f, const struct vs_buf *b, struct vs_err *err)
{
	yaml_parser_t p;
	int good;

	if (!yaml_parser_initialize(&p))
		return vs_fail(err, VS_FAIL, "cannot start libyaml");
	yaml_parser_set_input_string(&p, (const unsigned char *)b->s, b->len);
	good = yaml_parser_load(&p, &f->doc);
	if (!good)
		vs_fail(err, VS_USAGE, "%s:%zu: not YAML: %s", f->path,
			(p.problem_mark.line ? p.problem_mark.line
			: p.context_mark.line) + 1,
			p.problem ? p.problem : "not readable");
	yaml_parser_delete(&p);
	f->loaded = good;
	return good ? 0 : -1;
}

int
vs_kfile_read(struct vs_kfile *f, const char *path, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = { .s = vs_buf_empty, .max = MAX_FILE,
		.secret = true };
	yaml_node_t *root;

	*f = (struct vs_kfile){ .path = vs_strdup(path) };
	if (vs_read_file(path, "kubeconfig", &b, err) < 0 || load(f, &b, err) < 0) {
		vs_kfile_free(f);
		return -1;
	}
	root = yaml_document_get_root_node(&f->doc);
	if (root && root->type != YAML_MAPPING_NODE) {
		vs_kfile_free(f);
		return vs_fail(err, VS_USAGE, "%s: not a kubeconfig", path);
	}
	return 0;
}

void
vs_kfile_free(struct vs_kfile *f)
{
	if (f->loaded)
		yaml_document_delete(&f->doc);
	free(f->path);
	*f = (struct vs_kfile){ 0 };
}

struct vs_kmap
vs_kfile_root(struct vs_kfile *f)
{
	return (struct vs_kmap){ f, yaml_document_get_root_node(&f->doc) };
}

static bool
is_null(const yaml_node_t *n)
{
	const char *s;

	if (n->type != YAML_SCALAR_NODE
	    || n->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return false;
	s = (const char *)n->data.scalar.value;
	return *s == '\0' || strcmp(s, "~") == 0 || strcasecmp(s, "null") == 0;
}

/* 1, 0 or -1; what names the kind for the message. */
static int
at(struct vs_kmap m, const char *key, yaml_node_type_t type, const char *what,
	yaml_node_t **to, struct vs_err *err)
{
	yaml_node_t *found = NULL;

	if (m.node == NULL)
		return 0;
	for (yaml_node_pair_t *p = m.node->data.mapping.pairs.start;
	     p < m.node->data.mapping.pairs.top; p++) {
		yaml_node_t *k = yaml_document_get_node(&m.file->doc, p->key);
		yaml_node_t *v = yaml_document_get_node(&m.file->doc, p->value);

		if (k->type != YAML_SCALAR_NODE
		    || strcmp((const char *)k->data.scalar.value, key) != 0)
			continue;
		if (found)
			return vs_kmap_fail((struct vs_kmap){ m.file, k }, err,
				"'%s' stands here twice", key);
		found = v;
	}
	if (found == NULL || is_null(found))
		return 0;
	if (found->type != type)
		return vs_kmap_fail((struct vs_kmap){ m.file, found }, err,
			"'%s' must be %s", key, what);
	*to = found;
	return 1;
}

/* A value with a NUL in it would be cut off unseen. */
static int
scalar(struct vs_kmap m, const char *key, yaml_node_t *n, const char **to,
	struct vs_err *err)
{
	if (strlen((const char *)n->data.scalar.value) != n->data.scalar.length)
		return vs_kmap_fail((struct vs_kmap){ m.file, n }, err,
			"'%s' has a NUL byte in it", key);
	*to = (const char *)n->data.scalar.value;
	return 1;
}

int
vs_kmap_str(struct vs_kmap m, const char *key, const char **to,
	struct vs_err *err)
{
	yaml_node_t *n;
	int is = at(m, key, YAML_SCALAR_NODE, "a string", &n, err);

	return is > 0 ? scalar(m, key, n, to, err) : is;
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
vs_kmap_map(struct vs_kmap m, const char *key, struct vs_kmap *to,
	struct vs_err *err)
{
	yaml_node_t *n;
	int is = at(m, key, YAML_MAPPING_NODE, "a mapping", &n, err);

	if (is > 0)
		*to = (struct vs_kmap){ m.file, n };
	return is;
}

static int
next(struct vs_kmap m, const char *key, size_t *i, yaml_node_type_t type,
	const char *what, yaml_node_t **to, struct vs_err *err)
{
	yaml_node_t *list;
	int is = at(m, key, YAML_SEQUENCE_NODE, "a list", &list, err);
	yaml_node_item_t *item;

	if (is <= 0)
		return is;
	item = list->data.sequence.items.start + *i;
	if (item >= list->data.sequence.items.top)
		return 0;
	*to = yaml_document_get_node(&m.file->doc, *item);
	if ((*to)->type != type)
		return vs_kmap_fail((struct vs_kmap){ m.file, *to }, err,
			"an item of '%s' must be %s", key, what);
	++*i;
	return 1;
}

int
vs_kmap_next(struct vs_kmap m, const char *key, size_t *i,
	struct vs_kmap *item, struct vs_err *err)
{
	yaml_node_t *n;
	int is = next(m, key, i, YAML_MAPPING_NODE, "a mapping", &n, err);

	if (is > 0)
		*item = (struct vs_kmap){ m.file, n };
	return is;
}

int
vs_kmap_next_str(struct vs_kmap m, const char *key, size_t *i,
	const char **s, struct vs_err *err)
{
	yaml_node_t *n;
	int is = next(m, key, i, YAML_SCALAR_NODE, "a string", &n, err);

	return is > 0 ? scalar(m, key, n, s, err) : is;
}
