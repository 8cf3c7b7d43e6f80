/* SPDX-License-Identifier: Apache-2.0 */
/* unit.h - can Ignition parse a systemd unit.  Floor 3.
 *
 * It uses coreos/go-systemd, unit/deserialize.go; what that refuses stops the boot. */
#ifndef VS_IGN_UNIT_H
#define VS_IGN_UNIT_H

#include <stdbool.h>
#include <stddef.h>

enum { VS_UNIT_LINE = 2048 }; /* bytes of a line that systemd reads */

/* Why the parser refuses the text of a unit, a literal; NULL: it does not. */
const char *vs_unit_flaw(const char *s, size_t n);

/* True if the section has any option.  The text must have no flaw. */
bool vs_unit_has(const char *s, size_t n, const char *section);

#endif
