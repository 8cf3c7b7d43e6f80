/* SPDX-License-Identifier: Apache-2.0 */
/* guestinfo.h - an Ignition config on its way into a VM, and back.  Floor 4.
 *
 * Ignition reads it from two guestinfo keys; always set both, for a missing
 * encoding is taken from the OVF environment (coreos/ignition,
 * internal/providers/vmware/vmware_amd64.go).  None of the errors here quote
 * the config: it holds the join token. */
#ifndef VS_GUESTINFO_GUESTINFO_H
#define VS_GUESTINFO_GUESTINFO_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

#define VS_IGN_DATA	"guestinfo.ignition.config.data"
#define VS_IGN_ENCODING "guestinfo.ignition.config.data.encoding"
#define VS_IGN_GZIP	"gzip+base64" /* the encoding that vs_guestinfo_pack makes */

/* After a first boot Ignition puts "{}" in base64 there, to keep the secrets. */
#define VS_IGN_BOOTED "e30K"

enum {
	VS_GUESTINFO_WARN = 64 << 10, /* bytes of data that some setups do not take */
	VS_GUESTINFO_MAX = 900 << 10, /* near ESXi's 1 MiB for all of a VM */
};

/* The config as it goes into VS_IGN_DATA, appended; equal configs give equal
 * data.  VS_ERR_USAGE: no JSON, or no config that an Ignition of Flatcar reads
 * (ignition.version 2.x or 3.x); Butane is told apart, with a hint. */
int vs_guestinfo_pack(const char *json, size_t n, struct vs_buf *data, struct vs_err *err);

/* What a config says of itself; nothing secret.  Own what they point to. */
struct vs_guestinfo_facts {
	char *version; /* "3.4.0" */
	char *server;  /* of /etc/rancher/rke2/config.yaml; NULL: not found */
};

#define VS_IGN_FACTS_FREE __attribute__((cleanup(vs_guestinfo_facts_free)))

/* As vs_guestinfo_pack fails; a config without a server is no error.  f is { 0 }
 * before, and after an error. */
int vs_guestinfo_facts(
	const char *json, size_t n, struct vs_guestinfo_facts *f, struct vs_err *err);
void vs_guestinfo_facts_free(struct vs_guestinfo_facts *f);

#endif
