/* SPDX-License-Identifier: Apache-2.0 */
/* vmkeys.h - the extraConfig keys that make a VM a worker.  Floor 4.
 *
 * Beside the keys that Ignition reads there are facts about the config that are
 * not secret: they tell a second run what was sent, even after Ignition or
 * --clear-ignition has removed the config itself. */
#ifndef VS_GUESTINFO_VMKEYS_H
#define VS_GUESTINFO_VMKEYS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/kv.h"

#define VS_KEY_HOSTNAME "guestinfo.hostname"
#define VS_KEY_DIGEST	"guestinfo.vsutils.ignition-sha256"
#define VS_KEY_SERVER	"guestinfo.vsutils.server"
#define VS_KEY_ID	"vsutils.id"

/* Set the keys for an Ignition file ("-": stdin): data, encoding, digest, server.
 * Warns if it is large.  -1, VS_ERR_USAGE: not an Ignition config, or too large. */
int vs_vmkeys_load(const char *path, struct vs_kvs *to, struct vs_err *err);

/* Set the keys that remove the config from a VM, but keep the facts about it. */
void vs_vmkeys_clear(struct vs_kvs *to);

enum vs_vmkeys {
	VS_VMKEYS_NEW,	  /* the VM has no config or another one: send it */
	VS_VMKEYS_SAME,	  /* this config was sent before */
	VS_VMKEYS_BOOTED, /* another one was sent and is used up */
};

/* Compare the keys that are wanted with those that the VM has.  on: it is running. */
enum vs_vmkeys vs_vmkeys_compare(const struct vs_kvs *want, const struct vs_kvs *have, bool on);

/* Has Ignition run in the VM?  It leaves VS_IGN_BOOTED behind; and vs_vmkeys_clear,
 * which is for use after that, leaves the digest. */
bool vs_vmkeys_booted(const struct vs_kvs *have);

/* Is it a key that vs_vmkeys_load sets? */
bool vs_vmkeys_is_ignition(const char *key);

/* Is it a key that a clone must not inherit from its template? */
bool vs_vmkeys_per_vm(const char *key);

/* Is it a valid name for a Kubernetes node: an RFC 1123 label? */
bool vs_vmkeys_hostname_valid(const char *s);

#endif
