/* SPDX-License-Identifier: Apache-2.0 */
/* node.c - reads a Node object and says why it is not in the awaited state.
 * Reference: k8s.io/api core/v1 (types.go, well_known_taints.go); kubectl wait for
 * how conditions are compared. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"
#include "kube/node.h"
#include "kube/object.h"

enum {
	NODE_NAME_MAX = 253, /* k8s.io/apimachinery, pkg/util/validation */
	NODE_WORD_MAX = 256, /* of an identifier or version */
	NODE_WHY_MAX = 1000,
};

/* Taints of a node that is starting or in trouble.  All of "node.kubernetes.io/" would
 * include the out-of-service taint, which an operator sets. */
static const char *const node_bad_taints[] = { "node.kubernetes.io/not-ready",
	"node.kubernetes.io/unreachable", "node.kubernetes.io/network-unavailable",
	"node.kubernetes.io/unschedulable", "node.kubernetes.io/memory-pressure",
	"node.kubernetes.io/disk-pressure", "node.kubernetes.io/pid-pressure",
	"node.cloudprovider.kubernetes.io/uninitialized", "node.cilium.io/agent-not-ready" };

int
vs_kwant_read(const char *s, struct vs_kwant *want, struct vs_err *err)
{
	static const char *const statuses[] = { "True", "False", "Unknown" };
	const char *status = strchr(s, '=');

	*want = (struct vs_kwant){ .gone = strcasecmp(s, "gone") == 0 };
	if (want->gone || strcasecmp(s, "ready") == 0)
		return 0;
	if (status == NULL || status == s)
		return vs_fail(
			err, VS_ERR_USAGE, "'%s' is not one of ready, gone, CONDITION=STATUS", s);
	for (size_t i = 0; i < VS_LEN(statuses); i++)
		if (strcasecmp(status + 1, statuses[i]) == 0)
			want->status = statuses[i];
	if (want->status == NULL)
		return vs_fail(
			err, VS_ERR_USAGE, "'%s': the status must be True, False or Unknown", s);
	want->condition = vs_strndup(s, (size_t)(status - s));
	return 0;
}

void
vs_kwant_free(struct vs_kwant *want)
{
	free(want->condition);
	*want = (struct vs_kwant){ 0 };
}

void
vs_kwant_name(const struct vs_kwant *want, struct vs_buf *b)
{
	if (want->condition)
		vs_buf_fmt(b, "%s=%s", want->condition, want->status);
	else
		vs_buf_str(b, want->gone ? "gone" : "ready");
}

/* Ignores case, as kubectl wait does. */
static json_t *
node_condition(json_t *object, const char *type)
{
	json_t *all = json_object_get(json_object_get(object, "status"), "conditions");
	json_t *c;
	size_t i;

	json_array_foreach(all, i, c)
	{
		if (strcasecmp(vs_kobject_str(c, "type"), type) == 0)
			return c;
	}
	return NULL;
}

static void
node_reason(struct vs_buf *b, const char *s)
{
	if (b->len)
		vs_buf_str(b, "; ");
	vs_buf_str(b, s);
}

static void
node_message(struct vs_buf *b, json_t *c)
{
	const char *s = vs_kobject_str(c, "message");

	if (*s == '\0')
		s = vs_kobject_str(c, "reason");
	if (*s)
		vs_buf_str(b, ": ");
	vs_buf_str(b, s);
}

static void
node_why_not(struct vs_buf *b, json_t *object, const struct vs_kwant *want)
{
	json_t *c = node_condition(object, want->condition);

	if (c == NULL) {
		vs_buf_fmt(b, "has no condition '%s'", want->condition);
	} else if (strcasecmp(vs_kobject_str(c, "status"), want->status) != 0) {
		vs_buf_str(b, "condition '");
		vs_buf_str(b, vs_kobject_str(c, "type"));
		vs_buf_str(b, "' is '");
		vs_buf_str(b, vs_kobject_str(c, "status"));
		vs_buf_fmt(b, "', not '%s'", want->status);
		node_message(b, c);
	}
}

