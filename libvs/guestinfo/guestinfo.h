/* SPDX-License-Identifier: Apache-2.0 */
/* guestinfo.h - an Ignition config in the guestinfo keys of a VM.  Floor 4.
 *
 * Ignition reads it from two keys.  Both must be set: Ignition takes a missing
 * encoding from the OVF environment (coreos/ignition,
 * internal/providers/vmware/vmware_amd64.go).  No error quotes the config: it
 * holds the join token. */
#ifndef VS_GUESTINFO_GUESTINFO_H
#define VS_GUESTINFO_GUESTINFO_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

#define VS_IGN_DATA	"guestinfo.ignition.config.data"
#define VS_IGN_ENCODING "guestinfo.ignition.config.data.encoding"
#define VS_IGN_GZIP	"gzip+base64" /* the encoding that vs_guestinfo_pack makes */

/* "{}" in base64: Ignition replaces the data by it after the first boot, so that no
 * secrets stay. */
#define VS_IGN_BOOTED "e30K"

enum {
	VS_GUESTINFO_WARN = 64 << 10, /* bytes of data that every ESXi accepts */
	VS_GUESTINFO_MAX = 900 << 10, /* ESXi: 1 MiB for all keys of a VM */
	VS_GUESTINFO_WORDS = 160,
};

enum vs_guestinfo_size {
	VS_GUESTINFO_SIZE_OK,
	VS_GUESTINFO_SIZE_LARGE,
	VS_GUESTINFO_SIZE_TOO_LARGE
};

/* Does a VM accept n bytes of encoded data?  LARGE: some do not.  If it does not
 * size, words says how large it is, and what to do. */
enum vs_guestinfo_size vs_guestinfo_size(size_t n, char words[VS_GUESTINFO_WORDS]);

/* Append the config as VS_IGN_DATA takes it; equal configs give equal data.  -1,
 * VS_ERR_USAGE: not JSON, or without an ignition.version that Flatcar reads (2.x
 * or 3.x); for Butane the message says what to do. */
int vs_guestinfo_pack(const char *json, size_t n, struct vs_buf *data, struct vs_err *err);

/* Facts about a config that are not secret. */
struct vs_guestinfo_facts {
	char *version; /* "3.4.0" */
	char *server;  /* in /etc/rancher/rke2/config.yaml; NULL: not found */
};

#define VS_GUESTINFO_FACTS_FREE __attribute__((cleanup(vs_guestinfo_facts_free)))

/* Fill f, which is { 0 } before, and after an error.  -1: as vs_guestinfo_pack; a
 * config without a server is not an error.  The caller frees f. */
int vs_guestinfo_facts(
	const char *json, size_t n, struct vs_guestinfo_facts *f, struct vs_err *err);
void vs_guestinfo_facts_free(struct vs_guestinfo_facts *f);

#endif
