/* SPDX-License-Identifier: Apache-2.0 */
/* Names of places, and of what is in them: vim/inventory, vim/select, vim/show. */
#include <stdlib.h>
#include <string.h>

#include "inventory/inventory.h"
#include "inventory/lookup.h"
#include "inventory/place.h"
#include "inventory/place_path.h"
#include "inventory/select.h"
#include "inventory/show.h"
#include "tap.h"

#define ok_f(x, ...) \
	do { \
		VS_FREE char *name_ = vs_printf(__VA_ARGS__); \
		ok(x, name_); \
	} while (0)
#define is_f(got, want, ...) \
	do { \
		VS_FREE char *name_ = vs_printf(__VA_ARGS__); \
		is(got, want, name_); \
	} while (0)

static struct vs_conn conn;
static struct vs_vc vc = { .wire.conn = &conn };
static struct vs_inv inv = { .vc = &vc, .kinds = ~0u, .last = &inv.first };

static struct vs_place *
place(struct vs_place *parent, enum vs_place_kind kind, const char *ref, const char *name)
{
	struct vs_place *p = vs_arena_get(&inv.arena, sizeof *p);

	p->ref = ref;
	p->kind = kind;
	p->name = name;
	p->parent = parent;
	p->datacenter = kind == VS_PLACE_DATACENTER ? p : parent ? parent->datacenter : NULL;
	*inv.last = p;
	inv.last = &p->next;
	vs_map_put(&inv.by_ref, ref, p);
	vs_place_complete(&inv, p);
	return p;
}

static void
path_is(const struct vs_place *p, const char *want, const char *what)
{
	VS_FREE char *path = vs_place_path(p);

	is(path, want, what);
}

static struct vs_place *a, *b, *prod, *dev, *c0, *c1, *pool1;

static void
build(void)
{
	struct vs_place *f = place(NULL, VS_PLACE_OTHER, "Folder:group-d9", "F");
	struct vs_place *vm, *host, *net, *store, *pod, *res;

	a = place(NULL, VS_PLACE_DATACENTER, "Datacenter:datacenter-1", "A");
	a->vm_folder = "Folder:group-v1";
	a->host_folder = "Folder:group-h1";
	a->network_folder = "Folder:group-n1";
	a->datastore_folder = "Folder:group-s1";
	b = place(f, VS_PLACE_DATACENTER, "Datacenter:datacenter-2", "B");
	b->vm_folder = "Folder:group-v2";
	b->network_folder = "Folder:group-n2";
	vm = place(a, VS_PLACE_FOLDER, "Folder:group-v1", "vm");
	prod = place(vm, VS_PLACE_FOLDER, "Folder:group-v3", "prod");
	dev = place(prod, VS_PLACE_FOLDER, "Folder:group-v4", "a%2fb");
	place(b, VS_PLACE_FOLDER, "Folder:group-v2", "vm");
	host = place(a, VS_PLACE_OTHER, "Folder:group-h1", "host");
	c0 = place(host, VS_PLACE_CLUSTER, "ClusterComputeResource:domain-c1", "C0");
	res = place(c0, VS_PLACE_POOL, "ResourcePool:resgroup-1", "Resources");
	c0->root_pool = res->ref;
	pool1 = place(res, VS_PLACE_POOL, "ResourcePool:resgroup-3", "pool1");
	c1 = place(host, VS_PLACE_CLUSTER, "ClusterComputeResource:domain-c2", "C1");
	c1->root_pool = "ResourcePool:resgroup-2";
	place(c1, VS_PLACE_POOL, "ResourcePool:resgroup-2", "Resources");
	net = place(a, VS_PLACE_OTHER, "Folder:group-n1", "network");
	place(net, VS_PLACE_NETWORK, "Network:network-1", "workers");
	place(net, VS_PLACE_NETWORK, "Network:network-2", "twin");
	place(net, VS_PLACE_NETWORK, "DistributedVirtualPortgroup:dvportgroup-3", "twin");
	place(net, VS_PLACE_NETWORK, "Network:network-4", "50%25 \\ odd");
	net = place(b, VS_PLACE_OTHER, "Folder:group-n2", "network");
	place(net, VS_PLACE_NETWORK, "Network:network-5", "workers");
	store = place(a, VS_PLACE_OTHER, "Folder:group-s1", "datastore");
	pod = place(store, VS_PLACE_DATASTORE_CLUSTER, "StoragePod:group-p1", "pod0");
	place(pod, VS_PLACE_DATASTORE, "Datastore:datastore-1", "ds1");
}

