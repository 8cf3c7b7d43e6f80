/* SPDX-License-Identifier: Apache-2.0 */
/* Calls, their session and their queue, and an inventory that is odd: vim/call,
 * vim/session, vim/vcenter, inventory/inventory, with a small server. */
#include "server.h"

#include "base/num.h"
#include "inventory/inventory.h"
#include "inventory/place.h"
#include "tap.h"
#include "vim/vcenter.h"

static atomic_int logins, logouts, calls; /* requests so far */
static atomic_int session;		  /* its number; cookies of others are not known */
static atomic_int no_login, never_known;
static atomic_int dead_cookies; /* that many answers set one, each later than the last */

#define SOAP \
	"<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body>"
#define END "</soapenv:Body></soapenv:Envelope>"

static const char CONTENT[] = SOAP
	"<RetrieveServiceContentResponse xmlns=\"urn:vim25\"><returnval><rootFolder type=\"Folder\">group-d1</rootFolder><propertyCollector type=\"PropertyCollector\">pc</propertyCollector><viewManager type=\"ViewManager\">vm</viewManager><about><apiVersion>8.0.3.0</apiVersion><apiType>VirtualCenter</apiType></about><sessionManager type=\"SessionManager\">sm</sessionManager><searchIndex type=\"SearchIndex\">si</searchIndex></returnval></RetrieveServiceContentResponse>" END;

static void
say_fault(struct conn *c, const char *type)
{
	VS_FREE char *s = vs_printf(SOAP
		"<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>no</faultstring><detail><%sFault xsi:type=\"%s\"/></detail></soapenv:Fault>" END,
		type, type);

	say_body(c, "500 Internal Server Error", s);
}

static void
say_object(struct vs_buf *b, const char *type, const char *id, const char *name, const char *parent)
{
	vs_buf_fmt(b,
		"<objects><obj type=\"%s\">%s</obj><propSet><name>name</name><val>%s</val></propSet><propSet><name>parent</name><val type=\"%s\">%s</val></propSet>%s</objects>",
		type, id, name,
		strcmp(type, "Folder") == 0 && !strcmp(id, "f0") ? "Datacenter" : "Folder", parent,
		strcmp(type, "Datacenter") == 0
			? "<propSet><name>vmFolder</name><val type=\"Folder\">f0</val></propSet>"
			: "");
}

/* A datacenter with 300 folders in one another, two that contain each other,
 * one that contains itself, one without a name. */
static void
say_places(struct conn *c)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	vs_buf_str(&b, SOAP "<RetrievePropertiesExResponse xmlns=\"urn:vim25\"><returnval>");
	for (int i = 300; i > 0; i--) {
		char id[16], name[16], parent[16];

		snprintf(id, sizeof id, "f%d", i);
		snprintf(name, sizeof name, "n%d", i);
		snprintf(parent, sizeof parent, "f%d", i - 1);
		say_object(&b, "Folder", id, name, parent);
	}
	say_object(&b, "Folder", "f0", "vm", "dc");
	say_object(&b, "Datacenter", "dc", "A", "root");
	say_object(&b, "Folder", "x", "x", "y");
	say_object(&b, "Folder", "y", "y", "x");
	say_object(&b, "Folder", "z", "z", "z");
	say_object(&b, "Folder", "e", "", "f0");
	vs_buf_str(&b, "</returnval></RetrievePropertiesExResponse>" END);
	say_body(c, "200 OK", b.s);
}

/* As a server may do it, which ends a session by a cookie. */
static void
say_not_known(struct conn *c)
{
	int nth = dead_cookies > 0 ? dead_cookies-- : 0;

	if (nth == 0) {
		say_fault(c, "NotAuthenticated");
		return;
	}
	if (nth == 1)
		wait_a_bit(c, 500);
	say_body(c, "500 No\r\nSet-Cookie: vmware_soap_session=dead",
		SOAP
		"<soapenv:Fault><faultstring>no</faultstring><detail><f xsi:type=\"NotAuthenticated\"/></detail></soapenv:Fault>" END);
}

static void
answer(struct conn *c)
{
	const char *cookie = strstr(c->head.s, "vmware_soap_session=");
	VS_FREE char *head = NULL;

	if (strstr(c->body.s, "<RetrieveServiceContent ")) {
		say_body(c, "200 OK", CONTENT);
	} else if (strstr(c->body.s, "<Login ")) {
		logins++;
		if (no_login) {
			say_fault(c, "InvalidLogin");
			return;
		}
		head = vs_printf("200 OK\r\nSet-Cookie: vmware_soap_session=%d", ++session);
		say_body(c, head,
			SOAP
			"<LoginResponse xmlns=\"urn:vim25\"><returnval><key>1</key></returnval></LoginResponse>" END);
	} else if (never_known || cookie == NULL || strtol(cookie + 20, NULL, 10) != session) {
		say_not_known(c);
	} else if (strstr(c->body.s, "<Logout ")) {
		logouts++;
		say_body(c, "200 OK", SOAP "<LogoutResponse xmlns=\"urn:vim25\"/>" END);
	} else if (strstr(c->body.s, "<RetrievePropertiesEx ")) {
		say_places(c);
	} else {
		calls++;
		say_body(c, "200 OK", SOAP "<FindChildResponse xmlns=\"urn:vim25\"/>" END);
	}
}