/* True: the condition Ready is True. */
static bool
node_why_ready(struct vs_buf *b, json_t *object)
{
	json_t *c = node_condition(object, "Ready");
	const char *message = vs_kobject_str(c, "message");

	if (strcmp(vs_kobject_str(c, "status"), "True") == 0)
		return true;
	if (c == NULL) {
		node_reason(b, "the kubelet has not reported yet");
		return false;
	}
	if (strstr(message, "NetworkPluginNotReady") || strstr(message, "cni plugin"))
		node_reason(b, "CNI not ready");
	else if (strcmp(vs_kobject_str(c, "status"), "Unknown") == 0)
		node_reason(b, "not reporting (is its VM on?)");
	else
		node_reason(b, "not ready");
	node_message(b, c);
	return false;
}

static bool
node_taint_counts(const char *key, bool ready, bool cordoned)
{
	for (size_t i = 0; i < VS_LEN(node_bad_taints); i++) {
		if (strcmp(key, node_bad_taints[i]) != 0)
			continue;
		/* the first two repeat the condition, the fourth the cordon */
		return i < 2 ? ready : i == 3 ? !cordoned : true;
	}
	return false;
}

static void
node_why_unusable(struct vs_buf *b, json_t *object)
{
	json_t *spec = json_object_get(object, "spec");
	bool cordoned = json_is_true(json_object_get(spec, "unschedulable"));
	bool ready;
	json_t *t;
	size_t i;

	if (json_object_get(json_object_get(object, "metadata"), "deletionTimestamp"))
		node_reason(b, "being deleted");
	ready = node_why_ready(b, object);
	t = node_condition(object, "NetworkUnavailable");
	if (t && strcmp(vs_kobject_str(t, "status"), "True") == 0) {
		node_reason(b, "network unavailable");
		node_message(b, t);
	}
	if (cordoned)
		node_reason(b, "cordoned (see 'kubectl uncordon')");
	json_array_foreach(json_object_get(spec, "taints"), i, t)
	{
		if (!node_taint_counts(vs_kobject_str(t, "key"), ready, cordoned))
			continue;
		node_reason(b, "has the taint '");
		vs_buf_str(b, vs_kobject_str(t, "key"));
		vs_buf_ch(b, ':');
		vs_buf_str(b, vs_kobject_str(t, "effect"));
		vs_buf_ch(b, '\'');
	}
}

/* NULL: missing, or longer than any. */
static char *
node_copy(const char *s, size_t max)
{
	size_t n = strnlen(s, max + 1);

	return n > 0 && n <= max ? vs_strdup(s) : NULL;
}

int
vs_knode_read(json_t *object, const struct vs_kwant *want, struct vs_knode *to, struct vs_err *err)
{
	json_t *info = json_object_get(json_object_get(object, "status"), "nodeInfo");
	const char *kind = vs_kobject_str(object, "kind");
	VS_BUF_FREE struct vs_buf why = { .s = vs_buf_empty, .max = NODE_WHY_MAX };
	const char *name = vs_kobject_name(object);

	if (*kind && strcmp(kind, "Node") != 0)
		return vs_fail(err, VS_ERR_FAILED, "the answer has a %s instead of a Node", kind);
	if (*name == '\0')
		return vs_fail(err, VS_ERR_FAILED, "the answer has a node without a name");
	if (strlen(name) > NODE_NAME_MAX)
		return vs_fail(err, VS_ERR_FAILED, "the answer has a node with a name of %zu bytes",
			strlen(name));
	if (want->condition)
		node_why_not(&why, object, want);
	else
		node_why_unusable(&why, object);
	*to = (struct vs_knode){
		.name = vs_strdup(name),
		.uid = node_copy(
			vs_kobject_str(json_object_get(object, "metadata"), "uid"), NODE_WORD_MAX),
		.uuid = node_copy(vs_kobject_str(info, "systemUUID"), NODE_WORD_MAX),
		.version = node_copy(vs_kobject_str(info, "kubeletVersion"), NODE_WORD_MAX),
		.why = node_copy(why.s, NODE_WHY_MAX),
	};
	return 0;
}

void
vs_knode_free(struct vs_knode *n)
{
	free(n->name);
	free(n->uid);
	free(n->uuid);
	free(n->version);
	free(n->why);
	*n = (struct vs_knode){ 0 };
}
