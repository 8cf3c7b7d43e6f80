/* SPDX-License-Identifier: Apache-2.0 */
/* encoding.h - what a config is wrapped in, on its way through guestinfo.  Floor 4.
 *
 * Ignition undoes what the key beside the data says, no more and no less
 * (coreos/ignition, internal/providers/vmware/vmware.go).  Here the layers that
 * are really there are found, so that a message can name the word that is wrong,
 * and what is within can be looked at all the same.  Nothing of the data is
 * quoted: it holds the join token. */
#ifndef VS_GUESTINFO_ENCODING_H
#define VS_GUESTINFO_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "doc/report.h"

struct vs_encoded {
	const char *data;
	size_t n;
	const char *key;      /* where the data stands, "guestinfo....data"; NULL: in
				 * a file, of which nothing says how it is encoded */
	const char *encoding; /* what KEY.encoding says; NULL: there is no such key */
	const char *file;     /* for findings; borrowed */
};

/* What is within, appended to text, by whatever layers there are: form becomes
 * "" (none), "base64", "gzip", "gzip+base64", or "layers" when no Ignition would
 * undo them.  Findings, at KEY or KEY.encoding (at no path, of a file), for all
 * that Ignition would not undo as it is meant.  -1: it could not be undone, and
 * a finding says so. */
int vs_encoding_unwrap(
	const struct vs_encoded *w, struct vs_buf *text, const char **form, struct vs_report *r);

/* By its beginning: is this a config rather than a list of VMs?  Plain, encoded,
 * or the lines "guestinfo.KEY=VALUE".  A record in JSON is none. */
bool vs_encoding_is_config(const char *s, size_t n);

#endif
