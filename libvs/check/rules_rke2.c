/* SPDX-License-Identifier: Apache-2.0 */
/* What rke2-agent is told, and who else may read it (rke2-docs,
 * docs/reference/linux_agent_config.md). */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "check/rules_worker.h"
#include "doc/value.h"
#include "rke2/label.h"
#include "rke2/token.h"
#include "text/yaml.h"

#define CONFIG "/etc/rancher/rke2/config.yaml"
#define MORE   CONFIG ".d/"

enum { NO_MODE = 0644 }; /* of a file without one */

/* One file of the agent's configuration. */
struct told {
	const struct vs_made *file;
	struct vs_tree_doc doc;
};

struct agent {
	struct vs_wchecker *w;
	struct told *v;
	size_t n;
	bool whole;	    /* all of it could be read */
	bool server, token; /* given by environment variables of the unit */
};

/* ---- reading it */

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
		|| (strncmp(name, MORE, sizeof MORE - 1) == 0
			&& !strchr(name + sizeof MORE - 1, '/')
			&& (rules_rke2_ends(name, ".yaml") || rules_rke2_ends(name, ".yml")));
}

/* The order in which they count: the folder's behind the file, by name. */
static int
rules_rke2_by_name(const void *a, const void *b)
{
	const struct told *x = a, *y = b;

	return strcmp(x->file->name, y->file->name);
}

/* YAML that is more than we read, such as anchors, but not more than RKE2 does. */
static bool
rules_rke2_other_yaml(const struct vs_made *f)
{
	VS_TREE_FREE struct vs_tree_doc d = { .lax = true };
	struct vs_err ignored;

	return vs_yaml_read(&d, f->text.s, f->text.len, "", &ignored) == 0;
}

static void
rules_rke2_read_one(struct agent *a, struct told *t)
{
	const struct vs_made *f = t->file;
	struct vs_err err = { .line = 0 };

	if (!f->known) {
		a->whole = false;
		vs_rules_worker_say_at(a->w, VS_VERDICT_WARNING, f, "storage.files", "contents",
			"it is fetched at boot, or cannot be read: what it tells rke2-agent is not looked at");
	} else if (vs_yaml_read(&t->doc, f->text.s, f->text.len, "", &err) < 0) {
		/* what the reader says may quote a key, and that be the token */
		a->whole = false;
		vs_rules_worker_say_at(a->w,
			rules_rke2_other_yaml(f) ? VS_VERDICT_WARNING : VS_VERDICT_ERROR, f,
			"storage.files", "contents",
			"line %d of it is no YAML that is read here, and what it tells rke2-agent not looked at: one 'KEY: VALUE' a line, no tabs, no anchors",
			err.line);
	} else if (t->doc.root && t->doc.root->kind != VS_TREE_MAP) {
		a->whole = false;
		vs_rules_worker_say_at(a->w, VS_VERDICT_ERROR, f, "storage.files", "contents",
			"it holds no 'KEY: VALUE': rke2-agent ends at it");
	}
}

static void
rules_rke2_read_all(struct agent *a)
{
	const struct vs_mades *all = &a->w->files;

	a->v = vs_alloc(all->n + 1, sizeof *a->v);
	for (size_t i = 0; i < all->n; i++)
		if (rules_rke2_is_config(all->v[i].name)
			&& vs_rules_worker_file(a->w, all->v[i].name) == &all->v[i])
			a->v[a->n++].file = &all->v[i];
	if (a->n > 1)
		qsort(a->v, a->n, sizeof *a->v, rules_rke2_by_name);
	for (size_t i = 0; i < a->n; i++)
		rules_rke2_read_one(a, &a->v[i]);
}

/* RKE2_URL and RKE2_TOKEN do instead. */
static void
rules_rke2_environment(struct agent *a, const char *text)
{
	a->server |= strstr(text, "RKE2_URL=") != NULL;
	a->token |= strstr(text, "RKE2_TOKEN=") || strstr(text, "RKE2_TOKEN_FILE=");
}

/* The agent's unit with its drop-ins, and the files that it names; those of
 * /etc/default and /etc/sysconfig it names by itself. */