/* ---- paths */

static void
normal(const char *given, const char *want)
{
	VS_BUF_FREE struct vs_buf buf = VS_BUF_INIT;

	vs_path_normal(given, &buf);
	is_f(buf.s, want, "'%s' is '%s'", given, want);
}

static void
paths(void)
{
	normal("/DC0/vm/web", "/DC0/vm/web");
	normal("//DC0/./vm//web/", "/DC0/vm/web");
	normal("web", "web");
	normal("./a/b", "a/b");
	normal("/", "");
	normal(".", "");
	normal("", "");
	normal("a%2fb", "a%2fb");
	normal("a%2Fb", "a%2fb");
	normal("100%", "100%25");
	normal("100%25", "100%25");
	normal("a\\b", "a%5cb");
	normal("a\tb", "a%09b");
	normal("a%09b", "a%09b");
	normal("..", "..");
	normal("%zz", "%25zz");
	/* not the VM "web" */
	normal("web%00x", "web%2500x");

	ok(vs_path_matches("/A/vm/w*", "/A/vm/web"), "a pattern");
	ok(!vs_path_matches("/A/*", "/A/vm/web"), "does not go over a '/'");
	ok(vs_path_matches("w[*]1", "w*1") && !vs_path_matches("w[*]1", "wx1"),
		"a '*' that is one");
	ok(vs_path_matches("w[1]", "w[1]"), "a name with brackets is itself");
	ok(vs_path_matches("c%5c*", "c%5cd"), "a backslash quotes nothing");
}

/* Compared part by part: no path is made. */
static void
places(void)
{
	path_is(dev, "/A/vm/prod/a%2fb", "the path of a place");
	ok(vs_place_is(dev, NULL, "A/vm/prod/a%2fb") && vs_place_is(dev, a, "vm/prod/a%2fb")
			&& vs_place_is(dev, prod, "a%2fb"),
		"... from the top, and from places above");
	ok(!vs_place_is(dev, NULL, "A/vm/prod/a%2fbc") && !vs_place_is(dev, NULL, "B/vm/prod/a%2fb")
			&& !vs_place_is(dev, NULL, "A/vm/prodxa%2fb")
			&& !vs_place_is(dev, b, "vm/prod/a%2fb") && !vs_place_is(dev, dev, ""),
		"... and nothing else");
	ok(vs_place_ends(dev, "a%2fb") && vs_place_ends(dev, "prod/a%2fb")
			&& vs_place_ends(dev, "A/vm/prod/a%2fb"),
		"it ends with its last parts");
	ok(!vs_place_ends(dev, "2fb") && !vs_place_ends(dev, "d/a%2fb") && !vs_place_ends(dev, "")
			&& !vs_place_ends(dev, "/a%2fb")
			&& !vs_place_ends(dev, "x/A/vm/prod/a%2fb"),
		"... not with the end of a part");
	ok(vs_place_below(dev, a) && !vs_place_below(a, a) && !vs_place_below(dev, b),
		"below another place");
	ok(vs_place_below_path(dev, "/A/vm") && vs_place_below_path(dev, "")
			&& !vs_place_below_path(dev, "/A/v")
			&& !vs_place_below_path(prod, "/A/vm/prod"),
		"... and below a path");
	ok(vs_place_same_path(dev, dev) && !vs_place_same_path(dev, prod)
			&& !vs_place_same_path(c0, c1),
		"the same path");
	ok(vs_inv_at(&inv, "/A/vm/prod/a%2fb") == dev && vs_inv_at(&inv, "/A/vm/prod/") == NULL
			&& vs_inv_at(&inv, "/A/vm/prod/x") == NULL && vs_inv_at(&inv, "") == NULL
			&& vs_inv_at(&inv, "A") == NULL && vs_inv_at(&inv, "/") == NULL,
		"found by its path");
}

