/* SPDX-License-Identifier: Apache-2.0 */
/* storage.trees: walks local folders and adds their files to the document, as
 * coreos/butane, base/v0_N/translate.go (processTrees) does.  Links are not followed. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/file.h"
#include "base/io.h"
#include "base/list.h"
#include "base/map.h"
#include "base/mem.h"
#include "butane/trees.h"
#include "doc/value.h"
#include "text/utf8.h"

enum { DEPTH = 64 };

/* A list of the storage section, by path; new entries are appended. */
struct nodes {
	const char *key;
	struct vs_tree **end; /* NULL: the list does not exist yet */
	struct vs_map map;
};

struct walker {
	struct vs_local *l;
	struct vs_tree *tree;
	struct vs_tree *storage;
	struct nodes files, links, directories;
	struct vs_buf path; /* on the machine */
	int depth;
};

static void trees_walk(struct walker *w, int fd);

static void
trees_index(struct walker *w, struct nodes *n, const char *key)
{
	struct vs_tree *list = vs_value_given(w->storage, key);

	n->key = key;
	if (list == NULL)
		return;
	for (n->end = &list->child; *n->end; n->end = &(*n->end)->next) {
		const struct vs_tree *path = vs_value_given(*n->end, "path");

		if (path)
			vs_map_put(&n->map, path->text, *n->end);
	}
}

static void
trees_report(struct walker *w, const char *what)
{
	const struct vs_tree *path = vs_value_given(w->tree, "path");
	char buf[64];

	vs_report(w->l->r, VS_VERDICT_ERROR, w->tree, vs_path_str(&w->l->path),
		"'%s' in tree '%s': %s", path && path->secret ? "***" : w->path.s,
		vs_shown(vs_value_given(w->tree, "local"), buf, sizeof buf), what);
}

static struct vs_tree *
trees_put(struct walker *w, struct vs_tree *map, const char *key, const char *text, size_t n)
{
	struct vs_tree *v = vs_tree_put(w->l->doc, map, key, VS_TREE_SCALAR);

	v->text = vs_arena_str(&w->l->doc->arena, text, n);
	v->len = n;
	v->style = VS_TREE_QUOTED;
	v->from = w->tree->from;
	return v;
}

/* Set what the tree sets for all its entries. */
static void
trees_inherit(struct walker *w, struct vs_tree *v, const char *key, const char *as)
{
	const struct vs_tree *all = vs_value_given(w->tree, key);
	struct vs_tree *own;

	if (all == NULL)
		return;
	own = vs_tree_put(w->l->doc, v, as, all->kind);
	own->style = all->style;
	own->text = all->text;
	own->len = all->len;
	own->child = all->child; /* shared: an owner is never changed */
	own->from = w->tree->from;
}

static bool
trees_taken(const struct walker *w)
{
	return vs_map_get(&w->files.map, w->path.s) || vs_map_get(&w->links.map, w->path.s)
		|| vs_map_get(&w->directories.map, w->path.s);
}

/* The entry for the current path: one in the document that has no contents yet, or a new
 * one.  NULL: reported, the path is taken. */
static struct vs_tree *
trees_entry(struct walker *w, struct nodes *n)
{
	struct vs_tree *v = n == &w->directories ? NULL : vs_map_get(&n->map, w->path.s);
	const struct vs_tree *c = vs_value_given(v, "contents");
	const struct vs_tree *source = vs_value_given(c, "source");
	const struct vs_tree *target = vs_value_given(v, "target");

	if (v && !vs_value_given(c, "inline") && (source == NULL || source->len == 0)
		&& (target == NULL || target->len == 0))
		return v;
	if (trees_taken(w)) {
		trees_report(w, "the document already has a file, link or directory there");
		return NULL;
	}
	if (n->end == NULL)
		n->end = &vs_tree_put(w->l->doc, w->storage, n->key, VS_TREE_LIST)->child;
	v = vs_tree_new(w->l->doc, w->tree, NULL, VS_TREE_MAP, NULL, 0);
	*n->end = v;
	n->end = &v->next;
	trees_put(w, v, "path", w->path.s, w->path.len);
	trees_inherit(w, v, "user", "user");
	trees_inherit(w, v, "group", "group");
	vs_map_put(&n->map, w->path.s, v);
	return v;
}

static void
trees_mode(struct walker *w, struct vs_tree *v, const char *key, const char *mode)
{
	if (vs_value_given(w->tree, key))
		trees_inherit(w, v, key, "mode");
	else
		trees_put(w, v, "mode", mode, 4)->style = VS_TREE_PLAIN;
}

static void
trees_file(struct walker *w, int fd, mode_t mode)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_SECRET;
	struct vs_tree *v = trees_entry(w, &w->files), *c;
	struct vs_err err;

	if (v == NULL)
		return;
	if (vs_read_fd(fd, &b, &err) < 0) {
		trees_report(w, err.msg);
		return;
	}
	c = vs_tree_put(w->l->doc, v, "contents", VS_TREE_MAP);
	c->from = w->tree->from;
	trees_put(w, c, "inline", b.s, b.len);
	if (vs_value_given(v, "mode") == NULL)
		trees_mode(w, v, "file_mode", mode & 0111 ? "0755" : "0644");
}

