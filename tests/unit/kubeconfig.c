/* SPDX-License-Identifier: Apache-2.0 */
/* kubeconfig: found, merged and read as kubectl does. */
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "kube/kubeconfig.h"
#include "tap.h"

static char dir[] = "/tmp/kubeconfig.XXXXXX";
static struct vs_kubeconf c;
static struct vs_err err;

/* A file of the test's folder; \1 in the text stands for the folder. */
static char *
file(const char *name, const char *text)
{
	char *path = vs_printf("%s/%s", dir, name);
	struct vs_buf b = VS_BUF_INIT;

	for (; *text; text++) {
		if (*text == '\1')
			vs_buf_str(&b, dir);
		else
			vs_buf_ch(&b, *text);
	}
	if (vs_write_file(path, b.s, b.len, 0600, &err) < 0)
		printf("# %s\n", err.msg);
	vs_buf_free(&b);
	return path;
}

static int
load(const char *path, const char *context)
{
	struct vs_kubeask ask = { .file = path, .context = context, .account = dir };

	vs_kubeconf_free(&c);
	memset(&err, 0, sizeof err);
	return vs_kubeconf_load(&ask, &c, &err);
}

/* Loads text as the one file; the message is in err. */
static int
text(const char *t)
{
	VS_FREE char *path = file("text", t);

	return load(path, NULL);
}

static void
says(const char *want, const char *name)
{
	if (!tap_ok(strstr(err.msg, want) != NULL, name, __FILE__, __LINE__))
		printf("# got  '%s'\n# want '%s'\n", err.msg, want);
}

#define HEAD \
	"apiVersion: v1\nkind: Config\ncurrent-context: c\n" \
	"contexts:\n- {name: c, context: {cluster: k, user: u}}\n"
#define CLUSTER	  "clusters:\n- {name: k, cluster: {server: 'https://h:1'}}\n"
#define USER(x)	  "users:\n- name: u\n  user: {" x "}\n"
#define ONE(x)	  HEAD CLUSTER USER(x)
#define SERVER(x) HEAD "clusters:\n- name: k\n  cluster: {" x "}\n" USER("")
#define PEM	  "-----BEGIN X-----\\n"
#define PEM64	  "LS0tLS1CRUdJTiBYLS0tLS0K" /* of "-----BEGIN X-----\n" */

static void
plain(void)
{
	ok(text(ONE("token: secret")) == 0, "a plain file");
	is(c.server, "https://h:1", "its server");
	is(c.token, "secret", "its token");
	ok(c.cert == NULL && c.exec == NULL && !c.insecure, "and nothing else");
	ok(strstr(c.from, "context 'c' of ") == c.from, "says where it is from");

	ok(text("{\"current-context\": \"c\", \"contexts\": [{\"name\": \"c\",\t\"context\": {\"cluster\": \"k\", \"user\": \"u\"}}],\"clusters\": [{\"name\": \"k\", \"cluster\":{\"server\": \"https:\\/\\/h:2\\/\"}}],\"users\": [{\"name\": \"u\", \"user\": {\"token\": \"t\\u0041\"}}]}")
			== 0,
		"JSON is as good");
	is(c.server, "https://h:2", "a slash at the end goes");
	is(c.token, "tA", "JSON escapes are read");

	ok(text(HEAD CLUSTER "users:\n- {name: u}\n") == 0 && c.token == NULL,
		"a user with nothing is anonymous");
	ok(text(HEAD "clusters:\n- name: k\n  cluster:\n    server: https://h:1\n"
		     "    certificate-authority-data: " PEM64 "\n"
		     "    tls-server-name: api\n    proxy-url: socks5://p:1\n"
		     "    extensions: [1, 2]\n" USER(""))
			== 0,
		"a cluster with all");
	is(c.ca, "-----BEGIN X-----\n", "the CA is decoded");
	is(c.server_name, "api", "tls-server-name");
	is(c.proxy, "socks5://p:1", "proxy-url");
	ok(text(SERVER("server: 'https://h', insecure-skip-tls-verify: true")) == 0 && c.insecure,
		"insecure-skip-tls-verify");
}

