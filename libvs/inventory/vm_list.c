/* SPDX-License-Identifier: Apache-2.0 */
/* One RetrievePropertiesEx.  A VM in a vApp has parentVApp instead of parent (vSphere
 * Web Services SDK: VirtualMachine). */
#include <string.h>

#include "base/spelling.h"
#include "inventory/place_path.h"
#include "inventory/vm_list.h"
#include "vim/reference.h"

size_t
vs_vm_ways(struct vs_sel *sels, bool deep)
{
	static const char *const all[] = { "folder", "vm", "vapp", "inner", NULL };
	const char *const *next = deep ? all : NULL;

	sels[0] = (struct vs_sel){ "folder", "Folder", "childEntity", next };
	sels[1] = (struct vs_sel){ "vapp", "VirtualApp", "vm", NULL };
	if (!deep)
		return 2;
	sels[2] = (struct vs_sel){ "vm", "Datacenter", "vmFolder", next };
	sels[3] = (struct vs_sel){ "inner", "VirtualApp", "resourcePool", next };
	return 4;
}

static const char *
vm_list_keep(struct vs_vm_list *l, const char *s)
{
	return s ? vs_arena_str(&l->arena, s, strlen(s)) : NULL;
}

static void
vm_list_object(void *arg, struct vs_node *o)
{
	struct vs_vm_list *l = arg;
	VS_FREE char *ref = vs_node_ref(vs_node_at(o, "obj"));
	const char *name = vs_prop_text(o, "name");
	VS_FREE char *parent = vs_node_ref(vs_prop_get(o, "parent"));
	VS_FREE char *vapp = vs_node_ref(vs_prop_get(o, "parentVApp"));
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_vm_entry *e;

	if (ref == NULL || name == NULL)
		return;
	vs_path_normal(name, &b);
	e = vs_arena_get(&l->arena, sizeof *e);
	e->ref = vm_list_keep(l, ref);
	e->name = vm_list_keep(l, b.s);
	e->parent = vm_list_keep(l, vapp ? vapp : parent);
	e->same = vs_map_get(&l->by_name, e->name);
	e->next = l->first;
	l->first = e;
	l->n++;
	vs_map_put(&l->by_name, e->name, e);
}

static void
vm_list_read_end(void *arg, const struct vs_err *err)
{
	struct vs_vm_list *l = arg;

	l->prop = NULL;
	l->end(l->arg, err);
}

void
vs_vm_list_send(struct vs_vm_list *l, struct vs_vc *vc, const char *from, bool deep,
	void (*end)(void *, const struct vs_err *), void *arg)
{
	static const char *const flat_paths[] = { "name", NULL };
	static const char *const deep_paths[] = { "name", "parent", "parentVApp", NULL };
	struct vs_sel sels[VS_VM_WAYS];
	size_t n = vs_vm_ways(sels, deep);

	*l = (struct vs_vm_list){ .end = end, .arg = arg };
	l->prop = vs_prop_new(vc);
	vs_prop_want(l->prop, "VirtualMachine", deep ? deep_paths : flat_paths);
	vs_prop_from(l->prop, from, true, sels, n);
	vs_prop_send(l->prop, vm_list_object, vm_list_read_end, l);
}

struct vs_vm_entry *
vs_vm_list_get(const struct vs_vm_list *l, const char *name)
{
	return vs_map_get(&l->by_name, name);
}

const char *
vs_vm_list_near(const struct vs_vm_list *l, const char *name)
{
	VS_FREE const char **names = vs_alloc(l->n + 1, sizeof *names);
	size_t n = 0;

	for (struct vs_vm_entry *e = l->first; e; e = e->next)
		names[n++] = e->name;
	return vs_did_you_mean(names, n, name);
}

void
vs_vm_list_free(struct vs_vm_list *l)
{
	vs_prop_drop(l->prop);
	vs_map_free(&l->by_name);
	vs_arena_free(&l->arena);
	*l = (struct vs_vm_list){ 0 };
}
