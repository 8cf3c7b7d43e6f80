/* SPDX-License-Identifier: Apache-2.0 */
/* clone_spec.c - one clone: its id, its name, and the elements of its CloneVM_Task.
 *
 * Source: vSphere Web Services API, VirtualMachineCloneSpec, VirtualMachineConfigSpec,
 * StorageDrs RecommendDatastores. */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "inventory/place.h"
#include "vim/prop.h"
#include "vim/reference.h"
#include "vm/clone.h"
#include "vm/extra.h"

/* The namespace of our ids: a random UUIDv4. */
static const unsigned char clone_spec_namespace[16] = { 0x5e, 0x1c, 0x7a, 0x0b, 0x93, 0xd2, 0x4f,
	0x4e, 0xa6, 0x11, 0x0d, 0x2b, 0x6c, 0x84, 0xf0, 0x37 };

void
vs_clone_id(const struct vs_clone *c, const char *name, char *buf)
{
	VS_FREE char *what = vs_printf("%s\n%s\n%s", c->vcenter, c->folder->ref, name);
	EVP_MD_CTX *sha = EVP_MD_CTX_new();
	unsigned char d[EVP_MAX_MD_SIZE];
	char *p = buf;

	EVP_DigestInit_ex(sha, EVP_sha1(), NULL);
	EVP_DigestUpdate(sha, clone_spec_namespace, sizeof clone_spec_namespace);
	EVP_DigestUpdate(sha, what, strlen(what));
	EVP_DigestFinal_ex(sha, d, NULL);
	EVP_MD_CTX_free(sha);
	d[6] = (d[6] & 0x0f) | 0x50;
	d[8] = (d[8] & 0x3f) | 0x80;
	for (int i = 0; i < 16; i++)
		p += snprintf(p, 4, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", d[i]);
}

/* The name as vCenter stores it: '%', '/' and '\\' are encoded, and a '%' that does not
 * begin an escape is refused (CloneVM_Task, name).  *chars: characters of the plain one. */
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
	VS_BUF_FREE struct vs_buf plain = VS_BUF_INIT;
	VS_BUF_FREE struct vs_buf path = VS_BUF_INIT;
	const char *given = vs_rec_name(rec);
	size_t above = (size_t)(given - rec->path);
	size_t n = strlen(c->folder_path), chars;
	VS_FREE char *name = NULL;

	if (above > 0 && (above != n + 1 || strncmp(rec->path, c->folder_path, n))) {
		vs_fail(err, VS_ERR_USAGE,
			"'%s' is not in folder '%s' (write '/' in a name as '%%2f')", rec->path,
			c->folder_path);
		return NULL;
	}
	vs_path_decode(given, strlen(given), &plain);
	vs_buf_fmt(&path, "%s/", c->folder_path);
	vs_path_encode(plain.s, false, &path);
	name = clone_spec_vcenter_name(plain.s, &chars);
	if (chars < 1 || chars > 80) {
		vs_fail(err, VS_ERR_USAGE, "a name must have 1 to 80 characters, not %zu", chars);
		return NULL;
	}
	vs_set(&rec->path, path.s);
	return vs_steal(name);
}

static void
clone_spec_say_place(struct vs_buf *b, const char *what, const struct vs_place *p)
{
	if (p == NULL)
		return;
	vs_buf_fmt(b, "%s '", what);
	vs_place_path_add(p, b);
	vs_buf_ch(b, '\'');
}

char *
vs_clone_plan(const struct vs_clone *c)
{
	const struct vs_clone_request *a = c->ask;
	struct vs_buf b = VS_BUF_INIT;

	vs_buf_fmt(&b, "clone '%s' into folder '%s'", c->path ? c->path : c->ref, c->folder_path);
	clone_spec_say_place(&b, " and pool", c->pool);
	clone_spec_say_place(&b, ", on host", c->host);
	clone_spec_say_place(&b, ", on", c->datastore ? c->datastore : c->pod);
	if (a->cpus)
		vs_buf_fmt(&b, ", %lld CPUs", (long long)a->cpus);
	if (a->memory)
		vs_buf_fmt(&b, ", %lld MiB", (long long)(a->memory >> 20));
	if (a->disk)
		vs_buf_fmt(&b, ", disk %.1f GiB", (double)a->disk / (1 << 30));
	for (size_t i = 0; i < c->n_nets; i++)
		clone_spec_say_place(&b, ", network", c->nets[i]);
	vs_buf_str(&b, a->vm->ignition ? ", with the Ignition config" : "");
	vs_buf_str(&b, a->on ? ", and power it on" : "");
	return vs_buf_take(&b);
}

int64_t
vs_clone_disk_bytes(const struct vs_clone_request *a)
{
	return (a->disk + (1 << 20) - 1) >> 20 << 20;
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
	/* all sockets must have the same number of cores */
	if (c->cores > 1 && n % c->cores != 0)
		vs_xw_int(w, "numCoresPerSocket", 1);
}

static void
clone_spec_devices(struct vs_xw *w, const struct vs_clone *c)
{
	const struct vs_devices *d = &c->devices;
	int64_t bytes = vs_clone_disk_bytes(c->ask);

	for (size_t i = 0; i < c->n_nets; i++)
		vs_nic_connect(w, i < d->n_nics ? &d->nics[i] : NULL, c->nets[i], -100 - (int)i);
	/* two VMs must not have the MAC address that somebody gave the template */
	for (size_t i = 0; c->n_nets == 0 && i < d->n_nics; i++)
		if (d->nics[i].manual_mac)
			vs_nic_assign_mac(w, &d->nics[i]);
	/* no card stays on a network that was not named */
	for (size_t i = c->n_nets; c->n_nets && i < d->n_nics; i++)
		vs_nic_remove(w, &d->nics[i]);
	if (bytes == 0)
		return;
	assert(d->n_disks > 0); /* vs_clone_prepare has checked it */
	if (bytes != d->disks[0].bytes)
		vs_disk_grow(w, &d->disks[0], bytes);
}

/* Keys of the template that a clone must not have are removed, unless the clone gets
 * its own. */
static void
clone_spec_extra_config(struct vs_xw *w, const struct vs_clone *c, const struct vs_kvs *own)
{
	const struct vs_kvs *asked = &c->ask->vm->keys;
	VS_KVS_FREE struct vs_kvs all = { 0 };

	for (size_t i = 0; i < c->inherited.n; i++)
		vs_kvs_set(&all, c->inherited.v[i].key, "", false);
	for (size_t i = 0; i < asked->n; i++)
		vs_kvs_set(&all, asked->v[i].key, asked->v[i].value, asked->v[i].secret);
	for (size_t i = 0; i < own->n; i++)
		vs_kvs_set(&all, own->v[i].key, own->v[i].value, own->v[i].secret);
	vs_extra_write(w, &all);
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
		/* required by the vSphere storage and cloud drivers of Kubernetes */
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
	/* guestinfo.* must win over the OVF environment of the template */
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
	assert(!c->ask->linked || c->snapshot);
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
	/* without extraConfig: the placement does not need its secrets */
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
