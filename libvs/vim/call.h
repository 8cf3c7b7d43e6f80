/* SPDX-License-Identifier: Apache-2.0 */
/* call.h - one call to vCenter: write, send, retry, parse the response.  Floor 3.
 *
 * Open a call, write its elements in WSDL order, send it; its end() is called later
 * from the loop.  Retries of requests are made here.  A call does not know about
 * sessions: its gate (vim/vcenter) decides whether it may be sent.
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

/* Calls in the order in which they were put in.  A call is in one list at most. */
struct vs_calls {
	struct vs_call *first, **last;
};

/* The connection to one server, and what all calls to it share. */
struct vs_wire {
	struct vs_loop *loop;	    /* borrowed */
	const struct vs_conn *conn; /* borrowed */
	struct vs_http *http;
	char *op_id;		/* prefix of all operationIDs */
	unsigned serial;	/* of the last call: the rest of its operationID */
	char *version;		/* of the API, for SOAPAction */
	int64_t retry_ms;	/* how long reads are retried */
	bool answered;		/* the server has answered at least once */
	bool cancelled;		/* stop waiting in vs_vc_until, stop retrying */
	struct vs_calls flying; /* sent, or waiting to be sent again */
};

enum vs_call_end {
	VS_CALL_REPLY,	/* reply is the response element */
	VS_CALL_FAULT,	/* fault (may be NULL) and err: rejected, nothing was done */
	VS_CALL_LOST,	/* a write was sent, but not answered: it may have been done */
	VS_CALL_FAILED, /* err: not sent, or a read without a response */
	VS_CALL_STALE,	/* scoped, and its session is gone: not sent */
};

enum vs_gate_answer {
	VS_GATE_OPEN,  /* send it now */
	VS_GATE_KEPT,  /* it is in a list of the gate, which calls vs_call_go later */
	VS_GATE_SHUT,  /* it ends with VS_CALL_FAILED and the err that the gate has set */
	VS_GATE_STALE, /* the same with VS_CALL_STALE */
};

struct vs_gate {
	enum vs_gate_answer (*pass)(void *arg, struct vs_call *c);
	/* vCenter does not know the session in which c was sent.  True: the gate has
	 * taken care of c; false: c ends with the fault NotAuthenticated. */
	bool (*expired)(void *arg, struct vs_call *c);
	void *arg;
};

struct vs_call {
	struct vs_wire *wire;
	const struct vs_gate *gate; /* NULL: a call of the session itself */
	const char *method;	    /* literal */
	bool write;	 /* it changes something: not sent again once it may have arrived */
	bool scoped;	 /* its object belongs to the session: not sent in another one */
	bool once;	 /* never retried */
	int64_t poll_ms; /* the longest wait of a long poll; 0: not a long poll */
	struct vs_xw w;	 /* open at the method's element */
	void (*end)(struct vs_call *, enum vs_call_end how); /* may be NULL */
	void *arg;
	/* for end(), and valid only in it: */
	struct vs_node *reply, *fault;
	struct vs_err err;
	bool exceeded; /* the answer was larger than a bound: another one would be, too */
	/* for the gate: the session in which it was opened, then sent */
	unsigned generation;
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

/* l and conn are borrowed; tool is for User-Agent and operationID.  -1, VS_ERR_USAGE:
 * a file or pin of the trust cannot be used. */
int vs_wire_open(struct vs_wire *w, struct vs_loop *l, const struct vs_conn *conn, const char *tool,
	struct vs_err *err);
void vs_wire_close(struct vs_wire *w); /* aborts its calls */

/* Set the API version of requests: $GOVC_VIM_VERSION, else the older of api_version,
 * the server's (NULL: not known yet), and the newest that this code was tested with. */
void vs_wire_speak(struct vs_wire *w, const char *api_version);

/* The caller's, until sent.  self: "Type:id", written as _this; the caller writes the
 * other elements to w.  method is a literal. */
struct vs_call *vs_call_new(struct vs_wire *wire, const char *method, const char *self, bool write);

/* end() is called once, from the loop, never from here; c is freed after it. */
void vs_call_send(struct vs_call *c, void (*end)(struct vs_call *, enum vs_call_end), void *arg);
void vs_call_abort(struct vs_call *c); /* without its end(); NULL is fine */
void vs_call_free(struct vs_call *c);  /* one that was never sent; NULL is fine */

/* ---- for a gate, from the loop only */

/* Ask the gate again. */
void vs_call_go(struct vs_call *c);
/* Append c to l; it leaves the list that it is in. */
void vs_calls_put(struct vs_calls *l, struct vs_call *c);

#endif
