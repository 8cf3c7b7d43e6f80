/* SPDX-License-Identifier: Apache-2.0 */
/* Folders, datacenters, compute resources, pools, datastores and networks, by one
 * traversal of the property collector.  vSphere Web Services SDK: the managed objects
 * of these names, TraversalSpec; Folder.childEntity does not list what is in vApps. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bounds.h"
#include "inventory/inventory.h"
#include "inventory/place.h"
#include "vim/prop.h"
#include "vim/reference.h"
#include "vim/vcenter.h"

/* ---- the request */

/* Selections: how to get from one place to the next.  A vApp is in a VM folder and in a
 * pool. */
enum { INVENTORY_WAYS = 9 }; /* that inventory_plan makes for all kinds */

struct inventory_ways {
	struct vs_sel sels[INVENTORY_WAYS];
	size_t n;
	const char *from_folder[INVENTORY_WAYS + 1];
};

static void
inventory_way(struct inventory_ways *w, const char *name, const char *type, const char *path,
	const char *const *next)
{
	assert(w->n < INVENTORY_WAYS);
	w->sels[w->n] = (struct vs_sel){ name, type, path, next };
	w->from_folder[w->n++] = name;
}

static void
inventory_plan(struct inventory_ways *w, unsigned kinds)
{
	static const char *const folder[] = { "folder", NULL };
	static const char *const pool[] = { "pool", NULL };
	static const char *const vapp[] = { "vapp", NULL };

	inventory_way(w, "folder", "Folder", "childEntity", w->from_folder);
	if (kinds & VS_PLACE_FOLDER) {
		inventory_way(w, "vm", "Datacenter", "vmFolder", folder);
		inventory_way(w, "vapp", "VirtualApp", "resourcePool", vapp);
	}
	if (kinds & VS_PLACE_CLUSTER)
		inventory_way(w, "host", "Datacenter", "hostFolder", folder);
	if (kinds & VS_PLACE_POOL) {
		inventory_way(w, "root-pool", "ComputeResource", "resourcePool", pool);
		inventory_way(w, "pool", "ResourcePool", "resourcePool", pool);
	}
	if (kinds & VS_PLACE_HOST)
		inventory_way(w, "member", "ComputeResource", "host", NULL);
	if (kinds & VS_PLACE_DATASTORE)
		inventory_way(w, "store", "Datacenter", "datastoreFolder", folder);
	if (kinds & VS_PLACE_NETWORK)
		inventory_way(w, "net", "Datacenter", "networkFolder", folder);
}

static void
inventory_want(struct vs_prop *p, const char *type, const char *const *more)
{
	const char *paths[8] = { "name", "parent" };

	for (size_t n = 2; *more; more++) {
		assert(n < VS_LEN(paths) - 1);
		paths[n++] = *more;
	}
	vs_prop_want(p, type, paths);
}
#define WANT(p, type, ...) inventory_want(p, type, (const char *const[]){ __VA_ARGS__, NULL })

/* Subtypes first: it does not matter then whether a server uses the first propSet that
 * fits, the most specific one or all of them. */
static void
inventory_ask(struct vs_prop *p, unsigned kinds)
{
	const char *dc[5], **d = dc;

	if (kinds & VS_PLACE_FOLDER)
		*d++ = "vmFolder";
	if (kinds & VS_PLACE_CLUSTER)
		*d++ = "hostFolder";
	if (kinds & VS_PLACE_DATASTORE)
		*d++ = "datastoreFolder";
	if (kinds & VS_PLACE_NETWORK)
		*d++ = "networkFolder";
	*d = NULL;
	inventory_want(p, "Datacenter", dc);
	WANT(p, "Folder", NULL); /* and StoragePod */
	if (kinds & (VS_PLACE_FOLDER | VS_PLACE_POOL))
		WANT(p, "VirtualApp", "parentFolder");
	if (kinds & VS_PLACE_POOL)
		WANT(p, "ResourcePool", NULL);
	if (kinds & VS_PLACE_CLUSTER)
		WANT(p, "ComputeResource", "resourcePool");
	if (kinds & VS_PLACE_HOST)
		WANT(p, "HostSystem", NULL);
	if (kinds & VS_PLACE_DATASTORE)
		WANT(p, "Datastore", NULL);
	if (kinds & VS_PLACE_NETWORK) {
		/* not config.uplink: servers before 6.5 do not have it */
		WANT(p, "DistributedVirtualPortgroup", "tag", "key",
			"config.distributedVirtualSwitch");
		WANT(p, "OpaqueNetwork", "summary");
		WANT(p, "Network", NULL);
		WANT(p, "DistributedVirtualSwitch", "uuid");
	}
}

