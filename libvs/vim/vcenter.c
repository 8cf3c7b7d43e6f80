/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "vim/cache.h"
#include "vim/session.h"
#include "vim/soap.h"

/* The newest API version that this code was tested with.  The version is the
 * schema: what is newer in a request is refused, in a reply left out. */
static const char NEWEST[] = "8.0.1.0";

/* ---- references */

char *
vs_node_ref(struct vs_node *n)
{
	if (n == NULL || n->ref == NULL || *n->text == '\0')
		return NULL;
	return vs_printf("%s:%s", n->ref, n->text);
}

bool
vs_ref_is(const char *ref, const char *type)
{
	size_t n = strlen(type);

	return ref && strncmp(ref, type, n) == 0 && ref[n] == ':';
}

/* ---- the client */

struct vs_vc *
vs_vc_open(struct vs_loop *l, const struct vs_conn *conn, const char *tool, struct vs_err *err)
{
	VS_FREE char *agent = vs_printf("%s/" VS_VERSION, tool);
	const struct vs_http_conf conf = {
		.trust = {
			.insecure = conn->insecure,
			.ca_files = conn->ca_files,
			.pin = *conn->pin ? conn->pin : NULL,
		},
		.user_agent = agent,
		.connect_ms = conn->connect_ms,
		.trust_hint = "give its CA in $GOVC_TLS_CA_CERTS, or its thumbprint in $GOVC_TLS_KNOWN_HOSTS",
	};
	struct vs_http *http = vs_http_open(l, &conf, err);
	struct vs_vc *vc;

	if (http == NULL)
		return NULL;
	vc = vs_alloc(1, sizeof *vc);
	vc->loop = l;
	vc->http = http;
	vc->conn = conn;
	vc->tool = tool;
	vc->retry_ms = 120000;
	vc->waiting_end = &vc->waiting;
	snprintf(vc->op_id, sizeof vc->op_id, "%s-%04x",
		conn->operation_id ? conn->operation_id : tool,
		(unsigned)(getpid() ^ vs_now()) & 0xffff);
	vc->session = vs_session_new(vc);
	return vc;
}

void
vs_vc_close(struct vs_vc *vc)
{
	if (vc == NULL)
		return;
	while (vc->live)
		vs_call_abort(vc->live);
	while (vc->waiting)
		vs_call_abort(vc->waiting);
	vs_http_close(vc->http);
	vs_session_free(vc->session);
	vs_content_free(&vc->content);
	free(vc);
}

const char *
vs_vc_version(const struct vs_vc *vc)
{
	const char *have = vc->content.api_version;

	if (vc->conn->api_version)
		return vc->conn->api_version;
	if (have == NULL)
		return "7.0";
	return strverscmp(have, NEWEST) < 0 ? have : NEWEST;
}
