/* SPDX-License-Identifier: Apache-2.0 */
/* label.c - parses labels and taints; which labels a kubelet or an administrator may set.
 * Reference: k8s.io/apimachinery, pkg/util/validation; kubernetes, cmd/kubelet/app/options;
 * k8s.io/kubelet/pkg/apis/well_known_labels.go. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "base/spelling.h"
#include "rke2/label.h"

enum { NAME_MAX_LEN = 63, PREFIX_MAX_LEN = 253 };

static const char *const label_effects[] = {
	"NoSchedule",
	"PreferNoSchedule",
	"NoExecute",
};

static bool
label_lower_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool
label_letter_or_digit(char c)
{
	return label_lower_or_digit(c) || (c >= 'A' && c <= 'Z');
}

/* ([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9], at most 63 */
static bool
label_is_name(const char *s)
{
	size_t n = strlen(s);

	if (n == 0 || n > NAME_MAX_LEN)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!label_letter_or_digit(s[i])
			&& (strchr("-_.", s[i]) == NULL || i == 0 || i == n - 1))
			return false;
	return true;
}

/* RFC 1123 labels separated by dots; only the total length is limited. */
static bool
label_is_subdomain(const char *s)
{
	size_t n = strlen(s);

	if (n == 0 || n > PREFIX_MAX_LEN)
		return false;
	for (size_t i = 0; i < n; i++) {
		bool edge = i == 0 || i == n - 1 || s[i - 1] == '.' || s[i + 1] == '.';

		if ((s[i] == '.' || s[i] == '-') ? edge : !label_lower_or_digit(s[i]))
			return false;
	}
	return true;
}

static int
label_check_key(const char *key, struct vs_err *err)
{
	const char *slash = strchr(key, '/');
	VS_FREE char *prefix = NULL;

	if (!label_is_name(slash ? slash + 1 : key))
		return vs_fail(err, VS_ERR_USAGE,
			"'%s' is not a valid key: expected [PREFIX/]NAME, where NAME is up to %d letters, digits, '-', '_' and '.', with a letter or digit at both ends",
			key, NAME_MAX_LEN);
	if (slash == NULL)
		return 0;
	prefix = vs_strndup(key, (size_t)(slash - key));
	if (!label_is_subdomain(prefix))
		return vs_fail(err, VS_ERR_USAGE,
			"'%s' is not a valid key: '%s' is not a DNS name in lower case", key,
			prefix);
	return 0;
}

static int
label_check_value(const char *value, struct vs_err *err)
{
	if (*value && !label_is_name(value))
		return vs_fail(err, VS_ERR_USAGE,
			"'%s' is not a valid value: use up to %d letters, digits, '-', '_' and '.', with a letter or digit at both ends",
			value, NAME_MAX_LEN);
	return 0;
}

int
vs_label_parse(struct vs_label *l, const char *s, struct vs_err *err)
{
	size_t k = strcspn(s, "=");

	*l = (struct vs_label){ 0 };
	if (s[k] == '\0')
		return vs_fail(err, VS_ERR_USAGE,
			"label '%s' has no value: use KEY=VALUE, or KEY= for an empty value", s);
	l->key = vs_strndup(s, k);
	l->value = vs_strdup(s + k + 1);
	if (label_check_key(l->key, err) < 0 || label_check_value(l->value, err) < 0) {
		vs_label_free(l);
		return vs_wrap(err, "label '%s'", s);
	}
	return 0;
}

static int
label_check_effect(const char *effect, struct vs_err *err)
{
	const char *near;

	for (size_t i = 0; i < VS_LEN(label_effects); i++)
		if (strcmp(label_effects[i], effect) == 0)
			return 0;
	near = vs_did_you_mean(label_effects, VS_LEN(label_effects), effect);
	if (near)
		return vs_fail(
			err, VS_ERR_USAGE, "unknown effect '%s': did you mean '%s'", effect, near);
	return vs_fail(err, VS_ERR_USAGE,
		"unknown effect '%s': use NoSchedule, PreferNoSchedule or NoExecute", effect);
}

int
vs_taint_parse(struct vs_taint *t, const char *s, struct vs_err *err)
{
	size_t colon = strcspn(s, ":"), eq = strcspn(s, "=:");

	*t = (struct vs_taint){ 0 };
	if (s[colon] == '\0')
		return vs_fail(err, VS_ERR_USAGE,
			"taint '%s' has no effect: use KEY[=VALUE]:NoSchedule, :PreferNoSchedule or :NoExecute",
			s);
	t->key = vs_strndup(s, eq);
	t->value = eq < colon ? vs_strndup(s + eq + 1, colon - eq - 1) : vs_strdup("");
	t->effect = vs_strdup(s + colon + 1);
	if (label_check_key(t->key, err) < 0 || label_check_value(t->value, err) < 0
		|| label_check_effect(t->effect, err) < 0) {
		vs_taint_free(t);
		return vs_wrap(err, "taint '%s'", s);
	}
	return 0;
}

