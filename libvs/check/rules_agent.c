/* SPDX-License-Identifier: Apache-2.0 */
/* Units: those that are switched on and not there, and what starts the agent. */
#include <string.h>

#include "base/mem.h"
#include "check/rules_worker.h"
#include "doc/value.h"

#define AGENT "rke2-agent.service"

/* A unit that is there when Ignition switches units on: of Flatcar's /usr
 * (flatcar/init, systemd/system; coreos-overlay), of its generic systemd. */
static bool
rules_agent_comes_with_flatcar(const char *unit)
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

static bool
rules_agent_made(const struct vs_wchecker *w, const char *path)
{
	if (vs_rules_worker_file(w, path))
		return true;
	for (size_t i = 0; i < w->links.n; i++)
		if (strcmp(w->links.v[i].name, path) == 0)
			return true;
	return false;
}

/* A file that podman makes the unit of. */
static bool
rules_agent_quadlet(const struct vs_wchecker *w, const char *unit)
{
	static const char *const kinds[] = { "container", "kube" };
	size_t n = strcspn(unit, ".");

	for (size_t i = 0; i < VS_LEN(kinds); i++) {
		VS_FREE char *path =
			vs_printf("/etc/containers/systemd/%.*s.%s", (int)n, unit, kinds[i]);

		if (rules_agent_made(w, path))
			return true;
	}
	return false;
}

/* The config itself brings the unit's text. */
static bool
rules_agent_in_config(const struct vs_wchecker *w, const char *unit)
{
	VS_FREE char *path = vs_printf("/etc/systemd/system/%s", unit);

	for (size_t i = 0; i < w->units.n; i++) {
		const char *text = vs_rules_worker_text(w->units.v[i].v, "contents");

		if (strcmp(w->units.v[i].name, unit) == 0 && text && *text)
			return true;
	}
	return rules_agent_made(w, path) || rules_agent_quadlet(w, unit);
}

/* "foo@.service" of "foo@bar.service"; NULL: it is no instance. */
static char *
rules_agent_template_of(const char *unit)
{
	const char *at = strchr(unit, '@'), *dot = strrchr(unit, '.');

	if (at == NULL || dot == NULL || dot <= at + 1)
		return NULL;
	return vs_printf("%.*s%s", (int)(at - unit + 1), unit, dot);
}

static bool
rules_agent_is_there(const struct vs_wchecker *w, const char *unit)
{
	VS_FREE char *base = rules_agent_template_of(unit);

	return rules_agent_comes_with_flatcar(unit) || rules_agent_in_config(w, unit)
		|| (base && rules_agent_in_config(w, base));
}

static bool
rules_agent_is_on(const struct vs_made *unit, const char *what)
{
	const struct vs_tree *v = vs_tree_get(unit->v, what);
	bool on = false;

	return v && vs_value_bool(v, &on) && on;
}

/* RKE2's units come with it, after Ignition: enabling them does nothing
 * (rke2-docs; flatcar/sysext-bakery, docs/rke2.md). */
static void
rules_agent_enabled(struct vs_wchecker *w)
{
	for (size_t i = 0; i < w->units.n; i++) {
		const struct vs_made *u = &w->units.v[i];

		if (rules_agent_is_on(u, "enabled") && !rules_agent_is_on(u, "mask") && *u->name
			&& !rules_agent_is_there(w, u->name))
			vs_rules_worker_say_at(w, VS_VERDICT_WARNING, u, "systemd.units", "enabled",
				"'%.80s' is not in this config, and not known to be of Flatcar's: Ignition enables what is there before the first boot, so that nothing may start it: give its contents, or link it in /etc/systemd/system/multi-user.target.wants",
				u->name);
	}
}

/* ---- what starts the agent */

/* A line of a unit that pulls it in, or a command. */
static bool
rules_agent_pulls(const char *text)
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
rules_agent_unit_pulls(const struct vs_made *u)
{
	const struct vs_tree *dropins = vs_tree_get(u->v, "dropins");
	const char *text = vs_rules_worker_text(u->v, "contents");

	/* it does not start itself */
	if (strcmp(u->name, AGENT) == 0)
		return false;
	if (text && rules_agent_pulls(text))
		return true;
	if (dropins == NULL || dropins->kind != VS_TREE_LIST)
		return false;
	for (const struct vs_tree *v = dropins->child; v; v = v->next) {
		text = vs_rules_worker_text(v, "contents");
		if (text && rules_agent_pulls(text))
			return true;
	}
	return false;
}

/* A link that enables it, or a script or unit that starts it. */
static bool
rules_agent_file_pulls(const struct vs_wchecker *w)
{
	for (size_t i = 0; i < w->links.n; i++) {
		const char *name = w->links.v[i].name, *slash = strrchr(name, '/');

		if (slash && strcmp(slash + 1, AGENT) == 0
			&& (strstr(name, ".wants/") || strstr(name, ".requires/")
				|| strstr(name, ".upholds/")))
			return true;
	}
	for (size_t i = 0; i < w->files.n; i++)
		if (rules_agent_pulls(w->files.v[i].text.s)
			|| strstr(w->files.v[i].text.s, "rke2 agent"))
			return true;
	return false;
}

static bool
rules_agent_runs_agent(const struct vs_made *u)
{
	const char *text = vs_rules_worker_text(u->v, "contents");

	return text && strstr(text, "rke2 agent");
}

static void
rules_agent_agent(struct vs_wchecker *w)
{
	const struct vs_made *own = NULL;

	for (size_t i = 0; i < w->units.n; i++) {
		const struct vs_made *u = &w->units.v[i];
		bool is = strcmp(u->name, AGENT) == 0;

		if (is && rules_agent_is_on(u, "mask")) {
			vs_rules_worker_say_at(w, VS_VERDICT_ERROR, u, "systemd.units", "mask",
				AGENT
				" is masked: this machine never becomes a node: take the mask out");
			return;
		}
		if (is)
			own = u;
		/* by this name or another */
		if (((is && rules_agent_in_config(w, AGENT)) || rules_agent_runs_agent(u))
			&& rules_agent_is_on(u, "enabled"))
			return;
		if (rules_agent_unit_pulls(u))
			return;
	}
	if (rules_agent_file_pulls(w))
		return;
	if (own)
		vs_rules_worker_say_at(w, vs_rules_worker_missing(w), own, "systemd.units", "",
			"nothing starts " AGENT ": this machine never becomes a node: %s",
			rules_agent_in_config(w, AGENT)
				? "enable it"
				: "give its contents with 'enabled', or link it in /etc/systemd/system/multi-user.target.wants");
	else
		vs_rules_worker_say(w, vs_rules_worker_missing(w), "systemd.units",
			"nothing starts " AGENT
			": this machine never becomes a node: ign-gen -s -t --rke2 makes a worker that has all of it");
}

void
vs_rules_worker_units(struct vs_wchecker *w)
{
	rules_agent_enabled(w);
	rules_agent_agent(w);
}
