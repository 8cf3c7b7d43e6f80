/* SPDX-License-Identifier: Apache-2.0 */
/* node_password.c - looks up the Secret of a node password, but never its content.
 * Reference: k3s, pkg/nodepassword; k8s.io/apimachinery, pkg/apis/meta/v1
 * (PartialObjectMetadata). */
#include <stdlib.h>

#include "base/assert.h"
#include "base/mem.h"
#include "base/num.h"
#include "kube/node_password.h"
#include "kube/object.h"
#include "text/json.h"

/* It is a hint, and the timeout of its node is over. */
enum { NODE_PASSWORD_WAIT_MS = 5000 };

struct vs_knode_password {
	struct vs_loop *loop;
	void (*end)(void *, const char *);
	void *arg;
	struct vs_kube_call *call; /* in flight, or NULL */
	struct vs_timer timer;
};

void
vs_knode_password_name(const char *node, struct vs_buf *b)
{
	vs_buf_fmt(b, "%s.node-password.rke2", node);
}

static void
node_password_answered(struct vs_kube_call *c)
{
	struct vs_knode_password *p = c->arg;
	VS_JSON_FREE json_t *o = NULL;
	const char *since;
	struct vs_err err;

	assert(p->call == c);
	p->call = NULL;
	vs_timer_clear(p->loop, &p->timer);
	if (c->ok)
		o = vs_kobject_read(c->answer.s, c->answer.len, "PartialObjectMetadata", &err);
	since = vs_kobject_str(json_object_get(o, "metadata"), "creationTimestamp");
	p->end(p->arg, vs_kobject_time(since) ? since : NULL);
}

static void
node_password_give_up(void *arg)
{
	struct vs_knode_password *p = arg;

	vs_kube_abort(p->call);
	p->call = NULL;
	p->end(p->arg, NULL);
}

struct vs_knode_password *
vs_knode_password_find(struct vs_kube *k, struct vs_loop *l, const char *node,
	void (*end)(void *arg, const char *since), void *arg)
{
	struct vs_knode_password *p = vs_alloc(1, sizeof *p);
	struct vs_buf path = VS_BUF_INIT;

	*p = (struct vs_knode_password){ .loop = l, .end = end, .arg = arg };
	vs_buf_str(&path, "/api/v1/namespaces/kube-system/secrets/");
	vs_knode_password_name(node, &path);
	p->call = vs_kube_call("GET", vs_buf_take(&path));
	p->call->accept = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
	p->call->total_ms = NODE_PASSWORD_WAIT_MS;
	p->call->end = node_password_answered;
	p->call->arg = p;
	vs_timer_set(l, &p->timer, vs_now() + NODE_PASSWORD_WAIT_MS, node_password_give_up, p);
	vs_kube_send(k, p->call);
	return p;
}

void
vs_knode_password_free(struct vs_knode_password *p)
{
	if (p == NULL)
		return;
	vs_timer_clear(p->loop, &p->timer);
	if (p->call)
		vs_kube_abort(p->call);
	free(p);
}