/* The domain itself, or a subdomain. */
static bool
label_below(const char *prefix, const char *domain)
{
	size_t n = strlen(prefix), k = strlen(domain);

	return n >= k && strcmp(prefix + n - k, domain) == 0
		&& (n == k || prefix[n - k - 1] == '.');
}

static bool
label_well_known(const char *key)
{
	static const char *const keys[] = { "kubernetes.io/arch", "kubernetes.io/hostname",
		"kubernetes.io/os", "beta.kubernetes.io/arch", "beta.kubernetes.io/os",
		"beta.kubernetes.io/instance-type", "failure-domain.beta.kubernetes.io/region",
		"failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/region",
		"topology.kubernetes.io/zone", "node.kubernetes.io/instance-type" };

	for (size_t i = 0; i < VS_LEN(keys); i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

/* Accepted by the kubelet and the API server, but still wrong. */
static int
label_check_own(const struct vs_label *l, struct vs_err *err)
{
	if (strcmp(l->key, "kubernetes.io/hostname") == 0)
		return vs_fail(err, VS_ERR_USAGE,
			"label '%s' is set by the kubelet to the name of each node; the same value on several nodes makes them one host for the scheduler: omit it",
			l->key);
	if ((strcmp(l->key, "kubernetes.io/os") == 0
		    || strcmp(l->key, "beta.kubernetes.io/os") == 0)
		&& strcmp(l->value, "linux") != 0)
		return vs_fail(err, VS_ERR_USAGE,
			"label '%s=%s': the kubelet keeps resetting it to 'linux', and CNI pods that select 'linux' may not run on the node: use 'node.kubernetes.io/os-distribution=%s'",
			l->key, l->value, l->value);
	return 0;
}

int
vs_label_kubelet(const struct vs_label *l, struct vs_err *err)
{
	const char *slash = strchr(l->key, '/');
	VS_FREE char *prefix = slash ? vs_strndup(l->key, (size_t)(slash - l->key)) : vs_strdup("");

	if (label_below(prefix, "node-restriction.kubernetes.io"))
		return vs_fail(err, VS_ERR_USAGE,
			"label '%s': a node may not set it on itself: set it as an administrator with node-wait --label %s=%s",
			l->key, l->key, l->value);
	if (label_well_known(l->key))
		return label_check_own(l, err);
	if ((!label_below(prefix, "kubernetes.io") && !label_below(prefix, "k8s.io"))
		|| label_below(prefix, "kubelet.kubernetes.io")
		|| label_below(prefix, "node.kubernetes.io"))
		return 0;
	if (strcmp(prefix, "node-role.kubernetes.io") == 0)
		return vs_fail(err, VS_ERR_USAGE,
			"label '%s': the kubelet refuses it and exits, so the node would never join: set the role after it has joined, with node-wait --label %s=%s",
			l->key, l->key, l->value);
	assert(slash); /* a key without a prefix was allowed above */
	return vs_fail(err, VS_ERR_USAGE,
		"label '%s': the kubelet refuses this prefix and exits, so the node would never join: use 'node.kubernetes.io/%s' or a domain of your own",
		l->key, slash + 1);
}

int
vs_label_admin(const struct vs_label *l, struct vs_err *err)
{
	static const char *const kept[] = { "kubernetes.io/os", "kubernetes.io/arch",
		"kubernetes.io/hostname", "beta.kubernetes.io/os", "beta.kubernetes.io/arch" };

	for (size_t i = 0; i < VS_LEN(kept); i++)
		if (strcmp(l->key, kept[i]) == 0)
			return vs_fail(err, VS_ERR_USAGE,
				"'%s' belongs to the kubelet: it restores its own value within seconds, and until then pods that select by it do not run on the node",
				l->key);
	return 0;
}

void
vs_label_free(struct vs_label *l)
{
	free(l->key);
	free(l->value);
	*l = (struct vs_label){ 0 };
}

void
vs_taint_free(struct vs_taint *t)
{
	free(t->key);
	free(t->value);
	free(t->effect);
	*t = (struct vs_taint){ 0 };
}
