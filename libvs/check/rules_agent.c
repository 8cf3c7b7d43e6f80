/* SPDX-License-Identifier: Apache-2.0 */
/* Finds enabled units that do not exist on the first boot, and what starts rke2-agent. */
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "check/rules_agent.h"
#include "doc/value.h"

#define AGENT "rke2-agent.service"

/* Does the unit exist when Ignition enables units?  Those in Flatcar's /usr do
 * (flatcar/init, systemd/system; coreos-overlay), and systemd's own. */
static bool
rules_agent_in_flatcar(const char *unit)
{
	static const char *const begins[] = { "systemd-", "dev-", "sys-", "getty@", "serial-getty@",
		"sshd", "docker.", "containerd.", "etcd-member.", "flanneld.", "coreos-metadata",
		"flatcar-", "coreos-", "nfs-", "rpc", "iscsi", "multipath", "lvm2-", "mdadm",
		"mdmon", "ntp", "chronyd.", "iptables-", "ip6tables-", "nftables", "sssd.", "audit",
		"vmtoolsd.", "ensure-sysext.", "update-engine", "locksmithd.", "motdgen.",
		"issuegen.", "fstrim.", "logrotate.", "tmp.mount", "oem-", "update-ssh-keys-",
		"kdump.", "rngd.", "zfs-", "selinux-", "wpa_", "polkit.", "dbus", "var-lib-",
		"rsyncd", "quota", "xfs_", "e2scrub_" };

	for (size_t i = 0; i < VS_LEN(begins); i++)
		if (strncmp(unit, begins[i], strlen(begins[i])) == 0)
			return true;
	return strstr(unit, ".target") != NULL;
}

/* Paths that the config makes; a unit with contents counts as its file. */
static void
rules_agent_paths(const struct vs_effective *e, struct vs_map *made)
{
	for (size_t i = 0; i < e->files.n; i++)
		vs_map_put(made, e->files.v[i].name, made);
	for (size_t i = 0; i < e->links.n; i++)
		vs_map_put(made, e->links.v[i].name, made);
	for (size_t i = 0; i < e->units.n; i++) {
		VS_FREE char *path = vs_printf("/etc/systemd/system/%s", e->units.v[i].name);
		const char *text = vs_tree_text(e->units.v[i].v, "contents");

		if (text && *text)
			vs_map_put(made, path, made);
	}
}

/* Is there a quadlet, from which podman generates the unit? */
static bool
rules_agent_quadlet(const struct vs_map *made, const char *unit)
{
	static const char *const kinds[] = { "container", "kube" };
	size_t n = strcspn(unit, ".");

	for (size_t i = 0; i < VS_LEN(kinds); i++) {
		VS_FREE char *path =
			vs_printf("/etc/containers/systemd/%.*s.%s", (int)n, unit, kinds[i]);

		if (vs_map_get(made, path))
			return true;
	}
	return false;
}

/* Does the config itself contain the unit? */
static bool
rules_agent_in_config(const struct vs_map *made, const char *unit)
{
	VS_FREE char *path = vs_printf("/etc/systemd/system/%s", unit);

	return vs_map_get(made, path) || rules_agent_quadlet(made, unit);
}

/* "foo@.service" for "foo@bar.service"; NULL: not an instance. */
static char *
rules_agent_template_of(const char *unit)
{
	const char *at = strchr(unit, '@'), *dot = strrchr(unit, '.');

	if (at == NULL || dot == NULL || dot <= at + 1)
		return NULL;
	return vs_printf("%.*s%s", (int)(at - unit + 1), unit, dot);
}

static bool
rules_agent_exists(const struct vs_map *made, const char *unit)
{
	VS_FREE char *base = rules_agent_template_of(unit);

	return rules_agent_in_flatcar(unit) || rules_agent_in_config(made, unit)
		|| (base && rules_agent_in_config(made, base));
}

static bool
rules_agent_is_on(const struct vs_effective_item *unit, const char *what)
{
	const struct vs_tree *v = vs_tree_get(unit->v, what);
	bool on = false;

	return v && vs_value_bool(v, &on) && on;
}

/* RKE2's units are installed after Ignition has run, so enabling them does nothing
 * (rke2-docs; flatcar/sysext-bakery, docs/rke2.md). */
