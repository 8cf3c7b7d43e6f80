/* SPDX-License-Identifier: Apache-2.0 */
/* One clone: its id, its spec, and how it is told from another. */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "guestinfo/vmkeys.h"
#include "vim/prop.h"
#include "vim/reference.h"
#include "vm/clone.h"
#include "vm/extra.h"

/* The namespace of our ids: a UUIDv4 made once for this. */
static const unsigned char NAMESPACE[16] = { 0x5e, 0x1c, 0x7a, 0x0b, 0x93, 0xd2, 0x4f, 0x4e, 0xa6,
	0x11, 0x0d, 0x2b, 0x6c, 0x84, 0xf0, 0x37 };

void
vs_clone_id(const struct vs_clone *c, const char *name, char *buf)
{
	VS_FREE char *what = vs_printf("%s\n%s\n%s", c->vcenter, c->folder->ref, name);
	EVP_MD_CTX *sha = EVP_MD_CTX_new();
	unsigned char d[EVP_MAX_MD_SIZE];
	char *p = buf;

	EVP_DigestInit_ex(sha, EVP_sha1(), NULL);
	EVP_DigestUpdate(sha, NAMESPACE, sizeof NAMESPACE);
	EVP_DigestUpdate(sha, what, strlen(what));
	EVP_DigestFinal_ex(sha, d, NULL);
	EVP_MD_CTX_free(sha);
	d[6] = (d[6] & 0x0f) | 0x50;
	d[8] = (d[8] & 0x3f) | 0x80;
	for (int i = 0; i < 16; i++)
		p += snprintf(p, 4, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", d[i]);
}

/* As vCenter keeps a name: '%', '/' and '\\' are encoded in it, and a '%' that
 * begins no escape is refused (CloneVM_Task, name).  How many characters the
 * plain one has: *chars. */
static char *
clone_spec_vcenter_name(const char *plain, size_t *chars)
{
	struct vs_buf b = VS_BUF_INIT;

	*chars = 0;
	for (const char *p = plain; *p; p++) {
		*chars += ((unsigned char)*p & 0xc0) != 0x80;
		if (*p == '%' || *p == '/' || *p == '\\')
			vs_buf_fmt(&b, "%%%02x", (unsigned char)*p);
		else
			vs_buf_ch(&b, *p);
	}
	return vs_buf_take(&b);
}

char *
vs_clone_name(const struct vs_clone *c, struct vs_rec *rec, struct vs_err *err)
{
	struct vs_buf plain = VS_BUF_INIT, path = VS_BUF_INIT;
	const char *given = vs_rec_name(rec);
	size_t above = (size_t)(given - rec->path);
	size_t n = strlen(c->folder->path), chars;
	char *name;

	if (above > 0 && (above != n + 1 || strncmp(rec->path, c->folder->path, n))) {
		vs_fail(err, VS_ERR_USAGE,
			"'%s' is not in folder '%s' (write '/' in a name as '%%2f')", rec->path,
			c->folder->path);
		return NULL;
	}
	vs_path_decode(given, strlen(given), &plain);
	vs_buf_fmt(&path, "%s/", c->folder->path);
	vs_path_encode(plain.s, false, &path);
	name = clone_spec_vcenter_name(plain.s, &chars);
	vs_buf_free(&plain);
	if (chars < 1 || chars > 80) {
		vs_buf_free(&path);
		free(name);
		vs_fail(err, VS_ERR_USAGE, "a name must have 1 to 80 characters, not %zu", chars);
		return NULL;
	}
	vs_set(&rec->path, path.s);
	vs_buf_free(&path);
	return name;
}

char *
vs_clone_plan(const struct vs_clone *c)
{
	const struct vs_clone_request *a = c->ask;
	struct vs_buf b = VS_BUF_INIT;

	vs_buf_fmt(&b, "clone '%s' into folder '%s' and pool '%s'", c->path ? c->path : c->ref,
		c->folder->path, c->pool->path);
	if (c->host)
		vs_buf_fmt(&b, ", on host '%s'", c->host->path);
	if (c->datastore || c->pod)
		vs_buf_fmt(&b, ", on '%s'", c->datastore ? c->datastore->path : c->pod->path);
	if (a->cpus)
		vs_buf_fmt(&b, ", %lld CPUs", (long long)a->cpus);
	if (a->memory)
		vs_buf_fmt(&b, ", %lld MiB", (long long)(a->memory >> 20));
	if (a->disk)
		vs_buf_fmt(&b, ", disk %.1f GiB", (double)a->disk / (1 << 30));
	for (size_t i = 0; i < c->n_nets; i++)
		vs_buf_fmt(&b, ", network '%s'", c->nets[i]->path);
	vs_buf_str(&b, a->vm->ignition ? ", with the Ignition config" : "");
	vs_buf_str(&b, a->on ? ", and power it on" : "");
	return vs_buf_take(&b);
}

static int64_t
clone_spec_whole_mib(int64_t bytes)
{
	return (bytes + (1 << 20) - 1) >> 20 << 20;
}

static void
clone_spec_location(struct vs_xw *w, const struct vs_clone *c, const char *datastore)
{
	const char *prov = c->ask->provisioning;

	vs_xw_open(w, "location");
	vs_xw_ref(w, "datastore", datastore);
	vs_xw_text(w, "diskMoveType",
		c->ask->linked ? "createNewChildDiskBacking"
			       : "moveAllDiskBackingsAndDisallowSharing");
	vs_xw_ref(w, "pool", c->pool->ref);
	if (c->host)
		vs_xw_ref(w, "host", c->host->ref);
	for (size_t i = 0; prov && i < c->devices.n_disks; i++)
		vs_disk_convert(w, &c->devices.disks[i], datastore, strcmp(prov, "thin") == 0);
	vs_xw_close(w);
}

static void
clone_spec_cpus(struct vs_xw *w, const struct vs_clone *c)
{
	int64_t n = c->ask->cpus;

	if (n == 0)
		return;
	vs_xw_int(w, "numCPUs", n);
	/* sockets must come out even */
	if (c->cores > 1 && n % c->cores != 0)
		vs_xw_int(w, "numCoresPerSocket", 1);
}

static void
clone_spec_devices(struct vs_xw *w, const struct vs_clone *c)
{
	const struct vs_devices *d = &c->devices;
	int64_t bytes = clone_spec_whole_mib(c->ask->disk);

	for (size_t i = 0; i < c->n_nets; i++)
		vs_nic_connect(w, i < d->n_nics ? &d->nics[i] : NULL, c->nets[i], -100 - (int)i);
	/* the networks asked for are all of them */
	for (size_t i = c->n_nets; c->n_nets && i < d->n_nics; i++)
		vs_nic_remove(w, &d->nics[i]);
	if (bytes > 0 && bytes != d->disks[0].bytes)
		vs_disk_grow(w, &d->disks[0], bytes);
}

/* Of the template's keys what a clone must not have is taken out, unless it
 * gets one of its own. */
static void
clone_spec_extra_config(struct vs_xw *w, const struct vs_clone *c, const struct vs_kvs *own)
{
	const struct vs_kvs *asked = &c->ask->vm->keys;
	struct vs_kvs all = { 0 };

	for (size_t i = 0; i < c->inherited.n; i++)
		vs_kvs_set(&all, c->inherited.v[i].key, "", false);
	for (size_t i = 0; i < asked->n; i++)
		vs_kvs_set(&all, asked->v[i].key, asked->v[i].value, asked->v[i].secret);
	for (size_t i = 0; i < own->n; i++)
		vs_kvs_set(&all, own->v[i].key, own->v[i].value, own->v[i].secret);
	vs_extra_write(w, &all);
	vs_kvs_free(&all);
}

static void
clone_spec_config(
	struct vs_xw *w, const struct vs_clone *c, const char *name, const struct vs_kvs *extra)
{
	const struct vs_clone_request *a = c->ask;
	char id[37];

	vs_clone_id(c, name, id);
	vs_xw_open(w, "config");
	vs_xw_text(w, "instanceUuid", id);
	vs_xw_text(w, "annotation", a->annotation);
	if (a->vm->ignition) {
		/* what the vSphere storage and cloud drivers of Kubernetes need */
		vs_xw_open(w, "flags");
		vs_xw_bool(w, "diskUuidEnabled", true);
		vs_xw_close(w);
	}
	clone_spec_cpus(w, c);
	if (a->memory)
		vs_xw_int(w, "memoryMB", a->memory >> 20);
	clone_spec_devices(w, c);
	if (extra)
		clone_spec_extra_config(w, c, extra);
	/* or the template's OVF environment competes with guestinfo */
	if (a->vm->ignition && c->has_vapp)
		vs_xw_bool(w, "vAppConfigRemoved", true);
	vs_xw_close(w);
}

static void
clone_spec(struct vs_xw *w, const char *element, const struct vs_clone *c, const char *name,
	const struct vs_kvs *extra, const char *datastore)
{
	vs_xw_open(w, element);
	clone_spec_location(w, c, datastore);
	vs_xw_bool(w, "template", false);
	clone_spec_config(w, c, name, extra);
	vs_xw_bool(w, "powerOn", c->ask->on);
	if (c->ask->linked)
		vs_xw_ref(w, "snapshot", c->snapshot);
	vs_xw_close(w);
}

void
vs_clone_write(struct vs_xw *w, const struct vs_clone *c, const char *name,
	const struct vs_kvs *extra, const char *datastore)
{
	if (datastore == NULL && c->datastore)
		datastore = c->datastore->ref;
	vs_xw_ref(w, "folder", c->folder->ref);
	vs_xw_text(w, "name", name);
	clone_spec(w, "spec", c, name, extra, datastore);
}

void
vs_clone_place(struct vs_xw *w, const struct vs_clone *c, const char *name)
{
	vs_xw_open(w, "storageSpec");
	vs_xw_text(w, "type", "clone");
	vs_xw_ref(w, "vm", c->ref);
	vs_xw_open(w, "podSelectionSpec");
	vs_xw_ref(w, "storagePod", c->pod->ref);
	vs_xw_close(w);
	/* where it goes does not depend on its secrets */
	clone_spec(w, "cloneSpec", c, name, NULL, NULL);
	vs_xw_text(w, "cloneName", name);
	vs_xw_ref(w, "resourcePool", c->pool->ref);
	vs_xw_ref(w, "folder", c->folder->ref);
	vs_xw_close(w);
}

char *
vs_clone_placed(struct vs_node *reply, struct vs_err *err)
{
	char *ref = vs_node_ref(vs_node_at(reply, "returnval/recommendations/action/destination"));

	if (ref == NULL)
		vs_fail(err, VS_ERR_FAILED,
			"the datastore cluster does not recommend a datastore for it");
	return ref;
}

/* ---- is it as asked? */

const char *const vs_clone_props[] = { "config.instanceUuid", "config.uuid",
	"config.hardware.numCPU", "config.hardware.memoryMB", "config.hardware.device",
	"config.extraConfig", "config.annotation", "runtime.powerState", "runtime.connectionState",
	NULL };

const char *const vs_clone_watch[] = { "config.instanceUuid", "runtime.connectionState", NULL };

bool
vs_clone_away(const char *state)
{
	return state && strcmp(state, "connected") != 0;
}

int
vs_clone_unread(struct vs_node *content, struct vs_err *err)
{
	const char *state = vs_prop_text(content, "runtime.connectionState");

	if (vs_prop_missing(content, "config.instanceUuid"))
		return vs_fail(err, VS_ERR_FAILED,
			"a VM of that name exists, but this user may not read its configuration");
	if (vs_clone_away(state))
		return vs_fail(err, VS_ERR_FAILED,
			"a VM of that name exists, but is %s: vCenter cannot read its configuration",
			state);
	return 0;
}

static void
clone_spec_differs(struct vs_buf *b, const char *what, const char *is, const char *asked)
{
	vs_buf_fmt(b, "%s%s is %s, requested %s", b->len ? "; " : "", what, is, asked);
}

static void
clone_spec_compare(struct vs_buf *b, const char *what, int64_t is, int64_t asked, const char *unit)
{
	VS_FREE char *x = vs_printf("%lld%s", (long long)is, unit);
	VS_FREE char *y = vs_printf("%lld%s", (long long)asked, unit);

	if (asked && is != asked)
		clone_spec_differs(b, what, x, y);
}

static void
clone_spec_compare_nets(struct vs_buf *b, const struct vs_clone *c, const struct vs_devices *d)
{
	for (size_t i = 0; i < c->n_nets; i++) {
		VS_FREE char *is = i < d->n_nics ? vs_nic_where(&d->nics[i]) : vs_strdup("missing");
		VS_FREE char *what = vs_printf("network card %zu", i + 1);

		if (i >= d->n_nics || !vs_nic_is_on(&d->nics[i], c->nets[i]))
			clone_spec_differs(b, what, is, c->nets[i]->path);
	}
}

static void
clone_spec_compare_all(struct vs_buf *b, const struct vs_clone *c, struct vs_node *content)
{
	const struct vs_clone_request *a = c->ask;
	VS_DEVICES_FREE struct vs_devices d = { 0 };
	const char *note = vs_prop_text(content, "config.annotation");

	vs_devices_read(vs_prop_get(content, "config.hardware.device"), &d);
	clone_spec_compare(
		b, "CPU count", vs_prop_int(content, "config.hardware.numCPU", 0), a->cpus, "");
	clone_spec_compare(b, "memory", vs_prop_int(content, "config.hardware.memoryMB", 0),
		a->memory >> 20, " MiB");
	clone_spec_compare(b, "disk", d.n_disks ? d.disks[0].bytes >> 20 : 0,
		clone_spec_whole_mib(a->disk) >> 20, " MiB");
	clone_spec_compare_nets(b, c, &d);
	if (a->annotation && strcmp(note ? note : "", a->annotation) != 0)
		clone_spec_differs(b, "annotation", "different", "the one given");
}

static bool
clone_spec_is_ours(struct vs_node *content, const char *id, const char *noted)
{
	const char *uuid = vs_prop_text(content, "config.instanceUuid");

	/* vCenter may have changed the first; somebody's clone of the clone has
	 * the second, but not in this folder under this name */
	return (uuid && strcasecmp(uuid, id) == 0) || (noted && strcmp(noted, id) == 0);
}

int
vs_clone_judge(const struct vs_clone *c, struct vs_node *content, const char *name, const char *id,
	struct vs_buf *words, struct vs_err *err)
{
	const char *power = vs_prop_text(content, "runtime.powerState");
	VS_KVS_FREE struct vs_kvs have = { 0 };

	vs_extra_read(vs_prop_get(content, "config.extraConfig"), &have);
	if (!clone_spec_is_ours(content, id, vs_kvs_get(&have, VS_KEY_ID)))
		return vs_fail(err, VS_ERR_FAILED,
			"a VM of that name exists in '%s' and was not created by vs-clone",
			c->folder->path);
	clone_spec_compare_all(words, c, content);
	vs_vmopts_differ(
		c->ask->vm, &have, power == NULL || strcmp(power, "poweredOff") != 0, name, words);
	return 0;
}
