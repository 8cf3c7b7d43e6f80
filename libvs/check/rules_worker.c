/* SPDX-License-Identifier: Apache-2.0 */
/* What a config comes to, with the configs within it, and what every worker
 * should have: somebody who may log in, and updates under control. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check/rules_worker.h"
#include "doc/value.h"
#include "ign/ignition.h"
#include "text/dataurl.h"
#include "text/gzip.h"

enum { LOOKED_AT = 4 << 20 }; /* bytes of a file, at most */

/* ---- words */

static void
rules_worker_say(struct vs_wchecker *w, enum vs_verdict level, const struct vs_tree *v,
	const char *path, const char *fmt, va_list ap)
{
	const struct vs_tree nowhere = { .file = w->file };
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	vs_buf_vfmt(&b, fmt, ap);
	vs_report(w->r, level, v && w->r->json ? v : &nowhere, path, "%s", b.s);
}

void
vs_rules_worker_say(
	struct vs_wchecker *w, enum vs_verdict level, const char *path, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	rules_worker_say(w, level, NULL, path, fmt, ap);
	va_end(ap);
}

void
vs_rules_worker_say_at(struct vs_wchecker *w, enum vs_verdict level, const struct vs_made *m,
	const char *list, const char *what, const char *fmt, ...)
{
	VS_FREE char *path =
		vs_printf("%s%s.%zu%s%s", m->part->path, list, m->i, *what ? "." : "", what);
	const struct vs_tree *v = vs_tree_get(m->v, what);
	va_list ap;

	va_start(ap, fmt);
	rules_worker_say(w, level, m->part->at ? m->part->at : v ? v : m->v, path, fmt, ap);
	va_end(ap);
}

enum vs_verdict
vs_rules_worker_missing(const struct vs_wchecker *w)
{
	return w->elsewhere ? VS_VERDICT_WARNING : VS_VERDICT_ERROR;
}

/* ---- what is there */

const char *
vs_rules_worker_text(const struct vs_tree *map, const char *key)
{
	const struct vs_tree *v = vs_tree_get(map, key);

	return v && v->kind == VS_TREE_SCALAR && !vs_tree_null(v) ? v->text : NULL;
}

const struct vs_made *
vs_rules_worker_file(const struct vs_wchecker *w, const char *path)
{
	/* the last one: it is what a merge leaves */
	for (size_t i = w->files.n; i-- > 0;)
		if (strcmp(w->files.v[i].name, path) == 0)
			return &w->files.v[i];
	return NULL;
}

/* What the data URL of a resource holds, appended; false: it holds none, or
 * cannot be read. */
static bool
rules_worker_held(const struct vs_tree *resource, struct vs_buf *to)
{
	VS_BUF_FREE struct vs_buf raw = { .s = vs_buf_empty, .max = LOOKED_AT, .secret = true };
	const char *source = vs_rules_worker_text(resource, "source");
	const char *how = vs_rules_worker_text(resource, "compression");
	struct vs_err ignored;

	if (source == NULL || *source == '\0')
		return true;
	if (vs_undata_url(source, &raw, &ignored) < 0 || raw.over)
		return false;
	if (how && strcmp(how, "gzip") == 0)
		return vs_gunzip(raw.s, raw.len, to, &ignored) == 0;
	vs_buf_add(to, raw.s, raw.len);
	return !to->over;
}

static void
rules_worker_fill(struct vs_made *m)
{
	const struct vs_tree *append = vs_tree_get(m->v, "append");

	m->text = (struct vs_buf){ .s = vs_buf_empty, .max = LOOKED_AT, .secret = true };
	m->known = rules_worker_held(vs_tree_get(m->v, "contents"), &m->text);
	if (append && append->kind == VS_TREE_LIST)
		for (const struct vs_tree *v = append->child; v; v = v->next)
			m->known &= rules_worker_held(v, &m->text);
}

