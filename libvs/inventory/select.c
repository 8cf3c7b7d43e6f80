/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: a folder, a pattern in folders, or one VM.  The server returns all VMs of
 * the folders involved; which of them are selected is decided here. */
#include <stdlib.h>
#include <string.h>

#include "inventory/lookup.h"
#include "inventory/place.h"
#include "inventory/place_path.h"
#include "inventory/select.h"
#include "inventory/vm_list.h"
#include "text/record.h"

int
vs_select_open(
	struct vs_select *s, struct vs_inv *inv, const char *folder, bool deep, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_err ignored;

	*s = (struct vs_select){ .inv = inv, .deep = deep };
	if (folder && *folder == '/') {
		vs_path_normal(folder, &b);
		s->in = vs_inv_at(inv, b.s);
		if (s->in && (s->in->kind == VS_PLACE_FOLDER || s->in->holder))
			return 0;
	}
	if (folder || inv->vc->wire.conn->datacenter) {
		s->in = vs_inv_find(inv, VS_PLACE_FOLDER, folder, NULL, "-f", err);
		return s->in ? 0 : -1;
	}
	s->in = vs_inv_find(inv, VS_PLACE_FOLDER, NULL, NULL, NULL, &ignored);
	return 0;
}

void
vs_select_free(struct vs_select *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->targets[i].given);
		free(s->targets[i].dirs);
		free(s->targets[i].name);
		free(s->targets[i].ref);
	}
	free(s->targets);
	vs_map_free(&s->seen);
}

static struct vs_target *
select_add(struct vs_select *s, const char *given)
{
	struct vs_target *t;

	vs_grow(s->targets, s->n, s->cap);
	t = &s->targets[s->n++];
	*t = (struct vs_target){ .given = vs_strdup(given) };
	return t;
}

static void
select_add_place(struct vs_select *s, const char *given, struct vs_place *p)
{
	if (p)
		select_add(s, given)->place = p;
}

/* The VM folders of all datacenters below a place (NULL: of all). */
static bool
select_add_datacenters(struct vs_select *s, const char *given, const struct vs_place *below)
{
	size_t before = s->n;

	for (struct vs_place *p = s->inv->first; p; p = p->next)
		if (p->kind == VS_PLACE_DATACENTER
			&& (p == below || below == NULL || vs_place_below(p, below)))
			select_add_place(s, given, vs_inv_root(s->inv, p, VS_PLACE_FOLDER));
	return s->n > before;
}

static void
select_add_pattern(
	struct vs_select *s, const char *given, struct vs_place *base, const char *normal)
{
	const char *slash = strrchr(normal, '/');
	struct vs_target *t = select_add(s, given);

	t->pattern = true;
	t->base = base;
	t->dirs = slash ? vs_strndup(normal, (size_t)(slash - normal)) : vs_strdup("");
	t->name = vs_strdup(slash ? slash + 1 : normal);
}

/* Relative to FOLDER. */
static bool
select_add_relative(struct vs_select *s, const char *given, const char *normal)
{
	struct vs_place *dc, *base, *at;
	size_t before = s->n;

	for (dc = s->inv->first; dc; dc = dc->next) {
		if (s->in ? dc != s->in : dc->kind != VS_PLACE_DATACENTER)
			continue;
		base = s->in ? s->in : vs_inv_root(s->inv, dc, VS_PLACE_FOLDER);
		if (base == NULL)
			continue;
		if (vs_is_pattern(normal)) {
			select_add_pattern(s, given, base, normal);
		} else {
			VS_FREE char *above = vs_place_path(base);
			VS_FREE char *path = vs_printf("%s%s%s", above, *normal ? "/" : "", normal);

			at = vs_inv_at(s->inv, path);
			if (at && (at->kind == VS_PLACE_FOLDER || at->holder))
				select_add_place(s, given, at);
		}
	}
	return s->n > before;
}

bool
vs_select_add(struct vs_select *s, const char *given)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_place *p;

	if (given == NULL)
		return select_add_relative(s, NULL, "");
	if (*given == '\0')
		return false;
	vs_path_normal(given, &b);
	p = vs_inv_by_ref(s->inv, given);
	if (p == NULL && *given == '/')
		p = vs_inv_at(s->inv, b.s);
	if (p && (p->kind == VS_PLACE_FOLDER || p->holder)) {
		select_add_place(s, given, p);
		return true;
	}
	if (p || (b.len == 0 && *given == '/'))
		return select_add_datacenters(s, given, p);
	if (*given != '/')
		return select_add_relative(s, given, b.s);
	if (!vs_is_pattern(b.s))
		return false;
	select_add_pattern(s, given, NULL, b.s);
	return true;
}

void
vs_select_vm(struct vs_select *s, const char *given, const char *ref)
{
	select_add(s, given)->ref = vs_strdup(ref);
}

/* ---- which VMs are selected */

/* Can VMs in this place match the pattern? */
static bool
select_in_dirs(const struct vs_target *t, const struct vs_place *p)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	if (p == NULL || (t->base && p != t->base && !vs_place_below(p, t->base)))
		return false;
	if (t->base == NULL)
		vs_place_path_add(p, &b);
	else if (p != t->base)
		vs_place_path_below(p, t->base, &b);
	return vs_path_matches(t->dirs, b.s);
}

static bool
select_in_target(const struct vs_select *s, const struct vs_target *t,
	const struct vs_place *parent, const char *name, const char *ref)
{
	if (t->ref)
		return strcmp(t->ref, ref) == 0;
	if (t->pattern && !vs_path_matches(t->name, name))
		return false;
	for (; parent; parent = s->deep ? parent->parent : NULL)
		if (t->pattern ? select_in_dirs(t, parent) : parent == t->place)
			return true;
	return false;
}

bool
vs_select_takes(
	struct vs_select *s, const struct vs_place *parent, const char *name, const char *ref)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	bool takes = false;

	/* the server may return a VM twice, for two targets */
	if (vs_map_get(&s->seen, ref))
		return false;
	vs_path_normal(name, &b);
	for (size_t i = 0; i < s->n; i++)
		if (select_in_target(s, &s->targets[i], parent, b.s, ref)) {
			s->targets[i].hits++;
			takes = true;
		}
	if (takes && (s->n > 1 || s->targets[0].pattern))
		vs_map_put(&s->seen, ref, s);
	return takes;
}

bool
vs_select_from(const struct vs_select *s, struct vs_prop *prop)
{
	struct vs_sel ways[VS_VM_WAYS];
	size_t n = vs_vm_ways(ways, s->deep), from = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct vs_target *t = &s->targets[i];

		if (t->ref) {
			vs_prop_of(prop, t->ref);
			from++;
		} else if (t->place) {
			vs_prop_from(prop, t->place->ref, true, ways, n);
			from++;
		}
		for (struct vs_place *p = s->inv->first; t->pattern && p; p = p->next)
			if ((p->kind == VS_PLACE_FOLDER || p->holder) && select_in_dirs(t, p)) {
				vs_prop_from(prop, p->ref, true, ways, n);
				from++;
			}
	}
	return from > 0;
}

/* A relative pattern is a target in each datacenter: one of them is enough. */
static bool
select_met(const struct vs_select *s, const char *given)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->targets[i].hits && s->targets[i].given
			&& strcmp(s->targets[i].given, given) == 0)
			return true;
	return false;
}

const char *
vs_select_missed(const struct vs_select *s, size_t *at)
{
	while (*at < s->n) {
		const struct vs_target *t = &s->targets[(*at)++];

		if (t->place == NULL && !select_met(s, t->given))
			return t->given;
	}
	return NULL;
}