static void
rules_agent_enabled(struct vs_effective *e, const struct vs_map *made)
{
	for (size_t i = 0; i < e->units.n; i++) {
		const struct vs_effective_item *u = &e->units.v[i];

		if (rules_agent_is_on(u, "enabled") && !rules_agent_is_on(u, "mask") && *u->name
			&& !rules_agent_exists(made, u->name))
			vs_effective_report_at(e, VS_VERDICT_WARNING, u, "systemd.units", "enabled",
				"'%.80s' is neither in this config nor a known Flatcar unit: Ignition enables only units that exist before the first boot, so it may never start: add its contents, or a link in /etc/systemd/system/multi-user.target.wants",
				u->name);
	}
}

/* ---- what starts the agent */

/* Does a line of this unit or script start rke2-agent? */
static bool
rules_agent_starts(const char *text)
{
	static const char *const words[] = {
		"Wants=", "Requires=", "Upholds=", "BindsTo=", "Requisite=", "Also=", "Unit="
	};

	for (const char *s = text; s && *s; s = strchr(s, '\n')) {
		const char *at;
		size_t n;

		s += *s == '\n';
		n = strcspn(s, "\n");
		at = memmem(s, n, "rke2-agent", 10);
		if (at == NULL || *s == '#' || *s == ';')
			continue;
		if (memmem(s, n, "systemctl", 9))
			return true;
		for (size_t i = 0; i < VS_LEN(words); i++)
			if (strncmp(s, words[i], strlen(words[i])) == 0)
				return true;
	}
	return false;
}

static bool
rules_agent_unit_starts(const struct vs_effective_item *u)
{
	const struct vs_tree *dropins = vs_tree_get(u->v, "dropins");
	const char *text = vs_tree_text(u->v, "contents");

	/* a unit does not start itself */
	if (strcmp(u->name, AGENT) == 0)
		return false;
	if (text && rules_agent_starts(text))
		return true;
	if (dropins == NULL || dropins->kind != VS_TREE_LIST)
		return false;
	for (const struct vs_tree *v = dropins->child; v; v = v->next) {
		text = vs_tree_text(v, "contents");
		if (text && rules_agent_starts(text))
			return true;
	}
	return false;
}

/* Is there a link that enables it, or a file that starts it? */
static bool
rules_agent_file_starts(const struct vs_effective *e)
{
	for (size_t i = 0; i < e->links.n; i++) {
		const char *name = e->links.v[i].name, *slash = strrchr(name, '/');

		if (slash && strcmp(slash + 1, AGENT) == 0
			&& (strstr(name, ".wants/") || strstr(name, ".requires/")
				|| strstr(name, ".upholds/")))
			return true;
	}
	for (size_t i = 0; i < e->files.n; i++)
		if (rules_agent_starts(e->files.v[i].text.s)
			|| strstr(e->files.v[i].text.s, "rke2 agent"))
			return true;
	return false;
}

static bool
rules_agent_runs(const struct vs_effective_item *u)
{
	const char *text = vs_tree_text(u->v, "contents");

	return text && strstr(text, "rke2 agent");
}

static void
rules_agent_started(struct vs_effective *e, const struct vs_map *made)
{
	const struct vs_effective_item *own = NULL;

	for (size_t i = 0; i < e->units.n; i++) {
		const struct vs_effective_item *u = &e->units.v[i];
		bool is = strcmp(u->name, AGENT) == 0;

		if (is && rules_agent_is_on(u, "mask")) {
			vs_effective_report_at(e, VS_VERDICT_ERROR, u, "systemd.units", "mask",
				AGENT
				" is masked, so this machine never becomes a node: remove the mask");
			return;
		}
		if (is)
			own = u;
		/* under this name or another */
		if (((is && rules_agent_in_config(made, AGENT)) || rules_agent_runs(u))
			&& rules_agent_is_on(u, "enabled"))
			return;
		if (rules_agent_unit_starts(u))
			return;
	}
	if (rules_agent_file_starts(e))
		return;
	if (own)
		vs_effective_report_at(e, vs_effective_missing(e), own, "systemd.units", "",
			"nothing starts " AGENT ", so this machine never becomes a node: %s",
			rules_agent_in_config(made, AGENT)
				? "enable it"
				: "add its contents and 'enabled', or a link in /etc/systemd/system/multi-user.target.wants");
	else
		vs_effective_report(e, vs_effective_missing(e), "systemd.units",
			"nothing starts " AGENT
			", so this machine never becomes a node: 'ign-gen -s URL -t FILE --rke2 VERSION' makes a complete worker");
}

void
vs_rules_agent(struct vs_effective *e)
{
	VS_MAP_FREE struct vs_map made = { 0 };

	rules_agent_paths(e, &made);
	rules_agent_enabled(e, &made);
	rules_agent_started(e, &made);
}
