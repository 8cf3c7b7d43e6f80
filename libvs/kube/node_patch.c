/* SPDX-License-Identifier: Apache-2.0 */
/* node_patch.c - reads a Node, and patches labels and taints until they are there.
 * Reference: Kubernetes API conventions, "Concurrency Control and Consistency";
 * strategic merge patch: k8s.io/api core/v1, NodeSpec.Taints has no merge key. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "kube/node_patch.h"
#include "kube/object.h"
#include "text/json.h"
#include "text/json_write.h"

struct vs_knode_patch {
	struct vs_kube *kube;
	struct vs_loop *loop;
	char *path; /* of the Node, as in the URL */
	const struct vs_knode_marks *marks;
	void (*end)(void *, const struct vs_err *);
	void *arg;
	struct vs_kube_call *call; /* in flight, or NULL */
	struct vs_timer timer;
	char *trouble;
	int tries;
};

int
vs_knode_marks_read(struct vs_knode_marks *m, const struct vs_list *labels,
	const struct vs_list *taints, struct vs_err *err)
{
	*m = (struct vs_knode_marks){
		.labels = vs_alloc(labels->n, sizeof *m->labels),
		.taints = vs_alloc(taints->n, sizeof *m->taints),
	};
	/* counted first, so that one that is parsed and then refused is freed */
	while (m->n_labels < labels->n) {
		struct vs_label *l = &m->labels[m->n_labels];

		if (vs_label_parse(l, labels->v[m->n_labels++], err) < 0
			|| vs_label_admin(l, err) < 0)
			return vs_wrap(err, "--label");
	}
	while (m->n_taints < taints->n) {
		struct vs_taint *t = &m->taints[m->n_taints];

		if (vs_taint_parse(t, taints->v[m->n_taints++], err) < 0)
			return vs_wrap(err, "--taint");
	}
	return 0;
}

void
vs_knode_marks_free(struct vs_knode_marks *m)
{
	while (m->n_labels > 0)
		vs_label_free(&m->labels[--m->n_labels]);
	while (m->n_taints > 0)
		vs_taint_free(&m->taints[--m->n_taints]);
	free(m->labels);
	free(m->taints);
	*m = (struct vs_knode_marks){ 0 };
}

/* ---- the patch */

static bool
node_patch_same_taint(json_t *has, const struct vs_taint *t)
{
	return strcmp(vs_kobject_str(has, "key"), t->key) == 0
		&& strcmp(vs_kobject_str(has, "effect"), t->effect) == 0;
}

static bool
node_patch_has_labels(json_t *node, const struct vs_knode_marks *m)
{
	json_t *labels = json_object_get(json_object_get(node, "metadata"), "labels");

	for (size_t i = 0; i < m->n_labels; i++) {
		const char *s = json_string_value(json_object_get(labels, m->labels[i].key));

		if (s == NULL || strcmp(s, m->labels[i].value) != 0)
			return false;
	}
	return true;
}

/* The Node's taints with ours among them; NULL: it has them all. */
static json_t *
node_patch_taints(json_t *node, const struct vs_knode_marks *m)
{
	json_t *has = json_object_get(json_object_get(node, "spec"), "taints");
	json_t *all = has ? json_deep_copy(has) : json_array();
	bool change = false;
	json_t *old = NULL;
	size_t i;

	for (size_t k = 0; k < m->n_taints; k++) {
		const struct vs_taint *t = &m->taints[k];
		json_t *new = json_pack("{s:s,s:s}", "key", t->key, "effect", t->effect);

		if (*t->value)
			json_object_set_new(new, "value", json_string(t->value));
		json_array_foreach(all, i, old)
		{
			if (node_patch_same_taint(old, t))
				break;
		}
		if (i < json_array_size(all)
			&& strcmp(vs_kobject_str(old, "value"), t->value) == 0) {
			json_decref(new);
			continue;
		}
		change = true;
		if (i < json_array_size(all))
			json_array_set_new(all, i, new);
		else
			json_array_append_new(all, new);
	}
	if (change)
		return all;
	json_decref(all);
	return NULL;
}

