/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for resources, files, directories and links, and between them: links above
 * files, units that are files, too (coreos/ignition, config/v3_N/types/storage.go,
 * config.go, node.go and resource.go). */
#include <stdio.h>
#include <string.h>

#include "base/clean.h"
#include "base/map.h"
#include "base/mem.h"
#include "doc/path.h"
#include "ign/go_url.h"
#include "ign/rules.h"

static struct vs_tree *
rules_node_items(const struct vs_tree *map, const char *key)
{
	const struct vs_tree *v = vs_value_given(map, key);

	return v && v->kind == VS_TREE_LIST ? v->child : NULL;
}

static const char *
rules_node_text(const struct vs_tree *map, const char *key)
{
	const struct vs_tree *v = vs_value_given(map, key);

	return v && v->kind == VS_TREE_SCALAR ? v->text : "";
}

/* ---- resources */

void
vs_rule_resource(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	const struct vs_tree *source = vs_value_given(v, "source");
	const struct vs_tree *sum = vs_value_given(vs_value_given(v, "verification"), "hash");
	struct vs_go_url u;

	if (sum && source == NULL && !vs_value_given(v, "inline"))
		vs_report(r, VS_VERDICT_ERROR, sum, VS_BELOW("verification.hash"),
			"requires a 'source'");
	if (rules_node_items(v, "http_headers")
		&& (vs_value_given(v, "inline") || source == NULL
			|| !vs_go_url_parse(source->text, source->len, &u)
			|| (strcmp(u.scheme, "http") != 0 && strcmp(u.scheme, "https") != 0)))
		vs_report(r, VS_VERDICT_ERROR, vs_value_given(v, "http_headers"),
			VS_BELOW("http_headers"), "requires an http or https 'source'");
}

void
vs_rule_fetched(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	const struct vs_tree *source = vs_value_given(v, "source");

	vs_rule_resource(r, v, path);
	if (vs_value_given(v, "inline") || (r->json && r->spec == 0))
		return;
	if (!vs_value_nonempty(source))
		vs_report(r, VS_VERDICT_ERROR, v, path, "a 'source'%s is missing",
			r->json ? "" : ", 'inline' or 'local'");
	else if (vs_rules_source_flaw(r, source))
		vs_report(r, VS_VERDICT_ERROR, v, path, "cannot be fetched: see its 'source'");
}

void
vs_rule_authority(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	if (!r->json || r->spec > 0)
		vs_rule_fetched(r, v, path);
	else if (!vs_value_nonempty(vs_value_given(v, "source")))
		vs_report(r, VS_VERDICT_ERROR, v, VS_BELOW("source"), "missing");
}

/* ---- files, directories, links */

void
vs_rule_owner(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	if (vs_value_given(v, "id") && vs_value_nonempty(vs_value_given(v, "name")))
		vs_report(r, VS_VERDICT_ERROR, v, path, "give either 'id' or 'name', not both");
}

/* 'overwrite' needs something to overwrite with. */
void
vs_rule_file(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	const struct vs_tree *c = vs_value_given(v, "contents");

	if (r->partial)
		return;
	if (vs_value_bool_at(v, "overwrite", false) && !vs_value_given(c, "source")
		&& !vs_value_given(c, "inline"))
		vs_report(r, VS_VERDICT_ERROR, vs_value_given(v, "overwrite"),
			VS_BELOW("overwrite"), "requires 'contents'");
}

/* The storage section, for the rules between its nodes. */
struct nodes {
	struct vs_report *r;
	const char *path; /* of the storage section */
	struct vs_map links, directories, units;
	size_t longest; /* path of a link */
};

/* Report a node that is below a link. */
static void
rules_node_below_link(const struct nodes *n, const struct vs_tree *node, const char *path)
{
	const char *whole = rules_node_text(node, "path");
	/* no need to look at more than the longest link */
	VS_FREE char *up = vs_strndup(whole, strnlen(whole, n->longest + 1));
	const struct vs_tree *at = vs_value_given(node, "path");
	char *slash;

	while ((slash = strrchr(up, '/'))) {
		*slash = '\0';
		if (vs_map_get(&n->links, up)) {
			vs_report(n->r, VS_VERDICT_ERROR, at, path,
				"'%s' is below '%s', which is a link in this document",
				VS_SHOWN(at), at->secret ? "***" : up);
			return;
		}
	}
}

/* The absolute target of a link.  Ignition joins a relative one with the path of the link
 * itself, not with that of its folder. */
static char *
rules_node_target(const struct vs_tree *link)
{
	const char *to = rules_node_text(link, "target");
	VS_BUF_FREE struct vs_buf all = VS_BUF_INIT;
	struct vs_buf clean = VS_BUF_INIT;

	vs_buf_fmt(&all, "%s/%s", *to == '/' ? "" : rules_node_text(link, "path"), to);
	vs_buf_ch(&clean, '/');
	vs_clean_path(all.s, &clean);
	return vs_buf_take(&clean);
}

static void
rules_node_hard_link(struct vs_report *r, const struct vs_tree *v, const char *path,
	const struct vs_map *directories)
{
	static const char *const whose[] = { "user", "group" };
	static const char *const by[] = { "id", "name" };
	VS_FREE char *target = rules_node_target(v);

	if (vs_map_get(directories, target))
		vs_report(r, VS_VERDICT_ERROR, v, path,
			"the target of this hard link is a directory of this document");
	for (size_t i = 0; i < 4; i++) {
		const struct vs_tree *owner = vs_value_given(v, whose[i / 2]);
		VS_PATH_BUF(buf);

		if (!vs_value_given(owner, by[i % 2]))
			continue;
		vs_report(r, VS_VERDICT_WARNING, owner,
			vs_path_below(r->json, owner, VS_BELOW(whose[i / 2]), by[i % 2], buf),
			"ignored: a hard link has the owner of its target");
	}
}