static void
rules_worker_gather(const struct vs_part *part, const char *section, const char *list,
	const char *key, struct vs_mades *to)
{
	const struct vs_tree *l = vs_tree_get(vs_tree_get(part->doc.root, section), list);
	size_t i = 0;

	if (l == NULL || l->kind != VS_TREE_LIST)
		return;
	for (const struct vs_tree *v = l->child; v; v = v->next, i++) {
		const char *name = vs_rules_worker_text(v, key);

		if (v->kind != VS_TREE_MAP)
			continue;
		vs_grow(to->v, to->n, to->cap);
		to->v[to->n++] =
			(struct vs_made){ .v = v, .part = part, .i = i, .name = name ? name : "" };
	}
}

static void
rules_worker_gather_all(struct vs_wchecker *w, const struct vs_part *part)
{
	size_t first = w->files.n;

	rules_worker_gather(part, "storage", "files", "path", &w->files);
	rules_worker_gather(part, "storage", "links", "path", &w->links);
	rules_worker_gather(part, "systemd", "units", "name", &w->units);
	rules_worker_gather(part, "passwd", "users", "name", &w->users);
	for (size_t i = first; i < w->files.n; i++)
		rules_worker_fill(&w->files.v[i]);
}

/* ---- configs within configs */

static void rules_worker_take_part(struct vs_wchecker *w, struct vs_part *part);

static void
rules_worker_take_within(struct vs_wchecker *w, const struct vs_part *outer,
	const struct vs_tree *resource, const char *name)
{
	VS_BUF_FREE struct vs_buf text = { .s = vs_buf_empty, .max = LOOKED_AT, .secret = true };
	VS_REPORT_FREE struct vs_report ignored = { 0 };
	struct vs_part *part;

	if (!rules_worker_held(resource, &text) || w->n_parts == VS_LEN(w->parts)) {
		w->elsewhere = true;
		return;
	}
	if (text.len == 0)
		return;
	part = vs_alloc(1, sizeof *part);
	part->at = outer->at ? outer->at : resource;
	part->path = vs_printf("%signition.config.%s.", outer->path, name);
	/* what is wrong with it as a config is said by who checks the outer one */
	vs_ignition_read(&part->doc, text.s, text.len, w->file, &ignored);
	rules_worker_take_part(w, part);
}

/* What a config merges is put on top of it, what replaces it stands alone
 * (coreos/ignition, internal/exec/engine.go). */
static void
rules_worker_take_part(struct vs_wchecker *w, struct vs_part *part)
{
	const struct vs_tree *config =
		vs_tree_get(vs_tree_get(part->doc.root, "ignition"), "config");
	const struct vs_tree *replace = vs_tree_get(config, "replace");
	const struct vs_tree *merge = vs_tree_get(config, "merge");
	size_t i = 0;

	w->parts[w->n_parts++] = part;
	if (vs_rules_worker_text(replace, "source")) {
		rules_worker_take_within(w, part, replace, "replace");
		return;
	}
	rules_worker_gather_all(w, part);
	if (merge == NULL || merge->kind != VS_TREE_LIST)
		return;
	for (const struct vs_tree *v = merge->child; v; v = v->next, i++) {
		VS_FREE char *name = vs_printf("merge.%zu", i);

		rules_worker_take_within(w, part, v, name);
	}
}

static void
rules_worker_drop(struct vs_wchecker *w)
{
	/* the first is the caller's */
	for (size_t i = 1; i < w->n_parts; i++) {
		vs_tree_free(&w->parts[i]->doc);
		free(w->parts[i]->path);
		free(w->parts[i]);
	}
	for (size_t i = 0; i < w->files.n; i++)
		vs_buf_free(&w->files.v[i].text);
	free(w->files.v);
	free(w->links.v);
	free(w->units.v);
	free(w->users.v);
}

/* ---- who may log in */