/* ---- what is meant */

static void
finds(enum vs_place_kind kind, const char *given, const struct vs_place *in, const char *want)
{
	struct vs_err err = { .msg = "" };
	struct vs_place *p = vs_inv_find(&inv, kind, given, in, "-x", &err);

	is_f(p ? p->ref : err.msg, want, "%s '%s'%s%s", vs_place_kind_name(kind),
		given ? given : "(none)", in ? " in " : "", in ? in->part : "");
	ok(p || err.code == VS_ERR_NOT_FOUND, "... status 3 if not");
}

static void
lookups(void)
{
	finds(VS_PLACE_NETWORK, "/A/network/workers", NULL, "Network:network-1");
	finds(VS_PLACE_NETWORK, "//A/network/workers/", NULL, "Network:network-1");
	finds(VS_PLACE_NETWORK, "workers", a, "Network:network-1");
	finds(VS_PLACE_NETWORK, "workers", b, "Network:network-5");
	finds(VS_PLACE_NETWORK, "/A/network/workers", b, "Network:network-1");
	finds(VS_PLACE_NETWORK, "A/network/workers", NULL, "Network:network-1");
	finds(VS_PLACE_NETWORK, "A/net/twinn", NULL,
		"cannot find network 'A/net/twinn': candidates are '/A/network/twin' (Network:network-2), '/A/network/workers', '/A/network/twin' (DistributedVirtualPortgroup:dvportgroup-3), '/A/network/50%25 \\ odd', '/F/B/network/workers'");
	finds(VS_PLACE_NETWORK, "Network:network-2", b, "Network:network-2");
	finds(VS_PLACE_NETWORK, "network-2", NULL, "Network:network-2");
	finds(VS_PLACE_NETWORK, "wor*", b, "Network:network-5");
	finds(VS_PLACE_NETWORK, "/F/B/network/w?rkers", NULL, "Network:network-5");
	finds(VS_PLACE_NETWORK, "workers", NULL,
		"network 'workers' is ambiguous, give its path: candidates are '/A/network/workers', '/F/B/network/workers'");
	finds(VS_PLACE_NETWORK, "twin", NULL,
		"network 'twin' is ambiguous, give its reference: candidates are '/A/network/twin' (Network:network-2), '/A/network/twin' (DistributedVirtualPortgroup:dvportgroup-3)");
	finds(VS_PLACE_NETWORK, "wrkers", b,
		"cannot find network 'wrkers': candidates are '/F/B/network/workers'");
	finds(VS_PLACE_HOST, "h", a,
		"cannot find host 'h': there is no host in /A that this user can see");

	finds(VS_PLACE_FOLDER, NULL, a, "Folder:group-v1");
	finds(VS_PLACE_FOLDER, NULL, NULL,
		"there is more than one folder, choose one with -x: candidates are '/A/vm', '/F/B/vm'");
	finds(VS_PLACE_FOLDER, "prod", NULL, "Folder:group-v3");
	finds(VS_PLACE_FOLDER, "prod/a%2Fb", NULL, "Folder:group-v4");
	finds(VS_PLACE_FOLDER, "a/b", NULL, "Folder:group-v4");
	finds(VS_PLACE_POOL, "C0/Resources/pool1", NULL, "ResourcePool:resgroup-3");
	finds(VS_PLACE_POOL, "pool1", NULL, "ResourcePool:resgroup-3");
	finds(VS_PLACE_POOL, "C1", NULL, "ResourcePool:resgroup-2");
	finds(VS_PLACE_POOL, "C0/Res*", NULL, "ResourcePool:resgroup-1");
	finds(VS_PLACE_POOL, NULL, NULL,
		"there is more than one resource pool, choose one with -x: candidates are '/A/host/C0/Resources', '/A/host/C1/Resources'");
	finds(VS_PLACE_DATASTORE, "ds1", NULL, "Datastore:datastore-1");
	finds(VS_PLACE_DATASTORE, "pod0/ds1", NULL, "Datastore:datastore-1");
	finds(VS_PLACE_DATASTORE, NULL, NULL, "Datastore:datastore-1");
	finds(VS_PLACE_DATACENTER, "B", NULL, "Datacenter:datacenter-2");
	finds(VS_PLACE_DATACENTER, "/F/B", NULL, "Datacenter:datacenter-2");
	finds(VS_PLACE_DATACENTER, "F/B", NULL, "Datacenter:datacenter-2");
}

