/* SPDX-License-Identifier: Apache-2.0 */
/* Local files, opened below one folder and read into the document as coreos/butane,
 * base/v0_N/translate.go, does. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/file.h"
#include "base/io.h"
#include "butane/local.h"
#include "doc/schema.h"
#include "doc/value.h"
#include "text/utf8.h"

static bool
local_open_dir(struct vs_local *l, const struct vs_tree *v)
{
	if (l->fd >= 0)
		return true;
	if (l->dir == NULL) {
		vs_report(l->r, VS_VERDICT_ERROR, v, vs_path_str(&l->path),
			"'%s' is a local file: give --files-dir DIR", VS_SHOWN(v));
		return false;
	}
	l->fd = vs_open_folder(l->dir);
	if (l->fd < 0)
		vs_report(l->r, VS_VERDICT_ERROR, v, vs_path_str(&l->path),
			"cannot open the folder '%s': %s", l->dir, strerror(errno));
	return l->fd >= 0;
}

int
vs_local_open(struct vs_local *l, const struct vs_tree *v)
{
	VS_BUF_FREE struct vs_buf path = VS_BUF_INIT;
	int fd = -1;

	if (!local_open_dir(l, v))
		return -1;
	errno = strlen(v->text) == v->len ? EXDEV : EINVAL;
	if (errno != EINVAL && vs_clean_path(v->text, &path))
		fd = vs_open_below(l->fd, path.len ? path.s : ".");
	if (fd < 0)
		vs_report(l->r, VS_VERDICT_ERROR, v, vs_path_str(&l->path),
			"cannot read '%s' in '%s': %s", VS_SHOWN(v), l->dir,
			errno == EXDEV ? "it is outside that folder" : strerror(errno));
	return fd;
}

/* Append the file that v names to b; nothing if it cannot be read, which is reported. */
static void
local_read(struct vs_local *l, const struct vs_tree *v, struct vs_buf *b)
{
	VS_CLOSEFD int fd = vs_local_open(l, v);
	struct stat st;
	struct vs_err err;

	if (fd < 0)
		return;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		vs_report(l->r, VS_VERDICT_ERROR, v, vs_path_str(&l->path),
			"'%s' in '%s' is not a regular file", VS_SHOWN(v), l->dir);
	else if (vs_read_fd(fd, b, &err) < 0)
		vs_report(l->r, VS_VERDICT_ERROR, v, vs_path_str(&l->path),
			"cannot read '%s' in '%s': %s", VS_SHOWN(v), l->dir, err.msg);
}

static struct vs_tree *
local_replace(struct vs_local *l, struct vs_tree *v, const char *key, const char *s, size_t n)
{
	v->from =
		vs_arena_str(&l->doc->arena, vs_path_str(&l->path), strlen(vs_path_str(&l->path)));
	v->key = key;
	v->kind = VS_TREE_SCALAR;
	v->style = VS_TREE_QUOTED;
	v->text = vs_arena_str(&l->doc->arena, s, n);
	v->len = n;
	return v;
}

/* 'local: FILE' becomes 'inline: CONTENTS'.  Any bytes are allowed. */
static void
local_contents(struct vs_local *l, struct vs_tree *v)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_SECRET;

	local_read(l, v, &b);
	local_replace(l, v, "inline", b.s, b.len);
}

/* The same for a file that must be text. */
static void
local_read_text(struct vs_local *l, const struct vs_tree *v, struct vs_buf *b)
{
	local_read(l, v, b);
	if (vs_utf8(b->s, b->len) && !memchr(b->s, '\0', b->len))
		return;
	vs_report(l->r, VS_VERDICT_ERROR, v, vs_path_str(&l->path), "'%s' is not UTF-8 text",
		VS_SHOWN(v));
	vs_buf_cut(b, 0);
}

/* 'contents_local: FILE' becomes 'contents: CONTENTS'. */
static void
local_text(struct vs_local *l, struct vs_tree *v)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_SECRET;

	if (v->len == 0)
		return;
	local_read_text(l, v, &b);
	local_replace(l, v, "contents", b.s, b.len);
}

/* Insert the lines of a file as keys at *at.  Returns the new end of the list. */
static struct vs_tree **
local_key_lines(struct vs_local *l, const struct vs_tree *file, struct vs_tree **at)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	local_read_text(l, file, &b);
	for (size_t i = 0, n; i < b.len; i += n + 1) {
		n = strcspn(b.s + i, "\n");
		size_t end = n > 0 && b.s[i + n - 1] == '\r' ? n - 1 : n;

		if (end == 0)
			continue;
		*at = vs_arena_get(&l->doc->arena, sizeof **at);
		**at = *file;
		local_replace(l, *at, NULL, b.s + i, end)->next = NULL;
		at = &(*at)->next;
	}
	return at;
}

/* Append each line of the files to the keys in the document. */
static void
local_keys(struct vs_local *l, struct vs_tree *user, struct vs_tree *files)
{
	struct vs_tree *keys = vs_tree_put(l->doc, user, "ssh_authorized_keys", VS_TREE_LIST);
	struct vs_tree **at;
	size_t i = 0;

	if (files->child && l->dir == NULL) {
		local_open_dir(l, files->child);
		return;
	}
	for (at = &keys->child; *at; at = &(*at)->next)
		;
	for (struct vs_tree *v = files->child; v; v = v->next) {
		struct vs_path_mark m = vs_path_item(&l->path, v, i++);

		if (!v->bad && !vs_tree_null(v))
			at = local_key_lines(l, v, at);
		vs_path_leave(&l->path, m);
	}
}

static void local_walk(struct vs_local *l, const struct vs_field *table, struct vs_tree *map);

static void
local_each(struct vs_local *l, const struct vs_field *table, struct vs_tree *list)
{
	size_t i = 0;

	for (struct vs_tree *v = list->child; v; v = v->next) {
		struct vs_path_mark m = vs_path_item(&l->path, v, i++);

		if (v->kind == VS_TREE_MAP)
			local_walk(l, table, v);
		vs_path_leave(&l->path, m);
	}
}

static void
local_value(struct vs_local *l, const struct vs_field *f, struct vs_tree *map, struct vs_tree *v)
{
	if (f->type == VS_FIELD_STRINGS && f->sugar)
		local_keys(l, map, v);
	else if (f->sugar && strcmp(f->yaml, "local") == 0)
		local_contents(l, v);
	else if (f->sugar && strcmp(f->yaml, "contents_local") == 0)
		local_text(l, v);
	else if (f->sub && v->kind == VS_TREE_MAP)
		local_walk(l, f->sub, v);
	else if (f->sub && v->kind == VS_TREE_LIST)
		local_each(l, f->sub, v);
}

static void
local_walk(struct vs_local *l, const struct vs_field *table, struct vs_tree *map)
{
	for (struct vs_tree *v = map->child; v; v = v->next) {
		const struct vs_field *f = vs_field_find(table, v->key);
		struct vs_path_mark m;

		if (f == NULL || v->bad || vs_tree_null(v) || strcmp(f->yaml, "trees") == 0)
			continue;
		m = vs_path_key(&l->path, v, f->yaml);
		local_value(l, f, map, v);
		vs_path_leave(&l->path, m);
	}
}

void
vs_local_expand(struct vs_local *l)
{
	local_walk(l, vs_schema, l->doc->root);
}