/* ---- the response */

static const char *
inventory_copy(struct vs_inv *inv, const char *s)
{
	return s && *s ? vs_arena_str(&inv->arena, s, strlen(s)) : NULL;
}

static const char *
inventory_copy_ref(struct vs_inv *inv, struct vs_node *content, const char *path)
{
	VS_FREE char *ref = vs_node_ref(vs_prop_get(content, path));

	return inventory_copy(inv, ref);
}

static bool
inventory_is_uplink(struct vs_node *content)
{
	struct vs_node *val = vs_prop_get(content, "tag");
	struct vs_node *t = val ? val->child : NULL;

	for (; t; t = t->next) {
		const char *key = vs_node_text(t, "key");

		if (key && strcmp(key, "SYSTEM/DVS.UPLINKPG") == 0)
			return true;
	}
	return false;
}

static struct vs_place *
inventory_add(struct vs_inv *inv, const char *ref, const char *name, enum vs_place_kind kind)
{
	struct vs_place *p = vs_arena_get(&inv->arena, sizeof *p);

	p->ref = inventory_copy(inv, ref);
	p->name = inventory_copy(inv, name);
	p->kind = kind;
	*inv->last = p;
	inv->last = &p->next;
	return p;
}

static void
inventory_add_vapp(struct vs_inv *inv, struct vs_node *o, const char *ref, const char *name)
{
	VS_FREE char *key = vs_printf("holder of %s", ref);
	struct vs_place *p;

	if (inv->kinds & VS_PLACE_POOL) {
		p = inventory_add(inv, ref, name, VS_PLACE_POOL);
		p->parent_ref = inventory_copy_ref(inv, o, "parent");
		vs_map_put(&inv->by_ref, ref, p);
	}
	if (inv->kinds & VS_PLACE_FOLDER) {
		p = inventory_add(inv, ref, name, VS_PLACE_OTHER);
		p->holder = true;
		p->parent_ref = inventory_copy_ref(inv, o, "parentFolder");
		/* a vApp in another vApp has no parentFolder */
		if (p->parent_ref == NULL)
			p->parent_ref = inventory_copy_ref(inv, o, "parent");
		vs_map_put(&inv->by_ref, key, p);
	}
}

static enum vs_place_kind
inventory_kind_of(const char *type)
{
	static const struct {
		const char *type;
		enum vs_place_kind kind;
	} kinds[] = {
		{ "Datacenter", VS_PLACE_DATACENTER },
		{ "ClusterComputeResource", VS_PLACE_CLUSTER },
		{ "ComputeResource", VS_PLACE_CLUSTER },
		{ "ResourcePool", VS_PLACE_POOL },
		{ "HostSystem", VS_PLACE_HOST },
		{ "Datastore", VS_PLACE_DATASTORE },
		{ "StoragePod", VS_PLACE_DATASTORE_CLUSTER },
		{ "Network", VS_PLACE_NETWORK },
		{ "OpaqueNetwork", VS_PLACE_NETWORK },
		{ "DistributedVirtualPortgroup", VS_PLACE_NETWORK },
	};

	for (size_t i = 0; i < VS_LEN(kinds); i++)
		if (strcmp(kinds[i].type, type) == 0)
			return kinds[i].kind;
	return VS_PLACE_OTHER; /* a folder, for now, or a switch */
}

static void
inventory_add_network(struct vs_inv *inv, struct vs_place *p, struct vs_node *o)
{
	struct vs_node *sum = vs_prop_get(o, "summary");

	p->net_id = inventory_copy(inv, vs_prop_text(o, "key"));
	p->switch_ref = inventory_copy_ref(inv, o, "config.distributedVirtualSwitch");
	if (vs_ref_is(p->ref, "OpaqueNetwork")) {
		p->net_id = inventory_copy(inv, vs_node_text(sum, "opaqueNetworkId"));
		p->net_switch = inventory_copy(inv, vs_node_text(sum, "opaqueNetworkType"));
	}
	if (inventory_is_uplink(o))
		p->kind = VS_PLACE_OTHER;
}

