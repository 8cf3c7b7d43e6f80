/* SPDX-License-Identifier: Apache-2.0 */
/* Replies that are cut, sessions that end, deadlines that have passed. */
#include <limits.h>

#include "base/num.h"
#include "tap.h"
#include "text/xml.h"
#include "vim/fault.h"
#include "vim/trace.h"

static void
traced(const char *reply, const char *want, const char *name)
{
	struct vs_buf b = VS_BUF_INIT;

	vs_trace_reply(reply, strlen(reply), &b);
	is(b.s, want, name);
	vs_buf_free(&b);
}

#define VALUE "<value xsi:type=\"xsd:string\">"

static void
traces(void)
{
	traced("<OptionValue><key>guestinfo.a</key>" VALUE
	       "s</value></OptionValue><OptionValue><key>GuestInfo.b</key>" VALUE
	       "t</value></OptionValue><OptionValue><key>my.own</key>\n\t" VALUE
	       "u</value></OptionValue>",
		"<OptionValue><key>guestinfo.a</key>" VALUE
		"***</value></OptionValue><OptionValue><key>GuestInfo.b</key>" VALUE
		"***</value></OptionValue><OptionValue><key>my.own</key>\n\t" VALUE
		"***</value></OptionValue>",
		"the value of every key is blanked");
	traced("<VirtualDisk><key>2000</key><deviceInfo/><value>v</value></VirtualDisk>",
		"<VirtualDisk><key>2000</key><deviceInfo/><value>v</value></VirtualDisk>",
		"the key of a device has no secret value");
	traced("<n:key>a</n:key ><!-- <x> --><n:value a=\"/>\"><v>s</v><value/></n:value>t",
		"<n:key>a</n:key ><!-- <x> --><n:value a=\"/>\">***</n:value>t",
		"a prefix, a comment, a '>' in an attribute, elements in the value");
	traced("<key/><value><![CDATA[</value>s]]></value>", "<key/><value>***</value>",
		"an end tag in a CDATA section");
	traced("<key>a</key><value/><key>b</key><value>s</value>",
		"<key>a</key><value/><key>b</key><value>***</value>",
		"an empty value does not expose the next");
	traced("<key>a</key>" VALUE "secr", "<key>a</key>" VALUE "***",
		"cut inside a value: nothing is shown");
	traced("<key>a</key><value xsi:ty", "<key>a</key><value xsi:ty", "cut before the value");
	traced("<name>config.extraConfig[\"guestinfo.x\"].value</name><val xsi:type=\"xsd:string\">s</val><name>name</name><val>vm</val>",
		"<name>config.extraConfig[\"guestinfo.x\"].value</name><val xsi:type=\"xsd:string\">***</val><name>name</name><val>vm</val>",
		"a key that is a property of its own");
	traced("<name>config.extraConfig[\"x\"]</name><op>assign</op><val xsi:type=\"OptionValue\"><key>x</key><value>s</value></val><k/>",
		"<name>config.extraConfig[\"x\"]</name><op>assign</op><val xsi:type=\"OptionValue\">***</val><k/>",
		"... as an OptionValue in a change");
	traced("<r><name>n</name><val>x</val></r>", "<r><name>n</name><val>x</val></r>",
		"all else is kept");
}

static void
found(const char *xml, bool want, const char *name)
{
	struct vs_xp *p = vs_xp_new(NULL, NULL, NULL);
	struct vs_err err;
	struct vs_node *root = NULL;

	if (vs_xp_feed(p, xml, strlen(xml), &err) == 0)
		root = vs_xp_end(p, &err);
	ok(root && vs_fault_in_answer(root->child) == want, name);
	vs_xp_free(p);
}

#define XSI "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
#define MISSING(fault) \
	"<missingSet><path>name</path><fault><fault xsi:type=\"" fault "\"/></fault></missingSet>"

static void
sessions(void)
{
	found("<R " XSI
	      "><returnval><objects>" MISSING("NotAuthenticated") "</objects></returnval></R>",
		true, "NotAuthenticated of a read");
	found("<R " XSI "><returnval><filterSet><objectSet>" MISSING(
		      "NotAuthenticated") "</objectSet></filterSet></returnval></R>",
		true, "... of a poll");
	found("<R " XSI "><returnval><filterSet><objectSet>" MISSING(
		      "NoPermission") "</objectSet></filterSet></returnval></R>",
		false, "another fault of a poll");
	found("<R " XSI
	      "><returnval><filterSet><objectSet><changeSet><name>info.error</name><val><fault xsi:type=\"NotAuthenticated\"/></val></changeSet></objectSet></filterSet></returnval></R>",
		false, "a task's error is the task's");
}

int
main(void)
{
	int soon;

	traces();
	sessions();
	ok(vs_ms_until(vs_now() - 1) == 0, "a time that has just passed: 0, not forever");
	ok(vs_ms_until(0) == 0, "... long ago");
	ok(vs_ms_until(INT64_MAX) == -1, "never: forever");
	ok(vs_ms_until(INT64_MAX - 1) == INT_MAX, "far away: as much as fits");
	soon = vs_ms_until(vs_now() + 5000);
	ok(soon > 0 && soon <= 5000, "5 s from now");
	return done();
}
