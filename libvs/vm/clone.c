/* SPDX-License-Identifier: Apache-2.0 */
/* clone.c - what all clones of a run share: places, template, names in the folder.
 *
 * Looked up once, in three reads.  What one clone is: clone_spec.c. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "inventory/lookup.h"
#include "inventory/place.h"
#include "text/record.h"
#include "vim/prop.h"
#include "vim/reference.h"
#include "vim/vcenter.h"
#include "vm/clone.h"
#include "vm/extra.h"

static const char *
clone_option_or_env(const char *option, const char *variable)
{
	return option ? option : vs_env(variable);
}

static unsigned
clone_kinds(const struct vs_clone_request *a)
{
	unsigned k = VS_PLACE_FOLDER | VS_PLACE_POOL;

	if (clone_option_or_env(a->datastore, "GOVC_DATASTORE"))
		k |= VS_PLACE_DATASTORE;
	if (clone_option_or_env(a->pod, "GOVC_DATASTORE_CLUSTER"))
		k |= VS_PLACE_DATASTORE_CLUSTER;
	if (a->networks.n || vs_env("GOVC_NETWORK"))
		k |= VS_PLACE_NETWORK;
	if (clone_option_or_env(a->host, "GOVC_HOST"))
		k |= VS_PLACE_HOST;
	return k;
}

/* The compute resource above a host or a pool. */
static struct vs_place *
clone_cluster_of(struct vs_place *p)
{
	while (p && p->kind != VS_PLACE_CLUSTER)
		p = p->parent;
	return p;
}

/* above: the cluster that must have the pool, or NULL; given: the pool was named. */
static int
clone_check_pool(
	const struct vs_clone *c, const struct vs_place *above, bool given, struct vs_err *err)
{
	VS_FREE char *cluster = above ? vs_place_path(above) : NULL;
	VS_FREE char *pool = c->pool ? vs_place_path(c->pool) : NULL;
	VS_FREE char *host = c->host ? vs_place_path(c->host) : NULL;

	if (pool == NULL)
		return cluster ? vs_fail(err, VS_ERR_NOT_FOUND,
			       "cannot see the resource pool of '%s'", cluster)
			       : -1;
	if (above && given && !vs_place_below(c->pool, above))
		return vs_fail(
			err, VS_ERR_USAGE, "resource pool '%s' is not in '%s'", pool, cluster);
	if (host && clone_cluster_of(c->host) != clone_cluster_of(c->pool))
		return vs_fail(err, VS_ERR_USAGE, "host '%s' does not belong to resource pool '%s'",
			host, pool);
	return 0;
}

static int
clone_find_pool(struct vs_clone *c, struct vs_err *err)
{
	const struct vs_clone_request *a = c->ask;
	const char *pool = a->pool, *cluster = a->cluster;
	const char *host = clone_option_or_env(a->host, "GOVC_HOST");
	struct vs_place *above = NULL;

	if (host && !(c->host = vs_inv_find(c->inv, VS_PLACE_HOST, host, c->dc, "-H", err)))
		return -1;
	/* an option takes precedence over both variables */
	if (pool == NULL && cluster == NULL && a->host == NULL) {
		pool = vs_env("GOVC_RESOURCE_POOL");
		cluster = pool ? NULL : vs_env("GOVC_CLUSTER");
	}
	if (cluster) {
		above = vs_inv_find(c->inv, VS_PLACE_CLUSTER, cluster, c->dc, "--cluster", err);
		if (above == NULL)
			return -1;
	} else if (pool == NULL && c->host) {
		above = clone_cluster_of(c->host);
	}
	if (above && pool == NULL)
		c->pool = vs_inv_by_ref(c->inv, above->root_pool);
	else
		c->pool = vs_inv_find(c->inv, VS_PLACE_POOL, pool, c->dc, "-p", err);
	return clone_check_pool(c, above, pool != NULL, err);
}

static int
clone_find_storage(struct vs_clone *c, struct vs_err *err)
{
	const char *ds = c->ask->datastore, *pod = c->ask->pod;

	if (ds == NULL && pod == NULL) {
		ds = vs_env("GOVC_DATASTORE");
		pod = ds ? NULL : vs_env("GOVC_DATASTORE_CLUSTER");
	}
	if (ds && !(c->datastore = vs_inv_find(c->inv, VS_PLACE_DATASTORE, ds, c->dc, "-s", err)))
		return -1;
	if (pod
		&& !(c->pod = vs_inv_find(c->inv, VS_PLACE_DATASTORE_CLUSTER, pod, c->dc,
			     "--datastore-cluster", err)))
		return -1;
	return 0;
}