static void
rules_node_index(struct vs_map *m, const struct vs_tree *storage, const char *list)
{
	for (struct vs_tree *v = rules_node_items(storage, list); v; v = v->next)
		vs_map_put(m, rules_node_text(v, "path"), v);
}

static void
rules_node_each(struct nodes *n, const struct vs_tree *storage, const char *list,
	void (*look)(struct nodes *, const struct vs_tree *, const char *path))
{
	VS_PATH_FREE struct vs_path at = VS_PATH_INIT;
	size_t i = 0;

	vs_buf_str(&at.b, n->path);
	if (rules_node_items(storage, list))
		vs_path_key(&at, vs_value_given(storage, list), list);
	for (const struct vs_tree *v = rules_node_items(storage, list); v; v = v->next) {
		struct vs_path_mark m = vs_path_item(&at, v, i++);

		look(n, v, vs_path_str(&at));
		vs_path_leave(&at, m);
	}
}

static void
rules_node_path(struct nodes *n, const struct vs_tree *v, const char *path)
{
	if (vs_value_given(v, "path"))
		rules_node_below_link(n, v, path);
}

static void
rules_node_link(struct nodes *n, const struct vs_tree *v, const char *path)
{
	rules_node_path(n, v, path);
	if (vs_value_bool_at(v, "hard", false) && vs_value_nonempty(vs_value_given(v, "target")))
		rules_node_hard_link(n->r, v, path, &n->directories);
}

/* Report a file system on a disk that this document partitions or wipes. */
static void
rules_node_on_disk(struct vs_report *r, const struct vs_tree *storage, const struct vs_map *disks,
	const char *path)
{
	size_t i = 0;

	for (const struct vs_tree *v = rules_node_items(storage, "filesystems"); v;
		v = v->next, i++) {
		const struct vs_tree *disk = vs_map_get(disks, rules_node_text(v, "device"));
		VS_PATH_BUF(at);

		snprintf(at, sizeof at, "%s.filesystems.%zu.device", path, i);
		if (disk == NULL)
			continue;
		if (rules_node_items(disk, "partitions"))
			vs_report(r, VS_VERDICT_WARNING, v, at,
				"this file system overwrites the partitions of its disk");
		else if (vs_value_bool_at(disk, "wipe_table", false)
			&& !vs_value_bool_at(v, "wipe_filesystem", false))
			vs_report(r, VS_VERDICT_WARNING, v, at,
				"'wipe_table' of its disk also wipes this file system");
	}
}

void
vs_rule_storage(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	struct nodes n = { .r = r, .path = path };
	VS_MAP_FREE struct vs_map disks = { 0 };

	rules_node_index(&n.links, v, "links");
	for (const struct vs_tree *l = rules_node_items(v, "links"); l; l = l->next)
		if (n.longest < strlen(rules_node_text(l, "path")))
			n.longest = strlen(rules_node_text(l, "path"));
	rules_node_index(&n.directories, v, "directories");
	if (n.links.n > 0) {
		rules_node_each(&n, v, "directories", rules_node_path);
		rules_node_each(&n, v, "files", rules_node_path);
		rules_node_each(&n, v, "links", rules_node_link);
	}
	for (struct vs_tree *d = rules_node_items(v, "disks"); d; d = d->next)
		vs_map_put(&disks, rules_node_text(d, "device"), d);
	rules_node_on_disk(r, v, &disks, path);
	vs_map_free(&n.links);
	vs_map_free(&n.directories);
}

/* ---- between sections: systemd units are files, too */

static void
rules_node_unit_path(struct nodes *n, const struct vs_tree *unit, const struct vs_tree *dropin)
{
	const struct vs_tree *v = dropin ? dropin : unit;
	VS_BUF_FREE struct vs_buf path = VS_BUF_INIT;

	if (!vs_value_nonempty(vs_value_given(v, "contents")))
		return;
	vs_buf_fmt(&path, "/etc/systemd/system/%s", rules_node_text(unit, "name"));
	if (dropin)
		vs_buf_fmt(&path, ".d/%s", rules_node_text(dropin, "name"));
	vs_map_put(&n->units, path.s, (void *)v);
}

static void
rules_node_conflict(struct nodes *n, const struct vs_tree *v, const char *path)
{
	const struct vs_tree *at = vs_value_given(v, "path");
	VS_PATH_BUF(buf);

	if (at && vs_map_get(&n->units, at->text))
		vs_report(n->r, VS_VERDICT_ERROR, at,
			vs_path_below(n->r->json, v, path, "path", buf),
			"'%s' is also created by a systemd unit of this document", VS_SHOWN(at));
}

void
vs_rule_document(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	const struct vs_tree *systemd = vs_value_given(v, "systemd");
	const struct vs_tree *storage = vs_value_given(v, "storage");
	struct nodes n = { .r = r, .path = VS_BELOW("storage") };

	for (const struct vs_tree *u = rules_node_items(systemd, "units"); u; u = u->next) {
		rules_node_unit_path(&n, u, NULL);
		for (const struct vs_tree *d = rules_node_items(u, "dropins"); d; d = d->next)
			rules_node_unit_path(&n, u, d);
	}
	if (n.units.n > 0 && storage) {
		rules_node_each(&n, storage, "files", rules_node_conflict);
		rules_node_each(&n, storage, "directories", rules_node_conflict);
		rules_node_each(&n, storage, "links", rules_node_conflict);
	}
	vs_map_free(&n.units);
}