static void
datacenters(void)
{
	struct vs_err err = { .msg = "" };

	ok(vs_inv_datacenter(&inv, "/F/B/vm/x", &err) == b, "of a path");
	ok(vs_inv_datacenter(&inv, "/A", &err) == NULL, "not of its own");
	is(err.msg,
		"there is more than one datacenter, choose one with --datacenter: candidates are '/A', '/F/B'",
		"the message");
	conn.datacenter = vs_strdup("B");
	ok(vs_inv_datacenter(&inv, NULL, &err) == b, "the one that was chosen");
	ok(vs_inv_datacenter(&inv, "/A/vm/x", &err) == a, "a path is stronger");
	finds(VS_PLACE_NETWORK, "workers", NULL, "Network:network-5");
	vs_set(&conn.datacenter, NULL);
}

/* A vApp is a pool, and what VMs lie in: its path depends on which. */
static void
vm_path(const char *parent, const char *name, const char *want)
{
	VS_BUF_FREE struct vs_buf buf = VS_BUF_INIT;

	vs_inv_vm_path(&inv, parent, name, &buf);
	is(buf.s, want, want);
}

static void
vm_paths(void)
{
	static const char ref[] = "VirtualApp:resgroup-v9";
	struct vs_place *holder = place(vs_inv_at(&inv, "/A/vm"), VS_PLACE_OTHER, ref, "app");
	VS_FREE char *key = vs_printf("holder of %s", ref);
	struct vs_select s;
	struct vs_err err;

	holder->holder = true;
	vs_map_put(&inv.by_ref, key, holder);
	place(vs_inv_at(&inv, "/A/host/C0/Resources"), VS_PLACE_POOL, ref, "app");
	vm_path("Folder:group-v3", "web", "/A/vm/prod/web");
	vm_path(ref, "web", "/A/vm/app/web");
	vm_path(NULL, "web", "/web");
	vm_path("Folder:group-v3", "a\tb", "/A/vm/prod/a%09b");
	finds(VS_PLACE_POOL, "app", NULL, ref);
	path_is(vs_inv_by_ref(&inv, ref), "/A/host/C0/Resources/app", "the pool");
	ok(vs_select_open(&s, &inv, NULL, false, &err) == 0 && vs_select_add(&s, "/A/vm/app")
			&& vs_select_takes(&s, holder, "web", "VirtualMachine:vm-2")
			&& !vs_select_takes(&s, holder->parent, "db", "VirtualMachine:vm-3"),
		"the VMs of a vApp");
	vs_select_free(&s);
}

/* ---- lists */

static size_t
targets(const char *given, bool deep, const struct vs_place *parent, const char *name)
{
	struct vs_select s;
	struct vs_err err;
	size_t at = 0;
	bool takes;

	if (vs_select_open(&s, &inv, NULL, deep, &err) < 0 || !vs_select_add(&s, given)) {
		vs_select_free(&s);
		return 9;
	}
	takes = vs_select_takes(&s, parent, name, "VirtualMachine:vm-1");
	ok_f(takes == (vs_select_missed(&s, &at) == NULL) || s.targets[0].place,
		"'%s': a pattern that takes nothing is known", given);
	ok(!takes || s.n == 1 || !vs_select_takes(&s, parent, name, "VirtualMachine:vm-1"),
		"... the same is taken once");
	vs_select_free(&s);
	return takes;
}

