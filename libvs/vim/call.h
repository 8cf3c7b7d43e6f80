/* SPDX-License-Identifier: Apache-2.0 */
/* soap.h - one vCenter, and calls to it.  Floor 3.
 *
 * A call is opened, its elements are written in WSDL order, it is sent; its
 * end() comes later from the loop, or somebody waits for it.  Here is the one
 * place for retries, and for the session that went away under a call.
 * Wire format: vSphere Web Services SDK; govmomi vim25/soap/client.go. */
#ifndef VS_VIM_SOAP_H
#define VS_VIM_SOAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "net/http.h"
#include "text/xml.h"
#include "text/xml_write.h"
#include "vim/conn.h"

/* A managed object reference is a string "Type:id", as it stands in records. */

/* From RetrieveServiceContent: the singletons we use, and who answers. */
struct vs_content {
	char *root_folder, *property_collector, *view_manager, *session_manager, *search_index,
		*storage_resource_manager;
	char *api_version;   /* "8.0.3.0" */
	char *instance_uuid; /* of the vCenter */
};

enum vs_vc_state { VS_VC_NEW, VS_VC_OPENING, VS_VC_READY, VS_VC_FAILED };

struct vs_call;

struct vs_vc {
	struct vs_loop *loop;
	struct vs_http *http;
	const struct vs_conn *conn;
	const char *tool;
	struct vs_content content;
	enum vs_vc_state state;
	struct vs_err why;   /* VS_VC_FAILED */
	unsigned generation; /* of the session; collector, view and filter die with it */
	bool answered;	     /* it has spoken to us at least once */
	bool cancelled;	     /* who waits by turning the loop gives up */
	bool leaving;	     /* the run is over: nobody logs in any more */
	int64_t retry_ms;    /* reads are tried again for so long */
	struct vs_call *waiting, **waiting_end; /* for the session */
	struct vs_call *live;			/* sent, or to be sent again */
	struct vs_session *session;
	unsigned serial;
	char op_id[64];
};

enum vs_call_end {
	VS_CALL_REPLY,	/* reply is the response element */
	VS_CALL_FAULT,	/* fault (may be NULL) and err: refused, nothing was done */
	VS_CALL_LOST,	/* a write: sent, no answer; was it done? */
	VS_CALL_FAILED, /* err: could not be made */
	VS_CALL_STALE,	/* its session-bound object went with an old session */
};

struct vs_call {
	struct vs_vc *vc;
	const char *method; /* literal */
	bool write;
	bool scoped;	 /* its object lives in the session: never sent to another */
	bool own;	 /* of the session itself: not queued, no re-login */
	bool once;	 /* a read that cannot be repeated: lost is VS_CALL_FAILED */
	int64_t poll_ms; /* a long poll of at most so long */
	struct vs_xw w;	 /* open at the method's element */
	void (*end)(struct vs_call *, enum vs_call_end how); /* may be NULL */
	void *arg;
	/* for end(): */
	struct vs_node *reply, *fault;
	struct vs_err err;
	/* private */
	struct vs_xp *xp;
	struct vs_http_req *req;
	struct vs_buf raw;
	struct vs_timer timer;
	int64_t give_up;
	unsigned generation; /* of the session it was made in, then sent in */
	unsigned tries, relogins, serial;
	bool parse_failed, aborted;
	struct vs_call *next;
};

/* NULL when the trust cannot be set up.  The session is opened by the first
 * call that needs it. */
struct vs_vc *vs_vc_open(
	struct vs_loop *l, const struct vs_conn *conn, const char *tool, struct vs_err *err);
void vs_vc_close(struct vs_vc *vc); /* drops what runs; no Logout */

/* What a SOAPAction says: GOVC_VIM_VERSION, else the older of what the server
 * speaks and what this code was tested with. */
const char *vs_vc_version(const struct vs_vc *vc);

/* _this is written already; the caller writes the rest of the elements. */
struct vs_call *vs_call_new(struct vs_vc *vc, const char *method, const char *self, bool write);
void vs_call_send(struct vs_call *c, void (*end)(struct vs_call *, enum vs_call_end), void *arg);
void vs_call_abort(struct vs_call *c); /* no end(); freed */

void vs_call_free(struct vs_call *c); /* NULL is fine */

/* "Type:id" of a node that holds one, owned by the caller; NULL: it holds none. */
char *vs_node_ref(struct vs_node *n);
/* Type of a "Type:id" equal to type. */
bool vs_ref_is(const char *ref, const char *type);

/* For vim/session: the queue goes on, or ends with vc->why. */
void vs_soap_ready(struct vs_vc *vc);
void vs_soap_failed(struct vs_vc *vc);

#endif
