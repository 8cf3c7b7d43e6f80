/* SPDX-License-Identifier: Apache-2.0 */
/* Which property becomes which field, for each kind (vSphere Web Services SDK).  A kind
 * that has fields costs one more request in a long list. */
#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "base/num.h"
#include "base/spelling.h"
#include "inventory/place.h"
#include "inventory/show.h"
#include "vim/reference.h"

static const struct {
	const char *word;
	unsigned kind;
} kinds_by_word[] = {
	{ "vm", VS_SHOW_VM },
	{ "template", VS_SHOW_TEMPLATE },
	{ "host", VS_PLACE_HOST },
	{ "cluster", VS_PLACE_CLUSTER },
	{ "pool", VS_PLACE_POOL },
	{ "datastore", VS_PLACE_DATASTORE },
	{ "network", VS_PLACE_NETWORK },
	{ "folder", VS_PLACE_FOLDER },
	{ "datastore-cluster", VS_PLACE_DATASTORE_CLUSTER },
	{ "datacenter", VS_PLACE_DATACENTER },
};

static int
show_take_word(const char *s, size_t n, unsigned *kinds, struct vs_err *err)
{
	VS_FREE char *word = vs_strndup(s, n);
	const char *all[VS_LEN(kinds_by_word)], *near;

	for (size_t i = 0; i < VS_LEN(all); i++) {
		all[i] = kinds_by_word[i].word;
		if (strcmp(word, all[i]) == 0) {
			*kinds |= kinds_by_word[i].kind;
			return 0;
		}
	}
	near = vs_did_you_mean(all, VS_LEN(all), word);
	return vs_fail(err, VS_ERR_USAGE, "--type: unknown kind '%s'%s%s%s", word,
		near ? ": did you mean '" : " ('--help' lists them)", near ? near : "",
		near ? "'" : "");
}

int
vs_show_kinds(const struct vs_list *words, unsigned *kinds, struct vs_err *err)
{
	for (size_t i = 0; i < words->n; i++)
		for (const char *s = words->v[i];; s++) {
			size_t n = strcspn(s, ",");

			if (show_take_word(s, n, kinds, err) < 0)
				return -1;
			s += n;
			if (*s == '\0')
				break;
		}
	return 0;
}

/* ---- fields */

enum show_form {
	SHOW_PLAIN, /* as it is */
	SHOW_LOWER, /* a word of an enumeration, without capitals */
	SHOW_STATE, /* "poweredOn": on */
	SHOW_BYTES,
	SHOW_MEGABYTES,	 /* below 0: no limit, and no field */
	SHOW_MEGAHERTZ,	 /* the same */
	SHOW_WHEN_TRUE,	 /* "yes", or no field */
	SHOW_WHEN_FALSE, /* "no", or no field */
	SHOW_HOST_NAME,	 /* of a reference */
};

