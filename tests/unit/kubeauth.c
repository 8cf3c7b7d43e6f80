/* SPDX-License-Identifier: Apache-2.0 */
/* Who we are, in headers; and the patches that mark a Node. */
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "kube/auth.h"
#include "kube/node_patch.h"
#include "kube/object.h"
#include "tap.h"
#include "text/json.h"

static struct vs_err err;

/* The headers for conf; "" and the message in err when there are none. */
static char *
headers(struct vs_kubeconf *c, const char *exec_token)
{
	struct vs_kauth a = { .conf = c, .token = vs_strdup(exec_token) };
	struct vs_buf b = VS_BUF_INIT;

	memset(&err, 0, sizeof err);
	if (vs_kauth_headers(&a, &b, &err) < 0)
		vs_buf_cut(&b, 0);
	vs_kauth_free(&a);
	return vs_buf_take(&b);
}

#define HEADERS(want, name, ...) \
	do { \
		struct vs_kubeconf c_ = { __VA_ARGS__ }; \
		if (c_.server == NULL) \
			c_.server = (char *)"https://h"; \
		VS_FREE char *got_ = headers(&c_, NULL); \
		is(got_, want, name); \
	} while (0)

static void
who(void)
{
	char path[] = "/tmp/kubeauth.XXXXXX";
	VS_CLOSEFD int fd = mkstemp(path);
	struct vs_kubeconf c = { .server = (char *)"https://h", .token = (char *)"t" };
	VS_FREE char *got = headers(&c, "from-exec");

	is(got, "Authorization: Bearer from-exec\n", "an exec plugin goes first");
	HEADERS("", "nobody", .token = NULL);
	HEADERS("Authorization: Bearer t\n", "a token", .token = (char *)"t");
	HEADERS("Impersonate-User: u\nAuthorization: Bearer t\n", "impersonation",
		.token = (char *)"t", .headers = (char *)"Impersonate-User: u\n");
	HEADERS("Authorization: Basic dTpwOnE=\n", "user name and password",
		.username = (char *)"u", .password = (char *)"p:q");
	HEADERS("Authorization: Basic dTo=\n", "no password", .username = (char *)"u");
	HEADERS("", "nothing over plain http", .server = (char *)"http://h", .token = (char *)"t",
		.headers = (char *)"Impersonate-User: u\n");
	ok(fd >= 0 && write(fd, "f\n", 2) == 2, "a token file");
	HEADERS("Authorization: Bearer f\n", "goes before a token, without its line feed",
		.token = (char *)"t", .token_file = path);
	ok(write(fd, "g\n", 2) == 2, "which grows");
	HEADERS("", "is refused when it has two lines", .token_file = path);
	ok(err.code == VS_ERR_UNREACHABLE && strstr(err.msg, "more than one line"),
		"and that is said");
	unlink(path);
	HEADERS("Authorization: Bearer t\n", "gone: the token will do", .token = (char *)"t",
		.token_file = path);
	HEADERS("", "gone, and no token", .token_file = path);
	ok(err.code == VS_ERR_UNREACHABLE && strstr(err.msg, path), "names the file: 5");
}

static void
times(void)
{
	ok(vs_kobject_time("1970-01-02T00:00:01Z") == 86401, "a time");
	ok(vs_kobject_time("1970-01-02T00:00:01.5Z") == 86401, "with a fraction");
	ok(vs_kobject_time("1970-01-02T01:30:00+01:30") == 86400, "east of Greenwich");
	ok(vs_kobject_time("1970-01-01T22:00:00-02:00") == 86400, "and west");
	ok(vs_kobject_time("tomorrow") == 0 && vs_kobject_time("1970-01-02T00:00:01") == 0
			&& vs_kobject_time("1970-01-02T00:00:01X") == 0,
		"no time");
}

static void
patch(const char *node, const char *const *labels, const char *const *taints, const char *want,
	const char *name)
{
	VS_JSON_FREE json_t *j = vs_json_read(node, strlen(node), &err);
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_list l = { 0 }, t = { 0 };
	struct vs_knode_marks m;
	int is;

	for (; labels && *labels; labels++)
		vs_list_add(&l, *labels);
	for (; taints && *taints; taints++)
		vs_list_add(&t, *taints);
	if (!ok(vs_knode_marks_read(&m, &l, &t, &err) == 0 && j, name))
		return;
	is = vs_knode_patch_json(j, &m, &b);
	is(b.s, want, name);
	ok(is == (*want != '\0'), name);
	vs_knode_marks_free(&m);
	vs_list_free(&l);
	vs_list_free(&t);
}

#define W(...) \
	(const char *const[]) \
	{ \
		__VA_ARGS__, NULL \
	}
#define META "{\"metadata\":{\"resourceVersion\":\"7\""

static void
marks(void)
{
	const char *bare = META "}}";
	const char *has = META
		",\"labels\":{\"a\":\"b\"}},\"spec\":{\"taints\":[{\"key\":\"k\",\"effect\":\"NoSchedule\",\"timeAdded\":\"T\"},{\"key\":\"x\",\"value\":\"1\",\"effect\":\"NoExecute\"}]}}";

	patch(bare, W("a=b", "c="), NULL, "{\"metadata\":{\"labels\":{\"a\":\"b\",\"c\":\"\"}}}",
		"labels need no version");
	patch(bare, NULL, W("k=v:NoSchedule", "x:NoExecute"),
		"{\"metadata\":{\"resourceVersion\":\"7\"},\"spec\":{\"taints\":[{\"key\":\"k\",\"effect\":\"NoSchedule\",\"value\":\"v\"},{\"key\":\"x\",\"effect\":\"NoExecute\"}]}}",
		"the first taints, with a version");
	patch(has, W("a=b"), W("k:NoSchedule", "x=1:NoExecute"), "", "all is there already");
	patch(has, W("a=c"), W("k:NoSchedule"), "{\"metadata\":{\"labels\":{\"a\":\"c\"}}}",
		"a label of another value; the taint is there");
	patch(has, W("a=b"), W("x=2:NoExecute", "k:NoExecute"),
		"{\"metadata\":{\"resourceVersion\":\"7\",\"labels\":{\"a\":\"b\"}},\"spec\":{\"taints\":[{\"key\":\"k\",\"effect\":\"NoSchedule\",\"timeAdded\":\"T\"},{\"key\":\"x\",\"effect\":\"NoExecute\",\"value\":\"2\"},{\"key\":\"k\",\"effect\":\"NoExecute\"}]}}",
		"a taint of another value, one of another effect; the rest stays");
}

int
main(void)
{
	who();
	times();
	marks();
	return done();
}
