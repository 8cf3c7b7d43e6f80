/* SPDX-License-Identifier: Apache-2.0 */
/* vmkeys.h - the keys that make a VM a worker: set, compared, cleared.  Floor 4.
 *
 * Beside what Ignition reads stand facts about it that are no secret, so that
 * a second run can tell what the first one sent, even when Ignition or
 * --clear-ignition has taken the config itself away. */
#ifndef VS_GUESTINFO_VMKEYS_H
#define VS_GUESTINFO_VMKEYS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/kv.h"

#define VS_KEY_HOSTNAME "guestinfo.hostname"
#define VS_KEY_DIGEST	"guestinfo.vsutils.ignition-sha256"
#define VS_KEY_SERVER	"guestinfo.vsutils.server"
#define VS_KEY_ID	"vsutils.id"

/* The Ignition file ("-": stdin) as keys: data, encoding, digest, server.
 * VS_ERR_USAGE: no Ignition, or too large; a warning when it is large. */
int vs_vmkeys_load(const char *path, struct vs_kvs *to, struct vs_err *err);

/* Take the config, but not the facts about it, out of a VM. */
void vs_vmkeys_clear(struct vs_kvs *to);

enum vs_vmkeys {
	VS_VMKEYS_NEW,	  /* another config, or none: it is to be sent */
	VS_VMKEYS_SAME,	  /* this very config was sent before */
	VS_VMKEYS_BOOTED, /* another one, and it has done its work already */
};

/* What is in the VM against what is wanted.  on: the VM is running. */
enum vs_vmkeys vs_vmkeys_compare(const struct vs_kvs *want, const struct vs_kvs *have, bool on);

/* Has Ignition run in there?  It leaves "{}" behind; and vs_vmkeys_clear, which
 * is for after that, leaves the digest. */
bool vs_vmkeys_booted(const struct vs_kvs *have);

/* A key that vs_vmkeys_load sets. */
bool vs_vmkeys_of_ignition(const char *key);

/* A key that a clone must not have from its template. */
bool vs_vmkeys_per_vm(const char *key);

/* A name that a Kubernetes node can have: an RFC 1123 label. */
bool vs_hostname_good(const char *s);

#endif
