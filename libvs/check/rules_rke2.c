/* SPDX-License-Identifier: Apache-2.0 */
/* Checks the settings of rke2-agent, and who can read its secrets (rke2-docs,
 * docs/reference/linux_agent_config.md). */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "check/rules_rke2.h"
#include "doc/value.h"
#include "rke2/label.h"
#include "rke2/token.h"
#include "text/yaml.h"

#define CONFIG	 "/etc/rancher/rke2/config.yaml"
#define CONFIG_D CONFIG ".d/"

enum { NO_MODE = 0644 }; /* the default */

/* A configuration file of the agent. */
struct setting_file {
	const struct vs_effective_item *file;
	struct vs_tree_doc doc;
};

struct agent {
	struct vs_effective *e;
	struct setting_file *v;
	size_t n;
	bool whole;	    /* every file could be read */
	bool server, token; /* set by the unit's environment */
};

/* ---- reading the settings */

static bool
rules_rke2_ends(const char *s, const char *with)
{
	size_t n = strlen(s), k = strlen(with);

	return n >= k && strcmp(s + n - k, with) == 0;
}

static bool
rules_rke2_is_config(const char *name)
{
	return strcmp(name, CONFIG) == 0
		|| (strncmp(name, CONFIG_D, sizeof CONFIG_D - 1) == 0
			&& !strchr(name + sizeof CONFIG_D - 1, '/')
			&& (rules_rke2_ends(name, ".yaml") || rules_rke2_ends(name, ".yml")));
}

/* In order of precedence: config.yaml, then config.yaml.d by name. */
static int
rules_rke2_by_name(const void *a, const void *b)
{
	const struct setting_file *x = a, *y = b;

	return strcmp(x->file->name, y->file->name);
}

/* Is it YAML that RKE2 reads, but we do not (anchors, for example)? */
static bool
rules_rke2_other_yaml(const struct vs_effective_item *f)
{
	VS_TREE_FREE struct vs_tree_doc d = { .lax = true };
	struct vs_err ignored;

	return vs_yaml_read(&d, f->text.s, f->text.len, "", &ignored) == 0;
}

static void
rules_rke2_read_one(struct agent *a, struct setting_file *t)
{
	const struct vs_effective_item *f = t->file;
	struct vs_err err = { .line = 0 };

	if (!f->known) {
		a->whole = false;
		vs_effective_report_at(a->e, VS_VERDICT_WARNING, f, "storage.files", "contents",
			"fetched at boot or unreadable: its settings for rke2-agent were not checked");
	} else if (vs_yaml_read(&t->doc, f->text.s, f->text.len, "", &err) < 0) {
		/* the reader's message may quote a key, which may be the token */
		a->whole = false;
		if (rules_rke2_other_yaml(f))
			vs_effective_report_at(a->e, VS_VERDICT_WARNING, f, "storage.files",
				"contents",
				"line %d uses YAML that is not supported here, such as anchors: its settings for rke2-agent were not checked: write one 'KEY: VALUE' per line",
				err.line);
		else
			vs_effective_report_at(a->e, VS_VERDICT_ERROR, f, "storage.files",
				"contents",
				"line %d is not valid YAML, and rke2-agent exits with an error: write one 'KEY: VALUE' per line, without tabs",
				err.line);
	} else if (t->doc.root && t->doc.root->kind != VS_TREE_MAP) {
		a->whole = false;
		vs_effective_report_at(a->e, VS_VERDICT_ERROR, f, "storage.files", "contents",
			"not a map of 'KEY: VALUE' lines: rke2-agent exits with an error");
	}
}

static void
rules_rke2_read_all(struct agent *a)
{
	const struct vs_effective_list *all = &a->e->files;

	a->v = vs_alloc(all->n + 1, sizeof *a->v);
	for (size_t i = 0; i < all->n; i++)
		if (rules_rke2_is_config(all->v[i].name)
			&& vs_effective_file(a->e, all->v[i].name) == &all->v[i])
			a->v[a->n++].file = &all->v[i];
	if (a->n > 1)
		qsort(a->v, a->n, sizeof *a->v, rules_rke2_by_name);
	for (size_t i = 0; i < a->n; i++)
		rules_rke2_read_one(a, &a->v[i]);
}