static void
rules_rke2_environments(struct agent *a)
{
	VS_BUF_FREE struct vs_buf unit = { .s = vs_buf_empty, .secret = true };
	const struct vs_wchecker *w = a->w;

	for (size_t i = 0; i < w->units.n; i++) {
		const struct vs_tree *v = w->units.v[i].v;
		const struct vs_tree *dropins = vs_tree_get(v, "dropins");
		const char *text = vs_rules_worker_text(v, "contents");

		if (strcmp(w->units.v[i].name, "rke2-agent.service") != 0
			&& !(text && strstr(text, "rke2 agent")))
			continue;
		vs_buf_str(&unit, text ? text : "");
		for (v = dropins ? dropins->child : NULL; v; v = v->next) {
			text = vs_rules_worker_text(v, "contents");
			vs_buf_str(&unit, text ? text : "");
		}
	}
	rules_rke2_environment(a, unit.s);
	for (size_t i = 0; i < w->files.n; i++) {
		const char *name = w->files.v[i].name, *slash = strrchr(name, '/');

		if (slash && (strncmp(slash, "/rke2-agent", 11) == 0 || strstr(unit.s, name)))
			rules_rke2_environment(a, w->files.v[i].text.s);
	}
}

/* The last file that has it wins; *from is it. */
static const char *
rules_rke2_setting(const struct agent *a, const char *key, const struct vs_made **from)
{
	for (size_t i = a->n; i-- > 0;) {
		const char *s = vs_rules_worker_text(a->v[i].doc.root, key);

		if (s) {
			*from = a->v[i].file;
			return s;
		}
	}
	return NULL;
}

/* A finding about a value of f's contents. */
#define SAY(a, level, f, ...) \
	vs_rules_worker_say_at((a)->w, level, f, "storage.files", "contents", __VA_ARGS__)

/* ---- server */

static void
rules_rke2_missing(struct agent *a, const char *key, const char *what)
{
	if (!a->whole)
		return;
	if (a->n == 0)
		vs_rules_worker_say(a->w, vs_rules_worker_missing(a->w), "storage.files",
			"no file tells rke2-agent '%s': it ends without: %s in " CONFIG, key, what);
	else
		SAY(a, vs_rules_worker_missing(a->w), a->v[0].file,
			"'%s' is missing: rke2-agent ends without: %s", key, what);
}

/* The URL as it may be shown: what is none may be the token, in its place. */
static const char *
rules_rke2_shown(const char *url)
{
	return strncmp(url, "http", 4) == 0 && !strchr(url, '@') && !strstr(url, "K10") ? url
											: "***";
}

