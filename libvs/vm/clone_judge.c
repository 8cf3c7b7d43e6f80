/* SPDX-License-Identifier: Apache-2.0 */
/* clone_judge.c - is a VM that exists the clone that was requested?
 *
 * Reads properties only; what follows from the verdict is decided in cmd/vs-clone.c. */
#include <string.h>

#include "base/mem.h"
#include "guestinfo/vmkeys.h"
#include "inventory/place.h"
#include "vim/prop.h"
#include "vm/clone.h"
#include "vm/extra.h"

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
clone_judge_differs(struct vs_buf *b, const char *what, const char *is, const char *asked)
{
	vs_buf_fmt(b, "%s%s is %s, requested %s", b->len ? "; " : "", what, is, asked);
}

/* A number, or a size in MiB as the options take it. */
static char *
clone_judge_number(int64_t n, bool size)
{
	if (size && n > 0 && n % 1024 == 0)
		return vs_printf("%lldG", (long long)n / 1024);
	return vs_printf("%lld%s", (long long)n, size ? "M" : "");
}

static void
clone_judge_compare(struct vs_buf *b, const char *what, int64_t is, int64_t asked, bool size)
{
	VS_FREE char *x = clone_judge_number(is, size);
	VS_FREE char *y = clone_judge_number(asked, size);

	if (asked && is != asked)
		clone_judge_differs(b, what, x, y);
}

static void
clone_judge_compare_nets(struct vs_buf *b, const struct vs_clone *c, const struct vs_devices *d)
{
	for (size_t i = 0; i < c->n_nets; i++) {
		VS_FREE char *is = i < d->n_nics ? vs_nic_where(&d->nics[i]) : vs_strdup("missing");
		VS_FREE char *what = vs_printf("network card %zu", i + 1);
		VS_FREE char *asked = vs_place_path(c->nets[i]);

		if (i >= d->n_nics || !vs_nic_is_on(&d->nics[i], c->nets[i]))
			clone_judge_differs(b, what, is, asked);
	}
}

static void
clone_judge_compare_all(struct vs_buf *b, const struct vs_clone *c, struct vs_node *content)
{
	const struct vs_clone_request *a = c->ask;
	VS_DEVICES_FREE struct vs_devices d = { 0 };
	const char *note = vs_prop_text(content, "config.annotation");

	vs_devices_read(vs_prop_get(content, "config.hardware.device"), &d);
	clone_judge_compare(
		b, "CPU count", vs_prop_int(content, "config.hardware.numCPU", 0), a->cpus, false);
	clone_judge_compare(b, "memory", vs_prop_int(content, "config.hardware.memoryMB", 0),
		a->memory >> 20, true);
	clone_judge_compare(b, "disk", d.n_disks ? d.disks[0].bytes >> 20 : 0,
		vs_clone_disk_bytes(a) >> 20, true);
	clone_judge_compare_nets(b, c, &d);
	if (a->annotation && strcmp(note ? note : "", a->annotation) != 0)
		vs_buf_fmt(b, "%sannotation differs", b->len ? "; " : "");
}

static bool
clone_judge_is_ours(struct vs_node *content, const char *id, const char *noted)
{
	const char *uuid = vs_prop_text(content, "config.instanceUuid");

	/* vCenter may have changed the first.  A clone of the clone has the second, but
	 * not in this folder with this name. */
	return (uuid && strcasecmp(uuid, id) == 0) || (noted && strcmp(noted, id) == 0);
}

int
vs_clone_judge(const struct vs_clone *c, struct vs_node *content, const char *name, const char *id,
	struct vs_buf *words, struct vs_err *err)
{
	const char *power = vs_prop_text(content, "runtime.powerState");
	VS_KVS_FREE struct vs_kvs have = { 0 };

	vs_extra_read(vs_prop_get(content, "config.extraConfig"), &have);
	if (!clone_judge_is_ours(content, id, vs_kvs_get(&have, VS_KEY_ID)))
		return vs_fail(err, VS_ERR_FAILED,
			"a VM of that name exists in '%s' and was not created by vs-clone",
			c->folder_path);
	clone_judge_compare_all(words, c, content);
	vs_vmopts_differ(
		c->ask->vm, &have, power == NULL || strcmp(power, "poweredOff") != 0, name, words);
	return 0;
}
