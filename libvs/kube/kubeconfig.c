/* SPDX-License-Identifier: Apache-2.0 */
/* kubeconfig.c - finds the kubeconfig files, and the context, cluster and user in them.
 * Reference: client-go, tools/clientcmd (loader.go, client_config.go), rest/config.go
 * (InClusterConfig). */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/candidates.h"
#include "base/io.h"
#include "base/mem.h"
#include "kube/kubeconfig.h"

enum { MAX_CA = 1 << 20 };

/* The files, in order of precedence. */
struct kubeconfig_files {
	struct vs_kfile *v;
	size_t n, cap;
	struct vs_buf looked; /* "'a', 'b'": where they may be */
};

static void
kubeconfig_free_files(struct kubeconfig_files *f)
{
	while (f->n > 0)
		vs_kfile_free(&f->v[--f->n]);
	free(f->v);
	vs_buf_free(&f->looked);
}

static bool
kubeconfig_known(const struct kubeconfig_files *f, const char *path)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->v[i].path, path) == 0)
			return true;
	return false;
}

/* A missing file is skipped, unless it was asked for. */
static int
kubeconfig_add(struct kubeconfig_files *f, const char *path, bool asked, struct vs_err *err)
{
	if (*path == '\0' || kubeconfig_known(f, path))
		return 0;
	vs_buf_fmt(&f->looked, "%s'%s'", f->looked.len ? ", " : "", path);
	if (!asked && access(path, F_OK) < 0 && errno == ENOENT)
		return 0;
	vs_grow(f->v, f->n, f->cap);
	if (vs_kfile_read(&f->v[f->n], path, err) < 0)
		return -1;
	f->n++;
	return 0;
}

static int
kubeconfig_add_list(struct kubeconfig_files *f, const char *list, struct vs_err *err)
{
	VS_FREE char *copy = vs_strdup(list);
	char *at = copy, *path;

	while ((path = strsep(&at, ":")) != NULL)
		if (kubeconfig_add(f, path, false, err) < 0)
			return -1;
	return 0;
}

static int
kubeconfig_find_files(struct kubeconfig_files *f, const char *asked, struct vs_err *err)
{
	const char *list = getenv("KUBECONFIG");
	const char *home = getenv("HOME");
	VS_FREE char *path = NULL;

	if (asked)
		return kubeconfig_add(f, asked, true, err);
	if (list && *list)
		return kubeconfig_add_list(f, list, err);
	if (home == NULL || *home == '\0') {
		const struct passwd *pw = getpwuid(getuid());

		home = pw ? pw->pw_dir : "/";
	}
	path = vs_printf("%s/.kube/config", home);
	return kubeconfig_add(f, path, false, err);
}

/* The entry of that name under "clusters", "users" or "contexts", and in it the
 * mapping under what ("cluster").  1: found; 0: not found.  The first file with that
 * name wins: entries of two files are not merged. */
static int
kubeconfig_entry(struct kubeconfig_files *f, const char *section, const char *what,
	const char *name, struct vs_kmap *to, struct vs_err *err)
{
	for (size_t k = 0; k < f->n; k++) {
		struct vs_kmap root = vs_kfile_root(&f->v[k]), item = { 0 };
		bool found = false;
		const char *its;
		int is, named;

		while ((is = vs_kmap_next(root, section, &item, err)) > 0) {
			named = vs_kmap_str(item, "name", &its, err);
			if (named < 0)
				return -1;
			if (!named || strcmp(its, name) != 0)
				continue;
			if (found)
				return vs_kmap_fail(item, err, "duplicate %s '%s'", what, name);
			found = true;
			*to = (struct vs_kmap){ &f->v[k], NULL };
			if (vs_kmap_map(item, what, to, err) < 0)
				return -1;
		}
		if (is < 0)
			return -1;
		if (found)
			return 1;
	}
	return 0;
}

/* The contexts, for a message. */
static void
kubeconfig_contexts(struct kubeconfig_files *f, struct vs_candidates *to)
{
	struct vs_err ignored;

	for (size_t k = 0; k < f->n; k++) {
		struct vs_kmap root = vs_kfile_root(&f->v[k]), item = { 0 };
		const char *name;

		while (vs_kmap_next(root, "contexts", &item, &ignored) > 0)
			if (vs_kmap_str(item, "name", &name, &ignored) > 0)
				vs_candidates_add(to, "'%s'", name);
	}
}

static int
kubeconfig_current_context(struct kubeconfig_files *f, const char **to, struct vs_err *err)
{
	for (size_t k = 0; k < f->n; k++) {
		int is = vs_kmap_str(vs_kfile_root(&f->v[k]), "current-context", to, err);

		if (is < 0)
			return -1;
		if (is > 0 && **to)
			return 1;
	}
	return 0;
}

/* The string under key of the context, which is required. */
static int
kubeconfig_member(struct vs_kmap context, const char *name, const char *key, const char **to,
	struct vs_err *err)
{
	int is = vs_kmap_str(context, key, to, err);

	if (is < 0)
		return -1;
	if (is == 0 || **to == '\0')
		return vs_fail(err, VS_ERR_USAGE, "%s: context '%s' has no %s", context.file->path,
			name, key);
	return 0;
}

/* An error whose message lists the contexts; name: the missing one, or NULL: none is
 * current. */
