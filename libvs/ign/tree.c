#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/map.h"
#include "ign/load.h"
#include "text/enc.h"

enum { DEPTH = 64 };

/* What the storage section has, by path; new entries go behind the others. */
struct nodes {
	struct vs_yaml **end;
	struct vs_map map;
};

struct walker {
	struct vs_local *l;
	struct vs_yaml *tree;
	struct vs_yaml *storage;
	struct nodes files, links, directories;
	struct vs_buf path;	/* in the machine */
	int depth;
};

static void walk(struct walker *w, int fd);

static const struct vs_yaml *
given(const struct vs_yaml *map, const char *key)
{
	const struct vs_yaml *v = vs_yaml_get(map, key);

	return v && !vs_yaml_null(v) ? v : NULL;
}

static void
index_nodes(struct walker *w, struct nodes *n, const char *key)
{
	struct vs_yaml *list = vs_yaml_get(w->storage, key);

	n->end = NULL;
	if (list == NULL || list->kind != VS_YAML_LIST)
		return;
	for (n->end = &list->child; *n->end; n->end = &(*n->end)->next) {
		const struct vs_yaml *path = given(*n->end, "path");

		if (path)
			vs_map_put(&n->map, path->text, *n->end);
	}
}

static void
complain(struct walker *w, const char *what)
{
	char buf[64];

	vs_report_error(w->l->r, w->tree, NULL, "'%s' of the tree '%s': %s",
		w->path.s, vs_shown(vs_yaml_get(w->tree, "local"), buf, sizeof buf),
		what);
}

static struct vs_yaml *
put(struct walker *w, struct vs_yaml *map, const char *key, const char *text,
	size_t n)
{
	struct vs_yaml *v = vs_yaml_put(w->l->doc, map, key, VS_YAML_SCALAR);

	v->text = vs_arena_str(&w->l->doc->arena, text, n);
	v->len = n;
	v->style = VS_YAML_QUOTED;
	return v;
}

/* The entry of that path: one of the document that waits to be filled, or a
 * new one; NULL with a finding when something else has the path. */
static struct vs_yaml *
entry(struct walker *w, struct nodes *n, const char *key)
{
	struct vs_yaml *v = vs_map_get(&n->map, w->path.s);
	const struct vs_yaml *c = given(v, "contents");

	if (v && !given(v, "target") && !given(c, "source") && !given(c, "inline"))
		return v;
	if (v || (n != &w->files && vs_map_get(&w->files.map, w->path.s))
	    || (n != &w->links && vs_map_get(&w->links.map, w->path.s))
	    || vs_map_get(&w->directories.map, w->path.s)) {
		complain(w, "the document has something else at this path");
		return NULL;
	}
	if (n->end == NULL)
		n->end = &vs_yaml_put(w->l->doc, w->storage, key, VS_YAML_LIST)->child;
	v = vs_yaml_new(w->l->doc, w->tree, NULL, VS_YAML_MAP, NULL, 0);
	*n->end = v;
	n->end = &v->next;
	put(w, v, "path", w->path.s, w->path.len);
	vs_map_put(&n->map, w->path.s, v);
	return v;
}

static void
file(struct walker *w, int fd, mode_t mode)
{
	VS_BUF_FREE struct vs_buf b = { .s = vs_buf_empty, .secret = true };
	struct vs_yaml *v = entry(w, &w->files, "files");
	struct vs_err err;

	if (v == NULL)
		return;
	if (vs_read_fd(fd, &b, &err) < 0) {
		complain(w, err.msg);
		return;
	}
	put(w, vs_yaml_put(w->l->doc, v, "contents", VS_YAML_MAP), "inline", b.s,
		b.len);
	if (given(v, "mode") == NULL)
		put(w, v, "mode", mode & 0111 ? "0755" : "0644", 4)->style =
			VS_YAML_PLAIN;
}

static void
symlink_to(struct walker *w, int dir, const char *name)
{
	char target[4096];
	ssize_t n = readlinkat(dir, name, target, sizeof target);
	struct vs_yaml *v;

	if (n < 0 || n == sizeof target || !vs_utf8(target, (size_t)n)) {
		complain(w, n < 0 ? strerror(errno) : "its target is no UTF-8 text");
		return;
	}
	v = entry(w, &w->links, "links");
	if (v)
		put(w, v, "target", target, (size_t)n);
}

static void
one(struct walker *w, int dir, const char *name)
{
	VS_CLOSEFD int fd = -1;
	struct stat st;

	if (!vs_utf8(name, strlen(name))) {
		complain(w, "its name is no UTF-8 text");
		return;
	}
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		complain(w, strerror(errno));
		return;
	}
	if (S_ISLNK(st.st_mode)) {
		symlink_to(w, dir, name);
		return;
	}
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) {
		complain(w, "it is neither a file, a folder nor a link");
		return;
	}
	fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW);
	if (fd < 0)
		complain(w, strerror(errno));
	else if (S_ISREG(st.st_mode))
		file(w, fd, st.st_mode);
	else if (w->depth == DEPTH)
		complain(w, "more than 64 folders deep");
	else
		walk(w, fd);
}

static int
not_dots(const struct dirent *e)
{
	return strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
}

/* Byte order, whatever the locale. */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void
walk(struct walker *w, int fd)
{
	size_t was = w->path.len;
	struct dirent **all;
	int n = scandirat(fd, ".", &all, not_dots, by_name);

	if (n < 0) {
		complain(w, strerror(errno));
		return;
	}
	w->depth++;
	for (int i = 0; i < n; i++) {
		vs_buf_fmt(&w->path, "%s%s", was > 1 ? "/" : "", all[i]->d_name);
		one(w, fd, all[i]->d_name);
		vs_buf_cut(&w->path, was);
		free(all[i]);
	}
	free(all);
	w->depth--;
}

static void
tree(struct walker *w)
{
	const struct vs_yaml *path = given(w->tree, "path");
	const struct vs_yaml *local = vs_yaml_get(w->tree, "local");
	VS_CLOSEFD int fd = vs_local_open(w->l, local);
	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) < 0 || !S_ISDIR(st.st_mode)) {
		vs_report_error(w->l->r, local, NULL, "a tree is a folder, and this is "
			"none");
		return;
	}
	vs_buf_cut(&w->path, 0);
	vs_buf_str(&w->path, path ? path->text : "/");
	walk(w, fd);
}

void
vs_load_trees(struct vs_local *l, struct vs_yaml *storage)
{
	struct vs_yaml *trees = vs_yaml_get(storage, "trees");
	struct walker w = { .l = l, .storage = storage, .path = VS_BUF_INIT };

	index_nodes(&w, &w.files, "files");
	index_nodes(&w, &w.links, "links");
	index_nodes(&w, &w.directories, "directories");
	for (w.tree = trees->child; w.tree; w.tree = w.tree->next)
		tree(&w);
	trees->child = NULL;
	trees->kind = VS_YAML_SCALAR;
	trees->style = VS_YAML_PLAIN;
	trees->len = 0;
	vs_map_free(&w.files.map);
	vs_map_free(&w.links.map);
	vs_map_free(&w.directories.map);
	vs_buf_free(&w.path);
}