/* ---- the client's side */

static struct vs_loop *loop;
static struct vs_conn conn;
static int open_calls;

struct end {
	int ended;
	enum vs_call_end how;
	struct vs_err err;
	struct vs_call *kill; /* to be aborted at the end of this one */
};

static void
call_end(struct vs_call *c, enum vs_call_end how)
{
	struct end *e = c->arg;

	e->ended++;
	e->how = how;
	e->err = c->err;
	open_calls--;
	if (e->kill) {
		vs_call_abort(e->kill);
		open_calls--;
	}
}

static struct vs_call *
post(struct vs_vc *vc, struct end *e, bool scoped)
{
	struct vs_call *c = vs_vc_call(vc, "FindChild", "SearchIndex:si", false);

	*e = (struct end){ 0 };
	c->scoped = scoped;
	open_calls++;
	vs_call_send(c, call_end, e);
	return c;
}

static bool
all_ended(void *arg)
{
	(void)arg;
	return open_calls == 0;
}

static bool
settle(void)
{
	return vs_loop_until(loop, all_ended, NULL, NULL, vs_now() + 20000);
}

static struct vs_vc *
open_vc(void)
{
	struct vs_err err;
	struct vs_vc *vc = vs_vc_open(loop, &conn, "unit", &err);

	if (vc == NULL) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
	logins = logouts = calls = 0;
	return vc;
}

static bool
has_left(void *arg)
{
	return !vs_vc_busy(arg);
}

static void
close_vc(struct vs_vc *vc)
{
	ok(vs_vc_leave(vc) == true, "a session that is not kept is ended");
	ok(vs_loop_until(loop, has_left, vc, NULL, vs_now() + 20000), "... soon");
	vs_vc_close(vc);
}

static void
one_login(void)
{
	struct vs_vc *vc = open_vc();
	struct end a[4];

	for (int i = 0; i < 3; i++)
		post(vc, &a[i], false);
	ok(!a[0].ended && vc->state == VS_VC_OPENING, "calls wait for the session");
	settle();
	ok(a[0].how == VS_CALL_REPLY && a[1].how == VS_CALL_REPLY && a[2].how == VS_CALL_REPLY
			&& calls == 3,
		"... and are sent in it");
	ok(logins == 1 && vc->generation == 1, "one Login for all of them");
	is(vc->wire.version, "8.0.1.0", "the API version is one that was tested");

	a[0].kill = NULL;
	session++; /* as if vCenter had forgotten it */
	post(vc, &a[0], false);
	post(vc, &a[1], false);
	post(vc, &a[2], true);
	settle();
	ok(a[0].how == VS_CALL_REPLY && a[1].how == VS_CALL_REPLY, "sent again in a new session");
	ok(a[2].how == VS_CALL_STALE && a[2].err.code == VS_ERR_UNREACHABLE,
		"... but not what belongs to the old one");
	ok(logins == 2 && vc->generation == 2 && calls == 5, "one Login again");
	close_vc(vc);
	ok(logouts == 1, "one Logout");
}

static void
not_known_twice(void)
{
	struct vs_vc *vc = open_vc();
	struct end a, b;

	never_known = 1;
	post(vc, &a, false);
	post(vc, &b, false);
	settle();
	never_known = 0;
	ok(a.how == VS_CALL_FAILED && b.how == VS_CALL_FAILED && a.err.code == VS_ERR_UNREACHABLE,
		"not known in the next session either");
	is(a.err.fault, "NotAuthenticated", "... is the answer");
	ok(logins == 2, "... after one more Login");
	post(vc, &a, false);
	settle();
	ok(a.how == VS_CALL_FAILED && logins == 2, "... and never another one");
	vs_vc_close(vc);

	vc = open_vc();
	post(vc, &a, false);
	settle();
	logins = 2;
	post(vc, &a, false);
	vs_vc_leave(vc);
	session++;
	settle();
	ok(a.how == VS_CALL_FAULT && logins == 2, "no Login when the run is over");
	vs_loop_until(loop, has_left, vc, NULL, vs_now() + 20000);
	vs_vc_close(vc);
}