static void
trees_symlink(struct walker *w, int dir, const char *name)
{
	char target[4096];
	ssize_t n = readlinkat(dir, name, target, sizeof target);
	struct vs_tree *v;

	if (n < 0 || n == sizeof target || !vs_utf8(target, (size_t)n)) {
		trees_report(w, n < 0 ? strerror(errno) : "its target is not UTF-8");
		return;
	}
	v = trees_entry(w, &w->links);
	if (v)
		trees_put(w, v, "target", target, (size_t)n);
}

static bool
trees_has_owner(const struct vs_tree *owner)
{
	return vs_value_given(owner, "id") || vs_value_given(owner, "name");
}

/* Ignition creates the folders of files by itself; one that gets an owner or a mode needs
 * an entry. */
static void
trees_directory(struct walker *w)
{
	struct vs_tree *v;

	if (!vs_value_given(w->tree, "dir_mode")
		&& !trees_has_owner(vs_value_given(w->tree, "user"))
		&& !trees_has_owner(vs_value_given(w->tree, "group")))
		return;
	v = trees_entry(w, &w->directories);
	if (v)
		trees_mode(w, v, "dir_mode", "0755");
}

static void
trees_visit(struct walker *w, int dir, const char *name)
{
	VS_CLOSEFD int fd = -1;
	struct stat st;

	if (!vs_utf8(name, strlen(name))) {
		trees_report(w, "its name is not UTF-8");
		return;
	}
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		trees_report(w, strerror(errno));
		return;
	}
	if (S_ISLNK(st.st_mode)) {
		trees_symlink(w, dir, name);
		return;
	}
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) {
		trees_report(w, "not a file, folder or link");
		return;
	}
	fd = vs_open_entry(dir, name);
	if (fd < 0)
		trees_report(w, strerror(errno));
	else if (S_ISREG(st.st_mode))
		trees_file(w, fd, st.st_mode);
	else if (w->depth == DEPTH)
		trees_report(w, "more than 64 folders deep");
	else
		trees_walk(w, fd);
}

/* The names in a folder, sorted by their bytes.  -1: see errno.  (scandirat() exists only
 * in glibc.) */
static int
trees_names(int fd, struct vs_strings *names)
{
	int own = vs_open_entry(fd, ".");
	DIR *d = own < 0 ? NULL : fdopendir(own);
	struct dirent *e;
	int why;

	if (d == NULL)
		return -1;
	while ((errno = 0, e = readdir(d)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			vs_strings_add(names, e->d_name);
	why = errno;
	closedir(d);
	vs_strings_sort(names);
	errno = why;
	return why ? -1 : 0;
}

static void
trees_walk(struct walker *w, int fd)
{
	size_t was = w->path.len;
	VS_STRINGS_FREE struct vs_strings all = { 0 };

	trees_directory(w);
	if (trees_names(fd, &all) < 0) {
		trees_report(w, strerror(errno));
		return;
	}
	w->depth++;
	for (size_t i = 0; i < all.n; i++) {
		vs_buf_fmt(&w->path, "%s%s", was > 1 ? "/" : "", all.v[i]);
		trees_visit(w, fd, all.v[i]);
		vs_buf_cut(&w->path, was);
	}
	w->depth--;
}

static void
trees_read(struct walker *w)
{
	const struct vs_tree *path = vs_value_given(w->tree, "path");
	const struct vs_tree *local = vs_value_given(w->tree, "local");
	const char *to = path && path->len ? path->text : "/";
	VS_CLOSEFD int fd = local && local->len ? vs_local_open(w->l, local) : -1;
	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) < 0 || !S_ISDIR(st.st_mode)) {
		vs_report(w->l->r, VS_VERDICT_ERROR, local, vs_path_str(&w->l->path),
			"'%s' is not a folder", VS_SHOWN(local));
		return;
	}
	w->tree->from = vs_arena_str(
		&w->l->doc->arena, vs_path_str(&w->l->path), strlen(vs_path_str(&w->l->path)));
	vs_buf_cut(&w->path, 0);
	if (*to == '/')
		vs_buf_ch(&w->path, '/');
	vs_clean_path(to, &w->path);
	trees_walk(w, fd);
}

void
vs_trees_expand(struct vs_local *l)
{
	struct vs_tree *storage = vs_value_given(l->doc->root, "storage");
	struct vs_tree *trees = vs_value_given(storage, "trees");
	struct walker w = { .l = l, .storage = storage, .path = VS_BUF_INIT };
	size_t i = 0, errors = l->r->errors;

	if (trees == NULL)
		return;
	trees_index(&w, &w.files, "files");
	trees_index(&w, &w.links, "links");
	trees_index(&w, &w.directories, "directories");
	vs_path_key(&l->path, storage, "storage");
	vs_path_key(&l->path, trees, "trees");
	for (w.tree = trees->child; w.tree; w.tree = w.tree->next) {
		struct vs_path_mark m = vs_path_item(&l->path, w.tree, i++);

		trees_read(&w);
		vs_path_leave(&l->path, m);
	}
	vs_path_leave(&l->path, (struct vs_path_mark){ 0 });
	l->r->partial = l->r->errors > errors;
	vs_map_free(&w.files.map);
	vs_map_free(&w.links.map);
	vs_map_free(&w.directories.map);
	vs_buf_free(&w.path);
}
