/* SPDX-License-Identifier: Apache-2.0 */
/* to_butane.h - translates Ignition back to Butane.  Floor 4. */
#ifndef VS_BUTANE_TO_BUTANE_H
#define VS_BUTANE_TO_BUTANE_H

#include "base/buf.h"
#include "doc/report.h"

/* Append to yaml a document of the flatcar variant that makes the same Ignition config,
 * once data URLs are decoded.  Text in data URLs becomes 'inline', modes become octal,
 * null and empty objects and lists are dropped.
 *
 * Butane makes only three versions of Ignition; a warning says if the version changes.
 * -1: reported, nothing was appended; a key that is unknown in the version of the
 * config is an error here.  file: its name for messages, borrowed. */
int vs_to_butane(
	const char *json, size_t n, const char *file, struct vs_report *r, struct vs_buf *yaml);

#endif
