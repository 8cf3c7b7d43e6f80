/* SPDX-License-Identifier: Apache-2.0 */
/* unit.h - a unit file's text, as the parser that Ignition uses reads it.  Floor 3.
 *
 * coreos/go-systemd, unit/deserialize.go: what it refuses stops the boot. */
#ifndef VS_IGN_UNIT_H
#define VS_IGN_UNIT_H

#include <stdbool.h>
#include <stddef.h>

enum { VS_UNIT_LINE = 2048 }; /* bytes that systemd takes of a line */

/* NULL, or why that parser refuses it; a literal. */
const char *vs_unit_flaw(const char *s, size_t n);

/* Has such a section anything in it, in a text without a flaw? */
bool vs_unit_has(const char *s, size_t n, const char *section);

#endif