static void
inventory_object(void *arg, struct vs_node *o)
{
	struct vs_inv *inv = arg;
	struct vs_node *obj = vs_node_at(o, "obj");
	VS_FREE char *ref = vs_node_ref(obj);
	const char *name = vs_prop_text(o, "name");
	struct vs_place *p;

	/* not even its name can be read: it cannot be found, nor anything below it */
	if (ref == NULL || name == NULL || *name == '\0')
		return;
	if (strcmp(obj->ref, "VirtualApp") == 0) {
		inventory_add_vapp(inv, o, ref, name);
		return;
	}
	p = inventory_add(inv, ref, name, inventory_kind_of(obj->ref));
	p->parent_ref = inventory_copy_ref(inv, o, "parent");
	if (p->kind == VS_PLACE_DATACENTER) {
		p->vm_folder = inventory_copy_ref(inv, o, "vmFolder");
		p->host_folder = inventory_copy_ref(inv, o, "hostFolder");
		p->datastore_folder = inventory_copy_ref(inv, o, "datastoreFolder");
		p->network_folder = inventory_copy_ref(inv, o, "networkFolder");
	} else if (p->kind == VS_PLACE_CLUSTER) {
		p->root_pool = inventory_copy_ref(inv, o, "resourcePool");
	} else if (p->kind == VS_PLACE_NETWORK) {
		inventory_add_network(inv, p, o);
	} else if (p->kind == VS_PLACE_OTHER) {
		p->uuid = inventory_copy(inv, vs_prop_text(o, "uuid"));
	}
	vs_map_put(&inv->by_ref, ref, p);
}

/* ---- paths, once all places have been read */

/* If places are moved while pages are read, their parents can form a circle: it is cut,
 * so that one of them is at the top.  Each walk marks the places that it meets. */
static void
inventory_cut_circles(struct vs_inv *inv)
{
	for (struct vs_place *start = inv->first; start; start = start->next)
		for (struct vs_place *p = start; p && p->met == NULL; p = p->parent) {
			p->met = start;
			if (p->parent && p->parent->met == start)
				p->parent = NULL;
		}
}

/* The parent is complete. */
static void
inventory_complete(struct vs_inv *inv, struct vs_place *p)
{
	const struct vs_place *up = p->parent;

	if (up) {
		p->datacenter = up->datacenter;
		/* a VM folder: the root of them, or below one */
		if (vs_ref_is(p->ref, "Folder")
			&& (up->kind == VS_PLACE_FOLDER
				|| (up->kind == VS_PLACE_DATACENTER && up->vm_folder
					&& strcmp(up->vm_folder, p->ref) == 0)))
			p->kind = VS_PLACE_FOLDER;
	}
	if (p->kind == VS_PLACE_DATACENTER)
		p->datacenter = p;
	vs_place_complete(inv, p);
}

/* From the top down, however deep that is. */
static void
inventory_complete_all(struct vs_inv *inv)
{
	VS_FREE struct vs_place **stack = NULL;
	size_t n = 0, cap = 0;

	for (struct vs_place *start = inv->first; start; start = start->next) {
		for (struct vs_place *p = start; p && p->part == NULL; p = p->parent) {
			vs_grow(stack, n, cap);
			stack[n++] = p;
		}
		while (n > 0)
			inventory_complete(inv, stack[--n]);
	}
}

/* -1: a path is longer than any that a person would make. */
static int
inventory_check_paths(const struct vs_inv *inv, struct vs_err *err)
{
	int64_t most = vs_bound(VS_BOUND_PATH);

	for (const struct vs_place *p = inv->first; p; p = p->next)
		if ((int64_t)p->len > most)
			return vs_fail(err, VS_ERR_FAILED,
				"the inventory path of '%.60s' (%s) is longer than %lld bytes",
				p->part, p->ref, (long long)most);
	return 0;
}