static void
users(void)
{
	free(file("a.pem", "-----BEGIN FILE-----\n"));
	ok(text(ONE("client-certificate-data: " PEM64 ", client-key: a.pem")) == 0,
		"certificate inline, key by a file beside the kubeconfig");
	is(c.cert, "-----BEGIN X-----\n", "the certificate");
	is(c.key, "-----BEGIN FILE-----\n", "the key");
	ok(text(ONE("client-certificate: \1/a.pem, client-certificate-data: " PEM64
		    ", client-key-data: " PEM64))
				== 0
			&& strcmp(c.cert, "-----BEGIN X-----\n") == 0,
		"data goes before a file");
	ok(text(ONE("tokenFile: t/ken, token: old")) == 0 && strcmp(c.token, "old") == 0,
		"token and tokenFile");
	ok(c.token_file && strncmp(c.token_file, dir, strlen(dir)) == 0
			&& strcmp(c.token_file + strlen(dir), "/t/ken") == 0,
		"tokenFile is relative to its file, and need not be there yet");
	ok(text(ONE("username: u, password: p")) == 0 && strcmp(c.password, "p") == 0,
		"user name and password");
	ok(text(ONE("token: t, as: a, as-groups: [g, h], as-uid: '7'")) == 0, "impersonation");
	is(c.headers,
		"Impersonate-User: a\nImpersonate-Uid: 7\n"
		"Impersonate-Group: g\nImpersonate-Group: h\n",
		"its headers");
	ok(text(ONE(
		   "exec: {apiVersion: client.authentication.k8s.io/v1, command: bin/x, args: [a, 'b c'], env: [{name: N, value: V}, {name: M}], interactiveMode: Never, provideClusterInfo: true, installHint: get it}"))
				== 0
			&& c.exec,
		"an exec plugin");
	ok(c.exec && strncmp(c.exec->command, dir, strlen(dir)) == 0
			&& strcmp(c.exec->command + strlen(dir), "/bin/x") == 0,
		"a command with a slash is relative to its file");
	is(c.exec ? c.exec->args.v[1] : NULL, "b c", "args");
	is(c.exec ? c.exec->env.v[0] : NULL, "N=V", "env");
	is(c.exec ? c.exec->env.v[1] : NULL, "M=", "env without a value");
	ok(c.exec && c.exec->interactive == VS_KEXEC_NEVER && c.exec->cluster_info, "its switches");
	ok(text(ONE("exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: aws}")) == 0
			&& strcmp(c.exec->command, "aws") == 0 && c.exec->args.n == 0,
		"a bare command is left to PATH");
}

static const struct {
	const char *text, *says;
} wrong[] = {
	{ "[1]", "not a kubeconfig" },
	{ "a: b\n\tc: d", "/text:2: " },
	{ "a: [", "/text:2: " },
	{ ONE("token: {a: b}"), "'token' must be a string" },
	{ ONE("token: [a]"), "'token' must be a string" },
	{ ONE("token: a, token: b"), "duplicate key 'token', first in line 10" },
	{ HEAD "clusters: {}\n", "'clusters' must be a list" },
	{ HEAD "clusters: [x]\n", "an item of 'clusters' must be a mapping" },
	{ HEAD, "refers to cluster 'k', which does not exist" },
	{ HEAD CLUSTER, "refers to user 'u', which does not exist" },
	{ "current-context: c\ncontexts:\n- {name: c, context: {user: u}}\n",
		"context 'c' has no cluster" },
	{ "current-context: c\ncontexts:\n- {name: c}\n", "context 'c' has no cluster" },
	{ "contexts:\n- {name: a}\n- {name: b}\n",
		"choose one with --context (contexts: 'a', 'b')" },
	{ HEAD "clusters:\n- {name: k}\n", "no 'server'" },
	{ SERVER("server: 'h:6443'"), "must begin with https://" },
	{ SERVER("server: 'https://u:p@h:6443'"), "must not contain a user name or password" },
	{ SERVER("server: 'https://h', insecure-skip-tls-verify: maybe"), "must be true or false" },
	{ SERVER("server: 'https://h', insecure-skip-tls-verify: true, certificate-authority-data: " PEM64),
		"mutually exclusive" },
	{ SERVER("server: 'https://h', certificate-authority-data: '*!'"),
		"'certificate-authority-data'" },
	{ SERVER("server: 'https://h', certificate-authority-data: aGk="), "is not PEM" },
	{ SERVER("server: 'https://h', certificate-authority: none.pem"),
		"cannot read certificate-authority" },
	{ SERVER("server: 'https://h', proxy-url: 'ftp://x'"), "'proxy-url'" },
	{ ONE("client-certificate-data: " PEM64), "without 'client-key'" },
	{ ONE("client-key-data: " PEM64), "without 'client-certificate'" },
	{ ONE("token: a, username: b"), "a token and a user name are mutually exclusive" },
	{ ONE("as-groups: [g]"), "need 'as'" },
	{ ONE("as: \"a\\nX: y\""), "control character in the value for Impersonate-User" },
	{ ONE("token: \"a\\0b\""), "NUL" },
	{ ONE("auth-provider: {name: gcp}"), "use an 'exec' plugin" },
	{ ONE("exec: {apiVersion: client.authentication.k8s.io/v1}"), "needs a 'command'" },
	{ ONE("exec: {command: x}"), "apiVersion" },
	{ ONE("exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}"),
		"v1alpha1" },
	{ ONE("exec: {apiVersion: client.authentication.k8s.io/v1, command: x, env: [{value: v}]}"),
		"needs a 'name'" },
	{ ONE("exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Often}"),
		"'Often'" },
	{ HEAD CLUSTER "users:\n- {name: u}\n- {name: u}\n", "duplicate user 'u'" },
};