/* RKE2_URL and RKE2_TOKEN can set them, too. */
static void
rules_rke2_environment(struct agent *a, const char *text)
{
	a->server |= strstr(text, "RKE2_URL=") != NULL;
	a->token |= strstr(text, "RKE2_TOKEN=") || strstr(text, "RKE2_TOKEN_FILE=");
}

/* The environment in the agent's unit, its drop-ins and the files that it names;
 * RKE2's own unit names those in /etc/default and /etc/sysconfig. */
static void
rules_rke2_environments(struct agent *a)
{
	VS_BUF_FREE struct vs_buf unit = VS_BUF_SECRET;
	const struct vs_effective *e = a->e;

	for (size_t i = 0; i < e->units.n; i++) {
		const struct vs_tree *v = e->units.v[i].v;
		const struct vs_tree *dropins = vs_tree_get(v, "dropins");
		const char *text = vs_tree_text(v, "contents");

		if (strcmp(e->units.v[i].name, "rke2-agent.service") != 0
			&& !(text && strstr(text, "rke2 agent")))
			continue;
		vs_buf_str(&unit, text ? text : "");
		for (v = dropins ? dropins->child : NULL; v; v = v->next) {
			text = vs_tree_text(v, "contents");
			vs_buf_str(&unit, text ? text : "");
		}
	}
	rules_rke2_environment(a, unit.s);
	for (size_t i = 0; i < e->files.n; i++) {
		const char *name = e->files.v[i].name, *slash = strrchr(name, '/');

		if (slash && (strncmp(slash, "/rke2-agent", 11) == 0 || strstr(unit.s, name)))
			rules_rke2_environment(a, e->files.v[i].text.s);
	}
}

/* The last file that sets it wins: *from. */
static const char *
rules_rke2_setting(const struct agent *a, const char *key, const struct vs_effective_item **from)
{
	for (size_t i = a->n; i-- > 0;) {
		const char *s = vs_tree_text(a->v[i].doc.root, key);

		if (s) {
			*from = a->v[i].file;
			return s;
		}
	}
	return NULL;
}

/* A finding about the contents of f. */
#define SAY(a, level, f, ...) \
	vs_effective_report_at((a)->e, level, f, "storage.files", "contents", __VA_ARGS__)

/* ---- server */

static void
rules_rke2_missing(struct agent *a, const char *key, const char *what)
{
	if (!a->whole)
		return;
	if (a->n == 0)
		vs_effective_report(a->e, vs_effective_missing(a->e), "storage.files",
			"no file sets '%s', without which rke2-agent exits: add '%s' to " CONFIG,
			key, what);
	else
		SAY(a, vs_effective_missing(a->e), a->v[0].file,
			"'%s' is missing, and rke2-agent exits without it: add '%s'", key, what);
}

/* The URL for a message; anything else may be the token, by mistake. */
static const char *
rules_rke2_shown(const char *url)
{
	return strncmp(url, "http", 4) == 0 && !strchr(url, '@') && !strstr(url, "K10") ? url
											: "***";
}

/* s: what follows the host, ":PORT" or nothing. */
static void
rules_rke2_port(struct agent *a, const struct vs_effective_item *f, const char *url, const char *s)
{
	size_t n = *s == ':' ? strspn(s + 1, "0123456789") + 1 : 0;
	struct vs_err ignored;
	int64_t is = 443;

	if (s[n] != '\0' && strcmp(s + n, "/") != 0) {
		SAY(a, VS_VERDICT_ERROR, f,
			"'server' is '%.80s': expected https://HOST:9345 and nothing after it",
			rules_rke2_shown(url));
		return;
	}
	if (n > 0) {
		VS_FREE char *digits = vs_strndup(s + 1, n - 1);

		if (vs_num(digits, 1, 65535, &is, &ignored) < 0)
			is = 0;
	}
	if (is == 6443)
		SAY(a, VS_VERDICT_ERROR, f,
			"'server' is '%.80s': port 6443 is the Kubernetes API, where no node can join: RKE2 servers accept nodes on port 9345",
			rules_rke2_shown(url));
	else if (is == 0)
		SAY(a, VS_VERDICT_ERROR, f,
			"'server' is '%.80s', whose port is not from 1 to 65535: use https://HOST:9345",
			rules_rke2_shown(url));
	else if (is != 9345)
		SAY(a, VS_VERDICT_WARNING, f,
			"'server' is '%.80s': RKE2 servers accept nodes on port 9345, so something must forward port %d to it: use https://HOST:9345",
			rules_rke2_shown(url), (int)is);
}

