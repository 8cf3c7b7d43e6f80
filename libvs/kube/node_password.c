/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "kube/node.h"
#include "kube/password.h"
#include "text/json.h"

enum { PATIENCE = 5000 }; /* ms: it is a hint, and the time is over */

struct vs_kpass {
	struct vs_loop *loop;
	void (*end)(void *, const char *);
	void *arg;
	struct vs_kube_call *call; /* that runs, or NULL */
	struct vs_timer timer;
};

void
vs_kpass_name(const char *node, struct vs_buf *b)
{
	vs_buf_fmt(b, "%s.node-password.rke2", node);
}

static void
password_answered(struct vs_kube_call *c)
{
	struct vs_kpass *p = c->arg;
	VS_BUF_FREE struct vs_buf since = VS_BUF_INIT;
	VS_JSON_FREE json_t *o = NULL;
	struct vs_err err;
	const char *made;

	p->call = NULL;
	vs_timer_clear(p->loop, &p->timer);
	if (c->ok)
		o = vs_json_read(c->answer.s, c->answer.len, &err);
	made = json_string_value(
		json_object_get(json_object_get(o, "metadata"), "creationTimestamp"));
	if (made)
		vs_kline(&since, made);
	p->end(p->arg, made ? since.s : NULL);
}

static void
password_give_up(void *arg)
{
	struct vs_kpass *p = arg;

	vs_kube_abort(p->call);
	p->call = NULL;
	p->end(p->arg, NULL);
}

struct vs_kpass *
vs_kpass_look(struct vs_kube *k, struct vs_loop *l, const char *node,
	void (*end)(void *arg, const char *since), void *arg)
{
	struct vs_kpass *p = vs_alloc(1, sizeof *p);
	struct vs_buf path = VS_BUF_INIT;

	*p = (struct vs_kpass){ .loop = l, .end = end, .arg = arg };
	vs_buf_str(&path, "/api/v1/namespaces/kube-system/secrets/");
	vs_kpass_name(node, &path);
	p->call = vs_kube_call("GET", vs_buf_take(&path));
	p->call->accept = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
	p->call->end = password_answered;
	p->call->arg = p;
	vs_timer_set(l, &p->timer, vs_now() + PATIENCE, password_give_up, p);
	vs_kube_send(k, p->call);
	return p;
}

void
vs_kpass_free(struct vs_kpass *p)
{
	if (p == NULL)
		return;
	vs_timer_clear(p->loop, &p->timer);
	if (p->call)
		vs_kube_abort(p->call);
	free(p);
}