static void
errors(void)
{
	VS_FREE char *missing = vs_printf("%s/missing/config", dir);

	for (size_t i = 0; i < VS_LEN(wrong); i++) {
		int bad = text(wrong[i].text);

		ok(bad == -1 && err.code == VS_ERR_USAGE, "refused, status 2");
		says(wrong[i].says, wrong[i].says);
		ok(strstr(err.msg, dir) != NULL, "and the file is named");
	}
	text(HEAD CLUSTER "users:\n- name: u\n  user:\n    token: [secret]\n");
	says("/text:11: 'token'", "the line is named");
	ok(strstr(err.msg, "secret") == NULL, "no value is");
	ok(load(missing, NULL) < 0 && err.code == VS_ERR_NOT_FOUND,
		"--kubeconfig must be there: 3");
}

#define NAMED(k, u) "contexts:\n- {name: " k ", context: {cluster: " k ", user: " u "}}\n"

static void
merging(void)
{
	VS_FREE char *a = file("a",
		NAMED("one",
			"u") "clusters:\n- {name: one, cluster: {server: 'https://first:1'}}\n");
	VS_FREE char *b = file("b",
		"current-context: two\n" NAMED("two",
			"u") "clusters:\n- {name: one, cluster: {server: 'https://second:1', tls-server-name: x}}\n- {name: two, cluster: {server: 'https://two:1'}}\nusers:\n- {name: u, user: {token: from-b}}\n");
	VS_FREE char *list = vs_printf(":%s/missing:%s:%s:%s", dir, a, b, a);
	VS_FREE char *missing = vs_printf("%s/missing", dir);

	setenv("KUBECONFIG", list, 1);
	ok(load(NULL, NULL) == 0, "KUBECONFIG: a list, missing ones passed over");
	is(c.server, "https://two:1", "current-context: the first there is");
	ok(load(NULL, "one") == 0, "--context");
	is(c.server, "https://first:1", "the first file that has an entry wins");
	is(c.server_name, NULL, "and wins it whole");
	is(c.token, "from-b", "the user comes from another file");
	ok(load(NULL, "three") < 0 && err.code == VS_ERR_NOT_FOUND, "no such context: 3");
	says("no context 'three'", "which one");
	says("(contexts: 'one', 'two')", "and which there are");
	ok(load(b, "one") == -1, "--kubeconfig: nothing is merged");
	says("no context 'one'", "so the other file's context is not there");
	setenv("KUBECONFIG", missing, 1);
	ok(load(NULL, NULL) < 0 && err.code == VS_ERR_NOT_FOUND, "nothing at all: 3");
	says(missing, "where it was looked for");
	says("/etc/rancher/rke2/rke2.yaml", "and what may help");
	unsetenv("KUBECONFIG");
}

