/* SPDX-License-Identifier: Apache-2.0 */
/* Labels, taints and versions: rke2/. */
#include "rke2/label.h"
#include "base/mem.h"
#include "rke2/version.h"
#include "tap.h"

#define N63 "a23456789-123456789-123456789-123456789-123456789-123456789-123"
#define D250 \
	N63 "." N63 "." N63 ".a23456789-123456789-123456789-" \
	    "123456789-123456789-12345678"

static const struct {
	const char *text, *key, *value; /* key NULL: refused */
} labels[] = {
	{ "a=b", "a", "b" },
	{ "a=", "a", "" },
	{ "example.com/x=y", "example.com/x", "y" },
	{ "A.b_c-D=V.1_2-3", "A.b_c-D", "V.1_2-3" },
	{ N63 "=" N63, N63, N63 },
	{ D250 "/x=1", D250 "/x", "1" },
	{ "a--b=c", "a--b", "c" },
	{ "a", NULL, "has no value" },
	{ "", NULL, "has no value" },
	{ "=b", NULL, "is not a valid key" },
	{ "-a=b", NULL, "is not a valid key" },
	{ "a.=b", NULL, "is not a valid key" },
	{ "a b=c", NULL, "is not a valid key" },
	{ N63 "x=1", NULL, "is not a valid key" },
	{ D250 "aaaa/x=1", NULL, "is not a DNS name in lower case" },
	{ "/x=1", NULL, "is not a DNS name in lower case" },
	{ "a/=1", NULL, "is not a valid key" },
	{ "a/b/c=1", NULL, "is not a valid key" },
	{ "Example.com/x=1", NULL, "is not a DNS name in lower case" },
	{ "a..b/x=1", NULL, "is not a DNS name in lower case" },
	{ "a.-b/x=1", NULL, "is not a DNS name in lower case" },
	{ "a-.b/x=1", NULL, "is not a DNS name in lower case" },
	{ "a_b/x=1", NULL, "is not a DNS name in lower case" },
	{ "a=b=c", NULL, "is not a valid value" },
	{ "a=b,c=d", NULL, "is not a valid value" },
	{ "a=-b", NULL, "is not a valid value" },
	{ "a=b\n", NULL, "is not a valid value" },
	{ "a=" N63 "x", NULL, "is not a valid value" },
	{ "a=\xc3\xa4", NULL, "is not a valid value" },
};

static const struct {
	const char *text, *key, *value, *effect;
} taints[] = {
	{ "a=b:NoSchedule", "a", "b", "NoSchedule" },
	{ "a:NoExecute", "a", "", "NoExecute" },
	{ "nvidia.com/gpu=:PreferNoSchedule", "nvidia.com/gpu", "", "PreferNoSchedule" },
	{ "a", NULL, "has no effect", NULL },
	{ "a=b", NULL, "has no effect", NULL },
	{ "a=b:", NULL, "unknown effect", NULL },
	{ "a=b:noschedule", NULL, "did you mean 'NoSchedule'", NULL },
	{ "a=b:NoSchedule:x", NULL, "unknown effect", NULL },
	{ "a=b:Elsewhere", NULL, "use NoSchedule, PreferNoSchedule or NoExecute", NULL },
	{ ":NoSchedule", NULL, "is not a valid key", NULL },
	{ "a=b=c:NoSchedule", NULL, "is not a valid value", NULL },
	{ "A/b:NoSchedule", NULL, "is not a DNS name in lower case", NULL },
};

/* reference: kubernetes, k8s.io/kubelet/pkg/apis/well_known_labels.go and
 * cmd/kubelet/app/options. */
static const struct {
	const char *text, *why; /* why NULL: allowed */
} kubelet[] = {
	{ "node.kubernetes.io/pool=workers", NULL },
	{ "a.node.kubernetes.io/pool=workers", NULL },
	{ "kubelet.kubernetes.io/x=1", NULL },
	{ "x.kubelet.kubernetes.io/x=1", NULL },
	{ "nvidia.com/gpu.present=true", NULL },
	{ "example.com/x=y", NULL },
	{ "plain=y", NULL },
	{ "notkubernetes.io/x=1", NULL },
	{ "topology.kubernetes.io/zone=a", NULL },
	{ "failure-domain.beta.kubernetes.io/region=a", NULL },
	{ "node.kubernetes.io/instance-type=big", NULL },
	{ "kubernetes.io/os=linux", NULL },
	{ "kubernetes.io/arch=amd64", NULL },
	{ "kubernetes.io/os=flatcar", "use 'node.kubernetes.io/os-distribution=flatcar'" },
	{ "beta.kubernetes.io/os=flatcar", "keeps resetting it to 'linux'" },
	{ "kubernetes.io/hostname=w", "omit it" },
	{ "node-role.kubernetes.io/worker=true",
		"node-wait --label node-role.kubernetes.io/worker=true" },
	{ "node-restriction.kubernetes.io/x=1", "as an administrator" },
	{ "a.node-restriction.kubernetes.io/x=1", "as an administrator" },
	{ "kubernetes.io/pool=x", "use 'node.kubernetes.io/pool'" },
	{ "topology.kubernetes.io/rack=x", "use 'node.kubernetes.io/rack'" },
	{ "k8s.io/x=1", "refuses this prefix" },
	{ "a.b.k8s.io/x=1", "refuses this prefix" },
	{ "xnode.kubernetes.io/x=1", "refuses this prefix" },
};

