/* SPDX-License-Identifier: Apache-2.0 */
/* call.h - one call to vCenter: written, sent, tried again, its answer parsed.  Floor 3.
 *
 * A call is opened, its elements are written in WSDL order, it is sent; its end()
 * comes later from the loop.  Here is the one place for retries of a request.  A
 * call knows no session: whether it may go out is its gate's to decide (vim/vcenter).
 * Wire format: vSphere Web Services SDK; govmomi vim25/soap/client.go. */
#ifndef VS_VIM_CALL_H
#define VS_VIM_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "net/http.h"
#include "text/xml.h"
#include "text/xml_write.h"
#include "vim/conn.h"

struct vs_call;

/* Calls in the order they were put in.  A call is in one list at most. */
struct vs_calls {
	struct vs_call *first, **last;
};

/* The way to one server, and what all calls to it share. */
struct vs_wire {
	struct vs_loop *loop;	    /* borrowed */
	const struct vs_conn *conn; /* borrowed */
	struct vs_http *http;
	char *op_id; /* of all operationIDs, with a number behind it */
	unsigned serial;
	char *version;		/* of the API, for SOAPAction */
	int64_t retry_ms;	/* reads are tried again for so long */
	bool answered;		/* the server has spoken to us at least once */
	bool cancelled;		/* waits by turning the loop end, nothing is tried again */
	struct vs_calls flying; /* sent, or to be sent again */
};

enum vs_call_end {
	VS_CALL_REPLY,	/* reply is the response element */
	VS_CALL_FAULT,	/* fault (may be NULL) and err: refused, nothing was done */
	VS_CALL_LOST,	/* a write: sent, no answer; it may have been done */
	VS_CALL_FAILED, /* err: it could not be made */
	VS_CALL_STALE,	/* scoped, and the session it belongs to is gone */
};

enum vs_gate_answer {
	VS_GATE_OPEN,  /* send it now */
	VS_GATE_KEPT,  /* the gate put it into a list of its own: vs_call_go later */
	VS_GATE_SHUT,  /* it ends with VS_CALL_FAILED and the err that the gate set */
	VS_GATE_STALE, /* the same with VS_CALL_STALE */
};

struct vs_gate {
	enum vs_gate_answer (*pass)(void *arg, struct vs_call *c);
	/* vCenter does not know the session that c was sent in.  True: the gate has
	 * taken c, or has sent it on; false: NotAuthenticated is its answer. */
	bool (*expired)(void *arg, struct vs_call *c);
	void *arg;
};

struct vs_call {
	struct vs_wire *wire;
	const struct vs_gate *gate; /* NULL: the session's own, which always may go */
	const char *method;	    /* literal */
	bool write;
	bool scoped;	 /* its object lives in the session: never sent in another */
	bool once;	 /* never tried again: a read without an answer is VS_CALL_FAILED */
	int64_t poll_ms; /* a long poll, of at most so long; 0: none */
	struct vs_xw w;	 /* open at the method's element */
	void (*end)(struct vs_call *, enum vs_call_end how); /* may be NULL */
	void *arg;
	/* for end(): */
	struct vs_node *reply, *fault;
	struct vs_err err;
	/* the gate's: of the session that it was made in, then sent in */
	unsigned generation, relogins;
	/* private */
	int64_t give_up;
	struct vs_xp *xp;
	struct vs_http_req *req;
	struct vs_buf raw;
	struct vs_timer timer;
	unsigned tries, serial;
	bool parse_failed;
	enum vs_call_end refused;
	struct vs_call *next;
	struct vs_calls *list; /* that it is in, or NULL */
};

/* -1, VS_ERR_USAGE: the trust cannot be set up.  tool: for the User-Agent. */
int vs_wire_open(struct vs_wire *w, struct vs_loop *l, const struct vs_conn *conn, const char *tool,
	struct vs_err *err);
void vs_wire_close(struct vs_wire *w); /* drops its calls without their end() */

/* Set the version that requests are made in: $GOVC_VIM_VERSION, else the older of
 * the server's (NULL: not known yet) and of what this code was tested with. */
void vs_wire_speak(struct vs_wire *w, const char *api_version);

/* self: "Type:id", written as _this; the caller writes the other elements. */
struct vs_call *vs_call_new(struct vs_wire *wire, const char *method, const char *self, bool write);

/* c is freed after its end(), which is called from the loop, never from here. */
void vs_call_send(struct vs_call *c, void (*end)(struct vs_call *, enum vs_call_end), void *arg);
void vs_call_abort(struct vs_call *c); /* without its end(); NULL is fine */
void vs_call_free(struct vs_call *c);  /* one that was never sent; NULL is fine */

/* ---- for a gate, from the loop only */

/* Through the gate, and out if that is open. */
void vs_call_go(struct vs_call *c);
/* Into that list, at its end, and out of the one it is in. */
void vs_calls_put(struct vs_calls *l, struct vs_call *c);

#endif
