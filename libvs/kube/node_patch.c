/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "kube/mark.h"
#include "kube/node.h"
#include "text/json.h"
#include "text/json_write.h"

struct vs_kmark {
	struct vs_kube *kube;
	struct vs_loop *loop;
	char *path; /* of the Node */
	const struct vs_kmarks *marks;
	void (*end)(void *, const struct vs_err *);
	void *arg;
	struct vs_kube_call *call; /* that runs, or NULL */
	struct vs_timer timer;
	char *trouble;
	int tries;
};

int
vs_kmarks_read(struct vs_kmarks *m, const struct vs_list *labels, const struct vs_list *taints,
	struct vs_err *err)
{
	*m = (struct vs_kmarks){
		.labels = vs_alloc(labels->n, sizeof *m->labels),
		.taints = vs_alloc(taints->n, sizeof *m->taints),
	};
	/* counted first: one that is parsed and then refused is freed, too */
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
vs_kmarks_free(struct vs_kmarks *m)
{
	while (m->n_labels > 0)
		vs_label_free(&m->labels[--m->n_labels]);
	while (m->n_taints > 0)
		vs_taint_free(&m->taints[--m->n_taints]);
	free(m->labels);
	free(m->taints);
	*m = (struct vs_kmarks){ 0 };
}

/* ---- the patch */

static const char *
mark_text(json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

static bool
mark_same_taint(json_t *has, const struct vs_taint *t)
{
	return strcmp(mark_text(has, "key"), t->key) == 0
		&& strcmp(mark_text(has, "effect"), t->effect) == 0;
}

static bool
mark_has_labels(json_t *node, const struct vs_kmarks *m)
{
	json_t *labels = json_object_get(json_object_get(node, "metadata"), "labels");

	for (size_t i = 0; i < m->n_labels; i++) {
		const char *s = json_string_value(json_object_get(labels, m->labels[i].key));

		if (s == NULL || strcmp(s, m->labels[i].value) != 0)
			return false;
	}
	return true;
}

/* The Node's taints with ours among them; NULL: they are there already. */
static json_t *
mark_taints(json_t *node, const struct vs_kmarks *m)
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
			if (mark_same_taint(old, t))
				break;
		}
		if (i < json_array_size(all) && strcmp(mark_text(old, "value"), t->value) == 0) {
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
vs_kmark_patch(json_t *node, const struct vs_kmarks *m, struct vs_buf *b)
{
	VS_JSON_FREE json_t *list = mark_taints(node, m);
	struct vs_jw w = { .b = b };
	char *s;

	if (list == NULL && mark_has_labels(node, m))
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

/* ---- read, patch, and again if need be */

static void mark_look(void *arg);

static void
mark_over(struct vs_kmark *m, const struct vs_err *err)
{
	m->end(m->arg, err);
}

static void
mark_retry(struct vs_kmark *m, const struct vs_kube_call *c)
{
	struct vs_err err = c->err;

	if (c->status == 404) {
		err.code = VS_ERR_NOT_FOUND;
		mark_over(m, &err);
	} else if (c->again || c->status == 409) {
		vs_info("%s: again after: %s", m->path, err.msg);
		vs_set(&m->trouble, err.msg);
		vs_timer_set(
			m->loop, &m->timer, vs_now() + vs_kube_delay(c, ++m->tries), mark_look, m);
	} else {
		if (c->status == 403)
			vs_wrap(&err,
				"may not label or taint the node (that takes the verbs get and patch)");
		mark_over(m, &err);
	}
}

static void
mark_patched(struct vs_kube_call *c)
{
	struct vs_kmark *m = c->arg;

	m->call = NULL;
	if (c->ok)
		mark_over(m, NULL);
	else
		mark_retry(m, c);
}

static void
mark_send(struct vs_kmark *m, struct vs_kube_call *c, void (*end)(struct vs_kube_call *))
{
	c->end = end;
	c->arg = m;
	m->call = c;
	vs_kube_send(m->kube, c);
}

static void
mark_seen(struct vs_kube_call *c)
{
	struct vs_kmark *m = c->arg;
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_kube_call *patch;
	struct vs_err err;
	json_t *node;

	m->call = NULL;
	if (!c->ok) {
		mark_retry(m, c);
		return;
	}
	node = vs_json_read(c->answer.s, c->answer.len, &err);
	if (node == NULL) {
		vs_fail(&err, VS_ERR_FAILED, "the API server's answer is not JSON");
		mark_over(m, &err);
		return;
	}
	if (vs_kmark_patch(node, m->marks, &b) == 0) {
		mark_over(m, NULL);
	} else {
		vs_info("%s: going to label or taint it", strrchr(m->path, '/') + 1);
		patch = vs_kube_call("PATCH", vs_strdup(m->path));
		patch->type = "application/strategic-merge-patch+json";
		vs_buf_add(&patch->body, b.s, b.len);
		mark_send(m, patch, mark_patched);
	}
	json_decref(node);
}

static void
mark_look(void *arg)
{
	struct vs_kmark *m = arg;

	mark_send(m, vs_kube_call("GET", vs_strdup(m->path)), mark_seen);
}

struct vs_kmark *
vs_kmark_start(struct vs_kube *k, struct vs_loop *l, const char *node,
	const struct vs_kmarks *marks, void (*end)(void *arg, const struct vs_err *err), void *arg)
{
	struct vs_kmark *m = vs_alloc(1, sizeof *m);
	struct vs_buf path = VS_BUF_INIT;

	vs_buf_str(&path, "/api/v1/nodes/");
	vs_kube_quote(&path, node);
	*m = (struct vs_kmark){ .kube = k,
		.loop = l,
		.marks = marks,
		.end = end,
		.arg = arg,
		.path = vs_buf_take(&path) };
	mark_look(m);
	return m;
}

void
vs_kmark_free(struct vs_kmark *m)
{
	if (m == NULL)
		return;
	vs_timer_clear(m->loop, &m->timer);
	if (m->call)
		vs_kube_abort(m->call);
	free(m->path);
	free(m->trouble);
	free(m);
}

const char *
vs_kmark_trouble(const struct vs_kmark *m)
{
	return m->trouble ? m->trouble : "";
}
