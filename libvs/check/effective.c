/* SPDX-License-Identifier: Apache-2.0 */
/* Lists what a config and the configs inside it contain, and reports findings at
 * their places.  Does not judge any of it. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "check/effective.h"
#include "ign/ignition.h"
#include "text/dataurl.h"
#include "text/gzip.h"

enum { LOOKED_AT = 4 << 20 }; /* bytes of a file or config, at most */

/* ---- findings */

static void
effective_say(struct vs_effective *e, enum vs_verdict level, const struct vs_tree *v,
	const char *path, const char *fmt, va_list ap)
{
	const struct vs_tree nowhere = { .file = e->file };
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	vs_buf_vfmt(&b, fmt, ap);
	vs_report(e->r, level, v && e->r->json ? v : &nowhere, path, "%s", b.s);
}

void
vs_effective_report(
	struct vs_effective *e, enum vs_verdict level, const char *path, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	effective_say(e, level, NULL, path, fmt, ap);
	va_end(ap);
}

void
vs_effective_report_at(struct vs_effective *e, enum vs_verdict level,
	const struct vs_effective_item *m, const char *list, const char *key, const char *fmt, ...)
{
	VS_FREE char *path =
		vs_printf("%s%s.%zu%s%s", m->part->path, list, m->i, *key ? "." : "", key);
	const struct vs_tree *v = vs_tree_get(m->v, key);
	va_list ap;

	va_start(ap, fmt);
	effective_say(e, level, m->part->at ? m->part->at : v ? v : m->v, path, fmt, ap);
	va_end(ap);
}

enum vs_verdict
vs_effective_missing(const struct vs_effective *e)
{
	return e->unknown || e->skipped ? VS_VERDICT_WARNING : VS_VERDICT_ERROR;
}

/* ---- lists */

const struct vs_effective_item *
vs_effective_file(const struct vs_effective *e, const char *path)
{
	for (size_t i = e->files.n; i-- > 0;)
		if (strcmp(e->files.v[i].name, path) == 0)
			return &e->files.v[i];
	return NULL;
}

/* Append the data of a resource's data URL; false: it has none or is unreadable. */
static bool
effective_data(const struct vs_tree *resource, struct vs_buf *to)
{
	VS_BUF_FREE struct vs_buf raw = { .s = vs_buf_empty, .max = LOOKED_AT, .secret = true };
	const char *source = vs_tree_text(resource, "source");
	const char *how = vs_tree_text(resource, "compression");
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
effective_fill(struct vs_effective_item *m)
{
	const struct vs_tree *append = vs_tree_get(m->v, "append");

	m->text = (struct vs_buf){ .s = vs_buf_empty, .max = LOOKED_AT, .secret = true };
	m->known = effective_data(vs_tree_get(m->v, "contents"), &m->text);
	if (append && append->kind == VS_TREE_LIST)
		for (const struct vs_tree *v = append->child; v; v = v->next)
			m->known &= effective_data(v, &m->text);
}

static void
effective_list(const struct vs_effective_part *part, const char *section, const char *list,
	const char *key, struct vs_effective_list *to)
{
	const struct vs_tree *l = vs_tree_get(vs_tree_get(part->doc.root, section), list);
	size_t i = 0;

	if (l == NULL || l->kind != VS_TREE_LIST)
		return;
	for (const struct vs_tree *v = l->child; v; v = v->next, i++) {
		const char *name = vs_tree_text(v, key);

		if (v->kind != VS_TREE_MAP)
			continue;
		vs_grow(to->v, to->n, to->cap);
		to->v[to->n++] = (struct vs_effective_item){
			.v = v, .part = part, .i = i, .name = name ? name : ""
		};
	}
}

static void
effective_lists(struct vs_effective *e, const struct vs_effective_part *part)
{
	size_t first = e->files.n;

	effective_list(part, "storage", "files", "path", &e->files);
	effective_list(part, "storage", "links", "path", &e->links);
	effective_list(part, "systemd", "units", "name", &e->units);
	effective_list(part, "passwd", "users", "name", &e->users);
	for (size_t i = first; i < e->files.n; i++)
		effective_fill(&e->files.v[i]);
}

/* ---- configs inside configs */

static void effective_take(struct vs_effective *e, struct vs_effective_part *part);

static void
effective_take_inner(struct vs_effective *e, const struct vs_effective_part *outer,
	const struct vs_tree *resource, const char *name)
{
	VS_BUF_FREE struct vs_buf text = { .s = vs_buf_empty, .max = LOOKED_AT, .secret = true };
	VS_REPORT_FREE struct vs_report ignored = { 0 };
	struct vs_effective_part *part;

	if (e->n_parts == VS_EFFECTIVE_PARTS) {
		e->skipped = true;
		return;
	}
	if (!effective_data(resource, &text)) {
		e->unknown = true;
		return;
	}
	if (text.len == 0)
		return;
	part = vs_alloc(1, sizeof *part);
	part->at = outer->at ? outer->at : resource;
	part->path = vs_printf("%signition.config.%s.", outer->path, name);
	/* its own mistakes are reported by the check of the outer config */
	vs_ignition_read(&part->doc, text.s, text.len, e->file, &ignored);
	effective_take(e, part);
}

static void
effective_take(struct vs_effective *e, struct vs_effective_part *part)
{
	const struct vs_tree *config =
		vs_tree_get(vs_tree_get(part->doc.root, "ignition"), "config");
	const struct vs_tree *replace = vs_tree_get(config, "replace");
	const struct vs_tree *merge = vs_tree_get(config, "merge");
	size_t i = 0;

	assert(e->n_parts < VS_EFFECTIVE_PARTS);
	e->parts[e->n_parts++] = part;
	if (vs_tree_text(replace, "source")) {
		effective_take_inner(e, part, replace, "replace");
		return;
	}
	effective_lists(e, part);
	if (merge == NULL || merge->kind != VS_TREE_LIST)
		return;
	for (const struct vs_tree *v = merge->child; v; v = v->next, i++) {
		VS_FREE char *name = vs_printf("merge.%zu", i);

		effective_take_inner(e, part, v, name);
	}
}

void
vs_effective_read(struct vs_effective *e, const struct vs_tree_doc *d)
{
	struct vs_effective_part *outer = vs_alloc(1, sizeof *outer);

	assert(e->n_parts == 0);
	outer->doc = *d;
	outer->path = vs_strdup("");
	effective_take(e, outer);
}

void
vs_effective_free(struct vs_effective *e)
{
	for (size_t i = 0; i < e->n_parts; i++) {
		/* the first document is the caller's */
		if (i > 0)
			vs_tree_free(&e->parts[i]->doc);
		free(e->parts[i]->path);
		free(e->parts[i]);
	}
	for (size_t i = 0; i < e->files.n; i++)
		vs_buf_free(&e->files.v[i].text);
	free(e->files.v);
	free(e->links.v);
	free(e->units.v);
	free(e->users.v);
	*e = (struct vs_effective){ 0 };
}