static void
rules_worker_keys(struct vs_wchecker *w)
{
	const char *name = w->r->json ? "sshAuthorizedKeys" : "ssh_authorized_keys";

	for (size_t i = 0; i < w->users.n; i++) {
		const struct vs_tree *l = vs_tree_get(w->users.v[i].v, "ssh_authorized_keys");

		if (l && l->child)
			return;
	}
	for (size_t i = 0; i < w->files.n; i++)
		if (strstr(w->files.v[i].name, "/.ssh/authorized_keys"))
			return;
	vs_rules_worker_say(w, VS_VERDICT_WARNING, "passwd.users",
		"nobody has an SSH key: when this machine does not join, nobody can log in to see why: give the user 'core' %s",
		name);
}

/* ---- Flatcar's own updates */

static bool
rules_worker_masked(const struct vs_wchecker *w, const char *unit)
{
	VS_FREE char *path = vs_printf("/etc/systemd/system/%s", unit);
	bool is = false;

	for (size_t i = 0; i < w->units.n && !is; i++) {
		const struct vs_tree *mask = vs_tree_get(w->units.v[i].v, "mask");

		if (strcmp(w->units.v[i].name, unit) == 0 && mask)
			vs_value_bool(mask, &is);
	}
	for (size_t i = 0; i < w->links.n && !is; i++) {
		const char *target = vs_rules_worker_text(w->links.v[i].v, "target");

		is = strcmp(w->links.v[i].name, path) == 0 && target
			&& strcmp(target, "/dev/null") == 0;
	}
	return is;
}

/* NAME=... at the start of a line. */
static bool
rules_worker_assigned(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (const char *s = text; s; s = strchr(s, '\n')) {
		s += *s == '\n';
		s += strspn(s, " \t");
		if (strncmp(s, name, n) == 0 && s[n] == '=')
			return true;
	}
	return false;
}

/* Flatcar installs an update by itself, and locksmithd reboots into it minutes
 * later unless it is told otherwise (reference: flatcar/update_engine and
 * flatcar/locksmith). */
static void
rules_worker_updates(struct vs_wchecker *w)
{
	static const char conf[] = "/etc/flatcar/update.conf";
	const struct vs_made *f = vs_rules_worker_file(w, conf);
	bool engine = rules_worker_masked(w, "update-engine.service");
	bool locksmith = rules_worker_masked(w, "locksmithd.service");

	if (engine && locksmith)
		return;
	if (f == NULL)
		vs_rules_worker_say(w, VS_VERDICT_WARNING, "systemd.units",
			"%s not masked, and there is no %s: %s: mask both, or say there what is wanted",
			engine		    ? "locksmithd.service is"
				: locksmith ? "update-engine.service is"
					    : "update-engine.service and locksmithd.service are",
			conf,
			engine ? "it waits for updates that do not come"
				: locksmith
				? "with some reboot this node has another Flatcar"
				: "Flatcar updates this node and reboots it when it likes");
	else if (f->known && !locksmith && !rules_worker_assigned(f->text.s, "REBOOT_STRATEGY")
		&& !strstr(f->text.s, "SERVER=disabled"))
		vs_rules_worker_say_at(w, VS_VERDICT_WARNING, f, "storage.files", "contents",
			"%s has no REBOOT_STRATEGY: Flatcar reboots this node when it likes: say off, and let something in the cluster do it",
			conf);
}

void
vs_rules_worker_check(const struct vs_tree_doc *d, const char *file, struct vs_report *r)
{
	struct vs_part whole = { .doc = *d, .path = (char[1]){ 0 } };
	struct vs_wchecker w = { .r = r, .file = file };

	rules_worker_take_part(&w, &whole);
	if (w.elsewhere)
		vs_rules_worker_say(&w, VS_VERDICT_WARNING, "ignition.config",
			"it takes in configs that are fetched at boot, or cannot be read: what is in them is not looked at, nor missed");
	vs_rules_worker_rke2(&w);
	vs_rules_worker_units(&w);
	rules_worker_updates(&w);
	rules_worker_keys(&w);
	rules_worker_drop(&w);
}