static const struct {
	const char *text, *url, *why;
	int major, minor, patch, release;
	bool pinned;
} versions[] = {
	{ "v1.33", "v1.33", NULL, 1, 33, -1, -1, false },
	{ "v1.33.4+rke2r1", "v1.33.4%2Brke2r1", NULL, 1, 33, 4, 1, true },
	{ "v1.33.10-rc2+rke2r12", "v1.33.10-rc2%2Brke2r12", NULL, 1, 33, 10, 12, true },
	{ "1.33", NULL, "did you mean 'v1.33'", 0, 0, 0, 0, false },
	{ "V1.33.4+rke2r1", NULL, "did you mean 'v1.33.4+rke2r1'", 0, 0, 0, 0, 0 },
	{ "v1.33.4-rke2r1", NULL, "did you mean 'v1.33.4+rke2r1'", 0, 0, 0, 0, 0 },
	{ "v1.33.4%2Brke2r1", NULL, "did you mean 'v1.33.4+rke2r1'", 0, 0, 0, 0, 0 },
	{ "v1.33.4", NULL, "the release is missing, as in v1.33.4+rke2r1", 0, 0, 0, 0, 0 },
	{ "v1.33.4+k3s1", NULL, "is not an RKE2 version", 0, 0, 0, 0, 0 },
	{ "v1.033", NULL, "is not an RKE2 version", 0, 0, 0, 0, 0 },
	{ "v1", NULL, "is not an RKE2 version", 0, 0, 0, 0, 0 },
	{ "", NULL, "is not an RKE2 version", 0, 0, 0, 0, 0 },
	{ "stable", NULL, "use v1.33 (the newest patch of a minor version)", 0, 0, 0, 0, 0 },
	{ "v1.33.4+rke2r1 ", NULL, "is not an RKE2 version", 0, 0, 0, 0, 0 },
	{ "v1.33.4-+rke2r1", NULL, "is not an RKE2 version", 0, 0, 0, 0, 0 },
	{ "v1.33.999999+rke2r1", NULL, "is not an RKE2 version", 0, 0, 0, 0, 0 },
	{ "v1.33/../..+rke2r1", NULL, "is not an RKE2 version", 0, 0, 0, 0, 0 },
	{ "v1.33.4+rke2r1v1.33.4+rke2r1v1.33.4+rke2r1v1.33.4+rke2r1v1.33.4+rke2", NULL,
		"is not an RKE2 version", 0, 0, 0, 0, 0 },
};

static void
said(int rc, const struct vs_err *err, const char *why, const char *what)
{
	if (!ok(rc == -1 && err->code == VS_ERR_USAGE && strstr(err->msg, why) != NULL, what))
		printf("# %s\n", err->msg);
}

static void
try_labels(void)
{
	struct vs_err err = { 0 };

	for (size_t i = 0; i < VS_LEN(labels); i++) {
		VS_LABEL_FREE struct vs_label l;
		int rc = vs_label_parse(&l, labels[i].text, &err);

		if (labels[i].key == NULL) {
			said(rc, &err, labels[i].value, labels[i].text);
			ok(l.key == NULL && l.value == NULL, "... leaves nothing");
			continue;
		}
		ok(rc == 0, labels[i].text);
		is(l.key, labels[i].key, "... its key");
		is(l.value, labels[i].value, "... its value");
	}
	for (size_t i = 0; i < VS_LEN(taints); i++) {
		VS_TAINT_FREE struct vs_taint t;
		int rc = vs_taint_parse(&t, taints[i].text, &err);

		if (taints[i].key == NULL) {
			said(rc, &err, taints[i].value, taints[i].text);
			ok(t.key == NULL && t.effect == NULL, "... leaves nothing");
			continue;
		}
		ok(rc == 0, taints[i].text);
		is(t.key, taints[i].key, "... its key");
		is(t.value, taints[i].value, "... its value");
		is(t.effect, taints[i].effect, "... its effect");
	}
}

static void
try_kubelet(void)
{
	struct vs_err err = { 0 };

	for (size_t i = 0; i < VS_LEN(kubelet); i++) {
		VS_LABEL_FREE struct vs_label l;
		int rc;

		if (!ok(vs_label_parse(&l, kubelet[i].text, &err) == 0, kubelet[i].text))
			continue;
		rc = vs_label_kubelet(&l, &err);
		if (kubelet[i].why == NULL)
			ok(rc == 0, "... a kubelet may set it");
		else
			said(rc, &err, kubelet[i].why, "... a kubelet may not");
	}
}

static void
try_versions(void)
{
	struct vs_err err = { 0 };
	struct vs_version v;

	for (size_t i = 0; i < VS_LEN(versions); i++) {
		const char *s = versions[i].text;
		int rc = vs_version_parse(&v, s, &err);

		if (versions[i].why) {
			said(rc, &err, versions[i].why, s);
			continue;
		}
		VS_FREE char *url = vs_version_url(&v);
		ok(rc == 0, s);
		is(v.text, s, "... its text");
		is(url, versions[i].url, "... in a URL");
		ok(v.major == versions[i].major && v.minor == versions[i].minor
				&& v.patch == versions[i].patch && v.release == versions[i].release
				&& v.pinned == versions[i].pinned,
			"... its numbers");
	}
	ok(vs_version_find(&v, "rke2 version v1.33.4+rke2r1 (abc)\ngo version go1.24.4\n", &err)
			== 0,
		"a version is found in a text");
	is(v.text, "v1.33.4+rke2r1", "... the right one");
	ok(vs_version_find(&v, " v1.33\ngo version go1.24.4\n", &err) == -1
			&& err.code == VS_ERR_FAILED,
		"a minor is no release");
	ok(vs_version_find(&v, "", &err) == -1, "nothing in nothing");
}

int
main(void)
{
	try_labels();
	try_kubelet();
	try_versions();
	return done();
}