static const struct show_field {
	unsigned kind;
	const char *key, *path;
	enum show_form form;
} fields[] = {
	/* from summary where possible: config is not set while a VM is being
	 * created, or if its host is disconnected */
	{ VS_SHOW_VM, "power", "runtime.powerState", SHOW_STATE },
	{ VS_SHOW_VM, "template", "summary.config.template", SHOW_WHEN_TRUE },
	{ VS_SHOW_VM, "cpus", "summary.config.numCpu", SHOW_PLAIN },
	{ VS_SHOW_VM, "memory", "summary.config.memorySizeMB", SHOW_MEGABYTES },
	{ VS_SHOW_VM, "ip", "guest.ipAddress", SHOW_PLAIN },
	{ VS_SHOW_VM, "uuid", "summary.config.uuid", SHOW_PLAIN },
	{ VS_SHOW_VM, "host", "runtime.host", SHOW_HOST_NAME },
	{ VS_PLACE_HOST, "state", "runtime.connectionState", SHOW_LOWER },
	{ VS_PLACE_HOST, "maintenance", "runtime.inMaintenanceMode", SHOW_WHEN_TRUE },
	{ VS_PLACE_HOST, "cpus", "summary.hardware.numCpuCores", SHOW_PLAIN },
	{ VS_PLACE_HOST, "memory", "summary.hardware.memorySize", SHOW_BYTES },
	{ VS_PLACE_CLUSTER, "hosts", "summary.numHosts", SHOW_PLAIN },
	{ VS_PLACE_CLUSTER, "cpus", "summary.numCpuCores", SHOW_PLAIN },
	{ VS_PLACE_CLUSTER, "memory", "summary.totalMemory", SHOW_BYTES },
	{ VS_PLACE_POOL, "cpu-limit", "config.cpuAllocation.limit", SHOW_MEGAHERTZ },
	{ VS_PLACE_POOL, "memory-limit", "config.memoryAllocation.limit", SHOW_MEGABYTES },
	{ VS_PLACE_DATASTORE, "type", "summary.type", SHOW_PLAIN },
	{ VS_PLACE_DATASTORE, "capacity", "summary.capacity", SHOW_BYTES },
	{ VS_PLACE_DATASTORE, "free", "summary.freeSpace", SHOW_BYTES },
	{ VS_PLACE_DATASTORE, "accessible", "summary.accessible", SHOW_WHEN_FALSE },
	{ VS_PLACE_DATASTORE_CLUSTER, "capacity", "summary.capacity", SHOW_BYTES },
	{ VS_PLACE_DATASTORE_CLUSTER, "free", "summary.freeSpace", SHOW_BYTES },
};

static const struct {
	unsigned kind;
	const char *type;
} types[] = {
	{ VS_SHOW_VM, "VirtualMachine" },
	{ VS_PLACE_HOST, "HostSystem" },
	{ VS_PLACE_CLUSTER, "ComputeResource" },
	{ VS_PLACE_POOL, "ResourcePool" },
	{ VS_PLACE_DATASTORE, "Datastore" },
	{ VS_PLACE_DATASTORE_CLUSTER, "StoragePod" },
};

bool
vs_show_wants(unsigned kind, const char **type, const char **paths)
{
	size_t n = 0;

	*type = NULL;
	for (size_t i = 0; i < VS_LEN(types); i++)
		if (types[i].kind == kind)
			*type = types[i].type;
	for (size_t i = 0; i < VS_LEN(fields); i++)
		if (fields[i].kind == kind) {
			assert(n < VS_SHOW_PATHS - 1);
			paths[n++] = fields[i].path;
		}
	paths[n] = NULL;
	return *type != NULL;
}

const char *
vs_show_size(int64_t bytes, char *buf, size_t n)
{
	const int64_t M = 1 << 20, G = 1 << 30, T = (int64_t)1 << 40;

	if (bytes % G == 0 && bytes != 0)
		snprintf(buf, n, "%" PRId64 "G", bytes / G);
	else if (bytes < 10 * G)
		snprintf(buf, n, "%" PRId64 "M", bytes / M);
	else if (bytes < 10 * T)
		snprintf(buf, n, "%.1fG", (double)bytes / (double)G);
	else
		snprintf(buf, n, "%.1fT", (double)bytes / (double)T);
	return buf;
}

const char *
vs_show_power(const char *s)
{
	if (strcmp(s, "poweredOn") == 0)
		return "on";
	if (strcmp(s, "poweredOff") == 0)
		return "off";
	return s; /* suspended */
}

/* notResponding: not-responding */
static void
show_lower(const char *s, struct vs_buf *b)
{
	for (; *s; s++)
		if (*s >= 'A' && *s <= 'Z')
			vs_buf_fmt(b, "-%c", *s - 'A' + 'a');
		else
			vs_buf_ch(b, *s);
}

static void
show_number(const char *s, int64_t unit, struct vs_buf *b)
{
	struct vs_err ignored;
	int64_t value;
	char size[24];

	/* -1: no limit */
	if (vs_num(s, 0, INT64_MAX / unit, &value, &ignored) == 0)
		vs_buf_str(b, vs_show_size(value * unit, size, sizeof size));
}

