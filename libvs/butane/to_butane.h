/* SPDX-License-Identifier: Apache-2.0 */
/* to_butane.h - the way back, from Ignition to Butane.  Floor 4. */
#ifndef VS_BUTANE_TO_BUTANE_H
#define VS_BUTANE_TO_BUTANE_H

#include "base/buf.h"
#include "doc/report.h"

/* A document of the flatcar variant that makes the same Ignition config again,
 * once data URLs are decoded; appended to yaml.  Texts that came as data URLs
 * are 'inline', modes are octal, what said nothing (null, an empty object or
 * list) is gone.
 *
 * Butane makes three versions of Ignition only: when another one comes of it
 * than the config has, that is a warning.  -1: the report says why, also of a
 * key that Ignition does not know in this version, which is an error here;
 * nothing is appended.  file is for messages, and borrowed. */
int vs_to_butane(
	const char *json, size_t n, const char *file, struct vs_report *r, struct vs_buf *yaml);

#endif
