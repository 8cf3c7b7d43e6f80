/* SPDX-License-Identifier: Apache-2.0 */
/* What a server says of a VM's hardware: vm/device. */
#include <stdint.h>

#include "base/mem.h"
#include "tap.h"
#include "vm/device.h"

/* The size of the one disk of a VM whose hardware is this; -1: there is none. */
static int64_t
size_of(const char *inner)
{
	VS_FREE char *xml = vs_printf(
		"<val xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><VirtualDevice xsi:type=\"VirtualDisk\">%s</VirtualDevice></val>",
		inner);
	struct vs_xp *xp = vs_xp_new(NULL, NULL, NULL);
	VS_DEVICES_FREE struct vs_devices d = { 0 };
	struct vs_err err;
	int64_t bytes;

	vs_xp_feed(xp, xml, strlen(xml), &err);
	vs_devices_read(vs_xp_end(xp, &err), &d);
	bytes = d.n_disks ? d.disks[0].bytes : -1;
	vs_xp_free(xp);
	return bytes;
}

#define KEY "<key>2000</key>"

int
main(void)
{
	ok(size_of(KEY "<capacityInKB>8</capacityInKB><capacityInBytes>8000</capacityInBytes>")
			== 8000,
		"the size in bytes");
	ok(size_of(KEY "<capacityInKB>8</capacityInKB>") == 8192, "... from that in KiB");
	ok(size_of(KEY "<capacityInKB>9223372036854775807</capacityInKB>") == INT64_MAX,
		"... that is too large");
	ok(size_of(KEY "<capacityInKB>-8</capacityInKB>") == 0
			&& size_of(KEY "<capacityInKB>x</capacityInKB>") == 0 && size_of(KEY) == 0,
		"... that is not one");
	ok(size_of("<capacityInKB>8</capacityInKB>") == -1, "a disk without a key is ignored");
	return done();
}