int
vs_knode_patch_json(json_t *node, const struct vs_knode_marks *m, struct vs_buf *b)
{
	VS_JSON_FREE json_t *list = node_patch_taints(node, m);
	struct vs_jw w = { .b = b };
	char *s;

	if (list == NULL && node_patch_has_labels(node, m))
		return 0;
	vs_jw_object(&w, NULL);
	vs_jw_object(&w, "metadata");
	if (list)
		vs_jw_str(&w, "resourceVersion", vs_kobject_version(node));
	vs_jw_object(&w, "labels");
	for (size_t i = 0; i < m->n_labels; i++)
		vs_jw_str(&w, m->labels[i].key, m->labels[i].value);
	vs_jw_close(&w, false);
	vs_jw_close(&w, true);
	vs_jw_close(&w, true);
	if (list) {
		s = json_dumps(list, JSON_COMPACT);
		vs_buf_cut(b, b->len - 1);
		vs_buf_fmt(b, ",\"spec\":{\"taints\":%s}}", s);
		free(s);
	}
	return 1;
}

/* ---- read, patch, retry */

static void node_patch_read(void *arg);

/* Node names need no escapes in a URL. */
static const char *
node_patch_name(const struct vs_knode_patch *p)
{
	return strrchr(p->path, '/') + 1;
}

static void
node_patch_retry(struct vs_knode_patch *p, const struct vs_kube_call *c)
{
	struct vs_err err = c->err;

	if (c->status == 404) {
		err.code = VS_ERR_NOT_FOUND;
		p->end(p->arg, &err);
	} else if (c->again || c->status == 409) {
		vs_info("%s: retrying after: %s", node_patch_name(p), err.msg);
		vs_set(&p->trouble, err.msg);
		vs_timer_set(p->loop, &p->timer, vs_now() + vs_kube_delay(c, ++p->tries),
			node_patch_read, p);
	} else {
		if (c->status == 403)
			vs_wrap(&err,
				"not allowed to label or taint the node (needs the verbs get and patch)");
		p->end(p->arg, &err);
	}
}

static void
node_patch_sent(struct vs_kube_call *c)
{
	struct vs_knode_patch *p = c->arg;

	p->call = NULL;
	if (c->ok)
		p->end(p->arg, NULL);
	else
		node_patch_retry(p, c);
}

static void
node_patch_send(
	struct vs_knode_patch *p, struct vs_kube_call *c, void (*end)(struct vs_kube_call *))
{
	assert(p->call == NULL && !p->timer.set);
	c->end = end;
	c->arg = p;
	p->call = c;
	vs_kube_send(p->kube, c);
}

static void
node_patch_compare(struct vs_kube_call *c)
{
	struct vs_knode_patch *p = c->arg;
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_kube_call *patch;
	VS_JSON_FREE json_t *node = NULL;
	struct vs_err err;

	p->call = NULL;
	if (!c->ok) {
		node_patch_retry(p, c);
		return;
	}
	node = vs_kobject_read(c->answer.s, c->answer.len, "Node", &err);
	if (node == NULL) {
		vs_kube_wrap(c, &err);
		p->end(p->arg, &err);
		return;
	}
	if (vs_knode_patch_json(node, p->marks, &b) == 0) {
		p->end(p->arg, NULL);
	} else {
		vs_info("%s: setting labels and taints", node_patch_name(p));
		patch = vs_kube_call("PATCH", vs_strdup(p->path));
		patch->type = "application/strategic-merge-patch+json";
		vs_buf_add(&patch->body, b.s, b.len);
		node_patch_send(p, patch, node_patch_sent);
	}
}

static void
node_patch_read(void *arg)
{
	struct vs_knode_patch *p = arg;

	node_patch_send(p, vs_kube_call("GET", vs_strdup(p->path)), node_patch_compare);
}

struct vs_knode_patch *
vs_knode_patch_start(struct vs_kube *k, struct vs_loop *l, const char *node,
	const struct vs_knode_marks *marks, void (*end)(void *arg, const struct vs_err *err),
	void *arg)
{
	struct vs_knode_patch *p = vs_alloc(1, sizeof *p);
	struct vs_buf path = VS_BUF_INIT;

	vs_buf_str(&path, "/api/v1/nodes/");
	vs_kube_quote(&path, node);
	*p = (struct vs_knode_patch){ .kube = k,
		.loop = l,
		.marks = marks,
		.end = end,
		.arg = arg,
		.path = vs_buf_take(&path) };
	node_patch_read(p);
	return p;
}

void
vs_knode_patch_free(struct vs_knode_patch *p)
{
	if (p == NULL)
		return;
	vs_timer_clear(p->loop, &p->timer);
	if (p->call)
		vs_kube_abort(p->call);
	free(p->path);
	free(p->trouble);
	free(p);
}

const char *
vs_knode_patch_trouble(const struct vs_knode_patch *p)
{
	return p->trouble ? p->trouble : "";
}
