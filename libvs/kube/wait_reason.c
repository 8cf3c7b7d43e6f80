/* SPDX-License-Identifier: Apache-2.0 */
/* wait_reason.c - says why a node is not in the awaited state, and what helps.
 * What a Node says of itself comes from kube/node. */
#include "kube/wait_reason.h"
#include "kube/node_record.h"
#include "kube/object.h"

bool
vs_kwait_missing(const struct vs_kwait *w, const struct vs_kwait_job *k)
{
	return k->name && !w->conf->want.gone && w->conf->selector == NULL
		&& vs_knodes_synced(w->nodes) && vs_knodes_trouble(w->nodes) == NULL
		&& vs_knodes_get(w->nodes, k->name) == NULL;
}

static void
wait_reason_no_node(const struct vs_kwait *w, const struct vs_kwait_job *k,
	const char *password_since, struct vs_buf *b)
{
	if (w->conf->selector) {
		vs_buf_fmt(b, "no node of that name matches '%s'", w->conf->selector);
		return;
	}
	vs_buf_str(b, "no such node: it has not joined (see 'journalctl -u rke2-agent' on the VM)");
	/* The password may be this VM's own, if it has got no further. */
	if (password_since && vs_kwait_missing(w, k)) {
		vs_buf_fmt(b,
			"; the RKE2 server has had a node password for that name since %s: if it is an older VM's, run 'kubectl -n kube-system delete secret ",
			password_since);
		vs_knode_password_name(k->name, b);
		vs_buf_ch(b, '\'');
	}
}

static void
wait_reason_other_vm(const struct vs_knode *node, struct vs_buf *b)
{
	vs_buf_str(b, "the node of that name belongs to another VM (UUID ");
	vs_buf_str(b, node->uuid);
	vs_buf_fmt(b,
		"): the RKE2 server rejects a new VM of that name (node password) until you run 'kubectl delete node %s'",
		node->name);
}

void
vs_kwait_reason(const struct vs_kwait *w, const struct vs_kwait_job *k, const char *password_since,
	struct vs_buf *b)
{
	const struct vs_knode *node = k->name ? vs_knodes_get(w->nodes, k->name) : NULL;

	if (!vs_knodes_synced(w->nodes))
		vs_buf_fmt(b, "no answer from the API server %s", vs_kube_server(w->conf->kube));
	else if (k->name == NULL)
		vs_buf_fmt(b, "no further node matches '%s'", w->conf->selector);
	else if (w->conf->want.gone)
		vs_buf_str(b, "it still exists");
	else if (node == NULL)
		wait_reason_no_node(w, k, password_since, b);
	else if (!vs_knode_record_same(&k->job->rec, node))
		wait_reason_other_vm(node, b);
	else if (node->why)
		vs_buf_str(b, node->why);
	else
		vs_buf_fmt(b, "cannot set its labels and taints: %s",
			k->patch ? vs_knode_patch_trouble(k->patch) : "");
}