static void
rules_rke2_server(struct agent *a)
{
	const struct vs_effective_item *f = NULL;
	const char *url = rules_rke2_setting(a, "server", &f);
	size_t host;

	if (url == NULL) {
		if (!a->server)
			rules_rke2_missing(a, "server", "server: https://HOST:9345");
		return;
	}
	if (strchr(url, '@')) {
		SAY(a, VS_VERDICT_ERROR, f,
			"'server' must not contain a user name or password, nodes join with the token alone: use https://HOST:9345");
		return;
	}
	if (strncmp(url, "https://", 8) != 0) {
		SAY(a, VS_VERDICT_ERROR, f,
			"'server' is '%.80s', but rke2-agent accepts only https: use https://HOST:9345",
			rules_rke2_shown(url));
		return;
	}
	host = url[8] == '[' ? strcspn(url + 8, "]") + 1 : strcspn(url + 8, ":/?#");
	if (host == 0 || (url[8] == '[' && url[8 + host - 1] != ']'))
		SAY(a, VS_VERDICT_ERROR, f,
			"'server' is '%.80s', which has no host: use https://HOST:9345",
			rules_rke2_shown(url));
	else
		rules_rke2_port(a, f, url, url + 8 + host);
}

/* ---- token */

static void
rules_rke2_check_token(struct agent *a, const struct vs_effective_item *f, const char *s, size_t n)
{
	VS_TOKEN_FREE struct vs_token t = { 0 };
	struct vs_err err;

	if (vs_token_parse(&t, s, n, &err) < 0)
		SAY(a, VS_VERDICT_ERROR, f,
			"rke2-agent cannot use this token (%s): use the full token, as 'rke2-token HOST' prints it",
			err.msg);
	else if (t.hash[0] == '\0')
		SAY(a, VS_VERDICT_WARNING, f,
			"the token has no CA hash, so this node trusts any server at that address: use the full token 'K10...::...', as 'rke2-token HOST' prints it");
}

/* The file that 'token-file' names. */
static void
rules_rke2_token_file(struct agent *a, const struct vs_effective_item *by, const char *path)
{
	const struct vs_effective_item *f = vs_effective_file(a->e, path);

	if (f && f->known)
		rules_rke2_check_token(a, f, f->text.s, f->text.len);
	else if (f == NULL)
		SAY(a, VS_VERDICT_WARNING, by,
			"'token-file' is '%.80s', which is not in this config: rke2-agent exits if it does not exist",
			*path == '/' ? path : "***");
}

static void
rules_rke2_token(struct agent *a)
{
	const struct vs_effective_item *f = NULL;
	const char *s = rules_rke2_setting(a, "token", &f), *path;

	if (s) {
		rules_rke2_check_token(a, f, s, strlen(s));
		return;
	}
	path = rules_rke2_setting(a, "token-file", &f);
	if (path)
		rules_rke2_token_file(a, f, path);
	else if (!a->token)
		rules_rke2_missing(a, "token", "token: K10...::...");
}

/* ---- labels and taints */

static void
rules_rke2_mark(struct agent *a, const struct vs_effective_item *f, const char *s, bool taint)
{
	VS_LABEL_FREE struct vs_label l = { 0 };
	VS_TAINT_FREE struct vs_taint t = { 0 };
	struct vs_err err;
	bool bad;

	if (taint)
		bad = vs_taint_parse(&t, s, &err) < 0;
	else
		bad = vs_label_parse(&l, s, &err) < 0 || vs_label_kubelet(&l, &err) < 0;
	if (bad)
		SAY(a, VS_VERDICT_ERROR, f, "%.600s", err.msg);
}

