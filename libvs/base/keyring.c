/* SPDX-License-Identifier: Apache-2.0 */
/* The keyring that outlives logins (persistent-keyring(7)), or else the user's.  What is
 * in it is never on a disk, and is gone after a reboot.  System calls, since libkeyutils
 * is one library more for four of them. */
#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/keyring.h"

enum {
	KEYRING_TIMEOUT = 24 * 3600, /* seconds */
	/* any process of this user may use it, whatever its session keyring is */
	KEYRING_ACCESS = 0x3f3f0000, /* KEY_POS_ALL | KEY_USR_ALL */
};

static long
keyring_find(void)
{
	long ring = syscall(SYS_keyctl, KEYCTL_GET_PERSISTENT, -1, KEY_SPEC_PROCESS_KEYRING);

	return ring < 0 ? KEY_SPEC_USER_KEYRING : ring;
}

bool
vs_keyring_get(const char *name, void *to, size_t n)
{
	long key = syscall(SYS_keyctl, KEYCTL_SEARCH, keyring_find(), "user", name, 0);

	if (key < 0 || syscall(SYS_keyctl, KEYCTL_READ, key, to, n) != (long)n)
		return false;
	syscall(SYS_keyctl, KEYCTL_SET_TIMEOUT, key, KEYRING_TIMEOUT);
	return true;
}

bool
vs_keyring_put(const char *name, const void *p, size_t n)
{
	long key = syscall(SYS_add_key, "user", name, p, n, keyring_find());

	if (key < 0)
		return false;
	syscall(SYS_keyctl, KEYCTL_SET_TIMEOUT, key, KEYRING_TIMEOUT);
	return syscall(SYS_keyctl, KEYCTL_SETPERM, key, KEYRING_ACCESS) == 0;
}
