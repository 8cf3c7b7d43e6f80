/* SPDX-License-Identifier: Apache-2.0 */
/* vm/guest: which address of a guest counts; vim/fault: what a fault says */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tap.h"
#include "text/xml.h"
#include "vim/fault.h"
#include "vm/guest.h"

#define NET(inside) "<val>" inside "</val>"
#define NIC(id, addresses) \
	"<GuestNicInfo>" addresses "<deviceConfigId>" id "</deviceConfigId></GuestNicInfo>"
#define OLD(a) "<ipAddress>" a "</ipAddress>"
#define NEW(a) "<ipConfig><ipAddress><ipAddress>" a "</ipAddress></ipAddress></ipConfig>"

static void
address(const char *xml, bool v6, const char *want)
{
	struct vs_xp *xp = vs_xp_new(NULL, NULL, NULL);
	struct vs_err err;
	struct vs_node *root = NULL;
	const char *got = NULL;

	if (vs_xp_feed(xp, xml, strlen(xml), &err) == 0)
		root = vs_xp_end(xp, &err);
	if (root)
		got = vs_guest_address(root, v6);
	if (!ok(root && (want ? got && strcmp(got, want) == 0 : got == NULL), want ? want : "none"))
		printf("# %s: %s\n", xml, got ? got : "none");
	vs_xp_free(xp);
}

static void
addresses(void)
{
	address(NET(NIC("4000", NEW("10.0.0.1"))), false, "10.0.0.1");
	address(NET(NIC("4000", OLD("10.0.0.1"))), false, "10.0.0.1");
	address(NET(NIC("4000", NEW("169.254.1.2") "")), false, NULL);
	address(NET(NIC("4000", NEW("169.255.1.2"))), false, "169.255.1.2");
	address(NET(NIC("4000", NEW("127.0.0.1"))), false, NULL);
	address(NET(NIC("4000", NEW("0.0.0.0"))), false, NULL);
	address(NET(NIC("4000", NEW("fe80::1"))), true, NULL);
	address(NET(NIC("4000", NEW("::1"))), true, NULL);
	address(NET(NIC("4000", NEW("fd00::1"))), true, "fd00::1");
	address(NET(NIC("4000", NEW("fd00::1"))), false, NULL);
	address(NET(NIC("4000", NEW("10.0.0.1"))), true, NULL);
	/* a bridge in the guest has no card of the VM */
	address(NET(NIC("-1", NEW("172.17.0.1")) NIC("4000", NEW("10.0.0.1"))), false, "10.0.0.1");
	address(NET("<GuestNicInfo>" NEW("172.17.0.1") "</GuestNicInfo>"), false, NULL);
	address(NET(NIC("4000", OLD("169.254.1.2") OLD("10.0.0.1"))), false, "10.0.0.1");
}

static void
fault(const char *xml, const char *want)
{
	struct vs_xp *xp = vs_xp_new(NULL, NULL, NULL);
	struct vs_err err = { 0 };
	struct vs_node *root = NULL;

	if (vs_xp_feed(xp, xml, strlen(xml), &err) == 0)
		root = vs_xp_end(xp, &err);
	if (root)
		vs_fault_err(root, NULL, &err);
	is(err.msg, want, "what a fault says");
	vs_xp_free(xp);
}

static void
faults(void)
{
	fault("<NoPermission><object>vm-1</object><privilegeId>System.Read</privilegeId></NoPermission>",
		"permission denied (privilegeId System.Read, object vm-1) [NoPermission]");
	fault("<TaskInProgress/>", "another task is working on it [TaskInProgress]");
	fault("<InvalidArgument><invalidProperty>spec</invalidProperty></InvalidArgument>",
		"vCenter rejects an argument (invalidProperty spec) [InvalidArgument]");
}

int
main(void)
{
	addresses();
	faults();
	return done();
}
