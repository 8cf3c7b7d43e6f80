/* SPDX-License-Identifier: Apache-2.0 */
/* encoding.h - the encoding of a config in guestinfo.  Floor 4.
 *
 * Ignition decodes what the key beside the data says, no more and no less
 * (coreos/ignition, internal/providers/vmware/vmware.go).  Here the encoding is
 * recognized from the data, so that a message can name the one to set, and the
 * config can be checked anyway.  No finding quotes data: it holds the join token. */
#ifndef VS_GUESTINFO_ENCODING_H
#define VS_GUESTINFO_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "doc/report.h"

struct vs_encoded {
	const char *data;
	size_t n;
	const char *key;      /* "guestinfo....data"; NULL: a file, for which no
			       * encoding is set */
	const char *encoding; /* value of KEY.encoding; NULL: not set */
	const char *file;     /* name for findings, which borrow it */
};

/* Decode w, whatever its encoding, and append the config to text.  *form becomes
 * "" (plain), "base64", "gzip", "gzip+base64", or "layers" if there is no such
 * encoding.  Everything that Ignition would decode otherwise is a finding, at KEY
 * or KEY.encoding (for a file: without a path).  -1: it cannot be decoded, which
 * is a finding, too. */
int vs_encoding_unwrap(
	const struct vs_encoded *w, struct vs_buf *text, const char **form, struct vs_report *r);

/* Do the n bytes start like a config, rather than a list of VMs?  It may be plain,
 * encoded, or lines "guestinfo.KEY=VALUE".  A record in JSON is not a config. */
bool vs_encoding_is_config(const char *s, size_t n);

#endif
