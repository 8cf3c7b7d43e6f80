/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/mem.h"
#include "kube/kubeconfig.h"

enum { MAX_FILES = 64, NAMES_SHOWN = 8 };

/* The files, in the order in which they win. */
struct files {
	struct vs_kfile v[MAX_FILES];
	size_t n;
	struct vs_buf looked; /* "'a', 'b'": where they should be */
};

static void
kubeconfig_free_files(struct files *f)
{
	while (f->n > 0)
		vs_kfile_free(&f->v[--f->n]);
	vs_buf_free(&f->looked);
}

static bool
kubeconfig_known(const struct files *f, const char *path)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->v[i].path, path) == 0)
			return true;
	return false;
}

/* One that is not there is passed over, unless it was asked for. */
static int
kubeconfig_add(struct files *f, const char *path, bool asked, struct vs_err *err)
{
	if (*path == '\0' || kubeconfig_known(f, path))
		return 0;
	vs_buf_fmt(&f->looked, "%s'%s'", f->looked.len ? ", " : "", path);
	if (f->n == MAX_FILES)
		return vs_fail(err, VS_ERR_USAGE, "more than %d kubeconfig files", MAX_FILES);
	if (!asked && access(path, F_OK) < 0 && errno == ENOENT)
		return 0;
	if (vs_kfile_read(&f->v[f->n], path, err) < 0)
		return -1;
	f->n++;
	return 0;
}

static int
kubeconfig_add_list(struct files *f, const char *list, struct vs_err *err)
{
	VS_FREE char *copy = vs_strdup(list);
	char *at = copy, *path;

	while ((path = strsep(&at, ":")) != NULL)
		if (kubeconfig_add(f, path, false, err) < 0)
			return -1;
	return 0;
}

static int
kubeconfig_find_files(struct files *f, const char *asked, struct vs_err *err)
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

/* The entry of that name under "clusters", "users" or "contexts", and in it
 * the mapping under what ("cluster").  The first file that has the name wins
 * whole: nothing is mixed from two files. */
static int
kubeconfig_entry(struct files *f, const char *section, const char *what, const char *name,
	struct vs_kmap *to, struct vs_err *err)
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
				return vs_kmap_fail(
					item, err, "%s '%s' stands here twice", what, name);
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

/* " (there are: a, b)" of a section, for a message. */
static void
kubeconfig_names(struct files *f, const char *section, struct vs_buf *b)
{
	struct vs_err err;
	size_t n = 0;

	for (size_t k = 0; k < f->n; k++) {
		struct vs_kmap root = vs_kfile_root(&f->v[k]), item = { 0 };
		const char *name;

		while (vs_kmap_next(root, section, &item, &err) > 0)
			if (vs_kmap_str(item, "name", &name, &err) > 0 && n++ < NAMES_SHOWN)
				vs_buf_fmt(b, "%s'%s'", n == 1 ? "" : ", ", name);
	}
	if (n > NAMES_SHOWN)
		vs_buf_fmt(b, ", %zu more", n - NAMES_SHOWN);
	if (n == 0)
		vs_buf_str(b, "none");
}

static int
kubeconfig_current_context(struct files *f, const char **to, struct vs_err *err)
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

/* The string under key of the context, which must be there. */
static int
kubeconfig_member(struct vs_kmap context, const char *name, const char *key, const char **to,
	struct vs_err *err)
{
	int is = vs_kmap_str(context, key, to, err);

	if (is < 0)
		return -1;
	if (is == 0 || **to == '\0')
		return vs_fail(err, VS_ERR_USAGE, "%s: context '%s' names no %s",
			context.file->path, name, key);
	return 0;
}

static int
kubeconfig_choose(struct files *f, const char *asked, const char **name, struct vs_kmap *context,
	struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf there = VS_BUF_INIT;
	int is = 1;

	*name = asked;
	if (asked == NULL)
		is = kubeconfig_current_context(f, name, err);
	if (is < 0)
		return -1;
	kubeconfig_names(f, "contexts", &there);
	if (is == 0)
		return vs_fail(err, VS_ERR_USAGE,
			"no current-context in %s: choose one by --context (there are: %s)",
			f->looked.s, there.s);
	is = kubeconfig_entry(f, "contexts", "context", *name, context, err);
	if (is == 0)
		return vs_fail(err, VS_ERR_NOT_FOUND, "no context '%s' in %s (there are: %s)",
			*name, f->looked.s, there.s);
	return is < 0 ? -1 : 0;
}

static int
kubeconfig_by_files(struct files *f, const char *asked, struct vs_kubeconf *c, struct vs_err *err)
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
			"%s: context '%s' names the cluster '%s', which is not there",
			context.file->path, name, cluster_name);
	if (is < 0 || vs_kubeconf_cluster(cluster, c, err) < 0)
		return is < 0 ? -1 : vs_wrap(err, "cluster '%s'", cluster_name);
	is = kubeconfig_entry(f, "users", "user", user_name, &user, err);
	if (is == 0)
		return vs_fail(err, VS_ERR_USAGE,
			"%s: context '%s' names the user '%s', who is not there",
			context.file->path, name, user_name);
	if (is < 0 || vs_kubeconf_user(user, c, err) < 0)
		return is < 0 ? -1 : vs_wrap(err, "user '%s'", user_name);
	c->from = vs_printf("context '%s' of %s", name, context.file->path);
	return 0;
}

/* What Kubernetes gives every pod. */
static int
kubeconfig_in_cluster(const char *dir, struct vs_kubeconf *c, struct vs_err *err)
{
	const char *host = getenv("KUBERNETES_SERVICE_HOST");
	const char *port = getenv("KUBERNETES_SERVICE_PORT");
	VS_FREE char *ca = vs_printf("%s/ca.crt", dir);
	VS_BUF_FREE struct vs_buf pem = { .s = vs_buf_empty, .max = 1 << 20 };
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

/* A file with nothing in it counts as none, as it does for kubectl. */
static bool
kubeconfig_empty(struct files *f)
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
kubeconfig_load(
	struct files *f, const struct vs_kubeask *ask, struct vs_kubeconf *c, struct vs_err *err)
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
			"no kubeconfig: nothing in %s: give one by --kubeconfig or KUBECONFIG (an RKE2 server has /etc/rancher/rke2/rke2.yaml)",
			f->looked.s);
	return is < 0 ? -1 : 0;
}

int
vs_kubeconf_load(const struct vs_kubeask *ask, struct vs_kubeconf *c, struct vs_err *err)
{
	struct files *f = vs_alloc(1, sizeof *f);
	int bad;

	*c = (struct vs_kubeconf){ 0 };
	f->looked = (struct vs_buf)VS_BUF_INIT;
	bad = kubeconfig_load(f, ask, c, err);
	kubeconfig_free_files(f);
	free(f);
	if (bad)
		vs_kubeconf_free(c);
	return bad;
}