static int
clone_find_networks(struct vs_clone *c, struct vs_err *err)
{
	const struct vs_list *l = &c->ask->networks;
	const char *one = vs_env("GOVC_NETWORK");
	size_t n = l->n ? l->n : one ? 1 : 0;

	c->nets = vs_alloc(n, sizeof *c->nets);
	for (size_t i = 0; i < n; i++) {
		c->nets[i] = vs_inv_find(
			c->inv, VS_PLACE_NETWORK, l->n ? l->v[i] : one, c->dc, "-n", err);
		if (c->nets[i] == NULL || vs_net_usable(c->nets[i], err) < 0)
			return -1;
	}
	c->n_nets = n;
	return 0;
}

static int
clone_find_places(struct vs_clone *c, struct vs_vc *vc, struct vs_err *err)
{
	const struct vs_clone_request *a = c->ask;
	const char *folder = clone_option_or_env(a->folder, "GOVC_FOLDER");
	const char *hint = folder && *folder == '/' ? folder : a->template;

	c->inv = vs_inv_read(vc, clone_kinds(a), err);
	if (c->inv == NULL)
		return -1;
	c->dc = vs_inv_datacenter(c->inv, *hint == '/' ? hint : NULL, err);
	if (c->dc == NULL)
		return -1;
	c->folder = vs_inv_find(c->inv, VS_PLACE_FOLDER, folder, c->dc, "-f", err);
	if (c->folder == NULL)
		return -1;
	c->folder_path = vs_place_path(c->folder);
	if (clone_find_pool(c, err) < 0 || clone_find_storage(c, err) < 0)
		return -1;
	return clone_find_networks(c, err);
}

static int
clone_find_template(struct vs_clone *c, struct vs_vc *vc, struct vs_err *err)
{
	struct vs_find *f = vs_find_new(vc, c->inv, c->folder_path);
	int bad = vs_find_wait(f, c->ask->template, &c->ref, &c->path, err);
	VS_FREE char *msg = bad ? vs_strdup(err->msg) : NULL;

	vs_find_free(f);
	if (bad && err->code == VS_ERR_NOT_FOUND)
		vs_fail(err, VS_ERR_NOT_FOUND, "template: %s ('vs-ls -R -t template' lists them)",
			msg);
	else if (bad)
		vs_wrap(err, "template");
	return bad;
}

/* ---- the template, and the names in the folder */

struct clone_read {
	struct vs_clone *c;
	bool (*per_vm)(const char *);
	struct vs_prop *list; /* in flight, or NULL */
	struct vs_err *err;
	int result;
};

static void
clone_template_read(void *arg, struct vs_node *content)
{
	struct clone_read *r = arg;
	struct vs_clone *c = r->c;
	struct vs_node *devices = vs_prop_get(content, "config.hardware.device");
	VS_KVS_FREE struct vs_kvs extra = { 0 };
	struct vs_node *root;
	const char *power = vs_prop_text(content, "runtime.powerState");

	if (c->kept)
		return; /* it was read already */
	c->is_on = power && strcmp(power, "poweredOn") == 0;
	c->has_vapp = vs_prop_get(content, "config.vAppConfig") != NULL;
	c->snapshot = vs_node_ref(vs_prop_get(content, "snapshot.currentSnapshot"));
	c->cores = vs_prop_int(content, "config.hardware.numCoresPerSocket", 0);
	if (devices) {
		c->kept = vs_node_keep(devices, &root);
		vs_devices_read(root, &c->devices);
	}
	vs_extra_read(vs_prop_get(content, "config.extraConfig"), &extra);
	for (size_t i = 0; i < extra.n; i++)
		if (r->per_vm(extra.v[i].key))
			vs_kvs_set(&c->inherited, extra.v[i].key, extra.v[i].value, true);
}

