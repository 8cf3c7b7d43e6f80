/* SPDX-License-Identifier: Apache-2.0 */
/* A kubeconfig, a line "---", and what its exec plugin prints.  What is read of it opens a
 * client, which connects to nothing. */
#include <string.h>

#include "base/mem.h"
#include "fuzz.h"
#include "kube/auth.h"
#include "kube/client.h"
#include "kube/kubeconfig.h"
#include "text/yaml.h"

#define SECRET "S3CRET"

static const char *const secret_keys[] = { "token", "password", "client-key-data",
	"client-certificate-data", "certificate-authority-data", "value", "args" };

static bool
is_secret(const char *key)
{
	for (size_t i = 0; key && i < VS_LEN(secret_keys); i++)
		if (strcmp(key, secret_keys[i]) == 0)
			return true;
	return false;
}

/* The word stands where it is not a secret. */
static bool
elsewhere(const struct vs_tree *n)
{
	if (n == NULL || (n->key && strstr(n->key, SECRET)))
		return n != NULL;
	if (is_secret(n->key))
		return false;
	if (n->kind == VS_TREE_SCALAR)
		return n->text && strstr(n->text, SECRET) != NULL;
	for (const struct vs_tree *c = n->child; c; c = c->next)
		if (elsewhere(c))
			return true;
	return false;
}

static void
refused(const struct vs_err *err, bool quiet)
{
	must(err->code == VS_ERR_USAGE || err->code == VS_ERR_UNREACHABLE, "the code of an error");
	must(err->msg[0], "an error has a message");
	must(!quiet || strstr(err->msg, SECRET) == NULL, "which shows no secret");
}

/* The headers of a request: lines, each with a name. */
static void
headers(const struct vs_kauth *a, bool quiet)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_SECRET;
	struct vs_err err = { 0 };

	if (vs_kauth_headers(a, &b, &err) < 0) {
		refused(&err, quiet);
		return;
	}
	for (const char *s = b.s; *s;) {
		size_t n = strcspn(s, "\n");

		must(s[n] == '\n' && memchr(s, ':', n), "a header is a line with a name");
		must(strncmp(s, "Authorization: ", 15) == 0 || strncmp(s, "Impersonate-", 12) == 0,
			"and is one of ours");
		must(memchr(s, '\r', n) == NULL, "without CR");
		s += n + 1;
	}
}

static void
answered(const struct vs_kubeconf *conf, const char *s, size_t n, bool quiet)
{
	struct vs_kauth a = { .conf = conf };
	VS_BUF_FREE struct vs_buf out = VS_BUF_SECRET;
	struct vs_err err = { 0 };

	vs_buf_add(&out, s, n);
	if (conf->exec && vs_kauth_take(&a, &out, &err) < 0) {
		/* apiVersion and kind are compared, not quoted */
		refused(&err, quiet);
	} else {
		must(!a.cert == !a.key, "a certificate has a key");
		headers(&a, quiet);
	}
	vs_kauth_free(&a);
}

static void
opened(struct vs_kubeconf *conf, bool quiet)
{
	struct vs_err err = { 0 };
	struct vs_loop *l = vs_loop_new(&err);
	struct vs_kube *k = vs_kube_open(l, conf, &err);

	if (k == NULL)
		refused(&err, quiet);
	vs_kube_close(k);
	vs_loop_free(l);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *s = (const char *)data;
	const char *cut = memmem(s, n, "\n---\n", 5);
	size_t len = cut ? (size_t)(cut - s) : n;
	/* relative paths lead nowhere */
	struct vs_kfile f = { .path = vs_strdup("/nonexistent/config") };
	struct vs_kubeconf conf = { 0 };
	struct vs_kmap cluster = { 0 }, user = { 0 }, root;
	struct vs_err err = { 0 };
	bool quiet;

	/* others could block, or be anything */
	if (memmem(s, len, ": /", 3) || memmem(s, len, ":/", 2) != memmem(s, len, "://", 3)
		|| memmem(s, len, "\"/", 2) || memmem(s, len, "'/", 2)
		|| vs_yaml_read(&f.doc, s, len, f.path, &err) < 0) {
		vs_kfile_free(&f);
		return 0;
	}
	root = vs_kfile_root(&f);
	quiet = !elsewhere(f.doc.root);
	if (f.doc.root == NULL || f.doc.root->kind != VS_TREE_MAP
		|| vs_kmap_map(root, "cluster", &cluster, &err) <= 0
		|| vs_kmap_map(root, "user", &user, &err) <= 0) {
		vs_kfile_free(&f);
		return 0;
	}
	if (vs_kubeconf_cluster(cluster, &conf, &err) < 0
		|| vs_kubeconf_user(user, &conf, &err) < 0) {
		refused(&err, quiet);
	} else {
		must(conf.server && !conf.cert == !conf.key, "a server; both or neither");
		conf.from = vs_strdup("context 'c' of f");
		if (cut)
			answered(&conf, cut + 5, n - len - 5, quiet);
		opened(&conf, quiet);
	}
	vs_kubeconf_free(&conf);
	vs_kfile_free(&f);
	return 0;
}