/* Behind the host: ":PORT", or nothing. */
static void
rules_rke2_port(struct agent *a, const struct vs_made *f, const char *url, const char *s)
{
	size_t n = *s == ':' ? strspn(s + 1, "0123456789") + 1 : 0;
	struct vs_err ignored;
	int64_t is = 443;

	if (s[n] != '\0' && strcmp(s + n, "/") != 0) {
		SAY(a, VS_VERDICT_ERROR, f,
			"'server' is '%.80s': rke2-agent wants https://HOST:9345 and nothing else",
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
			"'server' is '%.80s': 6443 is the Kubernetes API, where no node can join: RKE2 takes them at 9345",
			rules_rke2_shown(url));
	else if (is == 0)
		SAY(a, VS_VERDICT_ERROR, f,
			"'server' is '%.80s', which has no port from 1 to 65535: https://HOST:9345",
			rules_rke2_shown(url));
	else if (is != 9345)
		SAY(a, VS_VERDICT_WARNING, f,
			"'server' is '%.80s': RKE2 takes nodes at 9345, so that something must pass port %d on to it: https://HOST:9345",
			rules_rke2_shown(url), (int)is);
}

static void
rules_rke2_server(struct agent *a)
{
	const struct vs_made *f = NULL;
	const char *url = rules_rke2_setting(a, "server", &f);
	size_t host;

	if (url == NULL) {
		if (!a->server)
			rules_rke2_missing(a, "server", "server: https://HOST:9345");
		return;
	}
	if (strchr(url, '@')) {
		SAY(a, VS_VERDICT_ERROR, f,
			"'server' holds a user or a password, which it must not: the token is what lets a node in: https://HOST:9345");
		return;
	}
	if (strncmp(url, "https://", 8) != 0) {
		SAY(a, VS_VERDICT_ERROR, f,
			"'server' is '%.80s', and rke2-agent takes nothing but https: https://HOST:9345",
			rules_rke2_shown(url));
		return;
	}
	host = url[8] == '[' ? strcspn(url + 8, "]") + 1 : strcspn(url + 8, ":/?#");
	if (host == 0 || (url[8] == '[' && url[8 + host - 1] != ']'))
		SAY(a, VS_VERDICT_ERROR, f,
			"'server' is '%.80s', which names no host: https://HOST:9345",
			rules_rke2_shown(url));
	else
		rules_rke2_port(a, f, url, url + 8 + host);
}

/* ---- token */

static void
rules_rke2_check_token(struct agent *a, const struct vs_made *f, const char *s, size_t n)
{
	VS_TOKEN_FREE struct vs_token t = { 0 };
	struct vs_err err;

	if (vs_token_parse(&t, s, n, &err) < 0)
		SAY(a, VS_VERDICT_ERROR, f,
			"rke2-agent cannot use its token (%s): take the whole one: rke2-token HOST",
			err.msg);
	else if (t.hash[0] == '\0')
		SAY(a, VS_VERDICT_WARNING, f,
			"the token has no CA hash: this node joins whoever answers at the server's address: take the whole one, 'K10...::...': rke2-token HOST");
}

/* The file that 'token-file' names. */
static void
rules_rke2_token_file(struct agent *a, const struct vs_made *by, const char *path)
{
	const struct vs_made *f = vs_rules_worker_file(a->w, path);

	if (f && f->known)
		rules_rke2_check_token(a, f, f->text.s, f->text.len);
	else if (f == NULL)
		SAY(a, VS_VERDICT_WARNING, by,
			"'token-file' is '%.80s', which is not in this config: rke2-agent ends when it is not there",
			*path == '/' ? path : "***");
}

static void
rules_rke2_token(struct agent *a)
{
	const struct vs_made *f = NULL;
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
rules_rke2_mark(struct agent *a, const struct vs_made *f, const char *s, bool taint)
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

/* "a=1,b=2" is two to the kubelet, which gets them joined so. */
static void
rules_rke2_marks_of(struct agent *a, const struct vs_made *f, const struct vs_tree *v, bool taint)
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

		rules_rke2_marks_of(a, a->v[i].file, v, taint);
		if (v && v->kind == VS_TREE_LIST)
			for (v = v->child; v; v = v->next)
				rules_rke2_marks_of(a, a->v[i].file, v, taint);
	}
}

/* ---- who may read what */

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

/* A registry's password, wherever in the map. */
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
rules_rke2_secret_in(const struct agent *a, const struct vs_made *f)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].file == f
			&& (vs_rules_worker_text(a->v[i].doc.root, "token")
				|| vs_rules_worker_text(a->v[i].doc.root, "agent-token")))
			return "the join token";
	if (rules_rke2_has_token(f->text.s) || strstr(f->text.s, "RKE2_TOKEN="))
		return "a join token";
	if (strstr(f->text.s, "PRIVATE KEY-----"))
		return "a private key";
	if (strcmp(f->name, "/etc/rancher/rke2/registries.yaml") == 0
		&& rules_rke2_registries(f->text.s, f->text.len))
		return "a registry's password";
	return NULL;
}

static void
rules_rke2_secrets(struct agent *a)
{
	const char *best = a->w->r->json ? "384, which is 0600" : "0600";

	for (size_t i = 0; i < a->w->files.n; i++) {
		const struct vs_made *f = &a->w->files.v[i];
		const struct vs_tree *v = vs_tree_get(f->v, "mode");
		const char *what = rules_rke2_secret_in(a, f);
		long long mode = NO_MODE;
		bool given = v && !vs_tree_null(v) && vs_value_int(v, &mode);

		if (what && (mode & 044))
			vs_rules_worker_say_at(a->w, VS_VERDICT_WARNING, f, "storage.files", "mode",
				"%s%04llo: whoever is on this machine can read %s in it: make it %s",
				given ? "" : "none, which means ", (unsigned long long)mode & 07777,
				what, best);
	}
}

void
vs_rules_worker_rke2(struct vs_wchecker *w)
{
	struct agent a = { .w = w, .whole = true };

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