/* More files than anybody has, and more contexts than a message lists. */
static void
many(void)
{
	VS_BUF_FREE struct vs_buf list = VS_BUF_INIT;

	for (int i = 0; i < 100; i++) {
		VS_FREE char *name = vs_printf("many-%d", i);
		VS_FREE char *content = vs_printf(
			"contexts:\n- {name: c%d, context: {cluster: c%d, user: u}}\nclusters:\n- {name: c%d, cluster: {server: 'https://h%d:1'}}\n",
			i, i, i, i);
		VS_FREE char *path = file(name, content);

		vs_buf_fmt(&list, "%s%s", i ? ":" : "", path);
	}
	free(file("many-99",
		"contexts:\n- {name: c99, context: {cluster: c0, user: u}}\nusers:\n- {name: u}\n"));
	setenv("KUBECONFIG", list.s, 1);
	ok(load(NULL, "c99") == 0, "a hundred files");
	is(c.server, "https://h0:1", "and the last of them is read");
	setenv("KUBECONFIG", strrchr(list.s, ':') + 1, 1);
	free(file("many-99",
		"contexts: [{name: a}, {name: b}, {name: c}, {name: d}, {name: e}, {name: f}, {name: g}, {name: h}, {name: i}, {name: j}]\n"));
	ok(load(NULL, "x") < 0, "ten contexts");
	says("(contexts: 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h' and 2 more)", "eight are listed");
	unsetenv("KUBECONFIG");
}

static void
sizes(void)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	vs_buf_str(&b,
		HEAD
		"users:\n- {name: u}\nclusters:\n- name: k\n  cluster: {server: 'https://h', certificate-authority-data: " PEM64);
	/* three bytes each */
	for (int i = 0; i < (1 << 20) / 3; i++)
		vs_buf_str(&b, "QUFB");
	vs_buf_str(&b, "}\n");
	ok(text(b.s) < 0 && err.code == VS_ERR_USAGE, "more than a megabyte of PEM");
	says("'certificate-authority-data' is larger than 1024 KiB", "is not cut off");
}

static void
places(void)
{
	VS_FREE char *kube = vs_printf("%s/.kube", dir);

	setenv("HOME", dir, 1);
	unsetenv("KUBERNETES_SERVICE_HOST");
	ok(load(NULL, NULL) < 0, "an empty home");
	says("/.kube/config", "names ~/.kube/config");
	free(file("token", "t"));
	free(file("ca.crt", "-----BEGIN CA-----\n"));
	setenv("KUBERNETES_SERVICE_HOST", "fd00::1", 1);
	setenv("KUBERNETES_SERVICE_PORT", "443", 1);
	ok(load(NULL, NULL) == 0, "in a cluster");
	is(c.server, "https://[fd00::1]:443", "its server; IPv6 in brackets");
	is(c.ca, "-----BEGIN CA-----\n", "its CA");
	ok(c.token_file && strcmp(c.token_file + strlen(dir), "/token") == 0,
		"its token, by the file");
	mkdir(kube, 0700);
	free(file(".kube/config",
		"apiVersion: v1\nkind: Config\ncontexts: []\n"
		"current-context: \"\"\nclusters: null\n"));
	ok(load(NULL, NULL) == 0 && c.token_file, "an empty kubeconfig is none");
	ok(load(NULL, "x") < 0, "but --context asks for a kubeconfig");
	free(file(".kube/config", ONE("token: home")));
	ok(load(NULL, NULL) == 0 && c.token && strcmp(c.token, "home") == 0,
		"~/.kube/config goes before the cluster's");
	unsetenv("KUBERNETES_SERVICE_HOST");
}

static int
drop(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	return remove(path);
}

int
main(void)
{
	if (mkdtemp(dir) == NULL)
		return 1;
	unsetenv("KUBECONFIG");
	plain();
	users();
	errors();
	merging();
	many();
	sizes();
	places();
	vs_kubeconf_free(&c);
	nftw(dir, drop, 8, FTW_DEPTH | FTW_PHYS);
	return done();
}