static void
show_host_name(const struct vs_inv *inv, struct vs_node *val, struct vs_buf *b)
{
	VS_FREE char *ref = vs_node_ref(val);
	struct vs_place *host = vs_inv_by_ref(inv, ref);

	if (host)
		vs_buf_str(b, host->part);
}

/* Into b; it stays empty if the field is left out. */
static void
show_value(
	const struct show_field *f, struct vs_node *val, const struct vs_inv *inv, struct vs_buf *b)
{
	const char *s = val->text;
	bool yes = strcmp(s, "true") == 0;

	switch (f->form) {
	case SHOW_PLAIN:
		vs_buf_str(b, s);
		break;
	case SHOW_LOWER:
		show_lower(s, b);
		break;
	case SHOW_STATE:
		vs_buf_str(b, vs_show_power(s));
		break;
	case SHOW_BYTES:
		show_number(s, 1, b);
		break;
	case SHOW_MEGABYTES:
		show_number(s, 1 << 20, b);
		break;
	case SHOW_MEGAHERTZ:
		if (*s != '-')
			vs_buf_fmt(b, "%sMHz", s);
		break;
	case SHOW_WHEN_TRUE:
		vs_buf_str(b, yes ? "yes" : "");
		break;
	case SHOW_WHEN_FALSE:
		vs_buf_str(b, yes ? "" : "no");
		break;
	case SHOW_HOST_NAME:
		show_host_name(inv, val, b);
		break;
	}
}

void
vs_show(struct vs_rec *rec, unsigned kind, struct vs_node *content, const struct vs_place *p,
	const struct vs_inv *inv)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	for (size_t i = 0; content && i < VS_LEN(fields); i++) {
		struct vs_node *val =
			fields[i].kind == kind ? vs_prop_get(content, fields[i].path) : NULL;

		if (val == NULL)
			continue;
		vs_buf_cut(&b, 0);
		show_value(&fields[i], val, inv, &b);
		vs_rec_set(rec, fields[i].key, b.len ? b.s : NULL);
	}
	if (kind == VS_PLACE_NETWORK && p)
		vs_rec_set(rec, "type",
			vs_ref_is(p->ref, "Network")		     ? "standard"
				: vs_ref_is(p->ref, "OpaqueNetwork") ? "opaque"
								     : "distributed");
}

/* ---- places */

struct show_places {
	struct vs_lines *lines;
	const struct vs_inv *inv;
	bool is_long;
};

static void
show_print_place(struct show_places *s, const struct vs_place *p, struct vs_node *content)
{
	struct vs_rec rec = { .path = vs_place_path(p), .ref = vs_strdup(p->ref) };

	if (s->is_long)
		vs_show(&rec, p->kind, content, p, s->inv);
	vs_lines_add(s->lines, &rec);
}

static void
show_place_read(void *arg, struct vs_node *content)
{
	struct show_places *s = arg;
	VS_FREE char *ref = vs_node_ref(vs_node_at(content, "obj"));
	struct vs_place *p = vs_inv_by_ref(s->inv, ref);

	if (p)
		show_print_place(s, p, content);
}

int
vs_show_places(struct vs_lines *lines, const struct vs_inv *inv, struct vs_place *const *places,
	size_t n, bool is_long, struct vs_err *err)
{
	struct show_places s = { lines, inv, is_long };
	struct vs_prop *prop = NULL;
	const char *type, *paths[VS_SHOW_PATHS];
	unsigned kinds = 0;

	for (size_t i = 0; i < n; i++)
		if (is_long && vs_show_wants(places[i]->kind, &type, paths))
			kinds |= places[i]->kind;
		else
			show_print_place(&s, places[i], NULL);
	if (kinds == 0)
		return 0;
	prop = vs_prop_new(inv->vc);
	for (unsigned kind = 1; kind < VS_SHOW_VM; kind <<= 1)
		if ((kinds & kind) && vs_show_wants(kind, &type, paths))
			vs_prop_want(prop, type, paths);
	for (size_t i = 0; i < n; i++)
		if (kinds & places[i]->kind)
			vs_prop_of(prop, places[i]->ref);
	return vs_prop_wait(prop, show_place_read, &s, err);
}