/* An answer of the old session comes after the Login. */
static void
late_cookie(void)
{
	struct vs_vc *vc = open_vc();
	struct end a, b, c;

	post(vc, &a, false);
	post(vc, &b, false);
	settle();
	session++;
	dead_cookies = 2;
	post(vc, &a, false);
	post(vc, &b, false);
	settle();
	post(vc, &c, false);
	settle();
	ok(dead_cookies == 0 && a.how == VS_CALL_REPLY && b.how == VS_CALL_REPLY
			&& c.how == VS_CALL_REPLY,
		"a late cookie of the old session does not replace the new one");
	ok(logins == 2, "... one Login");
	close_vc(vc);
}

static void
no_session(void)
{
	struct vs_vc *vc = open_vc();
	struct vs_err err = { 0 };
	struct end a, b, c;

	no_login = 1;
	post(vc, &a, false);
	post(vc, &b, false);
	a.kill = post(vc, &c, false);
	settle();
	ok(a.how == VS_CALL_FAILED && a.err.code == VS_ERR_UNREACHABLE && b.how == VS_CALL_FAILED,
		"a refused login ends all calls");
	ok(!c.ended, "... but that which was aborted by another's end");
	is(a.err.msg,
		"login as 'u' at 127.0.0.1 refused: user name or password is wrong: no [InvalidLogin]",
		"... and says why");
	post(vc, &a, false);
	ok(!a.ended, "a later one does not end while it is sent");
	settle();
	ok(a.how == VS_CALL_FAILED && logins == 1, "... but soon, without a Login");
	ok(vs_vc_wait(vc, &err) < 0 && err.code == VS_ERR_UNREACHABLE, "waiting for the session");
	no_login = 0;
	vs_vc_close(vc);

	vc = open_vc();
	post(vc, &a, false);
	vs_vc_close(vc);
	ok(!a.ended, "closed with a call in the queue");
	open_calls = 0;

	vc = open_vc();
	vc->wire.cancelled = true;
	ok(vs_vc_wait(vc, &err) < 0, "cancelled");
	is(err.msg, "interrupted", "... says so");
	vs_vc_close(vc);
}

static void
path_is(const struct vs_place *p, const char *want, const char *what)
{
	VS_FREE char *path = vs_place_path(p);

	is(path, want, what);
}

static void
odd_places(void)
{
	struct vs_vc *vc = open_vc();
	struct vs_err err = { 0 };
	struct vs_inv *inv = vs_inv_read(vc, VS_PLACE_FOLDER, &err);
	VS_BUF_FREE struct vs_buf want = VS_BUF_INIT;
	const struct vs_place *p, *x, *y, *z;

	if (!ok(inv != NULL, "an inventory")) {
		printf("# %s\n", err.msg);
		return;
	}
	vs_buf_str(&want, "/A/vm");
	for (int i = 1; i <= 300; i++)
		vs_buf_fmt(&want, "/n%d", i);
	p = vs_inv_by_ref(inv, "Folder:f300");
	path_is(p, want.s, "300 folders deep");
	ok(p->kind == VS_PLACE_FOLDER && p->datacenter == vs_inv_by_ref(inv, "Datacenter:dc"),
		"... in the datacenter's VM folder");
	ok(vs_inv_at(inv, want.s) == p && vs_place_below(p, p->datacenter),
		"... found by its path");
	x = vs_inv_by_ref(inv, "Folder:x");
	y = vs_inv_by_ref(inv, "Folder:y");
	z = vs_inv_by_ref(inv, "Folder:z");
	path_is(y, "/y", "folders that contain each other: one is at the top");
	path_is(x, "/y/x", "... the other below it");
	ok(x->kind == VS_PLACE_OTHER, "... and in no datacenter");
	path_is(z, "/z", "a folder that contains itself");
	ok(vs_inv_by_ref(inv, "Folder:e") == NULL, "one without a name is ignored");
	vs_inv_free(inv);
	close_vc(vc);
}

int
main(void)
{
	struct cert cert = make_cert("lab", "IP:127.0.0.1", NULL, 1);
	struct server s;
	struct vs_err err;
	char url[64];

	setenv("no_proxy", "*", 1);
	start_server(&s, &cert);
	snprintf(url, sizeof url, "https://127.0.0.1:%d/sdk", s.port);
	conn = (struct vs_conn){ .url = url,
		.host = (char *)"127.0.0.1",
		.port = s.port,
		.user = (char *)"u",
		.password = (char *)"p",
		.insecure = true,
		.connect_ms = 10000 };
	loop = vs_loop_new(&err);
	one_login();
	not_known_twice();
	late_cookie();
	no_session();
	odd_places();
	vs_loop_free(loop);
	stop_server(&s);
	free_cert(&cert);
	return done();
}