/* The kubelet gets them joined by commas: "a=1,b=2" is two. */
static void
rules_rke2_marks_in(
	struct agent *a, const struct vs_effective_item *f, const struct vs_tree *v, bool taint)
{
	if (v == NULL || v->kind != VS_TREE_SCALAR || vs_tree_null(v))
		return;
	for (const char *s = v->text; *s;) {
		size_t n = strcspn(s, ",");
		VS_FREE char *one = vs_strndup(s, n);

		rules_rke2_mark(a, f, one, taint);
		s += n + (s[n] == ',');
	}
}

static void
rules_rke2_marks(struct agent *a, const char *key, bool taint)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct vs_tree *v = vs_tree_get(a->v[i].doc.root, key);

		rules_rke2_marks_in(a, a->v[i].file, v, taint);
		if (v && v->kind == VS_TREE_LIST)
			for (v = v->child; v; v = v->next)
				rules_rke2_marks_in(a, a->v[i].file, v, taint);
	}
}

/* ---- who can read secrets */

/* A join token: K10, 64 hex digits, "::". */
static bool
rules_rke2_has_token(const char *s)
{
	while ((s = strstr(s, "K10")) != NULL) {
		s += 3;
		if (strspn(s, "0123456789abcdef") == 64 && strncmp(s + 64, "::", 2) == 0)
			return true;
	}
	return false;
}

/* A registry password anywhere in the map. */
static bool
rules_rke2_has_login(const struct vs_tree *v)
{
	for (v = v ? v->child : NULL; v; v = v->next) {
		if (v->key && v->kind == VS_TREE_SCALAR && v->len > 0
			&& (strcmp(v->key, "password") == 0 || strcmp(v->key, "token") == 0))
			return true;
		if (rules_rke2_has_login(v))
			return true;
	}
	return false;
}

static bool
rules_rke2_registries(const char *text, size_t n)
{
	VS_TREE_FREE struct vs_tree_doc d = { 0 };
	struct vs_err ignored;

	return vs_yaml_read(&d, text, n, "", &ignored) == 0 && rules_rke2_has_login(d.root);
}

static const char *
rules_rke2_secret_in(const struct agent *a, const struct vs_effective_item *f)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].file == f
			&& (vs_tree_text(a->v[i].doc.root, "token")
				|| vs_tree_text(a->v[i].doc.root, "agent-token")))
			return "the join token";
	if (rules_rke2_has_token(f->text.s) || strstr(f->text.s, "RKE2_TOKEN="))
		return "a join token";
	if (strstr(f->text.s, "PRIVATE KEY-----"))
		return "a private key";
	if (strcmp(f->name, "/etc/rancher/rke2/registries.yaml") == 0
		&& rules_rke2_registries(f->text.s, f->text.len))
		return "a registry password";
	return NULL;
}

static void
rules_rke2_secrets(struct agent *a)
{
	const char *best = a->e->r->json ? "384 (0600)" : "0600";

	for (size_t i = 0; i < a->e->files.n; i++) {
		const struct vs_effective_item *f = &a->e->files.v[i];
		const struct vs_tree *v = vs_tree_get(f->v, "mode");
		const char *what = rules_rke2_secret_in(a, f);
		long long mode = NO_MODE;
		bool given = v && !vs_tree_null(v) && vs_value_int(v, &mode);

		if (what && (mode & 044))
			vs_effective_report_at(a->e, VS_VERDICT_WARNING, f, "storage.files", "mode",
				"%s%04llo: every user of this machine can read %s in this file: use %s",
				given ? "" : "not set, which means ",
				(unsigned long long)mode & 07777, what, best);
	}
}

void
vs_rules_rke2(struct vs_effective *e)
{
	struct agent a = { .e = e, .whole = true };

	rules_rke2_read_all(&a);
	rules_rke2_environments(&a);
	rules_rke2_server(&a);
	rules_rke2_token(&a);
	rules_rke2_marks(&a, "node-label", false);
	rules_rke2_marks(&a, "node-label+", false);
	rules_rke2_marks(&a, "node-taint", true);
	rules_rke2_marks(&a, "node-taint+", true);
	rules_rke2_secrets(&a);
	for (size_t i = 0; i < a.n; i++)
		vs_tree_free(&a.v[i].doc);
	free(a.v);
}