static int
kubeconfig_fail_context(struct kubeconfig_files *f, const char *name, struct vs_err *err)
{
	VS_CANDIDATES_FREE struct vs_candidates all = VS_CANDIDATES_INIT;
	const char *text;

	kubeconfig_contexts(f, &all);
	text = all.n ? vs_candidates_text(&all) : "none";
	if (name)
		return vs_fail(err, VS_ERR_NOT_FOUND, "no context '%s' in %s (contexts: %s)", name,
			f->looked.s, text);
	return vs_fail(err, VS_ERR_USAGE,
		"no current-context in %s: choose one with --context (contexts: %s)", f->looked.s,
		text);
}

static int
kubeconfig_choose(struct kubeconfig_files *f, const char *asked, const char **name,
	struct vs_kmap *context, struct vs_err *err)
{
	int is = 1;

	*name = asked;
	if (asked == NULL)
		is = kubeconfig_current_context(f, name, err);
	if (is == 0)
		return kubeconfig_fail_context(f, NULL, err);
	if (is > 0)
		is = kubeconfig_entry(f, "contexts", "context", *name, context, err);
	if (is == 0)
		return kubeconfig_fail_context(f, *name, err);
	return is < 0 ? -1 : 0;
}

static int
kubeconfig_by_files(
	struct kubeconfig_files *f, const char *asked, struct vs_kubeconf *c, struct vs_err *err)
{
	struct vs_kmap context, cluster, user;
	const char *name, *cluster_name, *user_name;
	int is;

	if (kubeconfig_choose(f, asked, &name, &context, err) < 0
		|| kubeconfig_member(context, name, "cluster", &cluster_name, err) < 0
		|| kubeconfig_member(context, name, "user", &user_name, err) < 0)
		return -1;
	is = kubeconfig_entry(f, "clusters", "cluster", cluster_name, &cluster, err);
	if (is == 0)
		return vs_fail(err, VS_ERR_USAGE,
			"%s: context '%s' refers to cluster '%s', which does not exist",
			context.file->path, name, cluster_name);
	if (is < 0 || vs_kubeconf_cluster(cluster, c, err) < 0)
		return is < 0 ? -1 : vs_wrap(err, "cluster '%s'", cluster_name);
	is = kubeconfig_entry(f, "users", "user", user_name, &user, err);
	if (is == 0)
		return vs_fail(err, VS_ERR_USAGE,
			"%s: context '%s' refers to user '%s', which does not exist",
			context.file->path, name, user_name);
	if (is < 0 || vs_kubeconf_user(user, c, err) < 0)
		return is < 0 ? -1 : vs_wrap(err, "user '%s'", user_name);
	c->from = vs_printf("context '%s' of %s", name, context.file->path);
	return 0;
}

/* The service account that Kubernetes gives every pod.  1: there is one; 0: none. */
static int
kubeconfig_in_cluster(const char *dir, struct vs_kubeconf *c, struct vs_err *err)
{
	const char *host = getenv("KUBERNETES_SERVICE_HOST");
	const char *port = getenv("KUBERNETES_SERVICE_PORT");
	VS_FREE char *ca = vs_printf("%s/ca.crt", dir);
	VS_BUF_FREE struct vs_buf pem = { .s = vs_buf_empty, .max = MAX_CA };
	bool v6 = host && strchr(host, ':');

	c->token_file = vs_printf("%s/token", dir);
	if (host == NULL || port == NULL || *host == '\0' || *port == '\0'
		|| access(c->token_file, R_OK) < 0)
		return 0;
	if (vs_read_file(ca, "the cluster's CA", &pem, err) < 0)
		return -1;
	c->ca = vs_buf_take(&pem);
	c->server = vs_printf("https://%s%s%s:%s", v6 ? "[" : "", host, v6 ? "]" : "", port);
	c->from = vs_strdup("the service account of this pod");
	return 1;
}

/* A file without contexts and clusters is ignored, as by kubectl. */
static bool
kubeconfig_empty(struct kubeconfig_files *f)
{
	struct vs_err err;

	for (size_t k = 0; k < f->n; k++) {
		struct vs_kmap root = vs_kfile_root(&f->v[k]);
		struct vs_kmap a = { 0 }, b = { 0 };
		const char *s = "";

		if (vs_kmap_next(root, "contexts", &a, &err) != 0
			|| vs_kmap_next(root, "clusters", &b, &err) != 0
			|| vs_kmap_str(root, "current-context", &s, &err) < 0 || *s)
			return false;
	}
	return true;
}

static int
kubeconfig_load(struct kubeconfig_files *f, const struct vs_kubeask *ask, struct vs_kubeconf *c,
	struct vs_err *err)
{
	const char *account =
		ask->account ? ask->account : "/var/run/secrets/kubernetes.io/serviceaccount";
	int is;

	if (kubeconfig_find_files(f, ask->file, err) < 0)
		return -1;
	if (ask->file || ask->context || !kubeconfig_empty(f))
		return kubeconfig_by_files(f, ask->context, c, err);
	is = kubeconfig_in_cluster(account, c, err);
	if (is == 0)
		return vs_fail(err, VS_ERR_NOT_FOUND,
			"no kubeconfig in %s: set one with --kubeconfig or KUBECONFIG (an RKE2 server has /etc/rancher/rke2/rke2.yaml)",
			f->looked.s);
	return is < 0 ? -1 : 0;
}

int
vs_kubeconf_load(const struct vs_kubeask *ask, struct vs_kubeconf *c, struct vs_err *err)
{
	struct kubeconfig_files f = { .looked = VS_BUF_INIT };
	int bad;

	*c = (struct vs_kubeconf){ 0 };
	bad = kubeconfig_load(&f, ask, c, err);
	kubeconfig_free_files(&f);
	if (bad)
		vs_kubeconf_free(c);
	return bad;
}