static void
lists(void)
{
	struct vs_place *vm = vs_inv_at(&inv, "/A/vm");

	ok(targets("/A/vm", false, vm, "web") == 1, "in the folder");
	ok(targets("/A/vm", false, prod, "web") == 0, "not below");
	ok(targets("/A/vm", true, dev, "web") == 1, "below, with -R");
	ok(targets("/A", false, vm, "web") == 1, "a datacenter's");
	ok(targets("/", false, vm, "web") == 1, "everybody's");
	ok(targets("/F", true, prod, "web") == 0, "of those in a folder");
	ok(targets("prod", false, prod, "web") == 1, "a folder by name");
	ok(targets("/A/vm/w*", false, vm, "web") == 1, "a pattern");
	ok(targets("/A/vm/w*", false, vm, "db") == 0, "... that does not match");
	ok(targets("/A/vm/w*", false, prod, "web") == 0, "... below");
	ok(targets("/A/vm/w*", true, dev, "web") == 1, "... below, with -R");
	ok(targets("/A/vm/*/w*", false, prod, "web") == 1, "of folders, too");
	ok(targets("/*/vm/pr*/a%2F?/w*", false, dev, "web") == 1, "and so on");
	ok(targets("w*", false, vm, "web") == 1, "relative");
	ok(targets("p*/w*", false, prod, "web") == 1, "relative, of folders");
	ok(targets("w\\*", false, vm, "w%5cx") == 1, "a backslash is one");
	ok(targets("web", false, vm, "web") == 9, "a name is another thing");
	ok(targets("/A/vm/web", false, vm, "web") == 9, "... with its path, too");
	ok(targets("/A/host/C0", false, vm, "web") == 9, "... a cluster");
	ok(targets("", false, vm, "web") == 9, "... or nothing");
}

static void
one_more(void *arg, struct vs_place *p)
{
	(void)p;
	++*(size_t *)arg;
}

static void
each(enum vs_place_kind kind, const char *given, const struct vs_place *in, size_t want)
{
	size_t n = 0;

	ok_f(vs_inv_each(&inv, kind, given, in, one_more, &n) == want && n == want,
		"%zu of %s '%s'", want, vs_place_kind_name(kind), given ? given : "");
}

static void
sizes(void)
{
	static const struct {
		int64_t n;
		const char *want;
	} all[] = {
		{ 0, "0M" },
		{ 1 << 20, "1M" },
		{ (int64_t)8 << 30, "8G" },
		{ (int64_t)1536 << 20, "1536M" },
		{ ((int64_t)431 << 30) + 214748365, "431.2G" },
		{ ((int64_t)20 << 40) + 1, "20.0T" },
	};
	char buf[24];

	for (size_t i = 0; i < VS_LEN(all); i++)
		is(vs_show_size(all[i].n, buf, sizeof buf), all[i].want, all[i].want);
}

int
main(void)
{
	build();
	paths();
	places();
	lookups();
	datacenters();
	lists();
	vm_paths();
	each(VS_PLACE_NETWORK, NULL, NULL, 5);
	each(VS_PLACE_NETWORK, NULL, b, 1);
	each(VS_PLACE_NETWORK, "twin", NULL, 2);
	each(VS_PLACE_NETWORK, "/F/B", NULL, 1);
	each(VS_PLACE_NETWORK, "/", NULL, 5);
	each(VS_PLACE_NETWORK, "[tw]*", NULL, 4);
	each(VS_PLACE_POOL, "C0", NULL, 3);
	each(VS_PLACE_POOL, "/A/host/C1", NULL, 1);
	each(VS_PLACE_DATASTORE, "pod0", NULL, 1);
	each(VS_PLACE_DATASTORE, "pod1", NULL, 0);
	ok(vs_inv_names(&inv, "C0") && vs_inv_names(&inv, "/F/B") && !vs_inv_names(&inv, "0")
			&& !vs_inv_names(&inv, "/F/C"),
		"the name of some place");
	sizes();
	vs_map_free(&inv.by_ref);
	vs_map_free(&inv.by_child);
	vs_arena_free(&inv.arena);
	return done();
}
