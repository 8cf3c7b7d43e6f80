/* SPDX-License-Identifier: Apache-2.0 */
/* systemd.quadlets: podman's generator turns the files into units (podman-systemd.unit(5));
 * an instance is a link to its template.  As coreos/butane, base/v0_8_exp/translate.go. */
#include <string.h>

#include "base/clean.h"
#include "base/map.h"
#include "butane/quadlet.h"
#include "doc/path.h"
#include "doc/value.h"

/* A list of the storage section that entries are added to. */
struct growing {
	const char *key;
	struct vs_tree **end; /* NULL: nothing was added yet */
};

struct maker {
	struct vs_tree_doc *d;
	struct vs_report *r;
	struct vs_tree *storage;
	struct growing files, links;
	struct vs_map taken;  /* paths of files, directories, links */
	struct vs_path *path; /* of the quadlet in the document */
	bool secret;	      /* the name of the quadlet is secret */
};

bool
vs_quadlet_is_instance(const char *name)
{
	const char *at = strchr(name, '@'), *dot = strrchr(name, '.');

	return at && dot && dot != at + 1;
}

static void
quadlet_collect(struct maker *m, const char *list)
{
	const struct vs_tree *l = vs_value_given(m->storage, list);

	for (struct vs_tree *v = l ? l->child : NULL; v; v = v->next)
		if (vs_value_given(v, "path"))
			vs_map_put(&m->taken, vs_value_given(v, "path")->text, v);
}

static const char *
quadlet_path(struct maker *m, const struct vs_tree *v, const char *key)
{
	struct vs_path_mark was = vs_path_key(m->path, v, key);
	const char *s =
		vs_arena_str(&m->d->arena, vs_path_str(m->path), strlen(vs_path_str(m->path)));

	vs_path_leave(m->path, was);
	return s;
}

static struct vs_tree *
quadlet_put(struct maker *m, struct vs_tree *map, const char *key, const char *text, size_t n,
	const char *from)
{
	struct vs_tree *v = vs_tree_put(m->d, map, key, VS_TREE_SCALAR);

	v->text = vs_arena_str(&m->d->arena, text, n);
	v->len = n;
	v->style = VS_TREE_QUOTED;
	v->from = from;
	return v;
}

/* Add an entry with that path; NULL: reported, the path is taken. */
static struct vs_tree *
quadlet_entry(struct maker *m, const struct vs_tree *of, struct growing *list, const char *path)
{
	const struct vs_tree *name = vs_value_given(of, "name");
	struct vs_tree *v;

	if (vs_map_get(&m->taken, path)) {
		vs_report(m->r, VS_VERDICT_ERROR, of, vs_path_str(m->path),
			"'%s' already exists in the document",
			m->secret || (name && name->secret) ? "***" : path);
		return NULL;
	}
	if (list->end == NULL)
		list->end = &vs_tree_put(m->d, m->storage, list->key, VS_TREE_LIST)->child;
	while (*list->end)
		list->end = &(*list->end)->next;
	v = vs_tree_new(m->d, of, NULL, VS_TREE_MAP, NULL, 0);
	v->from = vs_arena_str(&m->d->arena, vs_path_str(m->path), strlen(vs_path_str(m->path)));
	*list->end = v;
	quadlet_put(m, v, "path", path, strlen(path), quadlet_path(m, of, "name"));
	vs_map_put(&m->taken, path, v);
	return v;
}

static void
quadlet_file(struct maker *m, const struct vs_tree *of, const char *path)
{
	const struct vs_tree *text = vs_value_given(of, "contents");
	struct vs_tree *v = quadlet_entry(m, of, &m->files, path), *c;
	const char *from;

	if (v == NULL)
		return;
	from = text == NULL ? v->from : text->from ? text->from : quadlet_path(m, text, "contents");
	c = vs_tree_put(m->d, v, "contents", VS_TREE_MAP);
	c->from = from;
	quadlet_put(m, c, "inline", text ? text->text : "", text ? text->len : 0, from);
	quadlet_put(m, v, "mode", "0644", 4, v->from)->style = VS_TREE_PLAIN;
}

static void
quadlet_link(struct maker *m, const struct vs_tree *of, const char *path, const char *name)
{
	struct vs_tree *v = quadlet_entry(m, of, &m->links, path);
	VS_BUF_FREE struct vs_buf to = VS_BUF_INIT;

	if (v == NULL)
		return;
	vs_buf_fmt(&to, "%.*s@%s", (int)strcspn(name, "@"), name, strrchr(name, '.'));
	quadlet_put(m, v, "target", to.s, to.len, v->from);
}

static void
quadlet_one(struct maker *m, const struct vs_tree *v)
{
	const struct vs_tree *name = vs_value_given(v, "name");
	const struct vs_tree *rootful = vs_value_given(v, "rootful");
	const struct vs_tree *dropins = vs_value_given(v, "dropins");
	VS_BUF_FREE struct vs_buf given = VS_BUF_INIT, path = VS_BUF_INIT;
	bool root = false;
	size_t i = 0;

	if (name == NULL || (rootful && !vs_value_bool(rootful, &root)))
		return;
	m->secret = name->secret;
	vs_buf_fmt(&given, "/etc/containers/systemd/%s%s", root ? "" : "users/", name->text);
	vs_buf_ch(&path, '/');
	vs_clean_path(given.s, &path);
	if (vs_quadlet_is_instance(name->text))
		quadlet_link(m, v, path.s, name->text);
	else
		quadlet_file(m, v, path.s);
	if (dropins == NULL)
		return;
	vs_path_key(m->path, dropins, "dropins");
	for (const struct vs_tree *k = dropins->child; k; k = k->next) {
		struct vs_path_mark was = vs_path_item(m->path, k, i++);
		const struct vs_tree *n = vs_value_given(k, "name");
		VS_BUF_FREE struct vs_buf to = VS_BUF_INIT;

		vs_buf_fmt(&to, "%s.d/%s", path.s, n ? n->text : "");
		quadlet_file(m, k, to.s);
		vs_path_leave(m->path, was);
	}
}

void
vs_quadlet_expand(struct vs_tree_doc *d, struct vs_report *r)
{
	const struct vs_tree *systemd = vs_value_given(d->root, "systemd");
	const struct vs_tree *list = vs_value_given(systemd, "quadlets");
	VS_PATH_FREE struct vs_path path = VS_PATH_INIT;
	struct maker m = { .d = d,
		.r = r,
		.path = &path,
		.files = { .key = "files" },
		.links = { .key = "links" } };
	size_t i = 0;

	if (list == NULL)
		return;
	m.storage = vs_tree_put(d, d->root, "storage", VS_TREE_MAP);
	quadlet_collect(&m, "files");
	quadlet_collect(&m, "directories");
	quadlet_collect(&m, "links");
	vs_path_key(&path, systemd, "systemd");
	vs_path_key(&path, list, "quadlets");
	for (const struct vs_tree *v = list->child; v; v = v->next) {
		struct vs_path_mark was = vs_path_item(&path, v, i++);

		if (!v->bad && v->kind == VS_TREE_MAP)
			quadlet_one(&m, v);
		vs_path_leave(&path, was);
	}
	vs_map_free(&m.taken);
}