static void
clone_child_read(void *arg, struct vs_node *content)
{
	struct clone_read *r = arg;
	VS_FREE char *ref = vs_node_ref(vs_node_at(content, "obj"));
	const char *name = vs_prop_text(content, "name");

	if (ref && name && !vs_map_get(&r->c->there, name))
		vs_map_put(&r->c->there, name, vs_strdup(ref));
}

static void
clone_read_end(void *arg, const struct vs_err *err)
{
	struct clone_read *r = arg;

	r->list = NULL;
	if (err) {
		*r->err = *err;
		r->result = -1;
	}
}

static bool
clone_is_read(void *arg)
{
	struct clone_read *const *both = arg;

	return both[0]->list == NULL && both[1]->list == NULL;
}

static int
clone_read_all(
	struct vs_clone *c, struct vs_vc *vc, bool (*per_vm)(const char *), struct vs_err *err)
{
	static const char *const wanted[] = { "config.hardware.device",
		"config.hardware.numCoresPerSocket", "config.extraConfig", "config.vAppConfig",
		"snapshot.currentSnapshot", "runtime.powerState", NULL };
	static const char *const names[] = { "name", NULL };
	static const struct vs_sel down = { "children", "Folder", "childEntity", NULL };
	struct clone_read template = {
		.c = c, .per_vm = per_vm, .err = err, .list = vs_prop_new(vc)
	};
	struct clone_read folder = { .c = c, .err = err, .list = vs_prop_new(vc) };
	struct clone_read *both[] = { &template, &folder };
	int result;

	vs_prop_want(template.list, "VirtualMachine", wanted);
	vs_prop_of(template.list, c->ref);
	vs_prop_want(folder.list, "VirtualMachine", names);
	vs_prop_from(folder.list, c->folder->ref, true, &down, 1);
	vs_prop_send(template.list, clone_template_read, clone_read_end, &template);
	vs_prop_send(folder.list, clone_child_read, clone_read_end, &folder);
	result = vs_vc_until(vc, clone_is_read, both, err);
	/* or they would call back into a stack frame that is gone */
	vs_prop_drop(template.list);
	vs_prop_drop(folder.list);
	return result | template.result | folder.result;
}

static int
clone_check(struct vs_clone *c, struct vs_err *err)
{
	const struct vs_clone_request *a = c->ask;
	const struct vs_disk *d = c->devices.disks;

	if (c->kept == NULL)
		return vs_fail(err, VS_ERR_FAILED,
			"cannot read the hardware of template '%s': is it accessible?",
			a->template);
	if (a->linked && c->snapshot == NULL)
		return vs_fail(err, VS_ERR_FAILED,
			"template '%s' has no snapshot to link a clone to", a->template);
	if (a->disk && c->devices.n_disks == 0)
		return vs_fail(err, VS_ERR_FAILED, "template '%s' has no disk", a->template);
	if (a->disk && a->disk < d->bytes)
		return vs_fail(err, VS_ERR_USAGE,
			"-d: the disk of template '%s' is %.1f GiB and cannot shrink", a->template,
			(double)d->bytes / (1 << 30));
	return 0;
}

int
vs_clone_prepare(struct vs_clone *c, const struct vs_clone_request *ask, struct vs_vc *vc,
	bool (*per_vm)(const char *), struct vs_err *err)
{
	*c = (struct vs_clone){ .ask = ask };
	if (clone_find_places(c, vc, err) < 0 || clone_find_template(c, vc, err) < 0)
		return -1;
	c->vcenter = vs_strdup(
		vc->content.instance_uuid ? vc->content.instance_uuid : vc->wire.conn->host);
	if (clone_read_all(c, vc, per_vm, err) < 0)
		return -1;
	return clone_check(c, err);
}

const char *
vs_clone_existing(const struct vs_clone *c, const char *name)
{
	return vs_map_get(&c->there, name);
}

void
vs_clone_free(struct vs_clone *c)
{
	size_t at = 0;
	char *ref;

	while ((ref = vs_map_next(&c->there, &at, NULL)) != NULL)
		free(ref);
	vs_map_free(&c->there);
	vs_kvs_free(&c->inherited);
	vs_xp_free(c->kept);
	vs_devices_free(&c->devices);
	free(c->nets);
	vs_inv_free(c->inv);
	free(c->ref);
	free(c->path);
	free(c->folder_path);
	free(c->snapshot);
	free(c->vcenter);
	*c = (struct vs_clone){ 0 };
}