static int
inventory_connect_all(struct vs_inv *inv, struct vs_err *err)
{
	for (struct vs_place *p = inv->first; p; p = p->next) {
		const struct vs_place *sw = NULL;

		if (p->parent_ref)
			p->parent = p->holder ? vs_inv_holder(inv, p->parent_ref)
					      : vs_inv_by_ref(inv, p->parent_ref);
		if (p->kind == VS_PLACE_NETWORK && p->switch_ref)
			sw = vs_inv_by_ref(inv, p->switch_ref);
		if (sw)
			p->net_switch = sw->uuid;
	}
	inventory_cut_circles(inv);
	inventory_complete_all(inv);
	return inventory_check_paths(inv, err);
}

static void
inventory_read_end(void *arg, const struct vs_err *err)
{
	struct vs_inv *inv = arg;

	struct vs_err e;

	inv->prop = NULL;
	if (err == NULL && inventory_connect_all(inv, &e) < 0)
		err = &e;
	inv->end(inv->arg, err);
}

struct vs_inv *
vs_inv_send(struct vs_vc *vc, unsigned kinds, void (*end)(void *, const struct vs_err *), void *arg)
{
	struct vs_inv *inv = vs_alloc(1, sizeof *inv);
	struct inventory_ways w = { 0 };

	if (kinds & (VS_PLACE_POOL | VS_PLACE_HOST))
		kinds |= VS_PLACE_CLUSTER;
	if (kinds & (VS_PLACE_DATASTORE | VS_PLACE_DATASTORE_CLUSTER))
		kinds |= VS_PLACE_DATASTORE | VS_PLACE_DATASTORE_CLUSTER;
	inv->vc = vc;
	inv->kinds = kinds | VS_PLACE_DATACENTER;
	inv->last = &inv->first;
	inv->end = end;
	inv->arg = arg;
	inv->prop = vs_prop_new(vc);
	inventory_ask(inv->prop, kinds);
	inventory_plan(&w, kinds);
	vs_prop_from(inv->prop, vc->content.root_folder, true, w.sels, w.n);
	vs_prop_send(inv->prop, inventory_object, inventory_read_end, inv);
	return inv;
}

void
vs_inv_free(struct vs_inv *inv)
{
	if (inv == NULL)
		return;
	vs_prop_drop(inv->prop);
	vs_map_free(&inv->by_ref);
	vs_map_free(&inv->by_child);
	vs_arena_free(&inv->arena);
	free(inv);
}

struct inventory_wait {
	bool over;
	struct vs_err *err;
	int result;
};

static bool
inventory_is_read(void *arg)
{
	const struct inventory_wait *w = arg;

	return w->over;
}

static void
inventory_wait_end(void *arg, const struct vs_err *err)
{
	struct inventory_wait *w = arg;

	w->over = true;
	if (err) {
		*w->err = *err;
		w->result = -1;
	}
}

struct vs_inv *
vs_inv_read(struct vs_vc *vc, unsigned kinds, struct vs_err *err)
{
	struct inventory_wait w = { .err = err };
	struct vs_inv *inv;

	if (vs_vc_wait(vc, err) < 0)
		return NULL;
	inv = vs_inv_send(vc, kinds, inventory_wait_end, &w);
	if (vs_vc_until(vc, inventory_is_read, &w, err) == 0 && w.result == 0)
		return inv;
	vs_inv_free(inv);
	return NULL;
}

/* ---- the result */

struct vs_place *
vs_inv_by_ref(const struct vs_inv *inv, const char *ref)
{
	return ref ? vs_map_get(&inv->by_ref, ref) : NULL;
}

struct vs_place *
vs_inv_holder(const struct vs_inv *inv, const char *ref)
{
	VS_FREE char *key = vs_printf("holder of %s", ref);
	struct vs_place *p = vs_map_get(&inv->by_ref, key);

	return p ? p : vs_inv_by_ref(inv, ref);
}

const char *
vs_place_kind_name(enum vs_place_kind kind)
{
	switch (kind) {
	case VS_PLACE_DATACENTER:
		return "datacenter";
	case VS_PLACE_FOLDER:
		return "folder";
	case VS_PLACE_CLUSTER:
		return "cluster";
	case VS_PLACE_POOL:
		return "resource pool";
	case VS_PLACE_HOST:
		return "host";
	case VS_PLACE_DATASTORE:
		return "datastore";
	case VS_PLACE_DATASTORE_CLUSTER:
		return "datastore cluster";
	case VS_PLACE_NETWORK:
		return "network";
	case VS_PLACE_OTHER:
		break;
	}
	return "place";
}
