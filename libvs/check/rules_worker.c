/* SPDX-License-Identifier: Apache-2.0 */
/* What every worker needs beside RKE2: a login, and Flatcar's updates under
 * control (flatcar/update_engine, flatcar/locksmith). */
#include <string.h>

#include "base/mem.h"
#include "check/effective.h"
#include "check/rules_agent.h"
#include "check/rules_rke2.h"
#include "check/rules_worker.h"
#include "doc/value.h"

/* ---- who can log in */

static void
rules_worker_keys(struct vs_effective *e)
{
	const char *name = e->r->json ? "sshAuthorizedKeys" : "ssh_authorized_keys";

	for (size_t i = 0; i < e->users.n; i++) {
		const struct vs_tree *l = vs_tree_get(e->users.v[i].v, "ssh_authorized_keys");

		if (l && l->child)
			return;
	}
	for (size_t i = 0; i < e->files.n; i++)
		if (strstr(e->files.v[i].name, "/.ssh/authorized_keys"))
			return;
	vs_effective_report(e, VS_VERDICT_WARNING, "passwd.users",
		"no user has an SSH key: if this machine does not join, nobody can log in to find out why: add %s to the user 'core'",
		name);
}

/* ---- Flatcar's own updates */

static bool
rules_worker_masked(const struct vs_effective *e, const char *unit)
{
	VS_FREE char *path = vs_printf("/etc/systemd/system/%s", unit);
	bool is = false;

	for (size_t i = 0; i < e->units.n && !is; i++) {
		const struct vs_tree *mask = vs_tree_get(e->units.v[i].v, "mask");

		if (strcmp(e->units.v[i].name, unit) == 0 && mask)
			vs_value_bool(mask, &is);
	}
	for (size_t i = 0; i < e->links.n && !is; i++) {
		const char *target = vs_tree_text(e->links.v[i].v, "target");

		is = strcmp(e->links.v[i].name, path) == 0 && target
			&& strcmp(target, "/dev/null") == 0;
	}
	return is;
}

/* Does a line start with NAME=? */
static bool
rules_worker_sets(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (const char *s = text; s; s = strchr(s, '\n')) {
		s += *s == '\n';
		s += strspn(s, " \t");
		if (strncmp(s, name, n) == 0 && s[n] == '=')
			return true;
	}
	return false;
}

/* update-engine installs an update by itself, and locksmithd reboots into it
 * minutes later unless it is told otherwise. */
static void
rules_worker_updates(struct vs_effective *e)
{
	static const char conf[] = "/etc/flatcar/update.conf";
	const struct vs_effective_item *f = vs_effective_file(e, conf);
	bool engine = rules_worker_masked(e, "update-engine.service");
	bool locksmith = rules_worker_masked(e, "locksmithd.service");

	if (engine && locksmith)
		return;
	if (f == NULL)
		vs_effective_report(e, VS_VERDICT_WARNING, "systemd.units",
			"%s not masked, and there is no %s: %s: mask both units, or configure updates in that file",
			engine		    ? "locksmithd.service is"
				: locksmith ? "update-engine.service is"
					    : "update-engine.service and locksmithd.service are",
			conf,
			engine		    ? "it waits for updates that never come"
				: locksmith ? "any reboot may start a newer Flatcar"
					    : "Flatcar updates and reboots this node at any time");
	else if (f->known && !locksmith && !rules_worker_sets(f->text.s, "REBOOT_STRATEGY")
		&& !strstr(f->text.s, "SERVER=disabled"))
		vs_effective_report_at(e, VS_VERDICT_WARNING, f, "storage.files", "contents",
			"%s does not set REBOOT_STRATEGY, so Flatcar reboots this node at any time: set it to off and let a controller in the cluster (such as kured) reboot nodes",
			conf);
}

void
vs_rules_worker(const struct vs_tree_doc *d, const char *file, struct vs_report *r)
{
	VS_EFFECTIVE_FREE struct vs_effective e = { .r = r, .file = file };

	vs_effective_read(&e, d);
	if (e.unknown)
		vs_effective_report(&e, VS_VERDICT_WARNING, "ignition.config",
			"some configs are fetched at boot or unreadable: they were not checked");
	if (e.skipped)
		vs_effective_report(&e, VS_VERDICT_WARNING, "ignition.config",
			"more than %d configs inside this one: the others were not checked",
			VS_EFFECTIVE_PARTS - 1);
	vs_rules_rke2(&e);
	vs_rules_agent(&e);
	rules_worker_updates(&e);
	rules_worker_keys(&e);
}
